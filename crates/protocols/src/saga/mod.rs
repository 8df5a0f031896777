//! Sagas: a long piece of work in small steps, each of which can be undone.
//!
//! **Problem.** A journey needs a flight, a hotel and a car, from three services. One transaction over all
//! three would lock rows at each of them until the slowest has answered, or until a crashed coordinator is
//! back. Others would have to wait, perhaps for hours.
//!
//! **Idea.** A *saga* is a sequence of transactions T1, T2, … Tn. Each of them commits on its own, at one
//! service, and unlocks its row at once. For each Ti there is a *compensating transaction* Ci, which undoes
//! what Ti did. The system promises that one of two things happens: T1, T2, … Tn, or
//! T1, T2, … Tj, Cj, … C2, C1 (section 1). If a step fails, those before it are undone in reverse order.
//!
//! **Who runs it.** With an *orchestrator*, one node asks one service after another, and writes down how far
//! it is (the paper's saga execution component and its log, section 4). With a *choreography* each service
//! asks the next one, and a service that fails asks the one before it to undo its step. Then nobody has to
//! ask twice but node 1, which begins again from the front until it hears the end: every step knows what it
//! has done.
//!
//! **The subtle points.** A step may be asked for twice, since an answer can be lost, so each one is done once
//! for each trip. A compensation must not fail: it is tried until it is confirmed. An orchestrator that gives
//! up on a step does not know whether the step was done, so it undoes this one, too. Then the compensation
//! may arrive before its step. The service must remember it, and refuse the step that comes too late.
//!
//! **What it gives up.** There is no isolation: others see T1 … Tj before they are undone (section 1). A
//! service that has sold its last place refuses the next customer, and a moment later the place is back. A
//! compensation does not bring back the state of before, since others may have acted on it; it undoes the
//! step in the words of the application (a *semantic* undo).
//!
//! **What survives a crash.** The orchestrator's trips and how far each is; a service's places, and what
//! became of each trip there.
//!
//! **References.** Garcia-Molina and Salem, "Sagas", SIGMOD 1987 (sections below are its own). Orchestration and
//! choreography are words of a later time, as in Richardson, "Microservices Patterns", 2018, chapter 4.

mod captions;
mod descriptor;
mod figures;
mod invariants;
mod marks;
mod orchestrator;
mod probes;
mod scenarios;
mod service;
#[cfg(test)]
mod tests;

use std::fmt;
use std::rc::Rc;

use faultline_sim::descriptor::{RequestForm, json};
use faultline_sim::frame::{NodeFrame, Shape, Word};
use faultline_sim::history::End;
use faultline_sim::process::{Context, NodeId, Start};
use faultline_sim::settings::Settings;
use serde::{Deserialize, Serialize};

pub use descriptor::PROTOCOL;
pub use orchestrator::Orchestrator;
pub use service::Service;

/// The node that is asked for trips.
pub const ORCHESTRATOR: NodeId = NodeId(1);

/// A saga's number, from 1, written `trip 1`. (The paper's T1, T2 … are its steps.)
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Trip(pub u64);

impl fmt::Display for Trip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "trip {}", self.0)
    }
}

impl From<Trip> for faultline_sim::mark::Value {
    fn from(trip: Trip) -> Self {
        trip.0.into()
    }
}

faultline_sim::messages! {
    pub enum Message {
        /// Do your step of a trip. Its services, in the order of their steps.
        Book { trip: Trip, along: Rc<[NodeId]> } => Control "T" "asks for a place",
        Booked { trip: Trip } => Ack "✓" "has booked a place",
        Refused { trip: Trip } => Nack "✗" "has no place",
        /// Undo your step: this one, from 1, has failed.
        Undo { trip: Trip, along: Rc<[NodeId]>, failed: u32 } => Control "C" "asks to undo the step",
        Undone { trip: Trip, failed: u32 } => Ack "U" "has undone its step",
        /// The last service of a choreography: all steps are done.
        AllBooked { trip: Trip } => Announce "!" "says that all steps are done",
    }
}

faultline_sim::timers! {
    pub enum Timer {
        /// No answer has come.
        Retry { trip: Trip },
        /// The orchestrator's next trip of its own.
        NextTrip,
    }
}

#[derive(Clone, Debug, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// At the orchestrator: a trip over all services.
    Book,
    /// At a service: one place for a customer who wants nothing else.
    Buy,
}

pub const REQUESTS: [RequestForm; 2] = [
    RequestForm::new("Book a trip", || json(Request::Book)).of_role("orchestrator"),
    RequestForm::new("Buy one place here, without a trip", || json(Request::Buy))
        .of_role("service"),
];

#[derive(Clone, Debug, Hash, Serialize)]
pub enum Reply {
    Booked {
        trip: Trip,
    },
    /// A step failed (from 1), and all others are undone.
    Undone {
        trip: Trip,
        failed: u32,
    },
    /// One place, without a trip.
    Sold {
        left: u32,
    },
    Failed {
        why: String,
    },
    /// The orchestrator crashed and does not know the trip any more.
    Unknown {
        trip: Trip,
    },
}

crate::roles! {
    pub enum Node by role_of { Orchestrator, Service }
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
        Reply::Booked { .. } | Reply::Sold { .. } => End::Ok,
        Reply::Undone { .. } | Reply::Failed { .. } => End::Failed,
        Reply::Unknown { .. } => End::Unknown,
    }
}

fn role_of(me: NodeId, settings: &Settings) -> Node {
    if me == ORCHESTRATOR {
        Node::Orchestrator(Orchestrator::default())
    } else {
        Node::Service(Service::new(descriptor::stock(me, settings)))
    }
}

/// A compensation looks like what goes back.
fn shape_of(message: &Message) -> Option<(Shape, &'static str)> {
    matches!(message, Message::Undo { .. }).then_some((Shape::Nack, "C"))
}

fn word_of(message: &Message) -> Option<Word> {
    Some(Word::of(match message {
        Message::Book { .. } => "book",
        Message::Booked { .. } => "booked",
        Message::Refused { .. } => "no place",
        Message::Undo { .. } => "undo",
        Message::Undone { .. } => "undone",
        Message::AllBooked { .. } => "all booked",
    }))
}
