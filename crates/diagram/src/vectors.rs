//! Vector clocks: kept now and then, worked out from the nearest kept ones for what is looked at.
//!
//! They tick on every record of a node, sending included: a record's vector is its causal past. The
//! other convention, where sending is no tick, follows from it: each component less the sendings it
//! counts.

use std::rc::Rc;

use faultline_sim::process::NodeId;

use crate::index::{Entry, Index};
use crate::message::Message;
use crate::what::What;

/// For more lanes no vectors are kept: each is worked out by one walk back through the records.
const MOST_LANES: usize = 64;

/// Where all clocks stand behind a record.
#[derive(Clone, Debug, Default)]
pub(crate) struct Vectors {
    /// By node.
    lanes: Vec<Vec<u32>>,
    /// By message under way: the vector of its sending.
    sent: Vec<(u32, Rc<[u32]>)>,
    /// There were too many lanes at some time.
    lost: bool,
}

impl Vectors {
    /// They are kept elsewhere.
    pub fn unknown() -> Self {
        Self {
            lost: true,
            ..Self::default()
        }
    }

    /// A copy to keep; none where there are too many lanes.
    pub fn kept(&self) -> Option<Self> {
        (!self.lost).then(|| self.clone())
    }

    pub fn of(&self, node: NodeId) -> Option<&[u32]> {
        let lane = self.lanes.get(node.index())?;
        (!self.lost).then_some(lane.as_slice())
    }

    /// Goes on by one record.
    pub fn apply(&mut self, entry: &Entry, link: u32, messages: &[Message]) {
        if self.lost {
            return;
        }
        match entry.what {
            What::Lost => return self.sent.retain(|(id, _)| *id != link),
            What::Duplicated => return self.copy(link, messages),
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
            What::Sent => self.sent.push((link, own.as_slice().into())),
            What::Delivered => {
                if let Some(at) = self.sent.iter().position(|(id, _)| *id == link) {
                    let (_, theirs) = self.sent.remove(at);
                    merge(own, &theirs);
                }
            }
            _ => {}
        }
    }

    /// A copy carries what its original carries.
    fn copy(&mut self, link: u32, messages: &[Message]) {
        let Some(copy) = messages.get(link as usize) else {
            return;
        };
        let same = |id: u32| messages[id as usize].sent == copy.sent;
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
    /// The vector of a record, by node: how many of each node's records lie in its past, itself
    /// included. A record of no node has its cause's.
    #[must_use]
    pub fn vector(&self, seq: u64) -> Vec<u32> {
        if let Some(given) = self.given.get((seq as usize).wrapping_sub(1)) {
            return given.to_vec();
        }
        let mut seq = seq;
        let node = loop {
            match self.entry(seq) {
                None => return vec![0; self.nodes()],
                Some(entry) if entry.node == 0 => seq = entry.cause,
                Some(entry) => break NodeId(entry.node),
            }
        };
        let near = self.vectors_after(seq as usize);
        let mut vector = match near.of(node) {
            Some(vector) => vector.to_vec(),
            None => self.walk_back(seq as usize - 1),
        };
        vector.resize(self.nodes(), 0);
        vector
    }

    /// The vectors of a node's records among those from one number to another, both included.
    #[must_use]
    pub fn vectors(&self, from: u64, to: u64) -> Vec<(u64, Vec<u32>)> {
        let (first, end) = (
            from.max(1) as usize - 1,
            to.min(self.entries.len() as u64) as usize,
        );
        if first >= end {
            return Vec::new();
        }
        if !self.given.is_empty() {
            let given = self.given[first..end].iter().enumerate();
            return given
                .map(|(at, vector)| ((first + at) as u64 + 1, vector.to_vec()))
                .collect();
        }
        let mut running = self.vectors_after(first);
        let mut all = Vec::with_capacity(end - first);
        for at in first..end {
            self.apply_to(&mut running, at);
            let node = self.entries[at].node;
            if node == 0 {
                continue;
            }
            let Some(vector) = running.of(NodeId(node)) else {
                return Vec::new();
            };
            let mut vector = vector.to_vec();
            vector.resize(self.nodes(), 0);
            all.push((at as u64 + 1, vector));
        }
        all
    }

    /// One vector by a walk back: what is needed of each lane, until nothing is left to follow.
    fn walk_back(&self, at: usize) -> Vec<u32> {
        let mut need = vec![0; self.nodes()];
        need[self.entries[at].node as usize - 1] = self.entries[at].own;
        for entry in self.entries[..=at].iter().rev() {
            if entry.node == 0 || need[entry.node as usize - 1] < entry.own {
                continue;
            }
            if let Some(cause) = self.entry(entry.cause).filter(|cause| cause.node > 0) {
                let of = &mut need[cause.node as usize - 1];
                *of = (*of).max(cause.own);
            }
        }
        need
    }

    /// The same vector where sending is no tick.
    #[must_use]
    pub fn without_sends(&self, vector: &[u32]) -> Vec<u32> {
        let less = |(lane, own): (usize, &u32)| {
            let node = NodeId(lane as u32 + 1);
            let last = self.of_lane(node, *own).and_then(|seq| self.entry(seq));
            own - last.map_or(0, |entry| entry.sends)
        };
        vector.iter().enumerate().map(less).collect()
    }
}
