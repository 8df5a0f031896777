//! What is measured.

use faultline_sim::clone_probe;
use faultline_sim::event::Record;
use faultline_sim::probe;
use faultline_sim::probe::{DROPPED, LIVE, MEAN, MESSAGES, P95, Probe, ProbeSpec, UNANSWERED};
use faultline_sim::process::NodeId;
use faultline_sim::sorted::SortedMap;
use faultline_sim::world::World;

use super::descriptor::SHARDS;
use super::invariants::shards;
use super::{MASTER, Node, marks};

pub const PROBES: &[ProbeSpec] = &[
    probe!("skew", "Writes at the busiest shard, against the mean", "times", new Skew),
    probe!("hot", "Latest writes at the busiest of them", "%", new Hot),
    probe!("stored", "Writes stored", "writes", marks marks::STORES),
    probe!("fullest", "Keys at the fullest shard, against the mean", "times", look fullest),
    probe!("ranges", "Ranges in the table", "ranges", look ranges),
    probe!("moved", "Keys moved", "keys", sum marks::MOVES[0]),
    probe!("refused", "Requests refused because of an old table", "requests", marks marks::REFUSED),
    probe!("touched", "Shards that a scan asks (mean)", "shards", new Touched),
    P95,
    MEAN,
    UNANSWERED,
    MESSAGES,
    DROPPED,
    LIVE,
];

/// The largest of these counts as a multiple of what each shard would have if all had the same.
fn against_mean(counts: impl Iterator<Item = u64> + Clone, world: &World) -> Option<f64> {
    let (most, all) = (counts.clone().max()?, counts.sum::<u64>());
    let shards = world.settings().param(&SHARDS);
    (all > 0).then(|| most as f64 * shards / all as f64)
}

#[derive(Clone, Default)]
struct Skew {
    writes: SortedMap<NodeId, u64>,
}

impl Probe for Skew {
    clone_probe!();
    fn on_record(&mut self, record: &Record, _world: &World) {
        if let (true, Some(id)) = (record.is(&marks::STORES), record.node) {
            *self.writes.entry(id).or_default() += 1;
        }
    }
    fn value(&self, world: &World) -> Option<f64> {
        against_mean(self.writes.values().copied(), world)
    }
}

/// So many writes are the latest ones.
const LATEST: usize = 8;

#[derive(Clone, Default)]
struct Hot {
    latest: Vec<NodeId>,
}

impl Probe for Hot {
    clone_probe!();
    fn on_record(&mut self, record: &Record, _world: &World) {
        if let (true, Some(id)) = (record.is(&marks::STORES), record.node) {
            self.latest.push(id);
            if self.latest.len() > LATEST {
                self.latest.remove(0);
            }
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        let count = |id| self.latest.iter().filter(|one| *one == id).count();
        let most = self.latest.iter().map(count).max()?;
        Some(100.0 * most as f64 / self.latest.len() as f64)
    }
}

fn fullest(world: &World) -> Option<f64> {
    let counts: Vec<u64> = shards(world)
        .map(|(_, own)| own.rows.len() as u64)
        .collect();
    against_mean(counts.into_iter(), world)
}

fn ranges(world: &World) -> Option<f64> {
    match world.node::<Node>(MASTER)? {
        Node::Master(own) => Some(own.table.starts.len() as f64),
        _ => None,
    }
}

#[derive(Clone, Default)]
struct Touched {
    scans: u64,
    shards: u64,
}

impl Probe for Touched {
    clone_probe!();
    fn on_record(&mut self, record: &Record, _world: &World) {
        if let Some(marked) = record.marked(&marks::SCANNED) {
            self.scans += 1;
            self.shards += marked.number(1).unwrap_or(0);
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        (self.scans > 0).then(|| self.shards as f64 / self.scans as f64)
    }
}
