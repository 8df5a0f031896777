//! The client's side: requests with a timeout, retries under the same id, and giving up.

use faultline_sim::process::{Context, NodeId, Operation};
use faultline_sim::time::Duration;

use super::marks;
use super::{
    EVERY, Member, Message, Query, QueryKind, RETRIES, RETRY, Reply, Request, RequestId, TIMEOUT,
    Timer, servers,
};
use crate::parts::workload::Pace;

/// How often a client asks on its own.
fn pace(cx: &Context<Member>) -> Pace {
    Pace {
        every: cx.duration(&EVERY),
        least: Duration::millis(50),
    }
}

impl Member {
    pub(super) fn start_asking(cx: &mut Context<Self>) {
        let first = pace(cx).first(cx.rng());
        cx.set_timer(Timer::Ask, first);
    }

    /// Asks the next server in turn.
    pub(super) fn ask_next(&mut self, cx: &mut Context<Self>) {
        let (acts, wait) = pace(cx).next();
        cx.set_timer(Timer::Ask, wait);
        if !acts {
            return;
        }
        let servers = servers(cx);
        let next = servers.iter().find(|id| Some(**id) > self.last_asked);
        let Some(to) = next.or(servers.first()).copied() else {
            return;
        };
        self.last_asked = Some(to);
        let operation = cx.invoke(Request::Ask { to, add: 1 });
        let what = QueryKind::Add(1);
        self.ask(cx, Query { to, what }, Some(operation));
    }

    /// Sends a request, if there is such a server.
    pub(super) fn ask(
        &mut self,
        cx: &mut Context<Self>,
        query: Query,
        operation: Option<Operation>,
    ) {
        let to = query.to;
        if to == cx.me() || cx.peers().any(|peer| peer == to) {
            let call = self.calls.begin(query, operation);
            self.attempt(cx, call);
        } else if let Some(operation) = operation {
            let why = format!("there is no {to} in this cluster");
            cx.reply(operation, Reply::Failed { why });
        }
    }

    /// Sends a request, for the first time or again: the id stays the same ([BN] 3.2). Each try waits
    /// longer than the one before it.
    fn attempt(&mut self, cx: &mut Context<Self>, request: u64) {
        let id = self.calls.id(cx.me(), request);
        let Some(call) = self.calls.open.get(&request) else {
            return;
        };
        let to = call.query.to;
        let message = match &call.query.what {
            QueryKind::Add(add) => Message::Ask { id, add: *add },
            QueryKind::Text(text) => Message::Text {
                id,
                text: text.clone(),
            },
        };
        cx.send(to, message);
        let first = cx.duration(&TIMEOUT);
        if let Some(wait) = self.calls.next_try(request, [to], cx.rng(), first) {
            cx.set_timer(Timer::Timeout { request }, wait);
        }
    }

    pub(super) fn time_out(&mut self, cx: &mut Context<Self>, request: u64) {
        let Some(call) = self.calls.open.get(&request) else {
            return;
        };
        let most = match call.query.what {
            QueryKind::Add(_) if cx.switch(&RETRY) => 1 + cx.count(&RETRIES),
            // A text is sent once: an end that needs more must do it itself ([SRC]).
            _ => 1,
        };
        let (to, tries) = (call.query.to, call.tries);
        if tries < most {
            cx.mark(&marks::ASKS_AGAIN, (to, tries + 1, most));
            return self.attempt(cx, request);
        }
        cx.mark(&marks::GIVES_UP, (to, to));
        self.given_up += 1;
        if let Some(call) = self.calls.close(request) {
            fail(
                cx,
                call.operation,
                &format!("no answer from {to} after {}", call.times()),
            );
        }
    }

    /// An answer arrives. A late one or a duplicate finds its request closed.
    pub(super) fn end(
        &mut self,
        cx: &mut Context<Self>,
        from: NodeId,
        id: RequestId,
        reply: impl FnOnce(u32) -> Reply,
    ) {
        if id.from != cx.me() {
            return;
        }
        let Some(tries) = self
            .calls
            .answered(id, cx.me(), from)
            .map(|call| call.tries)
        else {
            cx.mark(&marks::TOO_LATE, id.to_string());
            return;
        };
        cx.cancel_timer(&Timer::Timeout { request: id.number });
        self.answered += 1;
        if let Some(operation) = self.calls.close(id.number).and_then(|call| call.operation) {
            cx.reply(operation, reply(tries));
        }
    }

    /// A crash ends all open requests as failed. Returns how many.
    pub(super) fn end_all(&self, cx: &mut Context<Self>) -> u64 {
        for call in self.calls.open.values() {
            let why = format!("{} crashed while it waited for {}", cx.me(), call.query.to);
            fail(cx, call.operation, &why);
        }
        self.calls.open.len() as u64
    }
}

/// A request ends without an answer.
fn fail(cx: &mut Context<Member>, operation: Option<Operation>, why: &str) {
    if let Some(operation) = operation {
        let why = why.to_owned();
        cx.reply(operation, Reply::Unknown { why });
    }
}
