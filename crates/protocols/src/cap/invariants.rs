//! What must hold of every copy, and of what clients are told.

use faultline_sim::event::{Event, Record};
use faultline_sim::history::{End, History};
use faultline_sim::invariant;
use faultline_sim::invariant::{Invariant, InvariantSpec};
use faultline_sim::judge::LINEARIZABLE;
use faultline_sim::process::{NodeId, Operation, Shared};
use faultline_sim::shared::SharedMap;
use faultline_sim::sorted::SortedMap;
use faultline_sim::world::World;

use super::truth::{changes_reach, has_majority, live, refuses};
use super::{Node, Reply, Request, is_member, marks};
use crate::parts::tally::Tally;
use crate::parts::versions::Dot;

pub const INVARIANTS: &[InvariantSpec] = &[
    LINEARIZABLE,
    invariant!(always "majority-behind", "A refusing node answers nothing while it cannot reach a majority", new MajorityBehind),
    invariant!(always "no-dirty-read", "Nobody reads a write whose client was told that it failed", new NoDirtyRead),
    invariant!(always "nothing-deleted", "A write that fails deletes no value that was there", new NothingDeleted),
    invariant!(always "newer-taken", "A node takes a write that knew of all it shows", new NewerTaken),
    invariant!(eventually "agree", "Eventually all live nodes have the same data", new Agree),
];

/// Whether a node could reach a majority at some time since an operation began there.
#[derive(Clone, Default, Hash)]
struct MajorityBehind {
    history: History,
    could: SortedMap<Operation, bool>,
}

impl Invariant for MajorityBehind {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let ended = self.history.read(record, world, |_| ());
        match &record.event {
            Event::Invoked { operation, .. } => {
                let could = record.node.is_some_and(|id| has_majority(world, id));
                self.could.insert(*operation, could);
            }
            Event::Completed { operation, .. } => {
                let could = self.could.remove(operation).unwrap_or(true);
                let Some(ended) = ended.filter(|ended| ended.end == End::Ok && !could) else {
                    return Ok(());
                };
                let (id, reply) = (ended.begun.node, ended.reply);
                let set = reply.and_then(|reply| reply.get::<Reply>());
                if refuses(world, id) && !matches!(set, Some(Reply::Set)) {
                    return Err(format!("{id} answered while it could not reach a majority"));
                }
            }
            _ if changes_reach(record) => {
                for (operation, begun) in self.history.open() {
                    if has_majority(world, begun.node) {
                        self.could.insert(operation, true);
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// Writes that were read, and those that were taken back.
#[derive(Clone, Default, Hash)]
struct NoDirtyRead {
    history: History<String>,
    read: SharedMap<(String, Dot), NodeId>,
    failed: SharedMap<(String, Dot), ()>,
}

impl Invariant for NoDirtyRead {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let key = |request: &Shared| {
            let request = request.get::<Request>();
            request.map_or_else(String::new, |request| request.key().to_owned())
        };
        let Some(ended) = self.history.read(record, world, key) else {
            return Ok(());
        };
        let (key, id) = (ended.begun.note, ended.begun.node);
        let dirty = match ended.reply.and_then(|reply| reply.get::<Reply>()) {
            Some(Reply::Found { entry, .. }) => {
                let mut dirty = None;
                for written in &entry.values {
                    let write = (key.clone(), written.dot);
                    dirty = dirty.or(self.failed.get(&write).map(|_| id));
                    self.read.insert(write, id);
                }
                dirty
            }
            Some(Reply::Failed {
                write: Some(write), ..
            }) => {
                self.failed.insert(write.clone(), ());
                self.read.get(write).copied()
            }
            _ => None,
        };
        match dirty {
            Some(id) => Err(format!("{id} showed a write of {key} that has failed")),
            None => Ok(()),
        }
    }
}

#[derive(Clone, Default, Hash)]
struct NothingDeleted;

impl Invariant for NothingDeleted {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, _world: &World) -> Result<(), String> {
        let deleted = record.marked(&marks::DELETES).zip(record.node);
        let Some((marked, id)) = deleted else {
            return Ok(());
        };
        match (marked.word(0), marked.word(1)) {
            (Some(key), Some(value)) if !value.is_empty() => {
                Err(format!("{id} lost {key} = {value}"))
            }
            _ => Ok(()),
        }
    }
}

#[derive(Clone, Default, Hash)]
struct NewerTaken;

impl Invariant for NewerTaken {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let found = record.node.filter(|_| record.is(&marks::IGNORES));
        let found = found.and_then(|id| Some((id, world.node::<Node>(id)?)));
        let Some((id, (key, new))) = found.and_then(|(id, node)| Some((id, node.ignored.clone()?)))
        else {
            return Ok(());
        };
        let shown = world.node::<Node>(id).map(|node| node.copy(&key));
        let knew = |dot| new.values.iter().any(|new| new.past.has(dot));
        let shown = shown.unwrap_or_default();
        if shown.values.iter().all(|shown| knew(shown.dot)) {
            return Err(format!(
                "{id} ignores a write of {key} that knew of all that {id} shows"
            ));
        }
        Ok(())
    }
}

/// What a node has, as one number.
pub fn data_of(world: &World, id: NodeId) -> Option<u64> {
    let node = world.node::<Node>(id);
    node.filter(|_| is_member(world.settings(), id))
        .map(|node| node.sum)
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
        let two = nodes.next().and_then(|(first, node)| {
            let (other, _) = nodes.find(|(_, other)| other.sum != node.sum)?;
            Some(format!("{first} and {other} do not have the same data"))
        });
        two.map_or(Ok(()), Err)
    }
}
