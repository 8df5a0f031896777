//! What was answered lately: the present state of a system that was well once, or is well again.

use std::collections::{BTreeSet, VecDeque};

use faultline_sim::event::Record;
use faultline_sim::history::{End, History};
use faultline_sim::probe::Probe;
use faultline_sim::process::Shared;
use faultline_sim::time::{Duration, Time};
use faultline_sim::world::World;

use super::Request;

/// What counts as lately.
const WINDOW: Duration = Duration::seconds(5);

/// Answers of the latest seconds: how many in a second, or of how many keys.
#[derive(Clone, Default)]
pub struct Lately<const KEYS: bool> {
    history: History<u32>,
    /// When a request was answered, and what it was about.
    answered: VecDeque<(Time, u32)>,
}

fn key(request: &Shared) -> u32 {
    match request.get::<Request>() {
        Some(Request::Read { key } | Request::Write { key }) => *key,
        None => 0,
    }
}

impl<const KEYS: bool> Probe for Lately<KEYS> {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        let Some(ended) = self.history.read(record, world, key) else {
            return;
        };
        if ended.end != End::Ok {
            return;
        }
        self.answered.push_back((record.time, ended.begun.note));
        let old = |(time, _): &(Time, u32)| record.time.since(*time) > WINDOW;
        while self.answered.front().is_some_and(old) {
            self.answered.pop_front();
        }
    }
    fn value(&self, world: &World) -> Option<f64> {
        let now = world.now();
        let seconds = now.seconds().min(WINDOW.0 as f64 / 1e6);
        let lately = |(time, _): &&(Time, u32)| now.since(*time) <= WINDOW;
        let lately = self.answered.iter().rev().take_while(lately);
        if KEYS {
            let keys: BTreeSet<u32> = lately.map(|(_, key)| *key).collect();
            return Some(keys.len() as f64);
        }
        (seconds > 0.0).then(|| lately.count() as f64 / seconds)
    }
}
