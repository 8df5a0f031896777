//! What is chosen in a slot.

use std::fmt;
use std::rc::Rc;

use serde::{Serialize, Serializer};

use super::Ballot;
use crate::parts::kv::Op;
use crate::parts::request::RequestId;

/// Which instance of Paxos, and which place in the log: they count from 1.
pub type Slot = u64;

/// Values never change, so logs and messages share them.
pub type Value = Rc<Command>;

/// What a slot does to the state machine.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    /// Nothing: it fills a gap.
    NoOp,
    /// What a client asked for, reads included.
    Client { id: RequestId, op: Op },
}

impl Command {
    /// The client's request; none for a no-op.
    pub fn id(&self) -> Option<RequestId> {
        match self {
            Command::NoOp => None,
            Command::Client { id, .. } => Some(*id),
        }
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Command::NoOp => f.write_str("no-op"),
            Command::Client { op, .. } => op.fmt(f),
        }
    }
}

impl Serialize for Command {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A number and a value (2.2), for one slot. Written `2.1 = x=3`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Proposal {
    pub ballot: Ballot,
    pub value: Value,
}

impl fmt::Display for Proposal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {}", self.ballot, self.value)
    }
}

impl Serialize for Proposal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
