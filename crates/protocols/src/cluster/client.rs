//! The asking side: requests with a timeout, retries under the same id, and giving up.

use faultline_sim::process::{Context, NodeId, Operation};
use faultline_sim::time::Duration;

use super::marks;
use super::{
    EVERY, Errand, Member, Message, Open, RETRIES, RETRY, Reply, Request, RequestId, TIMEOUT,
    Timer, servers,
};
use crate::backoff;

/// The shortest time between two asks of a client's own.
const SHORTEST: Duration = Duration::millis(50);
/// How often a client that does not ask on its own looks whether it should.
const IDLE: Duration = Duration::millis(500);

impl Open {
    fn message(&self, id: RequestId) -> Message {
        match &self.errand {
            Errand::Text(text) => Message::Text {
                id,
                text: text.clone(),
            },
            Errand::Add(add) => Message::Ask { id, add: *add },
        }
    }

    /// How it ended without an answer: nobody knows whether it was done.
    fn failed(&self, why: &str) -> Reply {
        let why = format!("{why}; the request may still take effect");
        Reply::Failed { why }
    }
}

impl Member {
    /// Clients do not ask in step: each begins somewhere within the first period.
    pub(super) fn start_asking(&mut self, cx: &mut Context<Self>) {
        let mut first = cx.duration(&EVERY);
        first.0 = cx.rng().between(0, first.0);
        cx.set_timer(Timer::Ask, first);
    }

    /// Asks the next server in turn.
    pub(super) fn ask_next(&mut self, cx: &mut Context<Self>) {
        let every = cx.duration(&EVERY);
        if every.0 == 0 {
            cx.set_timer(Timer::Ask, IDLE);
            return;
        }
        cx.set_timer(Timer::Ask, every.max(SHORTEST));
        let servers = servers(cx);
        let next = servers.iter().find(|id| Some(**id) > self.last_asked);
        let Some(to) = next.or(servers.first()).copied() else {
            return;
        };
        self.last_asked = Some(to);
        let operation = cx.invoke(Request::Ask { to, add: 1 });
        self.begin(cx, to, Errand::Add(1), Some(operation));
    }

    /// Takes a request from outside, if it can be sent at all.
    pub(super) fn take_order(
        &mut self,
        cx: &mut Context<Self>,
        to: NodeId,
        errand: Errand,
        operation: Option<Operation>,
    ) {
        if to == cx.me() || cx.peers().any(|peer| peer == to) {
            self.begin(cx, to, errand, operation);
        } else if let Some(operation) = operation {
            let why = format!("there is no {to} in this cluster");
            cx.reply(operation, Reply::Failed { why });
        }
    }

    fn begin(
        &mut self,
        cx: &mut Context<Self>,
        to: NodeId,
        errand: Errand,
        operation: Option<Operation>,
    ) {
        let number = self.next_request;
        self.next_request += 1;
        let open = Open {
            to,
            errand,
            tries: 0,
            operation,
        };
        self.open.insert(number, open);
        self.attempt(cx, number);
    }

    /// Sends a request, for the first time or again: the id stays the same ([BN] 3.2). Each try waits
    /// longer than the one before it.
    fn attempt(&mut self, cx: &mut Context<Self>, request: u64) {
        let Some(open) = self.open.get_mut(&request) else {
            return;
        };
        open.tries += 1;
        let id = RequestId {
            from: cx.me(),
            number: request,
        };
        let tries = open.tries;
        cx.send(open.to, open.message(id));
        let first = cx.duration(&TIMEOUT);
        let wait = backoff::wait(cx.rng(), first, tries);
        cx.set_timer(Timer::Timeout { request }, wait);
    }

    pub(super) fn time_out(&mut self, cx: &mut Context<Self>, request: u64) {
        let Some(open) = self.open.get(&request) else {
            return;
        };
        let most = match open.errand {
            Errand::Add(_) if cx.switch(&RETRY) => 1 + cx.settings().count(&RETRIES),
            // A text is sent once: whoever needs more must ask for it at the ends ([SRC]).
            _ => 1,
        };
        let (to, tries) = (open.to, open.tries);
        if tries < most {
            let next = tries + 1;
            cx.mark(&marks::ASKS_AGAIN, (to, next, most));
            return self.attempt(cx, request);
        }
        cx.mark(&marks::GIVES_UP, (to, to));
        self.given_up += 1;
        if let Some(open) = self.open.remove(&request)
            && let Some(operation) = open.operation
        {
            let times = if tries == 1 { "try" } else { "tries" };
            let why = format!("no answer from {to} after {tries} {times}");
            cx.reply(operation, open.failed(&why));
        }
    }

    /// An answer is here. One that comes late, or a second time, finds its request closed.
    pub(super) fn end(
        &mut self,
        cx: &mut Context<Self>,
        id: RequestId,
        reply: impl FnOnce(&Open) -> Reply,
    ) {
        if id.from != cx.me() {
            return;
        }
        let request = id.number;
        let Some(open) = self.open.remove(&request) else {
            cx.mark(&marks::TOO_LATE, id.to_string());
            return;
        };
        cx.cancel_timer(&Timer::Timeout { request });
        self.answered += 1;
        if let Some(operation) = open.operation {
            cx.reply(operation, reply(&open));
        }
    }

    /// After a crash nobody waits any more: open requests end as failed. Answers how many.
    pub(super) fn end_all(&self, cx: &mut Context<Self>) -> u64 {
        for open in self.open.values() {
            if let Some(operation) = open.operation {
                let why = format!("{} crashed while it waited for {}", cx.me(), open.to);
                cx.reply(operation, open.failed(&why));
            }
        }
        self.open.len() as u64
    }
}
