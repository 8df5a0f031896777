//! Events at a node, and the messages it sends.

use faultline_sim::process::NodeId;
use serde::Serialize;

use super::Clock;

/// The kind of an event.
#[derive(Clone, Debug, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    Local,
    Sends {
        to: NodeId,
    },
    /// Sends to all others.
    Broadcasts,
    /// Accepts the sender's message with this number.
    Takes {
        from: NodeId,
        number: u64,
    },
}

/// One event with its stamp.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct StampedEvent {
    /// Its ordinal among the events of its node, from 1.
    pub number: u64,
    pub what: EventKind,
    /// The message's text, if any.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    pub stamp: Clock,
}

/// The rule for accepting a message, step by step.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Merge {
    pub from: NodeId,
    pub own: Clock,
    pub message: Clock,
    /// The larger of the two, part by part.
    pub larger: Clock,
    /// Plus one for the receipt itself.
    pub after: Clock,
}

/// A message.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Letter {
    pub stamp: Clock,
    /// Its ordinal among the messages of its sender, from 1.
    pub number: u64,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// How many broadcasts of each node its sender had accepted or sent, this one included.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<u64>,
    /// The stamp it was sent with, if the stamp has changed since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent_as: Option<Clock>,
    #[serde(skip)]
    pub from: NodeId,
    #[serde(skip)]
    pub broadcast: bool,
}
