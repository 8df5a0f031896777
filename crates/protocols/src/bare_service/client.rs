//! The client's side: whom it asks, how long it waits, and when an answer counts.

use faultline_sim::process::{self, Context, NodeId};
use faultline_sim::quorum::majority;
use faultline_sim::sorted::SortedMap;
use faultline_sim::time::Duration;

use super::descriptor::{
    ASKS_AGAIN, EVERY, GIVES_UP, NODES, QUORUM, RETRIES, RETRY, TIMEOUT, WAIT,
};
use super::{Member, Message, Operation, Query, Reply, Request, RequestId, Role, Timer, role_of};
use crate::parts::backoff;
use crate::parts::workload::Pace;

fn pace(cx: &Context<Member>) -> Pace {
    Pace {
        every: cx.duration(&EVERY),
        least: Duration::millis(50),
    }
}

/// The servers that this node was told of.
fn servers(cx: &Context<Member>) -> Vec<NodeId> {
    cx.peers()
        .filter(|id| role_of(cx.settings(), *id) == Role::Server)
        .collect()
}

impl Member {
    pub(super) fn start_asking(cx: &mut Context<Self>) {
        let first = pace(cx).first(cx.rng());
        cx.set_timer(Timer::Next, first);
    }

    /// Writes a new value and reads it back, in turn. Later requests do not wait for earlier ones.
    pub(super) fn ask_next(&mut self, cx: &mut Context<Self>) {
        let (acts, wait) = pace(cx).next();
        cx.set_timer(Timer::Next, wait);
        if acts {
            let request = if self.calls.next % 2 == 1 {
                Request::Write
            } else {
                Request::Read
            };
            let operation = cx.invoke(request);
            self.begin(cx, request, Some(operation));
        }
    }

    pub(super) fn begin(
        &mut self,
        cx: &mut Context<Self>,
        request: Request,
        asked: Option<process::Operation>,
    ) {
        let operation = match request {
            Request::Read => Operation::Read,
            Request::Write => {
                self.written += 1;
                Operation::Write(self.written)
            }
        };
        let query = Query {
            operation,
            heard: SortedMap::new(),
            need: 1,
            timed: false,
        };
        let number = self.calls.begin(query, asked);
        self.attempt(cx, number);
    }

    /// Asks for the first time or again, under the same id. A bare client has one server; a retry goes to
    /// the next one. With `quorum` each try asks all servers that have not answered.
    fn attempt(&mut self, cx: &mut Context<Self>, number: u64) {
        let mut to = servers(cx);
        let Some(call) = self.calls.open.get_mut(&number) else {
            return;
        };
        if cx.switch(&QUORUM) {
            to.retain(|id| !call.query.heard.contains_key(id));
            call.query.need = majority(cx.count(&NODES));
        } else if !to.is_empty() {
            to = vec![to[call.tries as usize % to.len()]];
            call.query.need = 1;
        }
        let id = RequestId {
            from: cx.me(),
            number,
        };
        let message = match call.query.operation {
            Operation::Read => Message::Read { id },
            Operation::Write(value) => Message::Write { id, value },
        };
        call.query.timed = cx.switch(&TIMEOUT);
        let timed = call.query.timed;
        let tries = self.calls.ask(number, to.iter().copied()).unwrap_or(1);
        cx.send_all(&to, message);
        if timed {
            let first = cx.duration(&WAIT);
            let wait = backoff::wait(cx.rng(), first, tries);
            cx.set_timer(Timer::Timeout { request: number }, wait);
        }
    }

    /// The time is up: it asks again, or gives up.
    pub(super) fn time_out(&mut self, cx: &mut Context<Self>, number: u64) {
        let Some(call) = self.calls.open.get(&number) else {
            return;
        };
        let most = if cx.switch(&RETRY) {
            1 + cx.count(&RETRIES)
        } else {
            1
        };
        if call.tries < most {
            cx.mark(&ASKS_AGAIN, (call.tries + 1, most));
            return self.attempt(cx, number);
        }
        cx.mark(&GIVES_UP, call.tries);
        self.failed += 1;
        if let Some(call) = self.calls.close(number)
            && let Some(asked) = call.operation
        {
            let why = format!("not enough answers after {}", call.times());
            cx.reply(asked, call.query.operation.unanswered(why));
        }
    }

    /// A server answers. Answers to a request that has ended are ignored.
    pub(super) fn hear(&mut self, cx: &mut Context<Self>, from: NodeId, id: RequestId, value: u64) {
        let Some(call) = self.calls.answered(id, cx.me(), from) else {
            return;
        };
        let (tries, query) = (call.tries, &mut call.query);
        query.heard.insert(from, value);
        if (query.heard.len() as u32) < query.need {
            return;
        }
        let reply = match query.operation {
            Operation::Write(value) => Reply::Written { value, tries },
            Operation::Read => {
                let value = query.heard.values().copied().max().unwrap_or(0);
                Reply::Read { value, tries }
            }
        };
        self.answered += 1;
        cx.cancel_timer(&Timer::Timeout { request: id.number });
        if let Some(asked) = self.calls.close(id.number).and_then(|call| call.operation) {
            cx.reply(asked, reply);
        }
    }

    /// A crash ends all open requests.
    pub(super) fn end_all(&self, cx: &mut Context<Self>) {
        for call in self.calls.open.values() {
            if let Some(asked) = call.operation {
                let why = format!("{} crashed while it waited", cx.me());
                cx.reply(asked, call.query.operation.unanswered(why));
            }
        }
    }
}

impl Operation {
    /// A read without an answer changed nothing; a write may still be stored somewhere.
    fn unanswered(self, why: String) -> Reply {
        match self {
            Self::Read => Reply::Failed { why },
            Self::Write(_) => Reply::Unknown { why },
        }
    }
}
