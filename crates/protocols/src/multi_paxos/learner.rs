//! The learner in a server: finds out what is chosen (2.3) and executes it in the order of the slots.

use faultline_sim::process::{Context, NodeId};
use faultline_sim::shared::SharedMap;
use faultline_sim::sorted::SortedSet;
use serde::Serialize;

use super::descriptor::{APPLY_ONCE, IN_ORDER};
use super::message::Proposals;
use super::{Answer, Ballot, Command, Message, Proposal, Server, Slot, Value, marks};
use crate::parts::kv::{KvAnswer, KvMachine};
use crate::parts::request::RequestId;

/// Slots that one message tells of at most. A server that lacks more asks again.
const MOST_SLOTS: u64 = 100;

/// All of it is on disk: what is chosen never changes.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Learner {
    /// What is chosen, with a ballot that it was accepted in.
    pub chosen: SharedMap<Slot, Proposal>,
    /// All slots up to this one are chosen and executed.
    pub executed: Slot,
    /// Slots beyond a gap that were executed before it, where the rule of the order is off.
    #[serde(skip_serializing_if = "SortedSet::is_empty")]
    pub early: SortedSet<Slot>,
    pub machine: StateMachine,
}

/// Keys and values, and what each request that was executed was answered, for its retries.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct StateMachine {
    #[serde(rename = "values")]
    pub kv: KvMachine,
    pub done: SharedMap<RequestId, (Slot, KvAnswer)>,
}

impl Learner {
    /// The last slot that it knows to be chosen.
    pub fn last(&self) -> Slot {
        let last = self.chosen.keys().next_back();
        last.copied().unwrap_or(0).max(self.executed)
    }

    /// Slots that are chosen and wait for one before them.
    pub fn waits(&self) -> u64 {
        self.chosen.len() as u64 - self.executed
    }

    /// Slots before the last chosen one of which it does not know what is chosen.
    pub fn gaps(&self) -> u64 {
        self.last() - self.chosen.len() as u64
    }
}

impl Server {
    /// All slots up to `chosen` are chosen, says the proposer of this ballot. Where this server has accepted
    /// its proposal, that is the value: a ballot has one for each slot.
    pub(super) fn hear_chosen(&mut self, cx: &mut Context<Self>, ballot: Ballot, chosen: Slot) {
        let first = self.learner.executed + 1;
        for slot in (first..=chosen).take(MOST_SLOTS as usize) {
            let accepted = self.acceptor.accepted.get(&slot);
            let same = accepted.filter(|proposal| proposal.ballot == ballot);
            if let Some(proposal) = same.cloned() {
                self.learn_one(cx, slot, &proposal);
            }
        }
    }

    /// Asks for what it does not know. The next heartbeat makes it ask again.
    pub(super) fn catch_up(&mut self, cx: &mut Context<Self>, leader: NodeId, chosen: Slot) {
        if self.learner.executed < chosen {
            let first = self.learner.executed + 1;
            cx.mark(&marks::ASKS, (first, chosen));
            cx.send(leader, Message::Ask { first });
        }
    }

    pub(super) fn tell_chosen(&self, cx: &mut Context<Self>, to: NodeId, first: Slot) {
        let known = |slot: Slot| Some((slot, self.learner.chosen.get(&slot)?.clone()));
        let slots = first..first.saturating_add(MOST_SLOTS);
        let values: Proposals = slots.map_while(known).collect();
        if !values.is_empty() {
            cx.send(to, Message::Chosen { values });
        }
    }

    pub(super) fn receive_chosen(
        &mut self,
        cx: &mut Context<Self>,
        from: NodeId,
        values: &Proposals,
    ) {
        self.learn_all(cx, values);
        if values.len() as u64 == MOST_SLOTS {
            let first = self.learner.executed + 1;
            cx.send(from, Message::Ask { first });
        }
    }

    pub(super) fn learn_all(&mut self, cx: &mut Context<Self>, values: &Proposals) {
        for (slot, proposal) in values.iter() {
            self.learn_one(cx, *slot, proposal);
        }
    }

    fn learn_one(&mut self, cx: &mut Context<Self>, slot: Slot, proposal: &Proposal) {
        if !self.learner.chosen.contains_key(&slot) {
            cx.mark(&marks::LEARNS, (slot, proposal.value.to_string()));
            self.learn(cx, slot, proposal.clone());
        }
    }

    /// "The server waits until all commands before it are chosen, and executes them in order" (section 3).
    pub(super) fn learn(&mut self, cx: &mut Context<Self>, slot: Slot, proposal: Proposal) {
        self.proposer.open.remove(&slot);
        if self.learner.chosen.contains_key(&slot) {
            return;
        }
        let value = proposal.value.clone();
        self.learner.chosen.insert(slot, proposal);
        if slot > self.learner.executed + 1 && !cx.switch(&IN_ORDER) {
            self.learner.early.insert(slot);
            self.execute(cx, slot, &value);
        }
        while let Some(next) = self.learner.chosen.get(&(self.learner.executed + 1)) {
            let value = next.value.clone();
            self.learner.executed += 1;
            let slot = self.learner.executed;
            if !self.learner.early.remove(&slot) {
                self.execute(cx, slot, &value);
            }
        }
    }

    /// What a request was answered, if it was executed before.
    pub(super) fn done(&self, cx: &Context<Self>, id: RequestId) -> Option<Answer> {
        let done = self.learner.machine.done.get(&id);
        let (slot, answer) = done.filter(|_| cx.switch(&APPLY_ONCE))?.clone();
        Some(Answer::Executed { slot, answer })
    }

    /// The leader answers the client if it has got the request itself, since it leads.
    fn execute(&mut self, cx: &mut Context<Self>, slot: Slot, value: &Value) {
        let Command::Client { id, op } = &**value else {
            return cx.mark(&marks::EXECUTES, (slot, value.to_string()));
        };
        let answer = if let Some(answer) = self.done(cx, *id) {
            cx.mark(&marks::SKIPS, (slot, value.to_string()));
            answer
        } else {
            cx.mark(&marks::EXECUTES, (slot, value.to_string()));
            let answer = self.learner.machine.kv.apply(op);
            let done = (slot, answer.clone());
            self.learner.machine.done.insert(*id, done);
            Answer::Executed { slot, answer }
        };
        if self.proposer.pending.remove(id).is_some() {
            self.reply_to(cx, *id, answer);
        }
    }
}
