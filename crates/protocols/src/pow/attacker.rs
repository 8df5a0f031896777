//! What node 1 does if it is an attacker: it keeps blocks secret, to earn more than its share (Eyal and Sirer,
//! algorithm 1), or to take a payment back (Nakamoto, section 11).

use faultline_sim::process::{Context, NodeId};
use serde::Serialize;

use super::block::Payment;
use super::descriptor::{ATTACKER, CONFIRMATIONS};
use super::hash::BlockHash;
use super::{Miner, Rules, marks};
use crate::parts::request::RequestId;

/// Who gets the payment that is taken back later.
const MERCHANT: NodeId = NodeId(2);
/// How much that is.
const PRICE: u64 = 5;
/// The attacker gives up when the others are so many blocks ahead.
const HOPELESS: u64 = 20;

/// How far the attempt to spend one coin twice has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub enum Stage {
    /// It looks for the first secret block, in which it pays itself.
    #[default]
    Prepares,
    /// It has paid the merchant with the same coin, and goes on in secret.
    Races,
    /// It has shown its chain, or given up.
    Over,
}

#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Attack {
    /// Its own blocks that no one else has, the lowest first. They are on its chain.
    pub withheld: Vec<BlockHash>,
    /// The best block that others know.
    pub public: BlockHash,
    pub stage: Stage,
    /// The coin that it spends twice.
    coin: Option<RequestId>,
}

impl Attack {
    /// The payment to itself in the first secret block.
    pub fn secret_payment(&self) -> Option<Payment> {
        let id = self.coin.filter(|_| self.stage == Stage::Prepares)?;
        let (to, amount) = (id.from, PRICE);
        Some(Payment { id, to, amount })
    }
}

impl Miner {
    /// How much higher its own chain is than the one of the others.
    pub fn lead(&self) -> i64 {
        let public = self.chain.height_of(&self.attack.public);
        self.chain.height() as i64 - public as i64
    }

    pub fn begin_attack(&mut self, cx: &mut Context<Self>) {
        if self.attack.public == BlockHash::default() {
            self.attack.public = self.chain.tip();
        }
        if cx.settings().choice(&ATTACKER) == "double-spend" && self.attack.coin.is_none() {
            self.attack.coin = Some(self.next_id(cx.me()));
        }
    }

    /// It has found a block, which is on its chain already.
    pub fn keep_secret(&mut self, cx: &mut Context<Self>, hash: BlockHash) {
        let selfish = cx.settings().choice(&ATTACKER) == "selfish";
        if !selfish && self.attack.stage == Stage::Over {
            self.attack.public = hash;
            return self.announce(cx, &[hash]);
        }
        // Two branches of one height, and this block makes its own the longer one.
        let parent = self
            .chain
            .get(&hash)
            .map(|stored| stored.block.header.parent);
        let was_a_tie = self.lead() == 1 && parent != Some(self.attack.public);
        self.attack.withheld.push(hash);
        cx.mark(
            &marks::WITHHOLDS,
            (hash.to_string(), self.attack.withheld.len() as u64),
        );
        if selfish {
            if was_a_tie {
                self.publish_all(cx);
            }
        } else if self.attack.stage == Stage::Prepares {
            self.pay_merchant(cx);
        } else {
            self.publish_if_longer(cx);
        }
    }

    /// Shows the first of its secret blocks.
    fn publish(&mut self, cx: &mut Context<Self>, count: usize) {
        let count = count.min(self.attack.withheld.len());
        let shown: Vec<BlockHash> = self.attack.withheld.drain(..count).collect();
        let Some(last) = shown.last() else {
            return;
        };
        if self.chain.work(last) > self.chain.work(&self.attack.public) {
            self.attack.public = *last;
        }
        cx.mark(&marks::PUBLISHES, count as u64);
        self.announce(cx, &shown);
    }

    fn publish_all(&mut self, cx: &mut Context<Self>) {
        self.publish(cx, usize::MAX);
    }

    /// Others have a longer chain than before. Returns whether it leaves its own.
    pub fn respond(&mut self, cx: &mut Context<Self>, rules: &Rules, best: BlockHash) -> bool {
        self.attack.public = best;
        let selfish = cx.settings().choice(&ATTACKER) == "selfish";
        if !selfish && self.attack.stage == Stage::Races {
            if self.lead() > -(HOPELESS as i64) {
                self.publish_if_longer(cx);
                return false;
            }
            self.attack.stage = Stage::Over;
        }
        if self.chain.is_better(&best, rules) {
            if !self.attack.withheld.is_empty() {
                cx.mark(&marks::GIVES_UP, self.attack.withheld.len());
            }
            self.attack.withheld.clear();
            return true;
        }
        if selfish {
            match self.lead() {
                // They have caught up, or nearly: everything is shown while it still counts.
                ..=1 => self.publish_all(cx),
                // As many as make it as high as theirs, or just one.
                _ => self.publish(cx, 1),
            }
        }
        false
    }

    /// It pays with a coin that its secret block has spent already.
    fn pay_merchant(&mut self, cx: &mut Context<Self>) {
        self.attack.stage = Stage::Races;
        if let Some(id) = self.attack.coin {
            let (to, amount) = (MERCHANT, PRICE);
            let payment = Payment { id, to, amount };
            cx.mark(&marks::PAYS, (payment.to_string(), to));
            cx.broadcast(super::Message::Payment { payment });
        }
    }

    /// How many blocks of the others' chain the merchant counts: the block with the payment, and those behind it.
    fn confirmations(&self) -> u64 {
        let mut at = self.attack.public;
        let top = self.chain.height_of(&at);
        while let Some(stored) = self.chain.get(&at).filter(|_| !self.chain.is_on_path(&at)) {
            let mut paid = stored.block.payments.iter();
            if paid.any(|payment| Some(payment.id) == self.attack.coin) {
                return top + 1 - stored.height;
            }
            at = stored.block.header.parent;
        }
        0
    }

    /// It has the goods once the merchant has seen enough blocks. Then it shows its chain, if that is longer.
    fn publish_if_longer(&mut self, cx: &mut Context<Self>) {
        let enough = self.confirmations() >= cx.settings().count(&CONFIRMATIONS).into();
        if enough && self.lead() > 0 {
            self.attack.stage = Stage::Over;
            self.publish_all(cx);
        }
    }
}
