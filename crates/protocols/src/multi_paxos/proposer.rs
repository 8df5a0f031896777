//! The proposer in a server. One of them is distinguished: it does phase 1 once for all slots, then phase 2
//! for one slot after the other (section 3).

use std::rc::Rc;

use faultline_sim::process::{Context, NodeId};
use faultline_sim::shared::SharedMap;
use faultline_sim::sorted::{SortedMap, SortedSet};
use serde::Serialize;

use super::descriptor::{
    ADOPT, BACKOFF, CLIENT_VALUE, FILL_GAPS, HEARTBEAT, TIMEOUT, UNIQUE, WINDOW,
};
use super::membership::{Role, acceptors, learners, quorum};
use super::message::Proposals;
use super::{Ballot, Command, Message, Proposal, Server, Slot, Timer, Value, marks};
use crate::parts::backoff;
use crate::parts::kv::Op;
use crate::parts::request::RequestId;

/// What nobody asked for, where the rule against it is off.
const MADE_UP: (&str, &str) = ("x", "made up");

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Another one leads, or nobody does.
    #[default]
    Following,
    /// Phase 1: it collects promises.
    Preparing,
    /// It is the distinguished proposer: phase 2.
    Leading,
}

/// A slot in phase 2.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Open {
    pub value: Value,
    /// Acceptors that have accepted it in this ballot.
    pub by: SortedSet<NodeId>,
    /// Proposed since the latest heartbeat: answers are still on their way.
    pub fresh: bool,
}

#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Proposer {
    // On disk (2.5).
    /// The highest round that it has used or heard of.
    pub round: u32,
    // Lost in a crash.
    pub phase: Phase,
    pub ballot: Ballot,
    pub promises: SortedSet<NodeId>,
    /// Of what the promises report, the proposal of the highest ballot for each slot.
    pub reported: SortedMap<Slot, Proposal>,
    /// The next slot that it proposes in.
    pub next: Slot,
    /// Slots that are proposed and not chosen.
    pub open: SortedMap<Slot, Open>,
    /// Commands that wait for room in the window, by their order.
    pub waiting: SharedMap<u64, Value>,
    pub arrivals: u64,
    /// Requests that this leader has not answered yet.
    pub pending: SharedMap<RequestId, ()>,
    /// How often it was overtaken since it heard a leader.
    pub overtaken: u32,
}

impl Proposer {
    pub(super) fn recover(&self) -> Self {
        Self {
            round: self.round,
            ..Self::default()
        }
    }
}

impl Server {
    /// A leader is heard, or another one is promised: its time begins again. Times are random, and longer
    /// after each defeat.
    pub(super) fn wait_for_a_leader(&mut self, cx: &mut Context<Self>) {
        if self.role != Role::Server {
            return;
        }
        let least = cx.duration(&TIMEOUT);
        // The first try of a back-off is not random, the second one is.
        let tries = self.proposer.overtaken.saturating_add(2);
        let wait = backoff::wait(cx.rng(), least, tries);
        cx.set_timer(Timer::ElectionTimeout, wait);
    }

    /// Phase 1a: a ballot above all that it knows, for all slots from the first one that it does not know to
    /// be chosen.
    pub(super) fn prepare(&mut self, cx: &mut Context<Self>) {
        if self.role != Role::Server || self.leads() {
            return;
        }
        let known = self.acceptor.promised.round.max(self.proposer.round);
        let round = known.saturating_add(1);
        let proposer = if cx.switch(&UNIQUE) { cx.me().0 } else { 0 };
        let ballot = Ballot { round, proposer };
        cx.write();
        self.proposer.round = round;
        self.proposer.ballot = ballot;
        self.proposer.phase = Phase::Preparing;
        self.proposer.promises.clear();
        self.proposer.reported.clear();
        self.believe_in(cx, None);
        let first = self.learner.executed + 1;
        cx.mark(&marks::PREPARES, (ballot, first));
        self.wait_for_a_leader(cx);
        cx.send_all(&acceptors(cx), Message::Prepare { ballot, first });
        // It is an acceptor, too.
        self.promise(cx, ballot);
        let (accepted, chosen) = self.report(first);
        self.receive_promise(cx, cx.me(), ballot, &accepted, &chosen);
    }

    pub(super) fn receive_promise(
        &mut self,
        cx: &mut Context<Self>,
        from: NodeId,
        ballot: Ballot,
        accepted: &Proposals,
        chosen: &Proposals,
    ) {
        if self.proposer.phase != Phase::Preparing || ballot != self.proposer.ballot {
            return;
        }
        self.proposer.promises.insert(from);
        for (slot, proposal) in accepted.iter() {
            let known = self.proposer.reported.get(slot);
            if known.is_none_or(|known| known.ballot < proposal.ballot) {
                self.proposer.reported.insert(*slot, proposal.clone());
            }
        }
        self.learn_all(cx, chosen);
        if self.proposer.promises.len() as u32 >= quorum(&cx.settings().at(cx.me())) {
            self.lead(cx);
        }
    }

    /// It becomes the distinguished proposer. By P2c it finishes what earlier ballots may have chosen, and it
    /// fills the gaps between.
    fn lead(&mut self, cx: &mut Context<Self>) {
        let ballot = self.proposer.ballot;
        self.proposer.phase = Phase::Leading;
        self.proposer.overtaken = 0;
        cx.cancel_timer(&Timer::ElectionTimeout);
        cx.mark(&marks::LEADS, (ballot, self.proposer.promises.len()));
        self.believe_in(cx, Some(cx.me()));
        let reported = std::mem::take(&mut self.proposer.reported);
        let first = self.learner.executed + 1;
        let last = reported.keys().next_back().copied();
        let last = last.unwrap_or(0).max(self.learner.last());
        self.proposer.next = first.max(last + 1);
        for slot in first..=last {
            if self.learner.chosen.contains_key(&slot) {
                continue;
            }
            let allowed = reported.get(&slot).filter(|_| cx.switch(&ADOPT));
            if let Some(Proposal { ballot: by, value }) = allowed {
                cx.mark(&marks::ADOPTS, (slot, *by, value.to_string()));
                self.propose(cx, slot, value.clone());
            } else if cx.switch(&FILL_GAPS) {
                cx.mark(&marks::FILLS, slot);
                self.propose(cx, slot, filler(cx));
            }
        }
        self.heartbeat(cx);
    }

    /// A client's command waits for its slot.
    pub(super) fn queue(&mut self, cx: &mut Context<Self>, id: RequestId, op: Op) {
        let number = self.proposer.arrivals;
        self.proposer.arrivals += 1;
        let value = Rc::new(Command::Client { id, op });
        self.proposer.waiting.insert(number, value);
        self.propose_waiting(cx);
    }

    /// Command i + window may be proposed once commands 1 to i are chosen (section 3).
    fn propose_waiting(&mut self, cx: &mut Context<Self>) {
        let window = Slot::from(cx.count(&WINDOW));
        while self.leads() && self.proposer.next <= self.learner.executed + window {
            let first = self.proposer.waiting.iter().next();
            let Some((number, value)) = first.map(|(number, value)| (*number, value.clone()))
            else {
                return;
            };
            self.proposer.waiting.remove(&number);
            let slot = self.proposer.next;
            self.proposer.next += 1;
            self.propose(cx, slot, value);
        }
    }

    /// Phase 2a. Its own acceptor accepts at once.
    fn propose(&mut self, cx: &mut Context<Self>, slot: Slot, value: Value) {
        let ballot = self.proposer.ballot;
        cx.mark(&marks::PROPOSES, (slot, ballot, value.to_string()));
        let open = Open {
            value: value.clone(),
            by: [cx.me()].into(),
            fresh: true,
        };
        self.proposer.open.insert(slot, open);
        let proposal = Proposal { ballot, value };
        self.accept(cx, slot, proposal.clone());
        let chosen = self.learner.executed;
        let accept = Message::Accept {
            slot,
            proposal,
            chosen,
        };
        cx.send_all(&acceptors(cx), accept);
        self.count(cx, slot);
    }

    pub(super) fn receive_accepted(
        &mut self,
        cx: &mut Context<Self>,
        from: NodeId,
        slot: Slot,
        ballot: Ballot,
    ) {
        if !self.leads() || ballot != self.proposer.ballot {
            return;
        }
        if let Some(open) = self.proposer.open.get_mut(&slot) {
            open.by.insert(from);
            self.count(cx, slot);
            self.propose_waiting(cx);
        }
    }

    /// A value is chosen when a majority has accepted it in one ballot.
    fn count(&mut self, cx: &mut Context<Self>, slot: Slot) {
        let need = quorum(&cx.settings().at(cx.me()));
        let open = self.proposer.open.get(&slot);
        let Some(open) = open.filter(|open| open.by.len() as u32 >= need) else {
            return;
        };
        let value = open.value.clone();
        let ballot = self.proposer.ballot;
        cx.mark(&marks::CHOOSES, (slot, ballot, value.to_string()));
        self.learn(cx, slot, Proposal { ballot, value });
    }

    /// Says that it is up and what is chosen, and asks again where an answer is missing.
    pub(super) fn heartbeat(&mut self, cx: &mut Context<Self>) {
        if !self.leads() {
            return;
        }
        let (ballot, chosen) = (self.proposer.ballot, self.learner.executed);
        cx.send_all(&learners(cx), Message::Heartbeat { ballot, chosen });
        let all = acceptors(cx);
        for (slot, open) in self.proposer.open.iter_mut() {
            if std::mem::take(&mut open.fresh) {
                continue;
            }
            let value = open.value.clone();
            let accept = Message::Accept {
                slot: *slot,
                proposal: Proposal { ballot, value },
                chosen,
            };
            let silent = all.iter().filter(|id| !open.by.contains(*id));
            let silent: Vec<NodeId> = silent.copied().collect();
            cx.send_all(&silent, accept);
        }
        cx.set_timer(Timer::Heartbeat, cx.duration(&HEARTBEAT));
    }

    pub(super) fn receive_nack(
        &mut self,
        cx: &mut Context<Self>,
        ballot: Ballot,
        promised: Ballot,
    ) {
        self.proposer.round = self.proposer.round.max(promised.round);
        if self.proposer.phase != Phase::Following && ballot == self.proposer.ballot {
            self.overtaken(cx, promised);
        }
    }

    /// A higher ballot has begun, and nobody has heard from its proposer yet.
    pub(super) fn overtaken(&mut self, cx: &mut Context<Self>, higher: Ballot) {
        self.step_down(cx, higher);
        if cx.switch(&BACKOFF) {
            self.wait_for_a_leader(cx);
        } else {
            self.prepare(cx);
        }
    }

    /// What it proposed may be chosen or not: the next leader finds out.
    pub(super) fn step_down(&mut self, cx: &mut Context<Self>, higher: Ballot) {
        cx.mark(&marks::OVERTAKEN, (self.proposer.ballot, higher));
        cx.cancel_timer(&Timer::Heartbeat);
        let proposer = &mut self.proposer;
        proposer.phase = Phase::Following;
        proposer.overtaken = proposer.overtaken.saturating_add(1);
        proposer.open.clear();
        proposer.waiting = SharedMap::new();
        proposer.pending = SharedMap::new();
        self.believe_in(cx, None);
    }
}

fn filler(cx: &Context<Server>) -> Value {
    if cx.switch(&CLIENT_VALUE) {
        return Rc::new(Command::NoOp);
    }
    let (key, value) = (MADE_UP.0.to_owned(), MADE_UP.1.to_owned());
    let (from, number) = (cx.me(), 0);
    Rc::new(Command::Client {
        id: RequestId { from, number },
        op: Op::Write { key, value },
    })
}
