//! Applying commands: what a person or a script does to the world.

use std::rc::Rc;

use super::{FlightState, Pending, Scheduled, State, World};
use crate::command::Command;
use crate::event::{Event, Loss, Outcome, partitioned};
use crate::fault::Fault;
use crate::network::Rule;
use crate::process::{NodeId, Operation};
use crate::rng::Rng;
use crate::sorted;
use crate::time::{Duration, Time};

/// Whether a command found something to act on, or why not.
type Found = Result<(), String>;

impl World {
    /// Applies a command now.
    ///
    /// Answers `Some(why)` if it found nothing to act on (it is recorded anyway, so a mirrored
    /// or replayed command is never silent).
    ///
    /// # Errors
    /// One sentence, if the command can never make sense in this run; nothing has changed then.
    pub fn apply(&mut self, command: &Command) -> Result<Option<String>, String> {
        self.check(command)?;
        let missed = self.missed(command).err();
        let event = Event::Faulted {
            command: Rc::new(command.clone()),
            missed: missed.clone(),
        };
        let cause = self.record(None, 0, 0, event);
        if missed.is_none() {
            self.perform_command(command, cause);
            if self.nested {
                self.unwind();
            }
        }
        self.end_event();
        Ok(missed)
    }

    /// What can never make sense.
    ///
    /// # Errors
    /// One sentence.
    pub fn check(&self, command: &Command) -> Result<(), String> {
        match command {
            Command::Request(_, json) => self.fleet.parse_request(json).map(|_| ()),
            Command::SetParam(name, value) => self.common.settings.clone().set_param(name, value),
            Command::SetSwitch(name, on) => self.common.settings.clone().set_switch(name, *on),
            Command::Fault(Fault::Lie(_, Some(crate::fault::Lie::Forge)))
                if self.protocol.is_some_and(|p| !p.forges) =>
            {
                Err(
                    "`lie … forge` has no meaning in this protocol; use silent, selective, replay \
                     or swap"
                        .into(),
                )
            }
            _ => Ok(()),
        }
    }

    /// Whether the node is there whose own setting a name is (`n3.timeout`).
    fn node_of(&self, name: &str) -> Found {
        let node = name.split_once('.').map(|(node, _)| NodeId::parse(node));
        node.transpose()?
            .map_or(Ok(()), |id| self.state_of(id).map(|_| ()))
    }

    fn state_of(&self, id: NodeId) -> Result<State, String> {
        match self.nodes.get(id.index()).map(|meta| meta.state) {
            None => Err(format!("there is no {id}")),
            Some(State::Removed) => Err(format!("{id} was removed")),
            Some(state) => Ok(state),
        }
    }

    /// Why a command finds nothing to act on.
    fn missed(&self, command: &Command) -> Found {
        let exist = |ids: &[NodeId]| ids.iter().try_for_each(|id| self.state_of(*id).map(|_| ()));
        let fault = match command {
            Command::Fault(fault) => fault,
            Command::RemoveNode(id) => return self.state_of(*id).map(|_| ()),
            Command::Request(id, _) => return self.state_of(*id).map(|_| ()),
            Command::SetParam(name, _) => {
                let mut params = self.common.settings.params();
                let fixed = params.find(|(param, _)| param.name == name && param.at_start);
                return match fixed {
                    Some((param, _)) => Err(format!(
                        "“{}” only takes effect when a run begins",
                        param.title
                    )),
                    None => self.node_of(name),
                };
            }
            Command::SetSwitch(name, _) => return self.node_of(name),
            Command::AddNode => return Ok(()),
        };
        match fault {
            Fault::Crash(id) => match self.state_of(*id)? {
                State::Down { .. } => Err(format!("{id} is already down")),
                _ => Ok(()),
            },
            Fault::CrashShare(_) => match self.live().next() {
                Some(_) => Ok(()),
                None => Err("every node is already down".into()),
            },
            Fault::RecoverAll => match self.crashed().next() {
                Some(_) => Ok(()),
                None => Err("no node is down".into()),
            },
            Fault::Recover(id) => match self.state_of(*id)? {
                State::Down { .. } => Ok(()),
                _ if self.nodes[id.index()].flaky.is_some() => Ok(()),
                _ => Err(format!("{id} is not down")),
            },
            Fault::Pause(id) => match self.state_of(*id)? {
                State::Up => Ok(()),
                _ => Err(format!("{id} is not running")),
            },
            Fault::Resume(id) => match self.state_of(*id)? {
                State::Paused { .. } => Ok(()),
                _ => Err(format!("{id} is not paused")),
            },
            Fault::Partition(sides) => sides.iter().try_for_each(|side| exist(side)),
            Fault::OneWay(a, b) => exist(a).and_then(|()| exist(b)),
            Fault::Cut(a, b) | Fault::Join(a, b) | Fault::Slow(a, b, _) => exist(&[*a, *b]),
            Fault::Heal | Fault::Fifo(..) | Fault::Bandwidth(..) => Ok(()),
            Fault::Drop(m)
            | Fault::Delay(m, _)
            | Fault::Duplicate(m)
            | Fault::Hold(m)
            | Fault::Release(m) => {
                exist(&[m.from, m.to])?;
                let to_come = m.copy == 0 && m.k >= self.network.next_k(m.from, m.to);
                let holds = |slot| self.flight_state(slot) == FlightState::Held;
                match self.find_flight(*m) {
                    Some(_)
                        if matches!(fault, Fault::Duplicate(_))
                            && self.copies_of(*m) >= self.limits.copies =>
                    {
                        Err(format!("{m} has {} copies already", self.limits.copies))
                    }
                    Some(slot) if matches!(fault, Fault::Release(_)) && !holds(slot) => {
                        Err(format!("{m} is not held"))
                    }
                    Some(_) => Ok(()),
                    None if to_come && !matches!(fault, Fault::Release(_)) => {
                        let waiting = self.armed.get(&m.message()).map_or(0, Vec::len);
                        if waiting >= self.limits.copies as usize {
                            return Err(format!("{waiting} commands wait for {m} already"));
                        }
                        Ok(())
                    }
                    None => Err(format!("{m} is not in flight")),
                }
            }
            Fault::Reorder(a, b) => {
                let flying = |m| {
                    let slot = self.find_flight(m).ok_or(format!("{m} is not in flight"))?;
                    match self.flight_state(slot) {
                        FlightState::Flying => Ok(()),
                        _ => Err(format!("{m} is not moving")),
                    }
                };
                flying(*a).and_then(|()| flying(*b))
            }
            Fault::Loss(link, _) | Fault::Duplication(link, _) | Fault::Latency(link, _) => {
                link.map_or(Ok(()), |(a, b)| exist(&[a, b]))
            }
            Fault::Disk(id, _)
            | Fault::Skew(id, _)
            | Fault::Drift(id, _)
            | Fault::Flaky(id, ..)
            | Fault::Lie(id, _) => exist(&[*id]),
            Fault::Fire(id, timer) => {
                let found = self.timers_named(timer).iter().any(|(node, _)| node == id);
                if found {
                    Ok(())
                } else {
                    Err(format!("{id} has no timer {timer} set"))
                }
            }
            Fault::Align(timer) | Fault::Spread(timer) => {
                if self.timers_named(timer).is_empty() {
                    Err(format!("no node has a timer {timer} set"))
                } else {
                    Ok(())
                }
            }
        }
    }

    fn flight_state(&self, slot: u32) -> FlightState {
        match &self.slots[slot as usize].what {
            Scheduled::Message(flight) => flight.state,
            _ => FlightState::Waiting,
        }
    }

    /// Timers of this name that are set and not waiting: node and slot, in order of nodes.
    fn timers_named(&self, name: &str) -> Vec<(NodeId, u32)> {
        let mut found = Vec::new();
        for id in self.live() {
            for (timer, slot) in &self.nodes[id.index()].timers {
                let waits = self.is_parked(*slot);
                if !waits && self.fleet.timer_kind(id, *timer).eq_ignore_ascii_case(name) {
                    found.push((id, *slot));
                }
            }
        }
        found
    }

    fn perform_command(&mut self, command: &Command, cause: u64) {
        match command {
            Command::Fault(fault) => self.apply_fault(fault, cause),
            Command::Request(node, json) => {
                self.common.next_operation += 1;
                let operation = Operation(self.common.next_operation);
                let Ok(request) = self.fleet.parse_request(json) else {
                    return;
                };
                let event = Event::Invoked {
                    operation,
                    request: request.clone(),
                };
                let invoked = self.record(Some(*node), cause, 0, event);
                self.keep_operation(operation, *node, request);
                self.asked.insert(operation, Rc::new(json.clone()));
                let what = Scheduled::Request {
                    node: *node,
                    operation,
                    cause: invoked,
                };
                self.schedule(self.now, what);
            }
            Command::SetParam(name, value) => {
                let _ = self.common.settings.set_param(name, value);
                self.touch_all();
            }
            Command::SetSwitch(name, on) => {
                let _ = self.common.settings.set_switch(name, *on);
                self.touch_all();
            }
            Command::AddNode => {
                self.spawn(true);
            }
            Command::RemoveNode(id) => self.remove(*id, cause),
        }
    }

    fn apply_fault(&mut self, fault: &Fault, cause: u64) {
        match fault {
            Fault::Crash(id) => self.crash(*id, cause),
            Fault::CrashShare(share) => {
                let mut ids: Vec<NodeId> = self.live().collect();
                let count = (ids.len() as f64 * share).round() as usize;
                // By seed and instant, so that the same nodes crash in two runs that are compared.
                let place = |id: &NodeId| {
                    let index = self.now.0 ^ (u64::from(id.0) << 40);
                    Rng::stream(self.seed, "crash", index).next_u64()
                };
                sorted::sort_by_key(&mut ids, place);
                ids.truncate(count.max(1));
                sorted::sort_by_key(&mut ids, |id| *id);
                ids.into_iter().for_each(|id| self.crash(id, cause));
            }
            Fault::Recover(id) => self.end_outage(*id, cause),
            Fault::RecoverAll => {
                let down: Vec<NodeId> = self.crashed().collect();
                down.into_iter().for_each(|id| self.end_outage(id, cause));
            }
            Fault::Pause(id) => {
                self.nodes[id.index()].state = State::Paused { since: self.now };
                self.nodes[id.index()].version += 1;
                self.record(Some(*id), cause, 0, Event::Paused);
            }
            Fault::Resume(id) => self.resume(*id, cause),
            Fault::Partition(sides) => {
                self.network
                    .retain_rules(|rule| !matches!(rule, Rule::Partition(_)));
                self.network.add_rule(Rule::Partition(sides.clone()));
                self.record(None, cause, 0, partitioned(sides));
                self.refresh_walls();
            }
            Fault::OneWay(a, b) => {
                self.network.add_rule(Rule::OneWay(a.clone(), b.clone()));
                self.refresh_walls();
            }
            Fault::Cut(a, b) => {
                self.network.retain_rules(|rule| !is_cut(rule, *a, *b));
                self.network.add_rule(Rule::Cut(*a, *b));
                self.refresh_walls();
            }
            Fault::Join(a, b) => {
                self.network.retain_rules(|rule| {
                    let one_way = |x: NodeId, y: NodeId| {
                        matches!(rule, Rule::OneWay(from, to) if *from == [x] && *to == [y])
                    };
                    !is_cut(rule, *a, *b) && !one_way(*a, *b) && !one_way(*b, *a)
                });
                self.refresh_walls();
            }
            Fault::Heal => {
                self.network.retain_rules(|rule| !rule.is_wall());
                self.record(None, cause, 0, Event::Healed);
                self.refresh_walls();
            }
            Fault::Drop(m)
            | Fault::Delay(m, _)
            | Fault::Duplicate(m)
            | Fault::Hold(m)
            | Fault::Release(m) => match self.find_flight(*m) {
                Some(slot) => self.message_fault(fault, *m, slot),
                None => self
                    .armed
                    .entry((m.from, m.to, m.k))
                    .or_default()
                    .push(fault.clone()),
            },
            Fault::Reorder(a, b) => {
                if let (Some(a), Some(b)) = (self.find_flight(*a), self.find_flight(*b)) {
                    let (first, second) = (self.flight_mut(a).arrives, self.flight_mut(b).arrives);
                    // At equal times the order of queueing decides, so the later goes first.
                    if first <= second {
                        self.retime(b, first);
                        self.retime(a, second);
                    } else {
                        self.retime(a, second);
                        self.retime(b, first);
                    }
                }
            }
            Fault::Slow(a, b, extra) => {
                let (a, b) = (*a, *b);
                self.network.retain_rules(
                    |rule| !matches!(rule, Rule::Slow(x, y, _) if (*x, *y) == (a, b)),
                );
                if *extra > Duration(0) {
                    self.network.add_rule(Rule::Slow(a, b, *extra));
                }
            }
            Fault::Loss(link, p) => self.network.change(*link, |link| link.loss = *p),
            Fault::Duplication(link, p) => self.network.change(*link, |link| link.duplication = *p),
            Fault::Latency(link, latency) => {
                self.network.change(*link, |link| link.latency = *latency);
            }
            Fault::Fifo(link, on) => self.network.change(*link, |link| link.fifo = *on),
            Fault::Bandwidth(link, bytes) => {
                self.network.change(*link, |link| link.bandwidth = *bytes);
            }
            Fault::Disk(id, each) => {
                self.set_disk(*id, *each);
            }
            Fault::Skew(id, offset) => {
                let meta = &mut self.nodes[id.index()];
                meta.clock.set_skew(self.now, *offset);
                meta.version += 1;
            }
            Fault::Drift(id, ppm) => self.drift(*id, *ppm),
            Fault::Flaky(id, down, up) => {
                self.end_flaky(*id);
                self.nodes[id.index()].flaky = Some((*down, *up));
                let now_down = !self.is_live(*id);
                if !now_down {
                    self.crash(*id, cause);
                }
                let next = self.schedule(self.now + *down, Scheduled::Flap(*id));
                self.nodes[id.index()].flap = Some(next);
            }
            Fault::Lie(id, style) => {
                self.forget_lies(*id);
                let meta = &mut self.nodes[id.index()];
                meta.lie = *style;
                meta.needs_slow_path = meta.lie.is_some() || meta.disk.is_slow();
                meta.version += 1;
            }
            Fault::Fire(id, timer) => {
                let found = self
                    .timers_named(timer)
                    .into_iter()
                    .find(|(node, _)| node == id);
                if let Some((_, slot)) = found {
                    self.move_timer(slot, self.now);
                }
            }
            Fault::Align(timer) => {
                let slots = self.timers_named(timer);
                let dues = slots.iter().map(|(_, slot)| self.due(*slot));
                let earliest = dues.min().unwrap_or(self.now);
                for (_, slot) in slots {
                    self.move_timer(slot, earliest);
                }
            }
            Fault::Spread(timer) => {
                let slots = self.timers_named(timer);
                let dues = slots.iter().map(|(_, slot)| self.due(*slot));
                let earliest = dues.min().unwrap_or(self.now);
                // Far enough apart for a message there and back before the next one runs out.
                let gap = self.network.default_link().latency.mean().0.max(500) * 4;
                for (nth, (_, slot)) in slots.into_iter().enumerate() {
                    self.move_timer(slot, Time(earliest.0 + nth as u64 * gap));
                }
            }
        }
    }

    fn crashed(&self) -> impl Iterator<Item = NodeId> {
        self.ids().filter(|id| !self.is_live(*id))
    }

    /// A node that is down comes back, and is not flaky any more.
    fn end_outage(&mut self, id: NodeId, cause: u64) {
        self.end_flaky(id);
        if !self.is_live(id) {
            self.recover(id, cause);
        }
    }

    fn due(&self, slot: u32) -> Time {
        match &self.slots[slot as usize].what {
            Scheduled::Timer { due, .. } => *due,
            _ => self.now,
        }
    }

    fn move_timer(&mut self, slot: u32, to: Time) {
        if let Scheduled::Timer { node, due, .. } = &mut self.slots[slot as usize].what {
            *due = to;
            let node = *node;
            self.nodes[node.index()].version += 1;
            self.enqueue(slot, to);
        }
    }

    fn drift(&mut self, id: NodeId, ppm: i32) {
        let now = self.now;
        let meta = &mut self.nodes[id.index()];
        let old = meta.clock;
        meta.clock.set_drift(now, ppm);
        meta.version += 1;
        let new = meta.clock;
        // What is left of each timer is a length on the node's own clock.
        let timers: Vec<u32> = meta.timers.iter().map(|(_, slot)| *slot).collect();
        for slot in timers {
            if !self.is_parked(slot) {
                let left = old.own_length(self.due(slot).since(now));
                self.move_timer(slot, now + new.true_length(left));
            }
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
        meta.opinions.clear();
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

    fn resume(&mut self, id: NodeId, cause: u64) {
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

    fn remove(&mut self, id: NodeId, cause: u64) {
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

    fn end_flaky(&mut self, id: NodeId) {
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

fn is_cut(rule: &Rule, a: NodeId, b: NodeId) -> bool {
    matches!(rule, Rule::Cut(x, y) if (*x, *y) == (a, b) || (*x, *y) == (b, a))
}
