//! The sentence on what matters now.

use faultline_sim::process::NodeId;
use faultline_sim::text::counted;
use faultline_sim::world::World;

use super::coordinator::{Coordinator, Open};
use super::invariants::{banks, blocked, decided};
use super::participant::Backup;
use super::{COORDINATOR, Decision, Node, Participant, Phase, Tx};
use crate::parts::roles;
use crate::words::nodes;

/// More nodes than this are counted, not named.
const NAMED: usize = 3;

/// What was broken, who waits, who has taken over, how far the latest transaction is, or how it ended.
pub fn narrate(world: &World) -> Option<String> {
    let coordinator = roles::role::<Node, Coordinator>(world, COORDINATOR)?;
    let last = Tx(coordinator.last);
    let on = |wanted: Decision| -> Vec<NodeId> {
        let ids = world.ids();
        ids.filter(|id| decided(world, *id, last) == Some(wanted))
            .collect()
    };
    let (committed, aborted) = (on(Decision::Commit), on(Decision::Abort));
    if !committed.is_empty() && !aborted.is_empty() {
        return Some(split(last, &committed, &aborted));
    }
    if let Some((id, bank)) = blocked(world) {
        return Some(waits(id, bank));
    }
    let live = |id: &NodeId| world.is_live(*id);
    let mut leads = banks(world).filter(|(id, bank)| live(id) && bank.backup.is_some());
    if let Some((id, bank)) = leads.next() {
        return Some(takes_over(id, bank));
    }
    let locked: Vec<(NodeId, Tx)> = banks(world)
        .filter(|(id, _)| live(id))
        .filter_map(|(id, bank)| Some((id, bank.voted_yes()?)))
        .collect();
    if !world.is_live(COORDINATOR) {
        return Some(alone(&locked));
    }
    let open = coordinator.open.last_key_value();
    Some(match (open, locked.first()) {
        (Some((tx, open)), _) => leads_on(*tx, open),
        (None, Some((_, tx))) => told(world, *tx, &locked),
        (None, None) => ended(last, &committed, &aborted),
    })
}

fn split(tx: Tx, committed: &[NodeId], aborted: &[NodeId]) -> String {
    let (yes, no) = (who(committed), who(aborted));
    format!("{yes} committed {tx}. {no} aborted it.")
}

fn waits(id: NodeId, bank: &Participant) -> String {
    match bank.stuck {
        true => format!("Node {} cannot reach a majority, so it has to wait.", id.0),
        false => format!(
            "Node {} was down. It must wait until one that knows more is back.",
            id.0
        ),
    }
}

fn takes_over(id: NodeId, bank: &Participant) -> String {
    match &bank.backup {
        Some(Backup::Tells(_)) => format!(
            "Node {} found one that knows that all agreed. It tells the others first.",
            id.0
        ),
        _ => format!(
            "Node {} takes over and asks the others for their states.",
            id.0
        ),
    }
}

/// The coordinator is down.
fn alone(locked: &[(NodeId, Tx)]) -> String {
    if locked.is_empty() {
        return "The coordinator is down. No transaction can begin.".to_owned();
    }
    let ids: Vec<NodeId> = locked.iter().map(|(id, _)| *id).collect();
    let has = if ids.len() == 1 { "has" } else { "have" };
    format!(
        "The coordinator is down. {} {has} locked rows and will take over.",
        who(&ids)
    )
}

fn leads_on(tx: Tx, open: &Open) -> String {
    let all = open.with.len() as u32;
    if open.recovered {
        return format!("The coordinator asks the participants how {tx} ended.");
    }
    match (open.phase, open.votes.count()) {
        (Phase::PreCommit, _) => format!(
            "All agreed on {tx}. {} of {all} have acknowledged that they know.",
            all - open.missing.len() as u32
        ),
        (Phase::Ready, 0) => format!(
            "The coordinator asks {} whether they can commit {tx}.",
            counted(all, "participant", "participants")
        ),
        (Phase::Ready, yes) => {
            format!("{yes} of {all} participants voted yes on {tx}. It needs all of them.")
        }
    }
}

/// The coordinator has nothing open, and some have not heard that yet.
fn told(world: &World, tx: Tx, locked: &[(NodeId, Tx)]) -> String {
    let waits = locked.iter().filter(|(_, of)| *of == tx);
    let ids: Vec<NodeId> = waits.map(|(id, _)| *id).collect();
    let have = if ids.len() == 1 { "has" } else { "have" };
    match decided(world, COORDINATOR, tx) {
        Some(decision) => format!(
            "{tx} {}. {} {have} not heard it yet.",
            decision.verb(),
            who(&ids)
        ),
        None => format!("{} {have} not heard how {tx} ended.", who(&ids)),
    }
}

fn ended(last: Tx, committed: &[NodeId], aborted: &[NodeId]) -> String {
    if last == Tx(0) {
        return "Every row is free. No transaction has begun.".to_owned();
    }
    match (committed.is_empty(), aborted.is_empty()) {
        (false, _) => format!("{last} is committed. Every row is free."),
        (_, false) => format!("{last} was aborted: nothing has changed. Every row is free."),
        _ => format!("No node that runs knows how {last} ended."),
    }
}

/// At the start of a sentence: a few nodes by name, more by their number.
fn who(ids: &[NodeId]) -> String {
    if ids.len() > NAMED {
        format!("{} nodes", ids.len())
    } else {
        nodes(ids)
    }
}
