//! Applying commands: what a person or a script does to the world.

use std::rc::Rc;

use super::check::{is_cut, name_at};
use super::{FlightState, Scheduled, State, World};
use crate::command::Command;
use crate::event::{Event, partitioned};
use crate::fault::Fault;
use crate::network::Rule;
use crate::process::{NodeId, Operation};
use crate::rng::Rng;
use crate::sorted;
use crate::time::{Duration, Time};

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

    pub(super) fn flight_state(&self, slot: u32) -> FlightState {
        match &self.slots[slot as usize].what {
            Scheduled::Message(flight) => flight.state,
            _ => FlightState::Waiting,
        }
    }

    /// Timers of this name that are set and not waiting: node and slot, in order of nodes.
    pub(super) fn timers_named(&self, name: &str) -> Vec<(NodeId, u32)> {
        let mut found = Vec::new();
        for id in self.live() {
            let meta = &self.nodes[id.index()];
            for (timer, slot) in &meta.timers {
                let waits = meta.inbox.contains(slot);
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
            Command::AddNode(own) => {
                let next = NodeId(self.nodes.len() as u32 + 1);
                for (name, value) in own {
                    let _ = self.common.settings.set_param(&name_at(next, name), value);
                }
                self.spawn(true);
            }
            Command::RemoveNode(id) => self.remove(*id, cause),
            Command::ByHand(on) => self.set_by_hand(*on),
            Command::Monkey(monkey) => self.set_monkey(*monkey),
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
                self.lost_at_split = 0;
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
                if let Some(slot) = self.timer_to_fire(*id, timer) {
                    self.move_timer(slot, self.now);
                    if self.is_parked(slot) {
                        self.enqueue(slot, self.now);
                    }
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
            if !self.is_parked(slot) {
                self.enqueue(slot, to);
            }
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
}
