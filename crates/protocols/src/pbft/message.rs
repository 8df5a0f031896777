//! What replicas and clients tell each other, with the names of the paper (4.1 to 4.4).

use std::fmt;
use std::hash::Hash;
use std::rc::Rc;

use faultline_sim::hash::stable_hash;
use faultline_sim::process::NodeId;
use serde::{Serialize, Serializer};

use super::log::State;
use crate::parts::kv::{self, KvAnswer, Op};
use crate::parts::request::RequestId;

/// A digest. A stable hash stands for one that nobody can find a second text for. Shown as four digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub u32);

impl Digest {
    pub fn of<T: Hash + ?Sized>(value: &T) -> Self {
        Self((stable_hash(value) >> 32) as u32)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04x}", self.0 >> 16)
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// <REQUEST, o, t, c>, signed by its client: the number in the id is the paper's timestamp t.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Request {
    pub id: RequestId,
    #[serde(serialize_with = "kv::in_short")]
    pub op: Op,
    pub signature: Digest,
}

impl Request {
    /// Only a client calls this, for its own requests: that is what makes it a signature.
    pub fn sign(id: RequestId, op: Op) -> Self {
        let signature = Digest::of(&(id, &op));
        Self { id, op, signature }
    }

    /// Whether its client signed it.
    pub fn is_signed(&self) -> bool {
        self.signature == Digest::of(&(self.id, &self.op))
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.id, self.op)
    }
}

/// What a sequence number may be given to: a request, or nothing at all (the null request of 4.4).
pub type Proposal = Option<Rc<Request>>;

/// In words: `n5:1 x=1`, or `null`.
pub fn in_words(proposal: &Proposal) -> String {
    match proposal {
        Some(request) => request.to_string(),
        None => "null".to_owned(),
    }
}

/// D(m). A null request has one, too.
pub fn digest_of(proposal: &Proposal) -> Digest {
    Digest::of(proposal)
}

/// The proof that a request prepared (4.4): its pre-prepare, and prepares from a quorum less the primary.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Prepared {
    pub n: u64,
    pub view: u64,
    pub digest: Digest,
    pub request: Proposal,
    /// Who signed the prepares.
    pub by: Vec<NodeId>,
}

/// <VIEW-CHANGE, v+1, n, C, P, i>.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct ViewChange {
    /// The view that it asks for.
    pub view: u64,
    pub from: NodeId,
    /// The number of the last stable checkpoint, and the digest that a quorum signed (C).
    pub stable: u64,
    pub state: Digest,
    /// P: what prepared above it.
    pub prepared: Vec<Prepared>,
}

/// <NEW-VIEW, v+1, V, O>.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct NewView {
    pub view: u64,
    /// V: the view changes that it rests on.
    pub changes: Vec<Rc<ViewChange>>,
    /// O: which number keeps which request.
    pub orders: Vec<(u64, Proposal)>,
}

faultline_sim::messages! {
    pub enum Message {
        /// From a client, or passed on by a replica to the primary.
        Request { request: Rc<Request> } as "REQUEST" => Request "R" "asks for a write or a read",
        /// Phase 1: this number is for that request.
        PrePrepare { view: u64, n: u64, digest: Digest, request: Proposal } as "PRE-PREPARE"
            => Data "PP" "gives a request its number",
        /// Phase 2: I was given that request for this number.
        Prepare { view: u64, n: u64, digest: Digest } as "PREPARE" => Ack "P" "has that request for the number",
        /// Phase 3: I know that no other request can have this number in this view.
        Commit { view: u64, n: u64, digest: Digest } as "COMMIT" => Control "C" "has enough prepares",
        Reply { view: u64, id: RequestId, answer: KvAnswer } as "REPLY" => Announce "★" "answers",
        /// My state after this number has that digest.
        Checkpoint { n: u64, digest: Digest } as "CHECKPOINT" => Control "K" "compares its state",
        ViewChange(Rc<ViewChange>) as "VIEW-CHANGE" => Election "V" "asks for a new primary",
        NewView(Rc<NewView>) as "NEW-VIEW" => Announce "N" "begins the new view",
        /// Please send me the state of your stable checkpoint, at least this one.
        Fetch { n: u64 } as "FETCH" => Request "?" "asks for the state",
        State { n: u64, state: Rc<State> } as "STATE" => Data "S" "sends its state",
    }
}
