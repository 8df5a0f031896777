//! What nodes tell each other, and what clients ask.

use std::rc::Rc;

use faultline_sim::process::{NodeId, Operation};
use faultline_sim::sorted::SortedMap;
use serde::{Deserialize, Serialize};

use super::client::Ask;
use crate::parts::merkle::Span;
use crate::parts::request::RequestId;
use crate::parts::versions::{Dot, Entry, Stamp, Vector};

/// Copies of several keys.
pub type Copies = SortedMap<String, Rc<Entry>>;

/// Which writes of each key a node has seen.
pub type Digest = SortedMap<String, Vector>;

/// A client's write, with what its writer knew.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Set {
    pub id: RequestId,
    pub key: String,
    pub value: String,
    /// The writes of this key that the client has read or made.
    #[serde(skip_serializing_if = "Vector::is_empty")]
    pub past: Vector,
    /// The same of other keys.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<(String, Vector)>,
    /// The latest reading of a hybrid clock that it has seen.
    #[serde(skip)]
    pub stamp: Stamp,
}

faultline_sim::messages! {
    pub enum Message {
        /// `replicate`. `id`: please confirm.
        Replicate {
            key: String,
            entry: Rc<Entry>,
            #[serde(skip_serializing_if = "Option::is_none")]
            id: Option<RequestId>,
        } as "REPLICATE" => Data "R" "replicates a value",
        /// Switch `sloppy`: keep this for a replica that does not answer.
        StandIn { to: NodeId, key: String, entry: Rc<Entry>, id: RequestId } as "STAND-IN" => Data "H" "asks to stand in for a replica",
        Stored { id: RequestId } as "STORED" => Ack "✓" "confirms its copy",
        /// A read asks another replica for its copy.
        Fetch { id: RequestId, key: String } as "FETCH" => Request "?" "asks for a copy",
        Copy { id: RequestId, entry: Rc<Entry> } as "COPY" => Data "C" "sends its copy",
        // Between a client and the replica that it asks.
        Set(Set) as "SET" => Request "S" "asks to write a value",
        Get {
            id: RequestId,
            key: String,
            /// What the copy must have seen.
            #[serde(skip_serializing_if = "Vector::is_empty")]
            least: Vector,
            /// Switch `causal`: what the replica must have seen of other keys.
            #[serde(skip_serializing_if = "Vec::is_empty")]
            after: Vec<(String, Vector)>,
        } as "GET" => Request "G" "asks to read a value",
        Done { id: RequestId, dot: Dot, #[serde(skip)] stamp: Stamp } as "DONE" => Ack "A" "confirms the write",
        Found { id: RequestId, entry: Rc<Entry> } as "FOUND" => Ack "A" "answers with the value",
        /// The replica lacks what this client has seen.
        Behind { id: RequestId } as "BEHIND" => Nack "B" "lacks what the client has seen",
        Failed { id: RequestId, why: String, unknown: bool } as "FAILED" => Nack "✗" "cannot answer",
        // A node that joins, or comes back.
        Join {
            #[serde(skip_serializing_if = "Option::is_none")]
            has: Option<Rc<Digest>>,
        } as "JOIN" => Request "J" "asks for the data",
        All { data: Rc<Copies> } as "ALL" => Data "D" "sends the data",
        // Hash trees.
        Tree { spans: Vec<(Span, u64)> } as "TREE" => Control "T" "sends hashes of its data",
        /// Everything in a leaf that differs. `back`: please send yours, too.
        Leaf { span: Span, data: Rc<Copies>, back: bool } as "LEAF" => Data "L" "sends what differs",
    }
}

faultline_sim::timers! {
    pub enum Timer {
        /// A coordinator waits for replicas.
        Timeout { job: u64 },
        /// A client waits for its replica.
        Ask { ask: u64 },
        /// A client's next operation of its own.
        Act,
        /// The next comparison of hash trees.
        Compare,
        /// The next try to hand hints over.
        HandOver,
        /// A node that joins asks again.
        Join,
    }
}

/// What a client may ask of any node.
#[derive(Clone, Debug, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// `set`
    Set { key: String, value: String },
    /// `get`
    Get { key: String },
    /// The client talks to this replica from now on.
    Move { to: NodeId },
}

impl Request {
    /// The key that it is about; empty if about none.
    pub fn key(&self) -> &str {
        match self {
            Request::Set { key, .. } | Request::Get { key } => key,
            Request::Move { .. } => "",
        }
    }
}

#[derive(Clone, Debug, Hash, Serialize)]
pub enum Reply {
    Done {
        /// Which write was confirmed, for monitors.
        #[serde(skip)]
        write: (String, Dot),
    },
    /// More than one: writes that did not know of each other.
    Found {
        values: Vec<String>,
        /// Nobody wrote this value: it is the union of several.
        #[serde(skip)]
        merged: bool,
        /// The writes that the copy has seen, for monitors.
        #[serde(skip)]
        seen: Vector,
    },
    Missing,
    /// The client talks to another replica.
    Moved,
    Failed {
        why: String,
    },
    /// The write may have taken effect.
    Unknown {
        why: String,
    },
}

/// Whom a coordinator answers.
#[derive(Clone, Debug, Hash, Serialize)]
pub enum Ticket {
    /// A request that was made at this node.
    Operation(Operation),
    /// A client, with what the copy must have seen for it.
    Client(RequestId, Vector),
}

impl Ask {
    /// The message that asks a replica.
    pub fn message(&self, id: RequestId, least: Vector) -> Message {
        match &self.request {
            Request::Set { key, value } => Message::Set(Set {
                id,
                key: key.clone(),
                value: value.clone(),
                past: self.past.clone(),
                after: self.after.clone(),
                stamp: self.stamp,
            }),
            Request::Get { .. } | Request::Move { .. } => {
                let key = self.request.key().to_owned();
                let after = self.after.clone();
                Message::Get {
                    id,
                    key,
                    least,
                    after,
                }
            }
        }
    }
}
