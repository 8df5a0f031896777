//! A verdict within a number of seconds.
#![allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "a person waits for the verdict in real time; the check itself counts steps"
)]

use std::rc::Rc;
use std::time::{Duration, Instant};

use faultline_sim::judge::{
    Conflict, Found, HistoryCheck, Operations, explain_refuted, sequential,
};

/// Steps between two looks at the clock, at most.
const STEPS: u64 = 2_000;
/// Operations that are looked at meanwhile, if each step looks at all of them.
const LOOKS: u64 = 10_000_000;
/// Steps of a first try to explain a verdict, or to find a weaker promise that is kept.
const FIRST_TRY: u64 = 20_000;
/// The share of the budget that each of these may use.
const SHARE: f64 = 0.05;

/// What was found in time.
pub struct Verdict {
    /// None if it was not decided.
    pub linearizable: Option<bool>,
    /// None if it was not decided.
    pub sequential: Option<bool>,
    /// The object that is not linearizable.
    pub key: Option<Rc<str>>,
    /// Steps of the check for linearizability.
    pub steps: u64,
    /// Seconds that it was given.
    pub budget: f64,
    conflict: Option<Conflict>,
    /// It was the memory that did not suffice.
    full: bool,
}

impl Verdict {
    /// Checks a history.
    pub fn of(history: &Operations, budget: f64) -> Self {
        let until = Instant::now() + Duration::from_secs_f64(budget);
        let steps = (LOOKS / history.len().max(1) as u64).clamp(1, STEPS);
        let mut check = HistoryCheck::new(history);
        let (found, full) = loop {
            let mut left = steps;
            let found = check.advance(&mut left);
            let full = found == Found::Undecided && left > 0;
            if found != Found::Undecided || full || Instant::now() >= until {
                break (found, full);
            }
        };
        let key = check.refuted().cloned();
        let share = Duration::from_secs_f64(budget * SHARE);
        let blamed = check.objects().find_map(|(_, object)| object.blamed());
        let conflict = blamed.map(|blamed| {
            let explained = |left: &mut u64| {
                let conflict = explain_refuted(history, blamed, left);
                (*left > 0).then_some(conflict)
            };
            in_time(share, explained).unwrap_or_else(|| explain_refuted(history, blamed, &mut 0))
        });
        let linearizable = decided(found);
        Self {
            sequential: match linearizable {
                Some(false) => in_time(share, |left| decided(sequential(history, left))),
                // A linearizable history is sequentially consistent, too.
                other => other,
            },
            linearizable,
            key,
            steps: check.steps(),
            budget,
            conflict,
            full,
        }
    }

    /// Why it is not linearizable, or not decided.
    pub fn reason(&self) -> Option<String> {
        match (self.linearizable, &self.conflict) {
            (Some(true), _) => None,
            (_, Some(conflict)) => Some(conflict.reason.clone()),
            (_, None) if self.full => Some("The check needs too much memory.".into()),
            (_, None) => Some("The time was up before it was decided.".into()),
        }
    }

    /// The numbers of the operations that contradict each other.
    pub fn operations(&self) -> &[u32] {
        let conflict = self.conflict.as_ref();
        conflict.map_or(&[], |conflict| &conflict.operations)
    }
}

fn decided(found: Found) -> Option<bool> {
    match found {
        Found::Order => Some(true),
        Found::None => Some(false),
        Found::Undecided => None,
    }
}

/// Tries with more and more steps, until there is an answer or the next try would take too long.
fn in_time<T>(share: Duration, mut attempt: impl FnMut(&mut u64) -> Option<T>) -> Option<T> {
    let start = Instant::now();
    let mut steps = FIRST_TRY;
    loop {
        let mut left = steps;
        let answer = attempt(&mut left);
        // All tries so far have taken as long together as this one twice, and the next one twice that.
        if answer.is_some() || left > 0 || start.elapsed() * 2 > share {
            return answer;
        }
        steps *= 2;
    }
}
