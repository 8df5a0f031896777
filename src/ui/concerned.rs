//! The nodes that a broken rule is about.

use faultline_sim::frame::Frame;
use faultline_sim::process::NodeId;

use crate::text::broken;

/// The nodes that the newest broken rule is about, by number: whose record broke it, and whom its
/// reason names. Empty while all rules hold.
#[must_use]
pub fn concerned(frame: &Frame) -> Vec<NodeId> {
    match broken::broken(&frame.verdicts).first() {
        None => Vec::new(),
        Some(newest) => about(frame, newest),
    }
}

#[inline(never)]
fn about(frame: &Frame, newest: &broken::Broken<'_>) -> Vec<NodeId> {
    let named = named(newest.reason);
    let ids = frame.nodes.iter().map(|node| node.id);
    ids.filter(|id| newest.node == Some(*id) || named.contains(id))
        .collect()
}

/// The nodes that a text names: "n3", "node 3", "node3" or "nodes 1, 2 and 3".
fn named(text: &str) -> Vec<NodeId> {
    let mut found = Vec::new();
    // After "node" or "nodes", numbers are nodes until another word comes.
    let mut listing = false;
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    for word in words.filter(|word| !word.is_empty()) {
        let word = word.to_ascii_lowercase();
        let number = match word.strip_prefix("node").or_else(|| word.strip_prefix('n')) {
            Some(number) => number,
            None if listing => &word,
            None => "",
        };
        match number.parse() {
            Ok(number) => found.push(NodeId(number)),
            Err(_) => listing = matches!(&*word, "node" | "nodes") || listing && word == "and",
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use faultline_protocols::CATALOGUE;
    use faultline_sim::command::Command;
    use faultline_sim::descriptor::Recipe;
    use faultline_sim::fault::Fault;
    use faultline_sim::time::Time;
    use faultline_sim::timeline::Target;

    use super::*;
    use crate::engine::Engine;

    fn numbers(text: &str) -> Vec<u32> {
        named(text).iter().map(|id| id.0).collect()
    }

    #[test]
    fn nodes_are_found_in_words() {
        assert_eq!(numbers("n1 and n3 both lead in term 2"), [1, 3]);
        assert_eq!(
            numbers("Two leaders in term 1: nodes 1, 2 and 13."),
            [1, 2, 13]
        );
        assert_eq!(numbers("on the ring of node2, node3 has 4 points"), [2, 3]);
        assert_eq!(numbers("node 4 lost x = 7, and 5 others"), [4]);
        assert_eq!(numbers("At index 3, n2 applied x of term 1"), [2]);
        assert!(numbers("the banks hold 90 together, no 3, nodes").is_empty());
    }

    /// Every preset that breaks a rule by design, under a split: whoever is marked is on the stage,
    /// nobody is marked before a rule breaks, and going back takes the marks away.
    #[test]
    fn marks_come_with_the_broken_rule_and_go_with_it() {
        let mut broke = 0;
        for protocol in CATALOGUE.0 {
            for scenario in protocol.scenarios {
                let recipe = Recipe::new(&format!("{}/{}", protocol.id, scenario.id), 1);
                let mut run = Engine::open(&recipe, Some(Time::ZERO)).expect("it opens");
                let ids: Vec<NodeId> = run.frame().nodes.iter().map(|node| node.id).collect();
                let (one, other) = ids.split_at(ids.len() / 2);
                let parted = Fault::Partition(vec![one.to_vec(), other.to_vec()]);
                run.go(Target::Time(Time(2_000_000)));
                let _ = run.apply(Command::Fault(parted));
                run.go(Target::Time(Time(12_000_000)));
                let frame = run.frame();
                let Some(newest) = broken::broken(&frame.verdicts).first().copied() else {
                    assert!(concerned(&frame).is_empty());
                    continue;
                };
                broke += 1;
                let marked = concerned(&frame);
                let here = frame.nodes.iter().map(|node| node.id);
                let ids: Vec<NodeId> = here.collect();
                assert!(marked.iter().all(|id| ids.contains(id)), "{recipe:?}");
                assert!(
                    newest
                        .node
                        .is_none_or(|id| marked.contains(&id) || !ids.contains(&id)),
                    "{recipe:?}"
                );
                run.go(Target::Record(newest.seq));
                run.step(-1);
                let before = run.frame();
                let still = broken::broken(&before.verdicts);
                assert!(
                    still.iter().all(|one| one.name != newest.name),
                    "{recipe:?}"
                );
            }
        }
        assert!(broke > 0, "no rule broke anywhere");
    }
}
