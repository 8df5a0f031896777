//! The promises of the judge as laws of a protocol.

use super::operation::{Call, Op};
use super::{Judge, Level};
use crate::event::{Event, Record};
use crate::invariant::{Expectation, Invariant, InvariantSpec};
use crate::probe::{Look, ProbeSpec};
use crate::world::World;

/// Breaks where the judge finds an answer that breaks the promise.
#[derive(Clone, Hash)]
struct Promise {
    level: Level,
    /// Breaches seen so far.
    seen: usize,
}

impl Promise {
    fn boxed(level: Level) -> Box<dyn Invariant> {
        Box::new(Self { level, seen: 0 })
    }
}

impl Invariant for Promise {
    crate::clone_invariant!();

    fn judges_answers(&self) -> bool {
        true
    }

    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let Some(judge) = world.judge() else {
            return Ok(());
        };
        let mut new = judge.breaches().iter_from(self.seen).enumerate();
        let Some((at, breach)) = new.find(|(_, breach)| breach.level == self.level) else {
            return Ok(());
        };
        // What took longer to decide is told with another record than an answer, which is not to blame.
        let answer = matches!(record.event, Event::Completed { .. });
        if answer && breach.record != record.seq {
            return Ok(());
        }
        self.seen += at + 1;
        Err(breach.reason.clone())
    }
}

/// Every operation seems to take effect at one instant between request and answer. For protocols that
/// say what their requests ask ([`Process::asked`](crate::process::Process::asked)).
pub const LINEARIZABLE: InvariantSpec = InvariantSpec {
    name: "linearizable",
    title: "Clients see one copy: each operation happens at one instant between request and answer",
    kind: Expectation::Always,
    breaks_under: None,
    make: || Promise::boxed(Level::Linearizable),
};

/// The same of a lock: who has got it holds it until it gives it back.
pub const ONE_HOLDER: InvariantSpec = InvariantSpec {
    name: "one-holder",
    title: "Never two holders of the lock at once",
    ..LINEARIZABLE
};

/// A client's reads see its own confirmed writes.
pub const READ_YOUR_WRITES: InvariantSpec = InvariantSpec {
    name: "read-your-writes",
    title: "A client that has written a value never reads an older one",
    kind: Expectation::Always,
    breaks_under: None,
    make: || Promise::boxed(Level::ReadYourWrites),
};

/// A client's reads never go back.
pub const MONOTONIC_READS: InvariantSpec = InvariantSpec {
    name: "monotonic-reads",
    title: "A client that has read a value never reads an older one",
    kind: Expectation::Always,
    breaks_under: None,
    make: || Promise::boxed(Level::MonotonicReads),
};

/// Answers so far that no order of the operations explains.
pub const VIOLATIONS: ProbeSpec = ProbeSpec {
    name: "violations",
    title: "Answers that cannot be true of one copy of the data",
    unit: "answers",
    make: || Box::new(Look(|world| Some(wrong(world.judge()?).count() as f64))),
};

/// Of the reads that were answered, those whose answer no order explains.
pub const STALE: ProbeSpec = ProbeSpec {
    name: "stale",
    title: "Reads that returned an old value",
    unit: "%",
    make: || Box::new(Look(stale)),
};

/// The operations whose answers break linearizability.
fn wrong(judge: &Judge) -> impl Iterator<Item = &Op> {
    let breaches = judge.breaches().iter();
    let of_level = breaches.filter(|breach| breach.level == Level::Linearizable);
    of_level.filter_map(|breach| judge.history().get(breach.operation))
}

fn stale(world: &World) -> Option<f64> {
    let judge = world.judge()?;
    let read = |op: &&Op| op.call == Call::Read && op.answer().is_some();
    let all = judge.history().iter().filter(read).count();
    let stale = wrong(judge).filter(read).count();
    (all > 0).then(|| 100.0 * stale as f64 / all as f64)
}

/// Whether one of these laws or probes is among a protocol's.
pub(crate) fn asks_for_judge(laws: &[InvariantSpec], probes: &[ProbeSpec]) -> bool {
    let measures = [VIOLATIONS, STALE].map(|probe| probe.name);
    if probes.iter().any(|probe| measures.contains(&probe.name)) {
        return true;
    }
    let names = [LINEARIZABLE, ONE_HOLDER, READ_YOUR_WRITES, MONOTONIC_READS].map(|law| law.name);
    laws.iter().any(|law| names.contains(&law.name))
}
