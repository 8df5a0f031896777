//! View changes (4.4): a new primary, and every number that may have committed keeps its request.

use std::rc::Rc;

use faultline_sim::process::{Belief, Context, NodeId};
use faultline_sim::sorted::{SortedMap, SortedSet};

use super::descriptor::CERTIFICATES;
use super::{
    Message, NewView, Node, Prepared, Proposal, Replica, Timer, ViewChange, faulty, is_replica,
    marks, primary, quorum,
};

/// O: what the numbers above the latest stable checkpoint are for, as these view changes prove.
pub fn orders(changes: &[Rc<ViewChange>]) -> Vec<(u64, Proposal)> {
    let min_s = changes.iter().map(|change| change.stable).max();
    let min_s = min_s.unwrap_or_default();
    let proofs = changes.iter().flat_map(|change| &change.prepared);
    let mut latest: SortedMap<u64, &Prepared> = SortedMap::new();
    for proof in proofs.filter(|proof| proof.n > min_s) {
        let best = latest.entry(proof.n).or_insert(proof);
        if proof.view > best.view {
            *best = proof;
        }
    }
    let max_s = latest.last_key_value().map_or(min_s, |(n, _)| *n);
    let of = |n: u64| latest.get(&n).and_then(|proof| proof.request.clone());
    (min_s + 1..=max_s).map(|n| (n, of(n))).collect()
}

impl Replica {
    /// Its timer has run out: the primary is too slow, or a view change gets too few messages.
    pub(super) fn lose_patience(&mut self, cx: &mut Context<Node>) {
        self.timing = false;
        if self.active {
            if !self.waiting.is_empty() {
                let suspect = primary(self.view, cx.settings());
                cx.mark(&marks::SUSPECTS, (suspect, self.view + 1));
                self.start_view_change(cx, self.view + 1);
            }
            return;
        }
        let asks = self.view_changes.get(&self.view);
        let need = quorum(&cx.settings().at(cx.me())) as usize;
        if asks.is_some_and(|asks| asks.len() >= need) {
            return self.start_view_change(cx, self.view + 1);
        }
        let own = asks.and_then(|asks| asks.get(&cx.me())).cloned();
        if let Some(own) = own {
            Self::multicast(cx, Message::ViewChange(own));
        }
        self.wait_for_view(cx);
    }

    pub(super) fn wait_for_view(&mut self, cx: &mut Context<Node>) {
        let wait = self.patience(cx);
        cx.set_timer(Timer::Patience, wait);
    }

    /// It leaves its view and shows what it has prepared.
    fn start_view_change(&mut self, cx: &mut Context<Node>, view: u64) {
        let (me, from) = (cx.me(), cx.me());
        self.view = view;
        self.active = false;
        self.timing = false;
        self.changes += 1;
        let prepared = match cx.switch(&CERTIFICATES) {
            true => self
                .log
                .values()
                .filter_map(|slot| slot.prepared.clone())
                .collect(),
            false => Vec::new(),
        };
        let (stable, state) = (self.low, self.stable);
        let change = Rc::new(ViewChange {
            view,
            from,
            stable,
            state,
            prepared,
        });
        cx.mark(&marks::ASKS_FOR_VIEW, (view, change.prepared.len()));
        cx.believe(Belief::Leader(None));
        self.view_changes.retain(|asked, _| *asked >= view);
        let asks = self.view_changes.entry(view).or_default();
        asks.insert(me, Rc::clone(&change));
        Self::multicast(cx, Message::ViewChange(change));
        self.wait_for_view(cx);
        self.begin_view(cx);
    }

    pub(super) fn receive_view_change(
        &mut self,
        cx: &mut Context<Node>,
        from: NodeId,
        change: Rc<ViewChange>,
    ) {
        if change.from != from || !is_replica(cx.settings(), from) {
            return;
        }
        if change.view < self.view || (change.view == self.view && self.active) {
            return self.tell_view(cx, from);
        }
        let asks = self.view_changes.entry(change.view).or_default();
        asks.insert(from, change);
        self.join_view_change(cx);
        self.begin_view(cx);
    }

    /// Who has missed the new-view message gets it again.
    fn tell_view(&self, cx: &mut Context<Node>, to: NodeId) {
        let leads = self.active && self.is_primary(cx.me());
        if let Some(new) = self.new_view.as_ref().filter(|_| leads) {
            cx.send(to, Message::NewView(Rc::clone(new)));
        }
    }

    /// f + 1 replicas ask for later views, one of them honest: it joins, without waiting for its timer.
    fn join_view_change(&mut self, cx: &mut Context<Node>) {
        let own = self.view;
        let later = || {
            self.view_changes
                .iter()
                .filter(move |(view, _)| **view > own)
        };
        let who = later().flat_map(|(_, asks)| asks.keys().copied());
        let who: SortedSet<NodeId> = who.collect();
        let least = later().map(|(view, _)| *view).next();
        if let Some(view) = least
            && who.len() as u32 > faulty(cx.settings())
        {
            self.start_view_change(cx, view);
        }
    }

    /// The primary of the next view has a quorum of view changes: it begins the view.
    fn begin_view(&mut self, cx: &mut Context<Node>) {
        let (view, need) = (self.view, quorum(&cx.settings().at(cx.me())) as usize);
        let asks = self.view_changes.get(&view);
        let Some(asks) = asks.filter(|asks| asks.len() >= need) else {
            return;
        };
        if self.active || !self.is_primary(cx.me()) {
            return;
        }
        let changes: Vec<Rc<ViewChange>> = asks.values().cloned().collect();
        let orders = orders(&changes);
        let new = Rc::new(NewView {
            view,
            changes,
            orders,
        });
        Self::multicast(cx, Message::NewView(Rc::clone(&new)));
        self.enter(cx, new);
    }

    /// "A backup accepts a new-view message for view v+1 if …" it can work out O itself.
    pub(super) fn receive_new_view(
        &mut self,
        cx: &mut Context<Node>,
        from: NodeId,
        new: Rc<NewView>,
    ) {
        let old = new.view < self.view || (new.view == self.view && self.active);
        if old || from != primary(new.view, cx.settings()) {
            return;
        }
        let who: SortedSet<NodeId> = new.changes.iter().map(|change| change.from).collect();
        let enough = who.len() as u32 >= quorum(&cx.settings().at(cx.me()));
        let fitting = new.changes.iter().all(|change| change.view == new.view);
        if !enough || !fitting || new.orders != orders(&new.changes) {
            return cx.mark(&marks::BAD_VIEW, (new.view, from));
        }
        self.enter(cx, new);
    }

    fn enter(&mut self, cx: &mut Context<Node>, new: Rc<NewView>) {
        let me = cx.me();
        self.view = new.view;
        self.active = true;
        self.timing = false;
        cx.cancel_timer(&Timer::Patience);
        self.view_changes.retain(|view, _| *view > new.view);
        self.new_view = Some(Rc::clone(&new));
        let leader = primary(self.view, cx.settings());
        if leader == me {
            cx.mark(&marks::LEADS, self.view);
        } else {
            cx.mark(&marks::ENTERS, (self.view, leader));
        }
        cx.believe(Belief::Leader(Some(leader)));
        let stable = new.changes.iter().max_by_key(|change| change.stable);
        let min_s = stable.map_or(0, |change| change.stable);
        self.next = new.orders.last().map_or(min_s, |(n, _)| *n);
        for (n, request) in &new.orders {
            if *n > self.low {
                self.accept(cx, *n, request.clone());
            }
        }
        if let Some(stable) = stable {
            self.adopt_stable(cx, stable.from, stable.stable, stable.state);
        }
        let early = std::mem::take(&mut self.early);
        for early in early {
            if early.view > self.view {
                self.early.push(early);
            } else {
                self.take_pre_prepare(cx, early);
            }
        }
        self.assign_waiting(cx);
        if !self.waiting.is_empty() {
            self.start_timer(cx);
        }
    }
}
