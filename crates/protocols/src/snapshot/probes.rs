//! What is measured.

use faultline_sim::event::{Event, Record};
use faultline_sim::probe;
use faultline_sim::probe::{BROKEN, Count, DROPPED, LIVE, MESSAGES, ProbeSpec};
use faultline_sim::process::NodeId;
use faultline_sim::world::World;

use super::recording::Complete;
use super::{Branch, COLLECTOR, marks};

pub const PROBES: &[ProbeSpec] = &[
    probe!(
        "total",
        "Money in all branches and on its way",
        "units",
        look | world | Some(total(world) as f64)
    ),
    probe!(
        "on-its-way",
        "Money that is on its way",
        "units",
        look | world | Some(on_its_way(world) as f64)
    ),
    probe!("snapshots", "Snapshots completed", "snapshots", marks marks::COMPLETES),
    probe!(
        "counted",
        "Money in the latest snapshot",
        "units",
        look | world | Some(complete(world)?.sum() as f64)
    ),
    probe!(
        "in-channels",
        "Money on its way in the latest snapshot",
        "units",
        look | world | {
            let parts = complete(world)?.parts.values();
            let recorded = parts.flat_map(|part| part.channels.values());
            Some(recorded.sum::<u64>() as f64)
        }
    ),
    ProbeSpec {
        name: "checkpoints",
        title: "Checkpoints saved",
        unit: "checkpoints",
        make: || Count::boxed(saves),
    },
    probe!("redone", "Payments undone, to be made again", "payments", sum marks::ROLLS_BACK[1]),
    probe!("rolled-back", "Times that a branch went back", "times", marks marks::ROLLS_BACK),
    probe!("domino", "Checkpoints that were given up", "checkpoints", sum marks::ROLLS_BACK[2]),
    ProbeSpec {
        name: "markers",
        title: "Markers sent",
        unit: "messages",
        make: || Count::boxed(is_marker),
    },
    MESSAGES,
    BROKEN,
    DROPPED,
    LIVE,
];

fn is_marker(record: &Record) -> bool {
    matches!(record.event, Event::Sent { kind: "Marker", .. })
}

fn saves(record: &Record) -> bool {
    record.is(&marks::RECORDS) || record.is(&marks::SAVES)
}

/// All branches, those that are down included.
pub fn branches(world: &World) -> impl Iterator<Item = (NodeId, &Branch)> {
    let ids = world.ids();
    ids.filter_map(|id| Some((id, world.node::<Branch>(id)?)))
}

pub fn complete(world: &World) -> Option<&Complete> {
    world.node::<Branch>(COLLECTOR)?.complete.as_ref()
}

pub fn in_branches(world: &World) -> u64 {
    branches(world).map(|(_, branch)| branch.now.balance).sum()
}

/// What was paid and has not been received.
pub fn on_its_way(world: &World) -> u64 {
    let to = |from: NodeId, payer: &Branch| -> u64 {
        let each = branches(world).map(|(to, payee)| {
            let paid = payer.now.paid_to(to);
            paid.saturating_sub(payee.now.got_from(from))
        });
        each.sum()
    };
    branches(world).map(|(from, payer)| to(from, payer)).sum()
}

fn total(world: &World) -> u64 {
    in_branches(world) + on_its_way(world)
}
