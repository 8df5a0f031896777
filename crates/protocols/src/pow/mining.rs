//! The search for a nonce (Nakamoto, section 4), and how long it takes.

use std::rc::Rc;

use faultline_sim::process::{Context, NodeId};
use faultline_sim::settings::Settings;
use faultline_sim::time::{Duration, LocalTime};
use serde::Serialize;

use super::block::{Block, Payment};
use super::descriptor::{ATTACKER, BITS, INTERVAL, NODES, SHARE};
use super::{Miner, Rules, Timer};

/// Nonces that are tried at once. A search that needs more goes on when the time for these is over.
const AT_ONCE: u32 = 1 << 14;
/// Payments that fit into a block.
const ROOM: usize = 8;

/// A miner's search. The nonces are really tried, all at once when it begins; the timer then takes as long as so
/// many hashes take at the miner's hash rate.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Job {
    #[serde(skip)]
    pub block: Rc<Block>,
    /// Nonces that were tried so far, or will have been when the timer goes off.
    pub tries: u32,
    /// Whether the last one of them fits.
    pub found: bool,
    pub begun: LocalTime,
    /// How much of the first hash had been done by then, for the block before.
    pub ahead: Duration,
}

/// Whether node 1 is an attacker, and this is node 1.
pub fn is_attacker(settings: &Settings, id: NodeId) -> bool {
    id.0 == 1 && settings.choice(&ATTACKER) != "none"
}

/// A miner's part of all hash power, as a fraction. A miner that joins later adds as much as each had at the start.
pub fn power(settings: &Settings, id: NodeId) -> (u64, u64) {
    let nodes = u64::from(settings.count(&NODES)).max(1);
    let share = u64::from(settings.count(&SHARE));
    match id.0 {
        _ if share == 0 || nodes == 1 => (1, nodes),
        1 => (share, 100),
        _ => (100 - share, 100 * (nodes - 1)),
    }
}

/// How long a miner takes for so many hashes. All of them together find a block of the first target in the time
/// that the parameter says, on average.
pub fn time_for(settings: &Settings, id: NodeId, tries: u64) -> Duration {
    let (part, of) = power(settings, id);
    let of_all = u128::from(tries) * u128::from(settings.duration(&INTERVAL).0) * u128::from(of);
    let micros = of_all / (u128::from(part.max(1)) << settings.count(&BITS));
    Duration((micros as u64).max(1))
}

/// How many hashes a miner tries in a time.
fn tries_in(settings: &Settings, id: NodeId, time: Duration) -> u64 {
    let (part, of) = power(settings, id);
    let tries = (u128::from(time.0) * u128::from(part)) << settings.count(&BITS);
    let each = u128::from(settings.duration(&INTERVAL).0.max(1)) * u128::from(of);
    (tries / each) as u64
}

impl Miner {
    /// What the next block would hold: payments that wait, as long as they are covered and new.
    fn payments(&self, rules: &Rules) -> Vec<Payment> {
        let mut ledger = self.chain.ledger.clone();
        let height = self.chain.height() + 1;
        let mut chosen = Vec::new();
        for payment in self
            .attack
            .secret_payment()
            .into_iter()
            .chain(self.pool.values().copied())
        {
            if chosen.len() < ROOM && ledger.accepts(&payment, rules) {
                ledger.pay(&payment, height);
                chosen.push(payment);
            }
        }
        chosen
    }

    /// Counts the hashes of the search that ends now. Returns how long it has been at the last one: a new block costs
    /// a miner nothing, and its chances stay the same at any instant.
    fn count_hashes(&mut self, cx: &Context<Self>) -> Duration {
        let Some(job) = self.job.take() else {
            return Duration(0);
        };
        let time = cx.now().since(job.begun) + job.ahead;
        let done = tries_in(cx.settings(), cx.me(), time);
        self.hashes += done.min(job.tries.into());
        Duration(time.0 % time_for(cx.settings(), cx.me(), 1).0)
    }

    /// Begins with a new block behind the last one: the parent or the payments are others now.
    pub fn mine(&mut self, cx: &mut Context<Self>, rules: &Rules) {
        let ahead = self.count_hashes(cx);
        let parent = self.chain.tip();
        let bits = self.chain.next_bits(&parent, rules);
        let time = u32::try_from(cx.now().0.max(0) / 1_000).unwrap_or(u32::MAX);
        let mut block = Block::behind(parent, cx.me(), self.payments(rules), time, bits);
        block.header.nonce = cx.rng().next_u64() as u32;
        self.search(cx, block, 0, ahead);
    }

    fn search(&mut self, cx: &mut Context<Self>, mut block: Block, before: u32, ahead: Duration) {
        let found = block.header.search(AT_ONCE);
        let tries = found.unwrap_or(AT_ONCE);
        let wait = time_for(cx.settings(), cx.me(), tries.into());
        cx.set_timer(Timer::Hashed, Duration(wait.0.saturating_sub(ahead.0)));
        self.job = Some(Job {
            block: Rc::new(block),
            tries: before.saturating_add(tries),
            found: found.is_some(),
            begun: cx.now(),
            ahead,
        });
    }

    /// The time for the search is over. The block that was found, if any.
    pub fn end_search(&mut self, cx: &mut Context<Self>) -> Option<(Rc<Block>, u32)> {
        let job = self.job.clone()?;
        self.count_hashes(cx);
        if job.found {
            return Some((job.block, job.tries));
        }
        self.search(cx, Block::clone(&job.block), job.tries, Duration(0));
        None
    }
}
