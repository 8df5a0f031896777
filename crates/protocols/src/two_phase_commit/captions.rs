//! The sentence on what matters now.

use faultline_sim::process::NodeId;
use faultline_sim::text::counted;
use faultline_sim::world::World;

use super::coordinator::{Coordinator, Open};
use super::descriptor::COOPERATIVE;
use super::figures::needed;
use super::invariants::banks;
use super::probes::is_blocked;
use super::{COORDINATOR, Decision, Node, Tx};
use crate::parts::roles;
use crate::words::nodes;

/// More nodes than this are counted, not named.
const NAMED: usize = 3;

/// What blocks, how far the latest transaction is, or how it ended.
pub fn narrate(world: &World) -> Option<String> {
    let locked: Vec<(NodeId, Tx)> = banks(world)
        .filter_map(|(id, bank)| Some((id, bank.voted_yes()?)))
        .collect();
    if is_blocked(world) {
        return Some(blocked(world, &locked));
    }
    let coordinator = roles::role::<Node, Coordinator>(world, COORDINATOR)?;
    if !world.is_live(COORDINATOR) {
        return Some("The coordinator is down. No transaction can begin.".to_owned());
    }
    if let Some(waits) = waiting(world) {
        return Some(waits);
    }
    Some(match (coordinator.open.last_key_value(), locked.first()) {
        (Some((tx, open)), _) => collects(world, *tx, open),
        (None, Some((_, tx))) => tells(coordinator, *tx, &locked),
        (None, None) => ended(world, Tx(coordinator.last)),
    })
}

/// The coordinator is down, and participants are uncertain; one that knows the decision may tell.
fn blocked(world: &World, locked: &[(NodeId, Tx)]) -> String {
    let knows = |tx: Tx| {
        let mut live = banks(world).filter(|(id, _)| world.is_live(*id));
        live.find_map(|(id, bank)| Some((id, *bank.decided.get(&tx)?)))
    };
    let tx = locked.first().map(|(_, tx)| *tx);
    if world.settings().switch(&COOPERATIVE)
        && let Some((tx, (id, decision))) = tx.and_then(|tx| Some((tx, knows(tx)?)))
    {
        let decision = decision.verb();
        return format!(
            "The coordinator is down, but node {} knows that {tx} {decision}.",
            id.0
        );
    }
    let ids: Vec<NodeId> = locked.iter().map(|(id, _)| *id).collect();
    format!(
        "The coordinator is down. {} voted yes and must wait.",
        who(&ids)
    )
}

/// A transaction that waits for a row which another one has locked.
fn waiting(world: &World) -> Option<String> {
    banks(world).find_map(|(id, bank)| {
        let (waits, holder) = (bank.waiting.first()?.tx, bank.voted_yes()?);
        Some(format!(
            "{waits} waits for the row of node {}, which {holder} has locked.",
            id.0
        ))
    })
}

fn collects(world: &World, tx: Tx, open: &Open) -> String {
    let all = open.with.len() as u32;
    let need = needed(&world.settings().at(COORDINATOR), all);
    match open.votes.count() {
        0 => format!(
            "The coordinator asks {} whether they can commit {tx}.",
            counted(all, "participant", "participants")
        ),
        yes if need == all => {
            format!("{yes} of {all} participants voted yes on {tx}. It needs all of them.")
        }
        yes => format!("{yes} of {all} participants voted yes on {tx}. It needs {need}."),
    }
}

/// Somebody has voted yes and has not heard the decision. What the coordinator does not know any
/// more was not committed.
fn tells(coordinator: &Coordinator, tx: Tx, locked: &[(NodeId, Tx)]) -> String {
    let known = coordinator.log.get(&tx).and_then(|logged| logged.decision);
    let decision = known.unwrap_or(Decision::Abort).verb();
    let waits = locked.iter().filter(|(_, of)| *of == tx);
    let waits: Vec<NodeId> = waits.map(|(id, _)| *id).collect();
    let have = if waits.len() == 1 { "has" } else { "have" };
    format!("{tx} {decision}. {} {have} not heard it yet.", who(&waits))
}

fn ended(world: &World, last: Tx) -> String {
    if last == Tx(0) {
        return "Every row is free. No transaction has begun.".to_owned();
    }
    let with = |wanted: Decision| {
        let has = banks(world).filter(|(_, bank)| bank.decided.get(&last) == Some(&wanted));
        has.count()
    };
    match (with(Decision::Commit), with(Decision::Abort)) {
        (0, 0) => format!("No participant has heard the decision on {last}."),
        (_, 0) => format!("{last} is committed. Every row is free."),
        (0, _) => format!("{last} was aborted: nothing has changed. Every row is free."),
        (done, dropped) => format!(
            "{} committed {last}, and {dropped} aborted it.",
            counted(done as u64, "participant", "participants")
        ),
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
