//! What is measured.

mod prices;
mod requests;

use std::rc::Rc;

use faultline_sim::event::{Event, Record};
use faultline_sim::history::History;
use faultline_sim::judge::{STALE, VIOLATIONS};
use faultline_sim::probe;
use faultline_sim::probe::{DROPPED, LIVE, MESSAGES, OK, P95, Probe, ProbeSpec};
use faultline_sim::process::{NodeId, Shared};
use faultline_sim::shared::SharedMap;
use faultline_sim::sorted::{SortedMap, SortedSet};
use faultline_sim::time::{Duration, Time};
use faultline_sim::world::World;

use super::invariants::data_of;
use super::truth::{live, would_answer, would_confirm};
use super::{Node, Reply, Request, marks, rules, told};
use crate::parts::tally::Tally;
use crate::parts::versions::{Dot, Entry, Vector, Written};

use prices::{Answering, Cheaper, Refusing};
use requests::{Majority, Minority, Oldest, Refused, Sum, Waited};

pub const PROBES: &[ProbeSpec] = &[
    OK,
    STALE,
    probe!("refused", "Requests refused or without an answer", "requests", new Refused),
    probe!("ok-majority", "Requests answered at nodes that reach a majority", "%", new Majority),
    probe!("ok-minority", "Requests answered at nodes that reach no majority", "%", new Minority),
    probe!("sum", "Answered at nodes without a majority, plus reads that were not old", "%", new Sum),
    probe!(
        "answering",
        "Nodes that would answer a read now",
        "nodes",
        look | world
            | would(world, |world, id, node| {
                would_answer(world, id, node, "x").is_some()
            })
    ),
    probe!(
        "confirming",
        "Nodes that would confirm a write now",
        "nodes",
        look | world | would(world, |world, id, _| { would_confirm(world, id) })
    ),
    probe!("distinct-values", "Different answers for one key (most)", "values", look distinct),
    probe!("differing", "Keys on which live nodes differ", "keys", look differing),
    probe!("missing", "Copies that lack a confirmed write", "copies", new Missing),
    probe!("lost-writes", "Confirmed writes that are gone", "writes", new LostWrites),
    probe!("confirmed", "Writes confirmed", "writes", new Confirmed),
    probe!("conflicts", "Keys with a write that did not know of a confirmed one", "keys", new Conflicts),
    probe!("conflicts-found", "Keys in which a node found a conflict", "keys", new Flagged),
    probe!("siblings", "Values of one key at once (most)", "values", look siblings),
    probe!("compared", "Keys compared", "keys", sum marks::COMPARES[0]),
    probe!("time-to-agree", "Time until all nodes agree, after the latest write or heal", "s", new AgreeTime),
    probe!("oldest", "Oldest answer: newer data was confirmed so long before", "s", new Oldest),
    probe!("waited", "Time that clients waited for a refusal", "s", new Waited),
    VIOLATIONS,
    P95,
    probe!("cost-answering", "What answers without a majority cost", "euros", new Answering),
    probe!("cost-refusing", "What it would cost to refuse those", "euros", new Refusing),
    probe!("cheaper", "Cheaper: 1 to refuse, 2 to answer", "", new Cheaper),
    MESSAGES,
    DROPPED,
    LIVE,
];

fn would(world: &World, check: impl Fn(&World, NodeId, &Node) -> bool) -> Option<f64> {
    let nodes = live(world).filter(|(id, node)| check(world, *id, node));
    Some(nodes.count() as f64)
}

/// All keys that live nodes have a value of.
pub fn keys(world: &World) -> SortedSet<&String> {
    let entries = live(world).flat_map(|(_, node)| node.data.iter());
    let there = entries.filter(|(_, entry)| !entry.values.is_empty());
    there.map(|(key, _)| key).collect()
}

/// How many different values live nodes have of a key; to have none is one, too.
fn answers(world: &World, key: &str) -> usize {
    let values =
        live(world).map(|(_, node)| told(&rules(world.settings()).values(&node.copy(key))));
    values.collect::<SortedSet<String>>().len()
}

fn distinct(world: &World) -> Option<f64> {
    let counts = keys(world);
    let counts = counts.iter().map(|key| answers(world, key));
    counts.max().map(|most| most as f64)
}

/// The keys on which nodes differ, those with the most different answers first.
pub fn most_different(world: &World) -> Option<String> {
    let keys = keys(world);
    let counts = keys.iter().map(|key| (answers(world, key), *key));
    let most = counts
        .filter(|(count, _)| *count > 1)
        .max_by_key(|(count, _)| *count)?;
    Some(most.1.clone())
}

fn differing(world: &World) -> Option<f64> {
    let keys = keys(world);
    let differ = keys.iter().filter(|key| answers(world, key) > 1);
    Some(differ.count() as f64)
}

fn siblings(world: &World) -> Option<f64> {
    let entries = live(world).flat_map(|(_, node)| node.data.values());
    entries
        .map(|entry| rules(world.settings()).shown(entry).len())
        .max()
        .map(|most| most as f64)
}

/// Whether a copy still has a write, or one that knew of it.
fn keeps(world: &World, entry: &Entry, dot: Dot) -> bool {
    let mut shown = rules(world.settings()).shown(entry).iter();
    shown.any(|value: &Written| value.dot == dot || value.past.has(dot))
}

/// When each write began, and when its client was told that it is done.
#[derive(Clone, Default)]
struct Writes {
    history: History<(String, String)>,
    began: SharedMap<(String, Dot), Time>,
    confirmed: SharedMap<(String, Dot), Time>,
}

impl Writes {
    /// Returns the write that is stored with this record.
    fn on_record(&mut self, record: &Record, world: &World) -> Option<(String, Rc<Written>)> {
        let note = |request: &Shared| match request.get::<Request>() {
            Some(Request::Set { key, value }) => (key.clone(), value.clone()),
            _ => (String::new(), String::new()),
        };
        if let Some(ended) = self.history.read(record, world, note)
            && let Some(Reply::Done { write }) = ended.reply.and_then(|reply| reply.get::<Reply>())
        {
            self.confirmed.insert(write.clone(), record.time);
        }
        let id = record.node.filter(|_| record.is(&marks::SETS))?;
        let (key, new) = world.node::<Node>(id)?.latest.clone()?;
        let mut open = self.history.open();
        let own = open
            .find(|(_, begun)| begun.node == id && begun.note == (key.clone(), new.value.clone()));
        let began = own.map_or(record.time, |(_, begun)| begun.invoked);
        self.began.insert((key.clone(), new.dot), began);
        Some((key, new))
    }

    /// Whether two writes were under way at the same time: then either may count as the later one.
    fn overlap(&self, one: &(String, Dot), other: &(String, Dot)) -> bool {
        let before = |one, other| {
            let (ended, began) = (self.confirmed.get(one), self.began.get(other));
            ended
                .zip(began)
                .is_some_and(|(ended, began)| ended <= began)
        };
        !before(one, other) && !before(other, one)
    }
}

/// Confirmed writes that no live node shows, that no later write knew of, and that were over before the
/// one began that stands in their place, or the other way round.
#[derive(Clone, Default)]
pub struct LostWrites(Writes);

impl LostWrites {
    pub fn count(&self, world: &World) -> usize {
        let gone = |write: &&(String, Dot)| {
            let (key, dot) = write;
            let copies = || live(world).filter_map(|(_, node)| node.data.get(key));
            let kept = copies().any(|entry| keeps(world, entry, *dot));
            let mut shown = copies().flat_map(|entry| rules(world.settings()).shown(entry));
            !kept && !shown.any(|value| self.0.overlap(write, &(key.clone(), value.dot)))
        };
        self.0.confirmed.keys().filter(gone).count()
    }
}

impl Probe for LostWrites {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        self.0.on_record(record, world);
    }
    fn value(&self, world: &World) -> Option<f64> {
        Some(self.count(world) as f64)
    }
}

/// Copies without a confirmed write, or one that knew of it.
#[derive(Clone, Default)]
struct Missing(Writes);

impl Probe for Missing {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        self.0.on_record(record, world);
    }
    fn value(&self, world: &World) -> Option<f64> {
        let mut lacking: SortedSet<(NodeId, &String)> = SortedSet::new();
        for (key, dot) in self.0.confirmed.keys() {
            let lacks = |node: &Node| !keeps(world, &node.copy(key), *dot);
            let without = live(world).filter(|(_, node)| lacks(node));
            let without: Vec<NodeId> = without.map(|(id, _)| id).collect();
            // What no node shows any more is lost, and nobody lacks it.
            if without.len() < live(world).count() {
                lacking.extend(without.into_iter().map(|id| (id, key)));
            }
        }
        Some(lacking.len() as f64)
    }
}

#[derive(Clone, Default)]
struct Confirmed(Writes);

impl Probe for Confirmed {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        self.0.on_record(record, world);
    }
    fn value(&self, _world: &World) -> Option<f64> {
        Some(self.0.confirmed.len() as f64)
    }
}

/// Keys with two writes, of which the later one began when the other was confirmed, and did not know of it.
#[derive(Clone, Default)]
pub struct Conflicts {
    all: Writes,
    /// The latest writes of each key: those that no other knew of.
    writes: SharedMap<String, Vec<Dot>>,
    keys: SortedSet<String>,
    /// Writes that met one they did not know of.
    pub writes_met: u32,
}

impl Conflicts {
    pub fn look(&mut self, record: &Record, world: &World) {
        let Some((key, new)) = self.all.on_record(record, world) else {
            return;
        };
        let mut writes = self.writes.get(&key).cloned().unwrap_or_default();
        writes.retain(|old| !new.past.has(*old));
        let write = (key.clone(), new.dot);
        let met = |old: &Dot| !self.all.overlap(&(key.clone(), *old), &write);
        if writes.iter().any(met) {
            self.keys.insert(key.clone());
            self.writes_met += 1;
        }
        writes.push(new.dot);
        self.writes.insert(key, writes);
    }
}

impl Probe for Conflicts {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        self.look(record, world);
    }
    fn value(&self, _world: &World) -> Option<f64> {
        Some(self.keys.len() as f64)
    }
}

/// Keys of which a node said so.
#[derive(Clone, Default)]
struct Flagged(SortedSet<String>);

impl Probe for Flagged {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, _world: &World) {
        let marked = record.marked(&marks::CONFLICTS);
        if let Some(key) = marked.and_then(|marked| marked.word(0)) {
            self.0.insert(key.to_owned());
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        Some(self.0.len() as f64)
    }
}

/// From the latest write or heal until all live nodes have the same data.
#[derive(Clone, Default)]
struct AgreeTime {
    tally: Tally,
    since: Option<Time>,
    took: Option<Duration>,
}

impl Probe for AgreeTime {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        let healed = matches!(record.event, Event::Healed) || record.is(&marks::HEALS);
        if record.is(&marks::SETS) || healed {
            (self.since, self.took) = (Some(record.time), None);
        }
        let changed = self.tally.on_record(record, world, data_of);
        if (changed || healed)
            && let (Some(since), None) = (self.since, self.took)
            && self.tally.agree()
        {
            self.took = Some(record.time.since(since));
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        self.took.map(Duration::as_seconds)
    }
}

/// When each write was confirmed, and how many writes each node has begun of each key.
#[derive(Clone, Default)]
pub struct Confirmations {
    at: SharedMap<(String, Dot), Time>,
    most: SortedMap<(String, NodeId), u32>,
}

impl Confirmations {
    pub fn add(&mut self, key: &str, dot: Dot, time: Time) {
        self.at.insert((key.to_owned(), dot), time);
        let most = self.most.entry((key.to_owned(), dot.0)).or_default();
        *most = dot.1.max(*most);
    }

    /// When the first confirmed write was confirmed that a copy lacks.
    pub fn first_lacking(&self, key: &str, seen: &Vector) -> Option<Time> {
        let of_key = self.most.iter().filter(|((of, _), _)| of == key);
        let first = of_key.filter_map(|((_, node), most)| {
            let mut numbers = seen.count(*node) + 1..=*most;
            numbers.find_map(|number| {
                let dot = (*node, number);
                let at = self.at.get(&(key.to_owned(), dot)).copied();
                at.filter(|_| !seen.has(dot))
            })
        });
        first.min()
    }
}
