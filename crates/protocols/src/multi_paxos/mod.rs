//! Multi-Paxos: a replicated log. Paxos chooses one value; here every slot of a log is chosen by an
//! instance of Paxos of its own, under one leader.
//!
//! **Problem.** Several servers act as one that never loses a confirmed write. All of them execute the
//! same commands in the same order, although some crash and messages get lost.
//!
//! **Idea** (section 3). Slot *i* of the log holds the *i*-th command, and one instance of Paxos chooses
//! it. Each server is proposer, acceptor and learner in all of them. One server is the *distinguished
//! proposer*, here called the leader. Its first act is phase 1 for **all** slots at once, from the first
//! one that it does not know to be chosen: one prepare, one promise. After that each command costs only
//! phase 2: the leader picks the next slot, asks the others to accept, and a majority makes it chosen.
//!
//! **The subtle point: gaps.** The leader proposes in several slots at once, at most `window` of them
//! ahead (the paper's alpha), and any of these messages may get lost. So a new leader may find that slot
//! 3 was accepted and slot 2 was not. It must take over what promises report, slot by slot (P2c). For a
//! slot between these that nobody reports it proposes a *no-op*, a command that changes nothing: commands
//! are executed in the order of their slots, so everything behind a gap has to wait until it is filled.
//!
//! **Who leads.** A leader sends heartbeats. A server that hears none for a random time starts a ballot of
//! its own, and the highest ballot wins. Two servers that both think they lead do no harm: a majority has
//! promised the higher ballot and refuses the lower one. They may only stop each other, so a proposer that
//! was overtaken waits for a random time, longer each time.
//!
//! **News.** Accept messages and heartbeats say up to which slot everything is chosen. A server that has
//! accepted such a slot in the *same* ballot knows by that what is chosen there, because a ballot has one
//! value for each slot. For all other slots it asks.
//!
//! **Clients.** A client may ask any server, and one that does not lead names the leader it knows. Each
//! request has an id that its retries repeat, so the same command may be chosen in two slots; it is
//! executed in the first of them. Reads take a slot like writes, and so they see every write before them.
//!
//! **What survives a crash** (2.5). An acceptor's promise, and what it has accepted in each slot; the highest
//! round that a proposer has used; what a learner knows to be chosen, with the state that it makes. Written
//! before the answer leaves.
//!
//! **Our additions.** A promise also carries what the acceptor knows to be chosen, so that a leader that was
//! away proposes none of it again. A refusal names the higher ballot. A leader asks again, with its second
//! heartbeat, where an answer is missing. The servers never change: the first `nodes` vote, and one that
//! joins later only learns.
//!
//! **References.** Lamport, "Paxos Made Simple", ACM SIGACT News 32(4), 2001: sections below are its own. Van
//! Renesse and Altinbuken, "Paxos Made Moderately Complex", ACM Computing Surveys 47(3), 2015 (\[M\]):
//! windows and slots. Lamport, "The Part-Time Parliament", ACM TOCS 16(2), 1998.

mod acceptor;
mod captions;
mod client;
mod descriptor;
mod figures;
mod invariants;
mod learner;
mod marks;
mod membership;
mod message;
mod probes;
mod proposer;
mod scenarios;
#[cfg(test)]
mod tests;
mod value;

use faultline_sim::frame::{NodeFrame, Shape, Word};
use faultline_sim::history::End;
use faultline_sim::judge::{self, Asked, Model};
use faultline_sim::process::{Belief, Context, NodeId, Process, Start};
use faultline_sim::settings::Settings;
use faultline_sim::world::World;
use serde::Serialize;

pub use acceptor::Acceptor;
pub use client::Client;
pub use descriptor::PROTOCOL;
use descriptor::{KEEP_ACCEPTED, KEEP_PROMISE};
pub use learner::{Learner, StateMachine};
pub use membership::Role;
use membership::role_of;
pub use message::{Answer, Message, Reply, Timer};
pub use proposer::{Open, Phase, Proposer};
pub use value::{Command, Proposal, Slot, Value};

use crate::parts::kv::Op;
pub use crate::paxos::Ballot;

/// One node. A server is all three agents of the paper at once (section 3).
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Server {
    pub role: Role,
    pub acceptor: Acceptor,
    pub proposer: Proposer,
    pub learner: Learner,
    /// The leader that it follows, or is.
    pub leader: Option<NodeId>,
    /// A server's machine can run a client, too.
    pub client: Client,
}

impl Process for Server {
    type Message = Message;
    type Timer = Timer;
    type Request = Op;
    type Reply = Reply;

    fn new(id: NodeId, settings: &Settings) -> Self {
        Self::fresh(role_of(settings, id))
    }

    fn on_start(&mut self, cx: &mut Context<Self>, _start: Start) {
        match self.role {
            Role::Server => self.wait_for_a_leader(cx),
            Role::Learner => {}
            Role::Client => Self::start_asking(cx),
        }
    }

    fn on_message(&mut self, cx: &mut Context<Self>, from: NodeId, message: Message) {
        match message {
            Message::ClientReply { id, answer } => self.receive_reply(cx, id, answer),
            _ if self.role == Role::Client => {}
            Message::Heartbeat { ballot, chosen } => {
                self.receive_heartbeat(cx, from, ballot, chosen);
            }
            Message::Chosen { values } => self.receive_chosen(cx, from, &values),
            Message::Ask { first } => self.tell_chosen(cx, from, first),
            // A server that has joined learns, and has no vote.
            _ if self.role == Role::Learner => {}
            Message::Prepare { ballot, first } => self.receive_prepare(cx, from, ballot, first),
            Message::Promise {
                ballot,
                accepted,
                chosen,
            } => self.receive_promise(cx, from, ballot, &accepted, &chosen),
            Message::Accept {
                slot,
                proposal,
                chosen,
            } => self.receive_accept(cx, from, slot, proposal, chosen),
            Message::Accepted { slot, ballot } => self.receive_accepted(cx, from, slot, ballot),
            Message::Nack { ballot, promised } => self.receive_nack(cx, ballot, promised),
            Message::ClientRequest { id, attempt, op } => self.handle_client(cx, id, attempt, op),
        }
    }

    fn on_timer(&mut self, cx: &mut Context<Self>, timer: Timer) {
        match timer {
            Timer::ElectionTimeout => self.prepare(cx),
            Timer::Heartbeat => self.heartbeat(cx),
            Timer::Retry { request } => self.time_out(cx, request),
            Timer::NextRequest => self.ask_next(cx),
        }
    }

    fn on_request(&mut self, cx: &mut Context<Self>, request: Op) {
        let operation = cx.operation();
        self.begin(cx, request, operation);
    }

    fn recover(&self, cx: &mut Context<Self>) -> Self {
        let mut acceptor = Acceptor::default();
        if cx.switch(&KEEP_PROMISE) {
            acceptor.promised = self.acceptor.promised;
        }
        if cx.switch(&KEEP_ACCEPTED) {
            acceptor.accepted = self.acceptor.accepted.clone();
        }
        Self {
            acceptor,
            proposer: self.proposer.recover(),
            learner: self.learner.clone(),
            client: self.client.recover(cx),
            ..Self::fresh(self.role)
        }
    }

    fn end(reply: &Reply) -> End {
        match reply {
            Reply::Written { .. } | Reply::Value { .. } => End::Ok,
            Reply::ValueIs { .. } | Reply::Failed { .. } => End::Failed,
            Reply::Unknown { .. } => End::Unknown,
        }
    }

    fn objects(_settings: &Settings) -> Option<Model> {
        Some(Model::STORE)
    }

    fn asked(op: &Op, _node: NodeId, _world: &World) -> Option<Asked> {
        Some(op.asked())
    }

    fn told(reply: &Reply) -> Option<judge::Answer> {
        reply.told()
    }

    /// How often it was overtaken decides only how long it waits. A client draws what it asks for.
    fn timeless(&self, _settings: &Settings) -> Option<Self> {
        let mut same = self.clone();
        same.proposer.overtaken = 0;
        (self.role != Role::Client).then_some(same)
    }

    fn draw(&self, settings: &Settings, to: &mut NodeFrame) {
        figures::draw(self, settings, to);
    }

    fn glyph_override(message: &Message) -> Option<(Shape, &'static str)> {
        message.glyph_override()
    }

    fn word(message: &Message) -> Option<Word> {
        message.word()
    }
}

impl Server {
    fn fresh(role: Role) -> Self {
        Self {
            role,
            acceptor: Acceptor::default(),
            proposer: Proposer::default(),
            learner: Learner::default(),
            leader: None,
            client: Client::default(),
        }
    }

    fn leads(&self) -> bool {
        self.proposer.phase == Phase::Leading
    }

    fn believe_in(&mut self, cx: &mut Context<Self>, leader: Option<NodeId>) {
        if self.leader != leader {
            self.leader = leader;
            cx.believe(Belief::Leader(leader));
        }
    }
}
