//! What must hold of every copy, and of what clients are told.

use faultline_sim::event::{Event, Record};
use faultline_sim::invariant;
use faultline_sim::invariant::{Invariant, InvariantSpec};
use faultline_sim::judge::{MONOTONIC_READS, READ_YOUR_WRITES};
use faultline_sim::process::NodeId;
use faultline_sim::world::World;

use super::descriptor::COPIES;
use super::probes::{data_of, live};
use super::{Store, marks};
use crate::parts::kept::Kept;
use crate::parts::tally::Tally;

pub const INVARIANTS: &[InvariantSpec] = &[
    invariant!(always "nothing-lost", "No copy drops a write for one that did not know of it", new NothingLost),
    READ_YOUR_WRITES,
    MONOTONIC_READS,
    invariant!(always "causes-first", "No replica shows a write before those that it depends on", new CausesFirst),
    invariant!(eventually "agree", "Eventually all live replicas have the same data", new Agree),
];

/// The key of a copy that has changed.
fn changed(record: &Record) -> Option<(NodeId, &str)> {
    let marked = record
        .marked(&marks::SETS)
        .or(record.marked(&marks::STORES))?;
    Some((record.node?, marked.word(0)?))
}

#[derive(Clone, Default, Hash)]
struct NothingLost(Kept);

impl Invariant for NothingLost {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let key = changed(record).map(|(_, key)| key);
        let looks = matches!(record.event, Event::Recovered) || key.is_some();
        let found = record.node.filter(|_| looks);
        let Some((id, node)) = found.and_then(|id| Some((id, world.node::<Store>(id)?))) else {
            return Ok(());
        };
        // A write of this node that its own store took for older is lost, too.
        let own = node.latest.iter();
        let own = own.filter(|(own, _)| Some(own.as_str()) == key);
        self.0
            .look(id, &node.data, key, own.map(|(_, written)| &**written))
    }
}

/// A copy that has changed and shows a write without one that it depends on: the node, the key, and
/// the key that is missing.
pub fn missing_cause(record: &Record, world: &World) -> Option<(NodeId, String, String)> {
    let (id, key) = changed(record)?;
    let node = world.node::<Store>(id)?;
    // Where each replica keeps only some keys, others are no business of this one.
    let all = world.settings().count(&COPIES) == 0;
    let entry = node.data.get(key).filter(|_| all)?;
    let after = entry.values.iter().flat_map(|value| &value.after);
    let mut missing = after.filter(|(other, seen)| !node.copy(other).seen.covers(seen));
    let (other, _) = missing.next()?;
    Some((id, key.to_owned(), other.clone()))
}

#[derive(Clone, Default, Hash)]
struct CausesFirst;

impl Invariant for CausesFirst {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        match missing_cause(record, world) {
            Some((id, key, other)) => Err(format!(
                "{id} shows {key}, whose writer had seen more of {other} than {id} has"
            )),
            None => Ok(()),
        }
    }
}

#[derive(Clone, Default, Hash)]
struct Agree(Tally);

impl Invariant for Agree {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        self.0.on_record(record, world, data_of);
        Ok(())
    }
    fn satisfied(&self, world: &World) -> Result<(), String> {
        if world.settings().count(&COPIES) > 0 || self.0.agree() {
            return Ok(());
        }
        let mut nodes = live(world);
        let two = nodes.next().and_then(|(first, node)| {
            let (other, _) = nodes.find(|(_, other)| other.data != node.data)?;
            Some(format!("{first} and {other} do not have the same data"))
        });
        two.map_or(Ok(()), Err)
    }
}
