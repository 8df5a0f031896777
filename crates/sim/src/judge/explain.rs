//! Why operations cannot be put in an order: a set of them from which none can be left out.
//!
//! **Leaving out** an operation means forgetting what is known of it: a write may then have happened at
//! any time, or never, and a read has told nothing. So what is left of a contradiction is a
//! contradiction, or none at all, and what cannot be left out is what the contradiction is made of.
//! Operations that began after the wrong answer do not count.

use super::history::{Event, Operations};
use super::operation::{Call, Ended, Op, Word};
use super::phrase;
use super::search::{Found, Search};
use super::shrink::shrink;
use crate::sorted::SortedSet;

/// Operations that contradict a promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Their numbers, in the order in which they began. None can be left out.
    pub operations: Vec<u32>,
    /// The operation whose answer cannot be.
    pub blamed: u32,
    /// The sentence that says what is wrong.
    pub reason: String,
}

/// Steps that a sentence in the middle of a run may cost.
const STEPS: u64 = 20_000;

/// Why the end of this operation made an order impossible.
pub(super) fn explain_end(history: &Operations, number: u32, budget: &mut u64) -> Option<Conflict> {
    let blamed = history.get(number)?;
    let part = Part::new(history, blamed);
    let guess = stale(history, number);
    let operations = guess.and_then(|guess| part.shrink(guess, budget));
    let operations = match operations {
        Some(operations) => operations,
        None => part.shrink(part.numbers.clone(), budget)?,
    };
    let reason = phrase::conflict(history, &operations, number);
    Some(Conflict {
        operations,
        blamed: number,
        reason,
    })
}

/// Why the end of this operation made an order impossible: a contradiction from which nothing can be left
/// out, or, if the budget does not reach, only the operation itself.
#[must_use]
pub fn explain_refuted(history: &Operations, number: u32, budget: &mut u64) -> Conflict {
    explain_end(history, number, budget).unwrap_or_else(|| Conflict {
        operations: vec![number],
        blamed: number,
        reason: phrase::unexplained(history, number),
    })
}

/// The same in one sentence, however long the history is.
pub(super) fn in_words(history: &Operations, number: u32) -> String {
    explain_refuted(history, number, &mut STEPS.clone()).reason
}

/// The usual case, guessed without a search: a value was read that something confirmed, or read, before
/// the read began had already replaced.
fn stale(history: &Operations, number: u32) -> Option<Vec<u32>> {
    let read = history.get(number)?;
    let value = read.reads()?;
    let end = read.returned()?;
    let others = || {
        let all = history.iter().enumerate();
        all.filter(move |(_, op)| op.key == read.key && op.invoked < end)
            .map(|(at, op)| (at as u32, op))
            .filter(move |(at, _)| *at != number)
    };
    if others().any(|(_, op)| matches!(op.call, Call::Append(_))) {
        return None;
    }
    let write = |op: &Op, what: Option<&Word>| op.writes().is_some() && op.writes() == what;
    let writers: Vec<(u32, &Op)> = others().filter(|(_, op)| write(op, value)).collect();
    let mut operations: Vec<u32> = writers.iter().map(|(at, _)| *at).collect();
    operations.push(number);
    operations.sort_unstable();
    // Those that failed did nothing, which is part of the contradiction.
    let had_effect = writers.iter().filter(|(_, writer)| !writer.is_void());
    let initial = history.model.initial() == value;
    if had_effect.clone().next().is_none() && !initial {
        return Some(operations);
    }
    let all_before = |op: &Op| had_effect.clone().all(|(_, writer)| writer.is_before(op));
    let confirmed = others().find(|(_, op)| {
        let other = op.writes().is_some_and(|own| Some(own) != value);
        other && op.is_before(read) && all_before(op)
    });
    if let Some((newer, _)) = confirmed {
        operations.push(newer);
        operations.sort_unstable();
        return Some(operations);
    }
    // Nobody confirmed a newer value, but somebody has read one.
    let read_before = || {
        let newer = |op: &Op| op.reads().is_some_and(|own| own != value) && op.is_before(read);
        others().filter(move |(_, op)| newer(op))
    };
    if let Some((seen, _)) = read_before().find(|(_, op)| all_before(op)) {
        operations.push(seen);
        operations.sort_unstable();
        return Some(operations);
    }
    let (seen, source) = read_before().find_map(|(at, op)| {
        let newer = op.reads().filter(|own| *own != history.model.initial())?;
        let mut sources = others().filter(|(_, op)| write(op, newer));
        let (source, own) = sources.next()?;
        let right = sources.next().is_none() && !own.is_void() && all_before(own);
        right.then_some((at, source))
    })?;
    operations.extend([seen, source]);
    operations.sort_unstable();
    operations.dedup();
    Some(operations)
}

/// The operations on one object up to an instant.
struct Part<'h> {
    history: &'h Operations,
    events: Vec<Event>,
    /// The operations that count.
    numbers: Vec<u32>,
    end: u32,
}

impl<'h> Part<'h> {
    fn new(history: &'h Operations, last: &Op) -> Self {
        let end = last
            .end
            .as_ref()
            .map_or(history.places(), |end| end.place + 1);
        let counts = |number: &u32| {
            let op = history.get(*number);
            op.is_some_and(|op| op.key == last.key && op.invoked < end)
        };
        let numbers: Vec<u32> = (0..history.len() as u32).filter(counts).collect();
        let of_part = |event: &Event| match event {
            Event::Begin(number) | Event::End(number) => numbers.binary_search(number).is_ok(),
        };
        let events = history.events().take(end as usize);
        Self {
            events: events.filter(of_part).collect(),
            history,
            numbers,
            end,
        }
    }

    /// Leaves out of these as much as possible.
    fn shrink(&self, from: Vec<u32>, budget: &mut u64) -> Option<Vec<u32>> {
        shrink(from, |kept| self.order(kept, budget))
    }

    /// Whether there is an order if only these operations count.
    fn order(&self, kept: &SortedSet<u32>, budget: &mut u64) -> Found {
        let of = |number: u32| self.history.get(number);
        let mut search = Search::new(&self.history.model);
        for number in self.useful(kept) {
            if let Some(op) = of(number) {
                search.begin(number, op.process, &op.call);
                search.end(number, &Ended::Unknown);
            }
        }
        for event in &self.events {
            let (Event::Begin(number) | Event::End(number)) = *event;
            let Some(op) = of(number).filter(|_| kept.contains(&number)) else {
                continue;
            };
            match (event, &op.end) {
                (Event::End(_), Some(end)) => search.end(number, &end.ended),
                _ => search.begin(number, op.process, &op.call),
            }
            match search.settle(budget) {
                Found::Order => {}
                found => return found,
            }
        }
        Found::Order
    }

    /// Operations left out that may still have an effect that somebody has seen.
    fn useful(&self, kept: &SortedSet<u32>) -> Vec<u32> {
        let left = |number: &&u32| !kept.contains(*number);
        let left = self.numbers.iter().filter(left);
        let ops = left.filter_map(|number| Some((*number, self.history.get(*number)?)));
        let ops: Vec<(u32, &Op)> = ops.filter(|(_, op)| op.call != Call::Read).collect();
        let all = self
            .numbers
            .iter()
            .filter_map(|number| self.history.get(*number));
        let plain = |op: &Op| op.writes().is_some() || op.call == Call::Read;
        if !all.clone().all(plain) {
            return ops.into_iter().map(|(number, _)| number).collect();
        }
        // Plain writes count only if their value is looked for.
        let mut wanted: SortedSet<Word> = SortedSet::default();
        for number in kept {
            let Some(op) = self.history.get(*number).filter(|op| op.invoked < self.end) else {
                continue;
            };
            wanted.extend(op.looks_for().cloned());
        }
        let mut useful = Vec::new();
        loop {
            let before = useful.len();
            for (number, op) in &ops {
                let is = op.writes().is_some_and(|value| wanted.contains(value));
                if is && !useful.contains(number) {
                    useful.push(*number);
                    if let Call::CompareAndSet { old: Some(old), .. } = &op.call {
                        wanted.insert(old.clone());
                    }
                }
            }
            if useful.len() == before {
                return useful;
            }
        }
    }
}
