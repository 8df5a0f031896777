//! Messages, timers and requests.

use std::rc::Rc;

use faultline_sim::frame::{Shape, Word};
use faultline_sim::judge;
use serde::Serialize;

use super::{Answer, Entry, Index, Snapshot, Term, figures};
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
        /// [D] 9.6: would you vote for me in this term? It is the next one, and not begun yet.
        PreVote {
            term: Term,
            last_log_index: Index,
            last_log_term: Term,
        } => Election "P" "asks whether it could win",
        /// A yes names the term asked for, a no the term of the one who refuses.
        PreVoteReply {
            term: Term,
            vote_granted: bool,
        } => Ack "✓" "answers whether it would vote",
        /// Section 7, in one piece. `leaderId` is the sender.
        InstallSnapshot {
            term: Term,
            /// Shared by all copies of the message.
            snapshot: Rc<Snapshot>,
        } => Data "S" "sends its snapshot",
        /// `index`: the last entry known to match; 0 if the sender is no leader any more.
        InstallSnapshotReply {
            term: Term,
            index: Index,
        } => Ack "✓" "acknowledges the snapshot",
        /// [D] 3.10: ask for votes now.
        TimeoutNow {
            term: Term,
        } => Election "N" "hands its lead over",
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
        /// The requests that a leader has gathered are sent.
        Batch,
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

impl Reply {
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
    /// The term that every message between servers carries. One that nobody has begun yet counts for nothing.
    pub(super) fn term(&self) -> Option<Term> {
        match self {
            Message::RequestVote { term, .. }
            | Message::RequestVoteReply { term, .. }
            | Message::AppendEntries { term, .. }
            | Message::AppendEntriesReply { term, .. }
            | Message::InstallSnapshot { term, .. }
            | Message::InstallSnapshotReply { term, .. }
            | Message::TimeoutNow { term }
            | Message::PreVoteReply {
                term,
                vote_granted: false,
            } => Some(*term),
            Message::PreVote { .. } | Message::PreVoteReply { .. } => None,
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
            | Message::PreVoteReply {
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
    /// What it says in a word. Heartbeats and their answers say nothing.
    pub(super) fn word(&self) -> Option<Word> {
        Some(match self {
            Message::RequestVote { term, .. } => Word::of(format_args!("vote? t{term}")),
            Message::PreVote { term, .. } => Word::of(format_args!("could I win t{term}?")),
            Message::RequestVoteReply { vote_granted, .. }
            | Message::PreVoteReply { vote_granted, .. } => {
                Word::of(if *vote_granted { "yes" } else { "no" })
            }
            Message::AppendEntries { entries, .. } => return said_by(entries),
            Message::AppendEntriesReply { success: false, .. } => Word::of("no"),
            Message::AppendEntriesReply { taken: 0, .. } => return None,
            Message::AppendEntriesReply { index, .. } => Word::of(format_args!("ok {index}")),
            Message::ClientRequest { op, .. } => figures::query(op),
            Message::ClientReply { answer, .. } => answered(answer),
            Message::InstallSnapshot { snapshot, .. } => {
                Word::of(format_args!("entries 1 to {}", snapshot.index))
            }
            Message::InstallSnapshotReply { index, .. } => Word::of(format_args!("ok {index}")),
            Message::TimeoutNow { term } => Word::of(format_args!("lead t{}!", term + 1)),
        })
    }
}

/// The first entry, and how many more come with it.
fn said_by(entries: &[Entry]) -> Option<Word> {
    let first = &entries.first()?.command;
    Some(match entries.len() - 1 {
        0 => Word::of(first),
        more => Word::of(format_args!("{first} +{more}")),
    })
}

fn answered(answer: &Answer) -> Word {
    match answer {
        Answer::Written { .. } => Word::of("done"),
        Answer::Value { value: None, .. } => Word::of("no value"),
        Answer::Value {
            value: Some(value), ..
        } => Word::of(value),
        Answer::Differs { value: None, .. } => Word::of("no: no value"),
        Answer::Differs {
            value: Some(value), ..
        } => Word::of(format_args!("no: {value}")),
        Answer::NotLeader {
            leader: Some(leader),
            ..
        } => Word::of(format_args!("ask {}", leader.0)),
        Answer::NotLeader { leader: None, .. } => Word::of("no leader"),
    }
}
