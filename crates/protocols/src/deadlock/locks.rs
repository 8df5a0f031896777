//! The rows of a node: who holds each lock, and who waits for it in which order.

use faultline_sim::process::Context;
use faultline_sim::time::LocalTime;
use serde::Serialize;

use super::descriptor::{AGE_ORDER, ONE_HOLDER, POLICY};
use super::{Claim, Message, Row, Site, Tx, marks};

/// A lock that is held. One that nobody holds is not in the list.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Lock {
    pub holder: Claim,
    /// Since when, on this node's clock.
    pub since: LocalTime,
    /// The next one first.
    pub queue: Vec<Claim>,
    /// The holder was told to give up, because somebody older wants the row.
    pub wounded: bool,
}

impl Lock {
    fn new(holder: Claim, since: LocalTime) -> Self {
        Self {
            holder,
            since,
            queue: Vec::new(),
            wounded: false,
        }
    }

    /// Where a new claim stands in the queue. Under a prevention scheme the queue goes by age, so that
    /// the rest may wait for each that comes first.
    fn place(&self, claim: &Claim, policy: &str) -> usize {
        match policy {
            "wait-die" => self.queue.partition_point(|other| claim.is_older(other)),
            "wound-wait" => self.queue.partition_point(|other| other.is_older(claim)),
            _ => self.queue.len(),
        }
    }
}

impl Site {
    /// A transaction wants a row of this node.
    pub(super) fn lock(&mut self, cx: &mut Context<Self>, claim: Claim, row: Row) {
        let policy = cx.settings().choice(&POLICY);
        let by_age = cx.switch(&AGE_ORDER);
        let now = cx.now();
        let Some(lock) = self.locks.get_mut(&row) else {
            cx.write();
            self.locks.insert(row, Lock::new(claim, now));
            return self.grant(cx, claim, row);
        };
        let holder = lock.holder;
        let same = |other: &Claim| other.is(claim.tx, claim.attempt);
        if same(&holder) || lock.queue.iter().any(same) {
            return;
        }
        if !cx.switch(&ONE_HOLDER) {
            return self.grant(cx, claim, row);
        }
        if policy == "wait-die" && !claim.is_older(&holder) {
            cx.mark(&marks::DIES, (claim.tx, row.to_string(), holder.tx));
            return self.send_abort(cx, &claim);
        }
        let place = lock.place(&claim, if by_age { policy } else { "" });
        cx.write();
        lock.queue.insert(place, claim);
        cx.mark(&marks::WAITS, (claim.tx, row.to_string(), holder.tx));
        if policy == "detect" {
            self.tell_holder(cx, claim, row, holder);
        } else if policy == "wound-wait" && claim.is_older(&holder) && !lock.wounded {
            lock.wounded = true;
            cx.mark(&marks::WOUNDS, (claim.tx, holder.tx, row.to_string()));
            self.send_abort(cx, &holder);
        }
    }

    fn grant(&mut self, cx: &mut Context<Self>, claim: Claim, row: Row) {
        cx.mark(&marks::GRANTS, (row.to_string(), claim.tx));
        let (tx, attempt) = (claim.tx, claim.attempt);
        self.route(cx, claim.home, Message::Grant { tx, attempt, row });
    }

    /// Who waits has to know for whom, to send a probe there.
    fn tell_holder(&mut self, cx: &mut Context<Self>, waits: Claim, row: Row, holder: Claim) {
        let (tx, attempt) = (waits.tx, waits.attempt);
        let blocked = Message::Blocked {
            tx,
            attempt,
            row,
            holder,
        };
        self.route(cx, waits.home, blocked);
    }

    fn send_abort(&mut self, cx: &mut Context<Self>, claim: &Claim) {
        let (tx, attempt) = (claim.tx, claim.attempt);
        self.route(cx, claim.home, Message::Abort { tx, attempt });
    }

    /// A transaction does not want the row any more: the next one gets it.
    pub(super) fn release(&mut self, cx: &mut Context<Self>, tx: Tx, attempt: u32, row: Row) {
        let now = cx.now();
        let Some(lock) = self.locks.get_mut(&row) else {
            return;
        };
        cx.write();
        if !lock.holder.is(tx, attempt) {
            return lock.queue.retain(|other| !other.is(tx, attempt));
        }
        if lock.queue.is_empty() {
            self.locks.remove(&row);
            return;
        }
        let next = lock.queue.remove(0);
        let rest = std::mem::take(&mut lock.queue);
        *lock = Lock::new(next, now);
        lock.queue.clone_from(&rest);
        self.grant(cx, next, row);
        if cx.settings().choice(&POLICY) == "detect" {
            for waits in rest {
                self.tell_holder(cx, waits, row, next);
            }
        }
    }
}
