//! The bully algorithm: the live node with the highest number leads.
//!
//! **Problem.** A group needs one coordinator, and a new one when it crashes.
//!
//! **Idea.** A node that misses the leader sends ELECTION to all nodes with higher numbers. Each live
//! one answers OK, which means "leave it to me", and asks the nodes above itself. A node that hears no
//! OK before its timeout is the highest live node: it leads and announces itself.
//!
//! **The subtle point.** OK is only a promise. The node that sent it may crash before it leads, so the
//! asker must wait for the announcement and retry when none comes. Several askers ask the same node, so
//! that node must know that it is already taking part, or elections multiply: with `k` nodes above the
//! starter, 2^k of them instead of `k + 1`.
//!
//! **Three programs in one.** With all switches off and direct calls (preset `as-written`) this is the
//! curriculum's listing with its method names and its defects. The switches fix them one by one.
//! Preset `textbook` is the algorithm over an asynchronous network.
//!
//! **References.** Garcia-Molina, "Elections in a distributed computing system", IEEE Transactions on
//! Computers C-31(1), 1982, §III; Coulouris, Dollimore, Kindberg, Blair, *Distributed Systems* 5th ed.,
//! §15.3 (ELECTION, answer, COORDINATOR). Both assume a bound on message delay: if a message takes
//! longer than `timeout`, or the network splits, two nodes may lead at once.

mod descriptor;
mod figures;
mod marks;
mod one_leader;
mod program;
mod scenarios;
#[cfg(test)]
mod tests;

use faultline_sim::frame::{NodeFrame, Word};
use faultline_sim::process::{Belief, Context, NodeId, Process, Start};
use faultline_sim::settings::Settings;
use faultline_sim::time::{Duration, LocalTime};
use serde::Serialize;

use crate::elections::{IGNORES, LEADS, Request, STARTER, STARTS, Started, WILL_NOT_FOLLOW};
pub use descriptor::PROTOCOL;
use descriptor::{DETECT, GUARD, HEARTBEAT, LOWER_ONLY, SUSPECT, TERMS, TIMEOUT, TOP_FIRST, WAIT};

/// One node.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Bully {
    /// The node it believes to be the leader (`leaderId`).
    leader: Option<NodeId>,
    is_leader: bool,
    election_in_progress: bool,
    /// The election whose claim is armed (`timeout`).
    claim: Option<u32>,
    /// The same before this election's sends: an OK in a direct call can clear only that.
    claim_before: Option<u32>,
    /// Elections started here so far.
    elections: u32,
    /// How often it became the leader so far.
    claims: u32,
    /// Switch `terms`: the number of the latest election it knows. Survives a crash.
    term: u64,
    /// Switch `ask-highest-first`: who was asked last.
    asking: Option<NodeId>,
    /// Switch `guard`: when its latest election ended.
    ended: Option<LocalTime>,
}

faultline_sim::messages! {
    /// What nodes tell each other. `term` is 0 while terms are off.
    pub enum Message {
        Election {
            #[serde(skip_serializing_if = "is_zero")]
            term: u64,
        } as "ELECTION" => Election "E" "asks to take over",
        Ok {
            #[serde(skip_serializing_if = "is_zero")]
            term: u64,
        } as "OK" => Ack "OK" "tells that it will take over",
        /// The listing's announcement, to all others.
        Leader {
            #[serde(skip_serializing_if = "is_zero")]
            term: u64,
        } as "LEADER" => Announce "L" "tells that it is the leader",
        /// The textbook's announcement, to all lower numbers.
        Coordinator {
            #[serde(skip_serializing_if = "is_zero")]
            term: u64,
        } as "COORDINATOR" => Announce "C" "tells that it is the coordinator",
        Heartbeat {
            #[serde(skip_serializing_if = "is_zero")]
            term: u64,
        } as "HEARTBEAT" => Heartbeat "" "sends a heartbeat",
    }
}

// serde passes a reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(term: &u64) -> bool {
    *term == 0
}

faultline_sim::timers! {
    /// What a node waits for.
    pub enum Timer {
        /// Parameter `starter`: this node begins.
        Begin,
        /// No OK in time: lead.
        Claim(u32),
        /// Switch `wait`: no announcement in time: ask again.
        Wait,
        /// Switch `ask-highest-first`: no OK from the one asked: ask the next.
        Ask,
        /// Switch `detect`: the leader's next heartbeat.
        Beat,
        /// Switch `detect`: nothing heard from the leader.
        Suspect,
    }
}

impl Process for Bully {
    type Message = Message;
    type Timer = Timer;
    type Request = Request;
    type Reply = Started;

    fn new(_me: NodeId, _settings: &Settings) -> Self {
        Self {
            leader: None,
            is_leader: false,
            election_in_progress: false,
            claim: None,
            claim_before: None,
            elections: 0,
            claims: 0,
            term: 0,
            asking: None,
            ended: None,
        }
    }

    fn on_start(&mut self, cx: &mut Context<Self>, start: Start) {
        let comes_back = start == Start::Recovery && (cx.switch(&DETECT) || cx.switch(&LOWER_ONLY));
        let starts = start == Start::First && cx.settings().nodes(&STARTER).contains(&cx.me());
        if comes_back {
            self.start_fresh_election(cx);
        } else if starts {
            // After all nodes have started, so that no node is called before it exists.
            cx.set_timer(Timer::Begin, Duration(0));
        }
        self.watch_leader(cx);
    }

    fn on_message(&mut self, cx: &mut Context<Self>, from: NodeId, message: Message) {
        match message {
            Message::Election { term } => self.receive_election(cx, from, term),
            Message::Ok { term } => self.receive_ok(cx, term),
            Message::Leader { term } | Message::Coordinator { term } => {
                self.receive_leader(cx, from, term);
            }
            Message::Heartbeat { term } => self.receive_heartbeat(cx, from, term),
        }
    }

    fn on_timer(&mut self, cx: &mut Context<Self>, timer: Timer) {
        match timer {
            Timer::Begin => self.start_fresh_election(cx),
            Timer::Claim(election) => {
                if self.claim == Some(election) {
                    self.claim = None;
                }
                if self.election_in_progress {
                    self.become_leader(cx);
                }
            }
            Timer::Wait if self.election_in_progress => {
                cx.mark(&marks::ASKS_AGAIN, ());
                self.start_fresh_election(cx);
            }
            Timer::Ask if self.election_in_progress => self.ask_next(cx),
            Timer::Beat if self.is_leader && cx.switch(&DETECT) => self.beat(cx),
            Timer::Suspect if !self.is_leader && cx.switch(&DETECT) => {
                if self.election_in_progress {
                    self.watch_leader(cx);
                } else {
                    self.detect_leader_failure(cx);
                }
            }
            _ => {}
        }
    }

    fn on_request(&mut self, cx: &mut Context<Self>, request: Request) {
        match request {
            // `startElection()`
            Request::Start => self.start_fresh_election(cx),
            // `detectLeaderFailure()`
            Request::Notice => self.detect_leader_failure(cx),
        }
        if let Some(operation) = cx.operation() {
            cx.reply(operation, Started);
        }
    }

    fn recover(&self, cx: &mut Context<Self>) -> Self {
        let term = if cx.switch(&TERMS) { self.term } else { 0 };
        Self {
            term,
            elections: self.elections,
            claims: self.claims,
            ..Self::new(cx.me(), cx.settings())
        }
    }

    fn draw(&self, settings: &Settings, to: &mut NodeFrame) {
        figures::draw(self, settings, to);
    }

    fn word(message: &Message) -> Option<Word> {
        figures::word(message)
    }
}

impl Bully {
    /// An election that this node starts unasked: a new term.
    fn start_fresh_election(&mut self, cx: &mut Context<Self>) {
        if cx.switch(&TERMS) {
            self.term += 1;
        }
        self.start_election(cx);
    }

    fn start_election(&mut self, cx: &mut Context<Self>) {
        cx.mark(&STARTS, ());
        self.elections += 1;
        self.election_in_progress = true;
        self.asking = None;
        let higher: Vec<NodeId> = cx.peers().filter(|id| *id > cx.me()).collect();
        if higher.is_empty() {
            self.become_leader(cx);
        } else if cx.switch(&TOP_FIRST) {
            self.ask_next(cx);
        } else {
            cx.send_all(&higher, Message::Election { term: self.term });
            // The order of the listing: the timer is set behind the sends. In direct calls all OKs
            // have come by then, so they can clear only a timer that an earlier election left.
            self.claim_before = self.claim;
            self.claim = Some(self.elections);
            cx.set_timer(Timer::Claim(self.elections), cx.duration(&TIMEOUT));
        }
    }

    /// Asks the highest node that has not been asked in this election; if none is left, leads.
    fn ask_next(&mut self, cx: &mut Context<Self>) {
        let me = cx.me();
        let below = self.asking;
        let next = cx
            .peers()
            .rfind(|id| *id > me && below.is_none_or(|asked| *id < asked));
        match next {
            Some(next) => {
                self.asking = Some(next);
                cx.send(next, Message::Election { term: self.term });
                cx.set_timer(Timer::Ask, cx.duration(&TIMEOUT));
            }
            None => self.become_leader(cx),
        }
    }

    fn receive_election(&mut self, cx: &mut Context<Self>, from: NodeId, term: u64) {
        self.term = self.term.max(term);
        cx.send(from, Message::Ok { term: self.term });
        let takes_part = cx.switch(&GUARD) && self.took_part_recently(cx);
        if !self.election_in_progress && !takes_part {
            self.start_election(cx);
        }
    }

    /// Whether this ELECTION must belong to an election that the node has already been through.
    fn took_part_recently(&self, cx: &Context<Self>) -> bool {
        self.ended
            .is_some_and(|ended| cx.now().since(ended) < cx.duration(&TIMEOUT))
    }

    fn receive_ok(&mut self, cx: &mut Context<Self>, term: u64) {
        self.term = self.term.max(term);
        let armed = if cx.calls_directly() {
            &mut self.claim_before
        } else {
            &mut self.claim
        };
        if let Some(election) = armed.take() {
            cx.cancel_timer(&Timer::Claim(election));
        }
        cx.cancel_timer(&Timer::Ask);
        if !cx.switch(&WAIT) {
            self.election_in_progress = false;
            self.ended = Some(cx.now());
        } else if self.election_in_progress {
            cx.set_timer(Timer::Wait, wait_time(cx));
        }
    }

    fn become_leader(&mut self, cx: &mut Context<Self>) {
        cx.mark(&LEADS, ());
        self.claims += 1;
        self.is_leader = true;
        self.end_election(cx, cx.me());
        let term = self.term;
        if cx.switch(&LOWER_ONLY) {
            let lower: Vec<NodeId> = cx.peers().filter(|id| *id < cx.me()).collect();
            cx.send_all(&lower, Message::Coordinator { term });
        } else {
            cx.broadcast(Message::Leader { term });
        }
        if cx.switch(&DETECT) {
            cx.cancel_timer(&Timer::Suspect);
            cx.set_timer(Timer::Beat, cx.duration(&HEARTBEAT));
        }
    }

    fn receive_leader(&mut self, cx: &mut Context<Self>, from: NodeId, term: u64) {
        if cx.switch(&TERMS) && term < self.term {
            return cx.mark(&IGNORES, (from, term));
        }
        self.term = self.term.max(term);
        if cx.switch(&LOWER_ONLY) && from < cx.me() {
            cx.mark(&WILL_NOT_FOLLOW, from);
            return self.start_fresh_election(cx);
        }
        self.follow(cx, from);
    }

    fn follow(&mut self, cx: &mut Context<Self>, leader: NodeId) {
        self.is_leader = false;
        self.end_election(cx, leader);
        self.watch_leader(cx);
    }

    fn end_election(&mut self, cx: &mut Context<Self>, leader: NodeId) {
        self.leader = Some(leader);
        self.election_in_progress = false;
        self.ended = Some(cx.now());
        cx.believe(Belief::Leader(Some(leader)));
        // As written, timers keep running: only the flag makes them harmless.
        if cx.switch(&WAIT) {
            cx.cancel_timer(&Timer::Wait);
            cx.cancel_timer(&Timer::Ask);
            if let Some(election) = self.claim.take() {
                cx.cancel_timer(&Timer::Claim(election));
            }
        }
    }

    fn detect_leader_failure(&mut self, cx: &mut Context<Self>) {
        cx.mark(&marks::DETECTS, ());
        self.leader = None;
        cx.believe(Belief::Leader(None));
        self.start_fresh_election(cx);
        self.watch_leader(cx);
    }

    // Switch `detect` ---------------------------------------------------------------------------

    fn watch_leader(&self, cx: &mut Context<Self>) {
        if cx.switch(&DETECT) && !self.is_leader {
            cx.set_timer(Timer::Suspect, cx.duration(&SUSPECT));
        }
    }

    fn beat(&self, cx: &mut Context<Self>) {
        cx.broadcast(Message::Heartbeat { term: self.term });
        cx.set_timer(Timer::Beat, cx.duration(&HEARTBEAT));
    }

    fn receive_heartbeat(&mut self, cx: &mut Context<Self>, from: NodeId, term: u64) {
        if cx.switch(&TERMS) && term < self.term {
            return;
        }
        self.term = self.term.max(term);
        if from < cx.me() {
            // A lower node leads while this node lives: bully it.
            if !self.election_in_progress && !self.took_part_recently(cx) {
                self.start_fresh_election(cx);
            }
        } else if self.leader == Some(from) && !self.election_in_progress {
            self.watch_leader(cx);
        } else if self.is_leader || self.leader.is_none_or(|leader| leader <= from) {
            self.follow(cx, from);
        }
    }
}

/// How long an asker that heard OK waits for the announcement: the OK's sender may itself have to
/// wait one timeout for answers from above.
fn wait_time(cx: &Context<Bully>) -> Duration {
    Duration(cx.duration(&TIMEOUT).0 * 2)
}
