//! What is measured: who makes blocks, what is justified and final and when, forks, and what lies cost.

use faultline_sim::event::Record;
use faultline_sim::probe;
use faultline_sim::probe::{DROPPED, LIVE, MESSAGES, Probe, ProbeSpec};
use faultline_sim::process::NodeId;
use faultline_sim::sorted::SortedSet;
use faultline_sim::world::World;

use super::descriptor::SLOT;
use super::stakes::{burned, deposit, total, validators};
use super::{BlockId, Validator, invariants, marks};

pub const PROBES: &[ProbeSpec] = &[
    probe!("final", "Newest final epoch", "epochs", look last_final),
    probe!("justified", "Newest justified epoch", "epochs", look justified),
    probe!("finality", "Time from a block to its finality (mean)", "s", new Finality),
    probe!("height", "Blocks in the chain", "blocks", look height),
    probe!("missed", "Slots without a block in the chain", "slots", look missed),
    probe!(@ "blocks-1", "Blocks made by node 1", "blocks", Box::new(Made::by(1))),
    probe!(@ "blocks-2", "Blocks made by node 2", "blocks", Box::new(Made::by(2))),
    probe!(@ "blocks-3", "Blocks made by node 3", "blocks", Box::new(Made::by(3))),
    probe!("forks", "Blocks beside others on one parent", "blocks", look forks),
    probe!("chains", "Final chains that conflict (1: all agree)", "chains", look chains),
    probe!("slashed", "Validators slashed", "validators", look slashed),
    probe!("burned", "Stake burned", "coins", look burned_stake),
    probe!("stake", "Stake that is left", "coins", look left),
    probe!("proved", "Stake that is proved to have lied", "%", look proved),
    MESSAGES,
    DROPPED,
    LIVE,
];

fn nodes(world: &World) -> impl Iterator<Item = &Validator> {
    let live = world.ids().filter(|id| world.is_live(*id));
    live.filter_map(|id| world.node::<Validator>(id))
}

fn most(world: &World, of: impl Fn(&Validator) -> u64) -> Option<f64> {
    nodes(world).map(of).max().map(|most| most as f64)
}

fn last_final(world: &World) -> Option<f64> {
    most(world, |node| node.casper.last_final.epoch)
}

fn justified(world: &World) -> Option<f64> {
    most(world, |node| node.casper.newest.epoch)
}

fn height(world: &World) -> Option<f64> {
    most(world, |node| node.tree.height(node.head))
}

/// The first slot begins one slot after the start, and its block belongs to it.
fn missed(world: &World) -> Option<f64> {
    let slots = world.now().0 / world.settings().duration(&SLOT).0.max(1);
    height(world).map(|height| (slots as f64 - height).max(0.0))
}

fn forks(world: &World) -> Option<f64> {
    most(world, |node| node.tree.forks)
}

/// The node that has the longest chain.
fn ahead(world: &World) -> Option<&Validator> {
    nodes(world).max_by_key(|node| node.tree.height(node.head))
}

fn slashed(world: &World) -> Option<f64> {
    ahead(world).map(|node| node.tree.slashed(node.head).len() as f64)
}

fn burned_stake(world: &World) -> Option<f64> {
    let slashed = |node: &Validator| burned(world.settings(), &node.tree.slashed(node.head));
    ahead(world).map(|node| slashed(node) as f64)
}

fn left(world: &World) -> Option<f64> {
    burned_stake(world).map(|burned| total(world.settings()) as f64 - burned)
}

/// Nodes are asked only when two final blocks conflict or a proof is there: it looks at all votes.
fn proved(world: &World) -> Option<f64> {
    let settings = world.settings();
    let proofs = |node: &Validator| node.evidence.keys().copied().collect::<Vec<_>>();
    let mut lied: SortedSet<NodeId> = nodes(world).flat_map(proofs).collect();
    if chains(world) > Some(1.0) {
        lied.extend(invariants::proved(world).iter().copied());
    }
    let stake: u64 = lied.iter().map(|id| deposit(settings, *id)).sum();
    let all = total(settings).max(1);
    Some((stake as f64 * 100.0 / all as f64).round())
}

/// Final blocks of which none is on the chain of another.
fn chains(world: &World) -> Option<f64> {
    let mut ends: Vec<(BlockId, &Validator)> = Vec::new();
    for node in nodes(world) {
        let own = node.casper.last_final.block;
        let together = ends
            .iter_mut()
            .find(|(end, other)| node.tree.is_on(*end, own) || other.tree.is_on(own, *end));
        match together {
            Some(end) if end.0.slot < own.slot => *end = (own, node),
            Some(_) => {}
            None => ends.push((own, node)),
        }
    }
    Some(ends.len().max(1) as f64)
}

/// Blocks that one validator made.
#[derive(Clone)]
struct Made {
    by: NodeId,
    count: u64,
}

impl Made {
    const fn by(id: u32) -> Self {
        let by = NodeId(id);
        Self { by, count: 0 }
    }
}

impl Probe for Made {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, _world: &World) {
        let made = record.node == Some(self.by) && record.is(&marks::PROPOSES);
        self.count += u64::from(made);
    }
    fn value(&self, world: &World) -> Option<f64> {
        let there = validators(world.settings()).any(|id| id == self.by);
        there.then_some(self.count as f64)
    }
}

/// How long it takes from the slot of a block until a node sees it final.
#[derive(Clone, Default)]
struct Finality {
    seconds: f64,
    times: u64,
}

impl Probe for Finality {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        let slot = record
            .marked(&marks::FINALIZES)
            .and_then(|marked| marked.number(2));
        if let Some(slot) = slot {
            let made = world.settings().duration(&SLOT).as_seconds() * slot as f64;
            self.seconds += record.time.seconds() - made;
            self.times += 1;
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        (self.times > 0).then(|| self.seconds / self.times as f64)
    }
}
