//! Probes: how keys are spread, and how many a change has moved.

use faultline_sim::clone_probe;
use faultline_sim::event::{Event, Record};
use faultline_sim::probe::{DROPPED, LIVE, Look, MEAN, MESSAGES, OK, P95, Probe, ProbeSpec};
use faultline_sim::process::NodeId;
use faultline_sim::sorted::{SortedMap, SortedSet};
use faultline_sim::world::World;

use super::HashRing;
use super::key::Key;

const LOST: &str = "lost";

pub(super) const PROBES: &[ProbeSpec] = &[
    ProbeSpec {
        name: "moved",
        title: "Keys that changed owner in the last change",
        unit: "keys",
        make: || OnRing::boxed(moved),
    },
    ProbeSpec {
        name: "moved-mod-n",
        title: "Keys that hash mod N would have moved",
        unit: "keys",
        make: || OnRing::boxed(moved_mod_n),
    },
    ProbeSpec {
        name: "heir",
        title: "Node that got the most keys in the last change",
        unit: "",
        make: || OnRing::boxed(heir),
    },
    ProbeSpec {
        name: "busiest",
        title: "Keys on the busiest node",
        unit: "keys",
        make: || Box::new(Look(|world| loads(world).into_iter().reduce(f64::max))),
    },
    ProbeSpec {
        name: "max-mean",
        title: "Keys on the busiest node, compared with the mean",
        unit: "times",
        make: || {
            Box::new(Look(|world| {
                let loads = loads(world);
                let most = loads.iter().copied().reduce(f64::max)?;
                Some(most / mean(&loads)?)
            }))
        },
    },
    ProbeSpec {
        name: "cv",
        title: "How unevenly keys are spread (deviation / mean)",
        unit: "times",
        make: || Box::new(Look(|world| variation(&loads(world)))),
    },
    ProbeSpec {
        name: "cv-arcs",
        title: "How unevenly the ring is shared (deviation / mean)",
        unit: "times",
        make: || OnRing::boxed(cv_arcs),
    },
    ProbeSpec {
        name: "points",
        title: "Points on the ring",
        unit: "points",
        make: || Box::new(Look(|world| Some(points(world)))),
    },
    ProbeSpec {
        name: LOST,
        title: "Keys that no node stores",
        unit: "keys",
        make: || Box::new(Lost::default()),
    },
    ProbeSpec {
        name: "comparisons",
        title: "Comparisons in the latest search",
        unit: "comparisons",
        make: || {
            Box::new(Look(|world| {
                let searches = nodes(world).filter_map(|(_, node)| node.search.as_ref());
                searches.map(|search| f64::from(search.done)).last()
            }))
        },
    },
    ProbeSpec {
        name: "asked",
        title: "Nodes asked by the latest request",
        unit: "nodes",
        make: || {
            Box::new(Look(|world| {
                let asked = nodes(world).map(|(_, node)| f64::from(node.asked));
                asked.reduce(f64::max)
            }))
        },
    },
    MESSAGES,
    DROPPED,
    LIVE,
    OK,
    P95,
    MEAN,
];

/// Live nodes.
pub(super) fn nodes(world: &World) -> impl Iterator<Item = (NodeId, &HashRing)> {
    world
        .live()
        .filter_map(|id| world.node::<HashRing>(id).map(|node| (id, node)))
}

/// The node whose ring counts as the ring: the first live node that is a member.
pub(super) fn reference(world: &World) -> Option<(NodeId, &HashRing)> {
    nodes(world).find(|(id, node)| node.seats.is_member(*id))
}

/// Keys stored at their owner, for each live node.
fn loads(world: &World) -> Vec<f64> {
    nodes(world).map(|(_, node)| f64::from(node.own)).collect()
}

fn mean(values: &[f64]) -> Option<f64> {
    let sum: f64 = values.iter().sum();
    (sum > 0.0).then(|| sum / values.len() as f64)
}

/// The coefficient of variation.
pub(super) fn variation(values: &[f64]) -> Option<f64> {
    let mean = mean(values)?;
    let squares = values.iter().map(|value| (value - mean) * (value - mean));
    let variance = squares.sum::<f64>() / values.len() as f64;
    // A root has the same bits everywhere.
    Some(variance.sqrt() / mean)
}

/// Points on the ring; none if no node is on it.
fn points(world: &World) -> f64 {
    reference(world).map_or(0.0, |(_, node)| node.ring.points.len() as f64)
}

fn moved(node: &HashRing) -> Option<f64> {
    let before = node.before.as_ref()?;
    let moved = node.known_keys().filter(|key| {
        let name = key.to_string();
        before.owner(before.rules.hash(&name)) != node.ring.owner(node.ring.rules.hash(&name))
    });
    Some(moved.count() as f64)
}

/// The number of the node that owns the most of the keys that moved; the lowest of several.
fn heir(node: &HashRing) -> Option<f64> {
    let before = node.before.as_ref()?;
    let mut got: SortedMap<NodeId, u32> = SortedMap::new();
    for key in node.known_keys() {
        let name = key.to_string();
        let now = node.ring.owner(node.ring.rules.hash(&name));
        if before.owner(before.rules.hash(&name)) != now
            && let Some(owner) = now
        {
            *got.entry(owner).or_insert(0) += 1;
        }
    }
    let most = got.values().copied().max()?;
    let first = got.iter().find(|(_, keys)| **keys == most);
    first.map(|(owner, _)| f64::from(owner.0))
}

fn moved_mod_n(node: &HashRing) -> Option<f64> {
    let before = node.before.as_ref()?;
    let moved = node.known_keys().filter(|key| {
        let hash = node.hash_of(key);
        before.mod_n_owner(hash) != node.ring.mod_n_owner(hash)
    });
    Some(moved.count() as f64)
}

fn cv_arcs(node: &HashRing) -> Option<f64> {
    let shares = node.ring.shares();
    let shares: Vec<f64> = shares.values().copied().collect();
    variation(&shares)
}

/// Keys that existed and that no node stores, live or not, until they are stored again. A key that is
/// deleted before it arrives counts as lost while it is in flight.
#[derive(Clone, Default)]
struct Lost {
    /// How often each node had stored or deleted something when the keys were counted.
    seen: SortedMap<NodeId, u32>,
    /// Keys that a person typed.
    typed: SortedSet<Key>,
    /// How many numbered keys there are.
    numbered: u32,
    lost: u32,
}

impl Lost {
    fn count(&mut self, world: &World) {
        let stores = || {
            let nodes = world.ids().filter_map(|id| world.node::<HashRing>(id));
            nodes.map(|node| &node.store)
        };
        let nodes = world.ids().filter_map(|id| world.node::<HashRing>(id));
        self.numbered = nodes.map(|node| node.keys).fold(self.numbered, u32::max);
        let mut stored = vec![false; self.numbered as usize];
        for key in stores().flat_map(SortedMap::keys) {
            match key {
                Key::Numbered(number) if *number < self.numbered => stored[*number as usize] = true,
                typed => {
                    self.typed.insert(typed.clone());
                }
            }
        }
        let typed = self.typed.iter();
        let typed = typed.filter(|key| !stores().any(|store| store.contains_key(key)));
        let numbered = stored.iter().filter(|stored| !**stored);
        self.lost = (numbered.count() + typed.count()) as u32;
    }
}

impl Probe for Lost {
    clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        let node = record.node;
        let changed = node.is_some_and(|id| {
            let stored = world.node::<HashRing>(id).map(|node| node.stored);
            stored.is_some_and(|stored| self.seen.insert(id, stored) != Some(stored))
        });
        if changed || matches!(record.event, Event::Removed) {
            self.count(world);
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        Some(f64::from(self.lost))
    }
}

/// How many keys no node stores, by the probe.
pub(super) fn lost(world: &World) -> u32 {
    let mut probes = world.probes();
    let lost = probes.find(|(spec, _)| spec.name == LOST);
    lost.and_then(|(_, lost)| lost).unwrap_or(0.0) as u32
}

/// A number that follows from the ring: recomputed when the ring changes, not when it is read.
#[derive(Clone)]
struct OnRing {
    of: fn(&HashRing) -> Option<f64>,
    seen: Option<(NodeId, u32)>,
    value: Option<f64>,
}

impl OnRing {
    fn boxed(of: fn(&HashRing) -> Option<f64>) -> Box<dyn Probe> {
        Box::new(Self {
            of,
            seen: None,
            value: None,
        })
    }
}

impl Probe for OnRing {
    clone_probe!();
    fn on_record(&mut self, _record: &Record, world: &World) {
        let reference = reference(world);
        let seen = reference.map(|(id, node)| (id, node.changes));
        if self.seen != seen {
            self.seen = seen;
            self.value = reference.and_then(|(_, node)| (self.of)(node));
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        self.value
    }
}
