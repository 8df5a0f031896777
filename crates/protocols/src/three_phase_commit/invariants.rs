//! What must hold of every transaction (Bernstein, Hadzilacos and Goodman, AC1 to AC5).

use faultline_sim::command::Command;
use faultline_sim::event::{Event, Record};
use faultline_sim::invariant;
use faultline_sim::invariant::{Invariant, InvariantSpec};
use faultline_sim::kit::Total;
use faultline_sim::process::NodeId;
use faultline_sim::world::World;

use super::descriptor::UNSUPPORTED;
use super::{COORDINATOR, Coordinator, Decision, Node, Participant, Tx, marks};
use crate::parts::{bank, roles};

pub const INVARIANTS: &[InvariantSpec] = &[
    invariant!(always "crash-safe",
        "As long as nodes only crash and messages come in time, all banks apply a transaction or none does",
        new Atomic<true>),
    invariant!(always "atomic", "All banks apply a transaction, or none does (AC1)", new Atomic<false>)
        .known_to_break_under("a partition, or lost or late messages"),
    invariant!(eventually "ends",
        "Every transaction ends at the banks that run, and their rows are unlocked (AC5)", ends),
];

/// All participants, those that are down included.
pub fn banks(world: &World) -> impl Iterator<Item = (NodeId, &Participant)> {
    roles::all::<Node, Participant>(world)
}

/// How a node has decided.
pub fn decided(world: &World, id: NodeId, tx: Tx) -> Option<Decision> {
    let decided = match world.node::<Node>(id)? {
        Node::Coordinator(coordinator) => &coordinator.decided,
        Node::Participant(bank) => &bank.decided,
    };
    decided.get(&tx).copied()
}

/// A transaction that a node has just ended, and how this contradicts what others hold.
pub fn contradiction(record: &Record, world: &World) -> Option<(Tx, String)> {
    let node = record.node?;
    if let Some(marked) = record.marked(&marks::FORGOT) {
        let tx = Tx(marked.number(0)?);
        return Some((
            tx,
            format!("{tx} commits, and {node} has forgotten its part"),
        ));
    }
    let mut ends = marks::ENDS.into_iter();
    let tx = Tx(ends.find_map(|mark| record.marked(mark)?.number(0))?);
    let own = decided(world, node, tx)?;
    let differs = |id: &NodeId| decided(world, *id, tx).is_some_and(|other| other != own);
    let other = world.ids().find(differs)?;
    Some((
        tx,
        match own {
            Decision::Commit => format!("{node} commits {tx}, and {other} aborted it"),
            Decision::Abort => format!("{node} aborts {tx}, and {other} committed it"),
        },
    ))
}

/// Watches every end of a transaction. `WITH_CRASHES_ONLY`: until something happens that the algorithm does not
/// promise to bear.
#[derive(Clone, Default, Hash)]
struct Atomic<const WITH_CRASHES_ONLY: bool> {
    beyond: bool,
}

impl<const WITH_CRASHES_ONLY: bool> Invariant for Atomic<WITH_CRASHES_ONLY> {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        if WITH_CRASHES_ONLY {
            self.beyond |= is_beyond(record);
            if self.beyond {
                return Ok(());
            }
        }
        contradiction(record, world).map_or(Ok(()), |(_, why)| Err(why))
    }
}

/// Whether a fault begins that makes silence mean something else than a crash.
fn is_beyond(record: &Record) -> bool {
    let Event::Faulted {
        command,
        missed: None,
    } = &record.event
    else {
        return false;
    };
    let Command::Fault(fault) = &**command else {
        return false;
    };
    let text = fault.to_string();
    let verb = text.split(' ').next().unwrap_or_default();
    UNSUPPORTED.contains(&verb)
}

/// What the rows hold, with changes that are decided and not applied yet.
pub fn total(world: &World) -> Option<Total> {
    if world.ids().count() as u32 != world.added() {
        return None;
    }
    let commits = |tx| move |id| decided(world, id, tx) == Some(Decision::Commit);
    let owed = |bank: &Participant| match &bank.prepared {
        Some(prepared) if world.ids().any(commits(prepared.tx)) => prepared.change,
        _ => 0,
    };
    Some(bank::total(
        banks(world).map(|(_, bank)| bank.balance + owed(bank)),
    ))
}

fn ends(world: &World) -> Result<(), String> {
    let mut live = banks(world).filter(|(id, _)| world.is_live(*id));
    match live.find_map(|(id, bank)| Some((id, bank.voted_yes()?))) {
        Some((id, tx)) => Err(format!("{id} still waits for the end of {tx}")),
        None => Ok(()),
    }
}

/// A bank that runs has locked its row, and no process that runs may decide.
pub fn is_blocked(world: &World) -> bool {
    blocked(world).is_some()
}

/// The first bank that waits for nodes that are down or cannot be reached.
pub fn blocked(world: &World) -> Option<(NodeId, &Participant)> {
    let live = |id: &NodeId| world.is_live(*id);
    let mut waiting = banks(world).filter(|(id, _)| live(id));
    waiting.find(|(_, bank)| {
        let Some(own) = &bank.prepared else {
            return false;
        };
        bank.stuck || (own.recovered && !may_end(world, own.tx))
    })
}

/// Whether some process that runs has decided a transaction, or may do so.
fn may_end(world: &World, tx: Tx) -> bool {
    let knows = |id| decided(world, id, tx).is_some();
    let leads = roles::role::<Node, Coordinator>(world, COORDINATOR)
        .and_then(|coordinator| coordinator.open.get(&tx))
        .is_some_and(|open| !open.recovered && world.is_live(COORDINATOR));
    let takes_part = |(id, bank): (NodeId, &Participant)| {
        let own = bank.prepared.as_ref().filter(|own| own.tx == tx);
        world.is_live(id) && own.is_some_and(|own| !own.recovered)
    };
    leads || banks(world).any(takes_part) || world.ids().any(|id| world.is_live(id) && knows(id))
}
