//! Three-phase commit: all or nothing, and nobody waits for a node that has crashed.
//!
//! **Problem.** In two-phase commit a participant that has voted yes waits for the coordinator. If that
//! one is down, the rows stay locked until it is back.
//!
//! **Idea.** One more phase. When all have voted yes, the coordinator does not say "commit" yet. It first
//! tells all that all agreed (*pre-commit*) and waits for their acknowledgements. So nobody commits while
//! some participant that runs is still *uncertain* (READY: it voted yes and knows nothing more). Then the
//! states of those that run say what may have happened elsewhere.
//!
//! **Termination** (7.5). A participant that hears nothing for too long asks the lowest participant that
//! runs to take over. This backup asks the others for their states. All are uncertain: nobody can have
//! committed, so it aborts. One has heard the pre-commit: nobody can have aborted, so it brings all to that
//! state, then commits. One knows the decision: that is it. If the backup crashes, the next one does the same.
//!
//! **The subtle point.** A node that crashed and came back takes no part in that. It may have missed a whole
//! termination, so it only asks how the transaction ended. Only when every process of the transaction has
//! crashed and is back do their states decide, since no other one can have gone on.
//!
//! **What it rests on.** Silence means a crash: timeouts are longer than any message takes, and no message
//! between two nodes that run is lost. A partition breaks that. Then each side takes the other one for
//! crashed, and both decide, perhaps differently. With the rule `quorum`, a side decides only with a
//! majority of the participants: one side then waits, as in two-phase commit. That is enough for one
//! partition; if partitions move, aborts need a phase of their own, too (Skeen 1982).
//!
//! **What survives a crash.** A participant's balance, its vote and state, its decisions; the coordinator's
//! transactions, each with its state. A node sends one message after another, so a crash may come in between.
//!
//! **References.** Skeen, "Nonblocking commit protocols", SIGMOD 1981; Bernstein, Hadzilacos and Goodman,
//! "Concurrency Control and Recovery in Database Systems", 1987, 7.5 (sections below are its own); Skeen, "A
//! quorum-based commit protocol", Berkeley Workshop 1982.

mod captions;
mod coordinator;
mod descriptor;
mod figures;
mod invariants;
mod marks;
mod outbox;
mod participant;
mod probes;
mod scenarios;
mod termination;
#[cfg(test)]
mod tests;

use std::rc::Rc;

use faultline_sim::frame::{NodeFrame, Shape, Word};
use faultline_sim::history::End;
use faultline_sim::process::{Context, NodeId, Start};
use faultline_sim::settings::Settings;
use faultline_sim::time::Duration;
use serde::Serialize;

pub use crate::parts::bank::{COORDINATOR, Decision, OPENING_BALANCE, Request, Tx};
pub use coordinator::Coordinator;
pub use descriptor::PROTOCOL;
pub use participant::Participant;

use descriptor::GAP;

/// How far a process is that has not decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// It has voted yes, or waits for votes: anything may come.
    Ready,
    /// All have voted yes.
    PreCommit,
}

faultline_sim::messages! {
    pub enum Message {
        /// Change your row by this much, together with these others.
        CanCommit { tx: Tx, change: i64, with: Rc<[NodeId]> }
            => Control "?" "asks whether it can commit",
        Vote { tx: Tx, yes: bool } => Ack "✓" "votes",
        PreCommit { tx: Tx } => Control "P" "says: all agree, prepare to commit",
        Ack { tx: Tx } => Ack "A" "acknowledges the pre-commit",
        DoCommit { tx: Tx } => Announce "C" "says: commit",
        Abort { tx: Tx } => Announce "A" "says: abort",
        HaveCommitted { tx: Tx } => Ack "H" "acknowledges the commit",
        /// You are the lowest that may run: take over from whom we do not hear any more.
        TakeOver { tx: Tx } => Election "T" "asks it to take over",
        /// A backup: how far are you?
        StateReq { tx: Tx } => Request "S" "asks for its state",
        /// `recovered`: it was down and takes no part.
        State { tx: Tx, phase: Phase, recovered: bool } => Data "S" "tells its state",
        /// One that was down: how did it end?
        Ask { tx: Tx } => Request "?" "asks how the transaction ended",
    }
}

impl Message {
    fn decided(tx: Tx, decision: Decision) -> Self {
        match decision {
            Decision::Commit => Message::DoCommit { tx },
            Decision::Abort => Message::Abort { tx },
        }
    }
}

faultline_sim::timers! {
    pub enum Timer {
        /// The next message of those that wait to be sent.
        Send { tx: Tx },
        /// The leader of the transaction has waited long enough for answers.
        Answers { tx: Tx },
        /// A process that has not decided hears nothing.
        Silence { tx: Tx },
        /// The coordinator's next transfer of its own.
        NextTransfer,
    }
}

#[derive(Clone, Debug, Hash, Serialize)]
pub enum Reply {
    Committed {
        tx: Tx,
    },
    Aborted {
        tx: Tx,
        why: String,
    },
    Failed {
        why: String,
    },
    /// The coordinator crashed when all had agreed. The others go on without it.
    Unknown {
        tx: Tx,
    },
    PaidIn {
        balance: i64,
    },
}

crate::roles! {
    pub enum Node by role_of { Coordinator, Participant }
    type Message = Message;
    type Timer = Timer;
    type Request = Request;
    type Reply = Reply;
    end end_of;
    shape shape_of;
    word word_of;
}

fn end_of(reply: &Reply) -> End {
    match reply {
        Reply::Committed { .. } | Reply::PaidIn { .. } => End::Ok,
        Reply::Aborted { .. } | Reply::Failed { .. } => End::Failed,
        Reply::Unknown { .. } => End::Unknown,
    }
}

fn role_of(me: NodeId, _settings: &Settings) -> Node {
    if me == COORDINATOR {
        Node::Coordinator(Coordinator::default())
    } else {
        Node::Participant(Participant::default())
    }
}

/// A wait that leaves a node the time to send to all participants, one after another, as often as said.
fn wait(cx: &Context<Node>, least: Duration, rounds: u64, with: &[NodeId]) -> Duration {
    Duration(least.0 + cx.duration(&GAP).0 * rounds * with.len() as u64)
}

/// A no looks like a refusal.
fn shape_of(message: &Message) -> Option<(Shape, &'static str)> {
    matches!(message, Message::Vote { yes: false, .. }).then_some((Shape::Nack, "✗"))
}

fn word_of(message: &Message) -> Option<Word> {
    Some(Word::of(match message {
        Message::CanCommit { .. } => "can you?",
        Message::Vote { yes: true, .. } => "yes",
        Message::Vote { yes: false, .. } => "no",
        Message::PreCommit { .. } => "all agree",
        Message::Ack { .. } => "ok",
        Message::DoCommit { .. } => "commit",
        Message::Abort { .. } => "abort",
        Message::HaveCommitted { .. } => "done",
        Message::TakeOver { .. } => "take over",
        Message::StateReq { .. } => "state?",
        Message::State {
            recovered: true, ..
        } => "was down",
        Message::State {
            phase: Phase::Ready,
            ..
        } => "uncertain",
        Message::State {
            phase: Phase::PreCommit,
            ..
        } => "all agreed",
        Message::Ask { .. } => "decided?",
    }))
}
