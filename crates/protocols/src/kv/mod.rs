//! A replicated key-value store: every node has a copy, and any node may be written.
//!
//! **Problem.** A value lies on several nodes, so that it survives a crash and is near its readers. A
//! write reaches the copies one after another, some of them late and some never. What does a reader get
//! meanwhile, and what becomes of two writes that cross on their way?
//!
//! **Idea.** The node that is asked (the coordinator) stores the value and sends it to the other
//! replicas. It answers at once, or when W of the N copies are confirmed; a read asks R of them. With
//! R + W > N each read meets the latest confirmed write (Gifford 1979).
//!
//! **The subtle point.** A copy that arrives must be compared with the one that is there, and that takes
//! a version. A counter and a clock order all writes, also two that did not know of each other, and one
//! of those is lost. Vectors find such a conflict; then both values stay until a write that knows both
//! (\[D\] 4.4). The vector of a value is here a *dot*, which write it is, beside its *past*, the writes
//! that its writer knew: two clients that write through one node are then told apart, too (Preguiça and
//! others 2010).
//!
//! **As written.** With all rules off this is the curriculum's Activity 2 with its method names: no
//! versions, whatever arrives replaces what is there, and the writer is answered at once.
//!
//! **Clients.** A client is a node that talks to one replica, or to another one each time. It remembers
//! what it has written and read, so it can refuse a replica that lacks it (\[T\]), and it tells what a
//! new write depends on, so a replica can wait for that (\[L\]).
//!
//! **What survives a crash.** All copies, hints, and what a client remembers. Requests that are open end
//! as unknown.
//!
//! **References.** DeCandia and others, "Dynamo: Amazon's Highly Available Key-value Store", SOSP 2007
//! (\[D\], sections below are its own); Gifford, "Weighted Voting for Replicated Data", SOSP 1979; Terry
//! and others, "Session Guarantees for Weakly Consistent Replicated Data", 1994 (\[T\]); Lloyd and others,
//! "Don't Settle for Eventual" (COPS), SOSP 2011 (\[L\]); Preguiça and others, "Dotted Version Vectors",
//! 2010; Kulkarni and others, "Logical Physical Clocks", 2014.

mod client;
mod descriptor;
mod figures;
mod invariants;
mod marks;
mod message;
mod probes;
mod program;
mod quorum;
mod regions;
mod repair;
mod scenarios;
#[cfg(test)]
mod tests;

use std::rc::Rc;

use faultline_sim::frame::{NodeFrame, Word};
use faultline_sim::hash::stable_hash;
use faultline_sim::history::End;
use faultline_sim::judge::{self, Answer, Asked, Call, Model};
use faultline_sim::process::{Context, NodeId, Process, Start};
use faultline_sim::settings::Settings;
use faultline_sim::shared::SharedMap;
use faultline_sim::world::World;
use serde::Serialize;

use crate::parts::calls::Calls;
use crate::parts::merkle::{Span, leaf};
use crate::parts::request::RequestId;
use crate::parts::versions::{
    Dot, Entry, Merged, Resolution, Rules, Stamp, Versions, Write, Written, hybrid,
};

use client::{Ask, Session};
use descriptor::{CAUSAL, CLIENTS, COPIES, NODES, RESOLUTION, VERSIONS};
use quorum::Job;
use repair::{Held, Hint};

pub use descriptor::PROTOCOL;
pub use message::{Message, Reply, Request, Ticket, Timer};

/// One node: a replica, or a client.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Store {
    pub client: bool,
    // On disk, replica:
    pub data: SharedMap<String, Rc<Entry>>,
    /// The hashes of all copies, added up: equal data, equal sums.
    #[serde(skip)]
    pub sum: u64,
    /// The hybrid clock's latest reading.
    #[serde(skip)]
    pub clock: Stamp,
    /// Requests of clients that were applied: a duplicate is answered and writes nothing.
    #[serde(skip)]
    pub applied: SharedMap<RequestId, Dot>,
    /// Switch `hints`: what is to be handed over.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hints: Vec<Hint>,
    // On disk, client:
    #[serde(skip_serializing_if = "Session::is_new")]
    pub session: Session,
    /// Numbers of requests are never used again.
    #[serde(skip)]
    pub asks: Calls<Ask>,
    #[serde(skip)]
    pub jobs: Calls<Job>,
    // Lost in a crash:
    /// Switch `causal`: copies that wait for what they depend on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<Held>,
    /// Switch `merkle`: the spans compared last, and whether they were equal.
    #[serde(skip)]
    pub compared: Vec<(Span, bool)>,
    #[serde(skip)]
    watching: bool,
    /// The latest write made here, for monitors.
    #[serde(skip)]
    pub latest: Option<(String, Rc<Written>)>,
}

impl Process for Store {
    type Message = Message;
    type Timer = Timer;
    type Request = Request;
    type Reply = Reply;

    fn new(me: NodeId, settings: &Settings) -> Self {
        Self {
            client: is_client(settings, me),
            data: SharedMap::new(),
            sum: 0,
            clock: (0, 0),
            applied: SharedMap::new(),
            hints: Vec::new(),
            session: Session::new(me, settings),
            asks: Calls::default(),
            jobs: Calls::default(),
            held: Vec::new(),
            compared: Vec::new(),
            watching: false,
            latest: None,
        }
    }

    fn on_start(&mut self, cx: &mut Context<Self>, start: Start) {
        if self.client {
            return Self::begin_acting(cx);
        }
        self.watch(cx);
        self.hand_over_later(cx);
        let late = cx.me().0 > cx.settings().count(&NODES) + cx.settings().count(&CLIENTS);
        if start == Start::Recovery || late {
            self.join(cx);
        }
    }

    fn on_message(&mut self, cx: &mut Context<Self>, from: NodeId, message: Message) {
        match message {
            Message::Replicate { key, entry, id } => self.replicate(cx, from, key, entry, id),
            Message::StandIn { to, key, entry, id } => {
                self.stand_in(cx, from, Hint { to, key, entry }, id)
            }
            Message::Stored { id } => self.stored(cx, from, id),
            Message::Fetch { id, key } => {
                let entry = self.copy(&key);
                cx.send(from, Message::Copy { id, entry });
            }
            Message::Copy { id, entry } => self.fetched(cx, from, id, entry),
            Message::Set(set) => self.serve_set(cx, set),
            Message::Get {
                id,
                key,
                least,
                after,
            } => match self.lacks(cx, &after) {
                Some(missing) => Self::send_on(cx, id, &missing),
                None => self.get(cx, key, Ticket::Client(id, least)),
            },
            Message::Done { id, dot, stamp } => self.done(cx, from, id, dot, stamp),
            Message::Found { id, entry } => self.found(cx, from, id, &entry),
            Message::Behind { id } => self.behind(cx, from, id),
            Message::Failed { id, why, unknown } => self.failed(cx, from, id, why, unknown),
            Message::Join { has } => self.welcome(cx, from, has.as_deref()),
            Message::All { data } => self.joined(cx, from, &data),
            Message::Tree { spans } => self.compare(cx, from, &spans),
            Message::Leaf { span, data, back } => self.exchange(cx, from, span, &data, back),
        }
        self.watch(cx);
    }

    fn on_timer(&mut self, cx: &mut Context<Self>, timer: Timer) {
        match timer {
            Timer::Timeout { job } => self.time_out(cx, job),
            Timer::Ask { ask } => self.ask_again(cx, ask),
            Timer::Act => self.act(cx),
            Timer::Compare => self.start_comparing(cx),
            Timer::HandOver => self.hand_over(cx),
            Timer::Join => self.join(cx),
        }
    }

    fn on_request(&mut self, cx: &mut Context<Self>, request: Request) {
        let operation = cx.operation();
        if let Request::Move { to } = request {
            return self.move_to(cx, to, operation);
        }
        let key = request.key();
        if self.client || !holders(cx, key).contains(&cx.me()) {
            return self.ask(cx, request, operation);
        }
        let Some(operation) = operation else { return };
        let ticket = Ticket::Operation(operation);
        match request {
            Request::Set { key, value } => {
                let past = self.copy(&key).seen.clone();
                let stamp = (0, 0);
                let write = Write {
                    value,
                    past,
                    stamp,
                    after: Vec::new(),
                    above: 0,
                };
                self.set(cx, key, write, ticket);
            }
            Request::Get { key } => self.get(cx, key, ticket),
            Request::Move { .. } => {}
        }
        self.watch(cx);
    }

    fn recover(&self, cx: &mut Context<Self>) -> Self {
        self.end_all(cx);
        Self {
            asks: self.asks.recover(),
            jobs: self.jobs.recover(),
            held: Vec::new(),
            compared: Vec::new(),
            watching: false,
            ..self.clone()
        }
    }

    fn end(reply: &Reply) -> End {
        match reply {
            Reply::Done { .. } | Reply::Found { .. } | Reply::Missing | Reply::Moved => End::Ok,
            Reply::Failed { .. } => End::Failed,
            Reply::Unknown { .. } => End::Unknown,
        }
    }

    fn objects(_settings: &Settings) -> Option<Model> {
        Some(Model::STORE)
    }

    fn asked(request: &Request, _node: NodeId, _world: &World) -> Option<Asked> {
        Some(match request {
            Request::Set { key, value } => Asked::at(key, Call::Write(judge::Word::from(&**value))),
            Request::Get { key } => Asked::at(key, Call::Read),
            Request::Move { .. } => return None,
        })
    }

    /// Several values at once are no value of one copy: such an answer says nothing to the judge.
    fn told(reply: &Reply) -> Option<Answer> {
        match reply {
            Reply::Done { .. } => Some(Answer::Done),
            Reply::Found { values, merged, .. } => match &values[..] {
                [only] if !merged => Some(Answer::Value(Some(judge::Word::from(&**only)))),
                _ => None,
            },
            Reply::Missing => Some(Answer::Value(None)),
            Reply::Moved | Reply::Failed { .. } | Reply::Unknown { .. } => None,
        }
    }

    fn draw(&self, settings: &Settings, to: &mut NodeFrame) {
        figures::draw(self, settings, to);
    }

    fn word(message: &Message) -> Option<Word> {
        figures::word(message)
    }
}

impl Store {
    /// The node's copy of a key; an empty one if it has none.
    pub fn copy(&self, key: &str) -> Rc<Entry> {
        self.data.get(key).cloned().unwrap_or_default()
    }

    /// `set`: stores a value here, and sends it to the other replicas.
    fn set(&mut self, cx: &mut Context<Self>, key: String, mut write: Write, ticket: Ticket) {
        let now = u64::try_from(cx.now().0).unwrap_or(0);
        let rules = rules(cx.settings());
        write.stamp = if rules.versions == Versions::Hybrid {
            self.clock = hybrid(self.clock.max(write.stamp), now);
            self.clock
        } else {
            (now, 0)
        };
        let mut entry = (*self.copy(&key)).clone();
        let value = write.value.clone();
        let (written, merged) = rules.write(&mut entry, cx.me(), write);
        cx.mark(&marks::SETS, (key.as_str(), value));
        if !merged.changed {
            cx.mark(&marks::LOOKS_OLDER, key.as_str());
        }
        let (dot, tag) = (written.dot, written.stamp());
        self.latest = Some((key.clone(), Rc::new(written)));
        self.keep(cx, &key, entry, &merged);
        if let Ticket::Client(id, _) = &ticket {
            self.applied.insert(*id, dot);
        }
        self.send_copies(cx, key, dot, tag, ticket);
    }

    /// `replicate`: a copy of a key has arrived.
    fn replicate(
        &mut self,
        cx: &mut Context<Self>,
        from: NodeId,
        key: String,
        entry: Rc<Entry>,
        id: Option<RequestId>,
    ) {
        if let Some(missing) = self.waits_for(cx, &entry) {
            cx.mark(&marks::WAITS, (key.as_str(), missing));
            return self.held.push(Held {
                from,
                key,
                entry,
                id,
            });
        }
        self.store(cx, from, &key, &entry);
        if let Some(id) = id {
            cx.send(from, Message::Stored { id });
        }
        self.release(cx);
    }

    /// Brings a copy from another node together with the own one.
    fn store(&mut self, cx: &mut Context<Self>, from: NodeId, key: &str, other: &Entry) {
        let mut entry = (*self.copy(key)).clone();
        let merged = rules(cx.settings()).merge(&mut entry, other);
        let news = entry.seen != self.copy(key).seen;
        if merged.changed || news {
            cx.mark(&marks::STORES, (key, shown(cx.settings(), &entry), from));
            self.keep(cx, key, entry, &merged);
        }
    }

    fn keep(&mut self, cx: &mut Context<Self>, key: &str, entry: Entry, merged: &Merged) {
        let stamps = entry.values.iter().map(Written::stamp);
        self.clock = stamps.max().unwrap_or_default().max(self.clock);
        let entry = Rc::new(entry);
        self.sum = self.sum.wrapping_add(stable_hash(&(key, &entry)));
        cx.write();
        if let Some(old) = self.data.insert(key.to_owned(), entry) {
            self.sum = self.sum.wrapping_sub(stable_hash(&(key, &old)));
        }
        for (one, other) in &merged.conflicts {
            cx.mark(&marks::CONFLICTS, (key, one.0, other.0));
        }
    }
}

/// How this run compares copies. All nodes must agree on it.
fn rules(settings: &Settings) -> Rules {
    Rules {
        versions: Versions::named(settings.choice(&VERSIONS)),
        resolution: Resolution::named(settings.choice(&RESOLUTION)),
    }
}

/// What a reader of this copy is answered, in words.
fn shown(settings: &Settings, entry: &Entry) -> String {
    rules(settings).values(entry).join(" or ")
}

/// The first nodes are replicas, the next are clients; nodes added later are replicas.
fn is_client(settings: &Settings, id: NodeId) -> bool {
    let replicas = settings.count(&NODES);
    id.0 > replicas && id.0 <= replicas + settings.count(&CLIENTS)
}

/// All replicas that this node knows, itself included.
fn replicas(cx: &Context<Store>) -> Vec<NodeId> {
    let mut all: Vec<NodeId> = cx
        .peers()
        .filter(|id| !is_client(cx.settings(), *id))
        .collect();
    let me = cx.me();
    if !is_client(cx.settings(), me) {
        all.insert(all.partition_point(|id| *id < me), me);
    }
    all
}

/// The nodes that keep a key: all replicas, or N beside each other among those of the beginning. Nodes
/// that were added later stand in, and keep nothing of their own: that would need a handover.
fn holders(cx: &Context<Store>, key: &str) -> Vec<NodeId> {
    let (copies, nodes) = (cx.settings().count(&COPIES), cx.settings().count(&NODES));
    if copies == 0 {
        return replicas(cx);
    }
    let first = leaf(key);
    let place = |at| NodeId((first + at) % nodes + 1);
    let mut all: Vec<NodeId> = (0..copies.min(nodes)).map(place).collect();
    all.sort_unstable();
    all
}

/// Whether a copy must wait for others first.
fn is_causal(cx: &Context<Store>) -> bool {
    cx.switch(&CAUSAL)
}
