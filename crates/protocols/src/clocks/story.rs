//! What happens at a node, and what it tells others.

use faultline_sim::process::NodeId;
use serde::Serialize;

use super::Clock;

/// What happened at a node.
#[derive(Clone, Debug, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    Local,
    Sends {
        to: NodeId,
    },
    /// Sends to all others.
    Broadcasts,
    /// Takes the sender's message of this number.
    Takes {
        from: NodeId,
        number: u64,
    },
}

/// One event with its stamp.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct StampedEvent {
    /// The how-manieth event of its node it is.
    pub number: u64,
    pub what: EventKind,
    /// What the message says, if anything.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    pub stamp: Clock,
}

/// The rule for a message that is taken, step by step.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Merge {
    pub from: NodeId,
    pub own: Clock,
    pub message: Clock,
    /// The larger of the two, part by part.
    pub larger: Clock,
    /// One more for the taking itself.
    pub after: Clock,
}

/// A message.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Letter {
    pub stamp: Clock,
    /// The how-manieth message of its sender it is.
    pub number: u64,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// How many broadcasts of each node its sender had taken or sent; this one counts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<u64>,
    /// The stamp it was sent with, if it shows another one by now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent_as: Option<Clock>,
    #[serde(skip)]
    pub from: NodeId,
    #[serde(skip)]
    pub broadcast: bool,
}
