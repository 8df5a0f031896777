//! A replicated store that is cut in two: each node refuses, or answers from its own copy.
//!
//! **Problem.** A network cut separates nodes that all have a copy of the same data. Requests still arrive
//! on both sides. What should a node answer that cannot ask the others?
//!
//! **Idea.** There are two answers. A node that *refuses* (CP) confirms a write and answers a read only with
//! a majority behind it: two majorities always share a node, so no two sides of a cut have one. A node that
//! *answers* (AP) uses its own copy at once, and conflicts are settled after the heal. No third answer
//! exists: with two sides, no algorithm can answer every request and let every read see the latest write
//! (\[GL\], theorem 1). While nothing is cut, nobody has to choose.
//!
//! **The subtle point.** A write that finds no majority has been stored somewhere. The listing takes it
//! back at the node that was asked, by deleting the key: the value that was there before is gone, the
//! version stays raised, and other nodes go on showing the write that has "failed". Taking back does not
//! work at all, because somebody may have read the value already. So a node asks a majority *before* it
//! stores (`ask-first`), and what was begun stays, with an honest answer: unknown (`keep`). A read makes
//! sure that a majority has what it shows (`no-dirty-reads`). Together these are the register of \[ABD\].
//!
//! **After the heal.** Nodes exchange digests of their copies and send what differs (`compare`). A rule
//! decides between writes that did not know of each other: the latest time stamp, a number of a node,
//! both, or a merge. See `parts::versions`.
//!
//! **Without a cut.** Waiting for a majority takes a round trip, and answering at once takes none. So a
//! store chooses all the time: latency or consistency (\[A\], PACELC).
//!
//! **As written.** With all rules off this is the curriculum's Activity 5 with its method names. A cut is a
//! flag at a node: the requests `isolate` and `heal` set it. A refusing node looks at its own flag only, so
//! a node on the smaller side that has no flag answers reads.
//!
//! **Who asks.** Clients sit beside their nodes: every request is one to a node, and a cut never stands
//! between them. That is the setting of the theorem.
//!
//! **What survives a crash.** All copies and versions. Requests that are open end as unknown.
//!
//! **References.** Gilbert and Lynch, "Brewer's conjecture and the feasibility of consistent, available,
//! partition-tolerant web services", SIGACT News 2002 (\[GL\]); Attiya, Bar-Noy and Dolev, "Sharing memory
//! robustly in message-passing systems", JACM 1995 (\[ABD\]); Lynch and Shvartsman, "Robust emulation of
//! shared memory using dynamic quorum-acknowledged broadcasts", FTCS 1997 (several writers); Abadi,
//! "Consistency tradeoffs in modern distributed database system design", IEEE Computer 2012 (\[A\]); Brewer,
//! "CAP twelve years later", IEEE Computer 2012.

mod compare;
mod descriptor;
mod figures;
mod invariants;
mod jobs;
mod marks;
mod probes;
mod program;
mod scenarios;
mod skins;
#[cfg(test)]
mod tests;
mod truth;

use std::rc::Rc;

use faultline_sim::frame::{NodeFrame, Word};
use faultline_sim::hash::stable_hash;
use faultline_sim::history::End;
use faultline_sim::judge::{self, Answer, Asked, Call, Model};
use faultline_sim::process::{Context, NodeId, Operation, Process, Start};
use faultline_sim::settings::Settings;
use faultline_sim::shared::SharedMap;
use faultline_sim::time::{Duration, LocalTime};
use faultline_sim::world::World;
use serde::{Deserialize, Serialize};

use crate::parts::calls::Calls;
use crate::parts::kv::Op;
use crate::parts::request::RequestId;
use crate::parts::versions::{
    Dot, Entry, Merged, Resolution, Rules, Stamp, Versions, Write, Written, hybrid,
};
use crate::parts::workload::{Mix, Pace, Workload};

use compare::{Copies, Digest};
use descriptor::{
    ANSWER, ASK_FIRST, ASK_READS, EVERY, KEYS, NO_DIRTY_READS, NODES, READ_SHARE, RESOLUTION,
    RESOLVE, STOP, VERSIONS,
};
use jobs::Job;

pub use descriptor::PROTOCOL;

/// `CAPNode`
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Node {
    /// The program's own switch.
    pub partitioned: bool,
    // On disk:
    pub data: SharedMap<String, Rc<Entry>>,
    /// `version`: the largest number that each key has had here, by writes that failed as well. Other
    /// kinds of versions lie in the entries only.
    pub version: SharedMap<String, u32>,
    /// The hashes of all copies, added up: equal data, equal sums.
    #[serde(skip)]
    pub sum: u64,
    /// The hybrid clock's latest reading.
    #[serde(skip)]
    clock: Stamp,
    #[serde(skip)]
    workload: Workload,
    #[serde(skip)]
    jobs: Calls<Job>,
    // Lost in a crash:
    /// It refuses at once until then.
    #[serde(skip)]
    rests: Option<LocalTime>,
    /// Switch `compare`: the keys compared last, and whether they were equal.
    #[serde(skip)]
    compared: Vec<(String, bool)>,
    #[serde(skip)]
    acting: bool,
    #[serde(skip)]
    comparing: bool,
    /// The latest write made here, and the latest copy that was not taken, for monitors.
    #[serde(skip)]
    pub latest: Option<(String, Rc<Written>)>,
    #[serde(skip)]
    pub ignored: Option<(String, Rc<Entry>)>,
}

faultline_sim::messages! {
    pub enum Message {
        /// `replicate`
        Replicate { id: RequestId, key: String, entry: Rc<Entry> } as "REPLICATE" => Data "R" "replicates a value",
        Stored { id: RequestId } as "STORED" => Ack "✓" "confirms its copy",
        /// A direct call finds a node that is cut off. Over a network nobody answers.
        CutOff { id: RequestId } as "CUT OFF" => Nack "✗" "is cut off",
        Fetch { id: RequestId, key: String } as "FETCH" => Request "?" "asks for a copy",
        Copy { id: RequestId, entry: Rc<Entry> } as "COPY" => Data "C" "sends its copy",
        /// Switch `compare`: a hash of each key.
        Digest { hashes: Rc<Digest> } as "DIGEST" => Control "D" "sends a digest of its data",
        /// The copies that differ; an empty one for a key that is not there. `back`: please send yours.
        Differ { data: Rc<Copies>, back: bool } as "DIFFER" => Data "≠" "sends what differs",
    }
}

faultline_sim::timers! {
    pub enum Timer {
        /// A node waits for others.
        Timeout { job: u64 },
        /// The next request of the client beside the node.
        Act,
        /// The next comparison.
        Compare,
    }
}

/// What a client may ask of a node.
#[derive(Clone, Debug, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// `set`
    Set { key: String, value: String },
    /// `get`
    Get { key: String },
    /// `simulatePartition`; false connects it again.
    Isolate(bool),
    /// `healPartition`; false cuts it off again.
    Heal(bool),
}

impl Request {
    /// The key that it is about; empty if about none.
    pub fn key(&self) -> &str {
        match self {
            Request::Set { key, .. } | Request::Get { key } => key,
            Request::Isolate(_) | Request::Heal(_) => "",
        }
    }
}

#[derive(Clone, Debug, Hash, Serialize)]
pub enum Reply {
    Done {
        /// Which write was confirmed, for monitors.
        #[serde(skip)]
        write: (String, Dot),
    },
    /// More than one: writes that did not know of each other.
    Found {
        values: Vec<String>,
        /// Which write each is, and all that the copy has seen, for monitors.
        #[serde(skip)]
        entry: Rc<Entry>,
    },
    Missing,
    /// Cut off, or connected again.
    Set,
    Failed {
        why: String,
        /// The write that was taken back, for monitors.
        #[serde(skip)]
        write: Option<(String, Dot)>,
    },
    /// The write may have taken effect.
    Unknown {
        why: String,
    },
}

impl Process for Node {
    type Message = Message;
    type Timer = Timer;
    type Request = Request;
    type Reply = Reply;

    fn new(_me: NodeId, _settings: &Settings) -> Self {
        Self {
            partitioned: false,
            data: SharedMap::new(),
            version: SharedMap::new(),
            sum: 0,
            clock: (0, 0),
            workload: Workload::default(),
            jobs: Calls::default(),
            rests: None,
            compared: Vec::new(),
            acting: false,
            comparing: false,
            latest: None,
            ignored: None,
        }
    }

    fn on_start(&mut self, cx: &mut Context<Self>, _start: Start) {
        self.wake(cx);
    }

    fn on_message(&mut self, cx: &mut Context<Self>, from: NodeId, message: Message) {
        if self.partitioned {
            if let Message::Replicate { id, .. } | Message::Fetch { id, .. } = message
                && cx.calls_directly()
            {
                cx.send(from, Message::CutOff { id });
            }
            return;
        }
        match message {
            Message::Replicate { id, key, entry } => {
                self.replicate(cx, from, &key, &entry);
                cx.send(from, Message::Stored { id });
            }
            Message::Stored { id } => self.stored(cx, from, id),
            Message::CutOff { id } => self.cut_off(cx, from, id),
            Message::Fetch { id, key } => {
                let entry = self.copy(&key);
                cx.send(from, Message::Copy { id, entry });
            }
            Message::Copy { id, entry } => self.fetched(cx, from, id, entry),
            Message::Digest { hashes } => self.compare(cx, from, &hashes),
            Message::Differ { data, back } => self.exchange(cx, from, &data, back),
        }
        self.wake(cx);
    }

    fn on_timer(&mut self, cx: &mut Context<Self>, timer: Timer) {
        match timer {
            Timer::Timeout { job } => self.time_out(cx, job),
            Timer::Act => self.act(cx),
            Timer::Compare => self.start_comparing(cx),
        }
    }

    fn on_request(&mut self, cx: &mut Context<Self>, request: Request) {
        if let Some(operation) = cx.operation() {
            self.serve(cx, request, operation);
            self.wake(cx);
        }
    }

    fn recover(&self, cx: &mut Context<Self>) -> Self {
        self.end_all(cx);
        Self {
            partitioned: false,
            jobs: self.jobs.recover(),
            rests: None,
            compared: Vec::new(),
            acting: false,
            comparing: false,
            ..self.clone()
        }
    }

    fn end(reply: &Reply) -> End {
        match reply {
            Reply::Done { .. } | Reply::Found { .. } | Reply::Missing | Reply::Set => End::Ok,
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
            Request::Isolate(_) | Request::Heal(_) => return None,
        })
    }

    /// Several values at once are no value of one copy: such an answer says nothing to the judge.
    fn told(reply: &Reply) -> Option<Answer> {
        match reply {
            Reply::Done { .. } => Some(Answer::Done),
            Reply::Found { values, entry } => match (&values[..], &entry.values[..]) {
                ([only], [_]) => Some(Answer::Value(Some(judge::Word::from(&**only)))),
                _ => None,
            },
            Reply::Missing => Some(Answer::Value(None)),
            Reply::Set | Reply::Failed { .. } | Reply::Unknown { .. } => None,
        }
    }

    fn draw(&self, settings: &Settings, to: &mut NodeFrame) {
        figures::draw(self, settings, to);
    }

    fn word(message: &Message) -> Option<Word> {
        figures::word(message)
    }
}

impl Node {
    /// The node's copy of a key; an empty one if it has none.
    pub fn copy(&self, key: &str) -> Rc<Entry> {
        self.data.get(key).cloned().unwrap_or_default()
    }

    /// The number that a key has come to here.
    fn number(&self, key: &str) -> u32 {
        self.version.get(key).copied().unwrap_or(0)
    }

    fn serve(&mut self, cx: &mut Context<Self>, request: Request, operation: Operation) {
        if !is_member(cx.settings(), cx.me()) {
            let why = format!("{} joined later and keeps no copies", cx.me());
            return cx.reply(operation, Reply::Failed { why, write: None });
        }
        let refuses = refuses(cx);
        match request {
            Request::Isolate(on) => self.set_partitioned(cx, on, operation),
            Request::Heal(on) => self.set_partitioned(cx, !on, operation),
            _ if refuses && self.rests.is_some_and(|until| cx.now() < until) => {
                cx.mark(&marks::RESTS, ());
                let why = "too few nodes answered a moment ago".to_owned();
                cx.reply(operation, Reply::Failed { why, write: None });
            }
            Request::Set { key, value } if refuses && cx.switch(&ASK_FIRST) => {
                self.ask(cx, key, Some(value), operation);
            }
            Request::Set { key, value } => {
                let job = self.begin(key, Some(operation));
                self.set(cx, job, value);
            }
            Request::Get { key } if refuses && self.partitioned => {
                self.refuse(cx, &key, 1, operation);
            }
            Request::Get { key }
                if refuses && (cx.switch(&ASK_READS) || cx.switch(&NO_DIRTY_READS)) =>
            {
                self.ask(cx, key, None, operation);
            }
            Request::Get { key } => {
                let entry = self.copy(&key);
                Self::answer(cx, &key, entry, operation);
            }
        }
    }

    fn set_partitioned(&mut self, cx: &mut Context<Self>, on: bool, operation: Operation) {
        self.partitioned = on;
        let mark = if on { &marks::ISOLATES } else { &marks::HEALS };
        cx.mark(mark, ());
        cx.reply(operation, Reply::Set);
    }

    /// `get`: the answer to a read.
    fn answer(cx: &mut Context<Self>, key: &str, entry: Rc<Entry>, operation: Operation) {
        let values = rules(cx.settings()).values(&entry);
        cx.mark(&marks::READS, (key, told(&values)));
        let reply = if values.is_empty() {
            Reply::Missing
        } else {
            Reply::Found { values, entry }
        };
        cx.reply(operation, reply);
    }

    /// Stores a client's value under a new version. Returns which write that is.
    fn write(&mut self, cx: &mut Context<Self>, key: &str, value: String) -> Dot {
        let now = u64::try_from(cx.now().0).unwrap_or(0);
        let rules = rules(cx.settings());
        if rules.versions == Versions::Hybrid {
            self.clock = hybrid(self.clock, now);
        } else {
            self.clock = (now, 0);
        }
        let mut entry = (*self.copy(key)).clone();
        cx.mark(&marks::SETS, (key, value.as_str()));
        let write = Write {
            value,
            past: entry.seen.clone(),
            stamp: self.clock,
            after: Vec::new(),
            above: self.number(key),
        };
        let (written, merged) = rules.write(&mut entry, cx.me(), write);
        if !merged.changed {
            cx.mark(&marks::LOOKS_OLDER, key);
        }
        let dot = written.dot;
        self.latest = Some((key.to_owned(), Rc::new(written)));
        self.keep(cx, key, entry, &merged);
        dot
    }

    /// `replicate`: a copy of a key has arrived.
    fn replicate(&mut self, cx: &mut Context<Self>, from: NodeId, key: &str, other: &Rc<Entry>) {
        if other.values.is_empty() {
            return;
        }
        let mut entry = (*self.copy(key)).clone();
        let news = !entry.seen.covers(&other.seen);
        let unknown = other.values.iter().any(|value| !entry.seen.has(value.dot));
        let (number, known) = (other.number(), self.number(key));
        let late = number < known || number == known && !cx.switch(&RESOLVE);
        let merged = if late && known > 0 {
            entry.seen.join(&other.seen);
            Merged::default()
        } else {
            bring(cx, &mut entry, other)
        };
        if merged.changed {
            let shown = told(&rules(cx.settings()).values(&entry));
            cx.mark(&marks::STORES, (key, shown, from));
        } else if unknown {
            self.ignored = Some((key.to_owned(), other.clone()));
            cx.mark(&marks::IGNORES, (key, from));
        }
        if merged.changed || news {
            self.keep(cx, key, entry, &merged);
        }
    }

    fn keep(&mut self, cx: &mut Context<Self>, key: &str, entry: Entry, merged: &Merged) {
        let stamps = entry.values.iter().map(Written::stamp);
        self.clock = stamps.max().unwrap_or_default().max(self.clock);
        let number = entry.number().max(self.number(key));
        if number > 0 {
            self.version.insert(key.to_owned(), number);
        }
        self.put(key, entry);
        for (one, other) in &merged.conflicts {
            cx.mark(&marks::CONFLICTS, (key, one.0, other.0));
        }
    }

    /// Replaces a copy. One without a value is as none.
    fn put(&mut self, key: &str, entry: Entry) {
        let hash = |entry: &Entry| match entry.values.is_empty() {
            true => 0,
            false => stable_hash(&(key, entry)),
        };
        self.sum = self.sum.wrapping_add(hash(&entry));
        if let Some(old) = self.data.insert(key.to_owned(), Rc::new(entry)) {
            self.sum = self.sum.wrapping_sub(hash(&old));
        }
    }

    /// Starts what the node does on its own, where that is on.
    fn wake(&mut self, cx: &mut Context<Self>) {
        if !is_member(cx.settings(), cx.me()) {
            return;
        }
        if !self.acting && pace(cx).next().0 {
            self.acting = true;
            let first = pace(cx).first(cx.rng());
            cx.set_timer(Timer::Act, first);
        }
        self.compare_later(cx);
    }

    /// The next request of the client beside the node.
    fn act(&mut self, cx: &mut Context<Self>) {
        let (acts, wait) = pace(cx).next();
        self.acting = acts;
        if !acts {
            return;
        }
        cx.set_timer(Timer::Act, wait);
        let stop = cx.duration(&STOP);
        let stopped = stop.0 > 0 && u64::try_from(cx.now().0).unwrap_or(0) > stop.0;
        let mix = Mix {
            reads: if stopped { 100 } else { cx.count(&READ_SHARE) },
            compares: 0,
            keys: cx.count(&KEYS),
        };
        let me = cx.me();
        let request = match self.workload.next(Some(me), mix, cx.rng()) {
            Op::Read { key } => Request::Get { key },
            Op::Write { key, value }
            | Op::CompareAndSet {
                key, new: value, ..
            } => Request::Set { key, value },
        };
        let operation = cx.invoke(request.clone());
        self.serve(cx, request, operation);
    }
}

fn pace(cx: &Context<Node>) -> Pace {
    Pace {
        every: cx.duration(&EVERY),
        least: Duration::millis(20),
    }
}

/// Whether this node refuses where too few nodes answer.
fn refuses(cx: &Context<Node>) -> bool {
    !cx.switch(&ANSWER)
}

/// The nodes that keep copies: those of the beginning. A majority of them must mean the same to all.
fn is_member(settings: &Settings, id: NodeId) -> bool {
    id.0 <= settings.count(&NODES)
}

/// How this run compares copies. All nodes must agree on it.
fn rules(settings: &Settings) -> Rules {
    Rules {
        versions: Versions::named(settings.choice(&VERSIONS)),
        resolution: Resolution::named(settings.choice(&RESOLUTION)),
    }
}

/// Brings another copy into one. As written, only a larger version replaces a value.
fn bring(cx: &Context<Node>, own: &mut Entry, other: &Entry) -> Merged {
    if cx.switch(&RESOLVE) {
        return rules(cx.settings()).merge(own, other);
    }
    let changed = other.weight() > own.weight();
    if changed {
        own.values.clone_from(&other.values);
    }
    own.seen.join(&other.seen);
    Merged {
        changed,
        conflicts: Vec::new(),
    }
}

/// Values in words, as a reader hears them.
fn told(values: &[String]) -> String {
    if values.is_empty() {
        "nothing".to_owned()
    } else {
        values.join(" or ")
    }
}
