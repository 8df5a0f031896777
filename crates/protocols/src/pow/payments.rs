//! The wallet of a node: it pays, waits for confirmations, and counts on what others have paid it.

use faultline_sim::process::{Context, NodeId, Operation};
use faultline_sim::time::Duration;

use super::block::Payment;
use super::chain::Moved;
use super::descriptor::{CONFIRMATIONS, EVERY};
use super::{Message, Miner, Reply, Request, Rules, Timer, marks};
use crate::parts::request::RequestId;

/// Payments that a node keeps for later blocks.
const POOL: usize = 64;

impl Miner {
    /// Pays, and tells all miners. The answer comes with the confirmations.
    pub fn pay(
        &mut self,
        cx: &mut Context<Self>,
        to: NodeId,
        amount: u64,
        operation: Option<Operation>,
    ) -> Result<(), String> {
        if amount == 0 {
            return Err("a payment of nothing".to_owned());
        }
        let own = self
            .pool
            .values()
            .filter(|payment| payment.id.from == cx.me());
        let open: u64 = own
            .map(|payment| payment.amount)
            .fold(0, u64::saturating_add);
        let all = i64::try_from(open.saturating_add(amount)).unwrap_or(i64::MAX);
        let owns = self.chain.ledger.owns(cx.me());
        if Rules::of(cx).covered && all > owns {
            return Err(format!("node {} owns {owns}", cx.me().0));
        }
        let id = self.next_id(cx.me());
        if let Some(operation) = operation {
            self.waits.insert(id.number, operation);
        }
        let payment = Payment { id, to, amount };
        cx.broadcast(Message::Payment { payment });
        self.add_payment(cx, payment);
        Ok(())
    }

    /// A payment is known: the block that the node looks for should hold it.
    pub fn add_payment(&mut self, cx: &mut Context<Self>, payment: Payment) {
        let rules = Rules::of(cx);
        let spent = rules.once && self.chain.ledger.paid.contains_key(&payment.id);
        if spent || self.pool.len() >= POOL || self.pool.contains_key(&payment.id) {
            return;
        }
        self.pool.insert(payment.id, payment);
        if self.chain.ledger.accepts(&payment, &rules) {
            self.mine(cx, &rules);
        }
    }

    /// After a change of the chain: what is in no block waits again, and what has enough blocks behind it counts.
    pub fn settle_payments(&mut self, cx: &mut Context<Self>, moved: &Moved) {
        for payment in moved.back.iter().flat_map(|block| &block.payments) {
            let spent = self.chain.ledger.paid.contains_key(&payment.id);
            if !spent && self.pool.len() < POOL {
                self.pool.insert(payment.id, *payment);
            }
        }
        for payment in moved.forth.iter().flat_map(|block| &block.payments) {
            self.pool.remove(&payment.id);
        }
        let lost = moved.back.iter().flat_map(|block| &block.payments);
        let lost: Vec<Payment> = lost
            .filter(|payment| !self.holds(payment))
            .copied()
            .collect();
        for payment in lost {
            if self.counts_on.get(&payment.id) == Some(&payment) {
                self.counts_on.remove(&payment.id);
                cx.mark(&marks::REVERSED, payment.to_string());
            }
        }
        self.confirmed = self.confirmed.min(moved.common);
        self.confirm(cx);
    }

    /// Whether its chain holds exactly this payment.
    fn holds(&self, payment: &Payment) -> bool {
        let at = self.chain.ledger.paid.get(&payment.id);
        let mut blocks = at
            .into_iter()
            .flatten()
            .filter_map(|height| self.chain.at(*height));
        blocks.any(|block| block.payments.contains(payment))
    }

    /// Looks at blocks that have enough confirmations by now: their own, and one for each block behind them.
    fn confirm(&mut self, cx: &mut Context<Self>) {
        let need = u64::from(cx.settings().count(&CONFIRMATIONS));
        while self.confirmed + need <= self.chain.height() {
            self.confirmed += 1;
            let height = self.confirmed;
            let payments = self.chain.at(height).map(|block| block.payments.clone());
            for payment in payments.unwrap_or_default() {
                if payment.id.from == cx.me()
                    && let Some(operation) = self.waits.remove(&payment.id.number)
                {
                    cx.reply(operation, Reply::Confirmed { height });
                }
                // What it pays itself is nothing to count on.
                let is_paid = payment.to == cx.me() && payment.id.from != cx.me();
                if is_paid && self.counts_on.insert(payment.id, payment).is_none() {
                    cx.mark(&marks::ACCEPTS, (payment.to_string(), need));
                }
            }
        }
    }

    /// When it pays next, if it pays on its own.
    pub fn plan_payment(&self, cx: &mut Context<Self>) {
        let every = cx.settings().duration(&EVERY).0;
        if every > 0 {
            let wait = cx.rng().between(every / 2, every + every / 2);
            cx.set_timer(Timer::NextPayment, Duration(wait.max(1_000)));
        }
    }

    /// A small payment to anybody.
    pub fn pay_somebody(&mut self, cx: &mut Context<Self>) {
        self.plan_payment(cx);
        let Some(to) = cx.random_peer() else {
            return;
        };
        let amount = cx.rng().between(1, 3);
        // It does not try what it could not pay anyway, unless nobody minds.
        let poor = self.chain.ledger.owns(cx.me()) < 6;
        if self.waits.is_empty() && (!poor || !Rules::of(cx).covered) {
            let operation = cx.invoke(Request::Pay { to, amount });
            if let Err(why) = self.pay(cx, to, amount, Some(operation)) {
                cx.reply(operation, Reply::Refused { why });
            }
        }
    }
}

impl Miner {
    /// Its oldest payment that waits for confirmations, by number.
    pub fn oldest_wait(&self) -> Option<u64> {
        self.waits.first_key_value().map(|(number, _)| *number)
    }

    /// The height of the block with that payment of its own.
    pub fn paid_at(&self, number: u64) -> Option<u64> {
        let id = RequestId {
            from: self.me,
            number,
        };
        self.chain.ledger.paid.get(&id)?.first().copied()
    }
}
