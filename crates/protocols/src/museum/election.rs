//! Election: the highest member of a node's view leads (\[G\] III).

use faultline_sim::process::{Belief, Context, NodeId};
use faultline_sim::time::Duration;
use serde::Serialize;

use super::descriptor::{FAIL, WAIT};
use super::{Message, Museum, Timer};
use crate::elections::{LEADS, STARTS};

/// What a node that takes part in an election waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Election {
    /// An OK from a higher member.
    Ok,
    /// An announcement, after an OK.
    Announcement,
}

impl Museum {
    /// The leader must be a live member, and soon the highest. A leader that has just been announced
    /// may know of a failure that this node has not noticed yet, so it gets some time.
    pub(super) fn watch_leader(&mut self, cx: &mut Context<Self>, every: Duration) {
        if self.election.is_some() {
            return;
        }
        let lives = self.leader.is_some_and(|id| self.view().contains(&id));
        let highest = self.leader.as_ref() == self.view().last();
        self.doubt = if highest {
            Duration(0)
        } else {
            Duration(self.doubt.0.saturating_add(every.0))
        };
        if !lives || self.doubt >= cx.duration(&FAIL) {
            self.start_election(cx);
        }
    }

    pub(super) fn start_election(&mut self, cx: &mut Context<Self>) {
        let me = cx.me();
        if self.leader.is_some_and(|id| !self.view().contains(&id)) {
            self.leader = None;
            cx.believe(Belief::Leader(None));
        }
        cx.mark(&STARTS, ());
        self.doubt = Duration(0);
        let higher: Vec<NodeId> = self.view().iter().copied().filter(|id| *id > me).collect();
        if higher.is_empty() {
            return self.become_leader(cx);
        }
        cx.send_all(&higher, Message::Election);
        self.election = Some(Election::Ok);
        cx.set_timer(Timer::Election, cx.duration(&WAIT));
    }

    pub(super) fn receive_election(&mut self, cx: &mut Context<Self>, from: NodeId) {
        if self.leads(cx.me()) {
            return self.announce(cx, &[from]);
        }
        cx.send(from, Message::Ok);
        if self.election.is_none() {
            self.start_election(cx);
        }
    }

    pub(super) fn receive_ok(&mut self, cx: &mut Context<Self>) {
        if self.election == Some(Election::Ok) {
            self.election = Some(Election::Announcement);
            let wait = Duration(cx.duration(&WAIT).0 * 2);
            cx.set_timer(Timer::Election, wait);
        }
    }

    /// Without an OK this node is the highest. An OK without an announcement: its sender has crashed.
    pub(super) fn end_wait(&mut self, cx: &mut Context<Self>) {
        match self.election {
            Some(Election::Ok) => self.become_leader(cx),
            Some(Election::Announcement) => self.start_election(cx),
            None => {}
        }
    }

    fn become_leader(&mut self, cx: &mut Context<Self>) {
        cx.mark(&LEADS, ());
        let me = cx.me();
        self.lead(cx, me);
        let others: Vec<NodeId> = cx.peers().collect();
        self.announce(cx, &others);
        self.watch_members(cx, Duration(0));
    }

    fn announce(&self, cx: &mut Context<Self>, to: &[NodeId]) {
        let counts = self.counts(cx.me());
        cx.send_all(to, Message::Coordinator { counts });
    }

    pub(super) fn receive_coordinator(&mut self, cx: &mut Context<Self>, from: NodeId) {
        if from > cx.me() {
            self.ordered.clear();
            self.waits_for.clear();
            cx.cancel_timer(&Timer::Resend);
            self.lead(cx, from);
        } else if self.leads(cx.me()) {
            // It has told others that it leads: they must hear that a higher node does.
            let others: Vec<NodeId> = cx.peers().collect();
            self.announce(cx, &others);
        }
    }

    /// From now on this node has that leader.
    fn lead(&mut self, cx: &mut Context<Self>, leader: NodeId) {
        self.leader = Some(leader);
        self.election = None;
        cx.cancel_timer(&Timer::Election);
        cx.believe(Belief::Leader(Some(leader)));
    }

    /// A leader tells lower members that were not in its view that it leads.
    pub(super) fn greet(&self, cx: &mut Context<Self>, before: &[NodeId]) {
        let me = cx.me();
        let new = |id: &NodeId| *id < me && !before.contains(id);
        let new: Vec<NodeId> = self.view().iter().copied().filter(new).collect();
        if self.leads(me) {
            self.announce(cx, &new);
        }
    }

    pub fn leads(&self, me: NodeId) -> bool {
        self.leader == Some(me)
    }
}
