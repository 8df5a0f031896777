//! What must hold of timestamps. Order is judged by what clients are told, never by a server's clock.

use faultline_sim::event::Record;
use faultline_sim::history::History;
use faultline_sim::invariant;
use faultline_sim::invariant::{Invariant, InvariantSpec};
use faultline_sim::mark::Mark;
use faultline_sim::process::NodeId;
use faultline_sim::sorted::SortedMap;
use faultline_sim::world::World;

use super::time::{is_hybrid, stamp};
use super::{Reply, Stamp, marks};

pub const INVARIANTS: &[InvariantSpec] = &[
    invariant!(
        always "external-consistency",
        "With TrueTime, a transaction that begins after another was answered gets a later timestamp",
        new External
    ),
    invariant!(
        always "causality",
        "A client's next transaction gets a later timestamp",
        new Causality
    ),
    invariant!(always "once", "No transaction is applied twice", new Once),
    invariant!(always "near", "No hybrid clock follows one that is too far ahead", new Near),
];

/// Holds the timestamps that clients are told against the order of their requests: all clients together, or
/// each for itself.
#[derive(Clone, Default, Hash)]
pub struct Order {
    /// The largest timestamp answered so far, by client; under node 0 that of all.
    answered: SortedMap<NodeId, Stamp>,
    /// Operations under way, each with what was answered before it began.
    open: History<Option<Stamp>>,
}

impl Order {
    /// The timestamp of a transaction that has just been answered, and a later or equal one that was answered
    /// before it began.
    pub fn read(&mut self, record: &Record, world: &World, alone: bool) -> Option<(Stamp, Stamp)> {
        let own = record.node.filter(|_| alone).unwrap_or(NodeId(0));
        let before = self.answered.get(&own).copied();
        let ended = self.open.read(record, world, |_| before)?;
        let Some(Reply::Committed { s }) = ended.reply.and_then(|reply| reply.get()) else {
            return None;
        };
        let latest = self.answered.entry(own).or_default();
        *latest = (*latest).max(*s);
        let after = ended.begun.note?;
        (*s <= after).then_some((*s, after))
    }
}

fn told((s, after): (Stamp, Stamp)) -> String {
    let (s, after) = (stamp(s), stamp(after));
    format!("it began after an answer with {after}, and got {s}")
}

#[derive(Clone, Default, Hash)]
struct External(Order);

impl Invariant for External {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let wrong = self.0.read(record, world, false);
        match wrong.filter(|_| !is_hybrid(world.settings())) {
            Some(wrong) => Err(told(wrong)),
            None => Ok(()),
        }
    }
}

#[derive(Clone, Default, Hash)]
struct Causality(Order);

impl Invariant for Causality {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        match self.0.read(record, world, true) {
            Some(wrong) => Err(told(wrong)),
            None => Ok(()),
        }
    }
}

/// A law that a node's own words break.
fn never(record: &Record, mark: &'static Mark) -> Result<(), String> {
    match (record.marked(mark), record.node) {
        (Some(marked), Some(node)) => Err(format!("{node} {marked}")),
        _ => Ok(()),
    }
}

#[derive(Clone, Default, Hash)]
struct Once;

impl Invariant for Once {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, _world: &World) -> Result<(), String> {
        never(record, &marks::TWICE)
    }
}

#[derive(Clone, Default, Hash)]
struct Near;

impl Invariant for Near {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, _world: &World) -> Result<(), String> {
        never(record, &marks::FOLLOWS_FAR)
    }
}
