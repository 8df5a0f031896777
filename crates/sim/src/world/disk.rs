//! A node's disk: what a handler sends or answers leaves when its write is done, and a crash keeps
//! what was written by then.
//!
//! A handler that sends or answers is one write of the whole state; writes queue up. Without
//! `disk` a write takes no time, and nothing here costs anything. With it, the fleet keeps a copy
//! of the process for the last finished write and for each one under way.

use std::collections::VecDeque;

use super::{Pending, Scheduled, World};
use crate::event::{Loss, Outcome};
use crate::network::Address;
use crate::process::{NodeId, Operation, Shared};
use crate::settings::Switch;
use crate::time::{Duration, Time};

/// Off, messages and answers leave before the write that they rest on. A protocol lists it among its
/// switches to show what that costs.
pub const WRITE_FIRST: Switch = Switch {
    name: "write-first",
    title: "A node answers only after its disk write is done",
    default: true,
};

/// A write that was not done when it was looked at last.
#[derive(Clone, Hash)]
pub(super) struct Write {
    done: Time,
    /// What leaves when it is done.
    messages: Vec<Address>,
    answers: Vec<Operation>,
}

/// The disk of a node that is slow, or was when it wrote last.
#[derive(Clone, Default, Hash)]
pub(super) struct Disk {
    /// How long a write takes.
    pub(super) each: Duration,
    /// Writes under way, in order; the fleet keeps a state for each, and one more.
    writes: VecDeque<Write>,
    /// The event whose write is the last.
    event: u64,
}

impl Disk {
    /// Whether what the node sends now may have to wait.
    pub(super) fn is_slow(&self) -> bool {
        self.each > Duration(0) || !self.writes.is_empty()
    }
}

/// An answer to a client that waits for a write.
#[derive(Clone)]
pub(super) struct LateAnswer {
    pub(super) node: NodeId,
    pub(super) cause: u64,
    pub(super) reply: Shared,
}

impl World {
    /// From now on each write of a node takes this long.
    pub(super) fn set_disk(&mut self, node: NodeId, each: Duration) {
        self.finish_writes(node);
        let disk = &mut self.nodes[node.index()].disk;
        if !disk.is_slow() {
            // All that the node has done so far is on its disk.
            self.fleet.forget_writes(node);
            self.fleet.begin_write(node);
        }
        let meta = &mut self.nodes[node.index()];
        meta.disk.each = each;
        meta.version += 1;
        self.finish_writes(node);
    }

    /// Forgets writes that are done: the state of the last one is what a crash leaves.
    fn finish_writes(&mut self, node: NodeId) {
        let now = self.now;
        let meta = &mut self.nodes[node.index()];
        // What is done at this very instant is done by an event, and commands come before events.
        while meta
            .disk
            .writes
            .front()
            .is_some_and(|write| write.done < now)
        {
            meta.disk.writes.pop_front();
            self.fleet.finish_write(node);
        }
        let meta = &mut self.nodes[node.index()];
        if !meta.disk.is_slow() {
            self.fleet.forget_writes(node);
        }
        meta.needs_slow_path = meta.lie.is_some() || meta.disk.is_slow();
    }

    /// When what this handler sends leaves the node. The first call within an event begins its write.
    pub(super) fn leaves(&mut self, node: NodeId) -> Time {
        let now = self.now;
        if self.nested || !self.nodes[node.index()].disk.is_slow() {
            return now;
        }
        self.finish_writes(node);
        let events = self.events;
        let disk = &mut self.nodes[node.index()].disk;
        if !disk.is_slow() {
            return now;
        }
        let last = disk.writes.back().map_or(now, |write| write.done);
        if disk.event != events || disk.writes.is_empty() {
            disk.event = events;
            let done = last.max(now) + disk.each;
            disk.writes.push_back(Write {
                done,
                messages: Vec::new(),
                answers: Vec::new(),
            });
            self.fleet.begin_write(node);
        }
        if !self.common.settings.switch(&WRITE_FIRST) {
            return now;
        }
        let disk = &self.nodes[node.index()].disk;
        disk.writes.back().map_or(now, |write| write.done)
    }

    /// A message waits for the write that has just begun.
    pub(super) fn wait_for_write(&mut self, address: Address) {
        let writes = &mut self.nodes[address.from.index()].disk.writes;
        if let Some(write) = writes.back_mut() {
            write.messages.push(address);
        }
    }

    /// An answer to a client leaves when the node's write is done.
    pub(super) fn answer(&mut self, node: NodeId, operation: Operation, cause: u64, reply: Shared) {
        let leaves = self.leaves(node);
        if leaves <= self.now {
            return self.complete(node, operation, cause, Outcome::Replied(reply));
        }
        let answer = LateAnswer { node, cause, reply };
        if self.late_answers.contains_key(&operation) {
            return;
        }
        self.late_answers.insert(operation, answer);
        if let Some(write) = self.nodes[node.index()].disk.writes.back_mut() {
            write.answers.push(operation);
        }
        self.schedule(leaves, Scheduled::Answer(operation));
    }

    /// A node crashes: what its disk had not finished has not happened. Neither the state nor the
    /// messages and answers that rest on it are there.
    pub(super) fn lose_writes(&mut self, node: NodeId) {
        self.finish_writes(node);
        let disk = &mut self.nodes[node.index()].disk;
        if !disk.is_slow() {
            return;
        }
        let writes = std::mem::take(&mut disk.writes);
        self.fleet.lose_writes(node);
        for write in writes {
            for address in write.messages {
                self.unsend(address);
            }
            for operation in write.answers {
                self.late_answers.remove(&operation);
            }
        }
        let Self {
            slots,
            late_answers,
            ..
        } = self;
        let stale: Vec<u32> = (0..slots.len() as u32)
            .filter(|at| match slots[*at as usize].what {
                Scheduled::Answer(operation) => !late_answers.contains_key(&operation),
                _ => false,
            })
            .collect();
        for slot in stale {
            self.release_slot(slot);
        }
        self.finish_writes(node);
    }

    /// A message and its copies never left.
    fn unsend(&mut self, address: Address) {
        let same = |other: &Address| {
            (other.from, other.to, other.k) == (address.from, address.to, address.k)
        };
        let flights = self.flights();
        let unsent: Vec<u32> = flights
            .filter(|(_, flight)| same(&flight.address))
            .map(|(slot, _)| slot)
            .collect();
        for slot in unsent {
            self.stack
                .retain(|p| !matches!(p, Pending::Call(call) if *call == slot));
            self.forget_waiting(address.to, slot);
            let flight = self.take_flight(slot);
            self.lose(&flight, Loss::Unwritten);
        }
    }
}
