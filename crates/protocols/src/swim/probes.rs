//! What is measured.

use faultline_sim::event::{Event, Record};
use faultline_sim::mark::Mark;
use faultline_sim::probe;
use faultline_sim::probe::{BYTES, Count, DROPPED, LIVE, MESSAGES, Probe, ProbeSpec};
use faultline_sim::process::NodeId;
use faultline_sim::sorted::SortedSet;
use faultline_sim::time::{Duration, Time};
use faultline_sim::world::World;

use super::descriptor::PERIOD;
use super::marks;
use super::truth::Wrong;

pub const PROBES: &[ProbeSpec] = &[
    probe!("noticed", "Periods from a crash to the first ping that finds it", "periods", new Noticed),
    probe!("detected_at", "Time from a crash until a member declares the node dead", "s", new Detected),
    probe!("complete", "Time from a crash until all live nodes know it", "s", new Complete),
    probe!("false_suspicions", "Suspicions of nodes that were up", "times", new FalseSuspicions),
    probe!("false_deaths", "Nodes declared dead that were up", "nodes", new FalseDeaths),
    probe!("refutations", "Proofs of a node that it is alive", "times", marks marks::REFUTES),
    ProbeSpec {
        name: "flips",
        title: "Changes of opinion about a node",
        unit: "times",
        make: || Count::boxed(|record| matches!(record.event, Event::Believed(_))),
    },
    probe!("wrong", "Wrong entries in the lists of live nodes", "entries", new WrongEntries),
    probe!("messages_per_node", "Messages a node sends in a period", "messages", new PerNode),
    MESSAGES,
    BYTES,
    DROPPED,
    LIVE,
];

/// The latest crash, of one node or of several at once.
#[derive(Clone, Default)]
struct Crash {
    at: Option<Time>,
    /// How long it took.
    took: Option<Duration>,
}

impl Crash {
    fn on_record(&mut self, record: &Record) {
        if matches!(record.event, Event::Crashed) && self.at != Some(record.time) {
            (self.at, self.took) = (Some(record.time), None);
        }
    }

    fn end(&mut self, now: Time) {
        if let (Some(at), None) = (self.at, self.took) {
            self.took = Some(now.since(at));
        }
    }

    fn seconds(&self) -> Option<f64> {
        self.took.map(Duration::as_seconds)
    }
}

/// Pings that were on their way at the crash do not count: periods are counted from there.
#[derive(Clone, Default)]
struct Noticed(Crash);

impl Probe for Noticed {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        self.0.on_record(record);
        if let Event::Sent {
            address,
            kind: "PING",
            ..
        } = &record.event
            && self.0.took.is_none()
            && self.0.at.is_some_and(|at| at < record.time)
            && !world.is_live(address.to)
        {
            self.0.end(record.time);
        }
    }
    fn value(&self, world: &World) -> Option<f64> {
        let period = world.settings().duration(&PERIOD).as_seconds();
        Some((self.0.seconds()? / period).ceil())
    }
}

#[derive(Clone, Default)]
struct Detected(Crash);

impl Probe for Detected {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        self.0.on_record(record);
        let marked = record.marked(&marks::DECLARES);
        let member = marked.and_then(|marked| marked.node(0));
        if member.is_some_and(|member| !world.is_live(member)) {
            self.0.end(record.time);
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        self.0.seconds()
    }
}

#[derive(Clone, Default)]
struct Complete(Crash, Wrong);

impl Probe for Complete {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        self.0.on_record(record);
        let changes = self.1.on_record(record, world);
        let dropped = record.is(&marks::DROPS) || record.is(&marks::DECLARES);
        let open = self.0.at.is_some() && self.0.took.is_none();
        if changes && dropped && open && self.1.count(world) == 0 {
            self.0.end(record.time);
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        self.0.seconds()
    }
}

#[derive(Clone, Default)]
struct WrongEntries(Wrong);

impl Probe for WrongEntries {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        self.0.on_record(record, world);
    }
    fn value(&self, world: &World) -> Option<f64> {
        Some(self.0.count(world) as f64)
    }
}

/// The live node that a mark is about.
fn live_one(record: &Record, mark: &Mark, world: &World) -> Option<(NodeId, u64)> {
    let marked = record.marked(mark)?;
    let member = marked.node(0).filter(|member| world.is_live(*member))?;
    Some((member, marked.number(1).unwrap_or(0)))
}

#[derive(Clone, Default)]
struct FalseSuspicions(u32);

impl Probe for FalseSuspicions {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        self.0 += u32::from(live_one(record, &marks::SUSPECTS, world).is_some());
    }
    fn value(&self, _world: &World) -> Option<f64> {
        Some(f64::from(self.0))
    }
}

/// Each incarnation of a node counts once, however many declare it dead.
#[derive(Clone, Default)]
struct FalseDeaths(SortedSet<(NodeId, u64)>);

impl Probe for FalseDeaths {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        if let Some(death) = live_one(record, &marks::DECLARES, world) {
            self.0.insert(death);
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        Some(self.0.len() as f64)
    }
}

/// Each node begins a period when its timer goes off.
#[derive(Clone, Default)]
struct PerNode(u64);

impl Probe for PerNode {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, _world: &World) {
        self.0 += u64::from(matches!(
            record.event,
            Event::TimerFired {
                timer: "Period",
                ..
            }
        ));
    }
    fn value(&self, world: &World) -> Option<f64> {
        let sent: u64 = world.sent().values().sum();
        (self.0 > 0).then(|| sent as f64 / self.0 as f64)
    }
}
