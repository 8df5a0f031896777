//! What one question and its answer say.

use faultline_sim::time::LocalTime;
use serde::Serialize;

use super::Rules;

/// The four timestamps, in microseconds: asked by the client's clock, received and answered by the server's,
/// heard by the client's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Exchange {
    pub t1: i64,
    pub t2: i64,
    pub t3: i64,
    pub t4: i64,
}

/// How far the clock that asks is behind the one that answers (negative: ahead), and how long the messages were on
/// their way, both in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Estimate {
    pub offset: i64,
    pub delay: u64,
}

impl Exchange {
    /// RFC 5905, section 8: the server's own work, from T2 to T3, does not count.
    pub fn ntp(self) -> Estimate {
        let Self { t1, t2, t3, t4 } = self;
        Estimate::new(((t2 - t1) + (t3 - t4)) / 2, (t4 - t1) - (t3 - t2))
    }

    /// Cristian: the answer T3 is half a round trip old.
    pub fn cristian(self) -> Estimate {
        let trip = self.t4 - self.t1;
        Estimate::new(self.t3 + trip / 2 - self.t4, trip)
    }

    /// As if the answer had taken no time.
    pub fn as_it_is(self) -> Estimate {
        Estimate::new(self.t3 - self.t4, 0)
    }
}

impl Estimate {
    fn new(offset: i64, delay: i64) -> Self {
        let delay = u64::try_from(delay).unwrap_or(0);
        Self { offset, delay }
    }
}

/// How far off the truth an estimate may be, in microseconds: by half of the round trip, without the time that each
/// way takes in any case.
pub fn doubt_of(delay: u64, rules: &Rules) -> u64 {
    delay.div_ceil(2).saturating_sub(rules.least)
}

/// A measurement in the clock filter.
#[derive(Clone, Copy, Debug, Hash, Serialize)]
pub struct Sample {
    /// When it was asked for, by the hardware clock.
    pub asked: LocalTime,
    /// How far the hardware clock is behind the server, in microseconds: later corrections change nothing about it.
    pub offset: i64,
    /// The doubt without what has grown since, in microseconds.
    pub doubt: u64,
}

impl Sample {
    /// The doubt by now.
    pub fn doubt_at(&self, now: LocalTime, rules: &Rules) -> u64 {
        self.doubt + rules.grown(now.since(self.asked))
    }
}
