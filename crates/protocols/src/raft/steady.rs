//! Two rules of \[D\] that keep a cluster going when a server can send and not hear, or hear and not send:
//! PreVote (9.6) and CheckQuorum (6.2). The paper of 2014 has
//! neither; etcd and TiKV run with both.

use std::hash::{Hash, Hasher};

use faultline_sim::process::{Context, NodeId};
use faultline_sim::quorum::Vote;
use faultline_sim::settings::Switch;
use faultline_sim::sorted::SortedSet;
use faultline_sim::time::LocalTime;
use serde::Serialize;

use super::marks;
use super::{Index, LEASE_READS, LOG_CHECK, Message, Role, Server, TIMEOUT, Term};
use crate::parts::votes::Votes;

pub const PRE_VOTE: Switch = Switch::off(
    "pre-vote",
    "A server asks whether it could win before it starts a term (PreVote)",
);
pub const CHECK_QUORUM: Switch = Switch::off(
    "check-quorum",
    "A leader that hears from no majority steps down (CheckQuorum)",
);

/// What these rules need to know. Empty while they are off.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Steady {
    /// Who would vote for this server; empty unless it asks.
    pub pre_votes: Votes,
    /// When a leader was last heard, on this server's own clock.
    pub heard_leader: Option<LocalTime>,
    /// Voters that have answered this leader since its last check.
    pub active: SortedSet<NodeId>,
    pub checked: Option<LocalTime>,
}

/// Nothing while the rules are off, so that runs without them keep the hashes that links know.
impl Hash for Steady {
    fn hash<H: Hasher>(&self, state: &mut H) {
        if !self.is_empty() {
            let votes = (&self.pre_votes, &self.heard_leader);
            (votes, &self.active, &self.checked).hash(state);
        }
    }
}

impl Steady {
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Server {
    /// "In the Pre-Vote algorithm, a candidate only increments its term if it first learns from a majority of the
    /// cluster that they would be willing to grant the candidate their votes" (9.6).
    pub(super) fn miss_leader(&mut self, cx: &mut Context<Self>) {
        if !cx.switch(&PRE_VOTE) || !self.is_voter() || self.role == Role::Leader {
            return self.start_election(cx);
        }
        self.become_follower(cx, None);
        self.steady.pre_votes = Votes::of(cx.me());
        Self::reset_election_timer(cx);
        let term = self.current_term + 1;
        cx.mark(&marks::ASKS_FIRST, term);
        let ask = Message::PreVote {
            term,
            last_log_index: self.last_log_index(),
            last_log_term: self.last_log_term(),
        };
        cx.send_all(&self.electors(cx), ask);
        self.count_pre_votes(cx);
    }

    /// "If the candidate's log is sufficiently up-to-date and the voters have not received heartbeats from a valid
    /// leader for at least a baseline election timeout" (9.6). It changes nothing at the voter.
    pub(super) fn handle_pre_vote(
        &mut self,
        cx: &mut Context<Self>,
        candidate: NodeId,
        term: Term,
        (last_log_term, last_log_index): (Term, Index),
    ) {
        if !self.answers_candidates(cx) {
            return;
        }
        let own = (self.last_log_term(), self.last_log_index());
        let up_to_date = (last_log_term, last_log_index) >= own || !cx.switch(&LOG_CHECK);
        let hears = self.hears_leader(cx);
        let vote_granted = term > self.current_term && up_to_date && !hears;
        if hears && term > self.current_term {
            cx.mark(&marks::HEARS_LEADER, candidate);
        }
        // A refusal tells its own term, so that a server that fell behind learns it.
        let term = if vote_granted {
            term
        } else {
            self.current_term
        };
        cx.send(candidate, Message::PreVoteReply { term, vote_granted });
    }

    pub(super) fn hears_leader(&self, cx: &Context<Self>) -> bool {
        let recently = |at: LocalTime| cx.now().since(at) < cx.duration(&TIMEOUT);
        self.role == Role::Leader || self.steady.heard_leader.is_some_and(recently)
    }

    pub(super) fn handle_pre_vote_reply(
        &mut self,
        cx: &mut Context<Self>,
        from: NodeId,
        term: Term,
        vote_granted: bool,
    ) {
        let asks = !self.steady.pre_votes.yes.is_empty();
        if asks && vote_granted && term == self.current_term + 1 {
            self.steady.pre_votes.yes(from);
            self.count_pre_votes(cx);
        }
    }

    fn count_pre_votes(&mut self, cx: &mut Context<Self>) {
        if self.stands(cx.settings(), &self.steady.pre_votes) == Vote::Won {
            self.start_election(cx);
        }
    }

    /// A leader of this term was heard.
    pub(super) fn note_leader(&mut self, cx: &Context<Self>) {
        if cx.switch(&PRE_VOTE) || cx.switch(&LEASE_READS) {
            self.steady.heard_leader = Some(cx.now());
        }
    }

    /// A follower has answered, with whatever.
    pub(super) fn note_active(&mut self, cx: &Context<Self>, from: NodeId) {
        if cx.switch(&CHECK_QUORUM) && self.counts(cx.settings(), from) {
            self.steady.active.insert(from);
        }
    }

    /// "A leader steps down if an election timeout elapses without a successful round of heartbeats to a majority of
    /// its cluster" (6.2). Looked at with each heartbeat.
    pub(super) fn check_quorum(&mut self, cx: &mut Context<Self>) {
        if !cx.switch(&CHECK_QUORUM) {
            self.steady.checked = None;
            return;
        }
        let since = *self.steady.checked.get_or_insert(cx.now());
        if cx.now().since(since) < cx.duration(&TIMEOUT) {
            return;
        }
        let mut heard = Votes::of(cx.me());
        self.steady.active.iter().for_each(|id| heard.yes(*id));
        self.steady.active.clear();
        self.steady.checked = Some(cx.now());
        if self.stands(cx.settings(), &heard) != Vote::Won {
            let all = self.electorate(cx.settings());
            cx.mark(&marks::LOSES_QUORUM, (heard.count(), all));
            self.become_follower(cx, None);
        }
    }
}
