//! The operations of one run, as the judge keeps them.

use super::operation::{Asked, Call, Closed, Ended, Model, Op, Place, Word};
use crate::shared::SharedList;
use crate::time::Time;

/// All operations on the objects of one kind, in the order in which they began. A copy shares them.
#[derive(Clone, Debug)]
pub struct Operations {
    /// What kind of objects they are about.
    pub model: Model,
    /// Whether its processes are nodes of a run.
    pub of_nodes: bool,
    ops: SharedList<Op>,
    /// What happens, place by place.
    events: SharedList<Event>,
}

/// What happens at a place of a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// This operation begins.
    Begin(u32),
    /// This operation ends.
    End(u32),
}

impl Operations {
    /// A history in which nothing has happened.
    #[must_use]
    pub fn new(model: Model) -> Self {
        Self {
            model,
            of_nodes: false,
            ops: SharedList::new(),
            events: SharedList::new(),
        }
    }

    /// The same, with nodes of a run as processes.
    #[must_use]
    pub fn of_nodes(self) -> Self {
        Self {
            of_nodes: true,
            ..self
        }
    }

    /// How many operations have begun.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ops.len()
    }

    /// Whether none has begun.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ops.is_empty()
    }

    /// How many invocations and ends there are.
    #[must_use]
    pub fn places(&self) -> Place {
        self.events.len() as Place
    }

    /// An operation, by its number from 0.
    #[must_use]
    pub fn get(&self, number: u32) -> Option<&Op> {
        self.ops.get(number as usize)
    }

    /// All operations, in the order in which they began.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Op> + ExactSizeIterator + Clone {
        self.ops.iter()
    }

    /// An operation begins. Answers its number.
    pub fn begin(&mut self, process: u32, asked: Asked, began: Time) -> u32 {
        let number = self.ops.len() as u32;
        let invoked = self.places();
        self.events.push(Event::Begin(number));
        self.ops.push(Op {
            process,
            key: asked.key,
            call: asked.call,
            invoked,
            began,
            end: None,
        });
        number
    }

    /// An operation ends; once.
    pub fn end(&mut self, number: u32, ended: Ended, at: Time) {
        let place = self.places();
        if let Some(op) = self.ops.get_mut(number as usize)
            && op.end.is_none()
        {
            op.end = Some(Closed { place, at, ended });
            self.events.push(Event::End(number));
        }
    }

    /// The value of the write to a key that was confirmed last.
    #[must_use]
    pub fn last_confirmed(&self, key: &str) -> Option<&Word> {
        self.events().rev().find_map(|event| {
            let Event::End(number) = event else {
                return None;
            };
            let op = self.get(number).filter(|op| &*op.key == key)?;
            op.returned().and(op.writes())
        })
    }

    /// What happens, place by place.
    pub fn events(&self) -> impl DoubleEndedIterator<Item = Event> + ExactSizeIterator + Clone {
        self.events.iter().copied()
    }

    /// What happens at a place.
    #[must_use]
    pub fn event(&self, place: Place) -> Option<Event> {
        self.events.get(place as usize).copied()
    }

    /// The history in which only some operations count: what others wrote may have been written by
    /// anybody, or not at all, and what they were told is forgotten. Operations get other numbers.
    #[must_use]
    pub(super) fn only(&self, counts: impl Fn(u32) -> bool) -> Self {
        let mut own = Self::new(self.model.clone());
        let mut numbers = vec![0; self.ops.len()];
        for event in self.events() {
            let (Event::Begin(number) | Event::End(number)) = event;
            let Some(op) = self.get(number) else {
                continue;
            };
            let kept = counts(number);
            match (event, &op.end) {
                (Event::End(_), Some(end)) if kept => {
                    own.end(numbers[number as usize], end.ended.clone(), end.at);
                }
                (Event::Begin(_), _) if kept || op.call != Call::Read => {
                    let asked = Asked {
                        key: op.key.clone(),
                        call: op.call.clone(),
                    };
                    // Nobody else has such a number.
                    let process = if kept { op.process } else { u32::MAX - number };
                    let begun = own.begin(process, asked, op.began);
                    numbers[number as usize] = begun;
                    if !kept {
                        own.end(begun, Ended::Unknown, op.began);
                    }
                }
                _ => {}
            }
        }
        own
    }

    /// The history up to a place: operations that end later have not ended.
    #[must_use]
    pub fn until(&self, place: Place) -> Self {
        let begun = self.ops.partition_point(|op| op.invoked < place);
        let cut = |op: &Op| {
            let mut op = op.clone();
            op.end = op.end.filter(|end| end.place < place);
            op
        };
        Self {
            model: self.model.clone(),
            of_nodes: self.of_nodes,
            ops: self.ops.iter().take(begun).map(cut).collect(),
            events: self.events().take(place as usize).collect(),
        }
    }
}
