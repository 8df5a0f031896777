//! How a lying replica changes what it says. It cannot sign for others: it may show another request that a client
//! signed, vote differently to different replicas, keep a proof back, or make something up without a signature.
//!
//! All liars tell the same second story to the same replicas, so two of them work together.

use std::rc::Rc;

use faultline_sim::process::NodeId;
use faultline_sim::rng::Rng;

use super::log::State;
use super::message::digest_of;
use super::{Digest, Message, NewView, Node, Proposal, Replica, Request, ViewChange};
use crate::parts::kv::{KvAnswer, Op};

/// What a lying node says in place of a message. A client's requests are its own, so it has nothing to forge.
pub fn forge(node: &Node, message: &Message, to: NodeId, _rng: &mut Rng) -> Option<Message> {
    match node {
        Node::Replica(replica) => replica.forge(message, to),
        Node::Client(_) => None,
    }
}

/// A request that nobody signed.
fn made_up(request: &Request) -> Request {
    let mut forged = request.clone();
    match &mut forged.op {
        Op::Write { value, .. } | Op::CompareAndSet { new: value, .. } => {
            *value = "forged".to_owned()
        }
        Op::Read { key } => {
            let (key, value) = (key.clone(), "forged".to_owned());
            forged.op = Op::Write { key, value };
        }
    }
    forged
}

impl Replica {
    /// Whether this replica gets the second story: those with the higher numbers, less than half of the others.
    fn is_fooled(&self, to: NodeId) -> bool {
        to.0 > self.of / 2 + 1 && to.0 <= self.of
    }

    /// The request of the second story: the last one that has run before this one. A node may have executed this one
    /// in the same step in which it votes for it.
    fn old(&self, digest: Digest) -> Proposal {
        let all = [&self.latest, &self.earlier];
        let mut others = all.into_iter().filter(|old| digest_of(old) != digest);
        others.next().cloned().flatten()
    }

    /// The digest of the second story; of nothing, if there is no old request.
    fn other(&self, digest: Digest) -> Digest {
        match self.old(digest) {
            None => Digest(!digest.0),
            old => digest_of(&old),
        }
    }

    /// The second story, told under a number that others know another request for.
    fn second(&self, request: &Request, digest: Digest, to: NodeId) -> Option<Proposal> {
        match self.old(digest) {
            None => Some(Some(Rc::new(made_up(request)))),
            old => self.is_fooled(to).then_some(old),
        }
    }

    fn forge(&self, message: &Message, to: NodeId) -> Option<Message> {
        let fooled = self.is_fooled(to);
        Some(match message {
            Message::PrePrepare {
                view,
                n,
                digest,
                request: Some(request),
            } => {
                let (view, n) = (*view, *n);
                let request = self.second(request, *digest, to)?;
                let digest = digest_of(&request);
                Message::PrePrepare {
                    view,
                    n,
                    digest,
                    request,
                }
            }
            Message::Prepare { view, n, digest } if fooled => {
                let (view, n, digest) = (*view, *n, self.other(*digest));
                Message::Prepare { view, n, digest }
            }
            Message::Commit { view, n, digest } if fooled => {
                let (view, n, digest) = (*view, *n, self.other(*digest));
                Message::Commit { view, n, digest }
            }
            Message::Checkpoint { n, digest } if fooled => {
                let (n, digest) = (*n, Digest(!digest.0));
                Message::Checkpoint { n, digest }
            }
            Message::Reply {
                view,
                id,
                answer: KvAnswer::Value(_),
            } => Message::Reply {
                view: *view,
                id: *id,
                answer: KvAnswer::Value(Some("forged".to_owned())),
            },
            Message::ViewChange(change) => Message::ViewChange(Rc::new(ViewChange {
                prepared: Vec::new(),
                ..ViewChange::clone(change)
            })),
            Message::NewView(new) => Message::NewView(Rc::new(NewView {
                orders: Vec::new(),
                ..NewView::clone(new)
            })),
            Message::State { n, .. } => Message::State {
                n: *n,
                state: Rc::new(State::default()),
            },
            _ => return None,
        })
    }
}
