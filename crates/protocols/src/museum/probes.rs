//! What is measured: one number for each mechanism, from the latest crash on.

use faultline_sim::event::{Event, Record};
use faultline_sim::probe;
use faultline_sim::probe::{DROPPED, LEADERS, LIVE, MESSAGES, Probe, ProbeSpec};
use faultline_sim::process::NodeId;
use faultline_sim::sorted::{SortedMap, SortedSet};
use faultline_sim::time::{Duration, Time};
use faultline_sim::world::World;

use super::descriptor::COPIES;
use super::{Museum, marks};
use crate::elections::{ELECTIONS, LEADS};
use crate::hash_ring::placement::Ring;

pub const PROBES: &[ProbeSpec] = &[
    probe!("detected-after", "Time from a crash until a node thinks that the node has failed", "s", new Detected),
    probe!("all-know-after", "Time from a crash until all live nodes think so", "s", new AllKnow),
    probe!("leader-after", "Time from the leader's crash until another node leads", "s", new NewLeader),
    probe!("copies-back-after", "Time from a crash until each key has its copies again", "s", new CopiesBack),
    probe!("conflicts", "Pairs of writes that did not know of each other", "pairs", new Conflicts),
    probe!("fewest-copies", "Fewest copies of any key on its owners", "copies", look fewest_copies),
    probe!("lost", "Keys that no live node stores", "keys", look lost),
    probe!("copied", "Copies that owners got by an order", "copies", marks marks::COPIES),
    probe!("repairs", "Orders to copy", "orders", marks marks::ORDERS),
    probe!("retries", "Writes that went to the next owner", "writes", marks marks::RETRIES),
    probe!("false-alarms", "Failures announced of nodes that were up", "times", new FalseAlarms),
    ELECTIONS,
    LEADERS,
    MESSAGES,
    DROPPED,
    LIVE,
];

pub fn live(world: &World) -> impl Iterator<Item = (NodeId, &Museum)> {
    world
        .live()
        .filter_map(|id| world.node::<Museum>(id).map(|node| (id, node)))
}

/// The nodes that are up.
pub fn true_view(world: &World) -> Vec<NodeId> {
    world.live().collect()
}

/// The key of a copy that has changed.
pub fn changed(record: &Record) -> Option<&str> {
    let marked = [&marks::WRITES, &marks::STORES, &marks::COPIES];
    let mut marked = marked.into_iter().filter_map(|mark| record.marked(mark));
    marked.next()?.word(0)
}

/// For each key on any disk: how many of its owners store it, and how many should. The owners are those
/// of the nodes that are up.
fn copies(world: &World) -> SortedMap<String, (u32, u32)> {
    let Some((_, first)) = live(world).next() else {
        return SortedMap::new();
    };
    let ring = Ring::new(first.ring.rules.clone(), world.live());
    let disks = world.ids().filter_map(|id| world.node::<Museum>(id));
    let keys: SortedSet<&String> = disks.flat_map(|node| node.store.keys()).collect();
    let count = |key: &&String| {
        let owners = ring.owners(ring.rules.hash(key));
        let has = |id: &&NodeId| {
            let node = world.node::<Museum>(**id);
            node.is_some_and(|node| node.store.get(*key).is_some())
        };
        let stored = owners.iter().filter(has).count() as u32;
        ((*key).clone(), (stored, owners.len() as u32))
    };
    keys.iter().map(count).collect()
}

/// How many keys there are.
pub fn keys(world: &World) -> u32 {
    copies(world).len() as u32
}

/// Keys that are not stored on all their owners, each with how many of them store it.
pub fn without_copies(world: &World) -> Vec<(String, u32)> {
    let short =
        |(key, (has, due)): (&String, &(u32, u32))| (has < due).then(|| (key.clone(), *has));
    copies(world).iter().filter_map(short).collect()
}

fn fewest_copies(world: &World) -> Option<f64> {
    let copies = copies(world);
    let fewest = copies.values().map(|(has, _)| *has).min();
    fewest.map(f64::from)
}

/// Keys on the disks of nodes that are down, and nowhere else.
pub fn lost_keys(world: &World) -> Vec<String> {
    let up = |key: &&String| !live(world).any(|(_, node)| node.store.get(*key).is_some());
    copies(world).keys().filter(up).cloned().collect()
}

fn lost(world: &World) -> Option<f64> {
    Some(lost_keys(world).len() as f64)
}

/// The latest crash, and how long something took from there.
#[derive(Clone, Default)]
struct Crash {
    at: Option<(NodeId, Time)>,
    took: Option<Duration>,
}

impl Crash {
    /// Whether this record is a crash.
    fn begins(&mut self, record: &Record) -> bool {
        let crash = matches!(record.event, Event::Crashed | Event::Removed);
        let begins = record.node.filter(|_| crash);
        if let Some(id) = begins {
            *self = Self {
                at: Some((id, record.time)),
                took: None,
            };
        }
        begins.is_some()
    }

    /// The node that crashed, while it is not over.
    fn waits(&self) -> Option<NodeId> {
        self.at.filter(|_| self.took.is_none()).map(|(id, _)| id)
    }

    fn end(&mut self, now: Time) {
        if let (Some((_, at)), None) = (self.at, self.took) {
            self.took = Some(now.since(at));
        }
    }

    fn seconds(&self) -> Option<f64> {
        self.took.map(Duration::as_seconds)
    }
}

/// The node that a record takes for failed.
fn accused(record: &Record) -> Option<NodeId> {
    record.marked(&marks::FAILS)?.node(0)
}

#[derive(Clone, Default)]
struct Detected(Crash);

impl Probe for Detected {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, _world: &World) {
        self.0.begins(record);
        if accused(record).is_some_and(|id| self.0.waits() == Some(id)) {
            self.0.end(record.time);
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        self.0.seconds()
    }
}

#[derive(Clone, Default)]
struct AllKnow(Crash);

impl Probe for AllKnow {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        self.0.begins(record);
        let gone = accused(record).filter(|id| self.0.waits() == Some(*id));
        if let Some(gone) = gone
            && live(world).all(|(_, node)| !node.view().contains(&gone))
        {
            self.0.end(record.time);
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        self.0.seconds()
    }
}

/// The crash of another node than the latest leader ends nothing.
#[derive(Clone, Default)]
struct NewLeader {
    leader: Option<NodeId>,
    crash: Crash,
}

impl Probe for NewLeader {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, _world: &World) {
        if record.node == self.leader {
            self.crash.begins(record);
        }
        if record.is(&LEADS) {
            self.leader = record.node;
            self.crash.end(record.time);
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        self.crash.seconds()
    }
}

#[derive(Clone, Default)]
struct CopiesBack(Crash);

impl Probe for CopiesBack {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        let looks = self.0.begins(record) || changed(record).is_some();
        if looks && self.0.waits().is_some() && without_copies(world).is_empty() {
            self.0.end(record.time);
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        self.0.seconds()
    }
}

/// Each copy of a key may find the same pair.
#[derive(Clone, Default)]
struct Conflicts(SortedSet<[String; 3]>);

impl Probe for Conflicts {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, _world: &World) {
        let Some(marked) = record.marked(&marks::CONFLICTS) else {
            return;
        };
        let word = |at| marked.word(at).unwrap_or_default().to_owned();
        let (one, other) = (word(1), word(2));
        let pair = if one < other {
            [one, other]
        } else {
            [other, one]
        };
        let [first, second] = pair;
        self.0.insert([word(0), first, second]);
    }
    fn value(&self, _world: &World) -> Option<f64> {
        Some(self.0.len() as f64)
    }
}

#[derive(Clone, Default)]
struct FalseAlarms(u32);

impl Probe for FalseAlarms {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        self.0 += u32::from(accused(record).is_some_and(|id| world.is_live(id)));
    }
    fn value(&self, _world: &World) -> Option<f64> {
        Some(f64::from(self.0))
    }
}

/// How many copies each key should have.
pub fn due(world: &World) -> u32 {
    let live = world.live().count() as u32;
    world.settings().count(&COPIES).min(live)
}
