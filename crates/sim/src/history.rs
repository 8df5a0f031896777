//! What clients asked for and what came of it: the history that consistency is defined over (Herlihy
//! and Wing, "Linearizability", 1990).
//!
//! An operation is invoked, and ends well, without effect, or so that nobody can tell. One that is
//! never answered is as unknown as one whose answer was lost.

use std::hash::{Hash, Hasher};

use serde::Serialize;

use crate::event::{Event, Outcome, Record};
use crate::process::{NodeId, Operation, Shared};
use crate::sorted::SortedMap;
use crate::time::{Duration, Time};
use crate::world::World;

/// How an operation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// It took effect, and the client knows what came of it.
    Ok,
    /// It had no effect and never will.
    Failed,
    /// No answer came: it may have taken effect, or may still do so.
    Unknown,
}

/// An operation that has begun. `note` is what a monitor keeps of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Begun<N> {
    /// The node that was asked.
    pub node: NodeId,
    /// When it began.
    pub invoked: Time,
    /// What the monitor noted.
    pub note: N,
}

/// Without its instant: whatever an operation does, it does not depend on when it began.
impl<N: Hash> Hash for Begun<N> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.node, &self.note).hash(state);
    }
}

/// An operation that has ended.
#[derive(Clone, Debug)]
pub struct Ended<'r, N> {
    /// How it began.
    pub begun: Begun<N>,
    /// How it ended.
    pub end: End,
    /// How long it took.
    pub took: Duration,
    /// The answer; none if it was refused.
    pub reply: Option<&'r Shared>,
}

/// The operations under way. A monitor shows it every record, and learns of each operation's end once.
#[derive(Clone, Debug, Hash)]
pub struct History<N = ()> {
    open: SortedMap<Operation, Begun<N>>,
}

impl<N> Default for History<N> {
    fn default() -> Self {
        let open = SortedMap::new();
        Self { open }
    }
}

impl<N> History<N> {
    /// Reads a record; `note` makes the note of an operation that begins, from its request. Returns
    /// the operation that the record ends.
    pub fn read<'r>(
        &mut self,
        record: &'r Record,
        world: &World,
        note: impl FnOnce(&Shared) -> N,
    ) -> Option<Ended<'r, N>> {
        match &record.event {
            Event::Invoked { operation, request } => {
                let begun = Begun {
                    node: record.node?,
                    invoked: record.time,
                    note: note(request),
                };
                self.open.insert(*operation, begun);
                None
            }
            Event::Completed { operation, outcome } => {
                let begun = self.open.remove(operation)?;
                Some(Ended {
                    end: world.end(outcome),
                    took: record.time.since(begun.invoked),
                    reply: match outcome {
                        Outcome::Replied(reply) => Some(reply),
                        Outcome::Refused(_) => None,
                    },
                    begun,
                })
            }
            _ => None,
        }
    }

    /// The operations that have not ended, in the order they began.
    pub fn open(&self) -> impl Iterator<Item = (Operation, &Begun<N>)> {
        self.open
            .iter()
            .map(|(operation, begun)| (*operation, begun))
    }

    /// Takes an operation out before its end.
    pub fn forget(&mut self, operation: Operation) -> Option<Begun<N>> {
        self.open.remove(&operation)
    }
}
