//! Who votes, and what a majority is, while that may change.

use std::fmt;

use faultline_sim::process::{Context, NodeId};
use faultline_sim::quorum::{self, Vote};
use faultline_sim::settings::Settings;
use faultline_sim::sorted::SortedMap;
use serde::Serialize;

use super::super::{NODES, Role, Server, home_role, servers, voters};
use super::changes;
use crate::parts::votes::Votes;

/// A configuration. With old voters, too, it is the joint one of section 6: all that needs a majority needs one of
/// each.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Config {
    pub voters: Vec<NodeId>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub old: Vec<NodeId>,
}

impl Config {
    /// The configuration that a run begins with.
    pub fn first(settings: &Settings) -> Self {
        Self::of((1..=settings.count(&NODES)).map(NodeId).collect())
    }

    pub fn of(voters: Vec<NodeId>) -> Self {
        let old = Vec::new();
        Self { voters, old }
    }

    pub fn is_joint(&self) -> bool {
        !self.old.is_empty()
    }

    pub fn contains(&self, id: NodeId) -> bool {
        self.voters.contains(&id) || self.old.contains(&id)
    }

    /// How a vote stands. Votes of others do not count.
    pub fn vote(&self, votes: &Votes) -> Vote {
        let part = |ids: &[NodeId]| {
            let yes = ids.iter().filter(|id| votes.yes.contains(*id)).count();
            let no = ids.iter().filter(|id| votes.no.contains(*id)).count();
            quorum::vote(ids.len() as u32, yes as u32, no as u32)
        };
        quorum::vote_of_both(part(&self.old), part(&self.voters))
    }

    /// The largest number that a majority has reached, or one of each.
    pub fn reached(&self, of: impl Fn(NodeId) -> u64) -> u64 {
        let part = |ids: &[NodeId]| {
            let known = ids.iter().map(|id| of(*id)).collect();
            (ids.len() as u32, known)
        };
        quorum::committed_by_both(part(&self.old), part(&self.voters))
    }
}

/// Short enough for a log's cell: `1,2,3`, and `1,2,3+4,5,6` while both count.
impl fmt::Display for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |ids: &[NodeId]| {
            let words: Vec<String> = ids.iter().map(|id| id.0.to_string()).collect();
            words.join(",")
        };
        if self.is_joint() {
            write!(f, "{}+", list(&self.old))?;
        }
        f.write_str(&list(&self.voters))
    }
}

impl Server {
    pub(in crate::raft) fn config(&self) -> Option<&Config> {
        self.beyond.config.as_ref().map(|(_, config)| config)
    }

    /// How many servers vote.
    pub(in crate::raft) fn electorate(&self, settings: &Settings) -> u32 {
        match self.config() {
            None => settings.count(&NODES),
            Some(config) => config.voters.len() as u32,
        }
    }

    /// Whether a server votes, or will when a joint change is done.
    pub(in crate::raft) fn is_elector(&self, settings: &Settings, id: NodeId) -> bool {
        match self.config() {
            None => home_role(settings, id) == Role::Follower,
            Some(config) => config.voters.contains(&id),
        }
    }

    /// Whether this server counts another one, or itself, in its majorities.
    pub(in crate::raft) fn counts(&self, settings: &Settings, id: NodeId) -> bool {
        match self.config() {
            None => home_role(settings, id) == Role::Follower,
            Some(config) => config.contains(id),
        }
    }

    /// How a vote of all voters stands.
    pub(in crate::raft) fn stands(&self, settings: &Settings, votes: &Votes) -> Vote {
        match self.config() {
            None => votes.majority_of(settings.count(&NODES)),
            Some(config) => config.vote(votes),
        }
    }

    /// The largest number that a majority has reached. `own` is this server's, if it is not among the known ones.
    pub(in crate::raft) fn reached_by_majority(
        &self,
        cx: &Context<Self>,
        known: &SortedMap<NodeId, u64>,
        own: Option<u64>,
    ) -> u64 {
        if let Some(config) = self.config() {
            let own = |id: NodeId| own.filter(|_| id == cx.me());
            return config.reached(|id| own(id).or(known.get(&id).copied()).unwrap_or(0));
        }
        let counted = |id: &NodeId| home_role(cx.settings(), *id) == Role::Follower;
        let known = known.iter().filter(|(id, _)| counted(id));
        let known = known.map(|(_, number)| *number).chain(own);
        quorum::committed(cx.settings().count(&NODES), known.collect())
    }

    /// To whom a leader sends: all other servers, or those that vote and those that should.
    pub(in crate::raft) fn audience(&self, cx: &Context<Self>) -> Vec<NodeId> {
        if !changes(cx.settings()) {
            return servers(cx);
        }
        let wanted = Self::wanted(cx);
        let hears = |id: &NodeId| self.counts(cx.settings(), *id) || wanted.contains(id);
        cx.peers().filter(hears).collect()
    }

    /// Whom a candidate asks.
    pub(in crate::raft) fn electors(&self, cx: &Context<Self>) -> Vec<NodeId> {
        match self.config() {
            None => voters(cx),
            Some(config) => cx.peers().filter(|id| config.contains(*id)).collect(),
        }
    }

    /// Whether it answers a candidate. Where voters change, every server does: the candidate may know better who
    /// votes (\[D\] 4.1).
    pub(in crate::raft) fn answers_candidates(&self, cx: &Context<Self>) -> bool {
        self.is_voter() || changes(cx.settings())
    }
}

/// The servers that a client knows.
pub(in crate::raft) fn contacts(cx: &Context<Server>) -> Vec<NodeId> {
    if changes(cx.settings()) {
        servers(cx)
    } else {
        voters(cx)
    }
}
