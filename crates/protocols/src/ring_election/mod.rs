//! Election on a ring: numbers travel round, and only the largest comes back to its owner.
//!
//! **Problem.** A group needs one coordinator, and a node can send only to its next neighbour.
//!
//! **Idea.** A node that starts sends its number to the next one. A node that gets a larger number
//! than its own passes it on. A node that gets a smaller number sends its own instead, or discards the
//! smaller one if its own is already on its way. A node that gets its own number back is the highest:
//! it leads, and a second lap (ELECTED) tells all nodes.
//!
//! **The subtle point.** Discarding saves messages: if all start at once, n H(n) on average instead of
//! n². It is also why one lost message can stop everything: the participants discard every later
//! attempt of a smaller node, and wait for a number that no message carries any more.
//!
//! **Beyond the paper.** It assumes that no message is lost and no node crashes. The switches add what
//! is missing: acknowledgements, so that a silent neighbour is skipped; heartbeats of the leader; and
//! the refusal to follow a smaller number.
//!
//! **References.** Chang and Roberts, "An improved algorithm for decentralized extrema-finding in
//! circular configurations of processes", CACM 22(5), 1979; Coulouris, Dollimore, Kindberg, Blair,
//! *Distributed Systems* 5th ed., §15.3 (participants, the lap of ELECTED).

mod descriptor;
mod figures;
mod marks;
mod scenarios;
#[cfg(test)]
mod tests;

use faultline_sim::frame::{NodeFrame, Shape, Word};
use faultline_sim::process::{Belief, Context, NodeId, Process, Start};
use faultline_sim::settings::Settings;
use faultline_sim::sorted::SortedMap;
use faultline_sim::time::Duration;
use serde::Serialize;

use crate::elections::{LEADS, Request, STARTER, STARTS, Started, WILL_NOT_FOLLOW};
pub use descriptor::PROTOCOL;
use descriptor::{COMPARE, CONFIRM, DETECT, HEARTBEAT, ORDER, RECEIPTS, REFUSE_LOWER, SUSPECT};

/// How many recent messages a node remembers, to recognize duplicates.
const REMEMBERED: usize = 32;

/// One node of the ring.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct RingElection {
    /// Its own number is on its way, or a larger one that it has passed on.
    participant: bool,
    leader: Option<NodeId>,
    /// How many messages it has sent; the name of the latest.
    sent: u64,
    /// Switch `receipts`: messages not acknowledged yet, and their receivers.
    open: SortedMap<u64, (NodeId, Token)>,
    /// Switch `receipts`: sender and number of recent messages. A duplicate is not passed on.
    seen: Vec<(NodeId, u64)>,
}

/// What travels round the ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Token {
    Election(NodeId),
    Elected(NodeId),
    Alive(NodeId),
}

impl Token {
    /// The node where the lap ends.
    fn owner(self) -> NodeId {
        let (Token::Election(number) | Token::Elected(number) | Token::Alive(number)) = self;
        number
    }
}

faultline_sim::messages! {
    /// What nodes send to their neighbour. `receipt` is the number that the acknowledgement repeats.
    pub enum Message {
        /// This number wants to lead.
        Election {
            number: NodeId,
            #[serde(skip_serializing_if = "Option::is_none")]
            receipt: Option<u64>,
        } as "ELECTION" => Control "E" "sends a candidate's number",
        /// This number has won.
        Elected {
            number: NodeId,
            #[serde(skip_serializing_if = "Option::is_none")]
            receipt: Option<u64>,
        } as "ELECTED" => Announce "L" "tells who leads",
        /// Switch `detect`: the leader's heartbeat.
        Alive {
            number: NodeId,
            #[serde(skip_serializing_if = "Option::is_none")]
            receipt: Option<u64>,
        } as "ALIVE" => Heartbeat "" "sends the leader's heartbeat",
        /// Switch `receipts`: acknowledges a message.
        Receipt { receipt: u64 } as "RECEIPT" => Ack "✓" "acknowledges the message",
    }
}

faultline_sim::timers! {
    /// What a node waits for.
    pub enum Timer {
        /// Parameter `starter`: this node begins.
        Begin,
        /// No acknowledgement in time: the next node on the ring gets the message.
        Confirm { receipt: u64 },
        /// The leader's next heartbeat.
        Beat,
        /// No heartbeat, or an election that does not end.
        Suspect,
    }
}

impl Process for RingElection {
    type Message = Message;
    type Timer = Timer;
    type Request = Request;
    type Reply = Started;

    fn new(_me: NodeId, _settings: &Settings) -> Self {
        Self {
            participant: false,
            leader: None,
            sent: 0,
            open: SortedMap::new(),
            seen: Vec::new(),
        }
    }

    fn on_start(&mut self, cx: &mut Context<Self>, start: Start) {
        let starts = start == Start::First && cx.settings().nodes(&STARTER).contains(&cx.me());
        if starts || start == Start::Recovery && cx.switch(&DETECT) {
            // After all nodes have started: nodes that start together send before anything arrives.
            cx.set_timer(Timer::Begin, Duration(0));
        }
        self.watch(cx);
    }

    fn on_message(&mut self, cx: &mut Context<Self>, from: NodeId, message: Message) {
        let (token, receipt) = match message {
            Message::Election { number, receipt } => (Token::Election(number), receipt),
            Message::Elected { number, receipt } => (Token::Elected(number), receipt),
            Message::Alive { number, receipt } => (Token::Alive(number), receipt),
            Message::Receipt { receipt } => {
                if self.open.get(&receipt).is_some_and(|(to, _)| *to == from) {
                    self.open.remove(&receipt);
                    cx.cancel_timer(&Timer::Confirm { receipt });
                }
                return;
            }
        };
        if let Some(receipt) = receipt {
            cx.send(from, Message::Receipt { receipt });
            if self.seen.contains(&(from, receipt)) {
                return;
            }
            if self.seen.len() == REMEMBERED {
                self.seen.remove(0);
            }
            self.seen.push((from, receipt));
        }
        self.receive(cx, token);
    }

    fn on_timer(&mut self, cx: &mut Context<Self>, timer: Timer) {
        match timer {
            Timer::Begin => self.start(cx),
            Timer::Confirm { receipt } => {
                if let Some((silent, token)) = self.open.remove(&receipt) {
                    if token.owner() == silent {
                        // No other node would ever stop this number.
                        return cx.mark(&marks::SILENT_OWNER, silent);
                    }
                    cx.mark(&marks::SKIPS, silent);
                    self.pass_on_after(cx, silent, token);
                }
            }
            Timer::Beat if self.leader == Some(cx.me()) && cx.switch(&DETECT) => {
                self.pass_on(cx, Token::Alive(cx.me()));
                cx.set_timer(Timer::Beat, cx.duration(&HEARTBEAT));
            }
            Timer::Suspect if self.leader != Some(cx.me()) && cx.switch(&DETECT) => {
                cx.mark(&marks::HEARS_NO_LEADER, ());
                self.notice(cx);
            }
            Timer::Beat | Timer::Suspect => {}
        }
    }

    fn on_request(&mut self, cx: &mut Context<Self>, request: Request) {
        match request {
            Request::Start => self.start(cx),
            Request::Notice => self.notice(cx),
        }
        if let Some(operation) = cx.operation() {
            cx.reply(operation, Started);
        }
    }

    fn recover(&self, cx: &mut Context<Self>) -> Self {
        Self {
            sent: self.sent,
            ..Self::new(cx.me(), cx.settings())
        }
    }

    fn draw(&self, _settings: &Settings, to: &mut NodeFrame) {
        figures::draw(self, to);
    }

    fn word(message: &Message) -> Option<Word> {
        figures::word(message)
    }

    /// The picture shows the number that travels round.
    fn glyph_override(message: &Message) -> Option<(Shape, &'static str)> {
        let (shape, number) = match message {
            Message::Election { number, .. } => (Shape::Control, number),
            Message::Elected { number, .. } => (Shape::Announce, number),
            Message::Alive { .. } | Message::Receipt { .. } => return None,
        };
        let word = figures::NUMBERS.get(number.0 as usize)?;
        Some((shape, *word))
    }
}

impl RingElection {
    fn start(&mut self, cx: &mut Context<Self>) {
        cx.mark(&STARTS, ());
        self.participant = true;
        self.watch(cx);
        self.pass_on(cx, Token::Election(cx.me()));
    }

    /// The leader is missing. An earlier attempt that failed does not count.
    fn notice(&mut self, cx: &mut Context<Self>) {
        self.leader = None;
        cx.believe(Belief::Leader(None));
        self.start(cx);
    }

    fn receive(&mut self, cx: &mut Context<Self>, token: Token) {
        match token {
            // Only once: a duplicate changes nothing.
            Token::Election(number) if number == cx.me() => {
                if self.participant {
                    self.win(cx);
                }
            }
            Token::Election(number) if number > cx.me() || !cx.switch(&COMPARE) => {
                self.participant = true;
                self.pass_on(cx, token);
            }
            Token::Election(number) if self.participant => {
                cx.mark(&marks::SWALLOWS, number.0);
            }
            Token::Election(_) => {
                self.participant = true;
                self.pass_on(cx, Token::Election(cx.me()));
            }
            // The lap ends here.
            Token::Elected(number) | Token::Alive(number) if number == cx.me() => {}
            Token::Elected(number) | Token::Alive(number)
                if number < cx.me() && cx.switch(&REFUSE_LOWER) =>
            {
                if !self.participant {
                    cx.mark(&WILL_NOT_FOLLOW, number);
                    self.start(cx);
                }
            }
            Token::Elected(number) => {
                self.follow(cx, number);
                self.pass_on(cx, token);
            }
            Token::Alive(number) => {
                // ELECTED tells who leads. A heartbeat may come from an earlier leader.
                if self.leader.is_none_or(|leader| leader <= number) {
                    self.follow(cx, number);
                    self.pass_on(cx, token);
                }
            }
        }
    }

    fn win(&mut self, cx: &mut Context<Self>) {
        cx.mark(&LEADS, ());
        self.follow(cx, cx.me());
        self.pass_on(cx, Token::Elected(cx.me()));
        if cx.switch(&DETECT) {
            cx.cancel_timer(&Timer::Suspect);
            cx.set_timer(Timer::Beat, cx.duration(&HEARTBEAT));
        }
    }

    fn follow(&mut self, cx: &mut Context<Self>, leader: NodeId) {
        self.participant = false;
        self.leader = Some(leader);
        cx.believe(Belief::Leader(Some(leader)));
        self.watch(cx);
    }

    fn watch(&self, cx: &mut Context<Self>) {
        if cx.switch(&DETECT) && self.leader != Some(cx.me()) {
            // Random, so that the first node to time out spares the others an election.
            let wait = cx.duration(&SUSPECT).0;
            let wait = Duration(cx.rng().between(wait, wait + wait / 2));
            cx.set_timer(Timer::Suspect, wait);
        }
    }

    fn pass_on(&mut self, cx: &mut Context<Self>, token: Token) {
        self.pass_on_after(cx, cx.me(), token);
    }

    /// Sends to the node after `before` on the ring, or to itself if no other is left.
    fn pass_on_after(&mut self, cx: &mut Context<Self>, before: NodeId, token: Token) {
        let ring = ring(cx);
        if !ring.contains(&token.owner()) {
            return cx.mark(&marks::STOPS, token.owner());
        }
        let to = next(&ring, before);
        if to == cx.me() && before != cx.me() {
            // All others are silent: the message has gone round.
            return self.receive(cx, token);
        }
        let receipt = (cx.switch(&RECEIPTS) && to != cx.me()).then(|| {
            self.sent += 1;
            let receipt = self.sent;
            self.open.insert(receipt, (to, token));
            cx.set_timer(Timer::Confirm { receipt }, cx.duration(&CONFIRM));
            receipt
        });
        let message = match token {
            Token::Election(number) => Message::Election { number, receipt },
            Token::Elected(number) => Message::Elected { number, receipt },
            Token::Alive(number) => Message::Alive { number, receipt },
        };
        cx.send(to, message);
    }
}

/// All known nodes in ring order: first those of parameter `order`, then the rest by number.
fn ring(cx: &Context<RingElection>) -> Vec<NodeId> {
    let me = cx.me();
    let below = cx.peers().filter(|id| *id < me);
    let above = cx.peers().filter(|id| *id > me);
    let all: Vec<NodeId> = below.chain([me]).chain(above).collect();
    ordered(cx.settings(), &all)
}

/// These nodes, given by number, in ring order.
fn ordered(settings: &Settings, by_number: &[NodeId]) -> Vec<NodeId> {
    let order = settings.nodes(&ORDER);
    let first = order.iter().filter(|id| by_number.contains(id));
    let mut ring: Vec<NodeId> = Vec::new();
    for id in first.chain(by_number) {
        if !ring.contains(id) {
            ring.push(*id);
        }
    }
    ring
}

/// The node after `before` on the ring; the first node if `before` has left.
fn next(ring: &[NodeId], before: NodeId) -> NodeId {
    let at = ring.iter().position(|id| *id == before);
    let at = at.map_or(0, |at| (at + 1) % ring.len());
    ring[at]
}
