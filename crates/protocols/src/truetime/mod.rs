//! TrueTime: timestamps that agree with real time although no clock is exact. Beside it, the hybrid
//! logical clock, which keeps causes before effects and needs no bound on errors.
//!
//! **Problem.** Servers give their transactions timestamps from their own clocks. A transaction that
//! begins after another one was answered must get the later timestamp, at whichever server it runs:
//! *external consistency*. Clocks disagree by milliseconds, so a later transaction may get an earlier one.
//!
//! **Idea.** TrueTime does not tell an instant but an interval that surely holds the true time (section 3):
//! `TT.now()` is [earliest, latest], half as wide as its bound ε on the clock's error. A server gives a
//! transaction the timestamp s = `TT.now().latest` (*start*), and answers only when `TT.after(s)`
//! (*commit wait*, 4.1.2). Then s has passed everywhere, and whatever begins later gets more.
//!
//! **The subtle point.** The wait does not make clocks better. It makes their error harmless: about 2 ε of
//! waiting buys an order that all clients can observe. The price follows ε, so the work goes into a small
//! ε: servers ask time masters, ε falls at each answer and grows in between by as much as a clock may
//! drift. A server without a time master stays correct and becomes slow. Only a clock that is wrong by
//! more than its ε breaks the order.
//!
//! **The other way.** A hybrid logical clock is (l, c): l is the largest wall time seen, c counts events
//! within it. Messages carry it, and a node that receives one goes on from the larger. A cause then always
//! has the smaller stamp, without any wait. What it does not see is a cause that no message carries.
//!
//! **References.** Corbett and others, "Spanner: Google's globally distributed database", OSDI 2012
//! (sections below are its own); Kulkarni, Demirbas, Madappa, Avva and Leone, "Logical physical clocks",
//! OPODIS 2014; Cristian, "Probabilistic clock synchronization", Distributed Computing, 1989 (how a server
//! reads a time master's clock).

mod captions;
mod client;
mod descriptor;
mod figures;
mod invariants;
mod marks;
mod probes;
mod scenarios;
mod server;
#[cfg(test)]
mod tests;
mod time;

use faultline_sim::frame::{NodeFrame, Word};
use faultline_sim::history::End;
use faultline_sim::process::{Context, NodeId, Operation, Start};
use faultline_sim::settings::Settings;
use faultline_sim::time::LocalTime;
use serde::{Deserialize, Serialize};

use crate::parts::request::RequestId;
use crate::parts::roles::Role;
pub use crate::parts::versions::Stamp;
pub use client::Client;
use descriptor::CLIENTS;
pub use descriptor::PROTOCOL;
pub use server::Server;
pub use time::{Clock, TrueTime};

/// The node that knows the time: a receiver of satellite signals, or an atomic clock.
pub const MASTER: NodeId = NodeId(1);

/// What a transaction does with its server's value. Server n keeps one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    Write(u64),
    /// Reads the value and writes one more.
    Increment,
}

faultline_sim::messages! {
    pub enum Message {
        /// A server: what time is it? Its own clock shows this.
        Poll { asked: LocalTime } => Control "?" "asks a time master for the time",
        /// What the time master's clock shows, with what the question said.
        Time { asked: LocalTime, shows: i64 } => Control "T" "tells the time",
        /// `clock`: the sender's hybrid clock, where it has one.
        Commit { id: RequestId, change: Change, clock: Option<Stamp> } => Request "W" "asks to commit a transaction",
        Committed { id: RequestId, s: Stamp } => Ack "✓" "says: committed",
        /// The value at this timestamp, please.
        Read { id: RequestId, at: Stamp } => Request "R" "reads at a timestamp",
        Value { id: RequestId, value: u64, version: Stamp } => Data "V" "answers with a value",
        /// The clock in the request is too far ahead.
        Refused { id: RequestId } => Nack "✗" "refuses: that clock is too far ahead",
    }
}

faultline_sim::timers! {
    pub enum Timer {
        /// A server: time to ask the time master.
        Sync,
        /// A server: the first timestamp that something waits for may have passed.
        CommitWait,
        /// A client: time for transactions of its own.
        Next,
        /// A client: this request has had no answer.
        Retry { request: u64 },
    }
}

/// What a person may ask of a client.
#[derive(Clone, Debug, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// Write a value at a server.
    Write { server: NodeId, value: u64 },
    /// Add one to a server's value.
    Increment { server: NodeId },
    /// Read a server's value as it was, or will be, at this many milliseconds.
    ReadAt { server: NodeId, ms: u32 },
}

impl Request {
    pub fn server(&self) -> NodeId {
        match self {
            Request::Write { server, .. }
            | Request::Increment { server }
            | Request::ReadAt { server, .. } => *server,
        }
    }
}

#[derive(Clone, Debug, Hash, Serialize)]
pub enum Reply {
    Committed {
        s: Stamp,
    },
    Value {
        value: u64,
        version: Stamp,
    },
    /// It had no effect.
    Failed {
        why: String,
    },
    /// It may have taken effect.
    Unknown {
        why: String,
    },
}

crate::roles! {
    pub enum Node by role_of { Master, Server, Client }
    type Message = Message;
    type Timer = Timer;
    type Request = Request;
    type Reply = Reply;
    end end_of;
    word word_of;
}

/// The time master, then clients, then servers: who is added later is a server.
fn role_of(me: NodeId, settings: &Settings) -> Node {
    if me == MASTER {
        Node::Master(Master)
    } else if is_server(me, settings) {
        Node::Server(Server::default())
    } else {
        Node::Client(Client::default())
    }
}

fn is_server(id: NodeId, settings: &Settings) -> bool {
    id.0 > MASTER.0 + settings.count(&CLIENTS)
}

fn end_of(reply: &Reply) -> End {
    match reply {
        Reply::Committed { .. } | Reply::Value { .. } => End::Ok,
        Reply::Failed { .. } => End::Failed,
        Reply::Unknown { .. } => End::Unknown,
    }
}

fn word_of(message: &Message) -> Option<Word> {
    Some(match message {
        Message::Poll { .. } => Word::of("time?"),
        Message::Time { shows, .. } => Word::of(format_args!("{} ms", shows / 1_000)),
        Message::Commit { id, .. } => Word::of(format_args!("T{}", id.number)),
        Message::Committed { s, .. } => Word::of(format_args!("at {} ms", s.0 / 1_000)),
        Message::Read { at, .. } => Word::of(format_args!("at {}?", at.0 / 1_000)),
        Message::Value { value, .. } => Word::of(value),
        Message::Refused { .. } => Word::of("too far"),
    })
}

/// Only clients take requests.
fn turn_away(cx: &mut Context<Node>) {
    if let Some(operation) = cx.operation() {
        fail(cx, operation, "ask a client".to_owned());
    }
}

fn fail(cx: &mut Context<Node>, operation: Operation, why: String) {
    cx.reply(operation, Reply::Failed { why });
}

/// Tells the time to servers that ask.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Master;

impl Role for Master {
    type Of = Node;

    fn on_message(&mut self, cx: &mut Context<Node>, from: NodeId, message: Message) {
        if let Message::Poll { asked } = message {
            let shows = cx.now().0;
            cx.send(from, Message::Time { asked, shows });
        }
    }

    fn on_request(&mut self, cx: &mut Context<Node>, _request: Request) {
        turn_away(cx);
    }

    fn recover(&self, _cx: &mut Context<Node>) -> Self {
        self.clone()
    }

    fn draw(&self, _settings: &Settings, to: &mut NodeFrame) {
        figures::draw_master(to);
    }
}
