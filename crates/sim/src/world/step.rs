//! The event loop: one entry of the queue at a time, and the records it makes.

use super::{
    Entry, FREE, Flight, FlightState, LOSSES_KEPT, PARKED, Pending, Slot, State, What, World,
};
use crate::event::{Event, Loss, Outcome, Record};
use crate::fault::Fault;
use crate::frame::LossFrame;
use crate::invariant::Expectation;
use crate::node::Fleet;
use crate::process::{Io, NodeId, Operation};
use crate::time::{Duration, Time};

impl World {
    /// When the next event happens, if there is one.
    pub fn next_time(&mut self) -> Option<Time> {
        if self.halted.is_some() {
            return None;
        }
        if !self.stack.is_empty() {
            return Some(self.now);
        }
        loop {
            let entry = self.queue.peek()?;
            if self.slots[entry.slot as usize].order == entry.order {
                return Some(entry.time);
            }
            self.queue.pop();
        }
    }

    /// Processes one event. False if there is none, or the run was cut.
    #[inline]
    pub fn step(&mut self) -> bool {
        if self.halted.is_some() {
            return false;
        }
        if let Some(Pending::Call(slot)) = self.stack.last() {
            let slot = *slot;
            self.stack.pop();
            self.begin_event(self.now);
            self.deliver(slot);
            self.unwind();
            self.end_event();
            return true;
        }
        loop {
            let Some(entry) = self.queue.pop() else {
                return false;
            };
            let slot = &self.slots[entry.slot as usize];
            if slot.order != entry.order {
                continue;
            }
            self.begin_event(entry.time);
            if self.wait_if_paused(entry.slot) {
                return true;
            }
            match &self.slots[entry.slot as usize].what {
                What::Message(_) => self.deliver(entry.slot),
                What::Timer { .. } => self.fire(entry.slot),
                _ => self.rare(entry.slot),
            }
            if self.nested {
                self.unwind();
            }
            self.end_event();
            return true;
        }
    }

    #[inline]
    fn begin_event(&mut self, time: Time) {
        self.events += 1;
        if time > self.now {
            self.now = time;
            self.instant = 0;
        }
        self.instant += 1;
    }

    /// Shows the event's records to the monitors and checks the limits.
    #[inline]
    pub(super) fn end_event(&mut self) {
        if self.recording {
            self.judge();
        }
        let too_many = self.slots.len() - self.free.len() > self.limits.queue as usize;
        if self.events >= self.limits.events || self.instant >= self.limits.instant || too_many {
            self.halt();
        }
    }

    #[cold]
    fn halt(&mut self) {
        let limits = self.limits;
        self.halted = Some(if self.events >= limits.events {
            format!(
                "The run was cut after {} events: that is the limit of one run.",
                self.events
            )
        } else if self.instant >= limits.instant {
            format!(
                "The run was cut: more than {} events happened at one instant, so time stands still.",
                limits.instant
            )
        } else {
            format!(
                "The run was cut: more than {} messages and timers are on their way at once.",
                limits.queue
            )
        });
    }

    /// Monitors look at the records that no monitor has seen yet.
    fn judge(&mut self) {
        let seen = self.judged.min(self.out.len());
        if seen == self.out.len() {
            return;
        }
        let mut watches = std::mem::take(&mut self.watches);
        let mut meters = std::mem::take(&mut self.meters);
        let out = std::mem::take(&mut self.out);
        let mut violated = Vec::new();
        for record in &out[seen..] {
            for meter in &mut meters {
                meter.probe.on_record(record, self);
            }
            for watch in &mut watches {
                if watch.broken.is_some() {
                    continue;
                }
                let verdict = watch.monitor.on_record(record, self);
                if let (Err(reason), Expectation::Always) = (verdict, watch.spec.kind) {
                    watch.broken = Some((reason.clone(), record.time, record.seq));
                    violated.push((record.node, record.seq, watch.spec.name, reason));
                }
            }
        }
        self.out = out;
        self.watches = watches;
        self.meters = meters;
        for (_, seq, invariant, reason) in violated {
            self.record(None, seq, 0, Event::Violated { invariant, reason });
        }
        self.judged = self.out.len();
    }

    // Records -----------------------------------------------------------------------------------

    /// Gives the next number and Lamport stamp. `floor` is the stamp of a cause at another node.
    #[inline]
    pub(super) fn stamp(&mut self, node: Option<NodeId>, floor: u64) -> (u64, u64) {
        self.records += 1;
        let lamport = match node {
            Some(node) => {
                let own = &mut self.nodes[node.index()].lamport;
                *own = (*own).max(floor) + 1;
                *own
            }
            None => floor + 1,
        };
        (self.records, lamport)
    }

    #[inline]
    pub(super) fn push_record(
        &mut self,
        node: Option<NodeId>,
        (seq, lamport): (u64, u64),
        caused_by: u64,
        event: Event,
    ) {
        self.out.push(Record {
            seq,
            time: self.now,
            node,
            event,
            caused_by,
            lamport,
        });
    }

    /// Writes a record down and returns its number.
    #[inline]
    pub(super) fn record(
        &mut self,
        node: Option<NodeId>,
        caused_by: u64,
        floor: u64,
        event: Event,
    ) -> u64 {
        let stamp = self.stamp(node, floor);
        if self.recording {
            self.push_record(node, stamp, caused_by, event);
        }
        stamp.0
    }

    // The queue ---------------------------------------------------------------------------------

    #[inline]
    pub(super) fn put(&mut self, what: What) -> u32 {
        let slot = Slot {
            order: PARKED,
            what,
        };
        if let Some(at) = self.free.pop() {
            self.slots[at as usize] = slot;
            at
        } else {
            self.slots.push(slot);
            self.slots.len() as u32 - 1
        }
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

    #[inline]
    pub(super) fn schedule(&mut self, time: Time, what: What) -> u32 {
        let slot = self.put(what);
        self.enqueue(slot, time);
        slot
    }

    #[inline]
    pub(super) fn release_slot(&mut self, slot: u32) -> What {
        let slot_ref = &mut self.slots[slot as usize];
        slot_ref.order = FREE;
        let what = std::mem::replace(&mut slot_ref.what, What::Nothing);
        self.free.push(slot);
        what
    }

    pub(super) fn park(&mut self, slot: u32) {
        self.slots[slot as usize].order = PARKED;
    }

    pub(super) fn flight_mut(&mut self, slot: u32) -> &mut Flight {
        match &mut self.slots[slot as usize].what {
            What::Message(flight) => flight,
            _ => unreachable!("the slot holds a message"),
        }
    }

    /// Takes a message off its way, with the wall it would have met.
    #[inline]
    pub(super) fn take_flight(&mut self, slot: u32) -> Flight {
        let What::Message(flight) = self.release_slot(slot) else {
            unreachable!("the slot holds a message")
        };
        if let Some(wall) = flight.wall {
            self.release_slot(wall);
        }
        flight
    }

    /// A paused node handles nothing: what is due to it waits in its inbox.
    #[inline]
    fn wait_if_paused(&mut self, slot: u32) -> bool {
        let node = match &self.slots[slot as usize].what {
            What::Message(flight) => flight.address.to,
            What::Timer { node, .. } | What::Start(node) | What::Request { node, .. } => *node,
            What::Wall(_) | What::Flap(_) | What::Nothing => return false,
        };
        let Some(meta) = self.nodes.get_mut(node.index()) else {
            return false;
        };
        if !matches!(meta.state, State::Paused { .. }) {
            return false;
        }
        meta.inbox.push_back(slot);
        meta.version += 1;
        self.park(slot);
        if let What::Message(flight) = &mut self.slots[slot as usize].what {
            flight.state = FlightState::Waiting;
            if let Some(wall) = flight.wall.take() {
                self.release_slot(wall);
            }
        }
        true
    }

    // Handling ----------------------------------------------------------------------------------

    /// Runs one handler and performs what it asked for (nested: puts it on the stack).
    #[inline]
    pub(super) fn handle<R>(
        &mut self,
        node: NodeId,
        cause: u64,
        operation: Option<Operation>,
        act: impl FnOnce(&mut dyn Fleet, Io<'_>) -> R,
    ) -> R {
        let mut effects = std::mem::take(&mut self.effects);
        let at = node.index();
        let result = {
            let now = self.nodes[at].clock.read(self.now);
            let World {
                fleet,
                rngs,
                settings,
                known,
                nodes,
                network,
                next_operation,
                ..
            } = self;
            nodes[at].version += 1;
            let nodes = &*nodes;
            let network = &*network;
            let reach = |to: NodeId| {
                let up = nodes
                    .get(to.index())
                    .is_some_and(|meta| meta.state == State::Up);
                up && network.wall(node, to).is_none()
            };
            let io = Io {
                me: node,
                now,
                known,
                rng: &mut rngs[at],
                settings,
                effects: &mut effects,
                operation,
                next_operation,
                reach: if self.nested { Some(&reach) } else { None },
            };
            act(&mut **fleet, io)
        };
        if self.nested {
            if !effects.is_empty() {
                let effects = effects.drain(..).collect();
                self.stack.push(Pending::Effects {
                    node,
                    cause,
                    effects,
                });
            }
        } else {
            for effect in effects.drain(..) {
                self.perform(node, cause, effect);
            }
        }
        self.effects = effects;
        result
    }

    /// Nested mode: performs effects until one of them is a call, or none are left.
    pub(super) fn unwind(&mut self) {
        while let Some(Pending::Effects {
            node,
            cause,
            effects,
        }) = self.stack.last_mut()
        {
            let (node, cause) = (*node, *cause);
            match effects.pop_front() {
                Some(effect) => self.perform(node, cause, effect),
                None => {
                    self.stack.pop();
                }
            }
        }
    }

    #[inline]
    fn deliver(&mut self, slot: u32) {
        let flight = self.take_flight(slot);
        let to = flight.address.to;
        match self.nodes.get(to.index()).map(|meta| meta.state) {
            Some(State::Up) => {}
            Some(State::Paused { .. }) => {
                // Only a direct call gets here; it waits like a message.
                let slot = self.put(What::Message(flight));
                self.wait_if_paused(slot);
                return;
            }
            Some(State::Down { .. }) => return self.lose(&flight, Loss::Down),
            Some(State::Removed) | None => return self.lose(&flight, Loss::Removed),
        }
        if self.nested
            && let Some(wall) = self.network.wall(flight.address.from, to)
        {
            return self.lose(&flight, Loss::Wall(wall));
        }
        let stamp = self.stamp(Some(to), flight.lamport);
        if self.recording {
            let kind = self.fleet.kind(flight.message);
            let message = self.fleet.shared(flight.message);
            let event = Event::Delivered {
                address: flight.address,
                kind,
                message,
            };
            self.push_record(Some(to), stamp, flight.cause, event);
        }
        self.handle(to, stamp.0, None, |fleet, io| {
            fleet.deliver(flight.address.from, flight.message, io);
        });
    }

    #[inline]
    fn fire(&mut self, slot: u32) {
        let What::Timer {
            node, id, cause, ..
        } = self.release_slot(slot)
        else {
            unreachable!("the slot holds a timer")
        };
        self.nodes[node.index()]
            .timers
            .retain(|(timer, _)| *timer != id);
        let stamp = self.stamp(Some(node), 0);
        if self.recording {
            let timer = self.fleet.timer_kind(node, id);
            self.push_record(Some(node), stamp, cause, Event::TimerFired { timer, id });
        }
        self.handle(node, stamp.0, None, |fleet, io| {
            fleet.fire(id, io);
        });
    }

    /// Everything that is neither a delivery nor a timer.
    fn rare(&mut self, slot: u32) {
        match self.release_slot(slot) {
            What::Start(node) => {
                if self.nodes[node.index()].state == State::Up {
                    let cause = self.record(Some(node), 0, 0, Event::Started);
                    self.handle(node, cause, None, |fleet, io| fleet.start(io));
                }
            }
            What::Wall(flight_slot) => {
                let flight = self.flight_mut(flight_slot);
                flight.wall = None;
                let (from, to) = (flight.address.from, flight.address.to);
                if let Some(wall) = self.network.wall(from, to) {
                    let flight = self.take_flight(flight_slot);
                    self.lose(&flight, Loss::Wall(wall));
                }
            }
            What::Flap(node) => self.flap(node),
            What::Request {
                node,
                operation,
                request,
                cause,
            } => {
                self.request(node, operation, &request, cause);
            }
            What::Message(_) | What::Timer { .. } | What::Nothing => {}
        }
    }

    fn request(&mut self, node: NodeId, op: Operation, request: &serde_json::Value, cause: u64) {
        if self.nodes[node.index()].state != State::Up {
            let why = format!("{node} is down");
            return self.complete(node, op, cause, Outcome::Refused(why));
        }
        let invoked = self.record(
            Some(node),
            cause,
            0,
            Event::Noted(format!("is asked for operation {}", op.0)),
        );
        let taken = self.handle(node, invoked, Some(op), |fleet, io| {
            fleet.request(request, io)
        });
        if let Err(why) = taken {
            self.complete(node, op, invoked, Outcome::Refused(why));
        }
    }

    /// A flaky node goes down, or comes up again.
    fn flap(&mut self, node: NodeId) {
        let Some((down, up)) = self.nodes[node.index()].flaky else {
            return;
        };
        let stays = if self.is_live(node) {
            self.crash(node, 0);
            down
        } else {
            self.recover(node, 0);
            up
        };
        let next = self.schedule(self.now + stays, What::Flap(node));
        self.nodes[node.index()].flap = Some(next);
    }

    /// A message is lost, for this reason.
    pub(super) fn lose(&mut self, flight: &Flight, by: Loss) {
        let stamp = self.stamp(None, flight.lamport);
        if self.recording {
            let kind = self.fleet.kind(flight.message);
            let way = flight.arrives.since(flight.sent).0.max(1);
            let come = self.now.since(flight.sent).0.min(way);
            self.losses.push_back(LossFrame {
                address: flight.address,
                kind,
                at: self.now,
                progress: come as f64 / way as f64,
                by: by.to_string(),
            });
            if self.losses.len() > LOSSES_KEPT {
                self.losses.pop_front();
            }
            let event = Event::Lost {
                address: flight.address,
                kind,
                by,
            };
            self.push_record(None, stamp, flight.cause, event);
        }
        self.fleet.release(flight.message);
    }

    /// Gives walls to messages that will meet one, and takes them from those that no longer will.
    pub(super) fn refresh_walls(&mut self) {
        for slot in 0..self.slots.len() as u32 {
            let What::Message(flight) = &self.slots[slot as usize].what else {
                continue;
            };
            if flight.state != FlightState::Flying || self.slots[slot as usize].order == PARKED {
                continue;
            }
            let (middle, wall) = (flight.middle(), flight.wall);
            let (from, to) = (flight.address.from, flight.address.to);
            let blocked = middle >= self.now && self.network.wall(from, to).is_some();
            match (blocked, wall) {
                (true, None) => {
                    let wall = self.schedule(middle, What::Wall(slot));
                    self.flight_mut(slot).wall = Some(wall);
                }
                (false, Some(wall)) => {
                    self.release_slot(wall);
                    self.flight_mut(slot).wall = None;
                }
                _ => {}
            }
        }
    }

    /// Lets a message arrive at another time, from where it is now.
    pub(super) fn retime(&mut self, slot: u32, arrives: Time) {
        let now = self.now;
        let flight = self.flight_mut(slot);
        let left = flight.arrives.since(now).0;
        let new_left = arrives.since(now).0;
        // It keeps its place on the link: what lies behind it is stretched like what lies ahead.
        if let (Some(done), true) = (now.0.checked_sub(flight.sent.0), left > 0) {
            let done = (u128::from(done) * u128::from(new_left) / u128::from(left)) as u64;
            flight.sent = Time(now.0.saturating_sub(done));
        }
        flight.arrives = arrives.max(now);
        let (at, wall) = (flight.arrives, flight.wall.take());
        if let Some(wall) = wall {
            self.release_slot(wall);
        }
        self.enqueue(slot, at);
        self.refresh_walls();
    }

    /// A flight with this address.
    pub(super) fn find_flight(&self, address: crate::network::Address) -> Option<u32> {
        self.flights()
            .find(|(_, flight)| flight.address == address)
            .map(|(slot, _)| slot)
    }

    /// Faults armed for a message before it was sent.
    pub(super) fn take_armed(&mut self, from: NodeId, to: NodeId, k: u32) -> Vec<Fault> {
        if self.armed.is_empty() {
            return Vec::new();
        }
        self.armed.remove(&(from, to, k)).unwrap_or_default()
    }

    /// How long from now a message leaves the node's disk.
    #[inline]
    pub(super) fn leaves(&mut self, node: NodeId) -> Time {
        let now = self.now;
        let meta = &mut self.nodes[node.index()];
        if meta.disk == Duration(0) {
            return now;
        }
        if meta.disk_write != self.events {
            // One handler is one write; writes queue up.
            meta.disk_write = self.events;
            meta.disk_free = meta.disk_free.max(now) + meta.disk;
        }
        meta.disk_free
    }

    pub(super) fn touch_all(&mut self) {
        for node in &mut self.nodes {
            node.version += 1;
        }
    }
}
