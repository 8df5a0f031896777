//! What must hold: of each slot (2.1), of what is executed (section 3), and for clients.

use faultline_sim::clone_invariant;
use faultline_sim::event::{Event, Record};
use faultline_sim::invariant;
use faultline_sim::invariant::{Invariant, InvariantSpec};
use faultline_sim::judge::LINEARIZABLE;
use faultline_sim::process::NodeId;
use faultline_sim::shared::SharedMap;
use faultline_sim::sorted::SortedMap;
use faultline_sim::world::World;

use super::{Command, Role, Server, Slot, Value, marks};
use crate::parts::kv::Op;
use crate::parts::request::RequestId;

pub const INVARIANTS: &[InvariantSpec] = &[
    invariant!(always "agreement", "No two values are chosen in one slot", new Agreement),
    invariant!(always "same-order", "All servers execute the same commands, slot by slot", new SameOrder),
    invariant!(always "validity", "Only a client's command or a no-op is chosen", new Validity),
    invariant!(always "one-proposer", "No two servers lead the same ballot", new OneProposer),
    LINEARIZABLE,
    invariant!(always "at-most-once", "No request is executed twice, even if it is retried", new AtMostOnce),
    invariant!(eventually "no-gap", "In the end no chosen command waits behind a gap", no_gap),
];

/// The slot that a server has learned just now, and its value there.
fn learned(record: &Record, world: &World) -> Option<(NodeId, Slot, Value)> {
    let chooses = record.marked(&marks::CHOOSES);
    let marked = chooses.or_else(|| record.marked(&marks::LEARNS))?;
    value_at(record, world, marked.number(0)?)
}

/// The slot that a server has executed just now, and its value there.
fn executed(record: &Record, world: &World) -> Option<(NodeId, Slot, Value)> {
    let marked = record.marked(&marks::EXECUTES)?;
    value_at(record, world, marked.number(0)?)
}

fn value_at(record: &Record, world: &World, slot: Slot) -> Option<(NodeId, Slot, Value)> {
    let id = record.node?;
    let chosen = &world.node::<Server>(id)?.learner.chosen;
    Some((id, slot, chosen.get(&slot)?.value.clone()))
}

/// What was learned first of each slot, and by whom.
#[derive(Clone, Default, Hash)]
struct Agreement(SharedMap<Slot, (Value, NodeId)>);

impl Invariant for Agreement {
    clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let Some((id, slot, value)) = learned(record, world) else {
            return Ok(());
        };
        let (first, by) = self.0.get_or_insert(slot, (value.clone(), id));
        if *first == value {
            return Ok(());
        }
        Err(format!(
            "Slot {slot} is chosen twice: {by} learned {first} there, and {id} learns {value}."
        ))
    }
}

/// What was executed first in each slot, and how far each server has come.
#[derive(Clone, Default, Hash)]
struct SameOrder {
    first: SharedMap<Slot, (Value, NodeId)>,
    latest: SortedMap<NodeId, Slot>,
}

impl Invariant for SameOrder {
    clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        if let (Event::Recovered, Some(id)) = (&record.event, record.node) {
            // A slow disk may have lost the latest slots, and they are executed again.
            let server = world.node::<Server>(id);
            let executed = server.map_or(0, |server| server.learner.executed);
            self.latest.insert(id, executed);
        }
        let skips = record.marked(&marks::SKIPS);
        let Some(marked) = skips.or_else(|| record.marked(&marks::EXECUTES)) else {
            return Ok(());
        };
        let found = marked
            .number(0)
            .and_then(|slot| value_at(record, world, slot));
        let Some((id, slot, value)) = found else {
            return Ok(());
        };
        let before = self.latest.insert(id, slot).unwrap_or(0);
        if slot != before + 1 {
            return Err(format!(
                "{id} executes slot {slot} right after slot {before}."
            ));
        }
        let (first, by) = self.first.get_or_insert(slot, (value.clone(), id));
        if *first == value {
            return Ok(());
        }
        Err(format!(
            "In slot {slot}, {by} has executed {first}, and {id} executes {value}."
        ))
    }
}

/// What clients have asked for.
#[derive(Clone, Default, Hash)]
struct Validity(SharedMap<String, ()>);

impl Invariant for Validity {
    clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        if let Event::Invoked { request, .. } = &record.event
            && let Some(op) = request.get::<Op>()
        {
            self.0.insert(op.to_string(), ());
        }
        let Some((_, slot, value)) = learned(record, world) else {
            return Ok(());
        };
        match &*value {
            Command::Client { op, .. } if !self.0.contains_key(&op.to_string()) => Err(format!(
                "{op} is chosen in slot {slot}, and no client asked for it."
            )),
            _ => Ok(()),
        }
    }
}

/// Who led each ballot.
#[derive(Clone, Default, Hash)]
struct OneProposer(SharedMap<String, NodeId>);

impl Invariant for OneProposer {
    clone_invariant!();
    fn on_record(&mut self, record: &Record, _world: &World) -> Result<(), String> {
        let (Some(marked), Some(id)) = (record.marked(&marks::LEADS), record.node) else {
            return Ok(());
        };
        let ballot = marked.word(0).unwrap_or_default();
        match *self.0.get_or_insert(ballot.to_owned(), id) {
            first if first != id => Err(format!("{first} and {id} both lead ballot {ballot}.")),
            _ => Ok(()),
        }
    }
}

/// In which slot each request was executed first, and by whom.
#[derive(Clone, Default, Hash)]
struct AtMostOnce(SharedMap<RequestId, (Slot, NodeId)>);

impl Invariant for AtMostOnce {
    clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let Some((id, slot, value)) = executed(record, world) else {
            return Ok(());
        };
        let Some(request) = value.id() else {
            return Ok(());
        };
        let (first, by) = *self.0.get_or_insert(request, (slot, id));
        if first == slot {
            return Ok(());
        }
        Err(format!(
            "{id} executes request {request} in slot {slot}, and {by} has executed it in slot {first}."
        ))
    }
}

fn no_gap(world: &World) -> Result<(), String> {
    for id in world.live() {
        let Some(server) = world.node::<Server>(id) else {
            continue;
        };
        if server.role != Role::Client && server.learner.waits() > 0 {
            let gap = server.learner.executed + 1;
            return Err(format!(
                "{id} knows what is chosen behind slot {gap}, and not in it"
            ));
        }
    }
    Ok(())
}
