//! An event queue: accepts work at once, and hands it to consumers as they can take it. At least once, an
//! event stays until its consumer has acknowledged it, and is handed on again if that takes too long; at
//! most once, it is gone when it has been handed on.

use faultline_sim::process::{Context, NodeId};
use faultline_sim::shared::SharedMap;
use faultline_sim::sorted::SortedMap;
use faultline_sim::time::Duration;
use serde::Serialize;

use super::params::{AT_ONCE, ATTEMPTS, DELIVERY, LIMIT, REDELIVER, SHARE, TO};
use super::{Job, Message, Node, Outcome, Timer, Why, between, marks};

/// An event for one consumer, or for any.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Event {
    pub job: Job,
    pub came: faultline_sim::time::LocalTime,
    /// Who must get it, if each consumer gets every event.
    pub only: Option<NodeId>,
    /// How often it was handed on.
    pub attempts: u32,
}

/// An event that a consumer has.
#[derive(Clone, Copy, Debug, Hash, Serialize)]
pub struct Handed {
    pub to: NodeId,
    pub since: faultline_sim::time::LocalTime,
}

#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Events {
    // On disk.
    pub next: u64,
    pub kept: SharedMap<u64, Event>,
    /// Events that nobody could handle.
    pub aside: u64,
    /// Events that came, one for each consumer that must get it, and those that are done.
    pub accepted: u64,
    pub done: u64,
    // Lost in a crash.
    /// Who has which event.
    pub handed: SortedMap<u64, Handed>,
}

impl Events {
    /// Without the rule, events are only in memory.
    pub fn recover(&self, keeps: bool) -> Self {
        let kept = if keeps {
            self.kept.clone()
        } else {
            SharedMap::default()
        };
        Self {
            handed: SortedMap::new(),
            kept,
            ..self.clone()
        }
    }

    /// Events that are not acknowledged yet.
    pub fn len(&self) -> u64 {
        self.kept.len() as u64
    }
}

impl Node {
    /// Its caller has the answer at once: the event is safe here.
    pub(super) fn accept(&mut self, cx: &mut Context<Self>, from: NodeId, call: u64, job: Job) {
        let limit = u64::from(cx.count(&LIMIT));
        if limit > 0 && self.events.len() >= limit {
            return self.answer(cx, from, call, Outcome::Failed(Why::Refused));
        }
        // A producer that asks again has been heard before.
        if !self.seen.has(job) {
            self.seen.add(job);
            let each = cx.choice(&SHARE) == "every-consumer";
            let consumers: Vec<Option<NodeId>> = if each {
                cx.nodes(&TO).iter().copied().map(Some).collect()
            } else {
                vec![None]
            };
            for only in consumers {
                let number = self.events.next;
                self.events.next += 1;
                let event = Event {
                    job,
                    came: cx.now(),
                    only,
                    attempts: 0,
                };
                self.events.kept.insert(number, event);
                self.events.accepted += 1;
            }
            cx.write();
        }
        self.answer(cx, from, call, Outcome::Done { version: 0 });
        self.hand_on(cx);
    }

    /// Hands on what consumers can take now, the oldest first.
    pub(super) fn hand_on(&mut self, cx: &mut Context<Self>) {
        let consumers = cx.nodes(&TO).to_vec();
        let each = cx.count(&AT_ONCE);
        for consumer in consumers {
            let has = self.events.handed.values();
            let has = has.filter(|handed| handed.to == consumer).count() as u32;
            for _ in has..each {
                let free = |(number, event): &(&u64, &Event)| {
                    !self.events.handed.contains_key(*number)
                        && event.only.is_none_or(|only| only == consumer)
                };
                let Some((number, event)) = self.events.kept.iter().find(free) else {
                    break;
                };
                let (number, job, came) = (*number, event.job, event.came);
                self.hand_to(cx, consumer, number, job, between(came, cx.now()));
            }
        }
    }

    fn hand_to(
        &mut self,
        cx: &mut Context<Self>,
        to: NodeId,
        number: u64,
        job: Job,
        waited: Duration,
    ) {
        let since = cx.now();
        self.events.handed.insert(number, Handed { to, since });
        self.meter.note(waited, Outcome::Done { version: 0 });
        if let Some(mut event) = self.events.kept.get(&number).cloned() {
            event.attempts += 1;
            if event.attempts > 1 {
                cx.mark(&marks::REDELIVERS, (number + 1, event.attempts));
            }
            self.events.kept.insert(number, event);
        }
        if cx.choice(&DELIVERY) == "at-most-once" {
            self.events.kept.remove(&number);
        }
        let patience = cx.duration(&REDELIVER);
        let call = number;
        cx.send(
            to,
            Message::Call {
                call,
                job,
                patience,
            },
        );
        cx.set_timer(Timer::Redeliver { number }, patience);
    }

    /// A consumer has done the work, or could not. Handed on at most once, an event is no longer kept then.
    pub(super) fn acknowledged(&mut self, cx: &mut Context<Self>, number: u64, outcome: Outcome) {
        cx.cancel_timer(&Timer::Redeliver { number });
        let done = matches!(outcome, Outcome::Done { .. });
        let once = cx.choice(&DELIVERY) == "at-most-once";
        if done && (self.events.kept.remove(&number).is_some() || once) {
            self.events.done += 1;
            cx.write();
        }
        self.give_back(cx, number);
    }

    /// An event has no consumer any more: the next one gets it, or nobody after too many attempts.
    pub(super) fn give_back(&mut self, cx: &mut Context<Self>, number: u64) {
        self.events.handed.remove(&number);
        let most = cx.count(&ATTEMPTS);
        let tried = |event: &Event| most > 0 && event.attempts >= most;
        if self.events.kept.get(&number).is_some_and(tried) {
            self.events.kept.remove(&number);
            self.events.aside += 1;
            cx.mark(&marks::SETS_ASIDE, (number + 1, most));
            cx.write();
        }
        self.hand_on(cx);
    }
}
