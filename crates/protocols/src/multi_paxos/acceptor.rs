//! The acceptor in a server: promises for all slots at once, accepts slot by slot, and remembers (2.2, 2.5).

use faultline_sim::process::{Context, NodeId};
use faultline_sim::shared::SharedMap;
use serde::Serialize;

use super::descriptor::{KEEP_ACCEPTED, KEEP_PROMISE, PROMISE};
use super::message::Proposals;
use super::{Ballot, Message, Phase, Proposal, Server, Slot, marks};

/// All of it is on disk (2.5).
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Acceptor {
    /// The highest ballot that it has promised, for every slot.
    pub promised: Ballot,
    /// The proposal of the highest ballot that it has accepted in each slot.
    pub accepted: SharedMap<Slot, Proposal>,
}

impl Server {
    /// P1a: it has promised no higher ballot.
    fn may_take_part(&self, cx: &Context<Self>, ballot: Ballot) -> bool {
        ballot >= self.acceptor.promised || !cx.switch(&PROMISE)
    }

    /// Remembers a promise, on disk before it is told.
    pub(super) fn promise(&mut self, cx: &mut Context<Self>, ballot: Ballot) {
        if ballot > self.acceptor.promised {
            if cx.switch(&KEEP_PROMISE) {
                cx.write();
            }
            self.acceptor.promised = ballot;
        }
    }

    /// Phase 1b, for all slots from `first` on.
    pub(super) fn receive_prepare(
        &mut self,
        cx: &mut Context<Self>,
        from: NodeId,
        ballot: Ballot,
        first: Slot,
    ) {
        if !self.may_take_part(cx, ballot) {
            return self.refuse(cx, from, ballot);
        }
        let higher = ballot > self.acceptor.promised;
        if higher {
            self.promise(cx, ballot);
            cx.mark(&marks::PROMISES, ballot);
        }
        let (accepted, chosen) = self.report(first);
        let promise = Message::Promise {
            ballot,
            accepted,
            chosen,
        };
        cx.send(from, promise);
        if !higher {
            return;
        }
        if self.proposer.phase == Phase::Following {
            self.believe_in(cx, None);
            self.wait_for_a_leader(cx);
        } else {
            self.overtaken(cx, ballot);
        }
    }

    /// What it has accepted in each slot from `first` on; where it knows what is chosen, it says that.
    pub(super) fn report(&self, first: Slot) -> (Proposals, Proposals) {
        let known = &self.learner.chosen;
        let accepted = self.acceptor.accepted.iter().rev();
        let accepted = accepted.take_while(|(slot, _)| **slot >= first);
        let open = accepted.filter(|(slot, _)| !known.contains_key(*slot));
        let open = open.map(|(slot, proposal)| (*slot, proposal.clone()));
        let chosen = known.iter().rev().take_while(|(slot, _)| **slot >= first);
        let chosen = chosen.map(|(slot, proposal)| (*slot, proposal.clone()));
        (open.collect(), chosen.collect())
    }

    /// Phase 2b. Who accepts follows the proposer, and has promised its ballot, too: a majority may come
    /// without this acceptor's promise.
    pub(super) fn receive_accept(
        &mut self,
        cx: &mut Context<Self>,
        from: NodeId,
        slot: Slot,
        proposal: Proposal,
        chosen: Slot,
    ) {
        let ballot = proposal.ballot;
        if !self.may_take_part(cx, ballot) {
            return self.refuse(cx, from, ballot);
        }
        self.follow(cx, from, ballot);
        self.accept(cx, slot, proposal);
        cx.send(from, Message::Accepted { slot, ballot });
        self.hear_chosen(cx, ballot, chosen);
    }

    pub(super) fn accept(&mut self, cx: &mut Context<Self>, slot: Slot, proposal: Proposal) {
        if self.acceptor.accepted.get(&slot) != Some(&proposal) {
            let value = proposal.value.to_string();
            cx.mark(&marks::ACCEPTS, (slot, proposal.ballot, value));
            if cx.switch(&KEEP_ACCEPTED) {
                cx.write();
            }
            self.acceptor.accepted.insert(slot, proposal);
        }
    }

    pub(super) fn receive_heartbeat(
        &mut self,
        cx: &mut Context<Self>,
        from: NodeId,
        ballot: Ballot,
        chosen: Slot,
    ) {
        if !self.may_take_part(cx, ballot) {
            return self.refuse(cx, from, ballot);
        }
        self.follow(cx, from, ballot);
        self.hear_chosen(cx, ballot, chosen);
        self.catch_up(cx, from, chosen);
    }

    /// Nobody has promised more: `from` leads in this ballot.
    fn follow(&mut self, cx: &mut Context<Self>, from: NodeId, ballot: Ballot) {
        self.promise(cx, ballot);
        if self.proposer.phase != Phase::Following && ballot > self.proposer.ballot {
            self.step_down(cx, ballot);
        }
        if self.proposer.phase == Phase::Following {
            self.proposer.overtaken = 0;
            self.believe_in(cx, Some(from));
            self.wait_for_a_leader(cx);
        }
    }

    /// To be silent would be as safe. An answer tells the proposer which ballot is too high for it (2.2).
    fn refuse(&mut self, cx: &mut Context<Self>, to: NodeId, ballot: Ballot) {
        let promised = self.acceptor.promised;
        cx.mark(&marks::REFUSES, (ballot, promised));
        cx.send(to, Message::Nack { ballot, promised });
    }
}
