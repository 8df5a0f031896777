//! What is measured: how soon crashes are noticed, and how often nothing was wrong.

mod costs;

use faultline_sim::event::{Event, Record};
use faultline_sim::probe;
use faultline_sim::probe::{DROPPED, LIVE, MESSAGES, Probe, ProbeSpec};
use faultline_sim::process::NodeId;
use faultline_sim::quorum::majority;
use faultline_sim::sorted::{SortedMap, SortedSet};
use faultline_sim::time::{Duration, Time};
use faultline_sim::world::World;

use super::judge::{Judge, Measure, Past};
use super::truth::{Failures, observers, says_failed, works};
use super::{Watcher, marks};
use crate::parts::inboxes::Inboxes;
use crate::parts::suspicions::{Change, Suspicions};
use costs::{Cheapest, Cost};

pub const PROBES: &[ProbeSpec] = &[
    probe!("detect", "Time from a crash to the first verdict (mean)", "s", new Detect),
    probe!("detected_at", "Instant of the latest verdict on a crashed node", "s", new Detected<0>),
    probe!("recovered_at", "Instant at which the latest recovery was seen", "s", new Detected<1>),
    probe!("back", "Time from a recovery until it is seen (latest)", "s", new Detected<2>),
    probe!("complete", "Observers that know of each crashed node", "%", look complete),
    probe!("false_suspicions", "Suspicions of a live node", "times", new Alarms<0>),
    probe!("false_alarms", "Verdicts on a live node", "times", new Alarms<1>),
    probe!("alarms_per_minute", "Verdicts on a live node, per minute", "per minute", new Alarms<2>),
    probe!("flips_per_minute", "Beliefs that change, per minute", "per minute", new Flips),
    probe!("disagree", "Wrong beliefs about other nodes", "beliefs", look disagree),
    probe!("level", "Level at the latest suspicion", "1", new Level),
    probe!("wait", "Longest wait for the next heartbeat, now", "s", look wait),
    probe!("spare", "Observers beyond a majority", "nodes", look spare),
    probe!("inbox", "Longest queue of a paused node", "messages", new Inboxes),
    probe!("moved", "Time from a crash until its work has moved", "s", new Moved),
    probe!("cost_n1", "Cost of node 1's mistakes", "euros", new Cost<1>),
    probe!("cost_n2", "Cost of node 2's mistakes", "euros", new Cost<2>),
    probe!("cost_n3", "Cost of node 3's mistakes", "euros", new Cost<3>),
    probe!("cheapest", "Node with the cheapest mistakes", "node", new Cheapest),
    probe!("messages_per_node", "Messages that a node sends per second", "per second", look messages_per_node),
    MESSAGES,
    DROPPED,
    LIVE,
];

/// A time of the run so far, in minutes.
fn minutes(world: &World) -> Option<f64> {
    let seconds = world.now().seconds();
    (seconds > 0.0).then_some(seconds / 60.0)
}

fn messages_per_node(world: &World) -> Option<f64> {
    let sent: u64 = world.sent().values().sum();
    let seconds = 60.0 * minutes(world)?;
    Some(sent as f64 / f64::from(world.added()) / seconds)
}

fn complete(world: &World) -> Option<f64> {
    let down: Vec<NodeId> = world.ids().filter(|id| !works(world, *id)).collect();
    let (mut known, mut all) = (0_u32, 0_u32);
    for (id, node) in observers(world) {
        for peer in down.iter().filter(|peer| **peer != id) {
            all += 1;
            known += u32::from(says_failed(node, *peer));
        }
    }
    (all > 0).then(|| 100.0 * f64::from(known) / f64::from(all))
}

/// A suspicion counts as a belief that a peer is down.
fn disagree(world: &World) -> Option<f64> {
    let mut wrong = 0_u32;
    for (_, node) in observers(world) {
        let peers = node.detector.heard.keys();
        let is_wrong = |peer: &&NodeId| node.beliefs.contains_key(*peer) == works(world, **peer);
        wrong += peers.filter(is_wrong).count() as u32;
    }
    Some(f64::from(wrong))
}

fn spare(world: &World) -> Option<f64> {
    let nodes = world.ids().len() as u32;
    Some(observers(world).count() as f64 - f64::from(majority(nodes)))
}

fn wait(world: &World) -> Option<f64> {
    let mut longest: Option<Duration> = None;
    for (id, node) in observers(world) {
        let judge = Judge::new(&world.settings().at(id));
        if matches!(judge.measure, Measure::Phi(_) | Measure::Missed) {
            continue;
        }
        for peer in node.detector.heard.keys() {
            let past = Past {
                arrivals: node.arrivals.get(peer),
                smoothed: node.smoothed.get(peer),
            };
            longest = longest.max(Some(judge.wait(past)));
        }
    }
    longest.map(Duration::as_seconds)
}

/// A failure counts once, at the first verdict.
#[derive(Clone, Default)]
struct Detect {
    failures: Failures,
    /// The failure of each node that was noticed last.
    noticed: SortedMap<NodeId, Time>,
    total: Duration,
    count: u32,
}

impl Probe for Detect {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        self.failures.on_record(record);
        let declared = record.marked(&marks::DECLARES);
        let Some(peer) = declared.and_then(|marked| marked.node(0)) else {
            return;
        };
        let Some(since) = self.failures.since(world, peer) else {
            return;
        };
        if self.noticed.insert(peer, since) != Some(since) {
            self.total = self.total + record.time.since(since);
            self.count += 1;
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        (self.count > 0).then(|| self.total.as_seconds() / f64::from(self.count))
    }
}

/// When a verdict was right (0), when a recovery was seen (1), how long that took (2).
#[derive(Clone, Default)]
struct Detected<const WHAT: u8> {
    failures: Failures,
    /// Failures that were noticed.
    noticed: SortedMap<NodeId, Time>,
    /// Recoveries that nobody has seen yet.
    back: SortedMap<NodeId, Time>,
    at: Option<Time>,
    took: Duration,
}

impl<const WHAT: u8> Probe for Detected<WHAT> {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        let recovers = record.is(&marks::RESUMES) || matches!(record.event, Event::Recovered);
        if let Some(id) = record.node.filter(|_| recovers) {
            self.back.insert(id, record.time);
        }
        self.failures.on_record(record);
        let peer = |mark| record.marked(mark).and_then(|marked| marked.node(0));
        if let Some(peer) = peer(&marks::DECLARES)
            && let Some(since) = self.failures.since(world, peer)
            && self.noticed.insert(peer, since) != Some(since)
            && WHAT == 0
        {
            self.at = Some(record.time);
        }
        if let Some(peer) = peer(&marks::REVIVES)
            && let Some(since) = self.back.remove(&peer)
            && WHAT > 0
        {
            self.at = Some(record.time);
            self.took = record.time.since(since);
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        let at = self.at?;
        Some(match WHAT {
            2 => self.took.as_seconds(),
            _ => at.seconds(),
        })
    }
}

/// Suspicions of a live node (0), verdicts on one (1), these per minute (2).
#[derive(Clone, Default)]
struct Alarms<const WHAT: u8> {
    suspicions: Suspicions,
    found: u32,
}

impl<const WHAT: u8> Probe for Alarms<WHAT> {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        let subject = if WHAT == 0 {
            self.suspicions.begins(record).map(|(_, subject)| subject)
        } else {
            let declared = record.marked(&marks::DECLARES);
            declared.and_then(|marked| marked.node(0))
        };
        self.found += u32::from(subject.is_some_and(|subject| works(world, subject)));
    }
    fn value(&self, world: &World) -> Option<f64> {
        match WHAT {
            2 => Some(f64::from(self.found) / minutes(world)?),
            _ => Some(f64::from(self.found)),
        }
    }
}

/// Suspicions that begin or end, of all observers.
#[derive(Clone, Default)]
struct Flips {
    suspicions: Suspicions,
    found: u32,
}

impl Probe for Flips {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, _world: &World) {
        let change: Option<Change> = self.suspicions.on_record(record);
        self.found += u32::from(change.is_some());
    }
    fn value(&self, world: &World) -> Option<f64> {
        Some(f64::from(self.found) / minutes(world)?)
    }
}

#[derive(Clone, Default)]
struct Level {
    suspicions: Suspicions,
    latest: Option<f64>,
}

impl Probe for Level {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        let Some((observer, subject)) = self.suspicions.begins(record) else {
            return;
        };
        let node = world.node::<Watcher>(observer);
        let level = node.and_then(|node| node.levels.get(&subject));
        self.latest = level.map(|level| level.0).or(self.latest);
    }
    fn value(&self, _world: &World) -> Option<f64> {
        self.latest
    }
}

/// From a crash until its work has gone elsewhere: the latest one.
#[derive(Clone, Default)]
struct Moved {
    failures: Failures,
    took: Option<Duration>,
    seen: SortedSet<(NodeId, Time)>,
}

impl Probe for Moved {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        self.failures.on_record(record);
        let moved = record
            .marked(&marks::MOVES)
            .or(record.marked(&marks::DELETES));
        let Some(peer) = moved.and_then(|marked| marked.node(0)) else {
            return;
        };
        if let Some(since) = self.failures.since(world, peer)
            && self.seen.insert((peer, since))
        {
            self.took = Some(record.time.since(since));
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        self.took.map(Duration::as_seconds)
    }
}
