//! Gossip: every node tells a random other one, and soon all know.
//!
//! **Problem.** Many nodes hold copies of the same keys. Any of them may be written, some are down, and
//! no node has a list of who knows what. All are to end with the same data.
//!
//! **Idea.** Once a round each node picks a random peer. It *pushes* what it has, *pulls* what the other
//! has, or does both (1.2). A key has a version; the newer one replaces the older. What one node
//! knows spreads like a rumour: at first the number of nodes that know doubles each round, so it takes
//! about log2 n + ln n rounds to push it to all (Pittel 1987), and fewer with pull.
//!
//! **The subtle point.** A version must tell which of two writes came *later*. The listing counts 1, 2,
//! 3: two nodes that write at once both make version 1, and never agree. A version vector (Parker and
//! others 1983) tells that neither write knew of the other; then both values are kept until a write
//! that knows both replaces them. And a deleted key must leave a *tombstone*: a node that has
//! forgotten it takes the old value for news.
//!
//! **Cost.** The listing sends everything each time. With digests a node first sends the versions it
//! has, and only what the other lacks follows.
//!
//! **What survives a crash.** The data.
//!
//! **References.** Demers and others, "Epidemic Algorithms for Replicated Database Maintenance", PODC
//! 1987 (sections below are its own); Pittel, "On Spreading a Rumor", 1987; Karp and others, "Randomized
//! Rumor Spreading", FOCS 2000; Parker and others, "Detection of Mutual Inconsistency in Distributed
//! Systems", 1983.

mod data;
mod descriptor;
mod figures;
mod invariants;
mod marks;
mod probes;
mod program;
mod scenarios;
#[cfg(test)]
mod tests;

use std::rc::Rc;

use faultline_sim::frame::{NodeFrame, Word};
use faultline_sim::history::End;
use faultline_sim::judge::{self, Answer, Asked, Call, Model};
use faultline_sim::process::{Context, NodeId, Process, Start};
use faultline_sim::settings::Settings;
use faultline_sim::time::Duration;
use faultline_sim::world::World;
use serde::{Deserialize, Serialize};

use data::{Data, Digest};
use descriptor::{DIGESTS, EVERY, IN_STEP, MODE, ROUND_START, TOMBSTONES};

pub use descriptor::PROTOCOL;

faultline_sim::messages! {
    pub enum Message {
        /// `getSummary`. `back`: please send yours, too.
        Gossip { data: Rc<Data>, back: bool } as "GOSSIP" => Data "G" "sends everything it has",
        /// Pull without a push.
        Ask as "ASK" => Request "?" "asks for everything it has",
        /// Switch `digests`: what this node has, by version. `push`: ask for what you lack; `pull`: send
        /// what I lack.
        Digest { has: Rc<Digest>, push: bool, pull: bool } as "DIGEST" => Control "D" "says which versions it has",
        /// Switch `digests`: what the other one lacks.
        Delta { data: Rc<Data> } as "DELTA" => Data "Δ" "sends what was missing",
    }
}

faultline_sim::timers! {
    pub enum Timer {
        /// The next round.
        Gossip,
    }
}

/// What a client may ask of any node.
#[derive(Clone, Debug, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// `setValue`
    Set {
        key: String,
        value: String,
    },
    Delete {
        key: String,
    },
    /// `getValue`
    Get {
        key: String,
    },
    /// `startGossiping`
    Start,
    /// `stopGossiping`
    Stop,
}

/// What a key without a value holds, in a history.
const NOTHING: &str = "nothing";

#[derive(Clone, Debug, Hash, Serialize)]
pub enum Reply {
    Done,
    /// More than one: writes that did not know of each other.
    Found {
        values: Vec<String>,
    },
    Missing,
}

#[derive(Clone, Debug, Hash, Serialize)]
pub struct Gossip {
    pub data: Rc<Data>,
    /// What it had when the round began.
    #[serde(skip)]
    pub before: Rc<Data>,
    pub stopped: bool,
    /// Keys that the latest message changed.
    pub updated: u32,
}

impl Process for Gossip {
    type Message = Message;
    type Timer = Timer;
    type Request = Request;
    type Reply = Reply;

    fn new(_me: NodeId, _settings: &Settings) -> Self {
        Self {
            data: Rc::default(),
            before: Rc::default(),
            stopped: false,
            updated: 0,
        }
    }

    /// In step, all rounds begin at the same instant; else each node begins somewhere in the first one.
    fn on_start(&mut self, cx: &mut Context<Self>, _start: Start) {
        let mut first = cx.duration(&EVERY);
        if !cx.switch(&IN_STEP) {
            first = Duration(cx.rng().between(1, first.0));
        }
        cx.set_timer(Timer::Gossip, first);
    }

    fn on_timer(&mut self, cx: &mut Context<Self>, timer: Timer) {
        cx.set_timer(timer, cx.duration(&EVERY));
        self.before = self.data.clone();
        if self.stopped {
            return;
        }
        if let Some(peer) = cx.random_peer() {
            self.gossip(cx, peer);
        }
    }

    fn on_message(&mut self, cx: &mut Context<Self>, from: NodeId, message: Message) {
        match message {
            Message::Gossip { data, back } => {
                if back {
                    let data = self.told(cx);
                    cx.send(from, Message::Gossip { data, back: false });
                }
                self.receive_gossip(cx, from, &data);
            }
            Message::Ask => {
                let data = self.told(cx);
                cx.send(from, Message::Gossip { data, back: false });
            }
            Message::Digest { has, push, pull } => {
                if pull {
                    self.send_missing(cx, from, &has);
                }
                if push && self.data.lacks(&has, cx) {
                    let has = Rc::new(self.data.digest());
                    let (push, pull) = (false, true);
                    cx.send(from, Message::Digest { has, push, pull });
                }
            }
            Message::Delta { data } => self.receive_gossip(cx, from, &data),
        }
    }

    fn on_request(&mut self, cx: &mut Context<Self>, request: Request) {
        let reply = match request {
            Request::Set { key, value } => {
                self.set_value(cx, key, Some(value));
                Reply::Done
            }
            Request::Delete { key } => {
                if cx.switch(&TOMBSTONES) {
                    self.set_value(cx, key, None);
                } else {
                    cx.mark(&marks::FORGETS, key.as_str());
                    Rc::make_mut(&mut self.data).remove(&key);
                }
                Reply::Done
            }
            Request::Get { key } => {
                cx.mark(&marks::READS, key.as_str());
                match self.data.values(&key) {
                    values if values.is_empty() => Reply::Missing,
                    values => Reply::Found { values },
                }
            }
            Request::Start | Request::Stop => {
                self.stopped = matches!(request, Request::Stop);
                Reply::Done
            }
        };
        if let Some(operation) = cx.operation() {
            cx.reply(operation, reply);
        }
    }

    fn recover(&self, _cx: &mut Context<Self>) -> Self {
        Self {
            updated: 0,
            ..self.clone()
        }
    }

    fn end(reply: &Reply) -> End {
        match reply {
            Reply::Done | Reply::Found { .. } | Reply::Missing => End::Ok,
        }
    }

    /// A deleted key holds what every key holds at first.
    fn objects(_settings: &Settings) -> Option<Model> {
        let initial = Some(judge::Word::from(NOTHING));
        Some(Model::Store { initial })
    }

    fn asked(request: &Request, _node: NodeId, _world: &World) -> Option<Asked> {
        let write = |value: &str| Call::Write(judge::Word::from(value));
        Some(match request {
            Request::Set { key, value } => Asked::at(key, write(value)),
            Request::Delete { key } => Asked::at(key, write(NOTHING)),
            Request::Get { key } => Asked::at(key, Call::Read),
            Request::Start | Request::Stop => return None,
        })
    }

    /// Several values at once are no value of one copy: such an answer says nothing to the judge.
    fn told(reply: &Reply) -> Option<Answer> {
        let value = |value: &str| Some(Answer::Value(Some(judge::Word::from(value))));
        match reply {
            Reply::Done => Some(Answer::Done),
            Reply::Found { values } => match &values[..] {
                [only] => value(only),
                _ => None,
            },
            Reply::Missing => value(NOTHING),
        }
    }

    fn draw(&self, settings: &Settings, to: &mut NodeFrame) {
        figures::draw(self, settings, to);
    }

    fn word(message: &Message) -> Option<Word> {
        Some(figures::word(message))
    }
}

impl Gossip {
    /// One round: push, pull or both (1.2), of everything or of what is missing.
    fn gossip(&mut self, cx: &mut Context<Self>, peer: NodeId) {
        let (push, pull) = match cx.choice(&MODE) {
            "push" => (true, false),
            "pull" => (false, true),
            _ => (true, true),
        };
        let message = if cx.switch(&DIGESTS) {
            let has = Rc::new(self.data.digest());
            Message::Digest { has, push, pull }
        } else if push {
            let data = self.told(cx);
            Message::Gossip { data, back: pull }
        } else {
            Message::Ask
        };
        cx.send(peer, message);
    }

    /// What this node tells: in rounds in step, what it had when the round began.
    fn told(&self, cx: &Context<Self>) -> Rc<Data> {
        if cx.switch(&ROUND_START) {
            self.before.clone()
        } else {
            self.data.clone()
        }
    }

    /// `receiveGossip`: what is newer replaces what is older.
    fn receive_gossip(&mut self, cx: &mut Context<Self>, from: NodeId, data: &Data) {
        let updates = Rc::make_mut(&mut self.data).merge(data, cx);
        self.updated = updates;
        if updates > 0 {
            cx.mark(&marks::UPDATES, (updates, from));
        }
    }

    fn send_missing(&mut self, cx: &mut Context<Self>, to: NodeId, has: &Digest) {
        let missing = self.data.missing(has, cx);
        if !missing.is_empty() {
            let data = Rc::new(missing);
            cx.send(to, Message::Delta { data });
        }
    }

    fn set_value(&mut self, cx: &mut Context<Self>, key: String, value: Option<String>) {
        match &value {
            Some(value) => cx.mark(&marks::SETS, (key.as_str(), value.as_str())),
            None => cx.mark(&marks::DELETES, key.as_str()),
        }
        Rc::make_mut(&mut self.data).write(key, value, cx.me());
    }
}
