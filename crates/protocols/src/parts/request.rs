//! The id of a client's request, shared by protocols whose clients retry.

use std::fmt;

use faultline_sim::process::NodeId;
use serde::{Serialize, Serializer};

/// A request's id: the node that asks, and the request's ordinal there (Birrell and Nelson 1984,
/// 3.2). A retry repeats it. Written `n6:3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId {
    pub from: NodeId,
    pub number: u64,
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.from, self.number)
    }
}

impl Serialize for RequestId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
