//! Hello, cluster: heartbeats between servers, and a client that asks, waits and retries.
//!
//! **Problem.** Nodes share nothing but messages. A message may be late, may be lost, may come
//! twice, and its sender or receiver may be down. Still, each server wants to know which peers are
//! alive, and each client wants an answer.
//!
//! **Idea.** Every server sends `HEARTBEAT` to every other server at a fixed rate. A server that
//! has heard nothing from a peer for longer than `suspect` suspects it, and after `fail` thinks it
//! has failed; any message from that peer clears it at once. A client sends `ASK`, sets a
//! timer, and retries when the timer runs out, each time after a longer wait. Each request has
//! its own id, the client's number with a running count, which a retry repeats. A server
//! stores the id of each request that it has applied, together with the answer: a known id gets
//! the old answer, and the counter does not change.
//!
//! **The subtle point.** A missing answer does not tell you why it is missing. The request may be
//! lost, the answer may be lost, the server may be down, slow, or paused: the client sees
//! the same silence. So suspicion is a guess, never knowledge, and a client that gives up does not
//! know whether its request was applied.
//!
//! **Details that matter.** Silence is compared with `>`, not `>=`, and only when the `check` timer
//! fires: a crash is detected between `suspect` and `suspect + check` after the last message. A peer
//! that has never sent anything is measured from the moment this server first knew of it, so it is
//! suspected too. (A detector that looks only at peers it has heard before forgets a node that was
//! dead from the start.) Silence is measured on the server's own clock: set that clock forward and
//! every peer seems silent. `TEXT` is sent once and acknowledged by `ACK`; it is never retried.
//!
//! **Coordination.** With `paint` set, servers try to agree on a colour. Without `decider` each tells
//! its favourite and believes the last one it heard: each message overwrites the one before, and the
//! colours flap. With it, one server decides: the lowest-numbered one that is not suspected, in each
//! server's own view. Only that server tells its colour, and the others believe only that server.
//!
//! **What survives a crash.** The counter, the ids already applied with their answers, the number
//! of the next request and the list of open requests are on disk. If the count of requests began
//! again, a new request would carry an old id and be answered from memory without being applied.
//! What was heard and believed is lost. A node that restarts ends its open requests as failed:
//! it cannot tell how far they got. Ids are kept forever here; a real server drops one when its
//! client shows that it has the answer (\[BN\] 3.2, \[C\] 5.2).
//!
//! **References.** Birrell and Nelson, "Implementing Remote Procedure Calls", ACM TOCS 2(1), 1984
//! (\[BN\]), section 3: call identifiers, repeated call packets, what the caller may conclude.
//! Saltzer, Reed and Clark, "End-to-End Arguments in System Design", ACM TOCS 2(4), 1984 (\[SRC\]),
//! on delivery guarantees and duplicate suppression. Coulouris, Dollimore, Kindberg and Blair,
//! "Distributed Systems: Concepts and Design", 5th edition (\[C\]), 5.2: request-reply protocols,
//! timeouts, duplicates, history; 5.3.1: call semantics; 15.1: failure detectors.

mod captions;
mod client;
mod colour;
mod descriptor;
mod figures;
mod invariants;
mod marks;
mod probes;
mod scenarios;
mod server;
#[cfg(test)]
mod tests;

use faultline_sim::frame::{NodeFrame, Word};
use faultline_sim::history::End;
use faultline_sim::judge::{self, Asked, Call, Model};
use faultline_sim::process::{Context, NodeId, Process, Start};
use faultline_sim::settings::Settings;
use faultline_sim::shared::SharedMap;
use faultline_sim::world::World;
use serde::{Deserialize, Serialize};

use crate::parts::calls::Calls;
use crate::parts::detector::Detector;
use crate::parts::request::RequestId;

pub use colour::Colour;
pub use descriptor::{
    CHECK, CLIENTS, CRASHED, DECIDER, EVERY, FAIL, HEARTBEAT, NODES, PAINT, PROTOCOL, REMEMBER,
    RETRIES, RETRY, SUSPECT, TIMEOUT,
};

/// A node's role. It never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Server,
    Client,
}

/// What a request asks for.
#[derive(Clone, Debug, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum QueryKind {
    Text(String),
    Add(u32),
}

/// A request and the server it goes to.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Query {
    pub to: NodeId,
    pub what: QueryKind,
}

/// One node of the cluster.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Member {
    pub role: Role,
    // On disk, server: requests it has applied.
    pub counter: u64,
    /// Requests applied, each with the answer given.
    pub applied: SharedMap<RequestId, u64>,
    // On disk, any node: its own requests.
    pub calls: Calls<Query>,
    pub answered: u64,
    pub given_up: u64,
    // Lost in a crash.
    /// What this server believes of the others.
    #[serde(flatten)]
    pub detector: Detector,
    /// Texts received, and the latest.
    pub texts: u32,
    pub last_text: Option<String>,
    /// The server that this client asked last on its own.
    pub last_asked: Option<NodeId>,
    /// This server's colour; none while `paint` is off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub colour: Option<Colour>,
}

faultline_sim::messages! {
    pub enum Message {
        Heartbeat as "HEARTBEAT" => Heartbeat "" "sends a heartbeat",
        Text { id: RequestId, text: String } as "TEXT" => Data "T" "sends a text",
        Ack { id: RequestId } as "ACK" => Ack "✓" "acknowledges the text",
        Ask { id: RequestId, add: u32 } as "ASK" => Request "?" "asks to add to its counter",
        Answer { id: RequestId, value: u64 } as "ANSWER" => Ack "A" "answers with its counter",
        Colour { colour: Colour } as "COLOUR" => Data "C" "tells its colour",
    }
}

faultline_sim::timers! {
    pub enum Timer {
        /// The next heartbeat.
        Heartbeat,
        /// The next check for silent peers.
        Check,
        /// The next time to tell the colour.
        Paint,
        /// The client's next own request.
        Ask,
        /// The current try of this request times out.
        Timeout { request: u64 },
    }
}

/// What a person may ask of a node.
#[derive(Clone, Debug, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    Send {
        to: NodeId,
        text: String,
    },
    Ask {
        to: NodeId,
        #[serde(default = "one")]
        add: u32,
    },
}

fn one() -> u32 {
    1
}

/// How a request ended.
#[derive(Clone, Debug, Hash, Serialize)]
pub enum Reply {
    Delivered {
        to: NodeId,
    },
    Answered {
        by: NodeId,
        value: u64,
        tries: u32,
    },
    /// It was not sent.
    Failed {
        why: String,
    },
    /// No answer came, which says nothing about what the other side did.
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
        Self::fresh(role_of(settings, id))
    }

    fn on_start(&mut self, cx: &mut Context<Self>, _start: Start) {
        match self.role {
            Role::Server => self.start_serving(cx),
            Role::Client => Self::start_asking(cx),
        }
    }

    fn on_message(&mut self, cx: &mut Context<Self>, from: NodeId, message: Message) {
        self.hear(cx, from);
        match message {
            Message::Heartbeat => {}
            Message::Colour { colour } => self.receive_colour(cx, from, colour),
            Message::Text { id, text } => self.receive_text(cx, from, id, text),
            Message::Ask { id, add } => self.serve(cx, from, id, add),
            Message::Ack { id } => self.end(cx, from, id, |_| Reply::Delivered { to: from }),
            Message::Answer { id, value } => self.end(cx, from, id, |tries| Reply::Answered {
                by: from,
                value,
                tries,
            }),
        }
    }

    fn on_timer(&mut self, cx: &mut Context<Self>, timer: Timer) {
        match timer {
            Timer::Heartbeat => Self::beat(cx),
            Timer::Check => self.check_peers(cx),
            Timer::Paint => self.send_colour(cx),
            Timer::Ask => self.ask_next(cx),
            Timer::Timeout { request } => self.time_out(cx, request),
        }
    }

    fn on_request(&mut self, cx: &mut Context<Self>, request: Request) {
        let (to, what) = match request {
            Request::Send { to, text } => (to, QueryKind::Text(text)),
            Request::Ask { to, add } => (to, QueryKind::Add(add)),
        };
        let operation = cx.operation();
        self.ask(cx, Query { to, what }, operation);
    }

    fn recover(&self, cx: &mut Context<Self>) -> Self {
        let lost = self.end_all(cx);
        Self {
            counter: self.counter,
            applied: self.applied.clone(),
            calls: self.calls.recover(),
            answered: self.answered,
            given_up: self.given_up + lost,
            ..Self::fresh(self.role)
        }
    }

    fn end(reply: &Reply) -> End {
        match reply {
            Reply::Delivered { .. } | Reply::Answered { .. } => End::Ok,
            Reply::Failed { .. } => End::Failed,
            Reply::Unknown { .. } => End::Unknown,
        }
    }

    /// Each server counts.
    fn objects(_settings: &Settings) -> Option<Model> {
        Some(Model::Counter { initial: 0 })
    }

    fn asked(request: &Request, _node: NodeId, _world: &World) -> Option<Asked> {
        match request {
            Request::Send { .. } => None,
            Request::Ask { to, add } => {
                let call = Call::Add(i64::from(*add));
                Some(Asked::at(&to.to_string(), call))
            }
        }
    }

    fn told(reply: &Reply) -> Option<judge::Answer> {
        match reply {
            Reply::Answered { value, .. } => Some(judge::Answer::Count(*value as i64)),
            Reply::Delivered { .. } | Reply::Failed { .. } | Reply::Unknown { .. } => None,
        }
    }

    fn draw(&self, settings: &Settings, to: &mut NodeFrame) {
        figures::draw(self, settings, to);
    }

    fn word(message: &Message) -> Option<Word> {
        Some(match message {
            Message::Heartbeat => return None,
            Message::Text { text, .. } if text.is_empty() => Word::of("empty"),
            Message::Text { text, .. } => Word::of(text),
            Message::Ack { .. } => Word::of("ok"),
            Message::Ask { add, .. } => Word::of(format_args!("add {add}")),
            Message::Answer { value, .. } => Word::of(format_args!("count {value}")),
            Message::Colour { colour } => Word::of(colour.word()),
        })
    }
}

impl Member {
    fn fresh(role: Role) -> Self {
        Self {
            role,
            counter: 0,
            applied: SharedMap::new(),
            calls: Calls::default(),
            answered: 0,
            given_up: 0,
            detector: Detector::default(),
            texts: 0,
            last_text: None,
            last_asked: None,
            colour: None,
        }
    }
}

/// The first nodes are servers, the next are clients; nodes added later are servers.
fn role_of(settings: &Settings, id: NodeId) -> Role {
    let servers = settings.count(&NODES);
    if id.0 > servers && id.0 <= servers + settings.count(&CLIENTS) {
        Role::Client
    } else {
        Role::Server
    }
}

/// The servers among the peers this node was told of.
fn servers(cx: &Context<Member>) -> Vec<NodeId> {
    cx.peers()
        .filter(|id| role_of(cx.settings(), *id) == Role::Server)
        .collect()
}
