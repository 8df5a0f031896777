//! A server's clock with its bound, and how hybrid clocks go on from what they see.

use faultline_sim::frame::ClockFace;
use faultline_sim::process::{Context, NodeId};
use faultline_sim::settings::Settings;
use faultline_sim::time::{Duration, LocalTime};
use serde::Serialize;

use super::descriptor::{CLOCK, DRIFT_BOUND, EPSILON, GPS, MAX_SKEW, MERGE, REFUSE, SYNC_EVERY};
use super::{MASTER, Message, Node, Stamp, Timer, marks};
use crate::parts::workload::Pace;

const MILLION: u64 = 1_000_000;

/// Whether timestamps come from hybrid logical clocks and not from TrueTime.
pub fn is_hybrid(settings: &Settings) -> bool {
    settings.choice(&CLOCK) == "hybrid"
}

/// What `TT.now()` returns: the true time lies between these two, in microseconds (table 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrueTime {
    pub earliest: i64,
    pub latest: i64,
}

impl TrueTime {
    /// `TT.after(t)`: t has surely passed.
    pub fn after(self, t: u64) -> bool {
        self.earliest > t as i64
    }

    /// `TT.before(t)`: t has surely not come yet.
    pub fn before(self, t: u64) -> bool {
        self.latest < t as i64
    }
}

/// The hardware clock's correction since the last answer of a time master. The daemon that keeps it is a
/// program of its own and survives a crash of the server.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Clock {
    /// What the hardware clock showed at that answer.
    pub since: LocalTime,
    pub correction: i64,
    /// How far off that answer may have been, in microseconds.
    pub doubt: u64,
    /// When the latest poll left, as long as it waits for an answer.
    polled: Option<LocalTime>,
}

impl Clock {
    /// The clock as it is drawn and read: ε is at least what is stated, and grows with the drift that is
    /// allowed for.
    pub fn face(&self, settings: &Settings) -> ClockFace {
        ClockFace {
            since: self.since,
            correction: self.correction,
            doubt: Some(self.doubt.max(settings.duration(&EPSILON).0)),
            doubt_ppm: settings.count(&DRIFT_BOUND),
            ..ClockFace::default()
        }
    }

    /// `TT.now()`.
    pub fn now(&self, cx: &Context<Node>) -> TrueTime {
        let settings = cx.settings().at(cx.me());
        let reading = self.face(&settings).read(cx.now());
        let (earliest, latest) = reading.interval().unwrap_or_default();
        TrueTime { earliest, latest }
    }

    /// The middle of the interval: what the corrected clock shows.
    pub fn wall(&self, cx: &Context<Node>) -> u64 {
        u64::try_from(cx.now().0.saturating_add(self.correction)).unwrap_or(0)
    }

    /// How long until t has surely passed: the interval's end moves a little slower than the clock.
    pub fn until_after(&self, cx: &Context<Node>, t: u64) -> Duration {
        let apart = (t as i64).saturating_sub(self.now(cx).earliest);
        let apart = u64::try_from(apart).unwrap_or(0) + 1;
        let rate = MILLION - u64::from(cx.count(&DRIFT_BOUND)).min(MILLION / 2);
        Duration(apart.saturating_mul(MILLION).div_ceil(rate))
    }

    /// The time of day has come to ask a time master, unless nothing is to be heard.
    pub fn poll(&mut self, cx: &mut Context<Node>) {
        let pace = Pace {
            every: cx.duration(&SYNC_EVERY),
            least: Duration::millis(10),
        };
        let (acts, wait) = pace.next();
        cx.set_timer(Timer::Sync, wait);
        if !acts {
            return;
        }
        if !cx.switch(&GPS) {
            return cx.mark(&marks::NO_SIGNAL, ());
        }
        let asked = cx.now();
        self.polled = Some(asked);
        cx.send(MASTER, Message::Poll { asked });
    }

    /// The master's clock was read at some moment between question and answer: at worst half the round
    /// trip is wrong (Cristian). An answer that would make ε larger than it is by now says nothing new.
    pub fn receive_time(&mut self, cx: &mut Context<Node>, asked: LocalTime, shows: i64) {
        if self.polled.take_if(|latest| *latest == asked).is_none() {
            return;
        }
        let half = cx.now().since(asked).0.div_ceil(2);
        let before = self.now(cx);
        if half * 2 > before.latest.abs_diff(before.earliest) {
            return;
        }
        self.since = cx.now();
        self.correction = shows.saturating_add(half as i64).saturating_sub(cx.now().0);
        self.doubt = half;
        let after = self.now(cx);
        let epsilon = after.latest.abs_diff(after.earliest) / 2;
        cx.mark(&marks::SYNCS, (ms(epsilon), epsilon));
    }
}

/// A hybrid clock meets the stamp of a message: it goes on from the larger, unless the other is too far
/// ahead to be true. False: refused.
pub fn learn(
    cx: &mut Context<Node>,
    last: &mut Stamp,
    from: NodeId,
    seen: Stamp,
    wall: u64,
) -> bool {
    let ahead = seen.0.saturating_sub(wall);
    if ahead > cx.duration(&MAX_SKEW).0 {
        if cx.switch(&REFUSE) {
            cx.mark(&marks::REFUSES, (from, ms(ahead)));
            return false;
        }
        cx.mark(&marks::FOLLOWS_FAR, (from, ms(ahead)));
    }
    if cx.switch(&MERGE) {
        *last = (*last).max(seen);
    }
    true
}

/// Microseconds as people read them: `23.4 ms`.
pub fn ms(micros: u64) -> String {
    let tenths = (micros + 50) / 100;
    format!("{}.{} ms", tenths / 10, tenths % 10)
}

/// A stamp as people read it; the count of a hybrid clock behind it.
pub fn stamp(s: Stamp) -> String {
    match s.1 {
        0 => ms(s.0),
        count => format!("{} + {count}", ms(s.0)),
    }
}
