//! Two-phase commit: one transaction over several databases, all or nothing.
//!
//! **Problem.** A transfer takes money from a row at one bank and adds it to a row at another. Both
//! must do it, or neither, although each may crash at any time and messages may be lost.
//!
//! **Idea.** One node coordinates. *Phase 1*: it asks every participant to prepare. A participant that
//! can do its part locks the row, writes down that it will, and votes yes; from then on it may not
//! change its mind. *Phase 2*: with a yes from all, the coordinator writes down "commit"; that is the
//! moment of decision. Otherwise it decides to abort. It tells everybody, and participants apply or drop
//! their part, unlock the row and acknowledge.
//!
//! **The subtle point.** A participant that has voted yes and hears nothing is *uncertain*: the
//! coordinator may have decided either way. It must wait, with its row locked, until it learns the
//! decision. If the coordinator is down, nobody may know (7.4). Before it has voted, a participant may
//! still abort alone. Cooperative termination asks the other participants, too: one that knows the
//! decision tells it, and one that has not voted aborts, which frees all.
//!
//! **Presumed abort** (Mohan and Lindsay): the coordinator writes nothing down until it commits, and
//! aborts are not acknowledged. "I know nothing about it" then means abort.
//!
//! **What survives a crash.** The coordinator's log: transactions begun, decisions that are not
//! acknowledged by all. A participant's balance, its vote and its decisions. A prepare that waits for a
//! lock is forgotten: no vote was given.
//!
//! **References.** Gray, "Notes on Data Base Operating Systems", 1978, 5.8.3.3; Bernstein, Hadzilacos
//! and Goodman, "Concurrency Control and Recovery in Database Systems", 1987, chapter 7 (sections below
//! are its own); Mohan and Lindsay, PODC 1983.

mod captions;
mod coordinator;
mod descriptor;
mod figures;
mod invariants;
mod marks;
mod participant;
mod probes;
mod scenarios;
#[cfg(test)]
mod tests;

use std::rc::Rc;

use faultline_sim::frame::{NodeFrame, Shape, Word};
use faultline_sim::history::End;
use faultline_sim::judge::{Answer, Asked, Call, Model};
use faultline_sim::process::{Context, NodeId, Start};
use faultline_sim::settings::Settings;
use faultline_sim::world::World;
use serde::Serialize;

pub use crate::parts::bank::{COORDINATOR, Decision, OPENING_BALANCE, Request, Tx};
pub use coordinator::Coordinator;
pub use descriptor::PROTOCOL;
pub use participant::Participant;

use crate::parts::bank::changes;

faultline_sim::messages! {
    pub enum Message {
        /// Change your row by this much, together with these others.
        Prepare { tx: Tx, change: i64, with: Rc<[NodeId]> }
            => Control "P" "asks whether it can commit",
        Vote { tx: Tx, yes: bool } => Ack "✓" "votes",
        Commit { tx: Tx } => Announce "C" "says: commit",
        Abort { tx: Tx } => Announce "A" "says: abort",
        Ack { tx: Tx } => Ack "A" "acknowledges the decision",
        /// An uncertain participant: how did it end?
        Ask { tx: Tx } => Request "?" "asks how the transaction ended",
    }
}

impl Message {
    fn decided(tx: Tx, decision: Decision) -> Self {
        match decision {
            Decision::Commit => Message::Commit { tx },
            Decision::Abort => Message::Abort { tx },
        }
    }
}

faultline_sim::timers! {
    pub enum Timer {
        /// The coordinator has waited long enough for votes.
        Votes { tx: Tx },
        /// A decision is not acknowledged by all.
        Resend { tx: Tx },
        /// A participant that voted yes has not heard the decision.
        Uncertain { tx: Tx },
        /// The coordinator's next transfer of its own.
        NextTransfer,
    }
}

#[derive(Clone, Debug, Hash, Serialize)]
pub enum Reply {
    Committed { tx: Tx },
    Aborted { tx: Tx, why: String },
    Failed { why: String },
}

crate::roles! {
    pub enum Node by role_of { Coordinator, Participant }
    type Message = Message;
    type Timer = Timer;
    type Request = Request;
    type Reply = Reply;
    end end_of;
    judged objects, asked, told;
    shape shape_of;
    word word_of;
}

fn end_of(reply: &Reply) -> End {
    match reply {
        Reply::Committed { .. } => End::Ok,
        Reply::Aborted { .. } | Reply::Failed { .. } => End::Failed,
    }
}

/// The accounts of all banks.
fn objects(_settings: &Settings) -> Option<Model> {
    Some(Model::Bank {
        opening: OPENING_BALANCE,
    })
}

fn asked(request: &Request, _node: NodeId, world: &World) -> Option<Asked> {
    let banks: Vec<NodeId> = world.ids().filter(|id| *id != COORDINATOR).collect();
    let changes = changes(request, banks.into_iter()).ok()?;
    let change = |(bank, by): (&NodeId, &i64)| (Rc::from(bank.to_string()), *by);
    let changes = changes.iter().map(change).collect();
    Some(Asked::only(Call::Transfer(changes)))
}

/// An abort has many reasons, so it says nothing of the balances.
fn told(reply: &Reply) -> Option<Answer> {
    matches!(reply, Reply::Committed { .. }).then_some(Answer::Done)
}

fn role_of(me: NodeId, _settings: &Settings) -> Node {
    if me == COORDINATOR {
        Node::Coordinator(Coordinator::default())
    } else {
        Node::Participant(Participant::default())
    }
}

/// A no looks like a refusal.
fn shape_of(message: &Message) -> Option<(Shape, &'static str)> {
    matches!(message, Message::Vote { yes: false, .. }).then_some((Shape::Nack, "✗"))
}

fn word_of(message: &Message) -> Option<Word> {
    Some(Word::of(match message {
        Message::Prepare { .. } => "prepare?",
        Message::Vote { yes: true, .. } => "yes",
        Message::Vote { yes: false, .. } => "no",
        Message::Commit { .. } => "commit",
        Message::Abort { .. } => "abort",
        Message::Ack { .. } => "ok",
        Message::Ask { .. } => "decided?",
    }))
}
