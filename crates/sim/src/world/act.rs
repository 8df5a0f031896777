//! Performing effects: what processes wish, and what the network and faults make of it.

use super::{
    COPIES_REMEMBERED, Flight, FlightState, OPERATIONS_KEPT, OperationState, PARKED, Pending,
    Scheduled, World,
};
use crate::event::{Event, Loss, Outcome};
use crate::fault::{Fault, Lie};
use crate::mark::{Mark, Marked};
use crate::network::Address;
use crate::process::{Belief, Effect, Handle, NodeId, Operation, Shared, Step};
use crate::rng::{Purpose, draw};
use crate::sorted::sort_by_key;
use crate::time::{Duration, Time};

/// A message had no receiver.
const NOBODY: Mark = Mark::new("nobody", "cannot send {}: there is no {}");

impl World {
    pub(super) fn perform(&mut self, node: NodeId, cause: u64, effect: Effect) {
        match effect {
            Effect::Send { to, message } => self.send(node, to, message, cause),
            Effect::SetTimer { id, after } => self.set_timer(node, id, after, cause),
            Effect::CancelTimer { id } => self.cancel_timer(node, id),
            Effect::Believe(belief) => self.believe(node, cause, belief),
            Effect::Invoke { operation, request } => {
                let event = Event::Invoked {
                    operation,
                    request: request.clone(),
                };
                self.record(Some(node), cause, 0, event);
                self.keep_operation(operation, node, request);
                self.begin_operation(node, operation);
            }
            Effect::Reply { operation, reply } => {
                self.answer(node, operation, cause, reply);
            }
            Effect::Mark(marked) => {
                self.record(Some(node), cause, 0, Event::Marked(marked));
            }
        }
    }

    #[inline(always)]
    pub(super) fn set_timer(&mut self, node: NodeId, id: u32, after: Duration, cause: u64) {
        let due = self.now + self.nodes[node.index()].clock.true_length(after);
        let stamp = self.stamp(Some(node), 0);
        if self.recording {
            let timer = self.fleet.timer_kind(node, id);
            let set = || Event::TimerSet { timer, id, due };
            self.push_record(Some(node), stamp, cause, set);
        }
        let what = Scheduled::Timer {
            node,
            id,
            cause: stamp.0,
            set_at: self.now,
            due,
        };
        let slot = match self.by_hand {
            true => self.put(what),
            false => self.schedule(due, what),
        };
        self.nodes[node.index()].timers.push((id, slot));
    }

    #[inline]
    pub(super) fn cancel_timer(&mut self, node: NodeId, id: u32) {
        let timers = &mut self.nodes[node.index()].timers;
        if let Some(at) = timers.iter().position(|(timer, _)| *timer == id) {
            let (_, slot) = timers.swap_remove(at);
            self.release_slot(slot);
        }
    }

    fn believe(&mut self, node: NodeId, cause: u64, belief: Belief) {
        let meta = &mut self.nodes[node.index()];
        let news = match &belief {
            Belief::Leader(leader) => std::mem::replace(&mut meta.leader, *leader) != *leader,
            Belief::Peer {
                node: peer,
                opinion,
            } => meta.opinions.insert(*peer, *opinion) != Some(*opinion),
        };
        if news {
            meta.version += 1;
            self.record(Some(node), cause, 0, Event::Believed(belief));
        }
    }

    pub(super) fn keep_operation(&mut self, id: Operation, node: NodeId, request: Shared) {
        let invoked = self.now;
        self.operations.push_back(OperationState {
            id,
            node,
            request,
            invoked,
            completed: None,
            wrong: None,
        });
        // One that is never answered must not be kept for ever.
        if self.operations.len() > OPERATIONS_KEPT * 2 {
            self.operations.pop_front();
        }
    }

    /// Ends a client operation. Only the first end counts.
    pub(super) fn complete(&mut self, node: NodeId, id: Operation, cause: u64, outcome: Outcome) {
        let now = self.now;
        if let Some(operation) = self.operations.iter_mut().find(|op| op.id == id) {
            if operation.completed.is_some() {
                return;
            }
            operation.completed = Some((now, outcome.clone()));
        }
        self.record(
            Some(node),
            cause,
            0,
            Event::Completed {
                operation: id,
                outcome,
            },
        );
        while self.operations.len() > OPERATIONS_KEPT
            && self
                .operations
                .front()
                .is_some_and(|op| op.completed.is_some())
        {
            self.operations.pop_front();
        }
    }

    /// Whether nothing but latency can happen to what a node sends now.
    #[inline]
    pub(super) fn is_calm(&self, node: NodeId) -> bool {
        let slow = self.nodes[node.index()].needs_slow_path;
        let quick = !slow && !self.nested && !self.by_hand;
        self.network.is_calm() && self.armed.is_empty() && quick
    }

    /// Gives numbers to all that a handler sends, before anything is made of them: in a large run
    /// each counter is far away in memory, and so they are fetched at once.
    #[inline]
    pub(super) fn number_sends(&mut self, from: NodeId) {
        let counters = self.network.counters(from, self.nodes.len());
        for step in &mut self.common.effects.steps {
            if let Step::Send { to, k, .. } = step
                && let Some(next) = counters.next(*to)
            {
                *k = next;
            }
        }
    }

    /// The `k`-th message on its link leaves, while the network is calm.
    #[inline(always)]
    pub(super) fn send_fast(
        &mut self,
        from: NodeId,
        to: NodeId,
        message: Handle,
        k: u32,
        cause: u64,
    ) {
        let arrives = self.network.calm_route(from, to, k, self.now);
        let meta = &mut self.nodes[from.index()];
        meta.lamport += 1;
        meta.version += 1;
        self.records += 1;
        let (lamport, sent) = (meta.lamport, self.records);
        let address = Address {
            from,
            to,
            k,
            copy: 0,
        };
        if self.recording {
            self.push_sent(address, message, (sent, lamport), cause);
        }
        let what = Scheduled::Message(Flight {
            address,
            message,
            sent: self.now,
            arrives,
            cause: sent,
            lamport,
            state: FlightState::Flying,
            delayed: false,
            lie: false,
            held_at: Time::ZERO,
            wall: None,
        });
        self.schedule(arrives, what);
    }

    /// A message leaves where a fault of any kind may be in force.
    #[cold]
    pub(super) fn send(&mut self, from: NodeId, to: NodeId, message: Handle, cause: u64) {
        if to.index() >= self.nodes.len() {
            let what = self.fleet.text(message);
            self.fleet.release(message);
            let marked = Marked::new(&NOBODY, (what, to));
            self.record(Some(from), cause, 0, Event::Marked(marked));
            return;
        }
        if self.nodes[from.index()].lie.is_some() {
            self.send_lie(from, to, message, cause);
        } else {
            self.send_routed(from, to, message, cause, None);
        }
    }

    fn push_sent(&mut self, address: Address, message: Handle, stamp: (u64, u64), cause: u64) {
        let (kind, message) = self.fleet.shared(message);
        self.count_sent(kind);
        self.push_record(Some(address.from), stamp, cause, || Event::Sent {
            address,
            kind,
            message,
        });
    }

    #[inline]
    fn count_sent(&mut self, kind: &'static str) {
        // The same name lies at the same place, mostly: no need to read it.
        let same = |(known, _): &&mut (&'static str, u64)| std::ptr::eq(*known, kind);
        match self.sent.iter_mut().find(same) {
            Some((_, count)) => *count += 1,
            None => self.count_other(kind),
        }
    }

    #[cold]
    fn count_other(&mut self, kind: &'static str) {
        match self.sent.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, count)) => *count += 1,
            None => self.sent.push((kind, 1)),
        }
    }

    /// A message leaves; `lie` is why it will not, although it seems so.
    fn send_routed(
        &mut self,
        from: NodeId,
        to: NodeId,
        message: Handle,
        cause: u64,
        lie: Option<Lie>,
    ) {
        let leaves = self.leaves(from);
        let route = if self.nested {
            // A direct call takes no time and meets walls and dead nodes when it is made.
            let k = self.network.count(from, to);
            crate::network::Route {
                k,
                arrives: Some((leaves, None)),
                slowed: false,
            }
        } else {
            let fleet = &self.fleet;
            self.network.route(from, to, leaves, || fleet.size(message))
        };
        let address = Address {
            from,
            to,
            k: route.k,
            copy: 0,
        };
        let stamp = self.stamp(Some(from), 0);
        if self.recording {
            self.push_sent(address, message, stamp, cause);
        }
        let mut flight = Flight {
            address,
            message,
            sent: leaves,
            arrives: leaves,
            cause: stamp.0,
            lamport: stamp.1,
            state: FlightState::Flying,
            delayed: route.slowed,
            lie: self.lying,
            held_at: Time::ZERO,
            wall: None,
        };
        if let Some(style) = lie {
            return self.lose(&flight, Loss::Lie(style));
        }
        if leaves > self.now {
            self.wait_for_write(address);
        }
        let armed = self.armed.remove(&(from, to, route.k)).unwrap_or_default();
        let Some((arrives, copy)) = route.arrives else {
            return self.lose(&flight, Loss::Chance);
        };
        flight.arrives = arrives;
        let slot = self.launch(flight);
        if let Some(copy) = copy {
            self.duplicate(slot, copy);
        }
        for fault in armed {
            self.message_fault(&fault, address, slot);
        }
    }

    /// Puts a message on its way.
    fn launch(&mut self, flight: Flight) -> u32 {
        let slot = self.put(Scheduled::Message(flight));
        if self.nested {
            self.stack.push(Pending::Call(slot));
            return slot;
        }
        if self.by_hand {
            self.hold_at_start(slot);
            return slot;
        }
        self.enqueue(slot, flight.arrives);
        if self
            .network
            .wall(flight.address.from, flight.address.to)
            .is_some()
        {
            let middle = flight.middle().max(self.now);
            let wall = self.schedule(middle, Scheduled::Wall(slot));
            self.flight_mut(slot).wall = Some(wall);
        }
        slot
    }

    /// Makes a copy of a message that arrives at `arrives`.
    fn duplicate(&mut self, slot: u32, arrives: Time) {
        let mut copy = *self.flight_mut(slot);
        copy.address.copy = self.number_copy(copy.address);
        copy.arrives = arrives.max(self.now);
        copy.state = FlightState::Flying;
        copy.wall = None;
        self.fleet.hold(copy.message);
        let stamp = self.stamp(None, copy.lamport);
        if self.recording {
            let kind = self.fleet.kind(copy.message);
            let address = copy.address;
            let doubled = || Event::Duplicated { address, kind };
            self.push_record(None, stamp, copy.cause, doubled);
        }
        self.launch(copy);
    }

    /// The number of the next copy of a message. None is ever given twice, whatever has become of
    /// the copies before it.
    fn number_copy(&mut self, address: Address) -> u32 {
        // Twice as many as were left the last time: a flood of copies must not be searched at each one.
        if self.copies.len() >= COPIES_REMEMBERED.max(2 * self.copies_left) {
            // Of a message that has gone, nobody can make another copy.
            let flights = self.flights().map(|(_, flight)| flight.address.message());
            let mut under_way: Vec<_> = flights.collect();
            sort_by_key(&mut under_way, |message| *message);
            self.copies
                .retain(|message, _| under_way.binary_search(message).is_ok());
            self.copies_left = self.copies.len();
        }
        let made = self.copies.entry(address.message()).or_default();
        *made += 1;
        *made
    }

    /// How many copies of a message were made.
    pub(super) fn copies_of(&self, address: Address) -> u32 {
        self.copies.get(&address.message()).copied().unwrap_or(0)
    }

    /// Applies a fault to one message on its way.
    pub(super) fn message_fault(&mut self, fault: &Fault, address: Address, slot: u32) {
        if self.slots[slot as usize].order == super::FREE {
            return;
        }
        let nested = self.nested;
        match fault {
            Fault::Drop(_) => {
                self.stack
                    .retain(|p| !matches!(p, Pending::Call(call) if *call == slot));
                self.forget_waiting(address.to, slot);
                let flight = self.take_flight(slot);
                self.lose(&flight, Loss::Dropped);
            }
            Fault::Duplicate(_) => {
                let flight = *self.flight_mut(slot);
                // The copy comes behind the original, at a small distance that can be seen.
                let behind = self.network.default_link().latency.mean().0 / 4;
                let arrives = flight.arrives.max(self.now);
                self.duplicate(slot, Time(arrives.0 + behind));
            }
            // A direct call cannot be slower or wait.
            Fault::Delay(_, by) if !nested => {
                let flight = self.flight_mut(slot);
                flight.delayed = true;
                let arrives = flight.arrives + *by;
                if flight.state == FlightState::Flying {
                    self.retime(slot, arrives);
                } else {
                    flight.arrives = arrives;
                }
            }
            Fault::Hold(_) if !nested => {
                let flight = self.flight_mut(slot);
                if flight.state == FlightState::Flying {
                    flight.state = FlightState::Held;
                    if let Some(wall) = flight.wall.take() {
                        self.release_slot(wall);
                    }
                    // While it is held, its remaining way is kept as a length.
                    let now = self.now;
                    let flight = self.flight_mut(slot);
                    flight.held_at = now;
                    self.park(slot);
                }
            }
            Fault::Release(_) if !nested => {
                let now = self.now;
                let flight = self.flight_mut(slot);
                if flight.state == FlightState::Held {
                    let held = now.since(flight.held_at);
                    flight.state = FlightState::Flying;
                    flight.sent += held;
                    flight.arrives += held;
                    let arrives = flight.arrives;
                    self.enqueue(slot, arrives);
                    self.refresh_walls();
                }
            }
            _ => {}
        }
    }

    /// Takes a message out of the inbox of a paused node.
    pub(super) fn forget_waiting(&mut self, node: NodeId, slot: u32) {
        if let Some(meta) = self.nodes.get_mut(node.index()) {
            let before = meta.inbox.len();
            meta.inbox.retain(|waiting| *waiting != slot);
            meta.version += u32::from(meta.inbox.len() != before);
        }
    }

    /// A lying node sends.
    fn send_lie(&mut self, from: NodeId, to: NodeId, message: Handle, cause: u64) {
        let Some(style) = self.nodes[from.index()].lie else {
            return;
        };
        match style {
            Lie::Silent => self.send_routed(from, to, message, cause, Some(style)),
            Lie::Selective => {
                let favoured = draw(self.seed, from.0, to.0, 0, Purpose::Lie) & 1 == 0;
                let lie = (!favoured).then_some(style);
                self.send_routed(from, to, message, cause, lie);
            }
            Lie::Replay => {
                self.fleet.hold(message);
                let old = self.nodes[from.index()].last_true.insert(to, message);
                let sent = match old {
                    Some(old) => {
                        self.fleet.release(message);
                        old
                    }
                    None => message,
                };
                self.lying = old.is_some();
                self.send_routed(from, to, sent, cause, None);
            }
            Lie::Swap => {
                let others: Vec<NodeId> = self
                    .known
                    .iter()
                    .copied()
                    .filter(|id| *id != from && *id != to)
                    .collect();
                let next = others
                    .iter()
                    .find(|id| **id > to)
                    .or(others.first())
                    .copied();
                self.lying = next.is_some();
                self.send_routed(from, next.unwrap_or(to), message, cause, None);
            }
            Lie::Forge => {
                let rng = &mut self.common.rngs[from.index()];
                let forged = self.fleet.forge(from, message, to, rng);
                if forged.is_some() {
                    self.fleet.release(message);
                }
                self.lying = forged.is_some();
                self.send_routed(from, to, forged.unwrap_or(message), cause, None);
            }
        }
        self.lying = false;
    }

    /// Lets go of the messages that a lying node remembers.
    pub(super) fn forget_lies(&mut self, node: NodeId) {
        let remembered = std::mem::take(&mut self.nodes[node.index()].last_true);
        for message in remembered.into_values() {
            self.fleet.release(message);
        }
    }

    /// Whether a slot waits for a person or a paused node.
    pub(super) fn is_parked(&self, slot: u32) -> bool {
        self.slots[slot as usize].order == PARKED
    }
}
