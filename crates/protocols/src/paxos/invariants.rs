//! What must hold (2.1).

use faultline_sim::event::{Event, Record};
use faultline_sim::invariant;
use faultline_sim::invariant::{Invariant, InvariantSpec};
use faultline_sim::process::NodeId;
use faultline_sim::sorted::{SortedMap, SortedSet};
use faultline_sim::world::World;

use super::chosen::Chosen;
use super::{Learner, Node, Proposer, Request, Value, marks};
use crate::parts::roles;

pub const INVARIANTS: &[InvariantSpec] = &[
    invariant!(always "one-value", "Only one value is ever chosen", new OneValue),
    invariant!(always "validity", "Only a value that a client asked for is chosen", new Validity),
    invariant!(always "integrity", "No learner learns a second value", new Integrity),
    invariant!(eventually "learned", "Once a value is proposed, every live learner learns one", learned),
];

#[derive(Clone, Default, Hash)]
struct OneValue(Chosen);

impl Invariant for OneValue {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        match (self.0.look(record, world), self.0.values.as_slice()) {
            (Some(proposal), [first, _, ..]) => Err(format!(
                "{first} is chosen, and ballot {} chooses {}",
                proposal.ballot, proposal.value
            )),
            _ => Ok(()),
        }
    }
}

#[derive(Clone, Default, Hash)]
struct Validity {
    chosen: Chosen,
    asked: SortedSet<Value>,
}

impl Invariant for Validity {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        if let Event::Invoked { request, .. } = &record.event
            && let Some(Request::Propose { value }) = request.get()
        {
            self.asked.insert(Value::from(value.as_str()));
        }
        match self.chosen.look(record, world) {
            Some(proposal) if !self.asked.contains(&proposal.value) => Err(format!(
                "{} is chosen, and no client asked for it",
                proposal.value
            )),
            _ => Ok(()),
        }
    }
}

#[derive(Clone, Default, Hash)]
struct Integrity(SortedMap<NodeId, String>);

impl Invariant for Integrity {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, _world: &World) -> Result<(), String> {
        let (Some(marked), Some(node)) = (record.marked(&marks::LEARNS), record.node) else {
            return Ok(());
        };
        let value = marked.word(1).unwrap_or_default();
        match self.0.get(&node) {
            Some(first) if first != value => {
                Err(format!("{node} learned {first}, and now learns {value}"))
            }
            Some(_) => Ok(()),
            None => {
                self.0.insert(node, value.to_owned());
                Ok(())
            }
        }
    }
}

fn learned(world: &World) -> Result<(), String> {
    let proposed = roles::all::<Node, Proposer>(world).any(|(_, node)| node.value.is_some());
    let mut waits = roles::all::<Node, Learner>(world)
        .filter(|(id, learner)| world.is_live(*id) && learner.learned.is_none());
    match waits.next() {
        Some((id, _)) if proposed => Err(format!("{id} has not learned a value")),
        _ => Ok(()),
    }
}
