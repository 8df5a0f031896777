//! What is measured.

use faultline_sim::event::{Event, Record};
use faultline_sim::history::{End, History};
use faultline_sim::judge::{Level, STALE, VIOLATIONS};
use faultline_sim::probe;
use faultline_sim::probe::{BYTES, DROPPED, LIVE, MESSAGES, OK, P95, Probe, ProbeSpec};
use faultline_sim::process::NodeId;
use faultline_sim::shared::SharedMap;
use faultline_sim::sorted::{SortedMap, SortedSet};
use faultline_sim::time::{Duration, Time};
use faultline_sim::world::World;

use super::invariants::missing_cause;
use super::message::{Reply, Request};
use super::{Store, marks, rules, shown};
use crate::parts::tally::Tally;
use crate::parts::versions::{Dot, Entry, Vector, Written};

pub const PROBES: &[ProbeSpec] = &[
    probe!("distinct-values", "Different answers for one key (most)", "values", look distinct),
    probe!("time-to-agree", "Time until all copies agree, after the latest write", "s", new AgreeTime),
    probe!("lost-writes", "Confirmed writes that are gone", "writes", new LostWrites),
    STALE,
    probe!("missed", "Reads that missed a write confirmed before", "reads", new Missed),
    probe!(
        "own-write-missed",
        "Reads without the client's own write",
        "reads",
        look | world | breaches(world, Level::ReadYourWrites)
    ),
    probe!(
        "went-back",
        "Reads older than what the client had read",
        "reads",
        look | world | breaches(world, Level::MonotonicReads)
    ),
    probe!("effect-before-cause", "Writes shown before what they depend on", "writes", new Early),
    VIOLATIONS,
    probe!("conflicts", "Keys with writes that did not know of each other", "keys", new Conflicts),
    probe!("conflicts-found", "Keys in which a replica found a conflict", "keys", new Flagged),
    probe!("siblings", "Values of one key at once (most)", "values", look siblings),
    probe!("items", "Items that every copy has (values as lists)", "items", look items),
    probe!("missing", "Copies that are missing or old", "copies", look missing),
    probe!("confirmed", "Writes confirmed", "writes", new Confirmed),
    probe!("joining-bytes", "Bytes of data sent to nodes that join or come back", "bytes", bytes "ALL"),
    probe!("compared", "Hashes compared", "hashes", sum marks::COMPARES[0]),
    OK,
    P95,
    probe!("saved", "Answer time saved by moving to another replica (95th percentile)", "ms", new Saved),
    MESSAGES,
    BYTES,
    DROPPED,
    LIVE,
];

/// The live replicas.
pub fn live(world: &World) -> impl Iterator<Item = (NodeId, &Store)> {
    let nodes = world
        .live()
        .filter_map(|id| Some((id, world.node::<Store>(id)?)));
    nodes.filter(|(_, node)| !node.client)
}

/// All keys that live replicas have.
fn keys(world: &World) -> SortedSet<&String> {
    live(world).flat_map(|(_, node)| node.data.keys()).collect()
}

/// How many answers a reader of this key may get, from the replicas that have it.
fn answers(world: &World, key: &str) -> usize {
    let told = live(world).filter_map(|(_, node)| node.data.get(key));
    let told: SortedSet<String> = told.map(|entry| shown(world.settings(), entry)).collect();
    told.len()
}

fn distinct(world: &World) -> Option<f64> {
    keys(world)
        .iter()
        .map(|key| answers(world, key))
        .max()
        .map(|most| most as f64)
}

/// The key with the most different answers, if there is one with several.
pub fn most_different(world: &World) -> Option<String> {
    let keys = keys(world);
    let counts = keys.iter().map(|key| (answers(world, key), *key));
    let most = counts
        .filter(|(count, _)| *count > 1)
        .max_by_key(|(count, _)| *count)?;
    Some(most.1.clone())
}

fn breaches(world: &World, level: Level) -> Option<f64> {
    let breaches = world.judge()?.breaches().iter();
    Some(breaches.filter(|breach| breach.level == level).count() as f64)
}

fn siblings(world: &World) -> Option<f64> {
    let entries = live(world).flat_map(|(_, node)| node.data.values());
    entries
        .map(|entry| rules(world.settings()).shown(entry).len())
        .max()
        .map(|most| most as f64)
}

/// The fewest items that a reader finds at any live replica.
fn items(world: &World) -> Option<f64> {
    let at = |node: &Store| {
        let values = node
            .data
            .values()
            .flat_map(|entry| rules(world.settings()).values(entry));
        let items: SortedSet<String> = values
            .flat_map(|value| value.split(',').map(str::to_owned).collect::<Vec<_>>())
            .collect();
        items.len()
    };
    live(world)
        .map(|(_, node)| at(node))
        .min()
        .map(|least| least as f64)
}

fn missing(world: &World) -> Option<f64> {
    let mut seen: SortedMap<&String, Vector> = SortedMap::new();
    for (_, node) in live(world) {
        for (key, entry) in node.data.iter() {
            seen.entry(key).or_default().join(&entry.seen);
        }
    }
    let lacks = |node: &Store| {
        let old = seen
            .iter()
            .filter(|(key, seen)| !node.copy(key).seen.covers(seen));
        old.count()
    };
    Some(live(world).map(|(_, node)| lacks(node)).sum::<usize>() as f64)
}

/// From the latest write until all live replicas have the same data.
#[derive(Clone, Default)]
struct AgreeTime {
    tally: Tally,
    wrote: Option<Time>,
    took: Option<Duration>,
}

impl Probe for AgreeTime {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        if record.is(&marks::SETS) {
            (self.wrote, self.took) = (Some(record.time), None);
        }
        if self.tally.on_record(record, world, data_of)
            && let (Some(wrote), None) = (self.wrote, self.took)
            && self.tally.agree()
        {
            self.took = Some(record.time.since(wrote));
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        self.took.map(Duration::as_seconds)
    }
}

/// The answer times before a client moved for the first time, and since one moved last.
struct Saved {
    before: Box<dyn Probe>,
    since: Option<Box<dyn Probe>>,
}

impl Clone for Saved {
    fn clone(&self) -> Self {
        Self {
            before: self.before.clone_box(),
            since: self.since.as_ref().map(|probe| probe.clone_box()),
        }
    }
}

impl Default for Saved {
    fn default() -> Self {
        Self {
            before: (P95.make)(),
            since: None,
        }
    }
}

impl Probe for Saved {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        if record.is(&marks::MOVES) {
            self.since = Some((P95.make)());
        }
        let now = self.since.as_mut().unwrap_or(&mut self.before);
        now.on_record(record, world);
    }
    fn value(&self, world: &World) -> Option<f64> {
        let since = self.since.as_ref()?.value(world)?;
        Some(self.before.value(world)? - since)
    }
}

/// What a replica has, as one number.
pub fn data_of(world: &World, id: NodeId) -> Option<u64> {
    let node = world.node::<Store>(id).filter(|node| !node.client)?;
    Some(node.sum)
}

/// Whether a copy still has a write, or one that knew of it.
fn keeps(world: &World, entry: &Entry, dot: Dot) -> bool {
    let mut shown = rules(world.settings()).shown(entry).iter();
    shown.any(|value: &Written| value.dot == dot || value.past.has(dot))
}

/// Confirmed writes that no live replica shows, and that no later write knew of.
#[derive(Clone, Default)]
struct LostWrites {
    history: History,
    confirmed: SharedMap<(String, Dot), ()>,
}

impl Probe for LostWrites {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        let ended = self.history.read(record, world, |_| ());
        let Some(ended) = ended.filter(|ended| ended.end == End::Ok) else {
            return;
        };
        if let Some(Reply::Done { write }) = ended.reply.and_then(|reply| reply.get::<Reply>()) {
            self.confirmed.insert(write.clone(), ());
        }
    }
    fn value(&self, world: &World) -> Option<f64> {
        let gone = |(key, dot): &&(String, Dot)| {
            let mut copies = live(world).filter_map(|(_, node)| node.data.get(key));
            !copies.any(|entry| keeps(world, entry, *dot))
        };
        Some(self.confirmed.keys().filter(gone).count() as f64)
    }
}

/// Writes that a client was told of as done.
#[derive(Clone, Default)]
struct Confirmed(LostWrites);

impl Probe for Confirmed {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        self.0.on_record(record, world);
    }
    fn value(&self, _world: &World) -> Option<f64> {
        Some(self.0.confirmed.len() as f64)
    }
}

/// Reads whose copy lacked a write that was confirmed before they began.
#[derive(Clone, Default)]
struct Missed {
    history: History<Vector>,
    confirmed: SharedMap<String, Vector>,
    missed: u32,
}

impl Probe for Missed {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        let confirmed = &self.confirmed;
        let ended = self.history.read(record, world, |request| {
            let read = request
                .get::<Request>()
                .filter(|r| matches!(r, Request::Get { .. }));
            read.and_then(|read| confirmed.get(read.key()))
                .cloned()
                .unwrap_or_default()
        });
        let Some(ended) = ended else { return };
        match ended.reply.and_then(|reply| reply.get::<Reply>()) {
            Some(Reply::Done { write: (key, dot) }) => {
                let mut known = self.confirmed.get(key).cloned().unwrap_or_default();
                known.add(*dot);
                self.confirmed.insert(key.clone(), known);
            }
            Some(Reply::Found { seen, .. }) if !seen.covers(&ended.begun.note) => self.missed += 1,
            Some(Reply::Missing) if !ended.begun.note.is_empty() => self.missed += 1,
            _ => {}
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        Some(f64::from(self.missed))
    }
}

/// Writes that a replica showed before what they depend on.
#[derive(Clone, Default)]
struct Early(SortedSet<(NodeId, String)>);

impl Probe for Early {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        if let Some((id, key, _)) = missing_cause(record, world) {
            self.0.insert((id, key));
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        Some(self.0.len() as f64)
    }
}

/// Keys with two writes, neither of which knew of the other.
#[derive(Clone, Default)]
struct Conflicts {
    writes: SharedMap<String, Vec<Written>>,
    keys: SortedSet<String>,
}

impl Probe for Conflicts {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        let node = record.node.filter(|_| record.is(&marks::SETS));
        let latest = node.and_then(|id| world.node::<Store>(id)?.latest.clone());
        let Some((key, new)) = latest else { return };
        let mut writes = self.writes.get(&key).cloned().unwrap_or_default();
        writes.retain(|old| !new.past.has(old.dot));
        writes.push((*new).clone());
        if writes.len() > 1 {
            self.keys.insert(key.clone());
        }
        self.writes.insert(key, writes);
    }
    fn value(&self, _world: &World) -> Option<f64> {
        Some(self.keys.len() as f64)
    }
}

/// Keys of which a replica said so.
#[derive(Clone, Default)]
struct Flagged(SortedSet<String>);

impl Probe for Flagged {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, _world: &World) {
        if let Event::Marked(marked) = &record.event
            && marked.is(&marks::CONFLICTS)
        {
            self.0.insert(marked.word(0).unwrap_or_default().to_owned());
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        Some(self.0.len() as f64)
    }
}
