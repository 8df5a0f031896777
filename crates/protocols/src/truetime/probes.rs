//! What is measured.

use faultline_sim::event::Record;
use faultline_sim::mark::Mark;
use faultline_sim::probe;
use faultline_sim::probe::{
    BROKEN, DROPPED, LIVE, MEAN, MESSAGES, OK, P95, Probe, ProbeSpec, UNANSWERED,
};
use faultline_sim::world::World;

use super::invariants::Order;
use super::{Client, Node, Server, marks};
use crate::parts::roles;

pub const PROBES: &[ProbeSpec] = &[
    MESSAGES,
    probe!("committed", "Transactions committed", "transactions", marks marks::COMMITS),
    probe!("violations", "Later transactions with earlier timestamps", "transactions", new Violations),
    ProbeSpec {
        name: "wait",
        title: "Time from a timestamp to its commit (mean)",
        unit: "ms",
        make: || Over::boxed(&marks::COMMITS, 2, Of::Mean),
    },
    ProbeSpec {
        name: "longest-wait",
        title: "Time from a timestamp to its commit (longest)",
        unit: "ms",
        make: || Over::boxed(&marks::COMMITS, 2, Of::Largest),
    },
    ProbeSpec {
        name: "epsilon",
        title: "Uncertainty of a clock that gave a timestamp (largest ε)",
        unit: "ms",
        make: || Over::boxed(&marks::PICKS, 2, Of::Largest),
    },
    ProbeSpec {
        name: "ahead",
        title: "Timestamp ahead of the server's own clock (largest)",
        unit: "ms",
        make: || Over::boxed(&marks::COMMITS, 3, Of::Largest),
    },
    probe!("refused", "Clocks refused", "times", marks marks::REFUSES),
    probe!("twice", "Transactions applied twice", "transactions", marks marks::TWICE),
    probe!("error", "Counters: more than clients were told of", "increments", look error),
    OK,
    MEAN,
    P95,
    UNANSWERED,
    BROKEN,
    DROPPED,
    LIVE,
];

/// What servers have counted, less what clients know of.
fn error(world: &World) -> Option<f64> {
    let counted = roles::all::<Node, Server>(world).map(|(_, server)| server.counted);
    let told = roles::all::<Node, Client>(world).map(|(_, client)| client.confirmed);
    Some(counted.sum::<u64>() as f64 - told.sum::<u64>() as f64)
}

#[derive(Clone, Default)]
struct Violations {
    order: Order,
    found: u64,
}

impl Probe for Violations {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        self.found += u64::from(self.order.read(record, world, false).is_some());
    }
    fn value(&self, _world: &World) -> Option<f64> {
        Some(self.found as f64)
    }
}

#[derive(Clone, Copy)]
enum Of {
    Mean,
    Largest,
}

/// A length in the marks of a kind, in microseconds; told in milliseconds.
#[derive(Clone)]
struct Over {
    mark: &'static Mark,
    at: usize,
    of: Of,
    count: u64,
    sum: u64,
    largest: u64,
}

impl Over {
    fn boxed(mark: &'static Mark, at: usize, of: Of) -> Box<dyn Probe> {
        Box::new(Self {
            mark,
            at,
            of,
            count: 0,
            sum: 0,
            largest: 0,
        })
    }
}

impl Probe for Over {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, _world: &World) {
        let marked = record.marked(self.mark);
        if let Some(length) = marked.and_then(|marked| marked.number(self.at)) {
            self.count += 1;
            self.sum += length;
            self.largest = self.largest.max(length);
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        let micros = match self.of {
            Of::Mean => self.sum as f64 / self.count as f64,
            Of::Largest => self.largest as f64,
        };
        (self.count > 0).then_some(micros / 1e3)
    }
}
