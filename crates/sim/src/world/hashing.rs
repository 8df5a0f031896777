//! One number for the state of a world: two worlds with the same number have the same future.

use std::hash::{Hash, Hasher};

use super::queue::Entry;
use super::{FlightState, Pending, Scheduled, World};
use crate::hash::{StableHasher, hex};
use crate::process::{Effect, NodeId};
use crate::sorted;

impl World {
    /// A hash of everything that can influence the future, and of the present instant. What has
    /// happened is no part of it (records, causes, measures), nor is where in memory things lie.
    #[must_use]
    pub fn state_hash(&self) -> String {
        let mut hasher = StableHasher::default();
        (self.now, self.events, self.instant).hash(&mut hasher);
        self.common.settings.hash(&mut hasher);
        self.common.rngs.hash(&mut hasher);
        self.common.next_operation.hash(&mut hasher);
        self.network.hash_into(&mut hasher);
        self.hash_nodes(&mut hasher);
        self.hash_schedule(&mut hasher);
        self.hash_held(&mut hasher);
        self.hash_stack(&mut hasher);
        for (message, faults) in &self.armed {
            message.hash(&mut hasher);
            for fault in faults {
                fault.to_string().hash(&mut hasher);
            }
        }
        if let Some(monkey) = self.monkey() {
            monkey.hash(&mut hasher);
        }
        if self.by_hand {
            self.hash_waiting_timers(&mut hasher);
        }
        for operation in &self.operations {
            (operation.id, operation.completed.is_some()).hash(&mut hasher);
        }
        hex(hasher.finish())
    }

    fn hash_nodes(&self, hasher: &mut StableHasher) {
        for (at, node) in self.nodes.iter().enumerate() {
            self.fleet.hash_node(NodeId(at as u32 + 1), hasher);
            (node.state, node.lamport, node.leader).hash(hasher);
            node.clock.hash(hasher);
            node.opinions.hash(hasher);
            (node.lie, node.flaky).hash(hasher);
            node.disk.hash(hasher);
            for (to, message) in &node.last_true {
                to.hash(hasher);
                self.fleet.hash_message(*message, hasher);
            }
            hasher.write_usize(node.inbox.len());
            for slot in &node.inbox {
                self.hash_slot(*slot, hasher);
            }
        }
    }

    /// What is to come, in the order in which it will come.
    fn hash_schedule(&self, hasher: &mut StableHasher) {
        let valid = |entry: &&Entry| self.slots[entry.slot as usize].order == entry.order;
        let mut entries: Vec<&Entry> = self.queue.entries().filter(valid).collect();
        sorted::sort_by_key(&mut entries, |entry| (entry.time, entry.order));
        for entry in entries {
            entry.time.hash(hasher);
            self.hash_slot(entry.slot, hasher);
        }
    }

    /// Messages that a person holds are in no queue.
    fn hash_held(&self, hasher: &mut StableHasher) {
        let flights = self.flights();
        let mut held: Vec<_> = flights
            .filter(|(_, flight)| flight.state == FlightState::Held)
            .map(|(slot, flight)| (flight.address, slot))
            .collect();
        sorted::sort_by_key(&mut held, |(address, _)| *address);
        for (_, slot) in held {
            self.hash_slot(slot, hasher);
        }
    }

    /// By hand, timers are in no queue.
    fn hash_waiting_timers(&self, hasher: &mut StableHasher) {
        hasher.write(b"by hand");
        for (_, slot) in self.nodes.iter().flat_map(|node| &node.timers) {
            self.hash_slot(*slot, hasher);
        }
    }

    fn hash_stack(&self, hasher: &mut StableHasher) {
        for pending in &self.stack {
            match pending {
                Pending::Call(slot) => self.hash_slot(*slot, hasher),
                Pending::Effects { node, effects, .. } => {
                    (node, effects.len()).hash(hasher);
                    for effect in effects {
                        match effect {
                            Effect::Send { to, message } => {
                                to.hash(hasher);
                                self.fleet.hash_message(*message, hasher);
                            }
                            other => format!("{other:?}").hash(hasher),
                        }
                    }
                }
            }
        }
    }

    fn hash_slot(&self, slot: u32, hasher: &mut StableHasher) {
        let what = &self.slots[slot as usize].what;
        std::mem::discriminant(what).hash(hasher);
        match what {
            Scheduled::Nothing | Scheduled::Monkey => {}
            Scheduled::Start(node) | Scheduled::Flap(node) | Scheduled::Rescue(node) => {
                node.hash(hasher);
            }
            Scheduled::Message(flight) => {
                let times = (flight.sent, flight.arrives, flight.held_at);
                (flight.address, times, flight.lamport, flight.state).hash(hasher);
                self.copies_of(flight.address).hash(hasher);
                self.fleet.hash_message(flight.message, hasher);
            }
            Scheduled::Timer { node, id, due, .. } => (node, id, due).hash(hasher),
            Scheduled::Wall(flight) => match &self.slots[*flight as usize].what {
                Scheduled::Message(flight) => flight.address.hash(hasher),
                _ => unreachable!("a wall belongs to a message"),
            },
            Scheduled::Request {
                node, operation, ..
            } => {
                (node, operation).hash(hasher);
                let asked = self.asked.get(operation);
                asked.map(ToString::to_string).hash(hasher);
            }
            Scheduled::Answer(operation) => {
                operation.hash(hasher);
                let answer = self.late_answers.get(operation);
                answer
                    .map(|answer| (answer.node, &answer.reply))
                    .hash(hasher);
            }
        }
    }
}
