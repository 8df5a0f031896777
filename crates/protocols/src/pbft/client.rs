//! A client (4.1): it asks the primary, asks everybody after a timeout, and believes f + 1 equal answers.

use std::rc::Rc;

use faultline_sim::frame::NodeFrame;
use faultline_sim::process::{Context, NodeId, Operation, Start};
use faultline_sim::settings::Settings;
use faultline_sim::sorted::SortedMap;
use faultline_sim::time::Duration;
use serde::Serialize;

use super::descriptor::{ASKS, CLIENTS, EVERY, KEYS, READS, REPLIES, RETRY, TRIES};
use super::{
    Message, Node, Reply, Request, Timer, faulty, figures, is_replica, marks, primary, replicas,
};
use crate::parts::calls::{Call, Calls};
use crate::parts::kv::{KvAnswer, Op};
use crate::parts::request::RequestId;
use crate::parts::roles::Role;
use crate::parts::workload::{Mix, Pace, Workload};

/// How often a client asks on its own.
fn pace(cx: &Context<Node>) -> Pace {
    Pace {
        every: cx.duration(&EVERY),
        least: Duration::millis(5),
    }
}

/// A client's state. Its requests end with a crash.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Client {
    pub calls: Calls<Op>,
    #[serde(skip)]
    workload: Workload,
    /// The view that replicas told it last.
    pub view: u64,
    /// The request that it has sent. The others wait: a client has one at a time.
    pub active: Option<u64>,
    /// What each replica answers to that.
    pub answers: SortedMap<NodeId, (u64, KvAnswer)>,
}

impl Client {
    fn begin(&mut self, cx: &mut Context<Node>, op: Op, operation: Option<Operation>) {
        self.calls.begin(op, operation);
        self.send_next(cx);
    }

    /// The next request that waits, if none is under way.
    fn send_next(&mut self, cx: &mut Context<Node>) {
        let first = self
            .calls
            .open
            .first_key_value()
            .map(|(request, _)| *request);
        if let Some(request) = first.filter(|_| self.active.is_none()) {
            self.active = Some(request);
            self.answers.clear();
            let to = primary(self.view, cx.settings());
            self.attempt(cx, request, &[to]);
        }
    }

    fn attempt(&mut self, cx: &mut Context<Node>, request: u64, to: &[NodeId]) {
        let first = cx.duration(&RETRY);
        let wait = self.calls.next_try(request, to.to_vec(), cx.rng(), first);
        let id = self.calls.id(cx.me(), request);
        let op = self.calls.open.get(&request).map(|call| call.query.clone());
        if let (Some(wait), Some(op)) = (wait, op) {
            cx.set_timer(Timer::Retry { request }, wait);
            let request = Rc::new(Request::sign(id, op));
            cx.send_all(to, Message::Request { request });
        }
    }

    /// "If the client does not receive replies soon enough, it broadcasts the request to all replicas."
    fn time_out(&mut self, cx: &mut Context<Node>, request: u64) {
        let most = cx.count(&TRIES);
        let tries = self.calls.open.get(&request).map(|call| call.tries);
        let Some(tries) = tries.filter(|_| self.active == Some(request)) else {
            return;
        };
        if tries < most {
            cx.mark(&marks::ASKS_ALL, (tries + 1, most));
            let all = replicas(cx.settings());
            return self.attempt(cx, request, &all);
        }
        if let Some(call) = self.calls.close(request) {
            let why = format!("too few equal answers after {}", call.times());
            fail(cx, &call, why);
        }
        self.active = None;
        self.send_next(cx);
    }

    fn receive_reply(
        &mut self,
        cx: &mut Context<Node>,
        from: NodeId,
        view: u64,
        id: RequestId,
        answer: KvAnswer,
    ) {
        let open = id.from == cx.me() && self.active == Some(id.number);
        if !open || !is_replica(cx.settings(), from) {
            return;
        }
        self.answers.insert(from, (view, answer.clone()));
        let need = match cx.switch(&REPLIES) {
            true => faulty(cx.settings()) + 1,
            false => 1,
        };
        let equal = self.answers.values().filter(|(_, other)| *other == answer);
        if (equal.clone().count() as u32) < need {
            return;
        }
        self.view = equal.map(|(view, _)| *view).min().unwrap_or(view);
        cx.mark(&marks::BELIEVES, (need, id.to_string()));
        self.active = None;
        self.answers.clear();
        let request = id.number;
        cx.cancel_timer(&Timer::Retry { request });
        if let Some(call) = self.calls.close(request) {
            self.finish(cx, id, &call, answer);
        }
        self.send_next(cx);
    }

    fn finish(&mut self, cx: &mut Context<Node>, id: RequestId, call: &Call<Op>, answer: KvAnswer) {
        let (Op::Read { key } | Op::Write { key, .. } | Op::CompareAndSet { key, .. }) =
            &call.query;
        let reply = match answer {
            KvAnswer::Done => Reply::Written { id },
            KvAnswer::Value(value) => {
                self.workload.saw(key, value.as_deref());
                Reply::Value { value }
            }
            KvAnswer::Differs(value) => Reply::ValueIs { value },
        };
        if let Some(operation) = call.operation {
            cx.reply(operation, reply);
        }
    }

    /// The largest number of replicas that answer the same.
    pub fn most_equal(&self) -> u32 {
        let count = |answer: &KvAnswer| {
            self.answers
                .values()
                .filter(|(_, other)| other == answer)
                .count()
        };
        let counts = self.answers.values().map(|(_, answer)| count(answer));
        counts.max().unwrap_or_default() as u32
    }
}

/// A request ends without an answer. A read changes nothing in any case.
fn fail(cx: &mut Context<Node>, call: &Call<Op>, why: String) {
    if let Some(operation) = call.operation {
        let reply = if call.query.is_read() {
            Reply::Failed { why }
        } else {
            Reply::Unknown { why }
        };
        cx.reply(operation, reply);
    }
}

impl Role for Client {
    type Of = Node;

    fn on_start(&mut self, cx: &mut Context<Node>, _start: Start) {
        let first = pace(cx).first(cx.rng());
        cx.set_timer(Timer::NextRequest, first);
    }

    fn on_message(&mut self, cx: &mut Context<Node>, from: NodeId, message: Message) {
        if let Message::Reply { view, id, answer } = message {
            self.receive_reply(cx, from, view, id, answer);
        }
    }

    fn on_timer(&mut self, cx: &mut Context<Node>, timer: Timer) {
        match timer {
            Timer::Retry { request } => self.time_out(cx, request),
            Timer::NextRequest => {
                let (acts, wait) = pace(cx).next();
                cx.set_timer(Timer::NextRequest, wait);
                let most = cx.count(&ASKS);
                let done = most > 0 && self.calls.next > u64::from(most);
                // A client has one request at a time.
                if acts && !done && self.active.is_none() {
                    let mix = Mix {
                        reads: cx.count(&READS),
                        compares: 0,
                        keys: cx.count(&KEYS),
                    };
                    let me = (cx.count(&CLIENTS) > 1).then(|| cx.me());
                    let op = self.workload.next(me, mix, cx.rng());
                    let operation = cx.invoke(op.clone());
                    self.begin(cx, op, Some(operation));
                }
            }
            Timer::Patience => {}
        }
    }

    fn on_request(&mut self, cx: &mut Context<Node>, request: Op) {
        let operation = cx.operation();
        self.begin(cx, request, operation);
    }

    fn recover(&self, cx: &mut Context<Node>) -> Self {
        for call in self.calls.open.values() {
            fail(cx, call, "the client crashed while it waited".to_owned());
        }
        Self {
            calls: self.calls.recover(),
            workload: self.workload.clone(),
            view: self.view,
            active: None,
            answers: SortedMap::new(),
        }
    }

    fn draw(&self, settings: &Settings, to: &mut NodeFrame) {
        figures::draw_client(self, settings, to);
    }
}
