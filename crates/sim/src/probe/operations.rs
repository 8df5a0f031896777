//! What clients' operations come to, and how long they take.

use super::{Probe, ProbeSpec};
use crate::clone_probe;
use crate::event::Record;
use crate::history::{Begun, End, History};
use crate::mark::Mark;
use crate::shared::SharedMap;
use crate::time::Duration;
use crate::world::World;

/// Client operations that ended well, in per cent of all that ended.
pub const OK: ProbeSpec = ProbeSpec {
    name: "ok",
    title: "Requests answered",
    unit: "%",
    make: || Operations::boxed(Of::Share),
};

/// The longest of the fastest 95 per cent of answered operations.
pub const P95: ProbeSpec = ProbeSpec {
    name: "p95",
    title: "Answer time (95th percentile)",
    unit: "ms",
    make: || Operations::boxed(Of::Slowest),
};

/// The mean time of answered operations.
pub const MEAN: ProbeSpec = ProbeSpec {
    name: "mean",
    title: "Answer time (mean)",
    unit: "ms",
    make: || Operations::boxed(Of::Mean),
};

/// Client operations that ended without the answer that was asked for, in per cent of all that ended.
pub const UNANSWERED: ProbeSpec = ProbeSpec {
    name: "unanswered",
    title: "Requests not answered",
    unit: "%",
    make: || Operations::boxed(Of::Missing),
};

/// All messages of the run for each operation that was answered: also those of heartbeats, elections and
/// requests in vain.
pub const EACH: ProbeSpec = ProbeSpec {
    name: "messages-per-answer",
    title: "Messages for each answer",
    unit: "messages",
    make: || Operations::boxed(Of::Each),
};

/// What is told of the operations.
#[derive(Clone, Copy, PartialEq)]
enum Of {
    Share,
    Missing,
    Each,
    Slowest,
    Mean,
}

#[derive(Clone)]
struct Operations {
    of: Of,
    history: History,
    failed: u64,
    answered: u64,
    /// The time of all answered ones.
    total: Duration,
    /// How many answers took how many microseconds, those to within a thousandth.
    times: SharedMap<u64, u32>,
}

/// A length to eleven binary digits: within a twentieth of a per cent, however long it is, so that a
/// long run needs no more memory than a short one.
fn rounded(length: u64) -> u64 {
    let spare = u64::BITS.saturating_sub(length.leading_zeros() + 11);
    let half = (1 << spare) >> 1;
    (length + half) >> spare << spare
}

impl Operations {
    fn boxed(of: Of) -> Box<dyn Probe> {
        Box::new(Self {
            of,
            history: History::default(),
            failed: 0,
            answered: 0,
            total: Duration(0),
            times: SharedMap::new(),
        })
    }

    fn answer(&mut self, took: Duration) {
        self.answered += 1;
        self.total = self.total + took;
        if self.of == Of::Slowest {
            let took = rounded(took.0);
            let so_far = self.times.get(&took).copied().unwrap_or(0);
            self.times.insert(took, so_far + 1);
        }
    }

    /// The time within which 95 per cent were answered.
    fn slowest(&self) -> Option<u64> {
        let mut rank = (self.answered * 95).div_ceil(100);
        let mut counts = self.times.iter();
        let slowest = counts.find(|(_, count)| {
            rank = rank.saturating_sub(u64::from(**count));
            rank == 0
        });
        slowest.map(|(took, _)| *took)
    }
}

impl Probe for Operations {
    clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        match self.history.read(record, world, |_| ()) {
            Some(ended) if ended.end == End::Ok => self.answer(ended.took),
            Some(_) => self.failed += 1,
            None => {}
        }
    }
    fn value(&self, world: &World) -> Option<f64> {
        let share = |of: u64| {
            let ended = self.answered + self.failed;
            (ended > 0).then(|| 100.0 * of as f64 / ended as f64)
        };
        match self.of {
            Of::Share => share(self.answered),
            Of::Missing => share(self.failed),
            Of::Each => {
                let sent: u64 = world.sent().values().sum();
                (self.answered > 0).then(|| sent as f64 / self.answered as f64)
            }
            Of::Slowest => self.slowest().map(|took| took as f64 / 1e3),
            Of::Mean => mean(self.total, self.answered),
        }
    }
}

/// In milliseconds.
fn mean(total: Duration, count: u64) -> Option<f64> {
    (count > 0).then(|| total.0 as f64 / 1e3 / count as f64)
}

/// How long, on average, a node's requests wait for its mark: the first one asked meets the first mark.
#[derive(Clone)]
pub struct Wait {
    mark: &'static Mark,
    history: History,
    total: Duration,
    met: u64,
}

impl Wait {
    /// Waits for marks of this kind.
    #[must_use]
    pub fn until(mark: &'static Mark) -> Box<dyn Probe> {
        Box::new(Self {
            mark,
            history: History::default(),
            total: Duration(0),
            met: 0,
        })
    }
}

impl Probe for Wait {
    clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        // An operation that ends without the mark is not counted.
        self.history.read(record, world, |_| ());
        if !record.is(self.mark) {
            return;
        }
        let asked = |begun: &Begun<()>| Some(begun.node) == record.node;
        let first = self.history.open().find(|(_, begun)| asked(begun));
        let first = first.map(|(operation, _)| operation);
        if let Some(met) = first.and_then(|first| self.history.forget(first)) {
            self.total = self.total + record.time.since(met.invoked);
            self.met += 1;
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        mean(self.total, self.met)
    }
}
