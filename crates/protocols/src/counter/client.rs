//! A client: it asks its node to count, waits, asks again under the same id, and gives up.

use faultline_sim::process::{Context, NodeId, Operation};

use super::descriptor::{NODES, RETRY, TIMEOUT, TRIES};
use super::{Counter, Message, Reply, RequestId, Timer, marks};

/// The node that a client talks to: clients take turns.
fn server(cx: &Context<Counter>) -> NodeId {
    let nodes = cx.settings().count(&NODES).max(1);
    NodeId((cx.me().0 - 1) % nodes + 1)
}

impl Counter {
    pub(super) fn ask(&mut self, cx: &mut Context<Self>, by: i64, operation: Operation) {
        let request = self.calls.begin(by, Some(operation));
        self.attempt(cx, request);
    }

    fn attempt(&mut self, cx: &mut Context<Self>, request: u64) {
        let Some(call) = self.calls.open.get(&request) else {
            return;
        };
        let (by, to) = (call.query, server(cx));
        let id = self.calls.id(cx.me(), request);
        cx.send(to, Message::Add { id, by });
        let first = cx.duration(&TIMEOUT);
        if let Some(wait) = self.calls.next_try(request, [to], cx.rng(), first) {
            cx.set_timer(Timer::Timeout { request }, wait);
        }
    }

    /// The time is up: it asks again, or gives up and does not know.
    pub(super) fn time_out(&mut self, cx: &mut Context<Self>, request: u64) {
        let Some(call) = self.calls.open.get(&request) else {
            return;
        };
        let (tries, to) = (call.tries, server(cx));
        if cx.switch(&RETRY) && tries < cx.count(&TRIES) {
            cx.mark(&marks::ASKS_AGAIN, (to, tries + 1));
            return self.attempt(cx, request);
        }
        cx.mark(&marks::GIVES_UP, (to, tries));
        if let Some(operation) = self.calls.close(request).and_then(|call| call.operation) {
            let why = format!("no answer from {to}");
            cx.reply(operation, Reply::Unknown { why });
        }
    }

    /// An answer. A second one finds its request closed.
    pub(super) fn end(
        &mut self,
        cx: &mut Context<Self>,
        from: NodeId,
        id: RequestId,
        total: Option<i64>,
    ) {
        if self.calls.answered(id, cx.me(), from).is_none() {
            return;
        }
        cx.cancel_timer(&Timer::Timeout { request: id.number });
        let Some(call) = self.calls.close(id.number) else {
            return;
        };
        let reply = match total {
            Some(total) if call.query == 0 => Reply::Total { total },
            Some(_) => Reply::Counted,
            None => Reply::Refused {
                why: format!("{from} has reached its limit"),
            },
        };
        if let Some(operation) = call.operation {
            cx.reply(operation, reply);
        }
    }

    /// A crash ends all open requests, and nobody knows how far they got.
    pub(super) fn end_all(&self, cx: &mut Context<Self>) {
        for call in self.calls.open.values() {
            if let Some(operation) = call.operation {
                let why = format!("{} crashed while it waited", cx.me());
                cx.reply(operation, Reply::Unknown { why });
            }
        }
    }
}
