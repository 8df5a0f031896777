//! The client's side: a session with one replica at a time, and what it remembers (\[T\]).

use faultline_sim::process::{Context, NodeId, Operation};
use faultline_sim::settings::Settings;
use faultline_sim::sorted::SortedMap;
use faultline_sim::time::Duration;
use serde::Serialize;

use super::descriptor::{
    EVERY, KEYS, MONOTONIC, NODES, OWN_WRITES, READ_SHARE, ROAMS, STOP, TIMEOUT,
};
use super::message::{Reply, Request, Ticket, Timer};
use super::quorum::reply;
use super::{Store, holders, marks};
use crate::parts::kv::Op;
use crate::parts::request::RequestId;
use crate::parts::versions::{Dot, Entry, Stamp, Vector, Written};
use crate::parts::workload::{Mix, Pace, Workload};

/// How long a client waits before it asks replicas that were behind once more.
const PAUSE: Duration = Duration::millis(200);
/// How often a read is tried at each replica, if those that answer are behind.
const ROUNDS: u32 = 5;

/// What a client remembers.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Session {
    /// The replica it talks to.
    pub home: NodeId,
    /// The writes of each key that it made.
    #[serde(skip_serializing_if = "SortedMap::is_empty")]
    pub wrote: SortedMap<String, Vector>,
    /// The writes of each key that it has read, or that those rest on.
    #[serde(skip_serializing_if = "SortedMap::is_empty")]
    pub read: SortedMap<String, Vector>,
    /// What its next write depends on: what it has read or written since its latest write, which
    /// stands for all before (\[L\] 3.1, nearest dependencies).
    #[serde(skip)]
    nearest: SortedMap<String, Near>,
    /// The latest reading of a clock that it has seen.
    #[serde(skip)]
    stamp: Stamp,
    #[serde(skip)]
    workload: Workload,
}

/// A key that a client has seen, with what its value depends on: a write of the same key depends on
/// that directly.
#[derive(Clone, Debug, Default, Hash, Serialize)]
struct Near {
    seen: Vector,
    after: SortedMap<String, Vector>,
}

/// An operation that waits for a replica.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Ask {
    pub request: Request,
    /// What the client knew when it asked: of this key, of others, and of clocks.
    pub past: Vector,
    pub after: Vec<(String, Vector)>,
    pub stamp: Stamp,
    /// The replica asked last.
    at: NodeId,
}

impl Session {
    /// Clients are spread over the replicas.
    pub(super) fn new(me: NodeId, settings: &Settings) -> Self {
        let home = NodeId((me.0 - 1) % settings.count(&NODES).max(1) + 1);
        Self {
            home,
            wrote: SortedMap::new(),
            read: SortedMap::new(),
            nearest: SortedMap::new(),
            stamp: (0, 0),
            workload: Workload::default(),
        }
    }

    pub(super) fn is_new(&self) -> bool {
        self.wrote.is_empty() && self.read.is_empty()
    }

    /// The writes of a key that the client knows.
    fn known(&self, key: &str) -> Vector {
        let mut known = self.wrote.get(key).cloned().unwrap_or_default();
        known.join(&self.read.get(key).cloned().unwrap_or_default());
        known
    }

    /// What an operation on a key depends on.
    fn after(&self, request: &Request) -> Vec<(String, Vector)> {
        let mut after: SortedMap<String, Vector> = SortedMap::new();
        let key = request.key();
        for (other, near) in &self.nearest {
            if other == key {
                // A new value replaces the old one, so it waits for what that one waited for. What a
                // read must find of its own key is up to the session.
                for (other, seen) in near.after.iter().filter(|(other, _)| *other != key) {
                    after.entry(other.clone()).or_default().join(seen);
                }
            } else {
                after.entry(other.clone()).or_default().join(&near.seen);
            }
        }
        after
            .iter()
            .map(|(key, seen)| (key.clone(), seen.clone()))
            .collect()
    }

    /// A write is confirmed. It stands for all that it depends on.
    fn wrote(&mut self, key: &str, known: &Vector, after: &[(String, Vector)]) {
        for (other, seen) in after {
            if self
                .nearest
                .get(other)
                .is_some_and(|near| seen.covers(&near.seen))
            {
                self.nearest.remove(other);
            }
        }
        let near = self.nearest.entry(key.to_owned()).or_default();
        near.seen.join(known);
        for (other, seen) in after {
            near.after.entry(other.clone()).or_default().join(seen);
        }
    }

    /// What a copy must have seen for this client.
    fn least(&self, cx: &Context<Store>, key: &str) -> Vector {
        let mut least = Vector::default();
        if cx.switch(&OWN_WRITES) {
            least.join(&self.wrote.get(key).cloned().unwrap_or_default());
        }
        if cx.switch(&MONOTONIC) {
            least.join(&self.read.get(key).cloned().unwrap_or_default());
        }
        least
    }
}

fn pace(cx: &Context<Store>) -> Pace {
    Pace {
        every: cx.duration(&EVERY),
        least: Duration::millis(10),
    }
}

impl Store {
    pub(super) fn begin_acting(cx: &mut Context<Self>) {
        let first = pace(cx).first(cx.rng());
        cx.set_timer(Timer::Act, first);
    }

    /// The next operation that the client does on its own, unless it still waits for an answer.
    pub(super) fn act(&mut self, cx: &mut Context<Self>) {
        let (acts, wait) = pace(cx).next();
        cx.set_timer(Timer::Act, wait);
        if !acts || !self.asks.open.is_empty() {
            return;
        }
        let stop = cx.duration(&STOP);
        let stopped = stop.0 > 0 && u64::try_from(cx.now().0).unwrap_or(0) > stop.0;
        let reads = if stopped { 100 } else { cx.count(&READ_SHARE) };
        let keys = cx.count(&KEYS);
        let mix = Mix {
            reads,
            compares: 0,
            keys,
        };
        let me = cx.me();
        let request = match self.session.workload.next(Some(me), mix, cx.rng()) {
            Op::Write { key, value }
            | Op::CompareAndSet {
                key, new: value, ..
            } => Request::Set { key, value },
            Op::Read { key } => Request::Get { key },
        };
        let operation = cx.invoke(request.clone());
        self.ask(cx, request, Some(operation));
    }

    pub(super) fn move_to(
        &mut self,
        cx: &mut Context<Self>,
        to: NodeId,
        operation: Option<Operation>,
    ) {
        let there = cx.peers().any(|id| id == to);
        if there {
            self.session.home = to;
            cx.mark(&marks::MOVES, to);
        }
        if let Some(operation) = operation {
            let why = format!("there is no {to} in this cluster");
            cx.reply(
                operation,
                if there {
                    Reply::Moved
                } else {
                    Reply::Failed { why }
                },
            );
        }
    }

    /// Asks the replica of this session, or another holder if that one does not keep the key.
    pub(super) fn ask(
        &mut self,
        cx: &mut Context<Self>,
        request: Request,
        operation: Option<Operation>,
    ) {
        let all = holders(cx, request.key());
        let at = if cx.switch(&ROAMS) && !all.is_empty() {
            Some(all[cx.rng().below(all.len() as u64) as usize])
        } else {
            let home = all.iter().find(|id| **id == self.session.home);
            home.or(all.first()).copied()
        };
        let Some(at) = at else { return };
        let session = &self.session;
        let ask = Ask {
            past: session.known(request.key()),
            stamp: session.stamp,
            after: session.after(&request),
            at,
            request,
        };
        let ask = self.asks.begin(ask, operation);
        self.attempt(cx, ask);
    }

    fn attempt(&mut self, cx: &mut Context<Self>, ask: u64) {
        let id = self.asks.id(cx.me(), ask);
        let Some(call) = self.asks.open.get(&ask) else {
            return;
        };
        let at = call.query.at;
        let least = self.session.least(cx, call.query.request.key());
        let message = call.query.message(id, least);
        self.asks.ask(ask, [at]);
        cx.send(at, message);
        // A coordinator waits twice: for replicas, and for those that stand in.
        let wait = Duration(cx.duration(&TIMEOUT).0 * 3);
        cx.set_timer(Timer::Ask { ask }, wait);
    }

    /// The answer did not come, or a replica was behind: a read goes on to the next replica.
    pub(super) fn ask_again(&mut self, cx: &mut Context<Self>, ask: u64) {
        let Some(call) = self.asks.open.get_mut(&ask) else {
            return;
        };
        let all = holders(cx, call.query.request.key());
        let behind = call.redirected;
        let write = matches!(call.query.request, Request::Set { .. });
        if write && !behind || call.tries >= ROUNDS * all.len() as u32 {
            let at = call.query.at;
            let why = if behind {
                "no replica has what this client has seen".to_owned()
            } else {
                format!("no answer from {at}")
            };
            return self.fail(cx, ask, why, !behind);
        }
        let next = all.iter().find(|id| **id > call.query.at).or(all.first());
        call.query.at = next.copied().unwrap_or(call.query.at);
        self.attempt(cx, ask);
    }

    /// The replica lacks what this client has seen. After a round of all, it waits a little.
    pub(super) fn behind(&mut self, cx: &mut Context<Self>, from: NodeId, id: RequestId) {
        let Some(call) = self.asks.answered(id, cx.me(), from) else {
            return;
        };
        call.redirected = true;
        let round = holders(cx, call.query.request.key()).len() as u32;
        let wait = if call.tries % round.max(1) == 0 {
            PAUSE
        } else {
            Duration(0)
        };
        cx.set_timer(Timer::Ask { ask: id.number }, wait);
    }

    pub(super) fn done(
        &mut self,
        cx: &mut Context<Self>,
        from: NodeId,
        id: RequestId,
        dot: Dot,
        stamp: Stamp,
    ) {
        let Some(call) = self.asks.answered(id, cx.me(), from) else {
            return;
        };
        let key = call.query.request.key().to_owned();
        let mut known = call.query.past.clone();
        known.add(dot);
        let after = call.query.after.clone();
        self.session.wrote(&key, &known, &after);
        self.session
            .wrote
            .entry(key.clone())
            .or_default()
            .join(&known);
        self.session.stamp = self.session.stamp.max(stamp);
        self.end(cx, id.number, Reply::Done { write: (key, dot) });
    }

    pub(super) fn found(
        &mut self,
        cx: &mut Context<Self>,
        from: NodeId,
        id: RequestId,
        entry: &Entry,
    ) {
        let Some(call) = self.asks.answered(id, cx.me(), from) else {
            return;
        };
        let key = call.query.request.key().to_owned();
        let read = &mut self.session.read;
        read.entry(key.clone()).or_default().join(&entry.seen);
        for value in &entry.values {
            let near = self.session.nearest.entry(key.clone()).or_default();
            near.seen.join(&value.past);
            near.seen.add(value.dot);
            for (key, seen) in &value.after {
                read.entry(key.clone()).or_default().join(seen);
                near.after.entry(key.clone()).or_default().join(seen);
            }
        }
        let stamps = entry.values.iter().map(Written::stamp);
        self.session.stamp = stamps.max().unwrap_or_default().max(self.session.stamp);
        let reply = reply(cx, entry);
        self.end(cx, id.number, reply);
    }

    pub(super) fn failed(
        &mut self,
        cx: &mut Context<Self>,
        from: NodeId,
        id: RequestId,
        why: String,
        unknown: bool,
    ) {
        if self.asks.answered(id, cx.me(), from).is_some() {
            self.fail(cx, id.number, why, unknown);
        }
    }

    fn fail(&mut self, cx: &mut Context<Self>, ask: u64, why: String, unknown: bool) {
        cx.mark(&marks::GIVES_UP, why.as_str());
        let reply = if unknown {
            Reply::Unknown { why }
        } else {
            Reply::Failed { why }
        };
        self.end(cx, ask, reply);
    }

    fn end(&mut self, cx: &mut Context<Self>, ask: u64, reply: Reply) {
        cx.cancel_timer(&Timer::Ask { ask });
        if let Some(operation) = self.asks.close(ask).and_then(|call| call.operation) {
            cx.reply(operation, reply);
        }
    }

    /// A crash ends all operations that are open here.
    pub(super) fn end_all(&self, cx: &mut Context<Self>) {
        let why = format!("{} crashed before the answer", cx.me());
        for call in self.asks.open.values() {
            if let Some(operation) = call.operation {
                cx.reply(operation, Reply::Unknown { why: why.clone() });
            }
        }
        for call in self.jobs.open.values() {
            if let Some(ticket @ Ticket::Operation(_)) = &call.query.ticket {
                Self::refuse(cx, ticket.clone(), why.clone(), true);
            }
        }
    }
}
