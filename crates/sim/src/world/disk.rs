//! A node's disk: what a handler sends or answers leaves when its write is done, and a crash keeps
//! what was written by then.
//!
//! One write of the whole state goes on at a time. What handlers do meanwhile is gathered for the next
//! one, as databases do (group commit). Without `disk` a write takes no time, and nothing here costs
//! anything. With it, the fleet keeps a copy of the process for the last finished write and for the
//! one under way.

use super::{Pending, Scheduled, World};
use crate::event::{Loss, Outcome};
use crate::network::Address;
use crate::process::{NodeId, Operation, Shared};
use crate::settings::Switch;
use crate::time::{Duration, Time};

/// Off, messages and answers leave before the write that they rest on. A protocol lists it among its
/// switches to show what that costs.
pub const WRITE_FIRST: Switch = Switch::on(
    "write-first",
    "A node answers only after its disk write is done",
);

/// A write that was not done when it was looked at last.
#[derive(Clone, Default, Hash)]
struct Write {
    done: Time,
    /// What leaves when it is done.
    messages: Vec<Address>,
    answers: Vec<Operation>,
    /// Operations that the node has learnt of since the write before.
    begun: Vec<Operation>,
}

/// The disk of a node that is slow, or was when it wrote last.
#[derive(Clone, Default, Hash)]
pub(super) struct Disk {
    /// How long a write takes.
    pub(super) each: Duration,
    under_way: Option<Write>,
    /// It begins when the one under way is done.
    next: Option<Write>,
    /// Whether what the present handler does is part of one of the two.
    joined: bool,
    /// Operations that the node knows of, but no write yet.
    begun: Vec<Operation>,
}

impl Disk {
    /// Whether what the node sends now may have to wait.
    pub(super) fn is_slow(&self) -> bool {
        self.each > Duration(0) || self.under_way.is_some()
    }

    /// The write that the present handler has joined.
    fn joined(&mut self) -> Option<&mut Write> {
        self.next.as_mut().or(self.under_way.as_mut())
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
        self.finish_writes(node, self.now);
        if !self.nodes[node.index()].disk.is_slow() {
            // All that the node has done so far is on its disk.
            self.fleet.begin_write(node);
        }
        let meta = &mut self.nodes[node.index()];
        meta.disk.each = each;
        meta.version += 1;
        self.finish_writes(node, self.now);
    }

    /// A handler of a node with a slow disk is about to run.
    #[cold]
    pub(super) fn before_handler(&mut self, node: NodeId) {
        // What is done at this very instant was done by an event before this one.
        self.finish_writes(node, Time(self.now.0 + 1));
        self.nodes[node.index()].disk.joined = false;
    }

    /// Writes that were done before an instant: the state of the last one is what a crash leaves.
    fn finish_writes(&mut self, node: NodeId, before: Time) {
        let disk = &mut self.nodes[node.index()].disk;
        while disk
            .under_way
            .as_ref()
            .is_some_and(|write| write.done < before)
        {
            self.fleet.finish_write(node);
            disk.under_way = disk.next.take();
            if disk.under_way.is_some() {
                // No handler has run since it began.
                self.fleet.begin_write(node);
            }
        }
        if !disk.is_slow() {
            disk.begun.clear();
            self.fleet.forget_writes(node);
        }
        let meta = &mut self.nodes[node.index()];
        meta.needs_slow_path = meta.lie.is_some() || meta.disk.is_slow();
    }

    /// When what the present handler of a node sends leaves it: as soon as the handler is written.
    pub(super) fn leaves(&mut self, node: NodeId) -> Time {
        let now = self.now;
        if self.nested || !self.nodes[node.index()].disk.is_slow() {
            return now;
        }
        self.join_write(node);
        if !self.common.settings.at(node).switch(&WRITE_FIRST) {
            return now;
        }
        let joined = self.nodes[node.index()].disk.joined();
        joined.map_or(now, |write| write.done)
    }

    /// The present handler is part of the write that begins now, or of the next one.
    pub(super) fn join_write(&mut self, node: NodeId) {
        let now = self.now;
        let disk = &mut self.nodes[node.index()].disk;
        if std::mem::replace(&mut disk.joined, true) {
            return;
        }
        let begun = std::mem::take(&mut disk.begun);
        let each = disk.each;
        let write = match &disk.under_way {
            None => {
                self.fleet.begin_write(node);
                disk.under_way.insert(Write {
                    done: now + each,
                    ..Write::default()
                })
            }
            Some(before) => {
                let done = before.done + each;
                disk.next.get_or_insert_with(|| Write {
                    done,
                    ..Write::default()
                })
            }
        };
        write.begun.extend(begun);
    }

    /// A node learns of an operation that it will have to end.
    pub(super) fn begin_operation(&mut self, node: NodeId, operation: Operation) {
        let disk = &mut self.nodes[node.index()].disk;
        if disk.is_slow() {
            disk.begun.push(operation);
        }
    }

    /// A message waits for the write that has just begun.
    pub(super) fn wait_for_write(&mut self, address: Address) {
        if let Some(write) = self.nodes[address.from.index()].disk.joined() {
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
        if let Some(write) = self.nodes[node.index()].disk.joined() {
            write.answers.push(operation);
        }
        self.schedule(leaves, Scheduled::Answer(operation));
    }

    /// Whether a node has answered an operation, and its disk is still writing what the answer rests on.
    #[must_use]
    pub fn writes_answer(&self, operation: Operation) -> bool {
        self.late_answers.contains_key(&operation)
    }

    /// A node crashes: what its disk had not finished has not happened. Neither the state nor the
    /// messages and answers that rest on it are there.
    pub(super) fn lose_writes(&mut self, node: NodeId, cause: u64) {
        // Commands come before events: what is done at this very instant is not done yet.
        self.finish_writes(node, self.now);
        let disk = &mut self.nodes[node.index()].disk;
        if !disk.is_slow() {
            return;
        }
        let writes = [disk.under_way.take(), disk.next.take()];
        let mut begun = std::mem::take(&mut disk.begun);
        self.fleet.lose_writes(node);
        for write in writes.into_iter().flatten() {
            write
                .messages
                .into_iter()
                .for_each(|address| self.unsend(address));
            for operation in write.answers {
                self.late_answers.remove(&operation);
            }
            begun.extend(write.begun);
        }
        self.forget_lost_answers();
        // What came of them has not left the node, and it will not know of them any more.
        if self.common.settings.at(node).switch(&WRITE_FIRST) {
            let open = |id: &Operation| {
                let mut kept = self.operations.iter();
                kept.any(|operation| operation.id == *id && operation.completed.is_none())
            };
            begun.retain(open);
            for operation in begun {
                let why = format!("{node} crashed before it was written to disk");
                self.complete(node, operation, cause, Outcome::Refused(why));
            }
        }
        self.finish_writes(node, self.now);
    }

    fn forget_lost_answers(&mut self) {
        let lost = |slot: &u32| match self.slots[*slot as usize].what {
            Scheduled::Answer(operation) => !self.late_answers.contains_key(&operation),
            _ => false,
        };
        let slots: Vec<u32> = (0..self.slots.len() as u32).filter(lost).collect();
        for slot in slots {
            self.release_slot(slot);
        }
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
