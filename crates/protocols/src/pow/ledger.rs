//! Who owns what at the end of a chain.

use faultline_sim::process::NodeId;
use faultline_sim::shared::SharedMap;
use faultline_sim::sorted::SortedMap;

use super::Rules;
use super::block::{Block, Payment};
use crate::parts::request::RequestId;

/// What each of the first miners owns before the first block.
pub const START: i64 = 10;
/// What the miner of a block gets: new money.
pub const REWARD: i64 = 1;

#[derive(Clone, Debug, Default, Hash)]
pub struct Ledger {
    /// Below zero only where a rule is off.
    pub money: SortedMap<NodeId, i64>,
    /// At which heights a payment stands: at one, unless a rule is off.
    pub paid: SharedMap<RequestId, Vec<u64>>,
    /// How many blocks each has made.
    pub made: SortedMap<NodeId, u64>,
}

impl Ledger {
    pub fn new(nodes: u32) -> Self {
        let money = (1..=nodes).map(|id| (NodeId(id), START)).collect();
        Self {
            money,
            ..Self::default()
        }
    }

    pub fn owns(&self, node: NodeId) -> i64 {
        self.money.get(&node).copied().unwrap_or_default()
    }

    /// All money there is.
    pub fn total(&self) -> i64 {
        self.money
            .values()
            .fold(0, |sum, money| sum.saturating_add(*money))
    }

    /// Whether the next block may hold it.
    pub fn accepts(&self, payment: &Payment, rules: &Rules) -> bool {
        let covered =
            i64::try_from(payment.amount).is_ok_and(|amount| self.owns(payment.id.from) >= amount);
        (covered || !rules.covered) && !(rules.once && self.paid.contains_key(&payment.id))
    }

    /// Puts a payment into the block at a height.
    pub fn pay(&mut self, payment: &Payment, height: u64) {
        self.transfer(payment, 1);
        let mut at = self.paid.get(&payment.id).cloned().unwrap_or_default();
        at.push(height);
        self.paid.insert(payment.id, at);
    }

    /// Moves the money of a payment there, or back.
    fn transfer(&mut self, payment: &Payment, sign: i64) {
        let amount = sign * i64::try_from(payment.amount).unwrap_or(i64::MAX / 2);
        for (node, change) in [(payment.id.from, -amount), (payment.to, amount)] {
            let money = self.money.entry(node).or_default();
            *money = money.saturating_add(change);
        }
    }

    /// Adds a block, or nothing of it if it holds a payment that it may not hold.
    pub fn apply(&mut self, block: &Block, height: u64, rules: &Rules) -> bool {
        let before = self.clone();
        for payment in &block.payments {
            if !self.accepts(payment, rules) {
                *self = before;
                return false;
            }
            self.pay(payment, height);
        }
        *self.money.entry(block.by).or_default() += REWARD;
        *self.made.entry(block.by).or_default() += 1;
        true
    }

    /// Takes the last block off again.
    pub fn take_back(&mut self, block: &Block, height: u64) {
        *self.money.entry(block.by).or_default() -= REWARD;
        *self.made.entry(block.by).or_default() -= 1;
        for payment in block.payments.iter().rev() {
            self.transfer(payment, -1);
            let mut at = self.paid.get(&payment.id).cloned().unwrap_or_default();
            at.retain(|other| *other != height);
            match at.is_empty() {
                true => drop(self.paid.remove(&payment.id)),
                false => drop(self.paid.insert(payment.id, at)),
            }
        }
    }
}
