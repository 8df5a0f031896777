//! What waits to happen: entries of the queue, and the slots that hold what they are about.

use super::queue::Entry;
use super::{FREE, Flight, FlightState, PARKED, Scheduled, Slot, State, World};
use crate::event::Loss;
use crate::process::NodeId;
use crate::time::Time;

impl World {
    #[inline]
    pub(super) fn put(&mut self, what: Scheduled) -> u32 {
        let at = self.claim();
        self.slots[at as usize] = Slot {
            order: PARKED,
            what,
        };
        at
    }

    /// The number of a free slot.
    #[inline(always)]
    pub(super) fn claim(&mut self) -> u32 {
        match self.free.pop() {
            Some(at) => at,
            None => self.more_slots(),
        }
    }

    #[cold]
    pub(super) fn more_slots(&mut self) -> u32 {
        self.slots.push(Slot {
            order: FREE,
            what: Scheduled::Nothing,
        });
        self.slots.len() as u32 - 1
    }

    /// Puts a slot into the queue, or moves it.
    #[inline]
    pub(super) fn enqueue(&mut self, slot: u32, time: Time) {
        self.order += 1;
        self.slots[slot as usize].order = self.order;
        self.queue.push(Entry {
            time: time.max(self.now),
            order: self.order,
            slot,
        });
    }

    /// Puts something new into the queue; `time` is not in the past.
    #[inline(always)]
    pub(super) fn schedule(&mut self, time: Time, what: Scheduled) -> u32 {
        let slot = self.claim();
        self.order += 1;
        let order = self.order;
        self.slots[slot as usize] = Slot { order, what };
        self.queue.push(Entry { time, order, slot });
        slot
    }

    #[inline]
    pub(super) fn release_slot(&mut self, slot: u32) -> Scheduled {
        let slot_ref = &mut self.slots[slot as usize];
        slot_ref.order = FREE;
        let what = std::mem::replace(&mut slot_ref.what, Scheduled::Nothing);
        self.free.push(slot);
        what
    }

    pub(super) fn park(&mut self, slot: u32) {
        self.slots[slot as usize].order = PARKED;
    }

    pub(super) fn flight_mut(&mut self, slot: u32) -> &mut Flight {
        match &mut self.slots[slot as usize].what {
            Scheduled::Message(flight) => flight,
            _ => unreachable!("the slot holds a message"),
        }
    }

    /// Takes a message off its way, with the wall it would have met.
    #[inline]
    pub(super) fn take_flight(&mut self, slot: u32) -> Flight {
        let Scheduled::Message(flight) = self.release_slot(slot) else {
            unreachable!("the slot holds a message")
        };
        if let Some(wall) = flight.wall {
            self.release_slot(wall);
        }
        flight
    }

    /// Lets go of a slot whose content has been read.
    #[inline]
    pub(super) fn free_slot(&mut self, slot: u32) {
        let slot_ref = &mut self.slots[slot as usize];
        slot_ref.order = FREE;
        slot_ref.what = Scheduled::Nothing;
        self.free.push(slot);
    }

    /// A paused node handles nothing: what is due to it waits in its inbox.
    #[cold]
    pub(super) fn wait(&mut self, node: NodeId, slot: u32) {
        let meta = &mut self.nodes[node.index()];
        let full = meta.inbox.len() >= self.limits.inbox as usize;
        if full && matches!(self.slots[slot as usize].what, Scheduled::Message(_)) {
            let flight = self.take_flight(slot);
            return self.lose(&flight, Loss::Full);
        }
        meta.inbox.push_back(slot);
        meta.version += 1;
        self.park(slot);
        if let Scheduled::Message(flight) = &mut self.slots[slot as usize].what {
            flight.state = FlightState::Waiting;
            if let Some(wall) = flight.wall.take() {
                self.release_slot(wall);
            }
        }
    }

    #[inline]
    pub(super) fn is_paused(&self, node: NodeId) -> bool {
        matches!(self.nodes[node.index()].state, State::Paused { .. })
    }
}
