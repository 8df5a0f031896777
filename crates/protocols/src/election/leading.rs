//! From a claim to leadership, and how a leader keeps it.

use faultline_sim::process::{Belief, Context, NodeId};
use faultline_sim::quorum::Vote;

use super::descriptor::{DETECT, HEARTBEAT, REFUSE_LOWER, SUSPECT, TERMS, WAIT};
use super::marks;
use super::{Election, Message, Timer};
use crate::elections::{IGNORES, LEADS, NODES, WILL_NOT_FOLLOW};

impl Election {
    /// `becomeLeader`
    pub(super) fn become_leader(&mut self, cx: &mut Context<Self>) {
        cx.mark(&LEADS, ());
        self.claims += 1;
        self.crowned = self.term;
        self.accept(cx, cx.me());
        cx.broadcast(Message::Leader { term: self.term });
        if !self.writes.held.is_empty() {
            self.tell(cx);
        }
        if cx.switch(&DETECT) {
            cx.cancel_timer(&Timer::Suspect);
            cx.set_timer(Timer::Beat, cx.duration(&HEARTBEAT));
        }
    }

    fn accept(&mut self, cx: &mut Context<Self>, leader: NodeId) {
        if self.leader != Some(leader) && leader != cx.me() {
            self.yield_to(cx, leader);
        }
        self.leader = Some(leader);
        self.waiting = false;
        self.supporters.clear();
        cx.believe(Belief::Leader(Some(leader)));
        if cx.switch(&WAIT) {
            for timer in [Timer::Answer, Timer::Announcement, Timer::Ask] {
                cx.cancel_timer(&timer);
            }
        }
        self.watch_leader(cx);
    }

    /// `receiveLeaderAnnouncement`
    pub(super) fn receive_leader(&mut self, cx: &mut Context<Self>, from: NodeId, term: u64) {
        if cx.switch(&TERMS) && term < self.term {
            return cx.mark(&IGNORES, (from, term));
        }
        self.term = self.term.max(term);
        if self.refuses(cx, from) {
            return;
        }
        self.accept(cx, from);
    }

    /// Switch `refuse-lower`: a lower node leads, or wants to, while this node lives.
    fn refuses(&mut self, cx: &mut Context<Self>, from: NodeId) -> bool {
        if from > cx.me() || !cx.switch(&REFUSE_LOWER) {
            return false;
        }
        if !self.takes_part(cx) {
            cx.mark(&WILL_NOT_FOLLOW, from);
            self.start_fresh_election(cx);
        }
        true
    }

    // Switch `majority` --------------------------------------------------------------------------

    /// A claim starts a new term, in which this node supports only itself.
    pub(super) fn ask_for_support(&mut self, cx: &mut Context<Self>) {
        let supported = self.supports.map_or(0, |(term, _)| term);
        self.term = self.term.max(supported + 1);
        let me = cx.me();
        self.supports = Some((self.term, me));
        self.supporters.clear();
        cx.mark(&marks::ASKS_SUPPORT, self.term);
        cx.broadcast(Message::Claim { term: self.term });
        self.await_announcement(cx);
        self.watch_leader(cx);
        self.count_support(cx, me);
    }

    pub(super) fn receive_claim(&mut self, cx: &mut Context<Self>, from: NodeId, term: u64) {
        if term < self.term {
            return cx.mark(&marks::NO_SUPPORT, (from, term));
        }
        self.term = term;
        if self.refuses(cx, from) {
            return;
        }
        let free = self.supports.is_none_or(|(own, _)| own < term);
        if free || self.supports == Some((term, from)) {
            self.supports = Some((term, from));
            cx.send(from, Message::Support { term, whom: from });
            // The supported node gets time to collect its majority.
            self.watch_leader(cx);
        }
    }

    pub(super) fn receive_support(
        &mut self,
        cx: &mut Context<Self>,
        from: NodeId,
        support: (u64, NodeId),
    ) {
        let mine = support.1 == cx.me() && self.supports == Some(support);
        if mine && support.0 == self.term && !self.leads_in(cx.me(), support.0) {
            self.count_support(cx, from);
        }
    }

    pub(super) fn leads_in(&self, me: NodeId, term: u64) -> bool {
        self.leads(me) && self.crowned == term
    }

    /// Only the nodes that the run started with count.
    fn count_support(&mut self, cx: &mut Context<Self>, from: NodeId) {
        let all = cx.settings().count(&NODES);
        if from.0 <= all {
            self.supporters.yes(from);
        }
        if self.supporters.majority_of(all) == Vote::Won {
            self.become_leader(cx);
        }
    }

    // Switch `detect` ----------------------------------------------------------------------------

    pub(super) fn watch_leader(&self, cx: &mut Context<Self>) {
        if cx.switch(&DETECT) && !self.leads(cx.me()) {
            cx.set_timer(Timer::Suspect, cx.duration(&SUSPECT));
        }
    }

    pub(super) fn beat(&self, cx: &mut Context<Self>) {
        cx.broadcast(Message::Heartbeat { term: self.crowned });
        cx.set_timer(Timer::Beat, cx.duration(&HEARTBEAT));
    }

    pub(super) fn receive_heartbeat(&mut self, cx: &mut Context<Self>, from: NodeId, term: u64) {
        if cx.switch(&TERMS) && term < self.term {
            // A leader of an old term learns the new term from the claim.
            if self.leads(cx.me()) {
                cx.send(from, Message::Leader { term: self.crowned });
            }
            return;
        }
        self.term = self.term.max(term);
        if !self.refuses(cx, from) {
            self.accept(cx, from);
        }
    }
}
