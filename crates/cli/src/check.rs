//! Commands that can never make sense, found before anything runs.

use faultline_sim::command::{At, Command, Timed};
use faultline_sim::descriptor::Setup;
use faultline_sim::fault::Fault;
use faultline_sim::process::NodeId;

use crate::Outcome;

/// Checks all commands of a run against its protocol and its nodes.
///
/// # Errors
/// One sentence naming the command and the wrong word.
pub fn check_commands(setup: &Setup) -> Outcome {
    let world = setup.world();
    let nodes = (setup.protocol.nodes)(&setup.settings);
    let all: Vec<&Timed> = setup.script.iter().chain(&setup.commands).collect();
    for (place, timed) in all.iter().enumerate() {
        world
            .check(&timed.command)
            .map_err(|why| format!("`{timed}`: {why}"))?;
        // A scenario's own command may find its node gone when the person asked for fewer.
        if place < setup.script.len() {
            continue;
        }
        let added = all.iter().enumerate().filter(|(other, add)| {
            add.command == Command::AddNode && may_precede(add.at, *other, timed.at, place)
        });
        let most = nodes + added.count() as u32;
        if let Some(id) = mentioned(&timed.command).into_iter().find(|id| id.0 > most) {
            return Err(format!(
                "`{timed}`: there is no {id} by then; use one of: n1 to n{most}"
            ));
        }
    }
    Ok(())
}

/// Whether one command may come before another. Only a run can tell `5s` from `@123`, so this is
/// generous.
fn may_precede(a: At, a_place: usize, b: At, b_place: usize) -> bool {
    match (a.time, b.time) {
        (Some(one), Some(other)) if one != other => one < other,
        _ if a == b => a_place < b_place,
        _ => true,
    }
}

/// The nodes that a command names.
fn mentioned(command: &Command) -> Vec<NodeId> {
    let fault = match command {
        Command::Request(id, _) | Command::RemoveNode(id) => return vec![*id],
        Command::Fault(fault) => fault,
        Command::SetParam(..) | Command::SetSwitch(..) | Command::AddNode => return Vec::new(),
    };
    match fault {
        Fault::Crash(id)
        | Fault::Recover(id)
        | Fault::Pause(id)
        | Fault::Resume(id)
        | Fault::Disk(id, _)
        | Fault::Skew(id, _)
        | Fault::Drift(id, _)
        | Fault::Flaky(id, ..)
        | Fault::Lie(id, _)
        | Fault::Fire(id, _) => vec![*id],
        Fault::Partition(sides) => sides.concat(),
        Fault::OneWay(from, to) => [from.as_slice(), to].concat(),
        Fault::Cut(a, b) | Fault::Join(a, b) | Fault::Slow(a, b, _) => vec![*a, *b],
        Fault::Drop(m)
        | Fault::Delay(m, _)
        | Fault::Duplicate(m)
        | Fault::Hold(m)
        | Fault::Release(m) => vec![m.from, m.to],
        Fault::Reorder(a, b) => vec![a.from, a.to, b.from, b.to],
        Fault::Loss(link, _)
        | Fault::Duplication(link, _)
        | Fault::Latency(link, _)
        | Fault::Fifo(link, _) => link.map_or_else(Vec::new, |(a, b)| vec![a, b]),
        Fault::Heal | Fault::Align(_) | Fault::Spread(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> At {
        Timed::parse(&format!("{text} heal")).unwrap().at
    }

    #[test]
    fn an_added_node_exists_from_then_on() {
        let precedes = |a, b| may_precede(at(a), 0, at(b), 1);
        assert!(precedes("1s", "2s"));
        assert!(!precedes("2s", "1s"));
        assert!(precedes("2s", "2s"), "in the order of the list");
        assert!(!may_precede(at("2s"), 1, at("2s"), 0));
        assert!(
            precedes("@40", "1s") && precedes("1s", "@40"),
            "nobody knows"
        );
    }

    #[test]
    fn every_node_of_a_command_is_looked_at() {
        let of = |text| {
            let ids = mentioned(&Command::parse(text).unwrap());
            ids.iter().map(|id| id.0).max().unwrap_or(0)
        };
        assert_eq!(of("partition n1,n2|n3,n9"), 9);
        assert_eq!(of("reorder n1->n2#3 n1->n7#4"), 7);
        assert_eq!(of("loss n1->n4 0.5"), 4);
        assert_eq!(of("request n3 1"), 3);
        assert_eq!(of("align Heartbeat"), 0);
    }
}
