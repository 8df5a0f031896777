//! Names of transactions, and how other nodes know one.

use std::fmt;

use faultline_sim::mark::Value;
use faultline_sim::process::NodeId;
use faultline_sim::time::LocalTime;
use serde::{Serialize, Serializer};

/// Who waits: a transaction, or a process of the paper that is drawn by hand and waits for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tx {
    /// Its number is that of the request that began it.
    T(u64),
    P(u64),
}

impl fmt::Display for Tx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Tx::T(number) => write!(f, "T{number}"),
            Tx::P(number) => write!(f, "P{number}"),
        }
    }
}

impl Serialize for Tx {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl From<Tx> for Value {
    fn from(tx: Tx) -> Self {
        tx.to_string().into()
    }
}

/// One try of a transaction, as other nodes know it.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Serialize)]
pub struct Claim {
    pub tx: Tx,
    /// The node where it began.
    pub home: NodeId,
    /// How often it was aborted before.
    pub attempt: u32,
    /// When it began for the first time, on the clock of its node.
    pub age: LocalTime,
}

impl Claim {
    /// Ages are never equal: of two that began at one instant, the lower number is older.
    #[must_use]
    pub fn is_older(&self, other: &Self) -> bool {
        (self.age, self.tx) < (other.age, other.tx)
    }

    /// Whether it is the same try of the same transaction.
    #[must_use]
    pub fn is(&self, tx: Tx, attempt: u32) -> bool {
        self.tx == tx && self.attempt == attempt
    }
}
