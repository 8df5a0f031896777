//! What is measured.

use faultline_sim::event::Record;
use faultline_sim::probe;
use faultline_sim::probe::{
    BROKEN, BYTES, Count, DROPPED, EACH, LIVE, MEAN, MESSAGES, OK, P95, Probe, ProbeSpec,
    UNANSWERED,
};
use faultline_sim::process::NodeId;
use faultline_sim::world::World;

use super::invariants::{orchestrator, services};
use super::{Trip, marks};

pub const PROBES: &[ProbeSpec] = &[
    MESSAGES,
    BYTES,
    probe!("booked", "Trips booked", "trips", marks marks::ALL_DONE),
    probe!("undone", "Trips undone", "trips", marks marks::ALL_UNDONE),
    ProbeSpec {
        name: "steps-undone",
        title: "Steps undone (compensations)",
        unit: "steps",
        make: || Count::boxed(|record| marks::undone(record).is_some()),
    },
    probe!("between", "Time that a trip is half booked", "s", during is_between),
    probe!(
        "seen-between",
        "Trips refused because of a place that was given back later",
        "trips",
        new SeenBetween
    ),
    probe!("locked", "Time that any row is locked", "s", during is_locked),
    probe!(
        "held",
        "Places held by trips that have not ended",
        "places",
        look | world | Some(open_places(world).count() as f64)
    ),
    OK,
    P95,
    MEAN,
    UNANSWERED,
    EACH,
    BROKEN,
    DROPPED,
    LIVE,
];

/// Each step is a transaction of its own at one service, so its lock ends with it.
fn is_locked(_world: &World) -> bool {
    false
}

fn is_between(world: &World) -> bool {
    open_places(world).next().is_some()
}

/// Who holds a place for a trip that has not ended.
fn open_places(world: &World) -> impl Iterator<Item = (NodeId, Trip)> {
    let open = orchestrator(world)
        .into_iter()
        .flat_map(|own| own.open.keys());
    open.flat_map(move |trip| {
        let holds = services(world).filter(|(_, own)| own.holds(*trip));
        holds.map(|(id, _)| (id, *trip))
    })
}

/// A trip that was refused, and one that held a place there then and may still give it back.
#[derive(Clone)]
struct Doubt {
    at: NodeId,
    holder: Trip,
    refused: Trip,
}

/// How many doubts it keeps: later ones are more likely to be resolved.
const KEPT: usize = 32;

#[derive(Clone, Default)]
struct SeenBetween {
    doubts: Vec<Doubt>,
    found: u32,
}

impl Probe for SeenBetween {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        let Some(at) = record.node else { return };
        if let Some(refused) = marks::trip_of(record, &marks::REFUSES) {
            let here = open_places(world).filter(|(id, _)| *id == at);
            let doubt = |(_, holder)| Doubt {
                at,
                holder,
                refused,
            };
            self.doubts.extend(here.map(doubt));
            let old = self.doubts.len().saturating_sub(KEPT);
            self.doubts.drain(..old);
        }
        let Some(trip) = marks::undone(record) else {
            return;
        };
        // Each refused trip counts once, whichever trip gives a place back.
        while let Some(doubt) = self.doubts.iter().find(|d| d.at == at && d.holder == trip) {
            let refused = doubt.refused;
            self.doubts.retain(|other| other.refused != refused);
            self.found += 1;
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        Some(f64::from(self.found))
    }
}
