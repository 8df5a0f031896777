//! What is measured.

use faultline_sim::event::Record;
use faultline_sim::mark::Mark;
use faultline_sim::probe;
use faultline_sim::probe::{
    BROKEN, BYTES, DROPPED, EACH, LIVE, MEAN, MESSAGES, OK, P95, Probe, ProbeSpec, UNANSWERED,
};
use faultline_sim::sorted::SortedSet;
use faultline_sim::world::World;

use super::invariants::{banks, contradiction, is_blocked};
use super::{Tx, marks};
use crate::parts::bank::LeftWaiting;

pub const PROBES: &[ProbeSpec] = &[
    MESSAGES,
    BYTES,
    ProbeSpec {
        name: "committed",
        title: "Transactions committed",
        unit: "transactions",
        make: || Decided::boxed(&marks::DECIDES_COMMIT),
    },
    ProbeSpec {
        name: "aborted",
        title: "Transactions aborted",
        unit: "transactions",
        make: || Decided::boxed(&marks::DECIDES_ABORT),
    },
    probe!("takeovers", "Times that a bank took over", "times", marks marks::LEADS),
    probe!("blocked", "Time that rows stay locked and no node that runs may decide", "s", during is_blocked),
    probe!("locked", "Time that any row is locked", "s", during is_locked),
    probe!(
        "disagreements",
        "Transactions that some banks committed and others aborted",
        "transactions",
        new Disagreements
    ),
    ProbeSpec {
        name: "left-waiting",
        title: LeftWaiting::TITLE,
        unit: "times",
        make: || LeftWaiting::boxed(is_locked),
    },
    probe!(
        "total",
        "Money in all banks together",
        "units",
        look | world | { Some(banks(world).map(|(_, bank)| bank.balance).sum::<i64>() as f64) }
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

fn is_locked(world: &World) -> bool {
    banks(world).any(|(_, bank)| bank.prepared.is_some())
}

/// Transactions, each counted once, though several nodes may speak of it one after another.
#[derive(Clone, Default)]
struct Distinct {
    /// Old ones are forgotten, so that a copy stays small.
    latest: SortedSet<Tx>,
    count: u32,
}

impl Distinct {
    fn insert(&mut self, tx: Tx) {
        if self.latest.insert(tx) {
            self.count += 1;
            self.latest.retain(|other| other.0 + 32 > tx.0);
        }
    }
}

/// Transactions that some node has decided so: the coordinator, or a bank that took over.
#[derive(Clone)]
struct Decided {
    mark: &'static Mark,
    found: Distinct,
}

impl Decided {
    fn boxed(mark: &'static Mark) -> Box<dyn Probe> {
        let found = Distinct::default();
        Box::new(Self { mark, found })
    }
}

impl Probe for Decided {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, _world: &World) {
        let marked = record.marked(self.mark);
        if let Some(tx) = marked.and_then(|marked| marked.number(0)) {
            self.found.insert(Tx(tx));
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        Some(f64::from(self.found.count))
    }
}

#[derive(Clone, Default)]
struct Disagreements(Distinct);

impl Probe for Disagreements {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        if let Some((tx, _)) = contradiction(record, world) {
            self.0.insert(tx);
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        Some(f64::from(self.0.count))
    }
}
