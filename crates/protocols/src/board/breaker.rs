//! A circuit breaker (Nygard 2007, 5.2): after failures in a row, calls fail at once; after a while one call
//! tries whether it works again.
//! Closed, three failures, open; after the reset time half-open, and one trial decides.

use faultline_sim::time::{Duration, LocalTime};
use serde::Serialize;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Breaker {
    /// Failures in a row while it is closed.
    pub failures: u32,
    /// Open since then.
    pub since: Option<LocalTime>,
    /// A call is trying whether it works again.
    pub trial: bool,
}

/// What it does with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Closed,
    Open,
    HalfOpen,
}

impl Breaker {
    /// Its state at an instant, if it opens for so long.
    #[must_use]
    pub fn state(&self, now: LocalTime, reset: Duration) -> State {
        match self.since {
            None => State::Closed,
            Some(since) if super::between(since, now) < reset => State::Open,
            Some(_) => State::HalfOpen,
        }
    }

    /// Whether a call may go through. Half-open it lets one through, and no other until that one ends.
    pub fn lets(&mut self, now: LocalTime, reset: Duration) -> bool {
        match self.state(now, reset) {
            State::Closed => true,
            State::Open => false,
            State::HalfOpen => !std::mem::replace(&mut self.trial, true),
        }
    }

    /// A call succeeded: closed, and the count is 0.
    pub fn succeeded(&mut self) {
        *self = Self::default();
    }

    /// A call failed. Returns whether that opens it.
    pub fn failed(&mut self, now: LocalTime, threshold: u32) -> bool {
        if self.since.is_some() {
            let trial = std::mem::take(&mut self.trial);
            if trial {
                self.since = Some(now);
            }
            return trial;
        }
        self.failures += 1;
        if self.failures < threshold {
            return false;
        }
        *self = Self {
            since: Some(now),
            ..Self::default()
        };
        true
    }
}
