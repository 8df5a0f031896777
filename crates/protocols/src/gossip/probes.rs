//! What is measured.

use faultline_sim::event::{Event, Record};
use faultline_sim::hash::stable_hash;
use faultline_sim::probe;
use faultline_sim::probe::{BYTES, DROPPED, LIVE, MEAN, MESSAGES, Probe, ProbeSpec};
use faultline_sim::process::NodeId;
use faultline_sim::time::{Duration, Time};
use faultline_sim::world::World;

use super::{Gossip, marks};
use crate::parts::tally::Tally;

pub const PROBES: &[ProbeSpec] = &[
    probe!("rounds", "Rounds until all live nodes agree, after the latest write", "rounds", new Rounds),
    probe!("agree-time", "Time until all live nodes agree, after the latest write", "s", new AgreeTime),
    probe!("informed", "Live nodes that have all the news", "%", look informed),
    MESSAGES,
    BYTES,
    probe!("updates", "Keys updated by gossip", "keys", sum marks::UPDATES[0]),
    probe!("conflicts", "Keys with values that did not know of each other (at one node)", "keys", look conflicts),
    probe!("stale", "Reads at a node that had not heard of every write", "reads", new Stale),
    MEAN,
    DROPPED,
    LIVE,
];

pub fn live(world: &World) -> impl Iterator<Item = (NodeId, &Gossip)> {
    world
        .live()
        .filter_map(|id| Some((id, world.node::<Gossip>(id)?)))
}

/// What a node has, as one number.
pub fn data_of(world: &World, id: NodeId) -> Option<u64> {
    Some(stable_hash(&world.node::<Gossip>(id)?.data))
}

/// How many live nodes have the data that most have, of those with the most versions.
fn informed(world: &World) -> Option<f64> {
    let number = |node: &Gossip| -> u32 {
        let writes = node.data.0.values().flatten();
        writes.map(|write| write.version.number()).sum()
    };
    let most = live(world).map(|(_, node)| number(node)).max()?;
    if most == 0 {
        // The news went down with the nodes that had it, or there is none yet.
        let mut all = world.ids().filter_map(|id| world.node::<Gossip>(id));
        return all.any(|node| number(node) > 0).then_some(0.0);
    }
    let all = live(world).count() as f64;
    let with = live(world).filter(|(_, node)| number(node) == most);
    Some(100.0 * with.count() as f64 / all)
}

fn conflicts(world: &World) -> Option<f64> {
    let at = |node: &Gossip| {
        node.data
            .0
            .values()
            .filter(|writes| writes.len() > 1)
            .count()
    };
    live(world)
        .map(|(_, node)| at(node))
        .max()
        .map(|most| most as f64)
}

/// Counts rounds since the latest write, until all live nodes have the same data.
#[derive(Clone, Default)]
struct Rounds {
    tally: Tally,
    wrote: bool,
    latest: Option<Time>,
    rounds: u32,
    agreed: bool,
    wrote_at: Time,
    /// From the latest write until all agreed.
    took: Option<Duration>,
}

impl Rounds {
    /// All nodes of a round in step begin it at one instant; others take turns.
    fn begin_round(&mut self, record: &Record, world: &World) {
        let begins = if world.settings().switch(&super::IN_STEP) {
            self.latest.is_none_or(|latest| latest < record.time)
        } else {
            world.live().next() == record.node
        };
        if begins && self.wrote && !self.agreed {
            self.rounds += 1;
            self.latest = Some(record.time);
        }
    }
}

impl Probe for Rounds {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        if let Event::TimerFired {
            timer: "Gossip", ..
        } = record.event
        {
            return self.begin_round(record, world);
        }
        let wrote = [&marks::SETS, &marks::DELETES, &marks::FORGETS];
        if wrote.iter().any(|mark| record.is(mark)) {
            (self.wrote, self.rounds, self.latest) = (true, 0, None);
            (self.wrote_at, self.took) = (record.time, None);
        }
        if self.tally.on_record(record, world, data_of) {
            self.agreed = self.wrote && self.tally.agree();
            if self.agreed && self.took.is_none() {
                self.took = Some(record.time.since(self.wrote_at));
            }
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        self.agreed.then(|| f64::from(self.rounds))
    }
}

/// The same as a length of time.
#[derive(Clone, Default)]
struct AgreeTime(Rounds);

impl Probe for AgreeTime {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        self.0.on_record(record, world);
    }
    fn value(&self, _world: &World) -> Option<f64> {
        self.0.took.map(Duration::as_seconds)
    }
}

/// Counts reads of a key that another live node had a write of which the reader had not heard.
#[derive(Clone, Default)]
struct Stale(u32);

impl Probe for Stale {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        let read = record.marked(&marks::READS);
        let Some(key) = read.and_then(|read| read.word(0)) else {
            return;
        };
        let Some(own) = record.node.and_then(|id| world.node::<Gossip>(id)) else {
            return;
        };
        let unheard = live(world).any(|(_, other)| !own.data.covers(&other.data, key));
        self.0 += u32::from(unheard);
    }
    fn value(&self, _world: &World) -> Option<f64> {
        Some(f64::from(self.0))
    }
}
