//! What must hold of every chain that a miner builds on, whatever others do; and what only holds mostly.

use faultline_sim::event::Record;
use faultline_sim::invariant;
use faultline_sim::invariant::{Invariant, InvariantSpec};
use faultline_sim::process::NodeId;
use faultline_sim::world::World;

use super::descriptor::{CONFIRMATIONS, NODES};
use super::ledger::{REWARD, START};
use super::mining::is_attacker;
use super::probes::best;
use super::{Miner, marks};

pub const INVARIANTS: &[InvariantSpec] = &[
    invariant!(always "valid", "Each block on a miner's chain fits its hash, and has the work that its target asks for",
        new Valid),
    invariant!(always "money", "No account is below zero, and money comes from blocks only", new Money),
    invariant!(always "once", "No chain holds a payment twice", new Once),
    invariant!(always "heaviest", "No miner knows a chain with more work than its own", new Heaviest),
    invariant!(always "settled", "A payment that somebody counts on stays on the chain", new Settled)
        .known_to_break_under("late blocks, a split, or an attacker with luck"),
    invariant!(eventually "same-past", "Eventually all honest miners have the same chain, except for its newest blocks",
        same_past),
];

/// A chain is another one: whose, and the height of its lowest new block. After a change by hand it is that block.
pub fn changed<'w>(record: &Record, world: &'w World) -> Option<(NodeId, &'w Miner, u64)> {
    let (marked, at) = [
        (&marks::EXTENDS, 2),
        (&marks::REORGS, 3),
        (&marks::EDITED, 1),
    ]
    .into_iter()
    .find_map(|(mark, at)| Some((record.marked(mark)?, at)))?;
    let node = record.node?;
    Some((node, world.node::<Miner>(node)?, marked.number(at)?))
}

#[derive(Clone, Default, Hash)]
struct Valid;

impl Invariant for Valid {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let Some((node, miner, lowest)) = changed(record, world) else {
            return Ok(());
        };
        for height in lowest.max(1)..=miner.chain.height() {
            if let Some(Err(flaw)) = miner.chain.at(height).map(|block| block.check()) {
                return Err(format!(
                    "{node} builds on the block at height {height}, but {}",
                    flaw.word()
                ));
            }
        }
        Ok(())
    }
}

#[derive(Clone, Default, Hash)]
struct Money;

impl Invariant for Money {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let Some((node, miner, _)) = changed(record, world) else {
            return Ok(());
        };
        let ledger = &miner.chain.ledger;
        if let Some((owner, owns)) = ledger.money.iter().find(|(_, owns)| **owns < 0) {
            return Err(format!("on the chain of {node}, {owner} owns {owns}"));
        }
        let first = i64::from(world.settings().count(&NODES)) * START;
        let due = first + miner.chain.height() as i64 * REWARD;
        match ledger.total() {
            total if total == due => Ok(()),
            total => Err(format!(
                "on the chain of {node} there is {total}, and not {due}"
            )),
        }
    }
}

#[derive(Clone, Default, Hash)]
struct Once;

impl Invariant for Once {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let Some((node, miner, lowest)) = changed(record, world) else {
            return Ok(());
        };
        for height in lowest.max(1)..=miner.chain.height() {
            let block = miner.chain.at(height);
            for payment in block.iter().flat_map(|block| &block.payments) {
                let at = miner.chain.ledger.paid.get(&payment.id);
                if at.is_some_and(|at| at.len() > 1) {
                    return Err(format!(
                        "on the chain of {node}, {payment} stands in two blocks"
                    ));
                }
            }
        }
        Ok(())
    }
}

/// Attackers stay on a chain of their own on purpose.
#[derive(Clone, Default, Hash)]
struct Heaviest;

impl Invariant for Heaviest {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let (Some(marked), Some(node)) = (record.marked(&marks::ASIDE), record.node) else {
            return Ok(());
        };
        let miner = world
            .node::<Miner>(node)
            .filter(|_| !is_attacker(world.settings(), node));
        let (Some(miner), Some(work)) = (miner, marked.number(2)) else {
            return Ok(());
        };
        let own = miner.chain.work(&miner.chain.tip());
        match own >= work {
            true => Ok(()),
            false => Err(format!(
                "{node} stays on a chain with {own} hashes of work, and knows one with {work}"
            )),
        }
    }
}

#[derive(Clone, Default, Hash)]
struct Settled;

impl Invariant for Settled {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, _world: &World) -> Result<(), String> {
        match (record.marked(&marks::REVERSED), record.node) {
            (Some(marked), Some(node)) => Err(format!(
                "{node} counted on a payment that is gone: {}",
                marked.word(0).unwrap_or_default()
            )),
            _ => Ok(()),
        }
    }
}

fn same_past(world: &World) -> Result<(), String> {
    let Some(best) = best(world) else {
        return Ok(());
    };
    let newest = u64::from(world.settings().count(&CONFIRMATIONS)).max(6);
    let height = best.chain.height().saturating_sub(newest);
    let expected = best.chain.hash_at(height);
    let honest = |id: &NodeId| !is_attacker(world.settings(), *id);
    let differs = |id: &NodeId| {
        let miner = world.node::<Miner>(*id);
        miner.is_some_and(|miner| miner.chain.hash_at(height) != expected)
    };
    match world.live().filter(honest).find(differs) {
        Some(id) => Err(format!("{id} has another block at height {height}")),
        None => Ok(()),
    }
}
