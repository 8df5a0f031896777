//! Four mechanisms in one small cluster: gossip, an election, a ring and vectors.
//!
//! **Problem.** A cluster stores keys, each on several nodes. A node crashes. Which node notices, which
//! one acts, where do the keys of the lost node go, and what becomes of writes that arrive meanwhile?
//!
//! **Idea.** Each mechanism answers one of these questions and uses the answer of another.
//! *Dissemination*: each node counts its own heartbeats and gossips the counts it knows; a count that has
//! stopped means a failure (\[R\] 2). So each node has a *view*: the members that it takes to be live.
//! *Partitioning*: a key belongs to the first nodes clockwise on the ring of the view (\[K\]).
//! *Election*: the highest member of the view leads (\[G\]), and the leader has one job: when its view has
//! changed, it orders that each key gets its copies again. *Causality*: each copy has a version vector, so
//! a newer write replaces an older one, and writes that did not know of each other are both kept (\[P\]).
//!
//! **The subtle point.** There is no common view. For some seconds after a crash each node has its own:
//! its own ring, its own leader. The cluster is safe in that time because no mechanism trusts a view with
//! anything that cannot be repaired: two leaders only copy more, two rings only make siblings.
//!
//! **What is not the papers'.** Counts of failed members are kept and never cleaned up, so old gossip
//! cannot bring a member back. Silence is measured in a node's own rounds. Now and then a node gossips to a
//! member that it thinks has failed, as Cassandra does, so a healed partition needs no help. An announcement carries the counts. A
//! client's write that is tried again at another owner is a second write: vectors keep both.
//!
//! **What survives a crash.** The copies, the node's own heartbeat count, and numbers that must not be
//! used twice. The view, the leader and open requests are lost.
//!
//! **References.** van Renesse, Minsky and Hayden, "A Gossip-Style Failure Detection Service", 1998
//! (\[R\]); Garcia-Molina, "Elections in a Distributed Computing System", 1982 (\[G\]); Karger and others,
//! "Consistent Hashing and Random Trees", STOC 1997 (\[K\]); Parker and others, "Detection of Mutual
//! Inconsistency in Distributed Systems", 1983 (\[P\]); DeCandia and others, "Dynamo", SOSP 2007, puts the
//! first, the third and the last together; Shvachko and others, "The Hadoop Distributed File System", 2010,
//! has a leader that orders copies.

mod client;
mod descriptor;
mod election;
mod figures;
mod invariants;
mod marks;
mod membership;
mod probes;
mod repair;
mod scenarios;
#[cfg(test)]
mod tests;

use std::rc::Rc;

use faultline_sim::frame::{NodeFrame, Word};
use faultline_sim::history::End;
use faultline_sim::judge::{self, Answer, Asked, Call, Model};
use faultline_sim::process::{Context, NodeId, Process, Start};
use faultline_sim::settings::Settings;
use faultline_sim::shared::SharedMap;
use faultline_sim::sorted::{SortedMap, SortedSet};
use faultline_sim::time::Duration;
use faultline_sim::world::World;
use serde::{Deserialize, Serialize};

use crate::hash_ring::placement::{Ring, Rules};
use crate::parts::calls::Calls;
use crate::parts::request::RequestId;
use crate::parts::versions::Entry;

use client::Ask;
use descriptor::{COPIES, EVERY, NODES, POINTS};
use election::Election;
use membership::{Counts, Member};
use repair::Copying;

pub use descriptor::PROTOCOL;

faultline_sim::messages! {
    pub enum Message {
        /// Dissemination (\[R\] 2): the heartbeat counts that the sender knows.
        Gossip { counts: Rc<Counts> } as "GOSSIP" => Heartbeat "G" "sends the counts it knows",
        /// Election (\[G\]).
        Election as "ELECTION" => Election "E" "asks to take over",
        Ok as "OK" => Ack "OK" "tells that it will take over",
        Coordinator { counts: Rc<Counts> } as "COORDINATOR" => Announce "C" "tells that it leads",
        /// Repair: copy what these members should have by the ring.
        Repair { number: u64, members: Rc<Vec<NodeId>> } as "REPAIR" => Control "R" "orders copies",
        /// Repair: copies for an order of this leader.
        Copy { leader: NodeId, number: u64, copies: Rc<Copies> } as "COPY" => Data "" "sends copies",
        Copied { leader: NodeId, number: u64 } as "COPIED" => Ack "" "has stored the copies",
        Repaired { number: u64 } as "REPAIRED" => Ack "R" "has carried out the order",
        /// Partitioning: you own this key, so make the write.
        Put { id: RequestId, key: String, value: String } as "PUT" => Request "P" "sends a write to the owner",
        Get { id: RequestId, key: String } as "GET" => Request "?" "asks for the owner's copy",
        /// Causality: a copy with its vector.
        Store { id: RequestId, key: String, entry: Rc<Entry> } as "STORE" => Data "S" "sends the write to another owner",
        Stored { id: RequestId } as "STORED" => Ack "" "has stored the write",
        Found { id: RequestId, entry: Rc<Entry> } as "FOUND" => Data "F" "answers with its copy",
    }
}

/// Keys with what is stored under them.
pub type Copies = Vec<(String, Rc<Entry>)>;

faultline_sim::timers! {
    pub enum Timer {
        /// A node that founds the cluster as its highest, joins it or comes back looks for the leader.
        Begin,
        /// The next round.
        Gossip,
        /// No OK, or no announcement after one.
        Election,
        /// Members have not carried out the order.
        Resend,
        /// No owner has answered.
        Timeout { request: u64 },
    }
}

/// What a client may ask of any node.
#[derive(Clone, Debug, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    Put { key: String, value: String },
    Get { key: String },
}

#[derive(Clone, Debug, Hash, Serialize)]
pub enum Reply {
    Done,
    /// More than one: writes that did not know of each other.
    Found {
        values: Vec<String>,
    },
    Missing,
    Failed {
        why: String,
    },
    /// The write may have taken effect.
    Unknown {
        why: String,
    },
}

/// One node.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Museum {
    // On disk:
    /// How many heartbeats it has counted.
    pub count: u64,
    pub store: SharedMap<String, Rc<Entry>>,
    /// How many orders it has given.
    pub orders: u64,
    #[serde(skip)]
    calls: Calls<Ask>,
    // Lost in a crash:
    /// What it knows of the others.
    pub members: SortedMap<NodeId, Member>,
    /// The ring of its view: itself and the members that it takes to be live.
    #[serde(skip)]
    pub ring: Rc<Ring>,
    pub leader: Option<NodeId>,
    /// The election that it takes part in.
    pub election: Option<Election>,
    /// How long another member than the highest of its view has led.
    #[serde(skip)]
    doubt: Duration,
    /// The members that its latest order was for; none since it has led.
    #[serde(skip)]
    ordered: Vec<NodeId>,
    #[serde(skip)]
    since_order: Duration,
    /// The members that have not carried out its latest order.
    pub waits_for: SortedSet<NodeId>,
    /// What it copies, by the leader that ordered it.
    #[serde(skip)]
    copying: SortedMap<NodeId, Copying>,
}

impl Process for Museum {
    type Message = Message;
    type Timer = Timer;
    type Request = Request;
    type Reply = Reply;

    fn new(me: NodeId, settings: &Settings) -> Self {
        let rules = Rules::plain(settings.count(&POINTS), settings.count(&COPIES));
        Self {
            count: 0,
            store: SharedMap::new(),
            orders: 0,
            calls: Calls::default(),
            members: SortedMap::new(),
            ring: Rc::new(Ring::new(rules, [me])),
            leader: None,
            election: None,
            doubt: Duration(0),
            ordered: Vec::new(),
            since_order: Duration(0),
            waits_for: SortedSet::new(),
            copying: SortedMap::new(),
        }
    }

    /// At first a node takes all others for live. Its count grows with each start, so the others hear from its
    /// first words that it is back. Rounds of different nodes begin at different instants.
    fn on_start(&mut self, cx: &mut Context<Self>, start: Start) {
        let (me, nodes) = (cx.me(), cx.settings().count(&NODES));
        self.count += 1;
        let founds = start == Start::First && me.0 <= nodes;
        let founders = (1..=nodes).filter(|_| founds).map(NodeId);
        let known: SortedSet<NodeId> = cx.peers().chain(founders).filter(|id| *id != me).collect();
        self.members = known.iter().map(|id| (*id, Member::default())).collect();
        self.new_ring(me);
        if founds {
            // Nothing is stored yet, so no order is needed.
            self.ordered.clone_from(&self.ring.members);
        }
        if !founds || me.0 == nodes {
            cx.set_timer(Timer::Begin, Duration(0));
        }
        let every = cx.duration(&EVERY).0.max(1);
        let first = every + cx.rng().below(every);
        cx.set_timer(Timer::Gossip, Duration(first));
    }

    fn on_message(&mut self, cx: &mut Context<Self>, from: NodeId, message: Message) {
        match message {
            Message::Gossip { counts } => self.merge(cx, &counts),
            Message::Election => self.receive_election(cx, from),
            Message::Ok => self.receive_ok(cx),
            Message::Coordinator { counts } => {
                self.merge(cx, &counts);
                self.receive_coordinator(cx, from);
            }
            Message::Repair { number, members } => self.receive_repair(cx, from, number, &members),
            Message::Copy {
                leader,
                number,
                copies,
            } => {
                for (key, entry) in copies.iter() {
                    self.take_copy(cx, from, (key, entry), &marks::COPIES);
                }
                cx.send(from, Message::Copied { leader, number });
            }
            Message::Copied { leader, number } => self.receive_copied(cx, from, leader, number),
            Message::Repaired { number } => self.receive_repaired(cx, from, number),
            Message::Put { id, key, value } => self.write(cx, id, &key, value),
            Message::Get { id, key } => {
                let entry = self.copy(&key);
                cx.send(from, Message::Found { id, entry });
            }
            Message::Store { id, key, entry } => {
                self.take_copy(cx, from, (&key, &entry), &marks::STORES);
                self.confirm(cx, id);
            }
            Message::Stored { id } => self.receive_answer(cx, id, from, None),
            Message::Found { id, entry } => self.receive_answer(cx, id, from, Some(&entry)),
        }
    }

    fn on_timer(&mut self, cx: &mut Context<Self>, timer: Timer) {
        match timer {
            Timer::Begin => self.start_election(cx),
            Timer::Gossip => self.begin_round(cx),
            Timer::Election => self.end_wait(cx),
            Timer::Resend => self.send_orders(cx),
            Timer::Timeout { request } => self.time_out(cx, request),
        }
    }

    fn on_request(&mut self, cx: &mut Context<Self>, request: Request) {
        let operation = cx.operation();
        self.route(cx, request, operation);
    }

    fn recover(&self, cx: &mut Context<Self>) -> Self {
        self.end_all(cx);
        Self {
            count: self.count,
            store: self.store.clone(),
            orders: self.orders,
            calls: self.calls.recover(),
            ..Self::new(cx.me(), cx.settings())
        }
    }

    fn end(reply: &Reply) -> End {
        match reply {
            Reply::Done | Reply::Found { .. } | Reply::Missing => End::Ok,
            Reply::Failed { .. } => End::Failed,
            Reply::Unknown { .. } => End::Unknown,
        }
    }

    fn objects(_settings: &Settings) -> Option<Model> {
        Some(Model::STORE)
    }

    fn asked(request: &Request, _node: NodeId, _world: &World) -> Option<Asked> {
        Some(match request {
            Request::Put { key, value } => Asked::at(key, Call::Write(judge::Word::from(&**value))),
            Request::Get { key } => Asked::at(key, Call::Read),
        })
    }

    /// Several values at once are no value of one copy: such an answer says nothing to the judge.
    fn told(reply: &Reply) -> Option<Answer> {
        match reply {
            Reply::Done => Some(Answer::Done),
            Reply::Found { values } => match &values[..] {
                [only] => Some(Answer::Value(Some(judge::Word::from(&**only)))),
                _ => None,
            },
            Reply::Missing => Some(Answer::Value(None)),
            Reply::Failed { .. } | Reply::Unknown { .. } => None,
        }
    }

    fn draw(&self, settings: &Settings, to: &mut NodeFrame) {
        figures::draw(self, settings, to);
    }

    fn word(message: &Message) -> Option<Word> {
        figures::word(message)
    }
}

impl Museum {
    /// The members that it takes to be live, itself included, in the order of their numbers.
    pub fn view(&self) -> &[NodeId] {
        &self.ring.members
    }

    /// The nodes that should store a key, by its own view.
    pub fn owners(&self, key: &str) -> Vec<NodeId> {
        self.ring.owners(self.ring.rules.hash(key))
    }

    /// Its copy of a key; an empty one if it has none.
    pub fn copy(&self, key: &str) -> Rc<Entry> {
        self.store.get(key).cloned().unwrap_or_default()
    }
}
