//! What is measured: forks, what becomes of blocks and payments, and what an attacker gets.

use faultline_sim::event::Record;
use faultline_sim::probe;
use faultline_sim::probe::{DROPPED, LIVE, MEAN, MESSAGES, OK, Probe, ProbeSpec};
use faultline_sim::process::NodeId;
use faultline_sim::shared::SharedMap;
use faultline_sim::sorted::SortedSet;
use faultline_sim::world::World;

use super::descriptor::{BITS, CONFIRMATIONS};
use super::mining::{is_attacker, power};
use super::{Miner, marks, theory};

pub const PROBES: &[ProbeSpec] = &[
    probe!("blocks", "Blocks on the best chain", "blocks", look blocks),
    probe!("found", "Blocks found", "blocks", marks marks::FOUND),
    probe!("stale", "Blocks found that are not on the best chain", "blocks", new Stale<false>),
    probe!("stale-rate", "Part of the blocks that is not on the best chain", "%", new Stale<true>),
    probe!("forks", "Heights at which more than one block was found", "heights", new Forks<false>),
    probe!("fork-rate", "Part of the heights with more than one block", "%", new Forks<true>),
    probe!("tips", "Different blocks that miners build on", "blocks", look tips),
    probe!("reorg", "Most blocks that a miner gave up at once", "blocks", new Reorg),
    probe!("block-time", "Mean time between the latest blocks", "s", look block_time),
    probe!("difficulty", "Hashes that the next block takes on average", "hashes", look difficulty),
    probe!("tries", "Hashes tried for a block that was found (mean)", "hashes", new Tries<0>),
    probe!("within", "Blocks that took no more hashes than the average says", "%", new Tries<1>),
    probe!("hashes", "Hashes tried", "hashes", look hashes),
    probe!("revenue", "Part of the blocks on the best chain that node 1 made", "%", look revenue),
    probe!("advantage", "That part, compared with the hash power of node 1", "points", look advantage),
    probe!("reversed", "Payments that were counted on and then lost", "payments", new Reversed),
    probe!("textbook", "Chance of an attacker as strong as node 1 to take a payment back (Nakamoto)", "%",
        look textbook),
    probe!("refused", "Blocks refused", "times", marks marks::REFUSES),
    MESSAGES,
    MEAN,
    OK,
    DROPPED,
    LIVE,
];

/// The live miner with the most work, attackers with secret blocks left out.
pub fn best(world: &World) -> Option<&Miner> {
    let open = |id: &NodeId| {
        let secret = |miner: &Miner| !miner.attack.withheld.is_empty();
        !(is_attacker(world.settings(), *id) && world.node::<Miner>(*id).is_some_and(secret))
    };
    let all = world
        .live()
        .filter(open)
        .filter_map(|id| world.node::<Miner>(id));
    // The first of those with the most work.
    all.reduce(|best, next| {
        let work = |miner: &Miner| miner.chain.work(&miner.chain.tip());
        if work(next) > work(best) { next } else { best }
    })
}

fn blocks(world: &World) -> Option<f64> {
    best(world).map(|best| best.chain.height() as f64)
}

fn percent(part: u64, of: u64) -> Option<f64> {
    (of > 0).then(|| 100.0 * part as f64 / of as f64)
}

/// Found and not on the best chain: as a number, or in per cent.
#[derive(Clone, Default)]
struct Stale<const RATE: bool>(u64);

impl<const RATE: bool> Probe for Stale<RATE> {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, _world: &World) {
        self.0 += u64::from(record.is(&marks::FOUND));
    }
    fn value(&self, world: &World) -> Option<f64> {
        let stale = self.0.saturating_sub(best(world)?.chain.height());
        match RATE {
            true => percent(stale, self.0),
            false => Some(stale as f64),
        }
    }
}

/// Heights with several blocks: as a number, or in per cent.
#[derive(Clone, Default)]
struct Forks<const RATE: bool> {
    found: SharedMap<u64, u32>,
    forks: u64,
}

impl<const RATE: bool> Probe for Forks<RATE> {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, _world: &World) {
        if let Some(height) = record
            .marked(&marks::FOUND)
            .and_then(|found| found.number(1))
        {
            let before = self.found.get(&height).copied().unwrap_or_default();
            self.found.insert(height, before + 1);
            self.forks += u64::from(before == 1);
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        match RATE {
            true => percent(self.forks, self.found.len() as u64),
            false => Some(self.forks as f64),
        }
    }
}

fn tips(world: &World) -> Option<f64> {
    let live = world.live().filter_map(|id| world.node::<Miner>(id));
    let tips: SortedSet<_> = live.map(|miner| miner.chain.tip()).collect();
    Some(tips.len() as f64)
}

#[derive(Clone, Default)]
struct Reorg(u64);

impl Probe for Reorg {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, _world: &World) {
        let lost = record
            .marked(&marks::REORGS)
            .and_then(|marked| marked.number(2));
        self.0 = self.0.max(lost.unwrap_or_default());
    }
    fn value(&self, _world: &World) -> Option<f64> {
        Some(self.0 as f64)
    }
}

/// Blocks that the mean time between blocks looks back.
const LATEST: u64 = 8;

fn block_time(world: &World) -> Option<f64> {
    let chain = &best(world)?.chain;
    let top = chain.height();
    let first = top.saturating_sub(LATEST);
    let time = |height| Some(f64::from(chain.at(height)?.header.time));
    (top > first).then_some(())?;
    Some((time(top)? - time(first)?) / 1_000.0 / (top - first) as f64)
}

fn difficulty(world: &World) -> Option<f64> {
    let best = best(world)?;
    Some(best.job.as_ref()?.block.header.bits.work() as f64)
}

/// Of blocks that were found: the mean of the tries, or how many in a hundred took no more than the target says.
#[derive(Clone, Default)]
struct Tries<const WITHIN: u8> {
    found: u64,
    tries: u64,
    within: u64,
}

impl<const WITHIN: u8> Probe for Tries<WITHIN> {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        let Some(tries) = record
            .marked(&marks::FOUND)
            .and_then(|found| found.number(2))
        else {
            return;
        };
        let bits = world.settings().count(&BITS);
        self.found += 1;
        self.tries += tries;
        self.within += u64::from(tries <= 1 << bits);
    }
    fn value(&self, _world: &World) -> Option<f64> {
        match WITHIN {
            0 => (self.found > 0).then(|| self.tries as f64 / self.found as f64),
            _ => percent(self.within, self.found),
        }
    }
}

fn hashes(world: &World) -> Option<f64> {
    let all = world.ids().filter_map(|id| world.node::<Miner>(id));
    Some(all.map(|miner| miner.hashes).sum::<u64>() as f64)
}

fn revenue(world: &World) -> Option<f64> {
    let chain = &best(world)?.chain;
    let made = chain.ledger.made.get(&NodeId(1)).copied();
    percent(made.unwrap_or_default(), chain.height())
}

fn advantage(world: &World) -> Option<f64> {
    let (part, of) = power(world.settings(), NodeId(1));
    Some(revenue(world)? - percent(part, of)?)
}

/// Each payment counts once, however often it comes back.
#[derive(Clone, Default)]
struct Reversed(SharedMap<String, ()>);

impl Probe for Reversed {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, _world: &World) {
        if let Some(payment) = record
            .marked(&marks::REVERSED)
            .and_then(|marked| marked.word(0))
        {
            self.0.insert(payment.to_owned(), ());
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        Some(self.0.len() as f64)
    }
}

fn textbook(world: &World) -> Option<f64> {
    let settings = world.settings();
    let (part, of) = power(settings, NodeId(1));
    let share = part as f64 / of as f64;
    Some(100.0 * theory::catch_up(share, settings.count(&CONFIRMATIONS)))
}
