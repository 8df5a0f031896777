//! No consensus: nodes that tell each other what was written, and no more. What consensus is compared with.
//!
//! **Problem.** Several nodes have a copy of some values, and clients write at any of them. In the end
//! all copies should be the same, and no client should be told something that is taken back.
//!
//! **Idea.** A node stores a write, answers, and tells all others. Nobody asks anybody.
//!
//! **The subtle point.** What looks like a repair is none. *Tell again*, because messages get lost: two
//! nodes that were written at once keep telling each other different things. *The newer stamp wins*
//! (Lamport's counter and the node's number, \[L\]): now all copies become the same, and a write that was
//! confirmed is gone, because another one that knew nothing of it has the higher stamp. *Answer only when
//! a majority has it*: the write survives, and still nobody has said which of two comes first, so a read
//! may show the new value and the next read the old one. Each rule decides something; none makes all
//! nodes decide the same.
//!
//! **One that decides.** Let node 1 put all requests in an order, and everything holds: there is one copy
//! that counts. Until node 1 crashes; then nobody may decide. Consensus is that one node, made of several
//! of which a minority may crash.
//!
//! **What survives a crash.** The store and the counter. A node that waits for acknowledgements forgets
//! that it does.
//!
//! **References.** Lamport, "Time, Clocks, and the Ordering of Events in a Distributed System", CACM
//! 21(7), 1978 (\[L\]: the stamps); Johnson and Thomas, "The maintenance of duplicate databases", RFC 677,
//! 1975 (the newer stamp wins); Herlihy and Wing, "Linearizability", ACM TOPLAS 12(3), 1990 (what the
//! judge asks for).

mod descriptor;
mod figures;
mod scenarios;
#[cfg(test)]
mod tests;

use std::fmt;

use faultline_sim::frame::{NodeFrame, Word};
use faultline_sim::history::End;
use faultline_sim::judge::{self, Asked, Model};
use faultline_sim::mark::Mark;
use faultline_sim::process::{Context, NodeId, Operation, Process, Start};
use faultline_sim::quorum::majority;
use faultline_sim::settings::Settings;
use faultline_sim::shared::SharedMap;
use faultline_sim::sorted::{SortedMap, SortedSet};
use faultline_sim::world::World;
use serde::{Serialize, Serializer};

use crate::parts::kv::{self, KvAnswer, Op};
pub use descriptor::PROTOCOL;
use descriptor::{ASK_FIRST, NEWEST_WINS, NODES, PATIENCE, TELL_AGAIN, TELL_EVERY, THROUGH_ONE};

/// The node that decides, where one does.
const DECIDER: NodeId = NodeId(1);

/// A count, and the node that counted: no two writes have the same. Written `3.1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp(pub u64, pub NodeId);

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0, self.1.0)
    }
}

impl Serialize for Stamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A value and the stamp of its write.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Told {
    pub value: String,
    pub stamp: Stamp,
}

/// A request that is not answered yet.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Waiting {
    #[serde(serialize_with = "kv::in_short")]
    pub op: Op,
    #[serde(skip)]
    operation: Operation,
    /// Who has the write.
    pub have: SortedSet<NodeId>,
}

faultline_sim::messages! {
    pub enum Message {
        /// Store this. With a number the sender waits for an answer.
        Tell { key: String, told: Told, number: Option<u64> } => Data "T" "tells a value",
        Have { number: u64 } => Ack "✓" "has stored it",
        /// Switch `through-one`: decide this for me.
        Ask {
            number: u64,
            #[serde(serialize_with = "kv::in_short")]
            op: Op,
        } => Request "?" "asks node 1 to decide",
        Answer { number: u64, answer: KvAnswer } => Announce "!" "has decided",
    }
}

faultline_sim::timers! {
    pub enum Timer {
        /// No answer came in time.
        Patience { number: u64 },
        /// Tell everybody everything again.
        TellAgain,
    }
}

/// How a request ended.
#[derive(Clone, Debug, Hash, Serialize)]
pub enum Reply {
    Done,
    Value {
        value: Option<String>,
    },
    /// The value was not what a compare-and-set expected.
    ValueIs {
        value: Option<String>,
    },
    /// It had no effect.
    Failed {
        why: String,
    },
    /// It may have taken effect, or still may.
    Unknown {
        why: String,
    },
}

/// Another value takes the place of one that the node had: the key, the old value, the new one.
pub const REPLACES: Mark = Mark::new("replaces", "{}: {} becomes {}");
/// A value came that is older by its stamp.
pub const KEEPS: Mark = Mark::new("keeps", "keeps {} = {}: it has the newer stamp");

/// One node.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Node {
    // On disk:
    pub store: SharedMap<String, Told>,
    /// The highest count seen.
    pub count: u64,
    /// Numbers of its own requests.
    pub last: u64,
    /// By key, the newest stamp that it ever had: for the law only.
    #[serde(skip)]
    newest: SharedMap<String, Stamp>,
    /// Switch `through-one`, node 1: what came of the requests of others.
    #[serde(skip)]
    decided: SharedMap<(NodeId, u64), KvAnswer>,
    // Lost in a crash:
    pub waiting: SortedMap<u64, Waiting>,
}

impl Process for Node {
    type Message = Message;
    type Timer = Timer;
    type Request = Op;
    type Reply = Reply;

    fn new(_me: NodeId, _settings: &Settings) -> Self {
        Self::default()
    }

    fn on_start(&mut self, cx: &mut Context<Self>, _start: Start) {
        cx.set_timer(Timer::TellAgain, cx.duration(&TELL_EVERY));
    }

    fn on_request(&mut self, cx: &mut Context<Self>, op: Op) {
        let Some(operation) = cx.operation() else {
            return;
        };
        if cx.switch(&THROUGH_ONE) && cx.me() != DECIDER {
            let number = self.wait(cx, op.clone(), operation);
            return cx.send(DECIDER, Message::Ask { number, op });
        }
        let answer = self.apply(cx, &op);
        let written = (answer == KvAnswer::Done).then(|| self.told(&op));
        match written.flatten() {
            Some((key, told)) if cx.switch(&ASK_FIRST) && !cx.switch(&THROUGH_ONE) => {
                let own = self.wait(cx, op, operation);
                let number = Some(own);
                cx.broadcast(Message::Tell { key, told, number });
                let me = cx.me();
                self.acknowledged(cx, own, me);
            }
            written => {
                if let Some((key, told)) = written {
                    let number = None;
                    cx.broadcast(Message::Tell { key, told, number });
                }
                cx.reply(operation, answer.into());
            }
        }
    }

    fn on_message(&mut self, cx: &mut Context<Self>, from: NodeId, message: Message) {
        match message {
            Message::Tell { key, told, number } => {
                self.hear(cx, key, told);
                if let Some(number) = number {
                    cx.send(from, Message::Have { number });
                }
            }
            Message::Have { number } => self.acknowledged(cx, number, from),
            Message::Ask { number, op } => {
                // A copy of a message must not decide again.
                if let Some(answer) = self.decided.get(&(from, number)).cloned() {
                    return cx.send(from, Message::Answer { number, answer });
                }
                let answer = self.apply(cx, &op);
                self.decided.insert((from, number), answer.clone());
                if let (KvAnswer::Done, Some((key, told))) = (&answer, self.told(&op)) {
                    let number = None;
                    cx.broadcast(Message::Tell { key, told, number });
                }
                cx.send(from, Message::Answer { number, answer });
            }
            Message::Answer { number, answer } => {
                if let Some(waiting) = self.waiting.remove(&number) {
                    cx.cancel_timer(&Timer::Patience { number });
                    cx.reply(waiting.operation, answer.into());
                }
            }
        }
    }

    fn on_timer(&mut self, cx: &mut Context<Self>, timer: Timer) {
        match timer {
            Timer::Patience { number } => {
                if let Some(waiting) = self.waiting.remove(&number) {
                    cx.reply(
                        waiting.operation,
                        given_up(&waiting.op, "no answer came in time"),
                    );
                }
            }
            Timer::TellAgain => {
                if cx.switch(&TELL_AGAIN) {
                    for (key, told) in self.store.iter() {
                        let (key, told, number) = (key.clone(), told.clone(), None);
                        cx.broadcast(Message::Tell { key, told, number });
                    }
                }
                cx.set_timer(Timer::TellAgain, cx.duration(&TELL_EVERY));
            }
        }
    }

    fn recover(&self, cx: &mut Context<Self>) -> Self {
        for waiting in self.waiting.values() {
            cx.reply(waiting.operation, given_up(&waiting.op, "the node crashed"));
        }
        Self {
            waiting: SortedMap::new(),
            ..self.clone()
        }
    }

    fn end(reply: &Reply) -> End {
        match reply {
            Reply::Done | Reply::Value { .. } => End::Ok,
            Reply::ValueIs { .. } | Reply::Failed { .. } => End::Failed,
            Reply::Unknown { .. } => End::Unknown,
        }
    }

    fn objects(_settings: &Settings) -> Option<Model> {
        Some(Model::STORE)
    }

    fn asked(op: &Op, _node: NodeId, _world: &World) -> Option<Asked> {
        Some(op.asked())
    }

    fn told(reply: &Reply) -> Option<judge::Answer> {
        let word = |value: &Option<String>| value.as_deref().map(judge::Word::from);
        Some(match reply {
            Reply::Done => judge::Answer::Done,
            Reply::Value { value } => judge::Answer::Value(word(value)),
            Reply::ValueIs { value } => judge::Answer::Refused(Some(word(value))),
            Reply::Failed { .. } | Reply::Unknown { .. } => return None,
        })
    }

    fn draw(&self, settings: &Settings, to: &mut NodeFrame) {
        figures::draw(self, settings, to);
    }

    fn word(message: &Message) -> Option<Word> {
        figures::word(message)
    }
}

impl From<KvAnswer> for Reply {
    fn from(answer: KvAnswer) -> Self {
        match answer {
            KvAnswer::Done => Reply::Done,
            KvAnswer::Value(value) => Reply::Value { value },
            KvAnswer::Differs(value) => Reply::ValueIs { value },
        }
    }
}

/// A read that nobody answers has no effect; nobody knows that of a write.
fn given_up(op: &Op, why: &str) -> Reply {
    let why = why.to_owned();
    match op.is_read() {
        true => Reply::Failed { why },
        false => Reply::Unknown { why },
    }
}

impl Node {
    /// The value of a key, as this node has it.
    pub fn value(&self, key: &str) -> Option<&str> {
        self.store.get(key).map(|told| told.value.as_str())
    }

    /// Does what is asked for to its own copy.
    fn apply(&mut self, cx: &mut Context<Self>, op: &Op) -> KvAnswer {
        let (key, new) = match op {
            Op::Read { key } => return KvAnswer::Value(self.value(key).map(str::to_owned)),
            Op::Write { key, value } => (key, value),
            Op::CompareAndSet { key, old, new } => {
                let value = self.value(key);
                if value != old.as_deref() {
                    return KvAnswer::Differs(value.map(str::to_owned));
                }
                (key, new)
            }
        };
        self.count += 1;
        let stamp = Stamp(self.count, cx.me());
        let value = new.clone();
        self.put(cx, key.clone(), Told { value, stamp });
        KvAnswer::Done
    }

    fn put(&mut self, cx: &mut Context<Self>, key: String, told: Told) {
        let newest = self.newest.get(&key).copied().unwrap_or(told.stamp);
        self.newest.insert(key.clone(), newest.max(told.stamp));
        cx.write();
        self.store.insert(key, told);
    }

    /// What others are to be told of a request that was carried out.
    fn told(&self, op: &Op) -> Option<(String, Told)> {
        let (Op::Write { key, .. } | Op::CompareAndSet { key, .. }) = op else {
            return None;
        };
        Some((key.clone(), self.store.get(key)?.clone()))
    }

    fn hear(&mut self, cx: &mut Context<Self>, key: String, told: Told) {
        self.count = self.count.max(told.stamp.0);
        let own = self.store.get(&key);
        if own.is_some_and(|own| *own == told) {
            return;
        }
        if let Some(own) = own {
            if cx.switch(&NEWEST_WINS) && own.stamp > told.stamp {
                return cx.mark(&KEEPS, (key, own.value.clone()));
            }
            cx.mark(
                &REPLACES,
                (key.clone(), own.value.clone(), told.value.clone()),
            );
        }
        self.put(cx, key, told);
    }

    fn wait(&mut self, cx: &mut Context<Self>, op: Op, operation: Operation) -> u64 {
        self.last += 1;
        let have = SortedSet::new();
        let waiting = Waiting {
            op,
            operation,
            have,
        };
        self.waiting.insert(self.last, waiting);
        let number = self.last;
        cx.set_timer(Timer::Patience { number }, cx.duration(&PATIENCE));
        number
    }

    fn acknowledged(&mut self, cx: &mut Context<Self>, number: u64, by: NodeId) {
        let Some(waiting) = self.waiting.get_mut(&number) else {
            return;
        };
        waiting.have.insert(by);
        if waiting.have.len() as u32 >= majority(cx.settings().count(&NODES)) {
            let operation = waiting.operation;
            self.waiting.remove(&number);
            cx.cancel_timer(&Timer::Patience { number });
            cx.reply(operation, Reply::Done);
        }
    }
}
