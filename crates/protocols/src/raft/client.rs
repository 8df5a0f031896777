//! Clients (section 8): find the leader, ask again under the same id, take the first answer. A
//! client is a node of its own, or runs beside a server on the same machine.

use faultline_sim::process::{Context, NodeId, Operation};
use faultline_sim::time::Duration;
use serde::Serialize;

use super::marks;
use super::{
    APPLY_ONCE, Answer, CLIENTS, COMPARES, Command, EVERY, Index, KEYS, LEDGER, Message, READS,
    RETRY, Reply, Role, Server, TRIES, Timer, contacts,
};
use crate::parts::calls::{Call, Calls};
use crate::parts::kv::Op;
use crate::parts::request::RequestId;
use crate::parts::workload::{Mix, Pace, Workload};

/// How often a client asks on its own.
fn pace(cx: &Context<Server>) -> Pace {
    Pace {
        every: cx.duration(&EVERY),
        least: Duration::millis(5),
    }
}

/// A client's state.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Client {
    pub calls: Calls<Op>,
    #[serde(skip)]
    pub workload: Workload,
    /// The latest leader it knows.
    pub leader: Option<NodeId>,
}

impl Client {
    /// The value that an answer tells.
    fn learn(&mut self, op: &Op, reply: &Reply) {
        let (Op::Read { key } | Op::Write { key, .. } | Op::CompareAndSet { key, .. }) = op;
        let value = match (reply, op) {
            (Reply::Value { value, .. } | Reply::ValueIs { value, .. }, _) => value.as_deref(),
            (
                Reply::Written { .. },
                Op::Write { value: new, .. } | Op::CompareAndSet { new, .. },
            ) => Some(new.as_str()),
            _ => return,
        };
        self.workload.saw(key, value);
    }

    /// A crash ends all open requests.
    pub(super) fn recover(&self, cx: &mut Context<Server>) -> Self {
        for call in self.calls.open.values() {
            fail(cx, call, "the client crashed while it waited".to_owned());
        }
        Self {
            calls: self.calls.recover(),
            workload: self.workload.clone(),
            leader: None,
        }
    }
}

/// A request ends without an answer. A read changes nothing in any case.
fn fail(cx: &mut Context<Server>, call: &Call<Op>, why: String) {
    if let Some(operation) = call.operation {
        let reply = if call.query.is_read() {
            Reply::Failed { why }
        } else {
            Reply::Unknown { why }
        };
        cx.reply(operation, reply);
    }
}

impl Server {
    pub(super) fn start_asking(cx: &mut Context<Self>) {
        let first = pace(cx).first(cx.rng());
        cx.set_timer(Timer::NextRequest, first);
    }

    pub(super) fn ask_next(&mut self, cx: &mut Context<Self>) {
        let (acts, wait) = pace(cx).next();
        cx.set_timer(Timer::NextRequest, wait);
        if !acts {
            return;
        }
        let mix = Mix {
            reads: cx.count(&READS),
            compares: cx.count(&COMPARES),
            keys: cx.count(&KEYS),
        };
        let me = (cx.count(&CLIENTS) > 1).then(|| cx.me());
        let op = self.client.workload.next(me, mix, cx.rng());
        let operation = cx.invoke(op.clone());
        self.begin(cx, op, Some(operation));
    }

    pub(super) fn begin(&mut self, cx: &mut Context<Self>, op: Op, operation: Option<Operation>) {
        let request = self.client.calls.begin(op, operation);
        let to = if self.is_server() {
            self.leader
        } else {
            self.client.leader
        };
        self.try_next(cx, request, to);
    }

    /// Starts another try: at the leader, or at any server if none is known: "when a client first
    /// starts up, it connects to a randomly chosen server". It ends with an answer or a timeout. A
    /// refusal does not shorten it, so a refusal never makes a client ask faster.
    fn try_next(&mut self, cx: &mut Context<Self>, request: u64, leader: Option<NodeId>) {
        let known = contacts(cx);
        let leader = leader.filter(|id| *id == cx.me() || known.contains(id));
        let first = cx.duration(&RETRY);
        let calls = &mut self.client.calls;
        let Some(wait) = calls.next_try(request, leader, cx.rng(), first) else {
            return;
        };
        cx.set_timer(Timer::Retry { request }, wait);
        if let Some(to) = leader.or_else(|| cx.rng().pick(&known).copied()) {
            self.attempt(cx, request, to);
        }
    }

    /// Sends a request, for the first time or again: the id stays the same.
    fn attempt(&mut self, cx: &mut Context<Self>, request: u64, to: NodeId) {
        let Some(call) = self.client.calls.open.get_mut(&request) else {
            return;
        };
        call.waits_for = [to].into();
        let (attempt, op) = (call.attempt, call.query.clone());
        let id = self.client.calls.id(cx.me(), request);
        if to == cx.me() {
            self.handle_client(cx, id, attempt, op);
        } else {
            cx.send(to, Message::ClientRequest { id, attempt, op });
        }
    }

    /// "If the leader crashes, client requests will time out; clients then try again with
    /// randomly-chosen servers."
    pub(super) fn time_out(&mut self, cx: &mut Context<Self>, request: u64) {
        let most = cx.count(&TRIES);
        let Some(call) = self.client.calls.open.get(&request) else {
            return;
        };
        self.client.leader = None;
        if call.tries < most {
            cx.mark(&marks::ASKS_AGAIN, (call.tries + 1, most));
            let to = self.leader.filter(|id| *id == cx.me());
            return self.try_next(cx, request, to);
        }
        if let Some(call) = self.client.calls.close(request) {
            let why = format!("no answer after {}", call.times());
            fail(cx, &call, why);
        }
    }

    /// "The leader handles all client requests. If a client contacts a follower, the follower
    /// redirects it" (5.1).
    pub(super) fn handle_client(
        &mut self,
        cx: &mut Context<Self>,
        id: RequestId,
        attempt: u32,
        op: Op,
    ) {
        let successor = self.beyond.transfer.as_ref().map(|transfer| transfer.to);
        if self.role != Role::Leader || successor.is_some() {
            let leader = successor.or(self.leader);
            return self.reply_to(cx, id, Answer::NotLeader { leader, attempt });
        }
        let done = self.machine.executed.get(&id).cloned();
        match (op, done.filter(|_| cx.switch(&APPLY_ONCE))) {
            (Op::Read { key }, _) => self.read(cx, id, key),
            (_, Some(answer)) => {
                cx.mark(&marks::REPEATS, id.to_string());
                self.reply_to(cx, id, answer);
            }
            // It already waits for a majority, and is answered when it is applied.
            (_, None) if self.waits(id) && cx.switch(&APPLY_ONCE) => {
                self.pending.insert(id, ());
            }
            (op, None) => {
                self.pending.insert(id, ());
                self.append(cx, id, Command::Client(op));
            }
        }
    }

    fn waits(&self, id: RequestId) -> bool {
        let from = (self.last_applied - self.base()) as usize;
        let mut open = self.log.iter_from(from);
        open.any(|entry| entry.id == Some(id))
    }

    pub(super) fn reply_to(&mut self, cx: &mut Context<Self>, id: RequestId, answer: Answer) {
        if id.from == cx.me() {
            self.receive_reply(cx, id, answer);
        } else {
            cx.send(id.from, Message::ClientReply { id, answer });
        }
    }

    /// Executes a committed entry. The leader answers the client only if it received the request
    /// since its last restart and its election: a replay of the log after a crash answers no one.
    pub(super) fn apply(&mut self, cx: &mut Context<Self>, index: Index) {
        let Some(entry) = self.entry(index).cloned() else {
            return;
        };
        let rules = (cx.switch(&APPLY_ONCE), cx.switch(&LEDGER));
        let answer = self.machine.execute(index, &entry, rules);
        match entry.command.as_ref() {
            Command::Client(_) => cx.mark(&marks::APPLIES, (index, entry.command.to_string())),
            Command::Config(_) => self.settle_voters(cx, index),
            Command::NoOp => {}
        }
        if let (Some(id), Some(answer)) = (entry.id, answer)
            && self.pending.remove(&id).is_some()
        {
            self.reply_to(cx, id, answer);
        }
    }

    pub(super) fn receive_reply(&mut self, cx: &mut Context<Self>, id: RequestId, answer: Answer) {
        let request = id.number;
        let call = self.client.calls.open.get(&request);
        let Some(call) = call.filter(|_| id.from == cx.me()) else {
            return;
        };
        let reply = match answer {
            Answer::NotLeader { leader, attempt } => {
                // A late copy or a duplicate belongs to an attempt that is over.
                if attempt == call.attempt {
                    self.follow_redirect(cx, request, leader);
                }
                return;
            }
            Answer::Written { index } => Reply::Written { index },
            Answer::Value { value, index } => Reply::Value { value, index },
            Answer::Differs { value, index } => Reply::ValueIs { value, index },
        };
        cx.cancel_timer(&Timer::Retry { request });
        let Some(call) = self.client.calls.close(request) else {
            return;
        };
        self.client.learn(&call.query, &reply);
        if let Some(operation) = call.operation {
            cx.reply(operation, reply);
        }
    }

    /// Follows one redirect per try. If no leader is named, or the named node is gone or does not lead
    /// either, the next try asks another server.
    fn follow_redirect(&mut self, cx: &mut Context<Self>, request: u64, leader: Option<NodeId>) {
        let known = contacts(cx);
        self.client.leader = leader.filter(|id| known.contains(id));
        if let Some(to) = self.client.leader.filter(|id| *id != cx.me())
            && self.client.calls.redirect(request, to)
        {
            self.attempt(cx, request, to);
        }
    }
}
