//! Paxos: several nodes choose one value, although some crash and messages get lost.
//!
//! **Problem.** Proposers want different values. Only one may be *chosen*, for ever, and learners must
//! find out which. Any node may crash and restart, messages may be lost, late or repeated, and nobody
//! can tell a slow node from one that is down.
//!
//! **Idea.** A value is chosen when a majority of *acceptors* has accepted it in one *ballot*. Any two
//! majorities share an acceptor. *Phase 1*: a proposer picks a ballot and asks the acceptors to prepare.
//! An acceptor promises to accept nothing in a lower ballot, and reports what it has accepted so far.
//! *Phase 2*: with promises from a majority, the proposer asks them to accept a value. Each acceptor
//! that accepts tells all learners; a learner that hears it from a majority knows what is chosen.
//!
//! **The subtle point.** The proposer may not choose its value freely (P2c): if a promise reports an
//! accepted value, it must propose that one, and of several the one with the highest ballot. That value
//! may be chosen already, and nobody may know. So a later ballot repeats an earlier choice.
//!
//! **No liveness.** Two proposers may overtake each other for ever (2.4). Then nothing is chosen, and
//! nothing goes wrong either. A random wait, or one distinguished proposer, ends the duel; no rule
//! ends it for sure (Fischer, Lynch and Paterson, 1985).
//!
//! **What survives a crash** (2.5). An acceptor's promise and what it has accepted; a proposer's highest
//! ballot, so that it never uses one twice, and its client's value; what a learner has learned. Written
//! before the answer leaves.
//!
//! **Our additions.** A refusal names the higher ballot, so that one message is enough to catch up. A learner
//! that hears nothing asks the acceptors, then lets a proposer finish (2.3). Nobody tells the proposer
//! what is chosen: in the paper that is the business of learners.
//!
//! **References.** Lamport, "Paxos Made Simple", ACM SIGACT News 32(4), 2001: sections below are its own;
//! first in "The Part-Time Parliament", ACM TOCS 16(2), 1998, which says *ballot* where the later paper
//! says *proposal number*.

mod acceptor;
mod captions;
mod chosen;
mod descriptor;
mod figures;
mod invariants;
mod learner;
mod marks;
mod probes;
mod proposer;
mod scenarios;
#[cfg(test)]
mod tests;

use std::fmt;
use std::rc::Rc;

use faultline_sim::frame::{NodeFrame, Word};
use faultline_sim::history::End;
use faultline_sim::mark;
use faultline_sim::process::{Context, NodeId, Start};
use faultline_sim::quorum::majority;
use faultline_sim::settings::Settings;
use serde::{Deserialize, Serialize, Serializer};

pub use acceptor::Acceptor;
pub use descriptor::PROTOCOL;
use descriptor::{ACCEPTORS, LEARNERS, MAJORITY, PROPOSERS};
pub use learner::Learner;
pub use proposer::{Phase, Proposer};

/// What clients want to be chosen.
pub type Value = Rc<str>;

/// A proposal's number (2.2): a round, and the proposer that it belongs to, so that no two proposers
/// ever use the same one. Written `2.1`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ballot {
    pub round: u32,
    /// 0: the round alone, where the rule is off.
    pub proposer: u32,
}

impl Ballot {
    /// Lower than every ballot: nothing was promised yet.
    pub const NONE: Self = Self {
        round: 0,
        proposer: 0,
    };
}

impl fmt::Display for Ballot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.round, self.proposer) {
            (0, _) => f.write_str("none"),
            (round, 0) => write!(f, "{round}"),
            (round, proposer) => write!(f, "{round}.{proposer}"),
        }
    }
}

impl Serialize for Ballot {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl From<Ballot> for mark::Value {
    fn from(ballot: Ballot) -> Self {
        ballot.to_string().into()
    }
}

/// A number and a value (2.2), written `2.1 = red`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Proposal {
    pub ballot: Ballot,
    pub value: Value,
}

impl fmt::Display for Proposal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {}", self.ballot, self.value)
    }
}

impl Serialize for Proposal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

faultline_sim::messages! {
    pub enum Message {
        /// Phase 1a: promise me this ballot.
        Prepare { ballot: Ballot } => Election "P" "asks for a promise",
        /// Phase 1b: with the highest proposal that the acceptor has accepted, if any.
        Promise { ballot: Ballot, accepted: Option<Proposal> } => Ack "✓" "promises",
        /// Phase 2a.
        Accept { proposal: Proposal } => Data "A" "asks to accept",
        /// Phase 2b, to the learners.
        Accepted { proposal: Proposal } => Announce "A" "has accepted",
        /// A ballot is refused, because a higher one was promised.
        Nack { ballot: Ballot, promised: Ballot } => Nack "✗" "refuses",
        /// A learner has not learned: to acceptors, what have you accepted? To a proposer: please finish.
        Ask => Request "?" "asks what was accepted",
        /// A client's value, for the distinguished proposer.
        Forward { value: Value } => Control "F" "passes on a value",
    }
}

faultline_sim::timers! {
    pub enum Timer {
        /// Too few promises have come.
        Patience { ballot: Ballot },
        /// The proposer has its promises, and its value is ready now.
        Ready { ballot: Ballot },
        /// A proposer that was overtaken starts again.
        Retry,
        /// A learner that has not learned asks.
        Ask,
    }
}

/// What a person may ask of a node.
#[derive(Clone, Debug, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// Of a proposer: try to have this value chosen.
    Propose { value: String },
    /// Of a learner: what is chosen?
    Read,
}

#[derive(Clone, Debug, Hash, Serialize)]
pub enum Reply {
    /// The proposer tries. Only a learner can tell how it ends.
    Proposes {
        ballot: Ballot,
    },
    PassedOn {
        to: NodeId,
    },
    Learned {
        value: Value,
    },
    Failed {
        why: String,
    },
}

crate::roles! {
    pub enum Node by role_of { Proposer, Acceptor, Learner }
    type Message = Message;
    type Timer = Timer;
    type Request = Request;
    type Reply = Reply;
    end end_of;
    word word_of;
}

fn end_of(reply: &Reply) -> End {
    match reply {
        Reply::Failed { .. } => End::Failed,
        _ => End::Ok,
    }
}

/// Proposers first, then acceptors, then learners. A node that joins later is a learner.
fn role_of(me: NodeId, settings: &Settings) -> Node {
    let proposers = settings.count(&PROPOSERS);
    if me.0 <= proposers {
        Node::Proposer(Proposer::default())
    } else if me.0 <= proposers + settings.count(&ACCEPTORS) {
        Node::Acceptor(Acceptor::default())
    } else {
        Node::Learner(Learner::default())
    }
}

/// The acceptors, which are known to all and never change.
pub fn acceptors(settings: &Settings) -> Vec<NodeId> {
    let first = settings.count(&PROPOSERS) + 1;
    (first..first + settings.count(&ACCEPTORS))
        .map(NodeId)
        .collect()
}

/// The learners that a run begins with.
pub fn learners(settings: &Settings) -> Vec<NodeId> {
    let first = settings.count(&PROPOSERS) + settings.count(&ACCEPTORS) + 1;
    (first..first + settings.count(&LEARNERS))
        .map(NodeId)
        .collect()
}

/// How many acceptors must promise or accept. Off, two halves need not share an acceptor.
pub fn quorum(settings: &Settings) -> u32 {
    let acceptors = settings.count(&ACCEPTORS);
    match settings.switch(&MAJORITY) {
        true => majority(acceptors),
        false => (acceptors / 2).max(1),
    }
}

/// Ends the request that is being handled.
fn reply(cx: &mut Context<Node>, reply: Reply) {
    if let Some(operation) = cx.operation() {
        cx.reply(operation, reply);
    }
}

fn word_of(message: &Message) -> Option<Word> {
    Some(match message {
        Message::Prepare { ballot } => Word::of(format_args!("{ballot}?")),
        Message::Promise {
            accepted: Some(reported),
            ..
        } => Word::of(format_args!("has {} {}", reported.ballot, reported.value)),
        Message::Promise { ballot, .. } => Word::of(format_args!("promise {ballot}")),
        Message::Accept { proposal } => Word::of(format_args!("{proposal}?")),
        Message::Accepted { proposal } => Word::of(proposal),
        Message::Nack { promised, .. } => Word::of(format_args!("no, {promised}")),
        Message::Ask => Word::of("accepted?"),
        Message::Forward { value } => Word::of(format_args!("wants {value}")),
    })
}
