//! Votes, and whether they are enough.
//!
//! ```
//! use faultline_protocols::parts::votes::Votes;
//! use faultline_sim::process::NodeId;
//! use faultline_sim::quorum::Vote;
//!
//! let mut votes = Votes::default();
//! votes.yes(NodeId(1));
//! votes.yes(NodeId(1));
//! assert_eq!(votes.majority_of(3), Vote::Pending, "the same vote counts once");
//! votes.yes(NodeId(2));
//! assert_eq!(votes.majority_of(3), Vote::Won);
//! votes.no(NodeId(3));
//! assert_eq!(votes.all_of(3), Vote::Lost, "one refusal is enough where all must agree");
//! ```

use faultline_sim::process::NodeId;
use faultline_sim::quorum::{self, Vote};
use faultline_sim::sorted::SortedSet;
use serde::Serialize;

/// Votes on one question. A node's first answer counts.
#[derive(Clone, Debug, Default, Hash, PartialEq, Eq, Serialize)]
pub struct Votes {
    pub yes: SortedSet<NodeId>,
    #[serde(skip_serializing_if = "SortedSet::is_empty")]
    pub no: SortedSet<NodeId>,
}

impl Votes {
    /// Votes that start with this node's yes.
    pub fn of(node: NodeId) -> Self {
        let mut votes = Self::default();
        votes.yes(node);
        votes
    }

    pub fn yes(&mut self, node: NodeId) {
        if !self.no.contains(&node) {
            self.yes.insert(node);
        }
    }

    pub fn no(&mut self, node: NodeId) {
        if !self.yes.contains(&node) {
            self.no.insert(node);
        }
    }

    /// How many have said yes.
    pub fn count(&self) -> u32 {
        self.yes.len() as u32
    }

    /// Won with more than half of `all`, lost when that cannot be reached any more.
    pub fn majority_of(&self, all: u32) -> Vote {
        quorum::vote(all, self.count(), self.no.len() as u32)
    }

    /// Won when all have said yes, lost with the first no.
    pub fn all_of(&self, all: u32) -> Vote {
        self.at_least(all, all)
    }

    /// Won with `needed` of `all`, lost when that cannot be reached any more.
    pub fn at_least(&self, needed: u32, all: u32) -> Vote {
        if self.count() >= needed {
            Vote::Won
        } else if self.no.len() as u32 + needed > all {
            Vote::Lost
        } else {
            Vote::Pending
        }
    }

    /// Won when the yes votes weigh more than half of the total weight.
    pub fn majority_by(
        &self,
        all: impl Iterator<Item = NodeId>,
        weight: impl Fn(NodeId) -> u64,
    ) -> Vote {
        let total: u64 = all.map(&weight).sum();
        let sum = |nodes: &SortedSet<NodeId>| nodes.iter().map(|id| weight(*id)).sum::<u64>();
        if 2 * sum(&self.yes) > total {
            Vote::Won
        } else if 2 * (total - sum(&self.no)) <= total {
            Vote::Lost
        } else {
            Vote::Pending
        }
    }

    pub fn clear(&mut self) {
        *self = Self::default();
    }
}
