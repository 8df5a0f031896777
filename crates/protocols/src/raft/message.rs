//! Messages, timers and requests.

use std::rc::Rc;

use faultline_sim::frame::Shape;
use serde::Serialize;

use super::{Answer, Entry, Index, Term};
use crate::parts::kv::{self, Op};
use crate::parts::request::RequestId;

faultline_sim::messages! {
    pub enum Message {
        /// `candidateId` is the sender.
        RequestVote {
            term: Term,
            last_log_index: Index,
            last_log_term: Term,
        } => Election "V" "asks for a vote",
        RequestVoteReply {
            term: Term,
            vote_granted: bool,
        } => Ack "✓" "answers with its vote",
        /// `leaderId` is the sender. Empty: a heartbeat. `round` numbers the exchanges that confirm
        /// reads (section 8).
        AppendEntries {
            term: Term,
            prev_log_index: Index,
            prev_log_term: Term,
            /// Shared by all copies of the message.
            entries: Rc<[Entry]>,
            leader_commit: Index,
            round: u64,
        } => Data "E" "sends entries or a heartbeat",
        /// `index`: on success the last entry known to match, else the `prev_log_index` refused. `taken`:
        /// how many entries came; 0 answers a heartbeat.
        AppendEntriesReply {
            term: Term,
            success: bool,
            index: Index,
            taken: u64,
            round: u64,
        } => Ack "✓" "acknowledges",
        /// `attempt`: how often the client has sent this request.
        ClientRequest {
            id: RequestId,
            attempt: u32,
            #[serde(serialize_with = "kv::in_short")]
            op: Op,
        } => Request "W" "asks for a write or a read",
        ClientReply {
            id: RequestId,
            answer: Answer,
        } => Announce "★" "answers with the result",
    }
}

faultline_sim::timers! {
    pub enum Timer {
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

/// How a request ended.
#[derive(Clone, Debug, Hash, Serialize)]
pub enum Reply {
    Written {
        index: Index,
    },
    Value {
        value: Option<String>,
        index: Index,
    },
    /// The value was not what a compare-and-set expected.
    ValueIs {
        value: Option<String>,
        index: Index,
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

impl Message {
    /// The term that every message between servers carries.
    pub(super) fn term(&self) -> Option<Term> {
        match self {
            Message::RequestVote { term, .. }
            | Message::RequestVoteReply { term, .. }
            | Message::AppendEntries { term, .. }
            | Message::AppendEntriesReply { term, .. } => Some(*term),
            Message::ClientRequest { .. } | Message::ClientReply { .. } => None,
        }
    }

    /// A refusal among answers, a heartbeat among entries.
    pub(super) fn glyph_override(&self) -> Option<(Shape, &'static str)> {
        match self {
            Message::AppendEntries { entries, .. } if entries.is_empty() => {
                Some((Shape::Heartbeat, ""))
            }
            Message::AppendEntriesReply {
                success: true,
                taken: 0,
                ..
            } => Some((Shape::Heartbeat, "")),
            Message::RequestVoteReply {
                vote_granted: false,
                ..
            }
            | Message::AppendEntriesReply { success: false, .. }
            | Message::ClientReply {
                answer: Answer::NotLeader { .. },
                ..
            } => Some((Shape::Nack, "✗")),
            Message::ClientRequest { op, .. } if op.is_read() => Some((Shape::Request, "R")),
            _ => None,
        }
    }
}
