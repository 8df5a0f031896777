//! Leader election (5.2) and its restriction (5.4.1).

use faultline_sim::process::{Belief, Context, NodeId};
use faultline_sim::quorum::Vote;
use faultline_sim::time::Duration;

use super::marks;
use super::{
    Command, Entry, LOG_CHECK, Message, NO_OP, PERSIST_VOTE, Role, Server, TIMEOUT, Term, Timer,
    VOTE_ONCE,
};
use crate::parts::votes::Votes;

impl Server {
    /// "Election timeouts are chosen randomly from a fixed interval": here T to 2T.
    pub(super) fn reset_election_timer(cx: &mut Context<Self>) {
        let least = cx.duration(&TIMEOUT);
        let after = Duration(cx.rng().between(least.0, 2 * least.0));
        cx.set_timer(Timer::ElectionTimeout, after);
    }

    /// "On conversion to candidate": a new term, a vote for itself, a new timeout, requests to all.
    pub(super) fn start_election(&mut self, cx: &mut Context<Self>) {
        if !self.is_voter() || self.role == Role::Leader {
            return;
        }
        cx.write();
        self.current_term += 1;
        self.role = Role::Candidate;
        self.voted_for = Some(cx.me());
        self.votes = Votes::of(cx.me());
        self.steady.pre_votes.clear();
        self.leader = None;
        cx.believe(Belief::Leader(None));
        let term = self.current_term;
        cx.mark(&marks::ASKS_VOTES, term);
        Self::reset_election_timer(cx);
        let ask = Message::RequestVote {
            term,
            last_log_index: self.last_log_index(),
            last_log_term: self.last_log_term(),
        };
        cx.send_all(&self.electors(cx), ask);
        self.count_votes(cx);
    }

    /// "RequestVote RPC, receiver implementation" 1 and 2.
    pub(super) fn handle_request_vote(
        &mut self,
        cx: &mut Context<Self>,
        candidate: NodeId,
        message: &Message,
    ) {
        let Message::RequestVote {
            term,
            last_log_index,
            last_log_term,
        } = *message
        else {
            return;
        };
        if !self.answers_candidates(cx) {
            return;
        }
        let free = self.voted_for.is_none_or(|id| id == candidate) || !cx.switch(&VOTE_ONCE);
        let own = (self.last_log_term(), self.last_log_index());
        let up_to_date = (last_log_term, last_log_index) >= own || !cx.switch(&LOG_CHECK);
        let vote_granted = term == self.current_term && free && up_to_date;
        if vote_granted {
            if cx.switch(&PERSIST_VOTE) {
                cx.write();
            }
            self.voted_for = Some(candidate);
            if self.role != Role::Leader && self.is_voter() {
                Self::reset_election_timer(cx);
            }
        } else if term == self.current_term && !up_to_date {
            cx.mark(&marks::LOG_BEHIND, candidate);
        } else if term == self.current_term {
            let voted = self.voted_for.unwrap_or(cx.me());
            cx.mark(&marks::HAS_VOTED, (candidate, voted, term));
        }
        let term = self.current_term;
        cx.send(candidate, Message::RequestVoteReply { term, vote_granted });
    }

    pub(super) fn handle_request_vote_reply(
        &mut self,
        cx: &mut Context<Self>,
        from: NodeId,
        term: Term,
        vote_granted: bool,
    ) {
        if self.role != Role::Candidate || term != self.current_term {
            return;
        }
        if !vote_granted {
            return self.votes.no(from);
        }
        // A voter that forgets may say no and then yes. The count is of yes alone.
        self.votes.no.remove(&from);
        self.votes.yes(from);
        self.count_votes(cx);
    }

    /// "If votes received from majority of servers: become leader."
    fn count_votes(&mut self, cx: &mut Context<Self>) {
        if self.stands(cx.settings(), &self.votes) == Vote::Won {
            let (yes, all) = (self.votes.count(), self.electorate(cx.settings()));
            cx.mark(&marks::WINS, (yes, all, self.current_term));
            self.become_leader(cx);
        }
    }

    /// "Upon election": next indexes after the own log, no known matches, and a first message to
    /// all. With `no-op` that message carries an empty entry (section 8).
    fn become_leader(&mut self, cx: &mut Context<Self>) {
        self.role = Role::Leader;
        self.leader = Some(cx.me());
        cx.believe(Belief::Leader(Some(cx.me())));
        cx.cancel_timer(&Timer::ElectionTimeout);
        let next = self.last_log_index() + 1;
        let others = self.audience(cx);
        self.next_index = others.iter().map(|id| (*id, next)).collect();
        self.match_index = others.iter().map(|id| (*id, 0)).collect();
        self.reads.clear();
        self.round = 0;
        self.heard_in.clear();
        self.beyond.end_lead();
        if cx.switch(&NO_OP) {
            cx.write();
            self.log
                .push(Entry::new(self.current_term, Command::NoOp, None));
        }
        self.heartbeat(cx);
        self.advance_commit_index(cx);
    }
}
