//! Consistent hashing: which node keeps which key, so that few keys move when nodes come and go.
//!
//! **Problem.** Keys are spread over nodes, every client must find a key without asking around, and
//! when a node joins or leaves, only its share of the keys should move. `hash mod N` fails the last
//! point: from N to N + 1 nodes, N of N + 1 keys move.
//!
//! **Idea.** Nodes and keys are hashed onto one ring. A key belongs to the first node clockwise from
//! it. A new node takes over a part of one arc, and all other keys stay. Each node has many points
//! (virtual nodes), so that shares even out and many nodes share the load of a change.
//!
//! **The subtle point.** Many points do not help if the hash does not scatter them. The curriculum's
//! hash puts `node1:0`, `node1:1` and `node1:2` side by side, so that they act as one. And if two
//! nodes share a point, its program remembers only the later one, and a removal takes the point from
//! both.
//!
//! **The program around it.** The curriculum's program is one object that answers questions. Here each
//! node has its own object and acts on it: nodes tell each other about joins and leaves
//! (`membership.rs`), keys travel to their owners (`handover.rs`), and any node forwards a client's
//! request to the owner (`client.rs`). Preset `as-written` does it by direct calls.
//!
//! **References.** Karger, Lehman, Leighton, Panigrahy, Levine, Lewin, "Consistent hashing and random
//! trees", STOC 1997; DeCandia and others, "Dynamo", SOSP 2007, §4.2 and §4.3 (virtual nodes, walk to
//! N distinct nodes); Thaler and Ravishankar 1998 (rendezvous); Lamping and Veach 2014 (jump).

mod client;
mod descriptor;
mod figures;
mod handover;
mod hash;
mod invariants;
mod key;
mod marks;
mod membership;
pub mod placement;
mod probes;
mod program;
mod scenarios;
mod search;
mod state;
#[cfg(test)]
mod tests;

use std::rc::Rc;

use faultline_sim::frame::{NodeFrame, Word};
use faultline_sim::history::End;
use faultline_sim::judge::{self, Answer, Asked, Call, Model};
use faultline_sim::process::{Context, NodeId, Process, Start};
use faultline_sim::settings::Settings;
use faultline_sim::sorted::SortedMap;
use faultline_sim::time::LocalTime;
use faultline_sim::world::World;
use serde::{Deserialize, Serialize};

use crate::parts::calls::Calls;
use crate::parts::request::RequestId;
use client::PendingCall;
pub use descriptor::PROTOCOL;
use descriptor::{KEYS, LOOK, NODES, SHOW_KEYS};
use handover::Gift;
use key::{Batch, Item, Key};
use membership::Seats;
use placement::{Ring, Rules};
use search::Search;

/// One node of the ring: it stores keys, and forwards client requests to their owners.
#[derive(Clone, Debug, Hash)]
pub struct HashRing {
    me: NodeId,
    seats: Seats,
    /// The ring that follows from the seats and the rules.
    ring: Rc<Ring>,
    /// The ring before its latest change.
    before: Option<Rc<Ring>>,
    /// How often the ring has changed.
    changes: u32,
    /// Keys stored here; on disk, like the gifts.
    store: SortedMap<Key, Item>,
    /// How often something was stored or deleted.
    stored: u32,
    /// Keys that this node stores and owns, without copies for others.
    own: u32,
    /// Keys on their way to other nodes and not yet acknowledged.
    gifts: SortedMap<NodeId, Gift>,
    last_gift: u64,
    /// Requests that wait for answers from other nodes.
    calls: Calls<PendingCall>,
    /// How many nodes the latest request went to.
    asked: u32,
    search: Option<Search>,
    /// Switch `detect`: the node before this one, and when it was last heard.
    watched: Option<NodeId>,
    heard: LocalTime,
    /// The last node believed gone that was pinged.
    stray: Option<NodeId>,
    /// Parameters `keys` and `show_keys`, for the state as JSON.
    keys: u32,
    show_keys: bool,
}

faultline_sim::messages! {
    /// What nodes tell each other. A gift's id names its sender, because lying nodes confuse addresses.
    pub enum Message {
        Join {
            seats: Seats,
        } as "JOIN" => Announce "J" "tells that it joins the ring",
        Leave {
            seats: Seats,
        } as "LEAVE" => Announce "L" "tells that it leaves the ring",
        Ping {
            seats: Seats,
        } as "PING" => Heartbeat "" "sends a heartbeat with its list of members",
        News {
            seats: Seats,
        } as "NEWS" => Control "N" "tells who is on the ring",
        Handover {
            gift: Option<RequestId>,
            keys: Batch,
        } as "HANDOVER" => Data "K" "sends keys",
        Ack {
            gift: RequestId,
        } as "ACK" => Ack "✓" "acknowledges the keys",
        Ask {
            id: RequestId,
            task: Task,
        } as "ASK" => Request "?" "sends a client's request",
        Answer {
            id: RequestId,
            result: Reply,
        } as "ANSWER" => Ack "A" "answers with the result",
    }
}

/// What one node asks of another for a client.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Task {
    Put {
        key: Key,
        value: String,
    },
    Get {
        key: Key,
    },
    /// How many keys with this beginning do you own?
    Count {
        prefix: String,
    },
}

faultline_sim::timers! {
    /// What a node waits for.
    pub enum Timer {
        /// Time to check settings and neighbours.
        Look,
        /// No acknowledgement of keys handed over.
        Resend,
        /// No answer to a request.
        Timeout { request: u64 },
        /// The next comparison of a binary search.
        Compare,
    }
}

/// What a client may ask of any node.
#[derive(Clone, Debug, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Request {
    Put {
        key: String,
        value: String,
    },
    Get {
        key: String,
    },
    /// Who owns the key? Searched step by step.
    Lookup {
        key: String,
    },
    /// How many keys begin with this? All nodes must be asked.
    Count {
        prefix: String,
    },
}

/// What a client is told.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Reply {
    Stored {
        at: String,
    },
    Found {
        value: String,
        at: String,
    },
    /// The owner has no such key.
    Missing {
        at: String,
    },
    /// The asker's ring is out of date.
    NotMine,
    Owner {
        key: String,
        owner: String,
        comparisons: u32,
    },
    /// The ring has no point at all.
    Nobody {
        key: String,
    },
    Counted {
        keys: u32,
        nodes: u32,
    },
    Failed {
        why: String,
    },
    /// A write that a node may have stored.
    Unknown {
        why: String,
    },
}

impl Process for HashRing {
    type Message = Message;
    type Timer = Timer;
    type Request = Request;
    type Reply = Reply;

    fn new(me: NodeId, settings: &Settings) -> Self {
        let seats = Seats::of((1..=settings.count(&NODES)).map(NodeId));
        let ring = Ring::new(Rules::of(settings), seats.members());
        let mut node = Self {
            me,
            seats,
            ring: Rc::new(ring),
            before: None,
            changes: 0,
            store: SortedMap::new(),
            stored: 0,
            own: 0,
            gifts: SortedMap::new(),
            last_gift: 0,
            calls: Calls::default(),
            asked: 0,
            search: None,
            watched: None,
            heard: LocalTime::default(),
            stray: None,
            keys: settings.count(&KEYS),
            show_keys: settings.count(&SHOW_KEYS) > 0,
        };
        if node.seats.is_member(me) {
            // The keys that the ring holds when the run starts.
            let keys = (0..node.keys).map(Key::Numbered);
            let mine = keys.filter(|key| node.owners(key).contains(&me));
            node.store = mine.map(|key| (key, Item::default())).collect();
            node.count_own(me);
        }
        node
    }

    fn on_start(&mut self, cx: &mut Context<Self>, start: Start) {
        cx.set_timer(Timer::Look, cx.duration(&LOOK));
        if start == Start::Recovery {
            self.join(cx);
            self.resend(cx);
        } else if cx.me().0 > cx.settings().count(&NODES) {
            self.seats = Seats::of(cx.peers());
            self.seats.0.insert(cx.me(), 0);
            self.adopt(cx);
            self.join(cx);
        }
    }

    fn on_message(&mut self, cx: &mut Context<Self>, from: NodeId, message: Message) {
        match message {
            Message::Join { seats }
            | Message::Leave { seats }
            | Message::Ping { seats }
            | Message::News { seats } => self.hear(cx, from, &seats),
            Message::Handover { gift, keys } => self.receive_gift(cx, from, gift, &keys),
            Message::Ack { gift } => self.receive_ack(cx, from, gift),
            Message::Ask { id, task } => {
                let result = self.serve(cx, &task);
                cx.send(from, Message::Answer { id, result });
            }
            Message::Answer { id, result } => self.receive_answer(cx, id, from, result),
        }
    }

    fn on_timer(&mut self, cx: &mut Context<Self>, timer: Timer) {
        match timer {
            Timer::Look => {
                cx.set_timer(Timer::Look, cx.duration(&LOOK));
                if Self::detects(cx) {
                    self.watch(cx);
                } else {
                    self.adopt(cx);
                }
            }
            Timer::Resend => self.resend(cx),
            Timer::Timeout { request } => self.time_out(cx, request),
            Timer::Compare => self.compare(cx),
        }
    }

    fn on_request(&mut self, cx: &mut Context<Self>, request: Request) {
        let Some(operation) = cx.operation() else {
            return;
        };
        self.adopt(cx);
        match request {
            Request::Put { key, value } => {
                let key = Key::named(&key);
                self.route(cx, operation, Task::Put { key, value });
            }
            Request::Get { key } => {
                let key = Key::named(&key);
                self.route(cx, operation, Task::Get { key });
            }
            Request::Count { prefix } => self.scatter(cx, operation, prefix),
            Request::Lookup { key } => self.look_up(cx, operation, key),
        }
    }

    /// Announces that it leaves, and hands over all its keys.
    fn on_leave(&mut self, cx: &mut Context<Self>) {
        self.seats.strike(cx.me());
        self.adopt_quietly(cx.settings());
        cx.broadcast(Message::Leave {
            seats: self.seats.clone(),
        });
        self.give_all(cx);
    }

    /// Keys, gifts and the list of members are on disk.
    fn recover(&self, cx: &mut Context<Self>) -> Self {
        let mut back = self.clone();
        back.end_all(cx);
        back.search = None;
        back.watched = None;
        back
    }

    fn end(reply: &Reply) -> End {
        match reply {
            Reply::Stored { .. }
            | Reply::Found { .. }
            | Reply::Missing { .. }
            | Reply::Owner { .. }
            | Reply::Counted { .. } => End::Ok,
            Reply::Unknown { .. } => End::Unknown,
            Reply::NotMine | Reply::Nobody { .. } | Reply::Failed { .. } => End::Failed,
        }
    }

    fn objects(_settings: &Settings) -> Option<Model> {
        Some(Model::STORE)
    }

    /// The numbered keys are there from the beginning; the history is about the typed ones.
    fn asked(request: &Request, _node: NodeId, _world: &World) -> Option<Asked> {
        let (key, call) = match request {
            Request::Put { key, value } => (key, Call::Write(judge::Word::from(&**value))),
            Request::Get { key } => (key, Call::Read),
            Request::Lookup { .. } | Request::Count { .. } => return None,
        };
        matches!(Key::named(key), Key::Typed(_)).then(|| Asked::at(key, call))
    }

    fn told(reply: &Reply) -> Option<Answer> {
        match reply {
            Reply::Stored { .. } => Some(Answer::Done),
            Reply::Found { value, .. } => Some(Answer::Value(Some(judge::Word::from(&**value)))),
            Reply::Missing { .. } => Some(Answer::Value(None)),
            _ => None,
        }
    }

    fn draw(&self, settings: &Settings, to: &mut NodeFrame) {
        figures::draw(self, settings, to);
    }

    fn word(message: &Message) -> Option<Word> {
        figures::word(message)
    }
}

impl HashRing {
    /// Applies the current settings and members, and moves the keys that must move.
    fn adopt(&mut self, cx: &mut Context<Self>) {
        self.show_keys = cx.settings().count(&SHOW_KEYS) > 0;
        if self.adopt_quietly(cx.settings()) {
            self.rebalance(cx);
        }
    }

    fn adopt_quietly(&mut self, settings: &Settings) -> bool {
        let rules = Rules::of(settings);
        let members = &self.ring.members;
        let same = self.seats.members().eq(members.iter().copied());
        if same && rules == self.ring.rules {
            return false;
        }
        let ring = if rules == self.ring.rules {
            // One after another, as a program would that hears of them one by one.
            let mut ring = Ring::clone(&self.ring);
            for id in members.iter().filter(|id| !self.seats.is_member(**id)) {
                ring.remove(*id);
            }
            for id in self.seats.members() {
                ring.add(id);
            }
            ring
        } else {
            Ring::new(rules, self.seats.members())
        };
        self.before = Some(std::mem::replace(&mut self.ring, Rc::new(ring)));
        self.changes += 1;
        true
    }
}
