//! The leader's job: each key has its copies again after the members have changed.
//!
//! One node orders it, so not every node does. Each member that has copies sends them to the other owners,
//! and the leader repeats the order until each member has said that it is done.

use std::rc::Rc;

use faultline_sim::process::{Context, NodeId};
use faultline_sim::sorted::{SortedMap, SortedSet};
use faultline_sim::time::Duration;

use super::descriptor::{ONE_ORDERS, REPAIR, RESEND, SWEEP};
use super::{Copies, Message, Museum, Timer, marks};
use crate::hash_ring::placement::Ring;

/// An order that this node carries out.
#[derive(Clone, Debug, Hash)]
pub struct Copying {
    number: u64,
    /// Owners that have not said that they have the copies.
    waits_for: SortedSet<NodeId>,
}

impl Museum {
    /// Orders copies when the view has changed, when this node has just become the leader, and now and
    /// then because a copy may have missed a write.
    pub(super) fn watch_members(&mut self, cx: &mut Context<Self>, every: Duration) {
        let orders = self.leads(cx.me()) || !cx.switch(&ONE_ORDERS);
        self.since_order = Duration(self.since_order.0.saturating_add(every.0));
        let due = self.ordered != self.view() || self.since_order >= cx.duration(&SWEEP);
        if !orders || !due || !cx.switch(&REPAIR) {
            return;
        }
        self.ordered = self.view().to_vec();
        self.since_order = Duration(0);
        self.orders += 1;
        self.waits_for = self.ordered.iter().copied().collect();
        cx.mark(&marks::ORDERS, self.ordered.len());
        self.send_orders(cx);
    }

    /// Sends the latest order to the members that have not carried it out.
    pub(super) fn send_orders(&mut self, cx: &mut Context<Self>) {
        if self.waits_for.is_empty() {
            return;
        }
        let (me, number) = (cx.me(), self.orders);
        let members = Rc::new(self.ordered.clone());
        let others = self.waits_for.iter().copied().filter(|id| *id != me);
        let others: Vec<NodeId> = others.collect();
        cx.set_timer(Timer::Resend, cx.duration(&RESEND));
        let order = Message::Repair {
            number,
            members: members.clone(),
        };
        cx.send_all(&others, order);
        if self.waits_for.contains(&me) {
            self.receive_repair(cx, me, number, &members);
        }
    }

    /// Sends its copies to the other owners, by the ring of the order. An order that is repeated asks
    /// only for what has not been acknowledged.
    pub(super) fn receive_repair(
        &mut self,
        cx: &mut Context<Self>,
        leader: NodeId,
        number: u64,
        members: &[NodeId],
    ) {
        let ring = Ring::new(self.ring.rules.clone(), members.iter().copied());
        let begun = self.copying.get(&leader).filter(|at| at.number == number);
        let wanted = |id: NodeId| begun.is_none_or(|at| at.waits_for.contains(&id));
        let me = cx.me();
        let mut bundles: SortedMap<NodeId, Copies> = SortedMap::new();
        for (key, entry) in self.store.iter() {
            let owners = ring.owners(ring.rules.hash(key)).into_iter();
            for owner in owners.filter(|id| *id != me && wanted(*id)) {
                let bundle = bundles.entry(owner).or_default();
                bundle.push((key.clone(), entry.clone()));
            }
        }
        let waits_for = bundles.keys().copied().collect();
        self.copying.insert(leader, Copying { number, waits_for });
        for (to, copies) in bundles {
            let copies = Rc::new(copies);
            cx.send(
                to,
                Message::Copy {
                    leader,
                    number,
                    copies,
                },
            );
        }
        self.report(cx, leader, number);
    }

    pub(super) fn receive_copied(
        &mut self,
        cx: &mut Context<Self>,
        from: NodeId,
        leader: NodeId,
        number: u64,
    ) {
        let order = self.copying.get_mut(&leader);
        if let Some(order) = order.filter(|order| order.number == number)
            && order.waits_for.remove(&from)
        {
            self.report(cx, leader, number);
        }
    }

    /// Tells the leader when the order is carried out.
    fn report(&mut self, cx: &mut Context<Self>, leader: NodeId, number: u64) {
        let done = self.copying.get(&leader);
        if !done.is_some_and(|order| order.waits_for.is_empty()) {
            return;
        }
        if leader == cx.me() {
            self.receive_repaired(cx, leader, number);
        } else {
            cx.send(leader, Message::Repaired { number });
        }
    }

    pub(super) fn receive_repaired(&mut self, cx: &mut Context<Self>, from: NodeId, number: u64) {
        if number == self.orders && self.waits_for.remove(&from) && self.waits_for.is_empty() {
            cx.cancel_timer(&Timer::Resend);
            cx.mark(&marks::REPAIRED, ());
        }
    }
}
