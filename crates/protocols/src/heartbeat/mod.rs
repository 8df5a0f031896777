//! Heartbeats: a node tells its peers that it lives, and who is silent for too long is declared failed.
//!
//! **Problem.** Nodes crash without a word. The others must notice, soon and without mistakes. All they have
//! is silence, and a slow network is silent, too.
//!
//! **Idea.** Every node sends `HEARTBEAT` to its peers at a fixed rate. A check, at a rate of its own, looks
//! for how long each peer has been silent. Chandra and Toueg (\[CT\]) name the two things to want:
//! *completeness*, that each crashed node is suspected in the end, and *accuracy*, that no live one is.
//! With crashes and an unbounded network nobody can have both at once, so each detector is a choice.
//!
//! **The subtle point.** A timeout is that choice as one number. The level of a silence, on a scale, leaves
//! it open: missed heartbeats, or phi, which says how unlikely the silence is (\[HDYK\]). The past of a link
//! says what its silence is worth: the timeout is the mean of the gaps and some deviations, or Jacobson's
//! two running numbers (\[J\]).
//!
//! **Belief and verdict.** One observer cannot tell a dead peer from a dead link. With `quorum`, heartbeats
//! carry whom their sender suspects, and only a majority of all nodes makes a verdict. One cut link then
//! fools one observer and no more. The price: without a majority of live observers there is no verdict.
//!
//! **As written.** The listing compares with a strict `>` at each check, so a crash is noticed later than
//! the timeout and at most a check later. It checks only peers that it has heard once: a peer that is down
//! from the start is never suspected. A "failed" node only stops sending; it still checks and receives.
//!
//! **What survives a crash.** Nothing: a node that comes back watches from then on.
//!
//! **References.** Chandra and Toueg, "Unreliable Failure Detectors for Reliable Distributed Systems", JACM
//! 43(2), 1996 (\[CT\]); Hayashibara, Défago, Yared and Katayama, "The φ Accrual Failure Detector", SRDS 2004
//! (\[HDYK\]); Jacobson, "Congestion Avoidance and Control", SIGCOMM 1988 (\[J\]).

mod descriptor;
mod figures;
mod invariants;
mod judge;
mod marks;
mod probes;
mod program;
mod scenarios;
mod skins;
#[cfg(test)]
mod tests;
mod truth;
mod verdict;

use std::rc::Rc;

use faultline_sim::frame::{NodeFrame, Word};
use faultline_sim::process::{Context, NodeId, Opinion, Process, Start};
use faultline_sim::settings::{Real, Settings};
use faultline_sim::sorted::SortedMap;
use faultline_sim::time::Duration;
use serde::{Deserialize, Serialize};

use crate::parts::arrivals::{Arrivals, Smoothed};
use crate::parts::detector::Detector;
use crate::parts::trails::Trails;
pub use descriptor::PROTOCOL;
use descriptor::{CHECK, FROM_START, HEARTBEAT, SPREAD, STOPS_AFTER, TOPOLOGY, WINDOW};
use judge::{Judge, Past};

/// One node, which watches its peers and is watched by them.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Watcher {
    /// `heartbeatInterval` is set.
    pub sending: bool,
    /// `checkInterval` is set.
    pub checking: bool,
    /// `lastHeartbeat`, and whom this node suspects by itself.
    #[serde(flatten)]
    pub detector: Detector,
    /// The past of each peer, for detectors that look at it.
    pub arrivals: SortedMap<NodeId, Arrivals>,
    pub smoothed: SortedMap<NodeId, Smoothed>,
    /// What was measured of each peer lately, for the curves.
    #[serde(skip)]
    pub trails: Trails,
    /// The levels at the latest check: only from half of what makes a suspicion on.
    pub levels: SortedMap<NodeId, Real>,
    /// Whom others suspect, by their latest heartbeats; who suspects nobody is left out.
    pub reports: SortedMap<NodeId, Rc<Vec<NodeId>>>,
    /// `alive`: only of peers that are not believed to be.
    pub beliefs: SortedMap<NodeId, Opinion>,
    /// Where the work of a failed node has gone.
    pub moved: SortedMap<NodeId, Option<NodeId>>,
}

faultline_sim::messages! {
    pub enum Message {
        /// `receiveHeartbeat`. With `quorum` it says whom the sender suspects.
        Heartbeat { suspects: Rc<Vec<NodeId>> } as "HEARTBEAT" => Heartbeat "" "sends a heartbeat",
    }
}

faultline_sim::timers! {
    pub enum Timer {
        /// `heartbeatInterval`
        Heartbeat,
        /// `checkInterval`
        Check,
        /// The work of this node goes elsewhere.
        Evict { node: NodeId },
        /// Parameter `stops`.
        Stop,
    }
}

/// What a person may ask of a node.
#[derive(Clone, Copy, Debug, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    Start,
    Stop,
    SimulateFailure,
    SimulateRecovery,
}

#[derive(Clone, Debug, Hash, Serialize)]
pub enum Reply {
    Done,
}

impl Process for Watcher {
    type Message = Message;
    type Timer = Timer;
    type Request = Request;
    type Reply = Reply;

    fn new(_me: NodeId, _settings: &Settings) -> Self {
        Self {
            sending: false,
            checking: false,
            detector: Detector::default(),
            arrivals: SortedMap::new(),
            smoothed: SortedMap::new(),
            trails: Trails::default(),
            levels: SortedMap::new(),
            reports: SortedMap::new(),
            beliefs: SortedMap::new(),
            moved: SortedMap::new(),
        }
    }

    fn on_start(&mut self, cx: &mut Context<Self>, start: Start) {
        self.detector.watch(watched(cx), cx.now());
        self.start(cx);
        let stops = cx.duration(&STOPS_AFTER);
        if stops > Duration(0) && cx.me() == NodeId(2) && start == Start::First {
            let late = cx.rng().below(Duration::seconds(2).0);
            cx.set_timer(Timer::Stop, stops + Duration(late));
        }
    }

    fn on_message(&mut self, cx: &mut Context<Self>, from: NodeId, message: Message) {
        let Message::Heartbeat { suspects } = message;
        self.receive_heartbeat(cx, from, suspects);
    }

    fn on_timer(&mut self, cx: &mut Context<Self>, timer: Timer) {
        match timer {
            Timer::Heartbeat => {
                cx.set_timer(Timer::Heartbeat, cx.duration(&HEARTBEAT));
                self.send_heartbeats(cx);
            }
            Timer::Check => {
                cx.set_timer(Timer::Check, cx.duration(&CHECK));
                self.check_failures(cx);
            }
            Timer::Evict { node } => self.evict(cx, node),
            Timer::Stop => self.simulate_failure(cx),
        }
    }

    fn on_request(&mut self, cx: &mut Context<Self>, request: Request) {
        match request {
            Request::Start => self.start(cx),
            Request::Stop => {
                self.simulate_failure(cx);
                self.checking = false;
                cx.cancel_timer(&Timer::Check);
            }
            Request::SimulateFailure => self.simulate_failure(cx),
            Request::SimulateRecovery => self.simulate_recovery(cx),
        }
        if let Some(operation) = cx.operation() {
            cx.reply(operation, Reply::Done);
        }
    }

    fn recover(&self, cx: &mut Context<Self>) -> Self {
        Self::new(cx.me(), cx.settings())
    }

    fn draw(&self, settings: &Settings, to: &mut NodeFrame) {
        figures::draw(self, settings, to);
    }

    fn word(message: &Message) -> Option<Word> {
        figures::word(message)
    }
}

impl Watcher {
    /// `start`: the first heartbeat leaves after one interval, and the first check follows after its own.
    fn start(&mut self, cx: &mut Context<Self>) {
        (self.sending, self.checking) = (true, true);
        for (timer, every) in [(Timer::Heartbeat, &HEARTBEAT), (Timer::Check, &CHECK)] {
            let mut first = cx.duration(every);
            if cx.switch(&SPREAD) {
                first = Duration(cx.rng().between(1, first.0.max(1)));
            }
            cx.set_timer(timer, first);
        }
    }

    /// `sendHeartbeats`
    fn send_heartbeats(&self, cx: &mut Context<Self>) {
        let to = receivers(cx);
        let suspects = Rc::new(self.report(cx));
        cx.send_all(&to, Message::Heartbeat { suspects });
    }

    /// `receiveHeartbeat`
    fn receive_heartbeat(
        &mut self,
        cx: &mut Context<Self>,
        from: NodeId,
        suspects: Rc<Vec<NodeId>>,
    ) {
        if !watches(cx, from) {
            return;
        }
        self.note_silence(cx, from);
        let usual = self.detector.opinion(from) == Opinion::Alive;
        self.note_arrival(cx, from, usual);
        self.detector.hear(from, cx.now());
        self.levels.remove(&from);
        self.take_report(from, suspects);
        self.decide(cx);
    }

    /// A gap in which the peer was suspected is no usual gap: Akka leaves it out, too.
    fn note_arrival(&mut self, cx: &Context<Self>, from: NodeId, usual: bool) {
        if !Judge::of(cx).remembers() {
            return;
        }
        let expecting = || Arrivals::expecting(cx.duration(&HEARTBEAT));
        let arrivals = self.arrivals.entry(from).or_insert_with(expecting);
        if !usual {
            arrivals.restart();
        }
        if let Some(gap) = arrivals.arrive(cx.now(), cx.count(&WINDOW)) {
            self.smoothed.entry(from).or_default().take(gap);
        }
    }

    /// The silence that this heartbeat ends, for the curve: up to its length, then down to nothing.
    fn note_silence(&mut self, cx: &Context<Self>, from: NodeId) {
        let (Some(heard), true) = (self.detector.heard.get(&from), drawn(&self.detector)) else {
            return;
        };
        let (judge, now) = (Judge::of(cx), cx.now());
        for silence in [now.since(*heard), Duration(0)] {
            let past = Past {
                arrivals: self.arrivals.get(&from),
                smoothed: self.smoothed.get(&from),
            };
            self.trails.note(from, now, judge.measured(silence, past));
        }
    }

    /// `checkFailures`
    fn check_failures(&mut self, cx: &mut Context<Self>) {
        let now = cx.now();
        self.forget_others(cx);
        let (judge, from_start) = (Judge::of(cx), cx.switch(&FROM_START));
        let Self {
            detector,
            arrivals,
            smoothed,
            trails,
            ..
        } = self;
        let drawn = drawn(detector);
        let unheard = detector.unheard.clone();
        let mut levels = SortedMap::new();
        let news = detector.judge_by(now, |peer, silence| {
            if unheard.contains(&peer) && !from_start {
                return None;
            }
            let past = Past {
                arrivals: arrivals.get(&peer),
                smoothed: smoothed.get(&peer),
            };
            if drawn {
                trails.note(peer, now, judge.measured(silence, past));
            }
            let level = judge.level(silence, past);
            if level.value >= level.limit / 2.0 {
                levels.insert(peer, Real(level.value));
            }
            level.suspicious.then_some(Opinion::Suspected)
        });
        self.levels = levels;
        self.tell_suspicions(cx, &news);
        self.decide(cx);
    }

    /// `simulateFailure`: it only stops sending.
    fn simulate_failure(&mut self, cx: &mut Context<Self>) {
        if std::mem::take(&mut self.sending) {
            cx.mark(&marks::STOPS, ());
        }
        cx.cancel_timer(&Timer::Heartbeat);
    }

    /// `simulateRecovery`
    fn simulate_recovery(&mut self, cx: &mut Context<Self>) {
        if !std::mem::replace(&mut self.sending, true) {
            cx.mark(&marks::RESUMES, ());
        }
        cx.set_timer(Timer::Heartbeat, cx.duration(&HEARTBEAT));
    }
}

/// Whether only node 1 watches, and all others report to it.
fn central(settings: &Settings) -> bool {
    settings.choice(&TOPOLOGY) == "central"
}

/// Curves of all pairs of many nodes would weigh more than all the rest of a run.
fn drawn(detector: &Detector) -> bool {
    detector.heard.len() < 20
}

const CENTRE: NodeId = NodeId(1);

/// Whether `me` takes heartbeats of `peer` for its own business.
fn watches(cx: &Context<Watcher>, peer: NodeId) -> bool {
    peer != cx.me() && (!central(cx.settings()) || cx.me() == CENTRE)
}

/// The peers that this node watches.
fn watched(cx: &Context<Watcher>) -> Vec<NodeId> {
    cx.peers().filter(|peer| watches(cx, *peer)).collect()
}

/// Who gets this node's heartbeats.
fn receivers(cx: &Context<Watcher>) -> Vec<NodeId> {
    let all = !central(cx.settings());
    cx.peers().filter(|peer| all || *peer == CENTRE).collect()
}
