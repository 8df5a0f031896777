//! What clients do to objects, in the words of the judge: a closed list, so that stores, logs of other
//! systems and files are judged by the same checkers.

use std::rc::Rc;

use serde::Serialize;

use crate::history::End;
use crate::sorted::SortedMap;
use crate::time::Time;

/// A value, a member of a set, or an account, as text.
pub type Word = Rc<str>;

/// What kind of object clients share, and how it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Model {
    /// Keys with texts: read, write, compare-and-set, append. A register is one with a single key.
    Store {
        /// What each key holds at first; `None` is nothing.
        initial: Option<Word>,
    },
    /// Members that are added and removed.
    Set,
    /// A number that is added to.
    Counter {
        /// What it counts at first.
        initial: i64,
    },
    /// Accounts; no transfer takes more than there is.
    Bank {
        /// What each account holds at first.
        opening: i64,
    },
    /// A lock that one process holds at a time.
    Lock,
}

impl Model {
    /// A store whose keys hold nothing at first.
    pub const STORE: Self = Self::Store { initial: None };

    /// What each key of a store holds at first.
    #[must_use]
    pub fn initial(&self) -> Option<&Word> {
        match self {
            Self::Store { initial } => initial.as_ref(),
            _ => None,
        }
    }
}

/// What a client asks for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Call {
    /// The value, the count, all members, all balances.
    Read,
    /// Puts this value in the place of any other.
    Write(Word),
    /// Puts `new` in the place of `old`, if it is there.
    CompareAndSet {
        /// What must be there; `None` is nothing.
        old: Option<Word>,
        /// What is there then.
        new: Word,
    },
    /// Adds to the end of the text.
    Append(Word),
    /// Adds to the count; less than 0 takes away.
    Add(i64),
    /// Adds a member.
    Insert(Word),
    /// Removes a member.
    Remove(Word),
    /// Changes balances, all or none.
    Transfer(Rc<[(Word, i64)]>),
    /// Takes the lock.
    Acquire,
    /// Gives the lock back.
    Release,
}

/// What a client is told.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// It is done.
    Done,
    /// It was not possible: the value was another, the balance too small, the lock held. Where the
    /// answer names the value, it is here.
    Refused(Option<Option<Word>>),
    /// The value read; `None` is nothing.
    Value(Option<Word>),
    /// The count, read or after an addition.
    Count(i64),
    /// All members.
    Members(Rc<[Word]>),
    /// Balances, of all accounts or of some.
    Balances(Rc<SortedMap<Word, i64>>),
}

/// How an operation has ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Ended {
    /// With an answer.
    Returned(Answer),
    /// It had no effect, and the answer says nothing of the object.
    Failed,
    /// Nobody knows: it may take effect at any time, or never.
    Unknown,
}

impl Ended {
    /// From how a protocol ends an operation, and what the answer says.
    #[must_use]
    pub fn of(end: End, answer: Option<Answer>) -> Self {
        match (end, answer) {
            (End::Ok, Some(answer)) => Self::Returned(answer),
            (End::Failed, Some(refused @ Answer::Refused(_))) => Self::Returned(refused),
            (End::Failed, _) => Self::Failed,
            (End::Ok | End::Unknown, _) => Self::Unknown,
        }
    }
}

/// A request of a client, as the judge sees it: which object, and what to do to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The object's name; empty if there is one only.
    pub key: Word,
    /// What to do.
    pub call: Call,
}

impl Asked {
    /// A call to the only object there is.
    #[must_use]
    pub fn only(call: Call) -> Self {
        Self {
            key: Word::from(""),
            call,
        }
    }

    /// A call to the object with this name.
    #[must_use]
    pub fn at(key: &str, call: Call) -> Self {
        Self {
            key: Word::from(key),
            call,
        }
    }
}

/// Where an event stands in a history: its number among invocations and ends, from 0.
pub type Place = u32;

/// One operation of a history.
#[derive(Clone, Debug)]
pub struct Op {
    /// Who asked.
    pub process: u32,
    /// The object.
    pub key: Word,
    /// What was asked.
    pub call: Call,
    /// Where it begins.
    pub invoked: Place,
    /// When it begins.
    pub began: Time,
    /// Where, when and how it ends; none while it goes on.
    pub end: Option<Closed>,
}

/// The end of an operation.
#[derive(Clone, Debug)]
pub struct Closed {
    /// Where it ends.
    pub place: Place,
    /// When it ends.
    pub at: Time,
    /// How it ends.
    pub ended: Ended,
}

impl Op {
    /// The answer, if it has come.
    #[must_use]
    pub fn answer(&self) -> Option<&Answer> {
        match &self.end.as_ref()?.ended {
            Ended::Returned(answer) => Some(answer),
            Ended::Failed | Ended::Unknown => None,
        }
    }

    /// Whether it has surely had no effect and told nothing.
    #[must_use]
    pub fn is_void(&self) -> bool {
        let failed = |end: &Closed| end.ended == Ended::Failed;
        self.end.as_ref().is_some_and(failed) || self.call == Call::Read && self.answer().is_none()
    }

    /// Where it has returned with an answer; none while that may still happen or will never.
    #[must_use]
    pub fn returned(&self) -> Option<Place> {
        self.answer().and(self.end.as_ref()).map(|end| end.place)
    }

    /// Whether this operation had returned before another began.
    #[must_use]
    pub fn is_before(&self, other: &Op) -> bool {
        self.returned().is_some_and(|end| end < other.invoked)
    }

    /// What it leaves at its key if it takes effect, where that is one value. A write that failed never
    /// takes effect.
    #[must_use]
    pub fn writes(&self) -> Option<&Word> {
        match &self.call {
            _ if matches!(self.answer(), Some(Answer::Refused(_))) => None,
            Call::Write(value) | Call::CompareAndSet { new: value, .. } => Some(value),
            _ => None,
        }
    }

    /// A value that must have been there for its answer.
    pub(super) fn looks_for(&self) -> Option<&Word> {
        match (&self.call, self.reads()) {
            (_, Some(value)) => value,
            (Call::CompareAndSet { old, .. }, None) => old.as_ref(),
            _ => None,
        }
    }

    /// The value that it has found at its key, if the answer tells one: `Some(None)` is nothing.
    #[must_use]
    pub fn reads(&self) -> Option<Option<&Word>> {
        match (&self.call, self.answer()?) {
            (Call::Read, Answer::Value(value)) => Some(value.as_ref()),
            (Call::CompareAndSet { .. }, Answer::Refused(value)) => {
                value.as_ref().map(Option::as_ref)
            }
            (Call::CompareAndSet { old, .. }, Answer::Done) => Some(old.as_ref()),
            _ => None,
        }
    }
}
