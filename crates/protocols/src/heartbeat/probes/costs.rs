//! What mistakes cost: seconds in which a crash goes unnoticed, and verdicts on live nodes.

use faultline_sim::event::{Event, Record};
use faultline_sim::probe::Probe;
use faultline_sim::process::NodeId;
use faultline_sim::sorted::SortedMap;
use faultline_sim::time::{Duration, Time};
use faultline_sim::world::World;

use super::super::descriptor::{PRICE_FALSE, PRICE_LATE};
use super::super::marks;
use super::super::truth::{Failures, works};

/// The mistakes of one observer.
#[derive(Clone, Default)]
pub(super) struct Mistakes {
    failures: Failures,
    /// Failed nodes that it has not noticed, since when.
    open: SortedMap<NodeId, Time>,
    late: Duration,
    alarms: u32,
}

impl Mistakes {
    fn on_record(&mut self, record: &Record, world: &World, observer: NodeId) {
        self.failures.on_record(record);
        if let Some(id) = record.node.filter(|id| *id != observer) {
            let since = self.failures.since(world, id);
            let begins = record.is(&marks::STOPS) || matches!(record.event, Event::Crashed);
            match since {
                Some(since) if begins => {
                    self.open.insert(id, since);
                }
                None => self.close(id, record.time),
                Some(_) => {}
            }
        }
        if record.node != Some(observer) {
            return;
        }
        let declared = record.marked(&marks::DECLARES);
        if let Some(peer) = declared.and_then(|marked| marked.node(0)) {
            self.alarms += u32::from(works(world, peer));
            self.close(peer, record.time);
        }
    }

    fn close(&mut self, id: NodeId, now: Time) {
        if let Some(since) = self.open.remove(&id) {
            self.late = self.late + now.since(since);
        }
    }

    fn cost(&self, world: &World) -> f64 {
        let open = self.open.values().map(|since| world.now().since(*since));
        let late = open.fold(self.late, |sum, more| sum + more);
        let settings = world.settings();
        settings.param(&PRICE_LATE) * late.as_seconds()
            + settings.param(&PRICE_FALSE) * f64::from(self.alarms)
    }
}

/// The cost of one of the first three nodes' mistakes.
#[derive(Clone, Default)]
pub(super) struct Cost<const NODE: u32>(Mistakes);

impl<const NODE: u32> Probe for Cost<NODE> {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        self.0.on_record(record, world, NodeId(NODE));
    }
    fn value(&self, world: &World) -> Option<f64> {
        Some(self.0.cost(world))
    }
}

/// Which of the first three nodes is cheapest; the lower number among equals.
#[derive(Clone, Default)]
pub(super) struct Cheapest([Mistakes; 3]);

impl Probe for Cheapest {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        for (number, mistakes) in (1..).zip(&mut self.0) {
            mistakes.on_record(record, world, NodeId(number));
        }
    }
    fn value(&self, world: &World) -> Option<f64> {
        let costs = self.0.each_ref().map(|mistakes| mistakes.cost(world));
        let least = costs.iter().copied().fold(f64::INFINITY, f64::min);
        let at = costs.iter().position(|cost| *cost <= least)?;
        Some(at as f64 + 1.0)
    }
}
