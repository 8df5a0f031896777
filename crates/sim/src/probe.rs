//! What is measured from a run: probes, each with a unit. All numbers on screen come from here.

mod operations;
mod orders;

use crate::event::{Event, Record};
use crate::mark::Mark;
use crate::process::{Belief, NodeId};
use crate::time::{Duration, Time};
use crate::world::World;

pub use operations::{EACH, MEAN, OK, P95, UNANSWERED, Wait};
pub use orders::ORDERS;

/// A probe's name, words, unit and monitor.
#[derive(Clone, Copy)]
pub struct ProbeSpec {
    /// The word used in sweeps, questions and on the command line.
    pub name: &'static str,
    /// One phrase for people.
    pub title: &'static str,
    /// Printed behind the value: `s`, `ms`, `%`, `messages`, …
    pub unit: &'static str,
    /// A fresh monitor, for the beginning of a run.
    pub make: fn() -> Box<dyn Probe>,
}

/// A monitor that measures one number.
pub trait Probe {
    /// A copy with all it has counted, for a checkpoint; [`clone_probe!`](crate::clone_probe) writes it.
    fn clone_box(&self) -> Box<dyn Probe>;
    /// Looks at what has just happened; the world is as it is after the whole event.
    fn on_record(&mut self, _record: &Record, _world: &World) {}
    /// The value now; none if there is nothing to measure yet.
    fn value(&self, world: &World) -> Option<f64>;
}

/// Implements [`Probe::clone_box`] for a `Clone` type.
#[macro_export]
macro_rules! clone_probe {
    () => {
        fn clone_box(&self) -> Box<dyn $crate::probe::Probe> {
            Box::new(self.clone())
        }
    };
}

/// A [`ProbeSpec`] in one line: what it measures is a look at the world, marks that are counted, a
/// number of theirs that is added up, how long a node's requests wait for its mark (in milliseconds), or
/// a monitor that begins by default.
///
/// ```
/// use faultline_sim::mark::Mark;
/// use faultline_sim::probe::ProbeSpec;
///
/// const DELETES: Mark = Mark::new("deletes", "deletes {} {entry|entries}");
/// const PROBES: [ProbeSpec; 3] = [
///     faultline_sim::probe!("up", "Nodes up", "nodes", look |world| Some(world.live().count() as f64)),
///     faultline_sim::probe!("deletions", "Deletions", "times", marks DELETES),
///     faultline_sim::probe!("deleted", "Entries deleted", "entries", sum DELETES[0]),
/// ];
/// assert_eq!(PROBES[2].unit, "entries");
/// ```
#[macro_export]
macro_rules! probe {
    (@ $name:expr, $title:expr, $unit:expr, $make:expr) => {
        $crate::probe::ProbeSpec {
            name: $name,
            title: $title,
            unit: $unit,
            make: || $make,
        }
    };
    ($name:expr, $title:expr, $unit:expr, look $look:expr) => {
        $crate::probe!(@ $name, $title, $unit, Box::new($crate::probe::Look($look)))
    };
    ($name:expr, $title:expr, $unit:expr, marks $mark:path) => {
        $crate::probe!(@ $name, $title, $unit, $crate::probe::Count::marks(&$mark))
    };
    ($name:expr, $title:expr, $unit:expr, sum $mark:path [$at:literal]) => {
        $crate::probe!(@ $name, $title, $unit, $crate::probe::Count::sum(&$mark, $at))
    };
    ($name:expr, $title:expr, $unit:expr, bytes $kind:literal) => {
        $crate::probe!(@ $name, $title, $unit, $crate::probe::Count::bytes(Some($kind)))
    };
    ($name:expr, $title:expr, $unit:expr, during $check:expr) => {
        $crate::probe!(@ $name, $title, $unit, $crate::probe::During::boxed($check))
    };
    ($name:expr, $title:expr, $unit:expr, wait $mark:path) => {
        $crate::probe!(@ $name, $title, $unit, $crate::probe::Wait::until(&$mark))
    };
    ($name:expr, $title:expr, $unit:expr, new $probe:ty) => {
        $crate::probe!(@ $name, $title, $unit, Box::new(<$probe>::default()))
    };
}

/// A probe that is one look at the present world.
#[derive(Clone, Copy)]
pub struct Look(pub fn(&World) -> Option<f64>);

impl Probe for Look {
    clone_probe!();
    fn value(&self, world: &World) -> Option<f64> {
        (self.0)(world)
    }
}

/// A probe that counts what happens.
#[derive(Clone, Copy)]
pub struct Count {
    what: What,
    found: u64,
}

#[derive(Clone, Copy)]
enum What {
    /// Records that a function picks.
    Picked(fn(&Record) -> bool),
    /// Marks of a kind.
    Marks(&'static Mark),
    /// The number at a place of marks of a kind.
    Sum(&'static Mark, usize),
    /// Bytes sent, by messages of one kind or of all.
    Bytes(Option<&'static str>),
}

impl Count {
    fn of(what: What) -> Box<dyn Probe> {
        Box::new(Self { what, found: 0 })
    }

    /// Counts the records that a function picks.
    #[must_use]
    pub fn boxed(picks: fn(&Record) -> bool) -> Box<dyn Probe> {
        Self::of(What::Picked(picks))
    }

    /// Counts the marks of a kind.
    #[must_use]
    pub fn marks(mark: &'static Mark) -> Box<dyn Probe> {
        Self::of(What::Marks(mark))
    }

    /// Adds up the bytes that messages of one kind take, or those of all.
    #[must_use]
    pub fn bytes(kind: Option<&'static str>) -> Box<dyn Probe> {
        Self::of(What::Bytes(kind))
    }

    /// Adds up the numbers that stand at a place, from 0, in the marks of a kind.
    #[must_use]
    pub fn sum(mark: &'static Mark, at: usize) -> Box<dyn Probe> {
        Self::of(What::Sum(mark, at))
    }
}

impl Probe for Count {
    clone_probe!();
    fn on_record(&mut self, record: &Record, _world: &World) {
        self.found += match self.what {
            What::Picked(picks) => u64::from(picks(record)),
            What::Marks(mark) => u64::from(record.is(mark)),
            What::Bytes(wanted) => match &record.event {
                Event::Sent { kind, message, .. } if wanted.is_none_or(|w| w == *kind) => {
                    message.0.size()
                }
                _ => 0,
            },
            What::Sum(mark, at) => record.marked(mark).and_then(|m| m.number(at)).unwrap_or(0),
        };
    }
    fn value(&self, _world: &World) -> Option<f64> {
        Some(self.found as f64)
    }
}

/// A probe that adds up the time, in seconds, while something is true.
#[derive(Clone)]
pub struct During {
    check: fn(&World) -> bool,
    since: Option<Time>,
    total: Duration,
}

impl During {
    /// Looks whether it is true after each event that concerns a node.
    #[must_use]
    pub fn boxed(check: fn(&World) -> bool) -> Box<dyn Probe> {
        Box::new(Self {
            check,
            since: None,
            total: Duration(0),
        })
    }
}

impl Probe for During {
    clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        if record.node.is_none() {
            return;
        }
        match (self.since, (self.check)(world)) {
            (None, true) => self.since = Some(record.time),
            (Some(since), false) => {
                self.total = self.total + record.time.since(since);
                self.since = None;
            }
            _ => {}
        }
    }
    fn value(&self, world: &World) -> Option<f64> {
        let open = self.since.map(|since| world.now().since(since));
        Some((self.total + open.unwrap_or_default()).as_seconds())
    }
}

/// Messages sent.
pub const MESSAGES: ProbeSpec = ProbeSpec {
    name: "messages",
    title: "Messages sent",
    unit: "messages",
    make: || {
        Box::new(Look(
            |world| Some(world.sent().values().sum::<u64>() as f64),
        ))
    },
};

/// What all messages take on the network.
pub const BYTES: ProbeSpec = ProbeSpec {
    name: "bytes",
    title: "Bytes sent",
    unit: "bytes",
    make: || Count::bytes(None),
};

/// Laws that are broken by now and must always hold.
pub const BROKEN: ProbeSpec = ProbeSpec {
    name: "rules-broken",
    title: "Rules broken",
    unit: "rules",
    make: || Box::new(Look(|world| Some(world.broken_laws() as f64))),
};

/// Messages that did not arrive.
pub const DROPPED: ProbeSpec = ProbeSpec {
    name: "dropped",
    title: "Messages lost",
    unit: "messages",
    make: || Count::boxed(|record| matches!(record.event, Event::Lost { .. })),
};

/// Nodes that are up (paused ones count as up).
pub const LIVE: ProbeSpec = ProbeSpec {
    name: "live",
    title: "Nodes up",
    unit: "nodes",
    make: || Box::new(Look(|world| Some(world.live().count() as f64))),
};

/// The largest number of live nodes that held themselves for the leader at once.
pub const LEADERS: ProbeSpec = ProbeSpec {
    name: "leaders",
    title: "Leaders at once (most)",
    unit: "nodes",
    make: || Box::new(Leaders::default()),
};

#[derive(Clone, Default)]
struct Leaders {
    most: usize,
}

/// The live nodes that hold themselves for the leader.
pub fn self_declared(world: &World) -> impl Iterator<Item = NodeId> + '_ {
    world
        .live()
        .filter(|id| world.beliefs(*id).leader == Some(*id))
}

impl Probe for Leaders {
    clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        if matches!(
            record.event,
            Event::Believed(Belief::Leader(Some(_))) | Event::Recovered
        ) {
            self.most = self.most.max(self_declared(world).count());
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        Some(self.most as f64)
    }
}

/// Seconds without any live node that holds itself for the leader, counted from the first leader on.
pub const GAP: ProbeSpec = ProbeSpec {
    name: "gap",
    title: "Time without a leader",
    unit: "s",
    make: || Box::new(Gap::default()),
};

#[derive(Clone, Default)]
struct Gap {
    ever: bool,
    since: Option<Time>,
    total: Duration,
}

impl Probe for Gap {
    clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        let may_change = matches!(
            record.event,
            Event::Believed(Belief::Leader(_)) | Event::Crashed | Event::Recovered | Event::Removed
        );
        if !may_change {
            return;
        }
        let led = self_declared(world).next().is_some();
        self.ever |= led;
        match (led, self.since) {
            (true, Some(since)) => {
                self.total = self.total + record.time.since(since);
                self.since = None;
            }
            (false, None) if self.ever => self.since = Some(record.time),
            _ => {}
        }
    }
    fn value(&self, world: &World) -> Option<f64> {
        let open = self
            .since
            .map_or(Duration(0), |since| world.now().since(since));
        self.ever.then(|| (self.total + open).as_seconds())
    }
}
