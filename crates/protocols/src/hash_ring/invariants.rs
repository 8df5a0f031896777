//! The ring's invariants.

use faultline_sim::clone_invariant;
use faultline_sim::event::{Event, Record};
use faultline_sim::invariant::{Expectation, Invariant, InvariantSpec};
use faultline_sim::process::NodeId;
use faultline_sim::sorted::{SortedMap, SortedSet};
use faultline_sim::world::World;

use super::HashRing;
use super::key::Key;
use super::probes::reference;

pub(super) const INVARIANTS: &[InvariantSpec] = &[
    InvariantSpec {
        name: "points",
        title: "Every member has all its points on every node's ring",
        kind: Expectation::Always,
        breaks_under: None,
        make: || Box::new(Points::default()),
    },
    InvariantSpec {
        name: "kept",
        title: "Every key is always stored on some node, unless its machine is removed",
        kind: Expectation::Always,
        breaks_under: None,
        make: || Box::new(Kept::default()),
    },
    InvariantSpec {
        name: "at-owners",
        title: "Eventually every key is stored on its owners and nowhere else",
        kind: Expectation::Eventually,
        breaks_under: None,
        make: || Box::new(AtOwners),
    },
];

fn all(world: &World) -> impl Iterator<Item = (NodeId, &HashRing)> {
    world
        .ids()
        .filter_map(|id| world.node::<HashRing>(id).map(|node| (id, node)))
}

/// Checks rings that have changed.
#[derive(Clone, Default, Hash)]
struct Points {
    seen: SortedMap<NodeId, u32>,
}

impl Invariant for Points {
    clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let Some(id) = record.node else {
            return Ok(());
        };
        let Some(node) = world.node::<HashRing>(id) else {
            return Ok(());
        };
        if self.seen.insert(id, node.changes) == Some(node.changes) {
            return Ok(());
        }
        let ring = &node.ring;
        let mut counts: SortedMap<NodeId, u32> = ring.members.iter().map(|id| (*id, 0)).collect();
        for (_, owner) in &ring.points {
            *counts.entry(*owner).or_default() += 1;
        }
        for (member, points) in counts.iter() {
            let due = ring.rules.points_of(*member);
            if *points != due {
                let (at, name) = (ring.rules.name(id), ring.rules.name(*member));
                return Err(format!(
                    "on the ring of {at}, {name} has {points} of its {due} points"
                ));
            }
        }
        Ok(())
    }
}

/// Keys that were stored once, checked whenever a node stores or deletes one.
#[derive(Clone, Default, Hash)]
struct Kept {
    seen: SortedMap<NodeId, u32>,
    keys: SortedSet<Key>,
}

impl Invariant for Kept {
    clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let removed = matches!(record.event, Event::Removed);
        let changed = record.node.is_some_and(|id| {
            world
                .node::<HashRing>(id)
                .is_some_and(|node| self.seen.insert(id, node.stored) != Some(node.stored))
        });
        if !changed && !removed {
            return Ok(());
        }
        let held = |key: &Key| all(world).any(|(_, node)| node.store.contains_key(key));
        let lost = self.keys.iter().find(|key| !held(key)).cloned();
        if lost.is_some() {
            self.keys.retain(held);
        }
        if let Some(node) = record.node.and_then(|id| world.node::<HashRing>(id)) {
            self.keys.extend(node.store.keys().cloned());
        }
        match lost {
            Some(key) if !removed => Err(format!("no node stores {key} any more")),
            _ => Ok(()),
        }
    }
}

/// Computed only when the value is read: it looks up every key of every node.
#[derive(Clone, Hash)]
struct AtOwners;

impl Invariant for AtOwners {
    clone_invariant!();
    fn satisfied(&self, world: &World) -> Result<(), String> {
        at_owners(world)
    }
}

fn at_owners(world: &World) -> Result<(), String> {
    let Some((_, first)) = reference(world) else {
        return Ok(());
    };
    let name = |id: NodeId| first.ring.rules.name(id);
    for (id, node) in all(world) {
        for key in node.store.keys() {
            let owners = first.owners(key);
            if !owners.contains(&id) {
                return Err(format!(
                    "{key} is stored on {}, which does not own it",
                    name(id)
                ));
            }
            for owner in owners {
                let holds = world
                    .node::<HashRing>(owner)
                    .is_some_and(|node| node.store.contains_key(key));
                if !holds {
                    return Err(format!("{} owns {key} but does not store it", name(owner)));
                }
            }
        }
    }
    Ok(())
}
