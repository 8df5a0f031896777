//! A client: a transaction at one server, and when that is answered, one at another.

use faultline_sim::frame::NodeFrame;
use faultline_sim::process::{Context, NodeId, Operation, Start};
use faultline_sim::settings::Settings;
use faultline_sim::time::Duration;
use serde::Serialize;

use super::descriptor::{CLIENTS, EVERY, RETRY, SERVERS, TRIES, WORK};
use super::time::{is_hybrid, learn, stamp};
use super::{
    Change, MASTER, Message, Node, Reply, Request, Stamp, Timer, fail, figures, is_server, marks,
};
use crate::parts::calls::{Call, Calls};
use crate::parts::request::RequestId;
use crate::parts::roles::Role;
use crate::parts::versions::hybrid;
use crate::parts::workload::Pace;

/// How many answers a client shows.
const SHOWN: usize = 6;

/// A request, and the largest timestamp that this client had been told when it began.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Begun {
    pub request: Request,
    pub after: Stamp,
}

/// A committed transaction, for its picture.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Answered {
    pub number: u64,
    pub server: NodeId,
    pub s: Stamp,
    /// It began after an answer with this timestamp or a larger one.
    pub after: Stamp,
}

impl Answered {
    /// Its timestamp is not later than that of a transaction answered before it began.
    pub fn is_out_of_order(&self) -> bool {
        self.s <= self.after
    }
}

#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Client {
    #[serde(skip)]
    pub calls: Calls<Begun>,
    /// The first transaction of a pair that is under way: its number.
    first: Option<u64>,
    /// The largest timestamp that it was told.
    pub told: Stamp,
    /// Its hybrid clock.
    pub last: Stamp,
    /// The latest answers, oldest first.
    pub answers: Vec<Answered>,
    /// How many increments it was told of.
    pub confirmed: u64,
}

fn pace(cx: &Context<Node>) -> Pace {
    Pace {
        every: cx.duration(&EVERY),
        least: Duration::millis(1),
    }
}

impl Client {
    fn begin(
        &mut self,
        cx: &mut Context<Node>,
        request: Request,
        operation: Option<Operation>,
    ) -> u64 {
        let after = self.told;
        let number = self.calls.begin(Begun { request, after }, operation);
        self.attempt(cx, number);
        number
    }

    fn attempt(&mut self, cx: &mut Context<Node>, number: u64) {
        let (id, wall) = (self.calls.id(cx.me(), number), wall(cx));
        let Some(call) = self.calls.open.get(&number) else {
            return;
        };
        let server = call.query.request.server();
        let change = match call.query.request {
            Request::Write { value, .. } => Some(Change::Write(value)),
            Request::Increment { .. } => Some(Change::Increment),
            Request::ReadAt { ms, .. } => {
                let at = (u64::from(ms) * 1_000, 0);
                cx.send(server, Message::Read { id, at });
                None
            }
        };
        if let Some(change) = change {
            let clock = is_hybrid(cx.settings()).then(|| {
                self.last = hybrid(self.last, wall);
                self.last
            });
            cx.send(server, Message::Commit { id, change, clock });
        }
        let first = cx.duration(&RETRY);
        if let Some(wait) = self.calls.next_try(number, [server], cx.rng(), first) {
            cx.set_timer(Timer::Retry { request: number }, wait);
        }
    }

    fn time_out(&mut self, cx: &mut Context<Node>, number: u64) {
        let Some(call) = self.calls.open.get(&number) else {
            return;
        };
        if call.tries < cx.count(&TRIES) {
            cx.mark(&marks::ASKS_AGAIN, number);
            return self.attempt(cx, number);
        }
        self.give_up(cx, number, |call| {
            unknown(format!("no answer after {}", call.times()))
        });
    }

    fn give_up(
        &mut self,
        cx: &mut Context<Node>,
        number: u64,
        why: impl Fn(&Call<Begun>) -> Reply,
    ) {
        cx.cancel_timer(&Timer::Retry { request: number });
        let Some(call) = self.calls.close(number) else {
            return;
        };
        if let Some(operation) = call.operation {
            cx.reply(operation, why(&call));
        }
    }

    /// Closes the call that an answer belongs to.
    fn close(
        &mut self,
        cx: &mut Context<Node>,
        from: NodeId,
        id: RequestId,
    ) -> Option<Call<Begun>> {
        self.calls.answered(id, cx.me(), from)?;
        cx.cancel_timer(&Timer::Retry { request: id.number });
        self.calls.close(id.number)
    }

    fn receive_committed(&mut self, cx: &mut Context<Node>, from: NodeId, id: RequestId, s: Stamp) {
        let Some(call) = self.close(cx, from, id) else {
            return;
        };
        let wall = wall(cx);
        let refused = is_hybrid(cx.settings()) && !learn(cx, &mut self.last, from, s, wall);
        let Some(operation) = call.operation else {
            return;
        };
        if refused {
            return cx.reply(
                operation,
                unknown(format!("the clock of {from} is too far ahead")),
            );
        }
        if let Request::Increment { .. } = call.query.request {
            self.confirmed += 1;
        }
        let (number, after) = (id.number, call.query.after);
        cx.mark(&marks::ANSWERED, (number, stamp(s)));
        cx.reply(operation, Reply::Committed { s });
        self.told = self.told.max(s);
        if self.answers.len() == SHOWN {
            self.answers.remove(0);
        }
        self.answers.push(Answered {
            number,
            server: from,
            s,
            after,
        });
        if self.first == Some(number) {
            self.first = None;
            self.begin_own(cx, Some(from));
        }
    }

    /// A transaction of its own at some other server than the last one.
    fn begin_own(&mut self, cx: &mut Context<Node>, not: Option<NodeId>) -> u64 {
        let first = MASTER.0 + cx.settings().count(&CLIENTS) + 1;
        let servers = cx.settings().count(&SERVERS);
        let others = servers - u32::from(not.is_some() && servers > 1);
        let drawn = cx.rng().below(u64::from(others)) as u32;
        let server = NodeId(first + drawn);
        let server = match not {
            Some(not) if server >= not && servers > 1 => NodeId(server.0 + 1),
            _ => server,
        };
        let request = match cx.choice(&WORK) {
            "increments" => Request::Increment { server },
            _ => Request::Write {
                server,
                value: self.calls.next,
            },
        };
        let operation = cx.invoke(request.clone());
        self.begin(cx, request, Some(operation))
    }
}

/// A client has no time master: its own clock as it is.
fn wall(cx: &Context<Node>) -> u64 {
    u64::try_from(cx.now().0).unwrap_or(0)
}

fn unknown(why: String) -> Reply {
    Reply::Unknown { why }
}

impl Role for Client {
    type Of = Node;

    fn on_start(&mut self, cx: &mut Context<Node>, _start: Start) {
        let first = pace(cx).first(cx.rng());
        cx.set_timer(Timer::Next, first);
    }

    fn on_message(&mut self, cx: &mut Context<Node>, from: NodeId, message: Message) {
        match message {
            Message::Committed { id, s } => self.receive_committed(cx, from, id, s),
            Message::Value { id, value, version } => {
                if let Some(operation) = self.close(cx, from, id).and_then(|call| call.operation) {
                    cx.reply(operation, Reply::Value { value, version });
                }
            }
            Message::Refused { id } => {
                if let Some(operation) = self.close(cx, from, id).and_then(|call| call.operation) {
                    fail(cx, operation, "this clock is too far ahead".to_owned());
                }
            }
            _ => {}
        }
    }

    fn on_timer(&mut self, cx: &mut Context<Node>, timer: Timer) {
        match timer {
            Timer::Retry { request } => self.time_out(cx, request),
            Timer::Next => {
                let (acts, wait) = pace(cx).next();
                cx.set_timer(Timer::Next, wait);
                if acts && self.calls.open.is_empty() {
                    self.first = Some(self.begin_own(cx, None));
                }
            }
            Timer::Sync | Timer::CommitWait => {}
        }
    }

    fn on_request(&mut self, cx: &mut Context<Node>, request: Request) {
        let Some(operation) = cx.operation() else {
            return;
        };
        let server = request.server();
        if is_server(server, cx.settings()) && cx.peers().any(|peer| peer == server) {
            self.begin(cx, request, Some(operation));
        } else {
            fail(cx, operation, format!("{server} is no server"));
        }
    }

    fn recover(&self, cx: &mut Context<Node>) -> Self {
        for call in self.calls.open.values() {
            if let Some(operation) = call.operation {
                cx.reply(
                    operation,
                    unknown("the client crashed while it waited".to_owned()),
                );
            }
        }
        Self {
            calls: self.calls.recover(),
            first: None,
            ..self.clone()
        }
    }

    fn draw(&self, _settings: &Settings, to: &mut NodeFrame) {
        figures::draw_client(self, to);
    }
}
