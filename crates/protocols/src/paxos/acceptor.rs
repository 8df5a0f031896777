//! An acceptor: promises, accepts, and remembers both (2.2, 2.5).

use faultline_sim::frame::NodeFrame;
use faultline_sim::process::{Context, NodeId};
use faultline_sim::settings::Settings;
use faultline_sim::sorted::SortedMap;
use serde::Serialize;

use super::descriptor::{NACK, PROMISE, STABLE};
use super::{Ballot, Message, Node, Proposal, Reply, Request, figures, learners, marks, reply};
use crate::parts::roles::Role;

/// Ballots that its picture shows at most: the highest.
const SHOWN: usize = 8;

/// What an acceptor did in a ballot: for its picture only.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Seen {
    pub prepare: &'static str,
    pub accept: String,
}

#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Acceptor {
    // On disk (2.5).
    /// The highest ballot that it has promised.
    pub promised: Ballot,
    /// The highest proposal that it has accepted.
    pub accepted: Option<Proposal>,
    // Lost in a crash; nothing depends on it.
    pub seen: SortedMap<Ballot, Seen>,
}

impl Role for Acceptor {
    type Of = Node;

    fn on_message(&mut self, cx: &mut Context<Node>, from: NodeId, message: Message) {
        match message {
            Message::Prepare { ballot } => self.receive_prepare(cx, from, ballot),
            Message::Accept { proposal } => self.receive_accept(cx, from, proposal),
            Message::Ask => {
                if let Some(proposal) = self.accepted.clone() {
                    cx.send(from, Message::Accepted { proposal });
                }
            }
            _ => {}
        }
    }

    fn on_request(&mut self, cx: &mut Context<Node>, _request: Request) {
        let why = "an acceptor takes no requests: ask a proposer or a learner".to_owned();
        reply(cx, Reply::Failed { why });
    }

    fn recover(&self, cx: &mut Context<Node>) -> Self {
        if !cx.switch(&STABLE) {
            return Self::default();
        }
        Self {
            promised: self.promised,
            accepted: self.accepted.clone(),
            ..Self::default()
        }
    }

    fn draw(&self, _settings: &Settings, to: &mut NodeFrame) {
        figures::draw_acceptor(self, to);
    }

    fn timeless(&self, _settings: &Settings) -> Option<Self> {
        Some(Self {
            seen: SortedMap::new(),
            ..self.clone()
        })
    }
}

impl Acceptor {
    /// P1a: it has promised no higher ballot.
    fn may_take_part(&self, cx: &Context<Node>, ballot: Ballot) -> bool {
        ballot >= self.promised || !cx.switch(&PROMISE)
    }

    /// "Stable storage, preserved during failures, is used to maintain the information that the acceptor must
    /// remember" (2.5), before it answers.
    fn store(&self, cx: &mut Context<Node>) {
        if cx.switch(&STABLE) {
            cx.write();
        }
    }

    /// Phase 1b. A ballot belongs to one proposer, so the same one again is a copy and gets the same
    /// answer.
    fn receive_prepare(&mut self, cx: &mut Context<Node>, from: NodeId, ballot: Ballot) {
        if !self.may_take_part(cx, ballot) {
            return self.refuse(cx, from, ballot, false);
        }
        if ballot > self.promised {
            self.store(cx);
            self.promised = ballot;
            cx.mark(&marks::PROMISES, ballot);
        }
        self.note(ballot).prepare = "promised";
        let accepted = self.accepted.clone();
        cx.send(from, Message::Promise { ballot, accepted });
    }

    /// Phase 2b.
    fn receive_accept(&mut self, cx: &mut Context<Node>, from: NodeId, proposal: Proposal) {
        let ballot = proposal.ballot;
        if !self.may_take_part(cx, ballot) {
            return self.refuse(cx, from, ballot, true);
        }
        // Who accepts has promised, too: a majority may come without this acceptor's promise.
        self.promised = self.promised.max(ballot);
        if self.accepted.as_ref() != Some(&proposal) {
            cx.mark(&marks::ACCEPTS, (ballot, &*proposal.value));
            self.store(cx);
            self.accepted = Some(proposal.clone());
        }
        self.note(ballot).accept = format!("accepted {}", proposal.value);
        let to = learners(cx.settings());
        cx.send_all(&to, Message::Accepted { proposal });
    }

    /// To be silent would be as safe. An answer saves the proposer a wait (2.2).
    fn refuse(&mut self, cx: &mut Context<Node>, to: NodeId, ballot: Ballot, accept: bool) {
        let promised = self.promised;
        cx.mark(&marks::REFUSES, (ballot, promised));
        let seen = self.note(ballot);
        match accept {
            true => "refused".clone_into(&mut seen.accept),
            false => seen.prepare = "refused",
        }
        if cx.switch(&NACK) {
            cx.send(to, Message::Nack { ballot, promised });
        }
    }

    fn note(&mut self, ballot: Ballot) -> &mut Seen {
        if self.seen.len() >= SHOWN
            && !self.seen.contains_key(&ballot)
            && let Some((lowest, _)) = self.seen.first_key_value()
        {
            let lowest = *lowest;
            self.seen.remove(&lowest);
        }
        self.seen.entry(ballot).or_default()
    }
}
