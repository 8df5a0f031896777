//! The clock that programs read: the hardware clock and a correction.

use faultline_sim::frame::{ClockFace, Reading};
use faultline_sim::process::Context;
use faultline_sim::time::{Duration, LocalTime};
use serde::Serialize;

use super::Timekeeper;
use super::descriptor::{DRIFT_BOUND, HALF_TRIP, LEAST, RATE, SLEW, STEP, WIDEN};

/// What the program reads is what the page draws.
#[derive(Clone, Copy, Debug, Default, Hash, Serialize)]
#[serde(transparent)]
pub struct SoftClock(pub ClockFace);

/// How a clock is corrected, and what its owner takes for granted.
pub struct Rules {
    /// A clock that is further behind, in microseconds, is set at once.
    step: u64,
    /// No clock is set back.
    slew: bool,
    /// How much faster or slower a clock runs that is corrected little by little, in parts per million.
    rate: u32,
    /// How fast a doubt grows, in parts per million.
    drift: u32,
    /// The shortest time that a message can take, in microseconds.
    pub least: u64,
    pub half_trip: bool,
}

impl Rules {
    pub fn of(cx: &Context<Timekeeper>) -> Self {
        let widens = cx.switch(&WIDEN);
        Self {
            step: cx.duration(&STEP).0,
            slew: cx.switch(&SLEW),
            rate: cx.count(&RATE),
            drift: if widens { cx.count(&DRIFT_BOUND) } else { 0 },
            least: cx.duration(&LEAST).0,
            half_trip: cx.switch(&HALF_TRIP),
        }
    }

    /// By how much a doubt grows in this time, in microseconds.
    pub fn grown(&self, length: Duration) -> u64 {
        length
            .0
            .saturating_mul(self.drift.into())
            .div_ceil(1_000_000)
    }
}

impl SoftClock {
    /// A hardware clock that nobody has corrected. The server takes its own to be right.
    pub fn new(right: bool) -> Self {
        Self(ClockFace {
            doubt: right.then_some(0),
            ..ClockFace::default()
        })
    }

    /// What the clock shows to a program.
    pub fn read(&self, local: LocalTime) -> Reading {
        self.0.read(local)
    }

    /// What is added to the hardware clock when everything is worked off, in microseconds.
    pub fn total(&self) -> i64 {
        self.0.correction + self.0.remaining
    }

    /// What the clock would show with everything worked off. Timestamps are taken by it, so that a clock that is
    /// being corrected measures no worse.
    pub fn goal(&self, local: LocalTime) -> i64 {
        local.0 + self.total()
    }

    /// Corrects the clock, at once or little by little. Gives the change, and whether it was made at once.
    pub fn aim(&mut self, now: LocalTime, total: i64, doubt: u64, rules: &Rules) -> (i64, bool) {
        let shown = self.read(now).time - now.0;
        let change = total - shown;
        let far = change.unsigned_abs() > rules.step;
        let at_once = far && (change > 0 || !rules.slew);
        let (correction, remaining) = if at_once { (total, 0) } else { (shown, change) };
        self.0 = ClockFace {
            since: now,
            correction,
            remaining,
            slew_ppm: rules.rate,
            doubt: Some(doubt),
            doubt_ppm: rules.drift,
        };
        (change, at_once)
    }
}
