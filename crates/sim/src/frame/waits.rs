//! Locks and who waits for whom: what one node knows of it.

use serde::Serialize;

use super::{Table, table};
use crate::time::LocalTime;

/// A lock that is held.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Lock {
    /// What is locked: "x".
    pub on: String,
    /// Who holds it: "T1".
    pub holder: String,
    /// Since when, on this node's clock.
    pub since: LocalTime,
    /// Who waits for it, first come first.
    pub queue: Vec<String>,
}

/// One waits for another.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Wait {
    /// Who waits: "T1".
    pub waiter: String,
    /// For whom.
    pub holder: String,
    /// For what: "x". May be empty.
    pub on: String,
}

/// What a node knows of locks and waits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Waits {
    /// Locks that this node gave away.
    pub locks: Vec<Lock>,
    /// Waits that this node knows of. The stage draws those of all nodes as one graph; whether there is a
    /// deadlock is seen there, and by no single node.
    pub waits: Vec<Wait>,
}

impl Waits {
    /// One row a lock, then one a wait for something that is not in the list of locks.
    pub(super) fn to_table(&self) -> Table {
        let locks = self
            .locks
            .iter()
            .map(|lock| [lock.on.clone(), lock.holder.clone(), lock.queue.join(", ")]);
        let elsewhere = self
            .waits
            .iter()
            .filter(|wait| !self.locks.iter().any(|lock| lock.on == wait.on));
        let waits =
            elsewhere.map(|wait| [wait.on.clone(), wait.holder.clone(), wait.waiter.clone()]);
        table(["locked", "held by", "waited for by"], locks.chain(waits))
    }
}
