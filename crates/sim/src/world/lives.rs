//! Nodes that stop, come back and leave.

use std::rc::Rc;

use super::{FlightState, Pending, Scheduled, State, World};
use crate::event::{Event, Loss, Outcome};
use crate::process::NodeId;
use crate::shared::SharedMap;

impl World {
    pub(super) fn crashed(&self) -> impl Iterator<Item = NodeId> {
        self.ids().filter(|id| !self.is_live(*id))
    }

    /// A node that is down comes back, and is not flaky any more.
    pub(super) fn end_outage(&mut self, id: NodeId, cause: u64) {
        self.end_flaky(id);
        if !self.is_live(id) {
            self.recover(id, cause);
        }
    }

    /// A node stops: its timers, its waiting deliveries and its unfinished calls are gone.
    pub(super) fn crash(&mut self, id: NodeId, cause: u64) {
        let crashed = self.record(Some(id), cause, 0, Event::Crashed);
        let now = self.now;
        self.lose_writes(id, crashed);
        self.stop(id, crashed, Loss::Down);
        let meta = &mut self.nodes[id.index()];
        meta.state = State::Down { since: now };
        meta.version += 1;
    }

    fn stop(&mut self, id: NodeId, cause: u64, loss: Loss) {
        let meta = &mut self.nodes[id.index()];
        meta.leader = None;
        meta.opinions = SharedMap::new();
        let timers = std::mem::take(&mut meta.timers);
        let inbox = std::mem::take(&mut meta.inbox);
        for slot in inbox {
            match &self.slots[slot as usize].what {
                Scheduled::Message(_) => {
                    let flight = self.take_flight(slot);
                    self.lose(&flight, loss.clone());
                }
                Scheduled::Request { operation, .. } => {
                    let operation = *operation;
                    self.release_slot(slot);
                    self.asked.remove(&operation);
                    let why = Outcome::Refused(format!("{id} is down"));
                    self.complete(id, operation, cause, why);
                }
                // Timers are released with the others below.
                Scheduled::Timer { .. } => {}
                _ => {
                    self.release_slot(slot);
                }
            }
        }
        for (_, slot) in timers {
            self.release_slot(slot);
        }
        self.fleet.forget_timers(id);
        let mut unsent = Vec::new();
        self.stack.retain_mut(|pending| match pending {
            Pending::Effects { node, effects, .. } if *node == id => {
                unsent.extend(effects.drain(..));
                false
            }
            _ => true,
        });
        for effect in unsent {
            if let crate::process::Effect::Send { message, .. } = effect {
                self.fleet.release(message);
            }
        }
    }

    /// A crashed node comes back with what survived.
    pub(super) fn recover(&mut self, id: NodeId, cause: u64) {
        let meta = &mut self.nodes[id.index()];
        meta.state = State::Up;
        meta.version += 1;
        let recovered = self.record(Some(id), cause, 0, Event::Recovered);
        self.fleet.revert(id);
        self.handle(id, recovered, None, |fleet, io| fleet.restart(io));
    }

    pub(super) fn resume(&mut self, id: NodeId, cause: u64) {
        let meta = &mut self.nodes[id.index()];
        meta.state = State::Up;
        meta.version += 1;
        let inbox = std::mem::take(&mut meta.inbox);
        self.record(Some(id), cause, 0, Event::Resumed);
        for slot in inbox {
            if let Scheduled::Message(flight) = &mut self.slots[slot as usize].what {
                flight.state = FlightState::Flying;
            }
            self.enqueue(slot, self.now);
        }
    }

    pub(super) fn remove(&mut self, id: NodeId, cause: u64) {
        if self.nodes[id.index()].state == State::Up {
            self.run_leave_handler(id, cause);
        }
        let removed = self.record(Some(id), cause, 0, Event::Removed);
        self.end_flaky(id);
        self.stop(id, removed, Loss::Removed);
        self.forget_lies(id);
        self.nodes[id.index()].state = State::Removed;
        Rc::make_mut(&mut self.known).retain(|known| *known != id);
        for meta in &mut self.nodes {
            meta.opinions.remove(&id);
        }
        self.touch_all();
    }

    /// The last handler of a node that is being removed. Its calls must all be made before it is gone,
    /// so in nested mode they lie on the stack at once, the first on top.
    fn run_leave_handler(&mut self, id: NodeId, cause: u64) {
        self.handle(id, cause, None, |fleet, io| fleet.leave(io));
        if self.nested
            && matches!(self.stack.last(), Some(Pending::Effects { node, .. }) if *node == id)
            && let Some(Pending::Effects { effects, cause, .. }) = self.stack.pop()
        {
            let below = self.stack.len();
            for effect in effects {
                self.perform(id, cause, effect);
            }
            self.stack[below..].reverse();
        }
    }

    pub(super) fn end_flaky(&mut self, id: NodeId) {
        let meta = &mut self.nodes[id.index()];
        meta.flaky = None;
        meta.version += 1;
        if let Some(slot) = meta.flap.take()
            && matches!(self.slots[slot as usize].what, Scheduled::Flap(_))
        {
            self.release_slot(slot);
        }
    }
}
