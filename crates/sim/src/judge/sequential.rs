//! Sequential consistency: one order of all operations in which each process's own are in its order
//! (Lamport, "How to make a multiprocessor computer that correctly executes multiprocess programs",
//! 1979). It is not a matter of each object alone, so all keys are searched together.
//!
//! The search is that of linearizability without real time between processes. One more rule cuts it: a
//! value that somebody still has to read is not overwritten, unless it will be written once more.

use super::history::Operations;
use super::memo::{Memo, bit};
use super::operation::{Call, Ended, Model, Op, Word};
use super::search::Found;
use super::state::{State, Step};
use crate::rng::mix;
use crate::sorted::{SortedMap, SortedSet};

/// The verdict on a whole history, over all its objects together.
#[must_use]
pub fn sequential(history: &Operations, budget: &mut u64) -> Found {
    Search::new(history, |_| true).settle(budget)
}

/// The verdict if only these operations count: other writes may have happened at any time.
pub(super) fn sequential_of(
    history: &Operations,
    kept: &SortedSet<u32>,
    budget: &mut u64,
) -> Found {
    Search::new(history, |number| kept.contains(&number)).settle(budget)
}

const NONE: u32 = u32::MAX;

/// An operation, by its place in the order of invocations.
struct Item {
    process: usize,
    key: usize,
    step: Step,
    /// How many operations of its process had returned when it began.
    invoked: u32,
    /// Its place among those, or `NONE`.
    returned: u32,
    /// The values that it needs and leaves, by their numbers.
    reads: u32,
    writes: u32,
}

impl Item {
    fn is_open(&self) -> bool {
        self.returned == NONE
    }
}

/// What an object holds, in several forms.
#[derive(Clone)]
struct Holds {
    state: State,
    value: u32,
    /// Its last write has no answer, and nobody has seen it yet.
    unseen: bool,
}

impl Holds {
    fn key(&self, object: usize) -> u128 {
        let own = u128::from(mix(object as u64 + 1)) | u128::from(mix(!(object as u64))) << 64;
        (self.state.key() ^ own ^ u128::from(self.unseen))
            .wrapping_mul(0x2545_F491_4F6C_DD1D_9E37_79B9_7F4A_7C15)
    }
}

struct Taken {
    item: u32,
    before: Holds,
    settled: u32,
    tried: (bool, u32),
}

struct Search {
    items: Vec<Item>,
    done: Vec<bool>,
    /// By process: items not in the order, in the order of their invocations.
    waiting: Vec<Vec<u32>>,
    /// By process: items in the order in which they returned, and how many of them are in the order.
    returns: Vec<Vec<u32>>,
    settled: Vec<u32>,
    objects: Vec<Holds>,
    /// By value: who still has to read it, and who may still write it.
    readers: Vec<u32>,
    writers: Vec<u32>,
    /// Items that have returned and are not in the order.
    left: u32,
    key: u128,
    path: Vec<Taken>,
    tried: (bool, u32),
    dead: Memo,
}

const NOTHING: (bool, u32) = (false, 0);
const ALL: (bool, u32) = (true, NONE);

/// Gives things numbers from 0.
struct Numbers<K>(SortedMap<K, u32>);

impl<K: Ord> Numbers<K> {
    fn of(&mut self, thing: K) -> u32 {
        let next = self.0.len() as u32;
        *self.0.entry(thing).or_insert(next)
    }
}

/// The numbers of things while the items are made.
struct Naming {
    processes: Numbers<(u32, u32)>,
    keys: Numbers<Word>,
    values: Numbers<(u32, Option<Word>)>,
    /// By process: where its operations have returned.
    ends: Vec<Vec<(u32, u32)>>,
}

impl Search {
    fn new(history: &Operations, counts: impl Fn(u32) -> bool) -> Self {
        let mut own = Self {
            items: Vec::new(),
            done: Vec::new(),
            waiting: Vec::new(),
            returns: Vec::new(),
            settled: Vec::new(),
            objects: Vec::new(),
            readers: Vec::new(),
            writers: Vec::new(),
            left: 0,
            key: 0,
            path: Vec::new(),
            tried: NOTHING,
            dead: Memo::default(),
        };
        let mut naming = Naming {
            processes: Numbers(SortedMap::new()),
            keys: Numbers(SortedMap::new()),
            values: Numbers(SortedMap::new()),
            ends: Vec::new(),
        };
        for (number, op) in history.iter().enumerate() {
            let kept = counts(number as u32);
            if let Some(step) = step(op, kept) {
                let process = if kept {
                    (op.process, 0)
                } else {
                    // What does not count has a process of its own.
                    (NONE, number as u32)
                };
                own.put(history, op, step, (kept, process), &mut naming);
            }
        }
        own.readers = vec![0; naming.values.0.len()];
        own.writers = own.readers.clone();
        own.index(naming.ends);
        own
    }

    fn put(
        &mut self,
        history: &Operations,
        op: &Op,
        step: Step,
        (kept, process): (bool, (u32, u32)),
        naming: &mut Naming,
    ) {
        let process = naming.processes.of(process) as usize;
        let key = naming.keys.of(op.key.clone());
        if key as usize == self.objects.len() {
            self.objects.push(Holds {
                state: State::first(&history.model),
                value: naming.values.of((key, history.model.initial().cloned())),
                unseen: false,
            });
        }
        if process == naming.ends.len() {
            naming.ends.push(Vec::new());
        }
        let plain = matches!(history.model, Model::Store { .. });
        let mut value = |of: Option<Option<&Word>>| {
            let of = of.filter(|_| plain);
            of.map_or(NONE, |of| naming.values.of((key, of.cloned())))
        };
        let reads = value(op.reads().filter(|_| kept));
        let writes = value(op.writes().map(Some));
        if let Some(end) = op.returned().filter(|_| kept) {
            naming.ends[process].push((end, self.items.len() as u32));
            self.left += 1;
        }
        self.items.push(Item {
            process,
            key: key as usize,
            step,
            invoked: op.invoked,
            returned: NONE,
            reads,
            writes,
        });
    }

    fn index(&mut self, mut ends: Vec<Vec<(u32, u32)>>) {
        for ends in &mut ends {
            ends.sort_unstable();
            for (at, (_, item)) in ends.iter().enumerate() {
                self.items[*item as usize].returned = at as u32;
            }
        }
        self.waiting = vec![Vec::new(); ends.len()];
        self.settled = vec![0; ends.len()];
        self.done = vec![false; self.items.len()];
        for (id, item) in self.items.iter_mut().enumerate() {
            let ends = &ends[item.process];
            item.invoked = ends.partition_point(|(end, _)| *end < item.invoked) as u32;
            self.waiting[item.process].push(id as u32);
            if item.reads != NONE {
                self.readers[item.reads as usize] += 1;
            }
            if item.writes != NONE {
                self.writers[item.writes as usize] += 1;
            }
        }
        let numbers = |ends: Vec<(u32, u32)>| ends.into_iter().map(|(_, item)| item).collect();
        self.returns = ends.into_iter().map(numbers).collect();
        let keys = self.objects.iter().enumerate();
        self.key = keys.fold(0, |key, (at, object)| key ^ object.key(at));
    }

    fn settle(&mut self, budget: &mut u64) -> Found {
        while self.left > 0 {
            if *budget == 0 {
                return Found::Undecided;
            }
            *budget -= 1;
            if !self.advance() && !self.back() {
                return Found::None;
            }
        }
        Found::Order
    }

    fn advance(&mut self) -> bool {
        if self.tried == ALL {
            return false;
        }
        loop {
            let mut next: Option<(bool, u32)> = None;
            for (process, waiting) in self.waiting.iter().enumerate() {
                let settled = self.settled[process];
                for id in waiting {
                    let item = &self.items[*id as usize];
                    if item.invoked > settled {
                        break;
                    }
                    let rank = (item.is_open(), *id);
                    if item.step.is_pure() {
                        if self.fits(item) {
                            let id = *id;
                            self.take(id, ALL);
                            return true;
                        }
                    } else if rank >= self.tried && next.is_none_or(|next| rank < next) {
                        next = Some(rank);
                    }
                }
            }
            let Some((open, id)) = next else {
                self.tried = ALL;
                return false;
            };
            self.tried = (open, id + 1);
            if self.may(id) {
                self.take(id, self.tried);
                return true;
            }
        }
    }

    fn fits(&self, item: &Item) -> bool {
        item.step.apply(&self.objects[item.key].state).is_some()
    }

    /// Whether a change can come next, and is not known to lead nowhere.
    fn may(&self, id: u32) -> bool {
        let item = &self.items[id as usize];
        let object = &self.objects[item.key];
        if !self.fits(item) || object.unseen && item.step.is_blind() {
            return false;
        }
        if item.writes != NONE && item.writes != object.value {
            let own = u32::from(item.reads == object.value);
            let value = object.value as usize;
            if self.readers[value] > own && self.writers[value] == 0 {
                return false;
            }
        }
        self.dead.is_empty() || {
            let then = self.then(item);
            let key = self.key ^ bit(id) ^ object.key(item.key) ^ then.key(item.key);
            !self.dead.contains(key)
        }
    }

    fn then(&self, item: &Item) -> Holds {
        let object = &self.objects[item.key];
        match item.step.apply(&object.state) {
            Some(_) if item.step.is_pure() => Holds {
                unseen: false,
                ..object.clone()
            },
            Some(state) => Holds {
                state,
                value: if item.writes == NONE {
                    object.value
                } else {
                    item.writes
                },
                unseen: item.is_open(),
            },
            None => object.clone(),
        }
    }

    fn take(&mut self, id: u32, tried: (bool, u32)) {
        let item = &self.items[id as usize];
        let (key, process) = (item.key, item.process);
        let then = self.then(item);
        self.key ^= bit(id) ^ self.objects[key].key(key) ^ then.key(key);
        let before = std::mem::replace(&mut self.objects[key], then);
        self.count(id, false);
        let waiting = &mut self.waiting[process];
        if let Ok(at) = waiting.binary_search(&id) {
            waiting.remove(at);
        }
        let settled = self.settled[process];
        let returns = &self.returns[process];
        while let Some(next) = returns.get(self.settled[process] as usize)
            && self.done[*next as usize]
        {
            self.settled[process] += 1;
        }
        self.path.push(Taken {
            item: id,
            before,
            settled,
            tried,
        });
        self.tried = NOTHING;
    }

    /// Puts an item among those in the order, or takes it back.
    fn count(&mut self, id: u32, back: bool) {
        let item = &self.items[id as usize];
        self.done[id as usize] = !back;
        let by = |count: &mut u32| *count = if back { *count + 1 } else { *count - 1 };
        if item.reads != NONE {
            by(&mut self.readers[item.reads as usize]);
        }
        if item.writes != NONE {
            by(&mut self.writers[item.writes as usize]);
        }
        if !item.is_open() {
            by(&mut self.left);
        }
    }

    fn back(&mut self) -> bool {
        let Some(taken) = self.path.pop() else {
            return false;
        };
        self.dead.insert(self.key);
        let (key, process) = {
            let item = &self.items[taken.item as usize];
            (item.key, item.process)
        };
        self.key ^= bit(taken.item) ^ self.objects[key].key(key) ^ taken.before.key(key);
        self.objects[key] = taken.before;
        self.count(taken.item, true);
        self.settled[process] = taken.settled;
        let waiting = &mut self.waiting[process];
        let at = waiting.partition_point(|other| *other < taken.item);
        waiting.insert(at, taken.item);
        self.tried = taken.tried;
        true
    }
}

/// What is known of an operation; none if nothing is that matters.
fn step(op: &Op, counts: bool) -> Option<Step> {
    match (op.answer().filter(|_| counts), &op.end) {
        (Some(answer), _) => Step::known(op.process, &op.call, answer),
        (None, Some(end)) if counts && end.ended == Ended::Failed => None,
        (None, _) if op.call == Call::Read => None,
        (None, _) => Step::effect(op.process, &op.call),
    }
}
