//! Where two runs part: the first record that differs in time, node or content. Its number and the
//! numbers of causes do not count: they only say what came before.
//!
//! Traces carry a hash of all that lies before each segment, so what two runs share is not read
//! again: a fork far behind costs as little as an early one, and dropped segments need no replay.

use std::hash::{Hash, Hasher};

use super::Timeline;
use crate::command::Command;
use crate::event::{Event, Record, SEGMENT, Trace};
use crate::hash::StableHasher;
use crate::process::NodeId;
use crate::time::Time;

/// Records that are made again at once where they were dropped.
const WINDOW: u64 = 256;

/// The first place where two runs are not the same.
#[derive(Clone, Debug)]
pub struct Difference {
    /// The number of the record in both runs.
    pub seq: u64,
    /// When it happened; the earlier one of two.
    pub time: Time,
    /// The first run's record; none if nothing more happened there so far.
    pub first: Option<Record>,
    /// The second run's.
    pub second: Option<Record>,
}

impl Difference {
    /// The node it is about, if it is about one: that of a command where only one run was acted on,
    /// else that of the record that came earlier.
    #[must_use]
    pub fn node(&self) -> Option<NodeId> {
        let both = [self.first.as_ref(), self.second.as_ref()];
        let mut both = both.into_iter().flatten();
        let acted = both.clone().find_map(|record| match &record.event {
            Event::Faulted { command, .. } => Some(only(command)),
            _ => None,
        });
        if let Some(named) = acted {
            return named;
        }
        let early = both.clone().find(|record| record.time == self.time);
        early
            .and_then(|record| record.node)
            .or_else(|| both.find_map(|record| record.node))
    }
}

/// The node that a command names, if it names one alone.
fn only(command: &Command) -> Option<NodeId> {
    match command.nodes().as_slice() {
        [node] => Some(*node),
        _ => None,
    }
}

/// Looks for the first difference of two runs, as far as both have gone, and looks on from there
/// when they go on.
#[derive(Clone, Debug, Default)]
pub struct Differ {
    /// So many records of both are the same.
    same: u64,
    /// How often each run had lost a future when this was found.
    cuts: (u32, u32),
    found: Option<Difference>,
}

impl Differ {
    /// How many records are known to be the same.
    #[must_use]
    pub fn same(&self) -> u64 {
        self.same
    }

    /// The first difference, if there is one up to where both runs have gone. Reads at most about
    /// `budget` records; with more to read, none is found yet, and the next call reads on.
    pub fn look(
        &mut self,
        first: &mut Timeline,
        second: &mut Timeline,
        budget: u64,
    ) -> Option<&Difference> {
        let cuts = (first.cuts, second.cuts);
        if self.cuts != cuts {
            *self = Self {
                cuts,
                ..Self::default()
            };
        }
        if self.found.is_none() {
            self.skip(first.trace(), second.trace());
            self.found = self.read(first, second, budget);
        }
        self.found.as_ref()
    }

    /// Leaves out whole segments that are the same. Hashes cover all that came before, so halving
    /// finds the last pair that agrees.
    fn skip(&mut self, first: &Trace, second: &Trace) {
        let shared = first.len().min(second.len());
        let segment = SEGMENT as u64;
        let (mut low, mut high) = (self.same / segment, shared / segment);
        let agree = |at: u64| first.hash_at(at * segment) == second.hash_at(at * segment);
        while low < high {
            let middle = low + (high - low).div_ceil(2);
            if agree(middle) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        self.same = self.same.max(low * segment);
    }

    fn read(
        &mut self,
        first: &mut Timeline,
        second: &mut Timeline,
        budget: u64,
    ) -> Option<Difference> {
        let shared = first.trace().len().min(second.trace().len());
        let end = shared.min(self.same.saturating_add(budget));
        while self.same < end {
            let (from, to) = (self.same + 1, (self.same + WINDOW).min(end));
            let kept = |run: &Timeline| from >= run.trace().first_kept();
            let differs = if kept(first) && kept(second) {
                (from..=to).find(|seq| {
                    let (one, other) = (first.trace().get(*seq), second.trace().get(*seq));
                    content(one) != content(other)
                })
            } else {
                let (one, other) = (first.window(from, to), second.window(from, to));
                let pairs = one.iter().zip(&other);
                let same = pairs.take_while(|(a, b)| content(Some(a)) == content(Some(b)));
                let count = same.count() as u64;
                (count < to - from + 1).then_some(from + count)
            };
            if let Some(seq) = differs {
                self.same = seq - 1;
                return Some(difference(first, second, seq));
            }
            self.same = to;
        }
        if self.same < shared {
            return None;
        }
        // One run goes on where the other is known to have nothing.
        let seq = shared + 1;
        let found = difference(first, second, seq);
        let ended = match (&found.first, &found.second) {
            (Some(more), None) => second.edge() > more.time,
            (None, Some(more)) => first.edge() > more.time,
            _ => false,
        };
        ended.then_some(found)
    }
}

/// What counts of a record, as a hash: when, where, what.
fn content(record: Option<&Record>) -> u64 {
    let mut hasher = StableHasher::from_hash(0);
    if let Some(record) = record {
        (record.time, record.node).hash(&mut hasher);
        record.event.hash(&mut hasher);
    }
    hasher.finish()
}

fn difference(first: &mut Timeline, second: &mut Timeline, seq: u64) -> Difference {
    let first = first.window(seq, seq).pop();
    let second = second.window(seq, seq).pop();
    let times = first.iter().chain(&second).map(|record| record.time);
    Difference {
        seq,
        time: times.min().unwrap_or_default(),
        first,
        second,
    }
}
