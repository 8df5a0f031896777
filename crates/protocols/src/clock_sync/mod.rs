//! Clock synchronization: clocks that run wrong are set by messages that take an unknown time.
//!
//! **Problem.** A quartz clock gains or loses some seconds a day, and no two do it alike. Programs on several
//! machines want one time. Any answer to "what time is it?" is old when it arrives, and nobody knows how old.
//!
//! **Idea.** Ask, and measure with one's own clock how long question and answer took together. *Cristian*
//! (\[C\]): a client takes the answer to be half the round trip old. *NTP* (\[RFC\]): four timestamps take the
//! server's own work out of that, and of the eight latest samples the one with the shortest round trip counts.
//! *Berkeley* (\[GZ\]): nobody knows the right time; a master asks all clocks, averages those that agree, and
//! tells each by how much to change.
//!
//! **The subtle point.** Only the sum of the two ways can be measured, never how it divides. So no answer is
//! better than give or take half the round trip; a path that is slow in one direction puts the clock off by
//! half the difference, and nothing in the timestamps shows it. An honest clock says how far off it may be,
//! and this doubt grows until the next answer, as the clock drifts.
//!
//! **Correcting.** A clock that is ahead must not jump back: a program would measure a negative time. It runs
//! slower until it is right (`adjtime` in \[GZ\]; NTP slews what is small and steps beyond 128 ms, also back).
//!
//! **What survives a crash.** The correction, with its doubt: it is set into the clock that the battery keeps.
//!
//! **References.** Cristian, "Probabilistic clock synchronization", Distributed Computing 3, 1989 (\[C\]);
//! Gusella and Zatti, "The accuracy of the clock synchronization achieved by TEMPO in Berkeley UNIX 4.3BSD",
//! IEEE Transactions on Software Engineering 15(7), 1989 (\[GZ\]); Mills et al., RFC 5905, 2010 (\[RFC\]).

mod berkeley;
mod captions;
mod client;
mod descriptor;
mod exchange;
mod figures;
mod invariants;
mod marks;
mod probes;
mod scenarios;
mod soft_clock;
#[cfg(test)]
mod tests;

use faultline_sim::frame::{NodeFrame, Word};
use faultline_sim::history::End;
use faultline_sim::process::{Context, NodeId, Process, Start};
use faultline_sim::settings::Settings;
use faultline_sim::sorted::SortedMap;
use faultline_sim::time::{Duration, LocalTime};
use serde::{Deserialize, Serialize};

use crate::parts::trails::Trails;
use berkeley::{Answered, Compared};
pub use descriptor::PROTOCOL;
use descriptor::{METHOD, POLL, WORK};
use exchange::Sample;
pub use exchange::{Estimate, Exchange};
use soft_clock::{Rules, SoftClock};

/// The time server of Cristian and NTP, and Berkeley's master.
pub const SERVER: NodeId = NodeId(1);
/// Node 2 asks this long after its start, node 3 after twice that, and so on: one exchange at a time can be watched.
const FIRST: Duration = Duration::millis(100);

/// A node with a clock, whatever its part in the method.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Timekeeper {
    /// What programs on this node read.
    pub clock: SoftClock,
    /// A client: T1 of the question that has no answer yet.
    pub asked: Option<i64>,
    /// A client: its latest exchange, and what that says.
    pub latest: Option<(Exchange, Estimate)>,
    /// A client: the clock filter, the latest sample last.
    pub samples: Vec<Sample>,
    /// A client: when it asked for the sample that its clock follows.
    pub follows: Option<LocalTime>,
    /// The master: the round that is under way, by the instant at which it began.
    pub asking: Option<LocalTime>,
    /// The master: how far each clock was off its own in this round.
    pub compared: SortedMap<NodeId, Compared>,
    /// Berkeley: the latest round whose average this clock has taken.
    pub round: Option<LocalTime>,
    /// A client of the master: what it answered in the latest round.
    pub answered: Option<Answered>,
    /// The program on this node: what its clock showed when the present piece of work began.
    pub began: Option<i64>,
    /// The program: how long the last piece of work took, in microseconds, by its clock.
    pub measured: Option<i64>,
    /// What was measured lately, for the curve.
    #[serde(skip)]
    pub trails: Trails,
}

faultline_sim::messages! {
    pub enum Message {
        /// What time is it? With the client's own time (T1).
        Ask { t1: i64 } => Request "?" "asks for the time",
        /// It came at T2 and is answered at T3; Cristian's client looks only at T3.
        Tell { t1: i64, t2: i64, t3: i64 } => Ack "T" "tells its time",
        /// Berkeley: what does your clock show?
        Poll { round: LocalTime } => Control "?" "asks what the clock shows",
        Show { round: LocalTime, time: i64 } => Data "T" "shows its time",
        /// Change your clock by so much from what you showed; it is off the average by at most `doubt` then.
        Adjust { round: LocalTime, by: i64, doubt: u64 } => Announce "±" "says by how much to change",
    }
}

faultline_sim::timers! {
    pub enum Timer {
        /// It is time to synchronize again.
        Poll,
        /// The server has worked on a question for so long.
        Tell { to: NodeId, t1: i64, t2: i64 },
        /// The master has waited long enough for answers.
        Average { round: LocalTime },
        /// The program's piece of work is done.
        Work,
    }
}

/// What a person may ask of a node.
#[derive(Clone, Copy, Debug, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// Now, and not only when it is time again.
    Synchronize,
}

#[derive(Clone, Debug, Hash, Serialize)]
pub enum Reply {
    Asked,
    /// With this method, other nodes ask.
    NotMine,
}

impl Process for Timekeeper {
    type Message = Message;
    type Timer = Timer;
    type Request = Request;
    type Reply = Reply;

    fn new(me: NodeId, _settings: &Settings) -> Self {
        Self {
            clock: SoftClock::new(me == SERVER),
            ..Self::default()
        }
    }

    fn on_start(&mut self, cx: &mut Context<Self>, _start: Start) {
        if asks(cx) {
            let turn = cx.me().0.saturating_sub(SERVER.0).max(1);
            cx.set_timer(Timer::Poll, Duration(FIRST.0 * u64::from(turn)));
        }
        self.begin_work(cx);
    }

    fn on_message(&mut self, cx: &mut Context<Self>, from: NodeId, message: Message) {
        match message {
            Message::Ask { t1 } => self.answer(cx, from, t1),
            Message::Tell { t1, t2, t3 } => self.learn(cx, (t1, t2, t3)),
            Message::Poll { round } => self.show(cx, from, round),
            Message::Show { round, time } => self.compare(cx, from, (round, time)),
            Message::Adjust { round, by, doubt } => self.adjust(cx, round, (by, doubt)),
        }
    }

    fn on_timer(&mut self, cx: &mut Context<Self>, timer: Timer) {
        match timer {
            Timer::Poll => self.synchronize(cx),
            Timer::Tell { to, t1, t2 } => self.tell(cx, to, (t1, t2)),
            Timer::Average { round } => {
                if self.asking == Some(round) {
                    self.average(cx, round);
                }
            }
            Timer::Work => self.end_work(cx),
        }
    }

    fn on_request(&mut self, cx: &mut Context<Self>, request: Request) {
        let Request::Synchronize = request;
        let mine = asks(cx);
        if mine {
            self.synchronize(cx);
        }
        if let Some(operation) = cx.operation() {
            let reply = if mine { Reply::Asked } else { Reply::NotMine };
            cx.reply(operation, reply);
        }
    }

    fn recover(&self, cx: &mut Context<Self>) -> Self {
        Self {
            clock: self.clock,
            round: self.round,
            ..Self::new(cx.me(), cx.settings())
        }
    }

    fn draw(&self, settings: &Settings, to: &mut NodeFrame) {
        figures::draw(self, settings, to);
    }

    fn word(message: &Message) -> Option<Word> {
        Some(figures::word(message))
    }

    fn end(reply: &Reply) -> End {
        match reply {
            Reply::Asked => End::Ok,
            Reply::NotMine => End::Failed,
        }
    }
}

impl Timekeeper {
    fn synchronize(&mut self, cx: &mut Context<Self>) {
        let again = cx.duration(&POLL);
        if again > Duration(0) {
            cx.set_timer(Timer::Poll, again);
        }
        if is_berkeley(cx.settings()) {
            self.begin_round(cx);
        } else {
            self.ask(cx);
        }
    }

    /// Lets the clock show what the hardware clock shows and so many microseconds more.
    fn correct(&mut self, cx: &mut Context<Self>, total: i64, doubt: u64) {
        let (change, at_once) = self.clock.aim(cx.now(), total, doubt, &Rules::of(cx));
        let mark = match (change, at_once) {
            (0, _) => return,
            (1.., true) => &marks::SETS,
            (_, true) => &marks::SETS_BACK,
            (1.., false) => &marks::HURRIES,
            (_, false) => &marks::SLOWS,
        };
        cx.mark(mark, figures::span(change.unsigned_abs() as f64));
    }

    /// A program on this node that measures how long its work takes.
    fn begin_work(&mut self, cx: &mut Context<Self>) {
        let work = cx.duration(&WORK);
        if work > Duration(0) {
            self.began = Some(self.clock.read(cx.now()).time);
            cx.set_timer(Timer::Work, work);
        }
    }

    fn end_work(&mut self, cx: &mut Context<Self>) {
        let ended = self.clock.read(cx.now()).time;
        let measured = ended - self.began.unwrap_or(ended);
        self.measured = Some(measured);
        if measured < 0 {
            cx.mark(&marks::BACKWARDS, figures::span(measured as f64));
        }
        self.begin_work(cx);
    }
}

/// Whether nobody knows the right time, and a master asks all others.
fn is_berkeley(settings: &Settings) -> bool {
    settings.choice(&METHOD) == "berkeley"
}

/// Whether this node is one that asks: the master, or each client of a server.
fn asks(cx: &Context<Timekeeper>) -> bool {
    (cx.me() == SERVER) == is_berkeley(cx.settings())
}
