//! Probes for pairs of events that the numbers do not order correctly.

use faultline_sim::clone_probe;
use faultline_sim::event::Record;
use faultline_sim::probe::{Probe, ProbeSpec};
use faultline_sim::process::NodeId;
use faultline_sim::shared::SharedList;
use faultline_sim::sorted::SortedMap;
use faultline_sim::world::World;

use crate::clocks::Clock;
use crate::clocks::truth::{NewEvent, Truth};

pub const LOWER: ProbeSpec = ProbeSpec {
    name: "lower",
    title: "Concurrent pairs with different numbers",
    unit: "pairs",
    make: || {
        Box::new(Pairs {
            equal: false,
            ..Pairs::default()
        })
    },
};

pub const TIES: ProbeSpec = ProbeSpec {
    name: "ties",
    title: "Pairs with equal numbers",
    unit: "pairs",
    make: || {
        Box::new(Pairs {
            equal: true,
            ..Pairs::default()
        })
    },
};

/// Counts pairs of events with equal numbers, all or only those that are concurrent.
#[derive(Clone, Default)]
struct Pairs {
    equal: bool,
    truth: Truth,
    /// The numbers given by each node, in order.
    numbers: SortedMap<NodeId, SharedList<u64>>,
    ties: u64,
    concurrent_ties: u64,
}

impl Probe for Pairs {
    clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        let Some(NewEvent {
            node,
            happening,
            past,
            ..
        }) = self.truth.see(record, world)
        else {
            return;
        };
        let Clock::Number(time) = happening.stamp else {
            return;
        };
        for (other, numbers) in &self.numbers {
            // The numbers of a node grow: at most one of them is this one.
            let at = numbers.partition_point(|number| *number < time);
            if numbers.get(at) == Some(&time) {
                let led = past
                    .events
                    .get(other.index())
                    .is_some_and(|count| at < *count as usize);
                self.ties += 1;
                self.concurrent_ties += u64::from(!led);
            }
        }
        self.numbers.entry(node).or_default().push(time);
    }
    fn value(&self, _world: &World) -> Option<f64> {
        let pairs = if self.equal {
            self.ties
        } else {
            self.truth.concurrent - self.concurrent_ties
        };
        Some(pairs as f64)
    }
}
