//! A cache keeps answers. What it does not have it asks for, once or once for each reader.

use faultline_sim::process::{Context, NodeId};
use faultline_sim::sorted::{SortedMap, SortedSet};
use faultline_sim::time::Duration;
use serde::Serialize;

use super::evict::Places;
use super::params::{AGE, EVICT, ONE_FILL, PLACES, WRITING};
use super::{Job, Node, Outcome, Ticket, Timer, between, marks};

/// How long written values are gathered before they are written behind the cache.
const GATHER: Duration = Duration::millis(1_000);

#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Cache {
    pub places: Places,
    /// Readers that wait for a key: for whom, and which call.
    pub readers: SortedMap<u32, Vec<(NodeId, u64)>>,
    /// Writes that only this cache has.
    pub unwritten: Vec<Job>,
    pub gathering: bool,
    /// Keys that were written while they were being fetched: what comes is old.
    pub outdated: SortedSet<u32>,
    pub hits: u64,
    pub misses: u64,
}

impl Node {
    pub(super) fn look_up(&mut self, cx: &mut Context<Self>, from: NodeId, call: u64, job: Job) {
        if job.write {
            return self.write_past(cx, from, call, job);
        }
        let age = cx.duration(&AGE);
        let policy = cx.choice(&EVICT);
        let fresh =
            |kept: &super::evict::Kept| age == Duration(0) || between(kept.since, cx.now()) <= age;
        let found = self.cache.places.kept.get(&job.key).copied();
        if let Some(kept) = found.filter(fresh) {
            self.cache.hits += 1;
            self.cache.places.used(job.key, policy);
            let version = kept.version;
            self.meter.note(Duration(0), Outcome::Done { version });
            return self.answer(cx, from, call, Outcome::Done { version });
        }
        self.cache.misses += 1;
        self.cache.places.remove(job.key);
        let readers = self.cache.readers.entry(job.key).or_default();
        let asked = !readers.is_empty();
        readers.push((from, call));
        if asked && cx.switch(&ONE_FILL) {
            return;
        }
        self.call(cx, job, Ticket::Fill);
    }

    /// What was missing has come, or will not.
    pub(super) fn filled(&mut self, cx: &mut Context<Self>, job: Job, outcome: Outcome) {
        let old = self.cache.outdated.remove(&job.key);
        if let Outcome::Done { version } = outcome
            && !job.write
            && !old
        {
            self.keep(cx, job.key, version);
        }
        for (from, call) in self.cache.readers.remove(&job.key).unwrap_or_default() {
            self.answer(cx, from, call, outcome);
        }
    }

    fn keep(&mut self, cx: &Context<Self>, key: u32, version: u64) {
        let newer = |kept: &super::evict::Kept| kept.version > version;
        if self.cache.places.kept.get(&key).is_some_and(newer) {
            return;
        }
        let (places, policy) = (cx.count(&PLACES), cx.choice(&EVICT));
        self.cache
            .places
            .keep(key, version, cx.now(), places, policy);
    }

    /// A write goes past the cache: through it to the box behind, around it, or back to its caller before
    /// the box behind knows.
    fn write_past(&mut self, cx: &mut Context<Self>, from: NodeId, call: u64, job: Job) {
        if cx.choice(&WRITING) != "back" {
            // Whatever comes of it, the old value is no longer right.
            self.cache.places.remove(job.key);
            return self.call(cx, job, Ticket::For { from, call });
        }
        let kept = self.cache.places.kept.get(&job.key);
        let version = kept.map_or(1, |kept| kept.version + 1);
        self.keep(cx, job.key, version);
        self.cache.unwritten.push(job);
        self.answer(cx, from, call, Outcome::Done { version });
        self.flush_in_time(cx);
    }

    /// The box behind has written, or not. What readers are fetching meanwhile may be older.
    pub(super) fn wrote(&mut self, cx: &Context<Self>, job: Job, outcome: Outcome) {
        if self.cache.readers.contains_key(&job.key) {
            self.cache.outdated.insert(job.key);
        }
        match outcome {
            Outcome::Done { version } if cx.choice(&WRITING) == "through" => {
                self.keep(cx, job.key, version);
            }
            _ => {
                self.cache.places.remove(job.key);
            }
        }
    }

    pub(super) fn flush_in_time(&mut self, cx: &mut Context<Self>) {
        if !self.cache.unwritten.is_empty() && !self.cache.gathering {
            self.cache.gathering = true;
            cx.set_timer(Timer::Flush, GATHER);
        }
    }

    pub(super) fn flush(&mut self, cx: &mut Context<Self>) {
        self.cache.gathering = false;
        let jobs = std::mem::take(&mut self.cache.unwritten);
        cx.mark(&marks::FLUSHES, jobs.len());
        for job in jobs {
            self.call(cx, job, Ticket::Later);
        }
    }
}
