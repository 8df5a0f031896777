//! Practical Byzantine fault tolerance: replicas agree on one order of requests, although some of them lie.
//!
//! **Problem.** A service runs on several replicas. Some are broken or taken over by an attacker: they are
//! silent, or they say one thing to some and another thing to others. All honest replicas must execute the same
//! requests in the same order, and clients must get right answers.
//!
//! **Idea.** With n replicas, up to f = ⌊(n − 1) / 3⌋ may lie. One replica is the *primary* of a *view*; it gives
//! each request a sequence number (*pre-prepare*). The others tell everybody which request they were given for
//! that number (*prepare*). Enough matching prepares show that no other request can get this number in this view.
//! Then all say so (*commit*), and enough commits show that honest replicas know it even if the view ends. Each
//! replica executes in the order of numbers and answers the client, which believes f + 1 equal answers: one of
//! them is honest.
//!
//! **The subtle point.** A quorum is larger than a majority. Two quorums must share an honest replica, so they
//! must share f + 1: of 3f + 1 replicas a quorum is 2f + 1. It must also be there when f replicas are silent,
//! which is why n = 3f is too few. With other numbers of replicas we take the least quorum with such an overlap,
//! ⌊(n + f) / 2⌋ + 1; the paper always has n = 3f + 1.
//!
//! **View change** (4.4). A replica that waits too long for a request to be executed asks for the next view. It
//! shows what it has prepared, as certificates. The new primary puts a quorum of these messages into its
//! *new view*, and anybody can work out from them which requests keep their numbers; a number in between that
//! nobody can prove gets a *null* request. So what one honest replica executed is never given another number.
//!
//! **Checkpoints** (4.3). After every K numbers the replicas compare digests of their states. A quorum of equal
//! ones makes a *stable* checkpoint: the low watermark h moves there, and the log below it is thrown away. Numbers
//! must lie between h and H = h + L, so that a lying primary cannot use up all numbers.
//!
//! **What is a model here.** Messages are authenticated by the kernel: a node cannot send in the name of another.
//! A client's *signature* and all *digests* are cheap stable hashes; the liar's program simply never signs for
//! others. Certificates name their signers, and a liar can leave one out but not make one up.
//!
//! **Ours.** A node keeps its whole state on disk, so that a crash is a pause. A replica that misses a checkpoint
//! fetches the state (TOCS 5.3, without its tree of pages). A view change that gets too few messages is
//! sent again, and who is behind is told the new view again (in place of TOCS 5.2's status messages).
//!
//! **References.** Castro and Liskov, "Practical Byzantine Fault Tolerance", OSDI 1999 (sections above and below);
//! the same with state transfer and proactive recovery in ACM TOCS 20(4), 2002; Lamport, Shostak and Pease, "The
//! Byzantine Generals Problem", ACM TOPLAS 4(3), 1982 (why 3f + 1).

mod captions;
mod checkpoint;
mod client;
mod descriptor;
mod figures;
mod forge;
mod invariants;
mod liars;
mod log;
mod marks;
mod message;
mod probes;
mod replica;
mod scenarios;
#[cfg(test)]
mod tests;
mod view_change;

use faultline_sim::frame::{NodeFrame, Word};
use faultline_sim::history::End;
use faultline_sim::judge::{self, Asked, Model};
use faultline_sim::process::{Context, NodeId, Start};
use faultline_sim::settings::Settings;
use faultline_sim::world::World;
use serde::Serialize;

use crate::parts::kv::{KvAnswer, Op};
use crate::parts::request::RequestId;
pub use client::Client;
pub use descriptor::PROTOCOL;
use descriptor::{INTERVAL, NODES, QUORUM};
pub use message::{Digest, Message, NewView, Prepared, Proposal, Request, ViewChange};
pub use replica::Replica;

faultline_sim::timers! {
    pub enum Timer {
        /// A replica waits for a request to be executed, or for a new view.
        Patience,
        /// A client: the current try of this request times out.
        Retry { request: u64 },
        /// A client: the next request of its own.
        NextRequest,
    }
}

/// How a request ended.
#[derive(Clone, Debug, Hash, Serialize)]
pub enum Reply {
    Written {
        id: RequestId,
    },
    Value {
        value: Option<String>,
    },
    /// The value was not what a compare-and-set expected.
    ValueIs {
        value: Option<String>,
    },
    /// It had no effect.
    Failed {
        why: String,
    },
    /// A write without an answer: it may have taken effect, or still may.
    Unknown {
        why: String,
    },
}

crate::roles! {
    pub enum Node by role_of { Replica, Client }
    type Message = Message;
    type Timer = Timer;
    type Request = Op;
    type Reply = Reply;
    end end_of;
    judged objects, asked, told;
    word word_of;
    forge forge::forge;
}

/// Replicas first; the others, and those who are added later, are clients.
fn role_of(me: NodeId, settings: &Settings) -> Node {
    match is_replica(settings, me) {
        true => Node::Replica(Replica::new(settings)),
        false => Node::Client(Client::default()),
    }
}

pub fn is_replica(settings: &Settings, id: NodeId) -> bool {
    id.0 <= settings.count(&NODES)
}

/// All replicas, which are known to all and never change.
pub fn replicas(settings: &Settings) -> Vec<NodeId> {
    (1..=settings.count(&NODES)).map(NodeId).collect()
}

/// f: how many replicas may lie.
pub fn faulty(settings: &Settings) -> u32 {
    (settings.count(&NODES).max(1) - 1) / 3
}

/// How many replicas must say the same. Any two such groups share f + 1 of n; with n = 3f + 1 it is 2f + 1.
pub fn quorum(settings: &Settings) -> u32 {
    let (n, f) = (settings.count(&NODES), faulty(settings));
    match settings.switch(&QUORUM) {
        true => (n + f) / 2 + 1,
        false => f + 1,
    }
}

/// L: how many numbers may lie between the watermarks, two intervals of checkpoints (4.3).
pub fn window(settings: &Settings) -> u64 {
    u64::from(2 * settings.count(&INTERVAL))
}

/// The primary of a view: p = v mod |R| (4), with nodes numbered from 1.
pub fn primary(view: u64, settings: &Settings) -> NodeId {
    NodeId((view % u64::from(settings.count(&NODES).max(1))) as u32 + 1)
}

fn end_of(reply: &Reply) -> End {
    match reply {
        Reply::Written { .. } | Reply::Value { .. } | Reply::ValueIs { .. } => End::Ok,
        Reply::Failed { .. } => End::Failed,
        Reply::Unknown { .. } => End::Unknown,
    }
}

fn objects(_settings: &Settings) -> Option<Model> {
    Some(Model::STORE)
}

fn asked(request: &Op, _node: NodeId, _world: &World) -> Option<Asked> {
    Some(request.asked())
}

fn told(reply: &Reply) -> Option<judge::Answer> {
    let word = |value: &Option<String>| value.as_deref().map(judge::Word::from);
    Some(match reply {
        Reply::Written { .. } => judge::Answer::Done,
        Reply::Value { value } => judge::Answer::Value(word(value)),
        Reply::ValueIs { value } => judge::Answer::Refused(Some(word(value))),
        Reply::Failed { .. } | Reply::Unknown { .. } => return None,
    })
}

/// An answer in a word.
fn in_short(answer: &KvAnswer) -> String {
    match answer {
        KvAnswer::Done => "done".to_owned(),
        KvAnswer::Value(Some(value)) => value.clone(),
        KvAnswer::Value(None) => "none".to_owned(),
        KvAnswer::Differs(_) => "differs".to_owned(),
    }
}

fn word_of(message: &Message) -> Option<Word> {
    Some(match message {
        Message::Request { request } => figures::query(&request.op),
        Message::PrePrepare { n, request, .. } => match request {
            Some(request) => Word::of(format_args!("{n}: {}", request.op)),
            None => Word::of(format_args!("{n}: null")),
        },
        Message::Prepare { n, digest, .. } | Message::Commit { n, digest, .. } => {
            Word::of(format_args!("{n}: {digest}"))
        }
        Message::Reply { answer, .. } => Word::of(in_short(answer)),
        Message::Checkpoint { n, .. } => Word::of(format_args!("state {n}")),
        Message::ViewChange(change) => Word::of(format_args!("view {}?", change.view)),
        Message::NewView(new) => Word::of(format_args!("view {}", new.view)),
        Message::Fetch { n } => Word::of(format_args!("state {n}?")),
        Message::State { n, .. } => Word::of(format_args!("state {n}")),
    })
}
