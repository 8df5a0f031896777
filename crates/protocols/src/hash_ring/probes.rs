//! What is measured: how keys are spread, and how many a change has moved.

use faultline_sim::clone_probe;
use faultline_sim::event::Record;
use faultline_sim::probe::{DROPPED, LIVE, Look, MESSAGES, OK, P95, Probe, ProbeSpec};
use faultline_sim::process::NodeId;
use faultline_sim::world::World;

use super::HashRing;

pub(super) const PROBES: &[ProbeSpec] = &[
    ProbeSpec {
        name: "moved",
        title: "Keys that changed owner at the last change",
        unit: "keys",
        make: || OnRing::boxed(moved),
    },
    ProbeSpec {
        name: "moved-mod-n",
        title: "Keys that hash mod N would have moved then",
        unit: "keys",
        make: || OnRing::boxed(moved_mod_n),
    },
    ProbeSpec {
        name: "busiest",
        title: "Keys on the busiest node",
        unit: "keys",
        make: || Box::new(Look(|world| loads(world).into_iter().reduce(f64::max))),
    },
    ProbeSpec {
        name: "max-mean",
        title: "Keys on the busiest node, times the mean",
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
        title: "How unevenly keys are spread (deviation, times the mean)",
        unit: "times",
        make: || Box::new(Look(|world| variation(&loads(world)))),
    },
    ProbeSpec {
        name: "cv-arcs",
        title: "How unevenly the ring is shared (deviation, times the mean)",
        unit: "times",
        make: || OnRing::boxed(cv_arcs),
    },
    ProbeSpec {
        name: "points",
        title: "Points on the ring",
        unit: "points",
        make: || OnRing::boxed(|node| Some(node.ring.points.len() as f64)),
    },
    ProbeSpec {
        name: "comparisons",
        title: "Comparisons of the latest search",
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
        title: "Nodes that the latest request went to (most)",
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
];

/// Nodes that run.
pub(super) fn nodes(world: &World) -> impl Iterator<Item = (NodeId, &HashRing)> {
    world
        .live()
        .filter_map(|id| world.node::<HashRing>(id).map(|node| (id, node)))
}

/// The node whose ring is taken for the ring: the first that runs and counts itself in.
pub(super) fn reference(world: &World) -> Option<(NodeId, &HashRing)> {
    nodes(world).find(|(id, node)| node.seats.is_member(*id))
}

/// Keys at the node that owns them, for each node that runs.
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

fn moved(node: &HashRing) -> Option<f64> {
    let before = node.before.as_ref()?;
    let moved = node.known_keys().filter(|key| {
        let name = key.to_string();
        before.owner(before.rules.hash(&name)) != node.ring.owner(node.ring.rules.hash(&name))
    });
    Some(moved.count() as f64)
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

/// A number that follows from the ring: reckoned again when the ring changes, not when it is read.
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
        let Some((id, node)) = reference(world) else {
            return;
        };
        let seen = Some((id, node.changes));
        if self.seen != seen {
            self.seen = seen;
            self.value = (self.of)(node);
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        self.value
    }
}
