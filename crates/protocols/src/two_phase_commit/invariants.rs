//! What must hold of every transaction (Bernstein, Hadzilacos and Goodman, AC1 to AC5).

use faultline_sim::event::Record;
use faultline_sim::invariant;
use faultline_sim::invariant::{Invariant, InvariantSpec};
use faultline_sim::kit::Total;
use faultline_sim::process::NodeId;
use faultline_sim::world::World;

use super::{COORDINATOR, Coordinator, Decision, Node, Participant, Tx, marks};
use crate::parts::{bank, roles};

pub const INVARIANTS: &[InvariantSpec] = &[
    invariant!(always "one-decision", "All nodes that decide a transaction decide the same (AC1)", new OneDecision),
    invariant!(always "unanimous", "A transaction commits only if every participant voted yes (AC3)", unanimous),
    invariant!(always "money", "No transaction makes or loses money", money),
    invariant!(eventually "ends", "Every transaction ends, and its rows are unlocked (AC5)", ends),
];

/// All participants, those that are down included.
pub fn banks(world: &World) -> impl Iterator<Item = (NodeId, &Participant)> {
    roles::all::<Node, Participant>(world)
}

/// Compares what a node has just decided with what the others hold. A decision that was lost with an
/// unfinished write was never told to anybody.
#[derive(Clone, Default, Hash)]
struct OneDecision;

impl Invariant for OneDecision {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let deciding = [
            (&marks::COMMITS, Decision::Commit),
            (&marks::DECIDES_COMMIT, Decision::Commit),
            (&marks::ABORTS, Decision::Abort),
            (&marks::DECIDES_ABORT, Decision::Abort),
        ];
        let made = |(mark, decision)| Some((record.marked(mark)?.number(0)?, decision));
        let Some((number, decision)) = deciding.into_iter().find_map(made) else {
            return Ok(());
        };
        let tx = Tx(number);
        for other in world.ids().filter(|id| Some(*id) != record.node) {
            if decided(world, other, tx).is_some_and(|own| own != decision) {
                let node = record.node.map_or_else(String::new, |id| id.to_string());
                return Err(match decision {
                    Decision::Commit => format!("{node} commits {tx}, and {other} aborted it"),
                    Decision::Abort => format!("{node} aborts {tx}, and {other} committed it"),
                });
            }
        }
        Ok(())
    }
}

/// What a node holds for decided.
fn decided(world: &World, id: NodeId, tx: Tx) -> Option<Decision> {
    match world.node::<Node>(id)? {
        Node::Coordinator(coordinator) => coordinator.log.get(&tx)?.decision,
        Node::Participant(bank) => bank.decided.get(&tx).copied(),
    }
}

/// Looks at the commits that the coordinator has in its log.
fn unanimous(world: &World) -> Result<(), String> {
    let Some(coordinator) = roles::role::<Node, Coordinator>(world, COORDINATOR) else {
        return Ok(());
    };
    for (tx, logged) in &coordinator.log {
        if logged.decision != Some(Decision::Commit) {
            continue;
        }
        for (id, bank) in banks(world).filter(|(id, _)| logged.with.contains(id)) {
            if bank.decided.get(tx) == Some(&Decision::Abort) {
                return Err(format!("{tx} commits, and {id} did not vote yes"));
            }
        }
    }
    Ok(())
}

/// Whether some node knows that a transaction commits.
fn is_committed(world: &World, tx: Tx) -> bool {
    let commits = |id| decided(world, id, tx) == Some(Decision::Commit);
    world.ids().any(commits)
}

/// What the rows hold, with changes that are decided and not applied yet.
pub fn total(world: &World) -> Option<Total> {
    let removed =
        world.ids().next() != Some(COORDINATOR) || banks(world).count() as u32 + 1 != world.added();
    if removed {
        return None;
    }
    let owed = |bank: &Participant| match &bank.prepared {
        Some(prepared) if is_committed(world, prepared.tx) => prepared.change,
        _ => 0,
    };
    let there = banks(world).map(|(_, bank)| bank.balance + owed(bank));
    Some(bank::total(there))
}

fn money(world: &World) -> Result<(), String> {
    match total(world) {
        Some(Total { now, should, .. }) if now != should => Err(format!(
            "the banks hold {now} together, and began with {should}"
        )),
        _ => Ok(()),
    }
}

fn ends(world: &World) -> Result<(), String> {
    match banks(world).find_map(|(id, bank)| Some((id, bank.voted_yes()?))) {
        Some((id, tx)) => Err(format!("{id} still waits for the decision on {tx}")),
        None => Ok(()),
    }
}
