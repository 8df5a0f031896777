//! Leadership transfer (\[D\] 3.10): a leader brings a chosen follower up to date and tells it to ask for votes now.

use faultline_sim::process::{Context, NodeId};
use faultline_sim::settings::Param;
use faultline_sim::time::LocalTime;
use serde::Serialize;

use super::super::{Message, Role, Server, TIMEOUT, Term, marks};
use super::LEASE_READS;

/// What an operator wants. A leader that is another one hands over.
pub const PREFER: Param = Param::number(
    "prefer",
    "Server that should lead (0 = any)",
    "node",
    0.0,
    (0.0, 1_000.0),
);

/// A transfer that is under way. The leader takes no requests meanwhile.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Transfer {
    pub to: NodeId,
    /// When it began, on this leader's own clock.
    pub since: LocalTime,
    /// Whether the follower was told to ask for votes.
    pub told: bool,
}

impl Server {
    /// With each heartbeat, a leader looks whether another server should lead.
    pub(in crate::raft) fn hand_over(&mut self, cx: &mut Context<Self>) {
        let to = cx.settings().count(&PREFER);
        if self.role == Role::Leader && (to > 0 || self.beyond.transfer.is_some()) {
            self.consider(cx, NodeId(to));
        }
    }

    /// It tries once with each server, so that one that cannot lead does not stop the service again and again. A
    /// lease is a promise that others do not ask for votes, so with leases nobody hands over.
    #[inline(never)]
    fn consider(&mut self, cx: &mut Context<Self>, to: NodeId) {
        if let Some(transfer) = &self.beyond.transfer {
            // "If leadership transfer does not complete after about an election timeout, the prior leader aborts the
            // transfer and resumes accepting client requests."
            if cx.now().since(transfer.since) >= cx.duration(&TIMEOUT) {
                cx.mark(&marks::KEEPS_LEAD, transfer.to);
                self.beyond.transfer = None;
            }
            return;
        }
        let matches = self.match_index.get(&to).copied().unwrap_or(0);
        let able = self.counts(cx.settings(), to) && matches >= self.commit_index;
        let wanted = to.0 > 0 && to != cx.me() && self.beyond.tried != Some(to);
        if !wanted || !able || cx.switch(&LEASE_READS) {
            return;
        }
        cx.mark(&marks::HANDS_OVER, to);
        self.beyond.tried = Some(to);
        self.beyond.transfer = Some(Transfer {
            to,
            since: cx.now(),
            told: false,
        });
        self.tell_successor(cx);
    }

    /// "The prior leader sends a TimeoutNow request to the target server", once their logs match.
    pub(in crate::raft) fn tell_successor(&mut self, cx: &mut Context<Self>) {
        let (term, last) = (self.current_term, self.last_log_index());
        let Some(transfer) = &mut self.beyond.transfer else {
            return;
        };
        if !transfer.told && self.match_index.get(&transfer.to) == Some(&last) {
            transfer.told = true;
            cx.send(transfer.to, Message::TimeoutNow { term });
        }
    }

    /// "This request has the same effect as the target server's election timer firing."
    pub(in crate::raft) fn handle_timeout_now(&mut self, cx: &mut Context<Self>, term: Term) {
        if term == self.current_term && self.role == Role::Follower {
            self.start_election(cx);
        }
    }
}
