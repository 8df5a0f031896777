//! A client: it asks the view service who is primary, and the primary for the rest.

use faultline_sim::frame::NodeFrame;
use faultline_sim::process::{Context, NodeId, Operation, Start};
use faultline_sim::settings::Settings;
use faultline_sim::time::Duration;
use serde::Serialize;

use super::descriptor::{CLIENTS, EVERY, KEYS, READS, RETRY, TRIES};
use super::{Member, Message, Reply, SERVICE, Timer, figures, marks};
use crate::parts::calls::{Call, Calls};
use crate::parts::kv::{KvAnswer, Op};
use crate::parts::request::RequestId;
use crate::parts::roles::Role;
use crate::parts::workload::{Mix, Pace, Workload};

/// How often a client asks on its own.
fn pace(cx: &Context<Member>) -> Pace {
    Pace {
        every: cx.duration(&EVERY),
        least: Duration::millis(5),
    }
}

/// A client's state. What it was asked for by a person or by itself ends with a crash.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Client {
    pub calls: Calls<Op>,
    #[serde(skip)]
    workload: Workload,
    /// The primary that it knows of.
    pub primary: Option<NodeId>,
}

impl Client {
    fn begin(&mut self, cx: &mut Context<Member>, op: Op, operation: Option<Operation>) {
        let request = self.calls.begin(op, operation);
        self.try_next(cx, request);
    }

    /// Another try: at the primary, or first at the view service.
    fn try_next(&mut self, cx: &mut Context<Member>, request: u64) {
        let to = self.primary.unwrap_or(SERVICE);
        let first = cx.duration(&RETRY);
        let Some(wait) = self.calls.next_try(request, [to], cx.rng(), first) else {
            return;
        };
        cx.set_timer(Timer::Retry { request }, wait);
        if to == SERVICE {
            return cx.send(SERVICE, Message::Who);
        }
        self.attempt(cx, request, to);
    }

    /// The request itself, under the same id each time.
    fn attempt(&mut self, cx: &mut Context<Member>, request: u64, to: NodeId) {
        let id = self.calls.id(cx.me(), request);
        if let Some(call) = self.calls.open.get(&request) {
            let (attempt, op) = (call.attempt, call.query.clone());
            cx.send(to, Message::Ask { id, attempt, op });
        }
    }

    /// The view service says who is primary: whatever waits for that goes there.
    fn learn(&mut self, cx: &mut Context<Member>, primary: NodeId) {
        self.primary = Some(primary);
        let waits = self.calls.open.iter();
        let waits = waits.filter(|(_, call)| call.waits_for.contains(&SERVICE));
        let waits: Vec<u64> = waits.map(|(request, _)| *request).collect();
        for request in waits {
            if self.calls.redirect(request, primary) {
                self.attempt(cx, request, primary);
            }
        }
    }

    /// Who is not the primary does not say who is: the view service does.
    fn turned_away(&mut self, cx: &mut Context<Member>, id: RequestId, attempt: u32) {
        let call = self.calls.open.get_mut(&id.number);
        if let Some(call) = call.filter(|call| call.attempt == attempt) {
            call.waits_for = [SERVICE].into();
            self.primary = None;
            cx.send(SERVICE, Message::Who);
        }
    }

    fn time_out(&mut self, cx: &mut Context<Member>, request: u64) {
        let most = cx.count(&TRIES);
        let Some(call) = self.calls.open.get(&request) else {
            return;
        };
        self.primary = None;
        if call.tries < most {
            cx.mark(&marks::ASKS_AGAIN, (call.tries + 1, most));
            return self.try_next(cx, request);
        }
        if let Some(call) = self.calls.close(request) {
            let why = format!("no answer after {}", call.times());
            fail(cx, &call, why);
        }
    }

    fn receive_answer(&mut self, cx: &mut Context<Member>, id: RequestId, answer: KvAnswer) {
        let Some(call) = self.calls.close(id.number) else {
            return;
        };
        let request = id.number;
        cx.cancel_timer(&Timer::Retry { request });
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
}

/// A request ends without an answer. A read changes nothing in any case.
fn fail(cx: &mut Context<Member>, call: &Call<Op>, why: String) {
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
    type Of = Member;

    fn on_start(&mut self, cx: &mut Context<Member>, _start: Start) {
        let first = pace(cx).first(cx.rng());
        cx.set_timer(Timer::NextRequest, first);
    }

    fn on_message(&mut self, cx: &mut Context<Member>, _from: NodeId, message: Message) {
        match message {
            Message::View { view } => self.learn(cx, view.primary.id),
            Message::Answer { id, answer } => self.receive_answer(cx, id, answer),
            Message::NotPrimary { id, attempt } => self.turned_away(cx, id, attempt),
            _ => {}
        }
    }

    fn on_timer(&mut self, cx: &mut Context<Member>, timer: Timer) {
        match timer {
            Timer::Retry { request } => self.time_out(cx, request),
            Timer::NextRequest => {
                let (acts, wait) = pace(cx).next();
                cx.set_timer(Timer::NextRequest, wait);
                if acts {
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
            Timer::Ping | Timer::Look => {}
        }
    }

    fn on_request(&mut self, cx: &mut Context<Member>, request: Op) {
        let operation = cx.operation();
        self.begin(cx, request, operation);
    }

    fn recover(&self, cx: &mut Context<Member>) -> Self {
        for call in self.calls.open.values() {
            fail(cx, call, "the client crashed while it waited".to_owned());
        }
        Self {
            calls: self.calls.recover(),
            workload: self.workload.clone(),
            primary: None,
        }
    }

    fn draw(&self, settings: &Settings, to: &mut NodeFrame) {
        figures::draw_client(self, settings, to);
    }
}
