//! What a protocol is made of: [`Process`], the [`Context`] its handlers act through, and the
//! [`Effect`]s that come out as data.

mod effect;
mod payload;

use std::fmt::{self, Debug};
use std::hash::{Hash, Hasher};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::frame::{NodeFrame, Shape, Word};
use crate::history::End;
use crate::judge::{Answer, Asked, Model};
use crate::mark::{Mark, Marked, Values};
use crate::memory;
use crate::naming::{Messages, Timers};
use crate::node::{Slab, TimerTable};
use crate::rng::Rng;
use crate::settings::{OfNode, Param, Settings, Switch};
use crate::text;
use crate::time::{Duration, LocalTime};
use crate::world::World;

pub use effect::{Effect, Handle};
pub(crate) use effect::{Effects, Step};
pub use payload::{Payload, Shared};

/// A node's number, from 1. Numbers are never used again within a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NodeId(pub u32);

/// On a way of its own, so that a [`StableHasher`](crate::hash::StableHasher) may give it another number.
impl Hash for NodeId {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_i128(i128::from(self.0));
    }
}

impl NodeId {
    /// Reads `n3` or `3`.
    ///
    /// # Errors
    /// A sentence naming the word that is no node.
    pub fn parse(word: &str) -> Result<Self, String> {
        let word = word.trim();
        let digits = word.strip_prefix('n').unwrap_or(word);
        match digits.parse::<u32>() {
            Ok(number) if number > 0 => Ok(Self(number)),
            _ => Err(format!("`{word}` is not a node; write n1, n2, …")),
        }
    }

    /// Where the node lies in a list of all nodes ever made.
    #[inline]
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize - 1
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "n{}", self.0)
    }
}

/// How a node came up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// For the first time: at the run's start, or when it was added.
    First,
    /// After a crash.
    Recovery,
}

/// One participant: a deterministic state machine. Handlers run to completion, never block, and act
/// only through `cx`.
///
/// A protocol's roles (client, coordinator, server) share one `Message` type.
pub trait Process: Clone + Hash + Serialize + 'static {
    /// What nodes tell each other: an enum made with [`messages!`](crate::messages).
    type Message: Messages + Clone + Hash + Debug + Serialize + 'static;
    /// What a node wakes itself up for: an enum made with [`timers!`](crate::timers).
    type Timer: Timers + Clone + Hash + Debug + PartialEq + Serialize + 'static;
    /// What people and scripts may ask of a node, read from JSON.
    type Request: Clone + Hash + Debug + Serialize + DeserializeOwned + 'static;
    /// What a node answers to requests.
    type Reply: Clone + Hash + Debug + Serialize + 'static;

    /// A node that has never run: what it knows of itself before anything happens.
    fn new(me: NodeId, settings: &Settings) -> Self;

    /// The node came up, for the first time or after [`Process::recover`].
    fn on_start(&mut self, cx: &mut Context<Self>, start: Start);

    /// A message has arrived.
    fn on_message(&mut self, cx: &mut Context<Self>, from: NodeId, message: Self::Message);

    /// A timer set before has run out. It is no longer set.
    fn on_timer(&mut self, _cx: &mut Context<Self>, _timer: Self::Timer) {}

    /// A person or a script asks this node for something; answer with [`Context::reply`].
    fn on_request(&mut self, _cx: &mut Context<Self>, _request: Self::Request) {}

    /// The node is about to be taken out for good, in an orderly way: the last chance to say so and to
    /// hand over what it holds. A crash does not ask.
    fn on_leave(&mut self, _cx: &mut Context<Self>) {}

    /// What survives a crash: the paper's "persistent state". Timers are already gone.
    #[must_use]
    fn recover(&self, cx: &mut Context<Self>) -> Self;

    /// How the node shows itself: role, tone and figures. One call into the protocol's `figures.rs`.
    fn draw(&self, settings: &Settings, to: &mut NodeFrame);

    /// How an operation ended that got this reply.
    #[must_use]
    fn end(_reply: &Self::Reply) -> End {
        End::Ok
    }

    /// What kind of objects clients share in a run with these settings, if its answers can be judged:
    /// what objects hold at first has to be known.
    #[must_use]
    fn objects(_settings: &Settings) -> Option<Model> {
        None
    }

    /// What a request to this node does to which object, for the judge; none if it is about none.
    #[must_use]
    fn asked(_request: &Self::Request, _node: NodeId, _world: &World) -> Option<Asked> {
        None
    }

    /// What a reply says of that object, for the judge; none if it says nothing.
    #[must_use]
    fn told(_reply: &Self::Reply) -> Option<Answer> {
        None
    }

    /// This node's state without what only tells when something happened, for a search through all orders
    /// of events, in which no time passes. A process that gives one promises that these times, its clock
    /// and its random stream decide nothing but how long its timers take; then worlds that differ in
    /// nothing else are one state.
    #[must_use]
    fn timeless(&self, _settings: &Settings) -> Option<Self> {
        None
    }

    /// How many bytes a message takes on the network: its length as JSON, unless a protocol knows better.
    #[must_use]
    fn size(message: &Self::Message) -> u64 {
        text::encoded_length(message)
    }

    /// How this one message is drawn, shape and letter, if not as its kind: a refusal among answers,
    /// a message that carries nothing.
    #[must_use]
    fn glyph_override(_message: &Self::Message) -> Option<(Shape, &'static str)> {
        None
    }

    /// What this message says in a word or two, where its letter alone would not tell: `t2`, `x = 1`.
    #[must_use]
    fn word(_message: &Self::Message) -> Option<Word> {
        None
    }

    /// How a lying node changes a message (fault `lie … forge`); `None` keeps it.
    fn forge(
        &self,
        _message: &Self::Message,
        _to: NodeId,
        _rng: &mut Rng,
    ) -> Option<Self::Message> {
        None
    }
}

/// The number of one client operation, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Operation(pub u64);

/// What one node thinks of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Opinion {
    /// It answers.
    Alive,
    /// It may be down.
    Suspected,
    /// It is taken to be down for good.
    Failed,
}

/// What a node believes. It may be wrong: the truth is the world's.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Belief {
    /// Who leads, if anybody.
    Leader(Option<NodeId>),
    /// How a peer is.
    Peer {
        /// The peer.
        node: NodeId,
        /// What is thought of it.
        opinion: Opinion,
    },
}

/// Tells whether a direct call would get through (nested mode only).
pub(crate) type Reach<'a> = &'a dyn Fn(NodeId) -> bool;

/// What the handlers of all nodes use.
#[derive(Clone, Debug)]
pub(crate) struct Common {
    pub(crate) settings: Settings,
    /// One stream a node.
    pub(crate) rngs: Vec<Rng>,
    pub(crate) effects: Effects,
    pub(crate) next_operation: u64,
    /// Bytes held when the handler began, or made its last message.
    pub(crate) held: usize,
    /// The present handler has written to its node's disk.
    pub(crate) wrote: bool,
}

impl Common {
    /// Puts a message into the slab, with what it took to make it: what a message shares with its
    /// sender's state is weighed with it.
    #[inline]
    fn put<M: Clone + Payload + 'static>(
        &mut self,
        messages: &mut Slab<M>,
        message: M,
        holders: u32,
    ) -> Handle {
        let weight = memory::held().saturating_sub(self.held);
        let handle = messages.put(message, holders, weight);
        self.held = memory::held();
        handle
    }
}

/// The part of a context that is the same for all protocols.
pub struct Io<'a> {
    pub(crate) me: NodeId,
    pub(crate) now: LocalTime,
    pub(crate) known: &'a [NodeId],
    pub(crate) common: &'a mut Common,
    pub(crate) operation: Option<Operation>,
    pub(crate) reach: Option<Reach<'a>>,
}

/// How a handler looks at the world and acts on it. Actions are collected as [`Effect`]s and applied
/// by the kernel in the order they were asked for, after the handler has returned.
pub struct Context<'a, P: Process> {
    pub(crate) io: &'a mut Io<'a>,
    pub(crate) messages: &'a mut Slab<P::Message>,
    pub(crate) timers: &'a mut TimerTable<P::Timer>,
}

impl<'a, P: Process> Context<'a, P> {
    /// This node's number.
    #[inline]
    #[must_use]
    pub fn me(&self) -> NodeId {
        self.io.me
    }

    /// What this node's own clock shows.
    #[inline]
    #[must_use]
    pub fn now(&self) -> LocalTime {
        self.io.now
    }

    /// What this handler changes must be on the node's disk before what it sends leaves. It is one write,
    /// however often a handler says so, and only counted: see [`cost`](crate::cost).
    #[inline]
    pub fn write(&mut self) {
        self.io.common.wrote = true;
    }

    /// The other nodes this node was told of, in order of their numbers, dead or alive.
    pub fn peers(&self) -> impl DoubleEndedIterator<Item = NodeId> + Clone + use<'a, P> {
        let me = self.io.me;
        let known: &'a [NodeId] = self.io.known;
        known.iter().copied().filter(move |id| *id != me)
    }

    /// One other node at random, or none if this node is alone.
    pub fn random_peer(&mut self) -> Option<NodeId> {
        let known = self.io.known;
        let me = known.binary_search(&self.io.me).ok();
        let others = known.len() - usize::from(me.is_some());
        if others == 0 {
            return None;
        }
        let at = self.rng().below(others as u64) as usize;
        Some(
            known[if me.is_some_and(|m| at >= m) {
                at + 1
            } else {
                at
            }],
        )
    }

    /// This node's own stream of random numbers.
    pub fn rng(&mut self) -> &mut Rng {
        &mut self.io.common.rngs[self.io.me.index()]
    }

    /// The settings as this node has them.
    fn own(&self) -> OfNode<'_> {
        self.io.common.settings.of_node(self.io.me)
    }

    /// A number, the node's own or the run's.
    #[must_use]
    pub fn param(&self, param: &Param) -> f64 {
        self.own().param(param)
    }

    /// A whole number, the node's own or the run's.
    #[must_use]
    pub fn count(&self, param: &Param) -> u32 {
        self.own().count(param)
    }

    /// A length of time (a parameter in ms), the node's own or the run's.
    #[must_use]
    pub fn duration(&self, param: &Param) -> Duration {
        self.own().duration(param)
    }

    /// The word of a choice, the node's own or the run's.
    #[must_use]
    pub fn choice(&self, param: &Param) -> &'static str {
        self.own().choice(param)
    }

    /// The nodes of a list, the node's own or the run's.
    #[must_use]
    pub fn nodes(&self, param: &Param) -> &[NodeId] {
        self.own().nodes(param)
    }

    /// Whether a rule of the algorithm is on, at this node or in the run.
    #[must_use]
    pub fn switch(&self, switch: &Switch) -> bool {
        self.own().switch(switch)
    }

    /// All values of the run, whatever single nodes have for themselves: for what all must agree on.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.io.common.settings
    }

    /// Sends a message to one node (itself allowed).
    #[inline]
    pub fn send(&mut self, to: NodeId, message: P::Message) {
        let message = self.io.common.put(self.messages, message, 1);
        self.io.common.effects.send(to, message);
    }

    /// Sends one message to every known node but this one, in order of their numbers.
    pub fn broadcast(&mut self, message: P::Message) {
        let me = self.io.me;
        let others = self.io.known.iter().filter(|id| **id != me).count() as u32;
        if others == 0 {
            return;
        }
        let message = self.io.common.put(self.messages, message, others);
        for to in self.io.known.iter().copied().filter(|id| *id != me) {
            self.io.common.effects.send(to, message);
        }
    }

    /// Sends one message to several nodes, in the order given.
    pub fn send_all(&mut self, to: &[NodeId], message: P::Message) {
        if to.is_empty() {
            return;
        }
        let holders = to.len() as u32;
        let message = self.io.common.put(self.messages, message, holders);
        for to in to {
            self.io.common.effects.send(*to, message);
        }
    }

    /// Alters messages that are still on their way, from any sender; `change` tells whether it did.
    /// No network can do this. It is for the one mistake that needs it: a program that puts its own
    /// memory into a message instead of a copy, so that the holder of the message reads what that
    /// memory holds by now. The record of the sending keeps what was sent.
    pub fn alter_in_flight(&mut self, change: impl FnMut(&mut P::Message) -> bool) {
        self.messages.alter(change);
    }

    /// The client operation being handled, inside [`Process::on_request`]; keep it to reply later.
    #[must_use]
    pub fn operation(&self) -> Option<Operation> {
        self.io.operation
    }

    /// Begins a client operation of this node's own, as if it had been asked: it is measured like
    /// those that people ask for. End it with [`Context::reply`].
    pub fn invoke(&mut self, request: P::Request) -> Operation {
        self.io.common.next_operation += 1;
        let operation = Operation(self.io.common.next_operation);
        let request = Shared::new(request);
        self.io
            .common
            .effects
            .push(Effect::Invoke { operation, request });
        operation
    }

    /// Answers a client operation that was invoked at this node.
    pub fn reply(&mut self, operation: Operation, reply: P::Reply) {
        self.io.common.effects.push(Effect::Reply {
            operation,
            reply: Shared::new(reply),
        });
    }

    /// Sets a timer on this node's own clock. An equal timer that is still set is replaced.
    pub fn set_timer(&mut self, timer: P::Timer, after: Duration) {
        if let Some(id) = self.timers.remove_equal(&timer) {
            self.io.common.effects.cancel_timer(id);
        }
        let id = self.timers.insert(timer);
        self.io.common.effects.set_timer(id, after);
    }

    /// Cancels a timer, if it is set.
    pub fn cancel_timer(&mut self, timer: &P::Timer) {
        if let Some(id) = self.timers.remove_equal(timer) {
            self.io.common.effects.cancel_timer(id);
        }
    }

    /// Makes this node's belief known to the stage. Told again, an old belief changes nothing.
    pub fn believe(&mut self, belief: Belief) {
        self.io.common.effects.push(Effect::Believe(belief));
    }

    /// Says for the trace what the process does, and why: probes, moments and sentences read it.
    pub fn mark(&mut self, mark: &'static Mark, values: impl Values) {
        let marked = Marked::new(mark, values);
        self.io.common.effects.push(Effect::Mark(marked));
    }

    /// Whether this program runs in nested mode: its sends are direct calls that have their whole
    /// consequence before its next effect.
    #[must_use]
    pub fn calls_directly(&self) -> bool {
        self.io.reach.is_some()
    }

    /// What a direct call to `to` would tell at once: is it up and is the way free? Only programs
    /// that call each other directly (nested mode) may know; over a network this is always true.
    #[must_use]
    pub fn reachable(&self, to: NodeId) -> bool {
        self.io.reach.is_none_or(|reach| reach(to))
    }
}
