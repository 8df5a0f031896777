//! What is measured on a board. What clients wait for is measured by the probes of every protocol.

use faultline_sim::event::{Event, Record};
use faultline_sim::history::{End, History};
use faultline_sim::probe;
use faultline_sim::probe::{Count, EACH, MEAN, OK, P95, Probe, ProbeSpec};
use faultline_sim::process::NodeId;
use faultline_sim::time::{Duration, Time};
use faultline_sim::world::World;

use super::invariants::boxes;
use super::lately::Lately;
use super::params::{SERVERS, TO};
use super::{Kind, Node, Reply, Request, marks};

pub const PROBES: &[ProbeSpec] = &[
    OK,
    P95,
    MEAN,
    probe!("lately", "Answer time of the latest requests (95th percentile)", "ms", look lately),
    probe!("throughput", "Requests answered in a second", "1/s", new Throughput),
    probe!("busy", "Workers busy, of all workers", "%", look busy),
    probe!("busiest", "Requests at the busiest of several servers, against their mean", "1", look busiest),
    probe!(
        "waiting",
        "Requests that wait for a worker",
        "requests",
        look | world | sum(world, |node| node.server.waiting.len() as u64)
    ),
    probe!(
        "stuck",
        "Workers that wait for another box",
        "workers",
        look | world | sum(world, |node| node.server.stuck().into())
    ),
    probe!("most-stuck", "Most workers that waited for another box at once", "workers", new MostStuck),
    probe!(
        "refused",
        "Calls refused because a queue was full",
        "calls",
        look | world | sum(world, |node| node.server.refused)
    ),
    probe!("waiting-mean", "Requests that wait for a worker, on average", "requests", look waiting_mean),
    probe!("wait-here", "Time that a request waits for a worker, on average", "ms", look wait_here),
    probe!("here", "Requests in services, on average", "requests", look here),
    probe!("time-here", "Time of a request in a service, on average", "ms", look time_here),
    probe!("calls-each", "Calls at the last boxes, for each request", "calls", look calls_each),
    probe!(
        "tries-again",
        "Calls that were tried again",
        "calls",
        look | world
            | sum(world, |node| node
                .caller
                .tries
                .saturating_sub(node.caller.first_tries))
    ),
    probe!("opened", "Times a breaker opened", "times", marks marks::OPENS),
    probe!("hits", "Reads that a cache had the answer to", "%", look hits),
    probe!(
        "misses",
        "Reads that a cache did not have the answer to",
        "reads",
        look | world | sum(world, |node| node.cache.misses)
    ),
    probe!("stale", "Reads answered with an old version", "%", new Stale),
    probe!(
        "origin",
        "Calls at databases",
        "calls",
        look | world | sum(world, at_origin)
    ),
    probe!("origin-peak", "Most calls at databases within a second", "calls", new OriginPeak),
    probe!(
        "depth",
        "Events that are not done",
        "events",
        look | world | sum(world, |node| node.events.len())
    ),
    probe!("deepest", "Most events that were not done at once", "events", new Deepest),
    probe!("lag", "Time that an event waited before it was handed on, on average", "ms", look lag),
    probe!("handed-again", "Events handed on again", "times", marks marks::REDELIVERS),
    probe!("twice", "Writes done twice by one box", "times", marks marks::TWICE),
    probe!("lost-events", "Events that are gone without an acknowledgement", "events", look lost_events),
    probe!(
        "servers",
        "Servers that balancers use",
        "servers",
        look | world | sum(world, |node| node.balancer.used.into())
    ),
    probe!("load", "How busy the servers in use were lately", "%", look load),
    probe!(
        "server-seconds",
        "Servers in use, times seconds",
        "server-seconds",
        look | world | {
            let paid: u64 = boxes(world).map(|(_, node)| node.balancer.paid).sum();
            Some(paid as f64 / 1e6)
        }
    ),
    probe!(@ "crashes", "Crashes of boxes", "crashes", Count::boxed(|record| matches!(record.event, Event::Crashed))),
    probe!("goodput", "Requests answered in a second, in the latest five seconds", "1/s", new Lately<false>),
    probe!("features", "Keys whose requests were answered in the latest five seconds", "keys", new Lately<true>),
    probe!("down", "Services whose workers all wait for other boxes", "services", look down),
    probe!("most-down", "Most services whose workers all waited at once", "services", new MostDown),
    probe!("hops", "Calls from box to box, for each request", "calls", look hops),
    probe!(
        "handed",
        "Times that events were handed on",
        "times",
        look | world | sum(world, handed)
    ),
    probe!(
        "aside",
        "Events put aside after too many attempts",
        "events",
        look | world | sum(world, |node| node.events.aside)
    ),
    probe!(
        "effects",
        "Writes done at databases",
        "writes",
        look | world | sum(world, |node| node.database.writes)
    ),
    probe!("cost", "Workers times seconds, for each answer", "worker-seconds", look cost),
    probe!("link-queue", "Longest wait for a link, now", "ms", look link_queue),
    EACH,
];

fn sum(world: &World, of: impl Fn(&Node) -> u64) -> Option<f64> {
    Some(boxes(world).map(|(_, node)| of(node)).sum::<u64>() as f64)
}

fn at_origin(node: &Node) -> u64 {
    match node.kind {
        Kind::Database => node.server.came,
        _ => 0,
    }
}

fn servers(world: &World) -> impl Iterator<Item = (NodeId, &Node)> {
    let serves = |node: &Node| matches!(node.kind, Kind::Service | Kind::Database);
    boxes(world).filter(move |(_, node)| serves(node))
}

fn share(part: u64, all: u64) -> Option<f64> {
    (all > 0).then(|| 100.0 * part as f64 / all as f64)
}

fn busy(world: &World) -> Option<f64> {
    let workers = |id: NodeId| u64::from(world.settings().of_node(id).count(&SERVERS));
    let all: u64 = servers(world).map(|(id, _)| workers(id)).sum();
    let worked: u64 = servers(world).map(|(_, node)| node.server.worked).sum();
    share(worked, all * world.now().0)
}

/// Boxes that can take no request, since each of their workers waits for an answer.
fn down(world: &World) -> Option<f64> {
    let full = |(id, node): &(NodeId, &Node)| {
        node.server.stuck() >= world.settings().of_node(*id).count(&SERVERS)
    };
    Some(servers(world).filter(full).count() as f64)
}

/// With what an event queue hands on.
fn hops(world: &World) -> Option<f64> {
    let calls: u64 = boxes(world)
        .map(|(_, node)| node.caller.tries + handed(node))
        .sum();
    let asked: u64 = boxes(world).map(|(_, node)| node.crowd.asked).sum();
    (asked > 0).then(|| calls as f64 / asked as f64)
}

/// An event queue's meter counts each time that it hands an event on.
fn handed(node: &Node) -> u64 {
    match node.kind {
        Kind::Queue => node.meter.done,
        _ => 0,
    }
}

/// As if the board had been from the start as it is now. A box without workers costs as much as one worker.
fn cost(world: &World) -> Option<f64> {
    let workers = |(id, node): (NodeId, &Node)| match node.kind {
        Kind::Crowd => 0,
        Kind::Service | Kind::Database => world.settings().of_node(id).count(&SERVERS),
        _ => 1,
    };
    let workers: u32 = boxes(world).map(workers).sum();
    let crowds = boxes(world).filter(|(_, node)| node.kind == Kind::Crowd);
    let answers: u64 = crowds.map(|(_, node)| node.meter.done).sum();
    (answers > 0).then(|| f64::from(workers) * world.now().seconds() / answers as f64)
}

/// Of the links between boxes that call each other, both ways.
fn link_queue(world: &World) -> Option<f64> {
    super::captions::slowest_link(world).map(|(_, _, wait)| wait.0 as f64 / 1_000.0)
}

/// Of the first box that chooses among several.
fn busiest(world: &World) -> Option<f64> {
    let several = |id: &NodeId| world.settings().of_node(*id).nodes(&TO).len() > 1;
    let chooser = world.ids().find(several)?;
    let targets = world.settings().of_node(chooser).nodes(&TO);
    let came = targets
        .iter()
        .filter_map(|id| world.node::<Node>(*id))
        .map(|node| node.server.came + node.cache.hits + node.cache.misses);
    let came: Vec<u64> = came.collect();
    let all: u64 = came.iter().sum();
    let most = came.iter().max().copied()?;
    (all > 0).then(|| most as f64 * came.len() as f64 / all as f64)
}

/// The slowest of the crowds, over what each remembers.
fn lately(world: &World) -> Option<f64> {
    let crowds = boxes(world).filter(|(_, node)| node.kind == Kind::Crowd);
    let slowest = crowds.filter_map(|(_, node)| node.meter.percentiles([95]));
    let slowest = slowest.map(|[slow]| slow.0).max()?;
    Some(slowest as f64 / 1_000.0)
}

/// Of the balancers, which hear it with each answer.
fn load(world: &World) -> Option<f64> {
    let (mut sum, mut used) = (0, 0);
    for (id, node) in boxes(world).filter(|(_, node)| node.kind == Kind::Balancer) {
        let of = world.settings().of_node(id);
        let servers = of.nodes(&TO).iter().take(node.balancer.used as usize);
        sum += servers
            .filter_map(|id| node.balancer.heard.get(id))
            .sum::<u32>();
        used += node.balancer.used;
    }
    (used > 0).then(|| f64::from(sum) / f64::from(used))
}

/// Time that requests waited for workers, times requests.
fn waited(world: &World) -> f64 {
    let waited = servers(world).map(|(_, node)| node.server.here - node.server.worked);
    waited.sum::<u64>() as f64
}

fn waiting_mean(world: &World) -> Option<f64> {
    let time = world.now().0;
    (time > 0).then(|| waited(world) / time as f64)
}

fn wait_here(world: &World) -> Option<f64> {
    let done: u64 = servers(world).map(|(_, node)| node.meter.done).sum();
    (done > 0).then(|| waited(world) / done as f64 / 1_000.0)
}

fn here(world: &World) -> Option<f64> {
    let time = world.now().0;
    let here: u64 = servers(world).map(|(_, node)| node.server.here).sum();
    (time > 0).then(|| here as f64 / time as f64)
}

fn time_here(world: &World) -> Option<f64> {
    let (mut sum, mut done) = (0, 0);
    for (_, node) in servers(world) {
        sum += node.meter.sum;
        done += node.meter.done;
    }
    (done > 0).then(|| sum as f64 / done as f64 / 1_000.0)
}

/// At boxes that call no others.
fn calls_each(world: &World) -> Option<f64> {
    let last = |id: NodeId| world.settings().of_node(id).nodes(&TO).is_empty();
    let calls = servers(world).filter(|(id, _)| last(*id));
    let calls: u64 = calls.map(|(_, node)| node.server.came).sum();
    let asked: u64 = boxes(world).map(|(_, node)| node.crowd.asked).sum();
    (asked > 0).then(|| calls as f64 / asked as f64)
}

fn hits(world: &World) -> Option<f64> {
    let (mut hits, mut all) = (0, 0);
    for (_, node) in boxes(world) {
        hits += node.cache.hits;
        all += node.cache.hits + node.cache.misses;
    }
    share(hits, all)
}

fn lag(world: &World) -> Option<f64> {
    let queues = boxes(world).filter(|(_, node)| node.kind == Kind::Queue);
    let (mut sum, mut done) = (0, 0);
    for (_, node) in queues {
        sum += node.meter.sum;
        done += node.meter.done;
    }
    (done > 0).then(|| sum as f64 / done as f64 / 1_000.0)
}

fn lost_events(world: &World) -> Option<f64> {
    sum(world, |node| {
        let events = &node.events;
        let there = events.done + events.aside + events.len() + events.handed.len() as u64;
        events.accepted.saturating_sub(there)
    })
}

/// Answers in a second of the run.
#[derive(Clone, Default)]
struct Throughput {
    history: History,
    answered: u64,
}

impl Probe for Throughput {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        let ended = self.history.read(record, world, |_| ());
        self.answered += u64::from(ended.is_some_and(|ended| ended.end == End::Ok));
    }
    fn value(&self, world: &World) -> Option<f64> {
        let seconds = world.now().seconds();
        (seconds > 0.0).then(|| self.answered as f64 / seconds)
    }
}

/// Reads that return less than a database had when they began; nothing without a database.
#[derive(Clone, Default)]
struct Stale {
    /// With what a read must return at least.
    history: History<Option<u64>>,
    reads: u64,
    stale: u64,
}

fn newest(world: &World, key: u32) -> Option<u64> {
    let databases = boxes(world).filter(|(_, node)| node.kind == Kind::Database);
    databases.map(|(_, node)| node.database.version(key)).max()
}

impl Probe for Stale {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        let before = |request: &faultline_sim::process::Shared| match request.get::<Request>() {
            Some(Request::Read { key }) => newest(world, *key),
            _ => None,
        };
        let Some(ended) = self.history.read(record, world, before) else {
            return;
        };
        if let Some(Reply::Done { version, .. }) = ended.reply.and_then(|reply| reply.get())
            && let Some(least) = ended.begun.note
        {
            self.reads += 1;
            self.stale += u64::from(*version < least);
        }
    }
    fn value(&self, _: &World) -> Option<f64> {
        share(self.stale, self.reads)
    }
}

/// The most that a number has been.
macro_rules! most {
    ($name:ident, $of:expr) => {
        #[derive(Clone, Default)]
        struct $name(u64);
        impl Probe for $name {
            faultline_sim::clone_probe!();
            fn on_record(&mut self, record: &Record, world: &World) {
                if let Some(node) = record.node.and_then(|id| world.node::<Node>(id))
                    && $of(node) > 0
                {
                    self.0 = self.0.max(boxes(world).map(|(_, node)| $of(node)).sum());
                }
            }
            fn value(&self, _: &World) -> Option<f64> {
                Some(self.0 as f64)
            }
        }
    };
}

most!(MostStuck, |node: &Node| u64::from(node.server.stuck()));
most!(Deepest, |node: &Node| node.events.len());

#[derive(Clone, Default)]
struct MostDown(f64);

impl Probe for MostDown {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        let stuck = |id| {
            world
                .node::<Node>(id)
                .is_some_and(|node| node.server.stuck() > 0)
        };
        if record.node.is_some_and(stuck) {
            self.0 = self.0.max(down(world).unwrap_or(0.0));
        }
    }
    fn value(&self, _: &World) -> Option<f64> {
        Some(self.0)
    }
}

/// Calls that came at databases in each second.
#[derive(Clone, Default)]
struct OriginPeak {
    second: Time,
    before: u64,
    most: u64,
}

impl Probe for OriginPeak {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        if record.time.since(self.second) < Duration::seconds(1) {
            return;
        }
        let came: u64 = boxes(world).map(|(_, node)| at_origin(node)).sum();
        self.most = self.most.max(came - self.before.min(came));
        (self.second, self.before) = (record.time, came);
    }
    fn value(&self, _: &World) -> Option<f64> {
        Some(self.most as f64)
    }
}
