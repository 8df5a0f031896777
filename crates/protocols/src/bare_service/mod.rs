//! A bare service: a client asks one server and waits, and three rules that let it survive faults.
//!
//! **Problem.** A server crashes, a message is lost, a link is cut. The client should still get an
//! answer to every request, and the right one.
//!
//! **Idea.** Three rules, one on top of the other. `timeout`: the client stops waiting after a while.
//! `retry`: it then asks again, another server this time, under the same id. `quorum`: it asks all
//! servers, and a read or a write counts when a majority has answered.
//!
//! **The subtle point.** Timeout and retry together answer every request, and some answers are wrong:
//! the other server has never heard of the value. Any two majorities share a server, so a read that
//! asks a majority meets the latest write (\[G\]). But a majority alone still waits for ever when a message
//! is lost while another server cannot be reached.
//!
//! **Details that matter.** Each client writes its own value, counting up, and a server keeps the
//! highest one it has seen, so a write that arrives twice or late changes nothing. A read returns the
//! highest value of its majority. It does not write that value back (\[ABD\] does): a write that nobody
//! has confirmed may be seen by one read and not by the next. With a retry a majority counts answers of
//! all tries. The majority is one of all servers the service began with, crashed and removed ones
//! included. Nodes that are added later are clients.
//!
//! **What survives a crash.** A server's values; a client's count of requests and of writes. A client
//! that restarts ends its open requests: it cannot tell how far they got.
//!
//! **References.** Gifford, "Weighted voting for replicated data", SOSP 1979 (\[G\]); Attiya, Bar-Noy and
//! Dolev, "Sharing memory robustly in message-passing systems", JACM 42(1), 1995 (\[ABD\]); Birrell and
//! Nelson, "Implementing Remote Procedure Calls", ACM TOCS 2(1), 1984, on what a client may conclude
//! from silence.

mod client;
mod descriptor;
mod figures;
mod monitors;
#[cfg(test)]
mod tests;

use faultline_sim::frame::{NodeFrame, Word};
use faultline_sim::history::End;
use faultline_sim::judge::{Answer, Asked, Call, Model};
use faultline_sim::process::{Context, NodeId, Process, Start};
use faultline_sim::settings::Settings;
use faultline_sim::sorted::SortedMap;
use faultline_sim::world::World;
use serde::{Deserialize, Serialize};

use crate::parts::calls::Calls;
use crate::parts::request::RequestId;
use descriptor::STORES;
pub use descriptor::{NODES, PROTOCOL};

/// Node 1 is the client, the next nodes are the servers; nodes added later are clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Client,
    Server,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    Read,
    Write(u64),
}

/// A request while it waits.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Query {
    pub operation: Operation,
    /// The answers so far: who, and the value it has.
    pub heard: SortedMap<NodeId, u64>,
    /// How many answers it needs.
    pub need: u32,
    /// Whether a timeout is set.
    pub timed: bool,
}

/// One node of the service.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Member {
    pub role: Role,
    /// On disk, server: the value of each client.
    pub values: SortedMap<NodeId, u64>,
    /// On disk, client: its own requests, and how many values it has written.
    pub calls: Calls<Query>,
    pub written: u64,
    pub answered: u64,
    pub failed: u64,
}

faultline_sim::messages! {
    pub enum Message {
        Write { id: RequestId, value: u64 } as "WRITE" => Data "W" "asks to store a value",
        Stored { id: RequestId } as "STORED" => Ack "✓" "has stored the value",
        Read { id: RequestId } as "READ" => Request "?" "asks for the value",
        Value { id: RequestId, value: u64 } as "VALUE" => Ack "A" "answers with the value",
    }
}

faultline_sim::timers! {
    pub enum Timer {
        /// The client's next request.
        Next,
        /// The current try of this request times out.
        Timeout { request: u64 },
    }
}

/// What a person may ask of a client.
#[derive(Clone, Copy, Debug, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    Write,
    Read,
}

/// How a request ended.
#[derive(Clone, Debug, Hash, Serialize)]
pub enum Reply {
    Written {
        value: u64,
        tries: u32,
    },
    Read {
        value: u64,
        tries: u32,
    },
    /// It had no effect.
    Failed {
        why: String,
    },
    /// A write without enough answers: nobody knows what came of it.
    Unknown {
        why: String,
    },
}

impl Process for Member {
    type Message = Message;
    type Timer = Timer;
    type Request = Request;
    type Reply = Reply;

    fn new(id: NodeId, settings: &Settings) -> Self {
        Self {
            role: role_of(settings, id),
            values: SortedMap::new(),
            calls: Calls::default(),
            written: 0,
            answered: 0,
            failed: 0,
        }
    }

    fn on_start(&mut self, cx: &mut Context<Self>, _start: Start) {
        if self.role == Role::Client {
            Self::start_asking(cx);
        }
    }

    fn on_message(&mut self, cx: &mut Context<Self>, from: NodeId, message: Message) {
        match message {
            Message::Write { id, value } => self.store(cx, from, id, value),
            Message::Read { id } => {
                let value = self.values.get(&id.from).copied().unwrap_or(0);
                cx.send(from, Message::Value { id, value });
            }
            Message::Stored { id } => self.hear(cx, from, id, 0),
            Message::Value { id, value } => self.hear(cx, from, id, value),
        }
    }

    fn on_timer(&mut self, cx: &mut Context<Self>, timer: Timer) {
        match timer {
            Timer::Next => self.ask_next(cx),
            Timer::Timeout { request } => self.time_out(cx, request),
        }
    }

    fn on_request(&mut self, cx: &mut Context<Self>, request: Request) {
        let operation = cx.operation();
        match self.role {
            Role::Client => self.begin(cx, request, operation),
            Role::Server => {
                if let Some(operation) = operation {
                    let why = "a server asks nothing".to_owned();
                    cx.reply(operation, Reply::Failed { why });
                }
            }
        }
    }

    fn recover(&self, cx: &mut Context<Self>) -> Self {
        self.end_all(cx);
        Self {
            calls: self.calls.recover(),
            ..self.clone()
        }
    }

    fn end(reply: &Reply) -> End {
        match reply {
            Reply::Written { .. } | Reply::Read { .. } => End::Ok,
            Reply::Failed { .. } => End::Failed,
            Reply::Unknown { .. } => End::Unknown,
        }
    }

    /// A client's values count up by one, so its object is a counter.
    fn objects(_settings: &Settings) -> Option<Model> {
        Some(Model::Counter { initial: 0 })
    }

    /// Each client has an `x` of its own; node 1 is the only client that every run has.
    fn asked(request: &Request, node: NodeId, _world: &World) -> Option<Asked> {
        let key = match node.0 {
            1 => "x".to_owned(),
            other => format!("x{other}"),
        };
        let call = match request {
            Request::Write => Call::Add(1),
            Request::Read => Call::Read,
        };
        Some(Asked::at(&key, call))
    }

    fn told(reply: &Reply) -> Option<Answer> {
        match reply {
            Reply::Written { value, .. } | Reply::Read { value, .. } => {
                Some(Answer::Count(*value as i64))
            }
            Reply::Failed { .. } | Reply::Unknown { .. } => None,
        }
    }

    fn draw(&self, _settings: &Settings, to: &mut NodeFrame) {
        figures::draw(self, to);
    }

    fn word(message: &Message) -> Option<Word> {
        Some(match message {
            Message::Write { value, .. } | Message::Value { value, .. } => {
                Word::of(format_args!("x = {value}"))
            }
            Message::Read { .. } => Word::of("x?"),
            Message::Stored { .. } => Word::of("ok"),
        })
    }
}

impl Member {
    /// A server keeps the highest value of each client.
    fn store(&mut self, cx: &mut Context<Self>, from: NodeId, id: RequestId, value: u64) {
        let stored = self.values.entry(id.from).or_insert(0);
        if value > *stored {
            *stored = value;
            cx.mark(&STORES, value);
        }
        cx.send(from, Message::Stored { id });
    }
}

fn role_of(settings: &Settings, id: NodeId) -> Role {
    if (2..=1 + settings.count(&NODES)).contains(&id.0) {
        Role::Server
    } else {
        Role::Client
    }
}
