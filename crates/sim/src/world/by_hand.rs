//! By hand: a person, or a search through all orders of events, decides what comes next. Messages wait on
//! their way as if held, timers as if they had no end, until one is released or fired.

use super::{FlightState, Scheduled, World};
use crate::fault::Fault;
use crate::process::NodeId;

impl World {
    /// Whether messages and timers wait for a person.
    #[must_use]
    pub fn is_by_hand(&self) -> bool {
        self.by_hand
    }

    pub(super) fn set_by_hand(&mut self, on: bool) {
        self.by_hand = on;
        for slot in 0..self.slots.len() as u32 {
            match &self.slots[slot as usize].what {
                Scheduled::Message(flight) => {
                    let address = flight.address;
                    let fault = match on {
                        true => Fault::Hold(address),
                        false => Fault::Release(address),
                    };
                    self.message_fault(&fault, address, slot);
                }
                Scheduled::Timer { node, due, .. } => {
                    let (node, due) = (*node, *due);
                    if self.nodes[node.index()].inbox.contains(&slot) {
                        continue;
                    }
                    match on {
                        true => self.park(slot),
                        false => self.enqueue(slot, due),
                    }
                }
                _ => {}
            }
        }
        self.touch_all();
    }

    /// By hand, a message that has just left waits at once.
    pub(super) fn hold_at_start(&mut self, slot: u32) {
        let now = self.now;
        let flight = self.flight_mut(slot);
        flight.state = FlightState::Held;
        flight.held_at = now.max(flight.sent);
        self.park(slot);
    }

    /// The timer that `NAME`, or `NAME#2` for the second of this name, is at a node.
    pub(super) fn timer_to_fire(&self, node: NodeId, name: &str) -> Option<u32> {
        let (name, number) = match name.split_once('#') {
            Some((name, number)) => (name, number.parse::<usize>().ok()?.checked_sub(1)?),
            None => (name, 0),
        };
        let timers = self.timers_named(name).into_iter();
        let mut own = timers.filter(|(id, _)| *id == node);
        own.nth(number).map(|(_, slot)| slot)
    }
}
