//! Reads by lease (\[D\] 6.4.1): a leader that a majority has answered lately knows that nobody else leads yet, as
//! long as all clocks run at about the same rate.

use faultline_sim::process::{Context, Start};
use faultline_sim::settings::Switch;

use super::super::{Message, Role, Server, TIMEOUT};

/// Off in the paper: it trusts clocks.
pub const LEASE_READS: Switch = Switch::off(
    "lease-reads",
    "A leader with a lease answers reads at once, without asking the others",
);

impl Server {
    /// Each heartbeat begins a round: answers to it extend the lease from the moment when it was sent.
    pub(in crate::raft) fn begin_round(&mut self, cx: &Context<Self>) {
        if self.role != Role::Leader || !cx.switch(&LEASE_READS) {
            return;
        }
        self.round += 1;
        let (now, lasts) = (cx.now(), cx.duration(&TIMEOUT));
        self.beyond.rounds.retain(|_, at| now.since(*at) < lasts);
        self.beyond.rounds.insert(self.round, now);
    }

    /// Whether this leader may answer a read at once. It must also know what is committed.
    pub(in crate::raft) fn reads_by_lease(&self, cx: &Context<Self>) -> bool {
        cx.switch(&LEASE_READS)
            && self.term_at(self.commit_index) == Some(self.current_term)
            && self.beyond.tried.is_none()
            && self.holds_lease(cx)
    }

    /// "Once the leader's heartbeats were acknowledged by a majority, the leader would extend its lease to start +
    /// election timeout": here a lease is as long as the shortest timeout.
    fn holds_lease(&self, cx: &Context<Self>) -> bool {
        let heard = self.reached_by_majority(cx, &self.heard_in, Some(self.round));
        let mut rounds = self.beyond.rounds.iter().rev();
        let sent = rounds.find(|(round, _)| **round <= heard);
        sent.is_some_and(|(_, at)| cx.now().since(*at) < cx.duration(&TIMEOUT))
    }

    /// Who has heard a leader lately takes no part in an election: leases rest on that. The candidate's term is
    /// ignored, too (\[D\] 4.2.3).
    pub(in crate::raft) fn keeps_to_lease(&self, cx: &Context<Self>, message: &Message) -> bool {
        if !matches!(message, Message::RequestVote { .. }) || !cx.switch(&LEASE_READS) {
            return false;
        }
        match self.role {
            Role::Leader => self.holds_lease(cx),
            _ => self.hears_leader(cx),
        }
    }

    /// After a restart it does not know whom it heard last, so it waits a whole timeout.
    pub(in crate::raft) fn wait_out_leases(&mut self, cx: &Context<Self>, start: Start) {
        if start == Start::Recovery && cx.switch(&LEASE_READS) {
            self.steady.heard_leader = Some(cx.now());
        }
    }
}
