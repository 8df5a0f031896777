//! Causal consistency: each process sees all writes in some order that respects causes, together with
//! its own reads (Ahamad and others, "Causal memory: definitions, implementation, and programming", 1995).
//!
//! If no value is written twice, every read names its write, and the contradictions are a handful of
//! patterns (Bouajjani and others, "On verifying causal consistency", 2017): for each process, a write
//! that must come before one of its reads, and is not the write that was read, must come before that
//! one. A cycle of such obligations is a contradiction.

use super::history::Operations;
use super::operation::{Model, Op, Word};
use super::search::Found;
use crate::sorted::{SortedMap, SortedSet};

/// The verdict on a whole history, over all its objects together. Where a value was written twice and
/// read, a history without a contradiction is not decided.
#[must_use]
pub fn causal(history: &Operations, budget: &mut u64) -> Found {
    causal_of(history, |_| true, budget)
}

/// The verdict if only these operations count.
pub(super) fn causal_of(
    history: &Operations,
    counts: impl Fn(u32) -> bool,
    budget: &mut u64,
) -> Found {
    if !matches!(history.model, Model::Store { .. }) {
        return Found::Undecided;
    }
    match Causes::new(history, counts) {
        Err(()) => Found::None,
        Ok(mut causes) => causes.judge(budget),
    }
}

/// A set of operations.
type Bits = Vec<u64>;

fn has(bits: &Bits, at: usize) -> bool {
    bits[at / 64] >> (at % 64) & 1 == 1
}

fn add(bits: &mut Bits, at: usize) {
    bits[at / 64] |= 1 << (at % 64);
}

fn unite(bits: &mut Bits, other: &Bits) {
    bits.iter_mut()
        .zip(other)
        .for_each(|(own, other)| *own |= other);
}

/// Who a read has its value from.
#[derive(Clone, Copy, PartialEq)]
enum Source {
    Initial,
    Write(usize),
    /// Several operations wrote it.
    Unclear,
}

struct Item<'h> {
    op: &'h Op,
    counts: bool,
    source: Option<Source>,
}

impl Item<'_> {
    fn writes(&self) -> Option<&Word> {
        self.op.writes()
    }
}

struct Causes<'h> {
    items: Vec<Item<'h>>,
    /// By operation: its causes.
    causes: Vec<Bits>,
    unclear: bool,
}

impl<'h> Causes<'h> {
    /// Finds where each read has its value from, and what caused what. An error: some read has a value
    /// from nowhere, or something is its own cause.
    fn new(history: &'h Operations, counts: impl Fn(u32) -> bool) -> Result<Self, ()> {
        let mut items = Vec::new();
        for (number, op) in history.iter().enumerate() {
            let counts = counts(number as u32);
            if op.is_void() && counts || !counts && op.writes().is_none() {
                continue;
            }
            items.push(Item {
                op,
                counts,
                source: None,
            });
        }
        let mut writers: SortedMap<(&Word, &Word), Vec<usize>> = SortedMap::new();
        for (at, item) in items.iter().enumerate() {
            if let Some(value) = item.writes() {
                writers.entry((&item.op.key, value)).or_default().push(at);
            }
        }
        let mut unclear = false;
        let mut sources = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let Some(value) = item.op.reads().filter(|_| item.counts) else {
                sources.push(None);
                continue;
            };
            let own = value.and_then(|value| writers.get(&(&item.op.key, value)));
            let own: &[usize] = own.map_or(&[], Vec::as_slice);
            let others: Vec<usize> = own.iter().copied().filter(|own| *own != at).collect();
            let source = match (others.as_slice(), value == history.model.initial()) {
                ([], true) => Source::Initial,
                ([], false) => return Err(()),
                ([only], false) => Source::Write(*only),
                _ => Source::Unclear,
            };
            unclear |= source == Source::Unclear;
            sources.push(Some(source));
        }
        for (item, source) in items.iter_mut().zip(sources) {
            item.source = source;
        }
        let causes = close(&items)?;
        Ok(Self {
            items,
            causes,
            unclear,
        })
    }

    fn judge(&mut self, budget: &mut u64) -> Found {
        let counted = self.items.iter().filter(|item| item.counts);
        let processes: SortedSet<u32> = counted.map(|item| item.op.process).collect();
        for process in processes.iter().copied() {
            match self.judge_for(process, budget) {
                Found::Order => {}
                found => return found,
            }
        }
        if self.unclear {
            Found::Undecided
        } else {
            Found::Order
        }
    }

    /// Whether one process can have seen the writes in some order.
    fn judge_for(&self, process: u32, budget: &mut u64) -> Found {
        let is_own = |item: &Item| item.counts && item.op.process == process;
        let words = self.causes.first().map_or(0, Vec::len);
        // What it can have seen: its own operations, and all their causes.
        let mut seen = vec![0; words];
        for (at, item) in self.items.iter().enumerate() {
            if is_own(item) {
                add(&mut seen, at);
                unite(&mut seen, &self.causes[at]);
            }
        }
        let all: Vec<usize> = (0..self.items.len()).filter(|at| has(&seen, *at)).collect();
        let mut before = self.causes.clone();
        let reads = all.iter().copied().filter(|at| is_own(&self.items[*at]));
        let reads: Vec<usize> = reads
            .filter(|at| self.items[*at].source.is_some())
            .collect();
        loop {
            let mut changed = false;
            for read in &reads {
                let source = match self.items[*read].source {
                    Some(Source::Initial) => None,
                    Some(Source::Write(write)) => Some(write),
                    _ => continue,
                };
                let key = &self.items[*read].op.key;
                for other in &all {
                    let item = &self.items[*other];
                    let writes = item.op.key == *key && item.writes().is_some();
                    if !writes || other == read || Some(*other) == source {
                        continue;
                    }
                    if !has(&before[*read], *other) {
                        continue;
                    }
                    let Some(source) = source else {
                        return Found::None;
                    };
                    if has(&before[source], *other) {
                        continue;
                    }
                    if has(&before[*other], source) {
                        return Found::None;
                    }
                    let cost = (all.len() * words.max(1)) as u64;
                    if *budget < cost {
                        return Found::Undecided;
                    }
                    *budget -= cost;
                    oblige(&mut before, &all, *other, source);
                    changed = true;
                }
            }
            if !changed {
                return Found::Order;
            }
        }
    }
}

/// One operation must come before another, and so must all before it.
fn oblige(before: &mut [Bits], all: &[usize], first: usize, then: usize) {
    let mut more = before[first].clone();
    add(&mut more, first);
    for at in all {
        if *at == then || has(&before[*at], then) {
            unite(&mut before[*at], &more);
        }
    }
}

/// The causes of each operation. An error: something is its own cause.
fn close(items: &[Item]) -> Result<Vec<Bits>, ()> {
    let words = items.len().div_ceil(64);
    let mut direct: Vec<Vec<usize>> = vec![Vec::new(); items.len()];
    let mut ended: SortedMap<u32, Vec<usize>> = SortedMap::new();
    for (at, item) in items.iter().enumerate() {
        if let Some(Source::Write(write)) = item.source {
            direct[at].push(write);
        }
        if item.counts {
            let earlier = ended.entry(item.op.process).or_default();
            let before = earlier.iter().copied();
            direct[at].extend(before.filter(|other| items[*other].op.is_before(item.op)));
            earlier.push(at);
        }
    }
    // From what has no causes on (Kahn).
    let mut waits: Vec<usize> = direct.iter().map(Vec::len).collect();
    let mut effects: Vec<Vec<usize>> = vec![Vec::new(); items.len()];
    for (at, causes) in direct.iter().enumerate() {
        causes.iter().for_each(|cause| effects[*cause].push(at));
    }
    let mut ready: Vec<usize> = (0..items.len()).filter(|at| waits[*at] == 0).collect();
    let mut causes = vec![vec![0; words]; items.len()];
    let mut done = 0;
    while let Some(at) = ready.pop() {
        done += 1;
        let mut own = causes[at].clone();
        add(&mut own, at);
        for effect in &effects[at] {
            unite(&mut causes[*effect], &own);
            waits[*effect] -= 1;
            if waits[*effect] == 0 {
                ready.push(*effect);
            }
        }
    }
    if done == items.len() {
        Ok(causes)
    } else {
        Err(())
    }
}
