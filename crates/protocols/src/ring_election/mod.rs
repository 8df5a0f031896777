//! Election on a ring: a number goes round, and only the largest comes back to its owner.
//!
//! **Problem.** One coordinator for a group, where a node can speak to its next neighbour only.
//!
//! **Idea.** Whoever starts sends its number to the next. A node that gets a larger number than its
//! own passes it on; one that gets a smaller one sends its own instead, or, if its own is on the way
//! already, swallows it. A node that gets its own number back is the highest: it leads, and a second
//! lap (ELECTED) tells everybody.
//!
//! **The subtle point.** To swallow is what saves messages: with all starting at once, n H(n) on
//! average instead of n². And it is why one lost message can stop everything: those who take part
//! swallow every later attempt of a smaller node, and wait for a number that nobody carries any more.
//!
//! **Beyond the paper.** It assumes that nothing is lost and nobody crashes. The switches add what is
//! missing: receipts, so that a silent neighbour is passed over; signs of life of the leader; and the
//! refusal to follow a smaller number.
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

use faultline_sim::frame::{NodeFrame, Shape};
use faultline_sim::process::{Belief, Context, NodeId, Process, Start};
use faultline_sim::settings::Settings;
use faultline_sim::sorted::SortedMap;
use faultline_sim::time::Duration;
use serde::Serialize;

use crate::elections::{LEADS, Request, STARTER, STARTS, Started, WILL_NOT_FOLLOW};
pub use descriptor::PROTOCOL;
use descriptor::{COMPARE, CONFIRM, DETECT, HEARTBEAT, ORDER, RECEIPTS, REFUSE_LOWER, SUSPECT};

/// The remark that counts a number which goes no further.

/// How many messages a node tells from their copies.
const REMEMBERED: usize = 32;

/// One node of the ring.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct RingElection {
    /// Its own number is on the way, or a larger one that it has passed on.
    participant: bool,
    leader: Option<NodeId>,
    /// How many messages it has sent; the name of the latest.
    sent: u64,
    /// Switch `receipts`: what is not confirmed yet, and to whom it went.
    open: SortedMap<u64, (NodeId, What)>,
    /// The same: what has come lately, from whom and under which name. A second copy is not passed on.
    seen: Vec<(NodeId, u64)>,
}

/// What goes round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum What {
    Election(NodeId),
    Elected(NodeId),
    Alive(NodeId),
}

impl What {
    /// Whose lap it is: there it ends.
    fn owner(self) -> NodeId {
        let (What::Election(number) | What::Elected(number) | What::Alive(number)) = self;
        number
    }
}

faultline_sim::messages! {
    /// What nodes tell their neighbour. `receipt` is the name under which it is to be confirmed.
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
        /// Switch `detect`: this leader lives.
        Alive {
            number: NodeId,
            #[serde(skip_serializing_if = "Option::is_none")]
            receipt: Option<u64>,
        } as "ALIVE" => Heartbeat "" "sends the leader's heartbeat",
        /// Switch `receipts`: it has arrived.
        Receipt { receipt: u64 } as "RECEIPT" => Ack "✓" "acknowledges the message",
    }
}

faultline_sim::timers! {
    /// What a node waits for.
    pub enum Timer {
        /// Parameter `starter`: this node begins.
        Begin,
        /// No receipt in time: the next but one gets it.
        Confirm { receipt: u64 },
        /// The leader shows that it lives.
        Beat,
        /// No sign of a leader, or no end of an election.
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
            // Behind the start of all nodes: those who start together do so before anything arrives.
            cx.set_timer(Timer::Begin, Duration(0));
        }
        self.watch(cx);
    }

    fn on_message(&mut self, cx: &mut Context<Self>, from: NodeId, message: Message) {
        let (what, receipt) = match message {
            Message::Election { number, receipt } => (What::Election(number), receipt),
            Message::Elected { number, receipt } => (What::Elected(number), receipt),
            Message::Alive { number, receipt } => (What::Alive(number), receipt),
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
        self.receive(cx, what);
    }

    fn on_timer(&mut self, cx: &mut Context<Self>, timer: Timer) {
        match timer {
            Timer::Begin => self.start(cx),
            Timer::Confirm { receipt } => {
                if let Some((silent, what)) = self.open.remove(&receipt) {
                    if what.owner() == silent {
                        // Nobody else would ever stop it.
                        return cx.mark(&marks::SILENT_OWNER, silent);
                    }
                    cx.mark(&marks::SKIPS, silent);
                    self.pass_on_behind(cx, silent, what);
                }
            }
            Timer::Beat if self.leader == Some(cx.me()) && cx.switch(&DETECT) => {
                self.pass_on(cx, What::Alive(cx.me()));
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

    /// The number that goes round stands in the picture.
    fn dress(message: &Message) -> Option<(Shape, &'static str)> {
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
        self.pass_on(cx, What::Election(cx.me()));
    }

    /// The leader is missed: an earlier attempt that came to nothing does not count.
    fn notice(&mut self, cx: &mut Context<Self>) {
        self.leader = None;
        cx.believe(Belief::Leader(None));
        self.start(cx);
    }

    fn receive(&mut self, cx: &mut Context<Self>, what: What) {
        match what {
            // Once: another copy of it has nothing to say any more.
            What::Election(number) if number == cx.me() => {
                if self.participant {
                    self.win(cx);
                }
            }
            What::Election(number) if number > cx.me() || !cx.switch(&COMPARE) => {
                self.participant = true;
                self.pass_on(cx, what);
            }
            What::Election(number) if self.participant => {
                cx.mark(&marks::SWALLOWS, number.0);
            }
            What::Election(_) => {
                self.participant = true;
                self.pass_on(cx, What::Election(cx.me()));
            }
            // The lap has come to its end.
            What::Elected(number) | What::Alive(number) if number == cx.me() => {}
            What::Elected(number) | What::Alive(number)
                if number < cx.me() && cx.switch(&REFUSE_LOWER) =>
            {
                if !self.participant {
                    cx.mark(&WILL_NOT_FOLLOW, number);
                    self.start(cx);
                }
            }
            What::Elected(number) => {
                self.follow(cx, number);
                self.pass_on(cx, what);
            }
            What::Alive(number) => {
                // Who leads is told by ELECTED; a sign of life may come from one who led before.
                if self.leader.is_none_or(|leader| leader <= number) {
                    self.follow(cx, number);
                    self.pass_on(cx, what);
                }
            }
        }
    }

    fn win(&mut self, cx: &mut Context<Self>) {
        cx.mark(&LEADS, ());
        self.follow(cx, cx.me());
        self.pass_on(cx, What::Elected(cx.me()));
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
            // Not all at once: whoever is first spares the others.
            let wait = cx.duration(&SUSPECT).0;
            let wait = Duration(cx.rng().between(wait, wait + wait / 2));
            cx.set_timer(Timer::Suspect, wait);
        }
    }

    fn pass_on(&mut self, cx: &mut Context<Self>, what: What) {
        self.pass_on_behind(cx, cx.me(), what);
    }

    /// Sends to the one behind `before` on the ring; past everybody, to oneself.
    fn pass_on_behind(&mut self, cx: &mut Context<Self>, before: NodeId, what: What) {
        let ring = ring(cx);
        if !ring.contains(&what.owner()) {
            return cx.mark(&marks::STOPS, what.owner());
        }
        let to = next(&ring, before);
        if to == cx.me() && before != cx.me() {
            // All others are silent: what would come round has come round.
            return self.receive(cx, what);
        }
        let receipt = (cx.switch(&RECEIPTS) && to != cx.me()).then(|| {
            self.sent += 1;
            let receipt = self.sent;
            self.open.insert(receipt, (to, what));
            cx.set_timer(Timer::Confirm { receipt }, cx.duration(&CONFIRM));
            receipt
        });
        let message = match what {
            What::Election(number) => Message::Election { number, receipt },
            What::Elected(number) => Message::Elected { number, receipt },
            What::Alive(number) => Message::Alive { number, receipt },
        };
        cx.send(to, message);
    }
}

/// All nodes this one was told of, in the order of the ring: first as the parameter has them, then by
/// number.
fn ring(cx: &Context<RingElection>) -> Vec<NodeId> {
    let order = cx.settings().nodes(&ORDER);
    let me = cx.me();
    let here = |id: NodeId| id == me || cx.peers().any(|peer| peer == id);
    let mut ring: Vec<NodeId> = Vec::new();
    for id in order.iter().copied().filter(|id| here(*id)) {
        if !ring.contains(&id) {
            ring.push(id);
        }
    }
    let below = cx.peers().filter(|id| *id < me);
    let above = cx.peers().filter(|id| *id > me);
    for id in below.chain([me]).chain(above) {
        if !ring.contains(&id) {
            ring.push(id);
        }
    }
    ring
}

/// The one behind a node on the ring; a node that is gone has none behind it but the first.
fn next(ring: &[NodeId], before: NodeId) -> NodeId {
    let at = ring.iter().position(|id| *id == before);
    let at = at.map_or(0, |at| (at + 1) % ring.len());
    ring[at]
}
