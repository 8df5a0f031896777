//! Checkpoints (4.3), and the state that a replica fetches when it has missed one (TOCS 5.3).

use std::rc::Rc;

use faultline_sim::process::{Context, NodeId};

use super::log::{Slot, State};
use super::{Digest, Message, Node, Replica, is_replica, marks, quorum};

impl Replica {
    /// It has executed the last number of an interval: it tells the digest of its state.
    pub(super) fn take_checkpoint(&mut self, cx: &mut Context<Node>) {
        let (n, me) = (self.executed, cx.me());
        let digest = Digest::of(&*self.state);
        self.snapshots.insert(n, Rc::clone(&self.state));
        Self::multicast(cx, Message::Checkpoint { n, digest });
        self.receive_checkpoint(cx, me, n, digest);
    }

    pub(super) fn receive_checkpoint(
        &mut self,
        cx: &mut Context<Node>,
        from: NodeId,
        n: u64,
        digest: Digest,
    ) {
        if n <= self.low || !is_replica(cx.settings(), from) {
            return;
        }
        let told = self.checkpoints.entry(n).or_default();
        told.entry(from).or_insert(digest);
        if let Some(digest) = self.agreed(cx, n) {
            self.adopt_stable(cx, from, n, digest);
        }
    }

    /// The digest that a quorum has told of a number.
    fn agreed(&self, cx: &Context<Node>, n: u64) -> Option<Digest> {
        let told = self.checkpoints.get(&n)?;
        let need = quorum(&cx.settings().at(cx.me())) as usize;
        let count = |digest: &Digest| told.values().filter(|other| *other == digest).count();
        told.values().find(|digest| count(digest) >= need).copied()
    }

    /// A stable checkpoint is known. It moves its low watermark there, or asks for the state that it lacks.
    pub(super) fn adopt_stable(
        &mut self,
        cx: &mut Context<Node>,
        from: NodeId,
        n: u64,
        digest: Digest,
    ) {
        if n <= self.low {
            return;
        }
        let own = self.snapshots.get(&n);
        if own.is_some_and(|state| Digest::of(&**state) == digest) {
            return self.move_low(cx, n, digest);
        }
        // Who is only a little late gets there by itself.
        let late = n > self.executed && self.can_execute(n);
        if !late && from != cx.me() {
            // It wants the newest one that it has heard of.
            if self.wanted.is_none_or(|(wanted, _)| wanted < n) {
                self.wanted = Some((n, digest));
                self.log.retain(|number, _| *number > n);
            }
            cx.mark(&marks::BEHIND, (n, from));
            cx.send(from, Message::Fetch { n });
        }
    }

    /// Whether every number up to this one has prepared in its present view: commits may still come.
    fn can_execute(&self, n: u64) -> bool {
        let prepared = |slot: &Slot| {
            let accepted = slot.accepted.as_ref();
            slot.is_prepared() && accepted.is_some_and(|accepted| accepted.view == self.view)
        };
        let mut missing = self.executed + 1..=n;
        self.active && missing.all(|n| self.log.get(&n).is_some_and(prepared))
    }

    /// Everything up to a stable checkpoint is thrown away.
    fn move_low(&mut self, cx: &mut Context<Node>, n: u64, digest: Digest) {
        (self.low, self.stable) = (n, digest);
        self.next = self.next.max(n);
        self.log.retain(|number, _| *number > n);
        self.checkpoints.retain(|number, _| *number > n);
        self.snapshots.retain(|number, _| *number >= n);
        self.wanted = self.wanted.filter(|(wanted, _)| *wanted > n);
        cx.mark(&marks::STABLE, (n, digest.to_string()));
        self.assign_waiting(cx);
    }

    /// Another replica lacks a state. If this one is older than what is kept here, it gets a newer one.
    pub(super) fn send_state(&self, cx: &mut Context<Node>, to: NodeId, n: u64) {
        let found = self.snapshots.get(&n).map(|state| (n, state));
        let own = || {
            self.snapshots
                .first_key_value()
                .map(|(n, state)| (*n, state))
        };
        if let Some((n, state)) = found.or_else(own) {
            let state = Rc::clone(state);
            cx.send(to, Message::State { n, state });
        }
    }

    /// A state counts if a quorum has told its digest. It does not matter who sends it.
    pub(super) fn receive_state(&mut self, cx: &mut Context<Node>, n: u64, state: Rc<State>) {
        let digest = Digest::of(&*state);
        let known = self.wanted == Some((n, digest)) || self.agreed(cx, n) == Some(digest);
        if !known || n <= self.executed {
            return;
        }
        self.executed = n;
        self.state = Rc::clone(&state);
        self.snapshots.insert(n, state);
        self.forget_executed();
        cx.mark(&marks::FETCHED, (n, digest.to_string()));
        self.move_low(cx, n, digest);
        self.restart_timer(cx);
        self.execute(cx);
    }
}
