//! Finds commands that can never work, before anything runs.

use faultline_sim::command::{At, Command, Timed};
use faultline_sim::descriptor::Setup;

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
        // A scenario's own command may name a missing node if the person asked for fewer nodes.
        if place < setup.script.len() {
            continue;
        }
        let added = all.iter().enumerate().filter(|(other, add)| {
            matches!(add.command, Command::AddNode(_))
                && may_precede(add.at, *other, timed.at, place)
        });
        let most = nodes + added.count() as u32;
        if let Some(id) = timed.command.nodes().into_iter().find(|id| id.0 > most) {
            return Err(format!(
                "`{timed}`: there is no {id} by then; use one of: n1 to n{most}"
            ));
        }
    }
    Ok(())
}

/// Whether one command may come before another. Only a run can order `5s` and `@123`, so this
/// allows both orders.
fn may_precede(a: At, a_place: usize, b: At, b_place: usize) -> bool {
    match (a.time, b.time) {
        (Some(one), Some(other)) if one != other => one < other,
        _ if a == b => a_place < b_place,
        _ => true,
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
}
