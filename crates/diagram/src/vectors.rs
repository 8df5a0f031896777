//! Vector clocks: kept at intervals, and computed from the nearest kept ones on demand.
//!
//! They tick on every record of a node, including sendings, so a record's vector is its causal past.
//! The other convention, where sending is not a tick, follows from it: subtract from each component the
//! sendings that it counts.

use std::mem::size_of;
use std::rc::Rc;

use faultline_sim::process::NodeId;

use crate::event_kind::EventKind;
use crate::index::{Entry, Index};
use crate::messages::Messages;

/// With more lanes, no vectors are kept: each is computed by one walk back through the records.
const MOST_LANES: usize = 64;

/// All clocks after a record.
#[derive(Clone, Debug, Default)]
pub(crate) struct Vectors {
    /// By node.
    lanes: Vec<Vec<u32>>,
    /// By message in flight: the vector of its sending.
    sent: Vec<(u32, Rc<[u32]>)>,
    /// There were too many lanes at some time.
    lost: bool,
}

impl Vectors {
    /// The vectors are stored elsewhere.
    pub fn unknown() -> Self {
        Self {
            lost: true,
            ..Self::default()
        }
    }

    /// A copy to keep; none if there are too many lanes.
    pub fn kept(&self) -> Option<Self> {
        (!self.lost).then(|| self.clone())
    }

    pub fn of(&self, node: NodeId) -> Option<&[u32]> {
        let lane = self.lanes.get(node.index())?;
        (!self.lost).then_some(lane.as_slice())
    }

    /// The vector that a message in flight carries.
    fn carried(&self, message: u32) -> Option<&[u32]> {
        let mut sent = self.sent.iter();
        sent.find_map(|(id, vector)| (*id == message).then_some(&**vector))
    }

    /// The vectors of all nodes and of all messages in flight.
    pub fn all(&self) -> impl Iterator<Item = &[u32]> {
        let sent = self.sent.iter().map(|(_, vector)| &**vector);
        self.lanes.iter().map(Vec::as_slice).chain(sent)
    }

    /// Its memory. Messages share their vectors, so each counts by half.
    pub fn bytes(&self) -> usize {
        let lanes: usize = self.lanes.iter().map(Vec::capacity).sum();
        let sent: usize = self.sent.iter().map(|(_, vector)| vector.len()).sum();
        let lists = self.lanes.capacity() * size_of::<Vec<u32>>()
            + self.sent.capacity() * size_of::<(u32, Rc<[u32]>)>();
        lanes * 4 + sent * 2 + lists
    }

    /// Continues by one record.
    pub fn apply(&mut self, entry: &Entry, link: u32, messages: &Messages) {
        if self.lost {
            return;
        }
        match entry.what {
            EventKind::Lost => return self.sent.retain(|(id, _)| *id != link),
            EventKind::Duplicated => return self.copy(link, messages),
            _ if entry.node == 0 => return,
            _ => {}
        }
        let lane = entry.node as usize - 1;
        if lane >= MOST_LANES {
            *self = Self::unknown();
            return;
        }
        if self.lanes.len() <= lane {
            self.lanes.resize(lane + 1, Vec::new());
        }
        let own = &mut self.lanes[lane];
        if own.len() <= lane {
            own.resize(lane + 1, 0);
        }
        own[lane] = entry.own;
        match entry.what {
            EventKind::Sent => self.sent.push((link, own.as_slice().into())),
            EventKind::Delivered => {
                if let Some(at) = self.sent.iter().position(|(id, _)| *id == link) {
                    let (_, theirs) = self.sent.remove(at);
                    merge(own, &theirs);
                }
            }
            _ => {}
        }
    }

    /// A copy carries what its original carries.
    fn copy(&mut self, link: u32, messages: &Messages) {
        let Some(copy) = messages.get(link) else {
            return;
        };
        let same = |id: u32| messages.get(id).is_some_and(|own| own.sent == copy.sent);
        if let Some((_, theirs)) = self.sent.iter().find(|(id, _)| same(*id)) {
            let theirs = theirs.clone();
            self.sent.push((link, theirs));
        }
    }
}

fn merge(own: &mut Vec<u32>, theirs: &[u32]) {
    if own.len() < theirs.len() {
        own.resize(theirs.len(), 0);
    }
    for (own, theirs) in own.iter_mut().zip(theirs) {
        *own = (*own).max(*theirs);
    }
}

impl Index {
    /// The vector of a record: how many of each node's records are in its past, including itself. A
    /// record without a node has the vector of its cause. None if something it needs is forgotten or
    /// unread.
    #[must_use]
    pub fn vector(&self, seq: u64) -> Option<Vec<u32>> {
        if !self.given.is_empty() {
            let at = (seq as usize).checked_sub(1)?;
            return Some(self.given.get(at)?.to_vec());
        }
        let mut seq = seq;
        let entry = loop {
            let entry = self.entry(seq)?;
            match entry.cause {
                _ if entry.node > 0 => break entry,
                0 => return Some(vec![0; self.nodes()]),
                cause if cause < self.first() => return self.carried(seq),
                cause => seq = cause,
            }
        };
        let near = self.vectors_after(seq as usize);
        let mut vector = match near.of(NodeId(entry.node)) {
            Some(vector) => vector.to_vec(),
            None => return self.walk_back(seq as usize - 1),
        };
        vector.resize(self.nodes(), 0);
        Some(vector)
    }

    /// The vector of a record's message whose sending is forgotten: the message is in flight before the
    /// record or, if the record is its copying, after it.
    fn carried(&self, seq: u64) -> Option<Vec<u32>> {
        let message = self.message_id(seq)?;
        let around = [seq as usize - 1, seq as usize].map(|len| self.vectors_after(len));
        let mut carried = around.iter().filter_map(|vectors| vectors.carried(message));
        let mut vector = carried.next()?.to_vec();
        vector.resize(self.nodes(), 0);
        Some(vector)
    }

    /// One vector by a walk back, which collects what each lane needs until nothing is left to follow.
    /// None if it depends on forgotten records.
    fn walk_back(&self, at: usize) -> Option<Vec<u32>> {
        let mut need = vec![0; self.nodes()];
        let here = &self.entries[at];
        need[here.node as usize - 1] = here.own;
        let kept = self.entries.range(self.entries.first(), at + 1);
        for entry in kept.rev() {
            if entry.node == 0 || need[entry.node as usize - 1] < entry.own {
                continue;
            }
            if let Some(cause) = self.entry(entry.cause).filter(|cause| cause.node > 0) {
                let of = &mut need[cause.node as usize - 1];
                *of = (*of).max(cause.own);
            }
        }
        // If all records of a lane in the past are forgotten, their number is unknown.
        let mut lanes = self.lanes.iter().zip(&need);
        let known = lanes
            .all(|(lane, need)| *need > lane.places.first() as u32 || lane.places.first() == 0);
        known.then_some(need)
    }

    /// The same vector under the convention that sending is not a tick, for a vector of this index as
    /// it is now.
    #[must_use]
    pub fn without_sends(&self, vector: &[u32]) -> Vec<u32> {
        let less = |(lane, own): (usize, &u32)| {
            let node = NodeId(lane as u32 + 1);
            let last = self.of_lane(node, *own).and_then(|seq| self.entry(seq));
            let named = || self.lanes.get(lane)?.sends_by(*own);
            let sends = last.map(|entry| entry.sends).or_else(named);
            own - sends.unwrap_or_default()
        };
        vector.iter().enumerate().map(less).collect()
    }
}
