//! What is measured.

use faultline_sim::event::Record;
use faultline_sim::probe;
use faultline_sim::probe::{BYTES, Count, DROPPED, LIVE, MESSAGES, Probe, ProbeSpec};
use faultline_sim::time::Time;
use faultline_sim::world::World;

use super::chosen::Chosen;
use super::{Learner, Node, marks};
use crate::parts::roles;

pub const PROBES: &[ProbeSpec] = &[
    MESSAGES,
    probe!("rounds", "Ballots started", "ballots", marks marks::PREPARES),
    probe!("values-chosen", "Different values chosen", "values", new ValuesChosen),
    probe!("chosen-at", "First value chosen at", "s", new ChosenAt),
    probe!("learned-at", "All live learners know a value at", "s", new LearnedAt),
    probe!("refusals", "Requests that acceptors refused", "requests", marks marks::REFUSES),
    probe!("adopted", "Values taken from an earlier ballot", "times", marks marks::ADOPTS),
    WRITES,
    BYTES,
    DROPPED,
    LIVE,
];

/// A promise and an acceptance are written before they are told (2.5).
const WRITES: ProbeSpec = ProbeSpec {
    name: "writes",
    title: "Disk writes of acceptors",
    unit: "writes",
    make: || Count::boxed(|record| record.is(&marks::PROMISES) || record.is(&marks::ACCEPTS)),
};

#[derive(Clone, Default)]
struct ValuesChosen(Chosen);

impl Probe for ValuesChosen {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        let _ = self.0.look(record, world);
    }
    fn value(&self, _world: &World) -> Option<f64> {
        Some(self.0.values.len() as f64)
    }
}

#[derive(Clone, Default)]
struct ChosenAt {
    chosen: Chosen,
    at: Option<Time>,
}

impl Probe for ChosenAt {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        if self.at.is_none() && self.chosen.look(record, world).is_some() {
            self.at = Some(record.time);
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        Some(self.at?.since(Time::ZERO).as_seconds())
    }
}

#[derive(Clone, Default)]
struct LearnedAt(Option<Time>);

impl Probe for LearnedAt {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        if self.0.is_none() && record.is(&marks::LEARNS) && all_know(world) {
            self.0 = Some(record.time);
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        Some(self.0?.since(Time::ZERO).as_seconds())
    }
}

fn all_know(world: &World) -> bool {
    roles::all::<Node, Learner>(world)
        .all(|(id, learner)| learner.learned.is_some() || !world.is_live(id))
}
