//! What is measured.

use faultline_sim::event::Record;
use faultline_sim::probe;
use faultline_sim::probe::{BYTES, DROPPED, LIVE, MESSAGES, OK, Probe, ProbeSpec};
use faultline_sim::process::NodeId;
use faultline_sim::sorted::SortedSet;
use faultline_sim::time::{Duration, Time};
use faultline_sim::world::World;

use super::descriptor::LIMIT;
use super::truth::{Truth, live};
use super::{Counter, Role, marks};

pub const PROBES: &[ProbeSpec] = &[
    probe!("total_n1", "Total at node 1", "counts", look total::<1>),
    probe!("total_n2", "Total at node 2", "counts", look total::<2>),
    probe!("total_n3", "Total at node 3", "counts", look total::<3>),
    probe!("total_n4", "Total at node 4", "counts", look total::<4>),
    probe!("counted", "True total: what was counted, each request once", "counts", new Counted),
    probe!("div", "Different totals at live nodes", "totals", look different),
    probe!("most-div", "Different totals at once (most)", "totals", new MostDifferent),
    probe!(
        "diverged",
        "Time in which totals differed",
        "s",
        during | world | different(world) > Some(1.0)
    ),
    probe!("error", "Largest distance of a total from the truth", "counts", new Error),
    probe!("worst", "Largest distance of a total from the truth, so far", "counts", new Worst),
    probe!("lag", "Longest time until a change was known everywhere", "s", new Lag),
    probe!("agree-time", "Time until all live nodes have the true total, after the latest change", "s", new AgreeTime),
    probe!("over", "Counted beyond the limit", "counts", look over),
    probe!("refused", "Requests refused by the limit", "requests", marks marks::REFUSES),
    probe!("twice", "Requests counted twice", "requests", new Twice),
    probe!("ignored", "Counts ignored", "counts", marks marks::IGNORES),
    MESSAGES,
    BYTES,
    DROPPED,
    OK,
    LIVE,
];

fn total<const ID: u32>(world: &World) -> Option<f64> {
    let node = world.node::<Counter>(NodeId(ID))?;
    (node.role == Role::Node && world.is_live(NodeId(ID))).then(|| node.total_count() as f64)
}

fn different(world: &World) -> Option<f64> {
    let totals: SortedSet<i64> = live(world).map(|(_, node)| node.total_count()).collect();
    Some(totals.len() as f64)
}

fn over(world: &World) -> Option<f64> {
    let limit = i64::from(world.settings().count(&LIMIT));
    let all = world.ids().filter_map(|id| world.node::<Counter>(id));
    let counted: i64 = all.map(|node| node.local.value()).sum();
    (limit > 0).then(|| (counted - limit).max(0) as f64)
}

#[derive(Clone, Default)]
struct Counted(Truth);

impl Probe for Counted {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        let _ = self.0.on_record(record, world);
    }
    fn value(&self, _world: &World) -> Option<f64> {
        Some(self.0.total() as f64)
    }
}

#[derive(Clone, Default)]
struct Twice(Truth);

impl Probe for Twice {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        let _ = self.0.on_record(record, world);
    }
    fn value(&self, _world: &World) -> Option<f64> {
        Some(f64::from(self.0.twice))
    }
}

#[derive(Clone, Default)]
struct MostDifferent(f64);

impl Probe for MostDifferent {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        if changes(record) {
            self.0 = self.0.max(different(world).unwrap_or_default());
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        Some(self.0)
    }
}

/// Whether a record changes a total.
fn changes(record: &Record) -> bool {
    let marks = [&marks::INCREMENTS, &marks::DECREMENTS, &marks::TAKES];
    marks.iter().any(|mark| record.is(mark))
}

#[derive(Clone, Default)]
struct Error(Truth);

impl Probe for Error {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        let _ = self.0.on_record(record, world);
    }
    fn value(&self, world: &World) -> Option<f64> {
        let truth = self.0.total();
        let errors = live(world).map(|(_, node)| node.total_count().abs_diff(truth));
        errors.max().map(|most| most as f64)
    }
}

#[derive(Clone, Default)]
struct Worst {
    error: Error,
    most: f64,
}

impl Probe for Worst {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        self.error.on_record(record, world);
        if changes(record) {
            self.most = self.most.max(self.error.value(world).unwrap_or_default());
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        Some(self.most)
    }
}

/// Changes that some live node has not heard of, and the longest wait so far.
#[derive(Clone, Default)]
struct Lag {
    open: Vec<(NodeId, u32, Time)>,
    longest: Duration,
}

impl Probe for Lag {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        let Some(id) = record.node else { return };
        if record.is(&marks::INCREMENTS) || record.is(&marks::DECREMENTS) {
            let number = world
                .node::<Counter>(id)
                .map_or(0, |node| node.local.number);
            self.open.push((id, number, record.time));
        }
        if self.open.is_empty() || !changes(record) {
            return;
        }
        let longest = &mut self.longest;
        self.open.retain(|(of, number, since)| {
            let known = |(id, node): (NodeId, &Counter)| {
                id == *of
                    || node
                        .seen
                        .get(of)
                        .is_some_and(|count| count.number >= *number)
            };
            let all = live(world).all(known);
            if all {
                *longest = record.time.since(*since).max(*longest);
            }
            !all
        });
    }
    fn value(&self, world: &World) -> Option<f64> {
        let waits = self
            .open
            .iter()
            .map(|(.., since)| world.now().since(*since));
        Some(waits.fold(self.longest, Duration::max).as_seconds())
    }
}

/// From the latest change until all live nodes had the true total.
#[derive(Clone, Default)]
struct AgreeTime {
    error: Error,
    changed: Option<Time>,
    took: Option<Duration>,
}

impl Probe for AgreeTime {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        self.error.on_record(record, world);
        if !changes(record) {
            return;
        }
        if !record.is(&marks::TAKES) {
            (self.changed, self.took) = (Some(record.time), None);
        }
        if let Some(changed) = self.changed
            && self.took.is_none()
            && self.error.value(world) == Some(0.0)
        {
            self.took = Some(record.time.since(changed));
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        self.took.map(Duration::as_seconds)
    }
}
