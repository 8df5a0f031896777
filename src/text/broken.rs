//! Words for a rule of the run that has broken.

use faultline_sim::frame::{Light, VerdictFrame};
use faultline_sim::invariant::Expectation;
use faultline_sim::process::NodeId;
use faultline_sim::time::Time;

use super::capital;
use super::records::spelled;

/// What the button of the banner does.
pub const SHOW: &str = "Show me when";
pub const DISMISS: &str = "Hide this broken rule";

/// An `Always` law that is broken at the present instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken<'f> {
    /// The law's word.
    pub name: &'static str,
    /// The law as a sentence.
    pub title: &'static str,
    /// What the algorithm is known not to bear.
    pub under: Option<&'static str>,
    /// How it broke, in the protocol's words.
    pub reason: &'f str,
    pub at: Time,
    /// The record that broke it, and whose it is.
    pub seq: u64,
    pub node: Option<NodeId>,
}

/// The broken laws, the newest first. A law that must only be true in the end is never among them.
#[must_use]
pub fn broken(verdicts: &[VerdictFrame]) -> Vec<Broken<'_>> {
    let mut all: Vec<Broken<'_>> = Vec::new();
    for one in verdicts.iter().filter_map(broken_one) {
        let place = all.partition_point(|other| other.seq >= one.seq);
        all.insert(place, one);
    }
    all
}

fn broken_one(verdict: &VerdictFrame) -> Option<Broken<'_>> {
    match &verdict.light {
        Light::Broken {
            reason,
            at,
            seq,
            node,
        } if verdict.kind == Expectation::Always => Some(Broken {
            name: verdict.name,
            title: verdict.title,
            under: verdict.breaks_under,
            reason,
            at: *at,
            seq: *seq,
            node: *node,
        }),
        _ => None,
    }
}

/// How a law broke, as one sentence: "Nodes 1 and 3 both lead in term 1."
#[must_use]
pub fn sentence(reason: &str) -> String {
    let words = in_pairs(&spelled(reason));
    let words = words.trim_end().trim_end_matches('.');
    format!("{}.", capital(words))
}

/// "node 1 and node 3" becomes "nodes 1 and 3".
fn in_pairs(text: &str) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    let is_number = |word: &str| {
        let number = word.trim_end_matches(['.', ',', ';', ':']);
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    };
    let mut joined: Vec<&str> = Vec::new();
    let mut rest = words.as_slice();
    while let [first, after @ ..] = rest {
        rest = match (*first, after) {
            ("node", [one, "and", "node", two, rest @ ..]) if is_number(one) && is_number(two) => {
                joined.extend(["nodes", one, "and", two]);
                rest
            }
            _ => {
                joined.push(first);
                after
            }
        };
    }
    joined.join(" ")
}

/// The line under the sentence: which rule, whether the algorithm promises it, how many more.
#[must_use]
pub fn rule(title: &str, under: Option<&str>) -> String {
    let title = title.trim_end_matches('.');
    match under {
        None => format!("Broken rule: {title}."),
        Some(what) => format!("Broken rule: {title}. {}", not_promised(what)),
    }
}

/// What is known of a law that the algorithm does not keep: "under a partition".
#[must_use]
pub fn not_promised(what: &str) -> String {
    format!("This algorithm does not promise it under {what}.")
}

/// Other broken laws besides the one that is shown.
#[must_use]
pub fn and_more(others: usize) -> Option<String> {
    (others > 0).then(|| format!("And {others} more."))
}

/// What a screen reader hears at once.
#[must_use]
pub fn shout(broken: &Broken<'_>) -> String {
    format!("Rule broken! {}", sentence(broken.reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(name: &'static str, kind: Expectation, seq: Option<u64>) -> VerdictFrame {
        VerdictFrame {
            name,
            title: "At most one leader.",
            kind,
            breaks_under: None,
            light: seq.map_or(Light::Holds, |seq| Light::Broken {
                reason: "n1 and n3 both lead in term 1".into(),
                at: Time(seq * 1_000),
                seq,
                node: Some(NodeId(3)),
            }),
        }
    }

    #[test]
    fn the_newest_broken_law_comes_first_and_others_are_left_out() {
        let verdicts = [
            verdict("kept", Expectation::Always, None),
            verdict("old", Expectation::Always, Some(4)),
            verdict("new", Expectation::Always, Some(9)),
            verdict("twin", Expectation::Always, Some(9)),
            verdict("in the end", Expectation::Eventually, Some(12)),
        ];
        let names: Vec<&str> = broken(&verdicts).iter().map(|one| one.name).collect();
        assert_eq!(names, ["new", "twin", "old"]);
    }

    #[test]
    fn a_reason_becomes_one_sentence() {
        for (reason, said) in [
            (
                "n1 and n3 both lead in term 1",
                "Nodes 1 and 3 both lead in term 1.",
            ),
            (
                "t1 commits, and n2 did not vote yes",
                "T1 commits, and node 2 did not vote yes.",
            ),
            (
                "A stale read, and n1 and n2.",
                "A stale read, and nodes 1 and 2.",
            ),
            ("n1 and", "Node 1 and."),
            ("node 1 and node", "Node 1 and node."),
        ] {
            assert_eq!(sentence(reason), said);
        }
    }

    #[test]
    fn what_is_not_promised_is_said() {
        assert_eq!(
            rule("One leader at a time.", Some("a partition")),
            "Broken rule: One leader at a time. This algorithm does not promise it under a partition."
        );
        assert_eq!(and_more(0), None);
        assert_eq!(and_more(1).unwrap(), "And 1 more.");
    }
}
