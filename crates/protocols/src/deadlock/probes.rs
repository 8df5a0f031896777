//! What is measured.

use faultline_sim::clone_probe;
use faultline_sim::event::{Event, Record};
use faultline_sim::probe;
use faultline_sim::probe::{
    BROKEN, Count, DROPPED, EACH, LIVE, MEAN, MESSAGES, P95, Probe, ProbeSpec, UNANSWERED,
};
use faultline_sim::sorted::SortedMap;
use faultline_sim::time::{Duration, Time};
use faultline_sim::world::World;

use super::truth::{Graph, Who, subject};
use super::{Site, marks};

pub const PROBES: &[ProbeSpec] = &[
    probe!("deadlocks", "Deadlocks declared", "deadlocks", marks marks::DECLARES),
    ProbeSpec {
        name: "probes",
        title: "Probes sent (or queries and replies)",
        unit: "messages",
        make: || Count::boxed(is_of_search),
    },
    probe!("detection", "Time from a closed circle to the declaration (mean)", "s", new Detection),
    probe!("phantom", "False alarms: no deadlock was there", "deadlocks", new Phantom),
    probe!("circle", "Transactions that wait in a circle", "transactions", look circle),
    probe!("waiting", "Transactions that wait for a row", "transactions", look waiting),
    probe!("committed", "Transactions committed", "transactions", marks marks::COMMITS),
    probe!("aborted", "Transactions aborted", "transactions", marks marks::ABORTS),
    probe!("throughput", "Transactions committed each second", "per second", new Throughput),
    MESSAGES,
    MEAN,
    P95,
    UNANSWERED,
    EACH,
    BROKEN,
    DROPPED,
    LIVE,
];

fn is_of_search(record: &Record) -> bool {
    let kinds = ["Probe", "Query", "Reply"];
    matches!(&record.event, Event::Sent { kind, .. } if kinds.contains(kind))
}

fn circle(world: &World) -> Option<f64> {
    Some(Graph::of(world, true).in_circles().len() as f64)
}

fn waiting(world: &World) -> Option<f64> {
    let sites = world.ids().filter_map(|id| world.node::<Site>(id));
    let locks = sites.flat_map(|site| site.locks.values());
    Some(locks.map(|lock| lock.queue.len()).sum::<usize>() as f64)
}

/// Remembers since when each transaction waits in a circle, and whether that was declared.
#[derive(Clone, Default)]
struct Detection {
    since: SortedMap<Who, (Time, bool)>,
    total: Duration,
    found: u64,
}

impl Probe for Detection {
    clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        let declared = record.marked(&marks::DECLARES);
        let changes = [
            &marks::WAITS,
            &marks::HOLDS,
            &marks::ABORTS,
            &marks::COMMITS,
            &marks::LOOKS,
        ];
        if declared.is_none() && !changes.iter().any(|mark| record.is(mark)) {
            return;
        }
        let graph = Graph::of(world, true);
        let now = graph.in_circles();
        self.since.retain(|who, _| now.contains(who));
        for who in now {
            self.since.entry(who).or_insert((record.time, false));
        }
        let Some(who) = declared.and_then(|own| graph.named(subject(own, 0), record.node)) else {
            return;
        };
        if let Some((since, false)) = self.since.get(&who).copied() {
            self.total = self.total + record.time.since(since);
            self.found += 1;
        }
        // Another one of the same circle finds nothing new.
        for other in &graph.reached(who) {
            if let Some((_, known)) = self.since.get_mut(other) {
                *known = true;
            }
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        (self.found > 0).then(|| self.total.as_seconds() / self.found as f64)
    }
}

/// Declared, or taken for a deadlock after a timeout, and nobody waited in a circle.
#[derive(Clone, Default)]
struct Phantom {
    found: u64,
}

impl Probe for Phantom {
    clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        let told = [&marks::DECLARES, &marks::TIMES_OUT];
        let Some(told) = told.into_iter().find_map(|mark| record.marked(mark)) else {
            return;
        };
        let graph = Graph::of(world, true);
        let who = graph.named(subject(told, 0), record.node);
        let dead = who.is_some_and(|who| graph.is_dead(who, world));
        self.found += u64::from(!dead);
    }
    fn value(&self, _world: &World) -> Option<f64> {
        Some(self.found as f64)
    }
}

#[derive(Clone, Default)]
struct Throughput {
    committed: u64,
}

impl Probe for Throughput {
    clone_probe!();
    fn on_record(&mut self, record: &Record, _world: &World) {
        self.committed += u64::from(record.is(&marks::COMMITS));
    }
    fn value(&self, world: &World) -> Option<f64> {
        let seconds = world.now().seconds();
        (seconds > 0.0).then(|| self.committed as f64 / seconds)
    }
}
