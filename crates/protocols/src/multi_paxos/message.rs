//! Messages, timers, and what clients are told.

use std::rc::Rc;

use faultline_sim::frame::{Shape, Word};
use faultline_sim::judge;
use faultline_sim::process::NodeId;
use serde::Serialize;

use super::{Ballot, Proposal, Slot, figures};
use crate::parts::kv::{self, KvAnswer, Op};
use crate::parts::request::RequestId;

/// What is accepted or chosen, by slot. Shared by all copies of a message.
pub type Proposals = Rc<[(Slot, Proposal)]>;

faultline_sim::messages! {
    pub enum Message {
        /// Phase 1a, for all slots from `first` on: promise me this ballot.
        Prepare { ballot: Ballot, first: Slot } => Election "P" "asks for a promise",
        /// Phase 1b: what the acceptor has accepted in these slots, and what it knows to be chosen.
        Promise {
            ballot: Ballot,
            accepted: Proposals,
            chosen: Proposals,
        } => Ack "✓" "promises",
        /// Phase 2a, for one slot. All slots up to `chosen` are chosen.
        Accept {
            slot: Slot,
            proposal: Proposal,
            chosen: Slot,
        } => Data "A" "asks to accept",
        /// Phase 2b.
        Accepted { slot: Slot, ballot: Ballot } => Ack "✓" "has accepted",
        /// A ballot is refused, because a higher one was promised.
        Nack { ballot: Ballot, promised: Ballot } => Nack "✗" "refuses",
        /// The leader is up, and all slots up to `chosen` are chosen.
        Heartbeat { ballot: Ballot, chosen: Slot } => Heartbeat "" "sends a heartbeat",
        /// Which values are chosen, from this slot on?
        Ask { first: Slot } => Control "?" "asks what is chosen",
        Chosen { values: Proposals } => Announce "C" "tells what is chosen",
        /// `attempt`: how often the client has sent this request.
        ClientRequest {
            id: RequestId,
            attempt: u32,
            #[serde(serialize_with = "kv::in_short")]
            op: Op,
        } => Request "W" "asks for a write or a read",
        ClientReply { id: RequestId, answer: Answer } => Announce "★" "answers with the result",
    }
}

faultline_sim::timers! {
    pub enum Timer {
        /// No leader was heard.
        ElectionTimeout,
        Heartbeat,
        /// The current try of this request times out.
        Retry {
            request: u64,
        },
        /// The client's next request of its own.
        NextRequest,
    }
}

/// A server's answer to a client.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The command was executed, in this slot.
    Executed { slot: Slot, answer: KvAnswer },
    /// Ask this server instead, if one is known. It answers exactly one attempt of the client.
    NotLeader {
        leader: Option<NodeId>,
        attempt: u32,
    },
}

/// How a request ended.
#[derive(Clone, Debug, Hash, Serialize)]
pub enum Reply {
    Written {
        slot: Slot,
    },
    Value {
        value: Option<String>,
        slot: Slot,
    },
    /// The value was not what a compare-and-set expected.
    ValueIs {
        value: Option<String>,
        slot: Slot,
    },
    /// A read without an answer.
    Failed {
        why: String,
    },
    /// A write without an answer: it may have taken effect, or still may.
    Unknown {
        why: String,
    },
}

impl Reply {
    pub(super) fn of(answer: KvAnswer, slot: Slot) -> Self {
        match answer {
            KvAnswer::Done => Reply::Written { slot },
            KvAnswer::Value(value) => Reply::Value { value, slot },
            KvAnswer::Differs(value) => Reply::ValueIs { value, slot },
        }
    }

    /// What it says of the key.
    pub(super) fn told(&self) -> Option<judge::Answer> {
        let word = |value: &Option<String>| value.as_deref().map(judge::Word::from);
        Some(match self {
            Reply::Written { .. } => judge::Answer::Done,
            Reply::Value { value, .. } => judge::Answer::Value(word(value)),
            Reply::ValueIs { value, .. } => judge::Answer::Refused(Some(word(value))),
            Reply::Failed { .. } | Reply::Unknown { .. } => return None,
        })
    }
}

impl Message {
    pub(super) fn glyph_override(&self) -> Option<(Shape, &'static str)> {
        match self {
            Message::ClientReply {
                answer: Answer::NotLeader { .. },
                ..
            } => Some((Shape::Nack, "✗")),
            Message::ClientRequest { op, .. } if op.is_read() => Some((Shape::Request, "R")),
            _ => None,
        }
    }

    /// What it says in a word. A heartbeat says nothing.
    pub(super) fn word(&self) -> Option<Word> {
        Some(match self {
            Message::Prepare { ballot, .. } => Word::of(format_args!("{ballot}?")),
            Message::Promise {
                ballot, accepted, ..
            } => match accepted.len() {
                0 => Word::of(format_args!("promise {ballot}")),
                some => Word::of(format_args!("{ballot}, has {some}")),
            },
            Message::Accept { slot, proposal, .. } => {
                Word::of(format_args!("{slot}: {}", proposal.value))
            }
            Message::Accepted { slot, .. } => Word::of(format_args!("ok {slot}")),
            Message::Nack { promised, .. } => Word::of(format_args!("no, {promised}")),
            Message::Heartbeat { .. } => return None,
            Message::Ask { first } => Word::of(format_args!("{first} chosen?")),
            Message::Chosen { values } => match &values[..] {
                [] => return None,
                [(slot, one)] => Word::of(format_args!("{slot}: {}", one.value)),
                [(first, _), .., (last, _)] => Word::of(format_args!("{first} to {last}")),
            },
            Message::ClientRequest { op, .. } => figures::query(op),
            Message::ClientReply { answer, .. } => answered(answer),
        })
    }
}

fn answered(answer: &Answer) -> Word {
    match answer {
        Answer::Executed { answer, .. } => match answer {
            KvAnswer::Done => Word::of("done"),
            KvAnswer::Value(None) => Word::of("no value"),
            KvAnswer::Value(Some(value)) => Word::of(value),
            KvAnswer::Differs(None) => Word::of("no: no value"),
            KvAnswer::Differs(Some(value)) => Word::of(format_args!("no: {value}")),
        },
        Answer::NotLeader {
            leader: Some(leader),
            ..
        } => Word::of(format_args!("ask {}", leader.0)),
        Answer::NotLeader { leader: None, .. } => Word::of("no leader"),
    }
}
