//! What answers without a majority cost in the end, and what it would have cost to refuse them: who runs an
//! application says what a lost customer, an old answer and a double sale cost.

use faultline_sim::event::Record;
use faultline_sim::history::{End, History};
use faultline_sim::judge::VIOLATIONS;
use faultline_sim::probe::Probe;
use faultline_sim::settings::Param;
use faultline_sim::world::World;

use super::super::descriptor::{PRICE_CONFLICT, PRICE_OLD, PRICE_REFUSED};
use super::super::truth::has_majority;
use super::{Conflicts, LostWrites};

fn price(world: &World, param: &Param) -> f64 {
    world.settings().param(param)
}

/// What was answered although no majority could be reached: what refusals would have cost.
#[derive(Clone, Default)]
pub struct Refusing {
    history: History<bool>,
    alone: u32,
}

impl Probe for Refusing {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        let alone = |_: &_| record.node.is_some_and(|id| !has_majority(world, id));
        let ended = self.history.read(record, world, alone);
        self.alone +=
            u32::from(ended.is_some_and(|ended| ended.begun.note && ended.end == End::Ok));
    }
    fn value(&self, world: &World) -> Option<f64> {
        Some(f64::from(self.alone) * price(world, &PRICE_REFUSED))
    }
}

/// Answers that were not true of one copy, confirmed writes that are gone, and writes that met others.
#[derive(Clone, Default)]
pub struct Answering {
    lost: LostWrites,
    conflicts: Conflicts,
}

impl Probe for Answering {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        self.lost.on_record(record, world);
        self.conflicts.look(record, world);
    }
    fn value(&self, world: &World) -> Option<f64> {
        let old = (VIOLATIONS.make)().value(world).unwrap_or(0.0);
        let doubled = f64::from(self.conflicts.writes_met).max(self.lost.count(world) as f64);
        Some(old * price(world, &PRICE_OLD) + doubled * price(world, &PRICE_CONFLICT))
    }
}

#[derive(Clone, Default)]
pub struct Cheaper(Answering, Refusing);

impl Probe for Cheaper {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        self.0.on_record(record, world);
        self.1.on_record(record, world);
    }
    fn value(&self, world: &World) -> Option<f64> {
        let (answering, refusing) = (self.0.value(world)?, self.1.value(world)?);
        Some(if refusing < answering { 1.0 } else { 2.0 })
    }
}
