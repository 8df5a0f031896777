//! Probes.

use faultline_sim::sorted::{SortedMap, SortedSet, sort_by_key};

use faultline_sim::clone_probe;
use faultline_sim::event::Record;
use faultline_sim::frame::Life;
use faultline_sim::probe::{Count, DROPPED, LIVE, Look, MEAN, MESSAGES, OK, P95, Probe, ProbeSpec};
use faultline_sim::process::NodeId;
use faultline_sim::time::{Duration, Time};
use faultline_sim::world::World;

use super::invariants::Applications;
use super::marks;
use super::{Member, Role};
use crate::parts::inboxes::Inboxes;
use crate::parts::suspicions::Suspicions;

pub(super) const PROBES: &[ProbeSpec] = &[
    MESSAGES,
    DROPPED,
    LIVE,
    OK,
    P95,
    MEAN,
    ProbeSpec {
        name: "disagree",
        title: "Wrong beliefs about other servers",
        unit: "beliefs",
        make: || Box::new(Look(disagree)),
    },
    ProbeSpec {
        name: "false-suspicions",
        title: "Suspicions of a running server",
        unit: "suspicions",
        make: || Box::new(FalseSuspicions::default()),
    },
    ProbeSpec {
        name: "detect",
        title: "Time from a crash to the first suspicion (mean)",
        unit: "s",
        make: || Box::new(Detect::default()),
    },
    ProbeSpec {
        name: "queue",
        title: "Longest queue of a paused node",
        unit: "messages",
        make: || Box::new(Inboxes::default()),
    },
    ProbeSpec {
        name: "colours",
        title: "Different colours among running servers",
        unit: "colours",
        make: || Box::new(Look(colours)),
    },
    ProbeSpec {
        name: "repaints",
        title: "Colour changes",
        unit: "changes",
        make: || Count::marks(&marks::PAINTED),
    },
    ProbeSpec {
        name: "given-up",
        title: "Requests given up",
        unit: "requests",
        make: || Box::new(Look(given_up)),
    },
    ProbeSpec {
        name: "applied-twice",
        title: "Requests applied twice by a server",
        unit: "requests",
        make: || Box::new(AppliedTwice::default()),
    },
];

/// Cells of the belief matrix that are wrong: rows are servers that are not down, columns all other
/// servers. A paused node is alive. A server not heard from yet counts as believed alive.
fn disagree(world: &World) -> Option<f64> {
    let server = |id: &NodeId| {
        world
            .node::<Member>(*id)
            .is_some_and(|m| m.role == Role::Server)
    };
    let servers: Vec<NodeId> = world.ids().filter(server).collect();
    let mut wrong = 0_u32;
    for observer in servers.iter().filter(|id| world.is_live(**id)) {
        let member = world.node::<Member>(*observer)?;
        let suspected: SortedSet<NodeId> = member.suspects().collect();
        let others = servers.iter().filter(|id| *id != observer);
        wrong += others
            .map(|id| u32::from(suspected.contains(id) == world.is_live(*id)))
            .sum::<u32>();
    }
    Some(f64::from(wrong))
}

fn colours(world: &World) -> Option<f64> {
    let mut colours: Vec<_> = world
        .live()
        .filter_map(|id| world.node::<Member>(id)?.colour)
        .collect();
    sort_by_key(&mut colours, |colour| *colour);
    colours.dedup();
    (!colours.is_empty()).then_some(colours.len() as f64)
}

fn given_up(world: &World) -> Option<f64> {
    let each = world.ids().filter_map(|id| world.node::<Member>(id));
    Some(each.map(|member| member.given_up).sum::<u64>() as f64)
}

#[derive(Clone, Default)]
struct FalseSuspicions {
    suspicions: Suspicions,
    found: u64,
}

impl Probe for FalseSuspicions {
    clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        if let Some((_, subject)) = self.suspicions.begins(record) {
            self.found += u64::from(world.life(subject) == Some(Life::Up));
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        Some(self.found as f64)
    }
}

/// A crash counts when a server starts to suspect the node that did not suspect it before.
#[derive(Clone, Default)]
struct Detect {
    suspicions: Suspicions,
    /// The crash of each node that was detected last, by its instant.
    detected: SortedMap<NodeId, Time>,
    total: Duration,
    crashes: u64,
}

impl Probe for Detect {
    clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        let Some((_, subject)) = self.suspicions.begins(record) else {
            return;
        };
        let Some(Life::Down { since }) = world.life(subject) else {
            return;
        };
        if self.detected.insert(subject, since) != Some(since) {
            self.total = self.total + record.time.since(since);
            self.crashes += 1;
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        (self.crashes > 0).then(|| self.total.as_seconds() / self.crashes as f64)
    }
}

#[derive(Clone, Default)]
struct AppliedTwice {
    applications: Applications,
    found: u64,
}

impl Probe for AppliedTwice {
    clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        self.found += u64::from(self.applications.repeated(record, world).is_some());
    }
    fn value(&self, _world: &World) -> Option<f64> {
        Some(self.found as f64)
    }
}
