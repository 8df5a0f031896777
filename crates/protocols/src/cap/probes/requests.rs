//! What becomes of requests, by what their node could reach when they began.

use faultline_sim::event::Record;
use faultline_sim::history::{End, History};
use faultline_sim::judge::STALE;
use faultline_sim::probe::Probe;
use faultline_sim::process::{NodeId, Shared};
use faultline_sim::time::{Duration, Time};
use faultline_sim::world::World;

use super::super::truth::has_majority;
use super::super::{Reply, Request};
use super::Confirmations;
use crate::parts::versions::Vector;

/// Whether a request reads or writes.
fn is_asked(request: &Shared) -> bool {
    let request = request.get::<Request>();
    request.is_some_and(|request| !request.key().is_empty())
}

/// Reads records with a note of what kind of request it is: none of those that read and write, or
/// whether its node reached a majority.
fn note(record: &Record, world: &World, request: &Shared) -> Option<bool> {
    let id: NodeId = record.node.filter(|_| is_asked(request))?;
    Some(has_majority(world, id))
}

/// How many requests of a kind ended, and how many of those well.
#[derive(Clone, Default)]
struct Share {
    history: History<Option<bool>>,
    ended: u32,
    ok: u32,
}

impl Share {
    fn on_record(&mut self, record: &Record, world: &World, majority: bool) {
        let ended = self
            .history
            .read(record, world, |request| note(record, world, request));
        if let Some(ended) = ended.filter(|ended| ended.begun.note == Some(majority)) {
            self.ended += 1;
            self.ok += u32::from(ended.end == End::Ok);
        }
    }

    fn value(&self) -> Option<f64> {
        (self.ended > 0).then(|| 100.0 * f64::from(self.ok) / f64::from(self.ended))
    }
}

#[derive(Clone, Default)]
pub struct Majority(Share);

impl Probe for Majority {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        self.0.on_record(record, world, true);
    }
    fn value(&self, _world: &World) -> Option<f64> {
        self.0.value()
    }
}

#[derive(Clone, Default)]
pub struct Minority(Share);

impl Probe for Minority {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        self.0.on_record(record, world, false);
    }
    fn value(&self, _world: &World) -> Option<f64> {
        self.0.value()
    }
}

/// What people who want both try to bring to 200: all answered where no majority is, and no read old.
#[derive(Clone, Default)]
pub struct Sum(Share);

impl Probe for Sum {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        self.0.on_record(record, world, false);
    }
    fn value(&self, world: &World) -> Option<f64> {
        let stale = (STALE.make)().value(world).unwrap_or(0.0);
        Some(self.0.value()? + 100.0 - stale)
    }
}

/// Requests that ended without an answer.
#[derive(Clone, Default)]
pub struct Refused {
    history: History,
    count: u32,
}

impl Probe for Refused {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        let ended = self.history.read(record, world, |_| ());
        self.count += u32::from(ended.is_some_and(|ended| ended.end != End::Ok));
    }
    fn value(&self, _world: &World) -> Option<f64> {
        Some(f64::from(self.count))
    }
}

/// How long all of them together waited for that.
#[derive(Clone, Default)]
pub struct Waited {
    history: History,
    total: Duration,
}

impl Probe for Waited {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        let ended = self.history.read(record, world, |_| ());
        if let Some(ended) = ended.filter(|ended| ended.end != End::Ok) {
            self.total = self.total + ended.took;
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        Some(self.total.as_seconds())
    }
}

/// The longest time by which an answer to a read was behind: since the first write that it lacked, and
/// that was confirmed before the read began.
#[derive(Clone, Default)]
pub struct Oldest {
    history: History<(String, Time)>,
    confirmed: Confirmations,
    longest: Duration,
}

impl Probe for Oldest {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        let key = |request: &Shared| {
            let request = request.get::<Request>();
            let key = request.map_or_else(String::new, |request| request.key().to_owned());
            (key, record.time)
        };
        let Some(ended) = self.history.read(record, world, key) else {
            return;
        };
        let (key, began) = ended.begun.note;
        let lacks = match ended.reply.and_then(|reply| reply.get::<Reply>()) {
            Some(Reply::Done { write: (key, dot) }) => {
                return self.confirmed.add(key, *dot, record.time);
            }
            Some(Reply::Found { entry, .. }) => self.confirmed.first_lacking(&key, &entry.seen),
            Some(Reply::Missing) => self.confirmed.first_lacking(&key, &Vector::default()),
            _ => None,
        };
        if let Some(since) = lacks.filter(|since| *since < began) {
            self.longest = self.longest.max(began.since(since));
        }
    }
    fn value(&self, _world: &World) -> Option<f64> {
        Some(self.longest.as_seconds())
    }
}
