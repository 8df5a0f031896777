//! Nodes that create events, send messages and stamp both: the part that Lamport's clock and the
//! vector clock share. They differ only in the clock, and its rules are in `lamport` and `vector`.
//!
//! A node has three kinds of events: a local event, sending a message (to one node, or a broadcast to
//! all others), and accepting a message. Each handler makes at most one event, so a monitor that
//! checks once after each handler misses none. Whether sending counts as an event is a convention, and
//! a switch.
//!
//! A message that must wait for its causes (`vector::causal`) has arrived but is not accepted yet;
//! accepting it is the event. Waiting messages are accepted one by one, each as its own event.
//!
//! A node keeps all of this on disk. A clock that restarted at zero would give out old stamps again.

mod chatter;
mod clock;
pub mod common;
pub mod figures;
pub mod marks;
#[cfg(test)]
pub mod replay;
mod story;
pub mod truth;

use faultline_sim::frame::{NodeFrame, Shape, Word};
use faultline_sim::history::End;
use faultline_sim::process::{Context, NodeId, Operation, Process, Start};
use faultline_sim::settings::Settings;
use faultline_sim::time::Duration;
use serde::{Deserialize, Serialize};

use crate::vector::causal::{self, Standing};
use crate::{lamport, vector};

pub use clock::Clock;
pub use story::{EventKind, Letter, Merge, StampedEvent};

use common::SEND_TICKS;

/// How many of its latest events a node remembers.
const LATEST: usize = 6;

faultline_sim::messages! {
    pub enum Message {
        Data(Letter) as "DATA" => Data "M" "sends a message",
        Broadcast(Letter) as "BROADCAST" => Announce "B" "sends a broadcast",
    }
}

faultline_sim::timers! {
    pub enum Timer {
        /// Parameter `chatter`: the next random event.
        Act,
        /// A waiting message can be accepted.
        Take,
    }
}

/// What a person may ask of a node.
#[derive(Clone, Debug, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    Local,
    Send { to: NodeId },
    Broadcast { text: String },
}

#[derive(Clone, Debug, Hash, Serialize)]
pub enum Reply {
    Done { clock: Clock },
    Refused { why: String },
}

/// One node.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Member {
    pub clock: Clock,
    /// Events so far.
    pub events: u64,
    /// The latest of them, oldest first.
    pub latest: Vec<StampedEvent>,
    /// How the latest message changed the clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merge: Option<Merge>,
    /// Messages sent so far; a broadcast is one.
    pub sent: u64,
    /// Broadcasts accepted from each node; for itself, broadcasts sent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub taken: Vec<u64>,
    /// Messages that have arrived and wait for their causes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<Letter>,
}

impl Process for Member {
    type Message = Message;
    type Timer = Timer;
    type Request = Request;
    type Reply = Reply;

    /// With Lamport's clock; vector clocks are made elsewhere.
    fn new(_me: NodeId, _settings: &Settings) -> Self {
        Self::with(Clock::Number(0))
    }

    fn on_start(&mut self, cx: &mut Context<Self>, _start: Start) {
        self.schedule_next_act(cx);
        self.check_held(cx);
    }

    fn on_message(&mut self, cx: &mut Context<Self>, _from: NodeId, message: Message) {
        let (Message::Data(letter) | Message::Broadcast(letter)) = message;
        if !causal::waits(cx) {
            return self.take(cx, letter);
        }
        match causal::standing(&letter, &self.taken, cx.me()) {
            Standing::Ready => self.take(cx, letter),
            Standing::Known => cx.mark(&marks::HAS_IT, letter.from),
            Standing::Lacks(of, number) => {
                let from = letter.from;
                cx.mark(&marks::HOLDS_BACK, (from, number, of));
                self.held.push(letter);
            }
        }
    }

    fn on_timer(&mut self, cx: &mut Context<Self>, timer: Timer) {
        match timer {
            Timer::Act => {
                self.act(cx);
                self.schedule_next_act(cx);
            }
            Timer::Take => {
                if let Some(at) = self.ready(cx) {
                    let letter = self.held.remove(at);
                    self.take(cx, letter);
                }
            }
        }
    }

    fn on_request(&mut self, cx: &mut Context<Self>, request: Request) {
        let operation = cx.operation();
        match request {
            Request::Local => self.local_event(cx),
            Request::Send { to } if cx.peers().any(|peer| peer == to) => self.send(cx, to),
            Request::Send { to } => {
                let why = format!(
                    "{} can send only to another node, and {to} is not one",
                    cx.me()
                );
                return answer(cx, operation, Reply::Refused { why });
            }
            Request::Broadcast { text } => self.broadcast(cx, text),
        }
        let clock = self.clock.clone();
        answer(cx, operation, Reply::Done { clock });
    }

    fn recover(&self, _cx: &mut Context<Self>) -> Self {
        self.clone()
    }

    fn end(reply: &Reply) -> End {
        match reply {
            Reply::Done { .. } => End::Ok,
            Reply::Refused { .. } => End::Failed,
        }
    }

    fn draw(&self, _settings: &Settings, to: &mut NodeFrame) {
        figures::draw(self, to);
    }

    fn word(message: &Message) -> Option<Word> {
        Some(figures::word(message))
    }

    fn glyph_override(message: &Message) -> Option<(Shape, &'static str)> {
        match message {
            Message::Data(letter) if letter.sent_as.is_some() => Some((Shape::Data, "≠")),
            Message::Broadcast(letter) if letter.sent_as.is_some() => Some((Shape::Announce, "≠")),
            _ => None,
        }
    }
}

fn answer(cx: &mut Context<Member>, operation: Option<Operation>, reply: Reply) {
    if let Some(operation) = operation {
        cx.reply(operation, reply);
    }
}

impl Member {
    pub fn with(clock: Clock) -> Self {
        Self {
            clock,
            events: 0,
            latest: Vec::new(),
            merge: None,
            sent: 0,
            taken: Vec::new(),
            held: Vec::new(),
        }
    }

    /// The clock ticks, and the event gets its new value.
    fn happens(&mut self, cx: &mut Context<Self>, what: EventKind, text: String) {
        self.clock.tick(cx.me());
        self.record_event(cx, what, text);
    }

    fn local_event(&mut self, cx: &mut Context<Self>) {
        self.happens(cx, EventKind::Local, String::new());
        cx.mark(&marks::LOCAL, self.clock.to_string());
    }

    fn record_event(&mut self, cx: &mut Context<Self>, what: EventKind, text: String) {
        vector::show_in_flight(cx, &self.clock);
        self.events += 1;
        if self.latest.len() == LATEST {
            self.latest.remove(0);
        }
        let (number, stamp) = (self.events, self.clock.clone());
        self.latest.push(StampedEvent {
            number,
            what,
            text,
            stamp,
        });
    }

    fn letter(&mut self, me: NodeId, text: String, broadcast: bool) -> Letter {
        self.sent += 1;
        Letter {
            stamp: self.clock.clone(),
            number: self.sent,
            text,
            after: self.taken.clone(),
            sent_as: None,
            from: me,
            broadcast,
        }
    }

    fn send(&mut self, cx: &mut Context<Self>, to: NodeId) {
        if cx.switch(&SEND_TICKS) {
            self.happens(cx, EventKind::Sends { to }, String::new());
        }
        let letter = self.letter(cx.me(), String::new(), false);
        cx.send(to, Message::Data(letter));
    }

    fn broadcast(&mut self, cx: &mut Context<Self>, text: String) {
        if cx.switch(&SEND_TICKS) {
            self.happens(cx, EventKind::Broadcasts, text.clone());
        }
        *vector::part(&mut self.taken, cx.me()) += 1;
        let letter = self.letter(cx.me(), text, true);
        cx.broadcast(Message::Broadcast(letter));
    }

    /// The rule for receiving: the larger of both clocks, plus one for the receipt itself.
    fn take(&mut self, cx: &mut Context<Self>, letter: Letter) {
        let own = self.clock.clone();
        if lamport::looks_at_messages(cx) {
            self.clock.raise_to(&letter.stamp);
        }
        let larger = self.clock.clone();
        self.clock.tick(cx.me());
        let Letter {
            from,
            number,
            text,
            stamp,
            ..
        } = letter;
        let after = self.clock.clone();
        let texts = [&own, &stamp, &larger, &after].map(Clock::to_string);
        let [mine, its, max, plus] = texts;
        cx.mark(&marks::TAKES, (from, mine, its, max, plus));
        self.merge = Some(Merge {
            from,
            own,
            message: stamp,
            larger,
            after,
        });
        if letter.broadcast {
            let count = letter.after.get(from.index()).copied().unwrap_or(0);
            let taken = vector::part(&mut self.taken, from);
            *taken = (*taken).max(count);
        }
        self.record_event(cx, EventKind::Takes { from, number }, text);
        self.check_held(cx);
    }

    /// A waiting message that can be accepted now.
    fn ready(&self, cx: &Context<Self>) -> Option<usize> {
        let lacks = |letter: &Letter| {
            matches!(
                causal::standing(letter, &self.taken, cx.me()),
                Standing::Lacks(..)
            )
        };
        self.held.iter().position(|letter| !lacks(letter))
    }

    fn check_held(&self, cx: &mut Context<Self>) {
        if self.ready(cx).is_some() {
            cx.set_timer(Timer::Take, Duration(0));
        }
    }
}
