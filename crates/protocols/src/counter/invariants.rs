//! What must hold of all counts.

use faultline_sim::event::{Event, Record};
use faultline_sim::history::{End, History};
use faultline_sim::invariant;
use faultline_sim::invariant::{Invariant, InvariantSpec};
use faultline_sim::process::NodeId;
use faultline_sim::sorted::SortedMap;
use faultline_sim::world::World;

use super::descriptor::LIMIT;
use super::truth::{Truth, live};
use super::{Counter, Reply, Request, Role, marks};

pub const INVARIANTS: &[InvariantSpec] = &[
    invariant!(always "never-back", "No older count replaces a newer one", new NeverBack),
    invariant!(always "nothing-ignored", "No newer count is ignored", new NothingIgnored),
    invariant!(always "own-once", "No node adds its own count twice", new OwnOnce),
    invariant!(always "nothing-lost", "What a node confirmed to have counted is never lost", new NothingLost),
    invariant!(always "at-most-once", "No request is counted twice", new AtMostOnce),
    invariant!(always "within-limit", "No more is counted than the limit", new WithinLimit),
    invariant!(eventually "agree", "Eventually every live node has the true total", new Agree),
];

/// The change that each node knew last of each other one. After a crash, the disk tells what it knew.
#[derive(Clone, Default, Hash)]
struct NeverBack(SortedMap<(NodeId, NodeId), u32>);

impl Invariant for NeverBack {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let Some(id) = record.node else { return Ok(()) };
        if matches!(record.event, Event::Recovered) {
            self.0.retain(|(node, _), _| *node != id);
        }
        let Some(of) = record.marked(&marks::TAKES).and_then(|m| m.node(1)) else {
            return Ok(());
        };
        let node = world.node::<Counter>(id);
        let Some(count) = node.and_then(|node| node.seen.get(&of)) else {
            return Ok(());
        };
        match self.0.insert((id, of), count.number) {
            Some(before) if before > count.number => Err(format!(
                "{id} went back from change {before} of {of} to change {}",
                count.number
            )),
            _ => Ok(()),
        }
    }
}

#[derive(Clone, Default, Hash)]
struct NothingIgnored;

impl Invariant for NothingIgnored {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, _world: &World) -> Result<(), String> {
        let Some(marked) = record.marked(&marks::IGNORES) else {
            return Ok(());
        };
        let number = |at| marked.number(at).unwrap_or_default();
        let (came, known) = (number(2), number(3));
        match (record.node, marked.node(1)) {
            (Some(id), Some(of)) if came > known => Err(format!(
                "{id} knows change {known} of {of} and ignores change {came}"
            )),
            _ => Ok(()),
        }
    }
}

#[derive(Clone, Default, Hash)]
struct OwnOnce;

impl Invariant for OwnOnce {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, _world: &World) -> Result<(), String> {
        let taken = record.marked(&marks::TAKES);
        let own = taken
            .and_then(|marked| marked.node(1))
            .is_some_and(|of| record.node == Some(of));
        match (own, record.node) {
            (true, Some(id)) => Err(format!("{id} adds its own count to itself")),
            _ => Ok(()),
        }
    }
}

/// How many changes each node has confirmed to those who asked it directly.
#[derive(Clone, Default, Hash)]
struct NothingLost {
    history: History<bool>,
    confirmed: SortedMap<NodeId, u32>,
}

impl Invariant for NothingLost {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let counts = |request: &faultline_sim::process::Shared| {
            matches!(
                request.get::<Request>(),
                Some(Request::Increment | Request::Decrement)
            )
        };
        if let Some(ended) = self.history.read(record, world, counts) {
            let counted = ended.reply.and_then(|reply| reply.get::<Reply>());
            let at = world.node::<Counter>(ended.begun.node);
            if ended.end == End::Ok
                && ended.begun.note
                && matches!(counted, Some(Reply::Counted))
                && at.is_some_and(|node| node.role == Role::Node)
            {
                *self.confirmed.entry(ended.begun.node).or_default() += 1;
            }
        }
        let Some(id) = record
            .node
            .filter(|_| matches!(record.event, Event::Recovered))
        else {
            return Ok(());
        };
        let confirmed = self.confirmed.get(&id).copied().unwrap_or_default();
        let kept = world
            .node::<Counter>(id)
            .map_or(0, |node| node.local.number);
        if kept < confirmed {
            return Err(format!(
                "{id} confirmed {confirmed} counts and comes back with {kept}"
            ));
        }
        Ok(())
    }
}

#[derive(Clone, Default, Hash)]
struct AtMostOnce(Truth);

impl Invariant for AtMostOnce {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        match (self.0.on_record(record, world), record.node) {
            (Err(request), Some(id)) => Err(format!("{id} counts request {request} twice")),
            _ => Ok(()),
        }
    }
}

#[derive(Clone, Default, Hash)]
struct WithinLimit;

impl Invariant for WithinLimit {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let limit = i64::from(world.settings().count(&LIMIT));
        if limit == 0 || !record.is(&marks::INCREMENTS) {
            return Ok(());
        }
        let all = world.ids().filter_map(|id| world.node::<Counter>(id));
        let counted: i64 = all.map(|node| node.local.value()).sum();
        if counted > limit {
            return Err(format!("{counted} were counted, and the limit is {limit}"));
        }
        Ok(())
    }
}

#[derive(Clone, Default, Hash)]
struct Agree(Truth);

impl Invariant for Agree {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let _ = self.0.on_record(record, world);
        Ok(())
    }
    fn satisfied(&self, world: &World) -> Result<(), String> {
        let truth = self.0.total();
        let mut wrong = live(world).filter(|(_, node)| node.total_count() != truth);
        match wrong.next() {
            Some((id, node)) => Err(format!(
                "{id} has total {}, and {truth} were counted",
                node.total_count()
            )),
            None => Ok(()),
        }
    }
}
