//! What a replica remembers of each sequence number, and the state that it replicates.

use faultline_sim::process::NodeId;
use faultline_sim::sorted::SortedMap;
use serde::Serialize;

use super::message::{Digest, Prepared, Proposal};
use crate::parts::kv::{KvAnswer, KvMachine};

/// The service's state: its store, and each client's latest answer, so that a request runs once (4.1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct State {
    pub machine: KvMachine,
    pub last: SortedMap<NodeId, (u64, KvAnswer)>,
}

/// What somebody said of a number: in this view it is for the request with that digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Vote {
    pub view: u64,
    pub digest: Digest,
}

pub type Votes = SortedMap<NodeId, Vote>;

/// One sequence number.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Slot {
    /// The pre-prepare that was accepted last.
    pub accepted: Option<Accepted>,
    pub prepares: Votes,
    pub commits: Votes,
    /// The proof of the latest view in which it prepared.
    pub prepared: Option<Prepared>,
    pub committed: bool,
}

#[derive(Clone, Debug, Hash, Serialize)]
pub struct Accepted {
    pub view: u64,
    pub digest: Digest,
    pub request: Proposal,
}

impl Slot {
    /// Whether it prepared in the view in which it was accepted.
    pub fn is_prepared(&self) -> bool {
        match (&self.accepted, &self.prepared) {
            (Some(accepted), Some(prepared)) => {
                (accepted.view, accepted.digest) == (prepared.view, prepared.digest)
            }
            _ => false,
        }
    }

    /// Who votes for what was accepted; `any` digest counts where the rule is off.
    pub fn matching(&self, votes: &Votes, any: bool) -> Vec<NodeId> {
        let Some(accepted) = &self.accepted else {
            return Vec::new();
        };
        let matches =
            |vote: &Vote| vote.view == accepted.view && (any || vote.digest == accepted.digest);
        let all = votes.iter().filter(|(_, vote)| matches(vote));
        all.map(|(id, _)| *id).collect()
    }
}

/// A vote arrives. The first one of a view counts, so a second vote changes nothing; votes of older views go.
pub fn count_vote(votes: &mut Votes, from: NodeId, vote: Vote, once: bool) {
    match votes.get(&from) {
        Some(old) if old.view > vote.view || (once && old.view == vote.view) => {}
        _ => {
            votes.insert(from, vote);
        }
    }
}
