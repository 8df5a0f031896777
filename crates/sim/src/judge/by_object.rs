//! The verdict on a history that is at hand, all objects in turn.

use super::history::{Event, Operations};
use super::linearizability::Linearizability;
use super::operation::{Place, Word};
use super::search::Found;
use crate::sorted::SortedMap;

/// Steps that one object gets, at most, before the next one has its turn.
const TURN: u64 = 5_000;

/// Judges the objects of a history side by side: an object that is hard to decide does not keep one
/// from being decided that is easy to refute. It can be stopped and continued, and the history may grow.
#[derive(Clone, Debug)]
pub struct HistoryCheck {
    history: Operations,
    /// How many events have been given to their objects.
    given: Place,
    objects: SortedMap<Word, Object>,
    refuted: Option<Word>,
    steps: u64,
}

/// How one object stands.
#[derive(Clone, Debug)]
pub struct Object {
    events: Vec<Event>,
    /// How many of these events were read.
    read: usize,
    judge: Linearizability,
    found: Found,
    operations: usize,
}

impl Object {
    fn advance(&mut self, history: &Operations, budget: &mut u64) {
        if self.found == Found::Undecided {
            self.found = self.judge.settle(budget);
        }
        while self.found == Found::Order
            && let Some(event) = self.events.get(self.read)
        {
            self.read += 1;
            self.found = self.judge.take(history, *event, budget);
        }
    }

    /// Whether its operations can be put in an order, as far as they are read and decided.
    #[must_use]
    pub fn found(&self) -> Found {
        match self.found {
            Found::Order if self.read < self.events.len() => Found::Undecided,
            found => found,
        }
    }

    /// How many operations on it have begun.
    #[must_use]
    pub fn operations(&self) -> usize {
        self.operations
    }

    /// The operation whose end made an order impossible.
    #[must_use]
    pub fn blamed(&self) -> Option<u32> {
        let last = self.read.checked_sub(1)?;
        match self.events.get(last)? {
            Event::Begin(number) | Event::End(number) => {
                (self.found == Found::None).then_some(*number)
            }
        }
    }
}

impl HistoryCheck {
    /// A check that has not begun.
    #[must_use]
    pub fn new(history: &Operations) -> Self {
        let mut own = Self {
            history: history.clone(),
            given: 0,
            objects: SortedMap::new(),
            refuted: None,
            steps: 0,
        };
        own.grow(history);
        own
    }

    /// The history as far as it is known.
    #[must_use]
    pub fn history(&self) -> &Operations {
        &self.history
    }

    /// The same history, and what came after it.
    pub fn grow(&mut self, history: &Operations) {
        self.history = history.clone();
        while let Some(event) = history.event(self.given) {
            self.given += 1;
            let (Event::Begin(number) | Event::End(number)) = event;
            let Some(op) = history.get(number) else {
                continue;
            };
            let object = self.objects.entry(op.key.clone());
            let object = object.or_insert_with(|| Object {
                events: Vec::new(),
                read: 0,
                judge: Linearizability::new(&history.model),
                found: Found::Order,
                operations: 0,
            });
            object.operations += usize::from(matches!(event, Event::Begin(_)));
            object.events.push(event);
        }
    }

    /// Goes on for up to `budget` steps, and takes them off; also with other objects once one is
    /// refuted. Stays undecided with steps left if the check would need more memory than it may.
    pub fn advance(&mut self, budget: &mut u64) -> Found {
        loop {
            let before = *budget;
            let open = |object: &Object| object.found() == Found::Undecided;
            let all = self.objects.values().filter(|object| open(object)).count();
            let share = (before / all.max(1) as u64).clamp(1, TURN);
            for (key, object) in self.objects.iter_mut() {
                if !open(object) {
                    continue;
                }
                let turn = share.min(*budget);
                let mut left = turn;
                object.advance(&self.history, &mut left);
                *budget -= turn - left;
                if object.found == Found::None && self.refuted.is_none() {
                    self.refuted = Some(key.clone());
                }
            }
            self.steps += before - *budget;
            let done = self.is_done();
            if done || self.refuted.is_some() || *budget == 0 || *budget == before {
                return match self.refuted {
                    Some(_) => Found::None,
                    None if done => Found::Order,
                    None => Found::Undecided,
                };
            }
        }
    }

    /// Whether every object is read and decided.
    #[must_use]
    pub fn is_done(&self) -> bool {
        let mut objects = self.objects.values();
        objects.all(|object| object.found() != Found::Undecided)
    }

    /// The first object that was found to be one whose operations cannot be put in order.
    #[must_use]
    pub fn refuted(&self) -> Option<&Word> {
        self.refuted.as_ref()
    }

    /// All objects by name.
    pub fn objects(&self) -> impl Iterator<Item = (&Word, &Object)> + Clone {
        self.objects.iter()
    }

    /// The order found for the operations on one object.
    #[must_use]
    pub fn order(&self, key: &Word) -> Vec<u32> {
        let object = self.objects.get(key);
        object.map_or_else(Vec::new, |object| object.judge.order(key))
    }

    /// How many steps it has taken.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.steps
    }
}
