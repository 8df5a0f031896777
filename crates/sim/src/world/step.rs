//! The event loop: one entry of the queue at a time, and the records it makes.

use std::rc::Rc;

use super::{Breach, Pending, Scheduled, State, World};
use crate::event::{Event, Loss, Outcome, Record};
use crate::invariant::Expectation;
use crate::mark::{Mark, Marked};
use crate::memory;
use crate::network::Address;
use crate::node::Fleet;
use crate::process::{Io, NodeId, Operation, Step};
use crate::time::{LocalTime, Time};

/// A request from outside has reached the node.
const ASKED: Mark = Mark::new("asked", "is asked for operation {}");

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
        if self.nested
            && let Some(Pending::Call(slot)) = self.stack.last()
        {
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
            if self.slots[entry.slot as usize].order != entry.order {
                continue;
            }
            self.begin_event(entry.time);
            match &self.slots[entry.slot as usize].what {
                Scheduled::Message(_) => self.deliver(entry.slot),
                Scheduled::Timer { .. } => self.fire(entry.slot),
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
            self.show_records();
        }
        self.check_limits();
    }

    /// Monitors look at the records that no monitor has seen yet.
    #[inline]
    fn show_records(&mut self) {
        let seen = self.judged.min(self.out.len());
        if seen == self.out.len() {
            return;
        }
        if self.watches.is_empty() && self.meters.is_empty() && self.judge.is_none() {
            self.judged = self.out.len();
            return;
        }
        self.show_from(seen);
    }

    fn show_from(&mut self, seen: usize) {
        let mut watches = std::mem::take(&mut self.watches);
        let mut meters = std::mem::take(&mut self.meters);
        let out = std::mem::take(&mut self.out);
        let mut violated = Vec::new();
        let mut wrong = Vec::new();
        for record in &out[seen..] {
            if matches!(
                record.event,
                Event::Invoked { .. } | Event::Completed { .. } | Event::Crashed | Event::Removed
            ) && let Some(mut judge) = self.judge.take()
            {
                judge.read(record, self);
                self.judge = Some(judge);
            }
            for meter in &mut meters {
                meter.probe.on_record(record, self);
            }
            for watch in &mut watches {
                let judges = watch.monitor.judges_answers();
                if watch.broken.is_some() && !judges {
                    continue;
                }
                let verdict = watch.monitor.on_record(record, self);
                let (Err(reason), Expectation::Always) = (verdict, watch.spec.kind) else {
                    continue;
                };
                if let (true, Event::Completed { operation, .. }) = (judges, &record.event) {
                    wrong.push((*operation, Rc::from(&*reason)));
                }
                if watch.broken.is_none() {
                    watch.broken = Some(Breach {
                        reason: reason.clone(),
                        at: record.time,
                        seq: record.seq,
                        node: record.node,
                    });
                    violated.push((record.node, record.seq, watch.spec.name, reason));
                }
            }
        }
        self.out = out;
        self.watches = watches;
        self.meters = meters;
        for (id, reason) in wrong {
            let mut operations = self.operations.iter_mut();
            if let Some(operation) = operations.find(|operation| operation.id == id) {
                operation.wrong.get_or_insert(reason);
            }
        }
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
                let meta = &mut self.nodes[node.index()];
                meta.lamport = meta.lamport.max(floor) + 1;
                // Part of what a node shows.
                meta.version += 1;
                meta.lamport
            }
            None => floor + 1,
        };
        (self.records, lamport)
    }

    /// Puts a record behind the others. It is made where it will lie: a copy would cost more than
    /// all its fields.
    #[inline]
    pub(super) fn push_record(
        &mut self,
        node: Option<NodeId>,
        (seq, lamport): (u64, u64),
        caused_by: u64,
        event: impl FnOnce() -> Event,
    ) {
        let time = self.now;
        self.out.extend(std::iter::once_with(|| Record {
            seq,
            time,
            node,
            event: event(),
            caused_by,
            lamport,
            wrote: false,
        }));
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
            self.push_record(node, stamp, caused_by, || event);
        }
        stamp.0
    }

    // Handling ----------------------------------------------------------------------------------

    /// Runs one handler and performs what it asked for (nested: puts it on the stack).
    #[inline]
    pub(super) fn handle<R>(
        &mut self,
        node: NodeId,
        cause: u64,
        operation: Option<Operation>,
        act: impl for<'a> FnOnce(&'a mut dyn Fleet, &'a mut Io<'a>) -> R,
    ) -> R {
        let meta = &mut self.nodes[node.index()];
        meta.version += 1;
        let now = meta.clock.read(self.now);
        self.act(node, now, cause, operation, act)
    }

    /// The same for a node whose clock has been read.
    #[inline(always)]
    fn act<R>(
        &mut self,
        node: NodeId,
        now: LocalTime,
        cause: u64,
        operation: Option<Operation>,
        act: impl for<'a> FnOnce(&'a mut dyn Fleet, &'a mut Io<'a>) -> R,
    ) -> R {
        self.common.held = memory::held();
        if self.nested {
            return self.act_nested(node, now, cause, operation, act);
        }
        let slow = self.nodes[node.index()].needs_slow_path;
        if slow {
            self.before_handler(node);
        }
        self.common.wrote = false;
        let result = act(
            &mut *self.fleet,
            &mut Io {
                me: node,
                now,
                known: &self.known,
                common: &mut self.common,
                operation,
                reach: None,
            },
        );
        if self.common.wrote && self.recording {
            self.note_write(cause);
        }
        self.perform_effects(node, cause);
        if slow && self.nodes[node.index()].disk.is_slow() {
            // What it sends nobody is written, too.
            self.join_write(node);
        }
        result
    }

    /// The handler that this record began has written to disk.
    fn note_write(&mut self, record: u64) {
        let last = self.out.last_mut().filter(|last| last.seq == record);
        last.into_iter().for_each(|last| last.wrote = true);
    }

    #[cold]
    fn act_nested<R>(
        &mut self,
        node: NodeId,
        now: LocalTime,
        cause: u64,
        operation: Option<Operation>,
        act: impl for<'a> FnOnce(&'a mut dyn Fleet, &'a mut Io<'a>) -> R,
    ) -> R {
        let (nodes, network) = (&self.nodes, &self.network);
        let reach = |to: NodeId| {
            let up = nodes
                .get(to.index())
                .is_some_and(|meta| meta.state == State::Up);
            up && network.wall(node, to).is_none()
        };
        let result = act(
            &mut *self.fleet,
            &mut Io {
                me: node,
                now,
                known: &self.known,
                common: &mut self.common,
                operation,
                reach: Some(&reach),
            },
        );
        let effects = self.common.effects.take();
        if !effects.is_empty() {
            self.stack.push(Pending::Effects {
                node,
                cause,
                effects,
            });
        }
        result
    }

    #[inline]
    fn perform_effects(&mut self, node: NodeId, cause: u64) {
        let count = self.common.effects.steps.len();
        if count == 0 {
            return;
        }
        if self.is_calm(node) {
            self.number_sends(node);
        }
        for at in 0..count {
            match self.common.effects.steps[at] {
                Step::Send { to, message, k: 0 } => self.send(node, to, message, cause),
                Step::Send { to, message, k } => self.send_fast(node, to, message, k, cause),
                Step::SetTimer { id, after } => self.set_timer(node, id, after, cause),
                Step::CancelTimer { id } => self.cancel_timer(node, id),
                Step::Rare => {
                    if let Some(effect) = self.common.effects.rare.pop_front() {
                        self.perform(node, cause, effect);
                    }
                }
            }
        }
        self.common.effects.steps.clear();
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

    #[inline(always)]
    fn deliver(&mut self, slot: u32) {
        let Scheduled::Message(flight) = &self.slots[slot as usize].what else {
            unreachable!("the slot holds a message")
        };
        let (from, to) = (flight.address.from, flight.address.to);
        let (message, lamport) = (flight.message, flight.lamport);
        let plain = flight.wall.is_none() && !self.nested;
        match self.nodes.get(to.index()) {
            Some(meta) if plain && matches!(meta.state, State::Up) => {}
            _ => {
                if !self.gets_through(slot) {
                    return;
                }
            }
        }
        let meta = &mut self.nodes[to.index()];
        meta.lamport = meta.lamport.max(lamport) + 1;
        meta.version += 1;
        self.records += 1;
        let (delivered, lamport) = (self.records, meta.lamport);
        let now = meta.clock.read(self.now);
        if self.recording {
            self.push_delivered(slot, (delivered, lamport));
        }
        self.free_slot(slot);
        self.act(to, now, delivered, None, |fleet, io| {
            fleet.deliver(from, message, io);
        });
    }

    fn push_delivered(&mut self, slot: u32, stamp: (u64, u64)) {
        let flight = self.flight_mut(slot);
        let (address, message, sent) = (flight.address, flight.message, flight.cause);
        let (kind, message) = self.fleet.shared(message);
        self.push_record(Some(address.to), stamp, sent, || Event::Delivered {
            address,
            kind,
            message,
        });
    }

    /// Whether a message is delivered where anything else may come of it: it may have to wait, or is
    /// lost.
    #[cold]
    fn gets_through(&mut self, slot: u32) -> bool {
        let Address { from, to, .. } = self.flight_mut(slot).address;
        let lost = match self.nodes.get(to.index()).map(|meta| meta.state) {
            Some(State::Up) => {
                let wall = self.network.wall(from, to).filter(|_| self.nested);
                wall.map(Loss::Blocked)
            }
            Some(State::Paused { .. }) => {
                self.wait(to, slot);
                return false;
            }
            Some(State::Down { .. }) => Some(Loss::Down),
            Some(State::Removed) | None => Some(Loss::Removed),
        };
        if let Some(lost) = lost {
            let flight = self.take_flight(slot);
            self.lose(&flight, lost);
            return false;
        }
        if let Some(wall) = self.flight_mut(slot).wall.take() {
            self.release_slot(wall);
        }
        true
    }

    #[inline]
    fn fire(&mut self, slot: u32) {
        let Scheduled::Timer {
            node, id, cause, ..
        } = self.slots[slot as usize].what
        else {
            unreachable!("the slot holds a timer")
        };
        if self.is_paused(node) {
            return self.wait(node, slot);
        }
        self.free_slot(slot);
        let timers = &mut self.nodes[node.index()].timers;
        if let Some(at) = timers.iter().position(|(timer, _)| *timer == id) {
            timers.remove(at);
        }
        let stamp = self.stamp(Some(node), 0);
        if self.recording {
            let timer = self.fleet.timer_kind(node, id);
            let fired = || Event::TimerFired { timer, id };
            self.push_record(Some(node), stamp, cause, fired);
        }
        self.handle(node, stamp.0, None, |fleet, io| {
            fleet.fire(id, io);
        });
    }

    /// Everything that is neither a delivery nor a timer.
    fn rare(&mut self, slot: u32) {
        if let Scheduled::Start(node) | Scheduled::Request { node, .. } =
            self.slots[slot as usize].what
            && self.is_paused(node)
        {
            return self.wait(node, slot);
        }
        match self.release_slot(slot) {
            Scheduled::Start(node) => {
                if self.nodes[node.index()].state == State::Up {
                    let cause = self.record(Some(node), 0, 0, Event::Started);
                    self.handle(node, cause, None, |fleet, io| fleet.start(io));
                }
            }
            Scheduled::Wall(flight_slot) => {
                let flight = self.flight_mut(flight_slot);
                flight.wall = None;
                let (from, to) = (flight.address.from, flight.address.to);
                if let Some(wall) = self.network.wall(from, to) {
                    let flight = self.take_flight(flight_slot);
                    self.lose(&flight, Loss::Blocked(wall));
                }
            }
            Scheduled::Flap(node) => self.flap(node),
            Scheduled::Monkey => self.strike(),
            Scheduled::Rescue(node) => self.rescue(node),
            Scheduled::Request {
                node,
                operation,
                cause,
            } => {
                if let Some(request) = self.asked.remove(&operation) {
                    self.request(node, operation, &request, cause);
                }
            }
            Scheduled::Answer(operation) => {
                if let Some(answer) = self.late_answers.remove(&operation) {
                    let outcome = Outcome::Replied(answer.reply);
                    self.complete(answer.node, operation, answer.cause, outcome);
                }
            }
            Scheduled::Message(_) | Scheduled::Timer { .. } | Scheduled::Nothing => {}
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
            Event::Marked(Marked::new(&ASKED, op.0)),
        );
        self.begin_operation(node, op);
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
        let next = self.schedule(self.now + stays, Scheduled::Flap(node));
        self.nodes[node.index()].flap = Some(next);
    }
}
