//! Linearizability: every operation seems to take effect at one instant between its invocation and its
//! answer (Herlihy and Wing, "Linearizability: a correctness condition for concurrent objects", 1990).
//!
//! A history is linearizable if it is so for each object alone (their theorem 1), so every key has its
//! own search.

use std::rc::Rc;

use super::history::{Event, Operations};
use super::operation::{Ended, Model, Op, Word};
use super::search::{Found, Search};
use crate::shared::SharedMap;

/// Configurations that one object may remember, 16 bytes each.
const REMEMBERED: usize = 1 << 21;

/// Steps that it may cost to go on after a wrong answer.
const FORGIVEN: u64 = 200_000;

/// The verdict on a history that grows. A copy shares what it has in common with the original.
#[derive(Clone, Debug)]
pub struct Linearizability {
    model: Model,
    /// Dead configurations are remembered from one event to the next.
    remembers: bool,
    objects: SharedMap<Word, Rc<Search>>,
    /// Objects that were not decided when they were looked at last.
    undecided: Vec<Word>,
    refuted: Option<Word>,
}

impl Linearizability {
    /// The verdict on an empty history.
    #[must_use]
    pub fn new(model: &Model) -> Self {
        Self {
            model: model.clone(),
            remembers: true,
            objects: SharedMap::new(),
            undecided: Vec::new(),
            refuted: None,
        }
    }

    /// The same for a run that is copied again and again: nothing is remembered from one event to the
    /// next that a copy would not have, so that a copy goes on in the same way.
    #[must_use]
    pub fn of_run(model: &Model) -> Self {
        Self {
            remembers: false,
            ..Self::new(model)
        }
    }

    fn change(&mut self, key: &Word, change: impl FnOnce(&mut Search)) {
        let mut search = match self.objects.remove(key) {
            Some(search) => search,
            None => Rc::new(Search::new(&self.model)),
        };
        let own = Rc::make_mut(&mut search);
        change(own);
        if !self.remembers {
            own.forget();
        }
        self.objects.insert(key.clone(), search);
    }

    /// Operation `number` begins.
    pub fn begin(&mut self, number: u32, op: &Op) {
        self.change(&op.key, |search| search.begin(number, op.process, &op.call));
    }

    /// Operation `number` ends. Uses up to `budget` steps, and takes them off, to say what that means.
    pub fn end(&mut self, number: u32, key: &Word, ended: &Ended, budget: &mut u64) -> Found {
        self.change(key, |search| search.end(number, ended));
        if !self.undecided.contains(key) {
            self.undecided.push(key.clone());
        }
        self.settle(budget)
    }

    /// Goes on with what is not decided.
    pub fn settle(&mut self, budget: &mut u64) -> Found {
        if self.refuted.is_some() {
            return Found::None;
        }
        for key in std::mem::take(&mut self.undecided) {
            let mut found = Found::Order;
            self.change(&key, |search| {
                found = if search.remembered() > REMEMBERED {
                    Found::Undecided
                } else {
                    search.settle(budget)
                };
            });
            match found {
                Found::Order => {}
                Found::None => {
                    self.refuted = Some(key);
                    return Found::None;
                }
                Found::Undecided => self.undecided.push(key),
            }
        }
        if self.undecided.is_empty() {
            Found::Order
        } else {
            Found::Undecided
        }
    }

    /// Goes on after a refutation by the end of this operation, as if it had never been answered, so that
    /// the next wrong answer is found, too. The history is taken up to that end.
    pub fn forgive(&mut self, history: &Operations, key: &Word, number: u32) {
        self.refuted = None;
        let old = self.objects.get(key);
        if old.is_some_and(|old| old.leaves_out(number)) {
            return self.change(key, Search::go_on);
        }
        let mut steps = FORGIVEN;
        let mut search = Search::new(&self.model);
        search.forgive(self.objects.get(key).map(|old| &**old), number);
        for event in history.events() {
            let (Event::Begin(at) | Event::End(at)) = event;
            let Some(op) = history.get(at).filter(|op| op.key == *key) else {
                continue;
            };
            match (event, &op.end) {
                (Event::End(_), Some(end)) => search.end(at, &end.ended),
                _ => search.begin(at, op.process, &op.call),
            }
            let _ = search.settle(&mut steps);
            if at == number && matches!(event, Event::End(_)) {
                break;
            }
        }
        self.objects.insert(key.clone(), Rc::new(search));
        self.undecided.push(key.clone());
    }

    /// The object whose operations cannot be put in order.
    #[must_use]
    pub fn refuted(&self) -> Option<&Word> {
        self.refuted.as_ref()
    }

    /// The order found for the operations on one object, by their numbers. Without a verdict, or with a
    /// bad one, as far as the search has come.
    #[must_use]
    pub fn order(&self, key: &Word) -> Vec<u32> {
        let search = self.objects.get(key);
        search.map_or_else(Vec::new, |search| search.order().collect())
    }

    /// The verdict on a whole history.
    pub fn of(history: &Operations, budget: &mut u64) -> (Found, Self) {
        let mut own = Self::new(&history.model);
        for event in history.events() {
            if own.take(history, event, budget) != Found::Order {
                break;
            }
        }
        let found = own.settle(budget);
        (found, own)
    }

    /// Reads one event of a history.
    pub fn take(&mut self, history: &Operations, event: Event, budget: &mut u64) -> Found {
        let (Event::Begin(number) | Event::End(number)) = event;
        let Some(op) = history.get(number) else {
            return Found::Order;
        };
        match (event, &op.end) {
            (Event::End(_), Some(end)) => self.end(number, &op.key, &end.ended, budget),
            _ => {
                self.begin(number, op);
                self.settle(budget)
            }
        }
    }
}
