//! What must hold of every copy.

use std::rc::Rc;

use faultline_sim::event::{Event, Record};
use faultline_sim::invariant;
use faultline_sim::invariant::{Invariant, InvariantSpec};
use faultline_sim::process::NodeId;
use faultline_sim::sorted::SortedMap;
use faultline_sim::world::World;

use super::data::{Data, Version, Written};
use super::probes::{data_of, live};
use super::{Gossip, marks};
use crate::parts::tally::Tally;

pub const INVARIANTS: &[InvariantSpec] = &[
    invariant!(always "nothing-lost", "No write is replaced by one that did not know of it", new Copies<0>),
    invariant!(always "never-back", "No node goes back to an older version of a key", new Copies<1>),
    invariant!(always "stays-deleted", "A deleted key does not come back", new StaysDeleted),
    invariant!(eventually "agree", "Eventually all live nodes have the same data", new Agree),
];

/// Compares what each node has with what it had before. After a crash, the disk tells what it had.
#[derive(Clone, Default, Hash)]
struct Copies<const LAW: u8>(SortedMap<NodeId, Rc<Data>>);

impl<const LAW: u8> Invariant for Copies<LAW> {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let looks = matches!(record.event, Event::Marked(_) | Event::Recovered);
        let Some((id, node)) = record
            .node
            .filter(|_| looks)
            .and_then(|id| Some((id, world.node::<Gossip>(id)?)))
        else {
            return Ok(());
        };
        let before = self.0.insert(id, node.data.clone());
        let Some(before) = before.filter(|_| !matches!(record.event, Event::Recovered)) else {
            return Ok(());
        };
        for (key, old) in &before.0 {
            let Some(new) = node.data.0.get(key) else {
                continue;
            };
            if LAW == 0 {
                if let Some(lost) = lost(old, new) {
                    return Err(format!("{id} lost {key} = {lost}"));
                }
            } else if number(new) < number(old) {
                return Err(format!("{id} went back to an older version of {key}"));
            }
        }
        Ok(())
    }
}

fn number(writes: &[Written]) -> u32 {
    writes
        .iter()
        .map(|write| write.version.number())
        .max()
        .unwrap_or(0)
}

/// A value that was there and is neither kept nor known to what is there now.
fn lost(old: &[Written], new: &[Written]) -> Option<String> {
    let known = |write: &&Written| new.iter().any(|other| other.version.covers(&write.version));
    let lost = old.iter().find(|write| !known(write))?;
    Some(
        lost.value
            .clone()
            .unwrap_or_else(|| "a tombstone".to_owned()),
    )
}

/// What each node knew of the keys that it deleted.
#[derive(Clone, Default, Hash)]
struct StaysDeleted {
    before: SortedMap<NodeId, Rc<Data>>,
    deleted: SortedMap<(NodeId, String), Vec<Version>>,
}

impl Invariant for StaysDeleted {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let Some(id) = record.node else { return Ok(()) };
        if matches!(record.event, Event::Recovered) {
            // A deletion that was not written to disk was lost with the crash.
            self.deleted.retain(|(node, _), _| *node != id);
        }
        let Some(node) = world.node::<Gossip>(id) else {
            return Ok(());
        };
        if let Some(marked) = record
            .marked(&marks::FORGETS)
            .or(record.marked(&marks::DELETES))
        {
            let key = marked.word(0).unwrap_or_default().to_owned();
            let known = self.before.get(&id).and_then(|data| data.0.get(&key));
            let versions = known
                .into_iter()
                .flatten()
                .map(|write| write.version.clone());
            self.deleted.insert((id, key), versions.collect());
        } else if record.is(&marks::UPDATES) {
            for ((_, key), versions) in self.deleted.iter().filter(|((node, _), _)| *node == id) {
                let mut writes = node.data.0.get(key).into_iter().flatten();
                let old = |write: &&Written| {
                    write.value.is_some() && versions.iter().any(|v| v.covers(&write.version))
                };
                if let Some(write) = writes.find(old) {
                    let value = write.value.as_deref().unwrap_or_default();
                    return Err(format!(
                        "{key} = {value} is back at {id}, which had deleted it"
                    ));
                }
            }
        }
        // Every record of an event sees the world behind it: only what changes the data counts.
        let changes = [
            &marks::SETS,
            &marks::DELETES,
            &marks::FORGETS,
            &marks::UPDATES,
        ];
        if changes.iter().any(|mark| record.is(mark)) || matches!(record.event, Event::Recovered) {
            self.before.insert(id, node.data.clone());
        }
        Ok(())
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
        if self.0.agree() {
            return Ok(());
        }
        let mut nodes = live(world);
        let first = nodes.next();
        let two = first.and_then(|(first, node)| {
            let (other, _) = nodes.find(|(_, other)| other.data != node.data)?;
            Some(format!("{first} and {other} do not have the same data"))
        });
        two.map_or(Ok(()), Err)
    }
}
