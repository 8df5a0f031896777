//! The side that calls: time-outs, new tries, a budget for them, hedged calls, a bulkhead, a breaker. Each is
//! a decision of who calls; the box that is called knows nothing of it.

use faultline_sim::process::{Context, NodeId};
use faultline_sim::sorted::{SortedMap, SortedSet};
use faultline_sim::time::{Duration, LocalTime};
use serde::Serialize;

use super::breaker::Breaker;
use super::choose::Chooser;
use super::params::{
    BACKOFF, BREAKER, BUDGET, BULKHEAD, HEDGE, PATIENCE, POLICY, RESET, RETRIES, SPREAD, THRESHOLD,
    TO, WEIGHT,
};
use super::{Job, Kind, Message, Node, Outcome, Ticket, Timer, Why, between, marks};

/// Hundredths of a new try that a caller may save up.
const MOST_SAVED: u32 = 1_000;

/// A call that has not ended.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Called {
    pub job: Job,
    pub ticket: Ticket,
    /// How often it was tried.
    pub tries: u32,
    /// The boxes that have not answered yet.
    pub waits_for: SortedSet<NodeId>,
    /// The box that it must go to, if the caller has no choice.
    pub only: Option<NodeId>,
    pub since: LocalTime,
}

/// All calls of a box. The number of the next one is on disk, so that an old answer finds no new call.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Caller {
    pub next: u64,
    pub open: SortedMap<u64, Called>,
    pub chooser: Chooser,
    pub breaker: Breaker,
    /// Hundredths of a new try that it has saved up, where they have a budget.
    pub saved: u32,
    /// All tries, first ones and new ones.
    pub tries: u64,
    pub first_tries: u64,
}

impl Caller {
    pub fn recover(&self) -> Self {
        Self {
            next: self.next,
            tries: self.tries,
            first_tries: self.first_tries,
            ..Self::default()
        }
    }
}

/// A call that has ended, and how.
type Ended = Option<(Called, Outcome)>;

impl Node {
    /// Opens a call to one of the boxes that this one calls. It may end at once.
    pub(super) fn open_call(&mut self, cx: &mut Context<Self>, job: Job, ticket: Ticket) -> Ended {
        self.open_call_at(cx, job, ticket, None)
    }

    /// The same, at a certain box.
    pub(super) fn open_call_at(
        &mut self,
        cx: &mut Context<Self>,
        job: Job,
        ticket: Ticket,
        only: Option<NodeId>,
    ) -> Ended {
        let called = Called {
            job,
            ticket,
            tries: 0,
            waits_for: SortedSet::new(),
            only,
            since: cx.now(),
        };
        let most = cx.count(&BULKHEAD);
        if most > 0 && self.caller.open.len() as u32 >= most {
            return Some((called, Outcome::Failed(Why::Refused)));
        }
        let call = self.caller.next;
        self.caller.next += 1;
        self.caller.first_tries += 1;
        self.caller.saved = (self.caller.saved + cx.count(&BUDGET)).min(MOST_SAVED);
        self.caller.open.insert(call, called);
        self.attempt(cx, call)
    }

    /// The first try, or another one.
    pub(super) fn attempt(&mut self, cx: &mut Context<Self>, call: u64) -> Ended {
        if self.has_breaker(cx) && !self.caller.breaker.lets(cx.now(), cx.duration(&RESET)) {
            return self.close(cx, call, Outcome::Failed(Why::Open));
        }
        let Some(to) = self.target(cx, call, None) else {
            return self.close(cx, call, Outcome::Failed(Why::Nowhere));
        };
        let called = self.caller.open.get_mut(&call)?;
        called.tries += 1;
        let tries = called.tries;
        self.send_call(cx, call, to);
        let patience = cx.duration(&PATIENCE);
        if patience > Duration(0) {
            cx.set_timer(Timer::TimeOut { call, tries }, patience);
        }
        let hedge = cx.duration(&HEDGE);
        if hedge > Duration(0) {
            cx.set_timer(Timer::Hedge { call }, hedge);
        }
        None
    }

    /// Whether a breaker stands before this box's calls.
    pub(super) fn has_breaker(&self, cx: &Context<Self>) -> bool {
        self.kind == Kind::Breaker || cx.switch(&BREAKER)
    }

    fn target(&mut self, cx: &mut Context<Self>, call: u64, but: Option<NodeId>) -> Option<NodeId> {
        let called = self.caller.open.get(&call)?;
        if called.only.is_some() {
            return called.only;
        }
        let mut among: Vec<NodeId> = self.targets(cx);
        among.retain(|id| Some(*id) != but);
        let key = called.job.key;
        let policy = cx.choice(&POLICY);
        let weights: Vec<(NodeId, u32)> = if policy == "weighted" {
            let weight = |id: &NodeId| (*id, cx.settings().of_node(*id).count(&WEIGHT));
            among.iter().map(weight).collect()
        } else {
            Vec::new()
        };
        let weight = |id: NodeId| {
            let found = weights.iter().find(|(other, _)| *other == id);
            found.map_or(1, |(_, weight)| *weight)
        };
        self.caller
            .chooser
            .choose(policy, &among, key, weight, cx.rng())
    }

    /// The boxes that it may call now: a balancer may be told to use only the first ones.
    pub(super) fn targets(&self, cx: &Context<Self>) -> Vec<NodeId> {
        let mut all = cx.nodes(&TO).to_vec();
        if self.kind == Kind::Balancer && self.balancer.limit > 0 {
            all.truncate(self.balancer.limit as usize);
        }
        all
    }

    fn send_call(&mut self, cx: &mut Context<Self>, call: u64, to: NodeId) {
        let Some(called) = self.caller.open.get_mut(&call) else {
            return;
        };
        called.waits_for.insert(to);
        self.caller.chooser.opened(to);
        self.caller.tries += 1;
        let (job, patience) = (called.job, cx.duration(&PATIENCE));
        let message = Message::Call {
            call,
            job,
            patience,
        };
        cx.send(to, message);
    }

    /// No answer yet: another box is asked, too, and the first answer counts.
    pub(super) fn hedge(&mut self, cx: &mut Context<Self>, call: u64) {
        let Some(asked) = self.caller.open.get(&call) else {
            return;
        };
        let first = asked.waits_for.first().copied();
        if let Some(to) = self.target(cx, call, first)
            && first.is_some_and(|first| first != to)
        {
            self.send_call(cx, call, to);
        }
    }

    /// An answer. Those that come too late find no call.
    pub(super) fn answered(
        &mut self,
        cx: &mut Context<Self>,
        from: NodeId,
        call: u64,
        outcome: Outcome,
    ) -> Ended {
        let called = self.caller.open.get_mut(&call)?;
        if called.waits_for.remove(&from) {
            self.caller.chooser.closed(from);
        }
        match outcome {
            Outcome::Done { .. } => {
                self.caller.breaker.succeeded();
                self.close(cx, call, outcome)
            }
            Outcome::Failed(why) => self.try_again(cx, call, why),
        }
    }

    pub(super) fn timed_out(&mut self, cx: &mut Context<Self>, call: u64, tries: u32) -> Ended {
        let called = self.caller.open.get_mut(&call)?;
        if called.tries != tries {
            return None;
        }
        for id in &std::mem::take(&mut called.waits_for) {
            self.caller.chooser.closed(*id);
        }
        self.try_again(cx, call, Why::TimedOut)
    }

    /// A try has failed.
    fn try_again(&mut self, cx: &mut Context<Self>, call: u64, why: Why) -> Ended {
        let has_breaker = self.has_breaker(cx);
        let breaker = &mut self.caller.breaker;
        let threshold = cx.count(&THRESHOLD);
        // A trial opens it again by itself.
        let failures = if breaker.since.is_some() {
            1
        } else {
            threshold
        };
        if has_breaker && breaker.failed(cx.now(), threshold) {
            cx.mark(&marks::OPENS, failures);
        }
        let called = self.caller.open.get_mut(&call)?;
        let tries = called.tries;
        cx.cancel_timer(&Timer::TimeOut { call, tries });
        if tries > cx.count(&RETRIES) || !self.may_retry(cx) {
            return self.close(cx, call, Outcome::Failed(why));
        }
        let wait = backoff(cx, tries);
        if wait == Duration(0) {
            return self.attempt(cx, call);
        }
        cx.set_timer(Timer::Again { call }, wait);
        None
    }

    /// Whether the budget has a new try left.
    fn may_retry(&mut self, cx: &Context<Self>) -> bool {
        if cx.count(&BUDGET) == 0 {
            return true;
        }
        let pays = self.caller.saved >= 100;
        if pays {
            self.caller.saved -= 100;
        }
        pays
    }

    fn close(&mut self, cx: &mut Context<Self>, call: u64, outcome: Outcome) -> Ended {
        let called = self.caller.open.remove(&call)?;
        for id in &called.waits_for {
            self.caller.chooser.closed(*id);
        }
        let tries = called.tries;
        cx.cancel_timer(&Timer::TimeOut { call, tries });
        cx.cancel_timer(&Timer::Hedge { call });
        if !matches!(self.kind, Kind::Service | Kind::Database) {
            self.meter.note(between(called.since, cx.now()), outcome);
        }
        Some((called, outcome))
    }
}

/// Twice as long each time, and shorter by a random share.
fn backoff(cx: &mut Context<Node>, tries: u32) -> Duration {
    let wait = cx.duration(&BACKOFF).0 << (tries - 1).min(16);
    let share = cx.param(&SPREAD) / 100.0 * cx.rng().unit();
    Duration(wait - (wait as f64 * share) as u64)
}
