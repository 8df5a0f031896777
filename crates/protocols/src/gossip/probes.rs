//! What is measured.

use faultline_sim::event::{Event, Record};
use faultline_sim::hash::stable_hash;
use faultline_sim::probe;
use faultline_sim::probe::{BYTES, DROPPED, LIVE, MESSAGES, Probe, ProbeSpec};
use faultline_sim::process::NodeId;
use faultline_sim::shared::SharedMap;
use faultline_sim::sorted::SortedMap;
use faultline_sim::time::Time;
use faultline_sim::world::World;

use super::{Gossip, marks};

pub const PROBES: &[ProbeSpec] = &[
    probe!("rounds", "Rounds until all live nodes agree, after the latest write", "rounds", new Rounds),
    probe!("informed", "Live nodes that have all the news", "%", look informed),
    MESSAGES,
    BYTES,
    probe!("updates", "Keys updated by gossip", "keys", sum marks::UPDATES[0]),
    probe!("conflicts", "Keys with values that did not know of each other (at one node)", "keys", look conflicts),
    DROPPED,
    LIVE,
];

pub fn live(world: &World) -> impl Iterator<Item = (NodeId, &Gossip)> {
    world
        .live()
        .filter_map(|id| Some((id, world.node::<Gossip>(id)?)))
}

/// How many live nodes have the data that most have, of those with the most versions.
fn informed(world: &World) -> Option<f64> {
    let number = |node: &Gossip| -> u32 {
        let writes = node.data.0.values().flatten();
        writes.map(|write| write.version.number()).sum()
    };
    let most = live(world).map(|(_, node)| number(node)).max()?;
    let all = live(world).count() as f64;
    let with = live(world).filter(|(_, node)| number(node) == most);
    (most > 0).then(|| 100.0 * with.count() as f64 / all)
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
    /// What each node has, as a hash, and how many have it.
    has: SharedMap<NodeId, u64>,
    counts: SortedMap<u64, u32>,
    wrote: bool,
    latest: Option<Time>,
    rounds: u32,
    agreed: bool,
}

impl Rounds {
    fn note(&mut self, id: NodeId, hash: Option<u64>) {
        let before = match hash {
            Some(hash) => self.has.insert(id, hash),
            None => self.has.remove(&id),
        };
        if let Some(before) = before
            && let Some(count) = self.counts.get_mut(&before)
        {
            *count -= 1;
            if *count == 0 {
                self.counts.remove(&before);
            }
        }
        if let Some(hash) = hash {
            *self.counts.entry(hash).or_default() += 1;
        }
    }
}

impl Probe for Rounds {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        let Some(id) = record.node else { return };
        match &record.event {
            Event::TimerFired {
                timer: "Gossip", ..
            } => {
                // All nodes of a round in step begin it at one instant; others take turns.
                let next = self.latest.is_none_or(|latest| latest < record.time);
                let first = world.live().next() == Some(id);
                let in_step = world.settings().switch(&super::IN_STEP);
                if self.wrote && !self.agreed && if in_step { next } else { first } {
                    self.rounds += 1;
                    self.latest = Some(record.time);
                }
                return;
            }
            Event::Started
            | Event::Crashed
            | Event::Recovered
            | Event::Removed
            | Event::Marked(_) => {}
            _ => return,
        }
        let wrote = [&marks::SETS, &marks::DELETES, &marks::FORGETS];
        if wrote.iter().any(|mark| record.is(mark)) {
            (self.wrote, self.rounds, self.latest) = (true, 0, None);
        }
        let node = world.node::<Gossip>(id).filter(|_| world.is_live(id));
        self.note(id, node.map(|node| stable_hash(&node.data)));
        self.agreed = self.wrote && self.counts.len() <= 1;
    }
    fn value(&self, _world: &World) -> Option<f64> {
        self.agreed.then(|| f64::from(self.rounds))
    }
}
