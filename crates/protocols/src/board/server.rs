//! A queue and workers before it: what services and databases have. A worker that calls another box waits for
//! its answer and does nothing else meanwhile.

use faultline_sim::process::{Context, NodeId};
use faultline_sim::shared::SharedMap;
use faultline_sim::sorted::SortedMap;
use faultline_sim::time::{Duration, LocalTime};
use serde::Serialize;

use super::params::{DROP_LATE, FAULTY, LAW, LIMIT, POLICY, SERVERS, TIME};
use super::{Job, Kind, Node, Outcome, Ticket, Timer, Why, between, marks};

/// So many requests that wait are worth a word.
pub const MANY: usize = 10;

/// A request that waits, or is worked on.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Work {
    pub from: NodeId,
    pub call: u64,
    pub job: Job,
    pub came: LocalTime,
    /// How long its caller waits; 0: for ever.
    pub patience: Duration,
    /// Answers of other boxes that its worker still waits for.
    pub pending: u32,
    /// The worst of the answers so far.
    pub outcome: Outcome,
}

#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Server {
    /// By their number among those that came. A queue without a limit may grow as long as the run lasts.
    pub waiting: SharedMap<u64, Work>,
    /// Workers and what they work on.
    pub working: SortedMap<u64, Work>,
    pub next_slot: u64,
    /// How busy the workers were lately, in per cent.
    pub busy: u32,
    /// Requests that came, were left out late, or found no room.
    pub came: u64,
    pub dropped: u64,
    pub refused: u64,
    /// Requests here times microseconds, workers busy times microseconds, and until when that is counted.
    pub here: u64,
    pub worked: u64,
    pub counted: LocalTime,
    /// Whether it has said that requests pile up, since none waited.
    pub piled: bool,
    /// The last look at itself, and what `worked` was then.
    pub looked: LocalTime,
    pub worked_then: u64,
}

impl Server {
    /// Counts what was here until now.
    fn count(&mut self, now: LocalTime) {
        let length = between(self.counted, now).0;
        let working = self.working.len() as u64;
        self.here += length * (working + self.waiting.len() as u64);
        self.worked += length * working;
        self.counted = now;
    }

    pub fn look(&mut self, now: LocalTime, workers: u32) {
        self.count(now);
        let length = between(self.looked, now).0 * u64::from(workers.max(1));
        let worked = self.worked - self.worked_then;
        self.busy = (worked * 100)
            .checked_div(length)
            .map_or(0, |share| share.min(100) as u32);
        (self.looked, self.worked_then) = (now, self.worked);
    }

    /// Workers that wait for another box.
    pub fn stuck(&self) -> u32 {
        let waits = |work: &&Work| work.pending > 0;
        self.working.values().filter(waits).count() as u32
    }
}

/// How long one request takes. The mean is the same under every law.
fn work_time(cx: &mut Context<Node>) -> Duration {
    let mean = cx.param(&TIME) * 1_000.0;
    let law = cx.choice(&LAW);
    let draw = cx.rng().unit();
    let factor = match law {
        "fixed" => 1.0,
        "uniform" => 0.5 + draw,
        // Nine of ten take half of the mean, the tenth takes five and a half times the mean.
        "heavy" => {
            if draw < 0.9 {
                0.5
            } else {
                5.5
            }
        }
        _ => exponential(draw),
    };
    Duration((mean * factor) as u64)
}

/// An exponentially distributed number with mean 1, from an even one.
pub fn exponential(draw: f64) -> f64 {
    -libm::log(1.0 - draw)
}

impl Node {
    pub(super) fn take_in(
        &mut self,
        cx: &mut Context<Self>,
        from: NodeId,
        call: u64,
        job: Job,
        patience: Duration,
    ) {
        self.server.count(cx.now());
        self.server.came += 1;
        let limit = cx.count(&LIMIT);
        let full = self.server.working.len() as u32 >= cx.count(&SERVERS);
        if limit > 0 && full && self.server.waiting.len() as u32 >= limit {
            self.server.refused += 1;
            let outcome = Outcome::Failed(Why::Refused);
            self.meter.note(Duration(0), outcome);
            return self.answer(cx, from, call, outcome);
        }
        let work = Work {
            from,
            call,
            job,
            came: cx.now(),
            patience,
            pending: 0,
            outcome: Outcome::Done { version: 0 },
        };
        self.server.waiting.insert(self.server.came, work);
        self.start_work(cx);
        self.note_pile(cx);
    }

    /// Says once that many requests wait, and again only if none waited meanwhile.
    fn note_pile(&mut self, cx: &mut Context<Self>) {
        let waiting = self.server.waiting.len();
        if waiting == MANY && !self.server.piled {
            cx.mark(&marks::PILES_UP, waiting);
        }
        self.server.piled = waiting >= MANY || (self.server.piled && waiting > 0);
    }

    /// Each free worker takes the next request.
    fn start_work(&mut self, cx: &mut Context<Self>) {
        self.server.count(cx.now());
        while (self.server.working.len() as u32) < cx.count(&SERVERS) {
            let first = self.server.waiting.keys().next().copied();
            let Some(work) = first.and_then(|first| self.server.waiting.remove(&first)) else {
                return;
            };
            let late = work.patience > Duration(0) && between(work.came, cx.now()) > work.patience;
            if late && cx.switch(&DROP_LATE) {
                self.server.dropped += 1;
                continue;
            }
            let slot = self.server.next_slot;
            self.server.next_slot += 1;
            self.server.working.insert(slot, work);
            let takes = work_time(cx);
            cx.set_timer(Timer::Work { slot }, takes);
        }
    }

    /// A worker's own part is done. Its request may need other boxes.
    pub(super) fn worked(&mut self, cx: &mut Context<Self>, slot: u64) {
        let Some(work) = self.server.working.get(&slot) else {
            return;
        };
        let job = work.job;
        let faulty = cx.param(&FAULTY) / 100.0;
        if faulty > 0.0 && cx.rng().chance(faulty) {
            return self.finish(cx, slot, Outcome::Failed(Why::Faulty));
        }
        if self.kind == Kind::Database {
            let version = self.take_effect(cx, job);
            self.copy(cx, job);
            return self.finish(cx, slot, Outcome::Done { version });
        }
        let all = self.targets(cx);
        if all.is_empty() {
            let version = self.take_effect(cx, job);
            return self.finish(cx, slot, Outcome::Done { version });
        }
        let several = cx.choice(&POLICY) == "all";
        let calls: Vec<Option<NodeId>> = if several {
            all.into_iter().map(Some).collect()
        } else {
            vec![None]
        };
        if let Some(work) = self.server.working.get_mut(&slot) {
            work.pending = calls.len() as u32;
        }
        for only in calls {
            let ended = self.open_call_at(cx, job, Ticket::Worker { slot }, only);
            self.ended_maybe(cx, ended);
        }
    }

    /// One of the boxes that a worker asked has answered, or will not.
    pub(super) fn helped(&mut self, cx: &mut Context<Self>, slot: u64, outcome: Outcome) {
        let Some(work) = self.server.working.get_mut(&slot) else {
            return;
        };
        work.pending = work.pending.saturating_sub(1);
        work.outcome = match (work.outcome, outcome) {
            (Outcome::Done { version: a }, Outcome::Done { version: b }) => {
                Outcome::Done { version: a.max(b) }
            }
            (failed @ Outcome::Failed(_), _) | (_, failed) => failed,
        };
        if work.pending == 0 {
            let outcome = work.outcome;
            self.finish(cx, slot, outcome);
        }
    }

    fn finish(&mut self, cx: &mut Context<Self>, slot: u64, outcome: Outcome) {
        self.server.count(cx.now());
        let Some(work) = self.server.working.remove(&slot) else {
            return;
        };
        self.meter.note(between(work.came, cx.now()), outcome);
        self.answer(cx, work.from, work.call, outcome);
        self.start_work(cx);
    }
}
