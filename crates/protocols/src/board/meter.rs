//! How long things took lately, and how they ended.

use std::collections::VecDeque;

use faultline_sim::time::Duration;
use serde::Serialize;

use super::Outcome;

/// How many looks a curve goes back: a minute.
const CURVE: usize = 120;

/// How many of the latest answers the percentiles on a box are taken from.
const LATELY: usize = 200;

#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Meter {
    pub done: u64,
    pub failed: u64,
    /// Of all that was done, in microseconds.
    pub sum: u64,
    /// The latest times, in microseconds.
    pub lately: VecDeque<u64>,
    /// At each look: what was done since the one before, and the 95th percentile in microseconds.
    pub looks: VecDeque<(u64, u64)>,
    done_then: u64,
}

impl Meter {
    pub fn note(&mut self, took: Duration, outcome: Outcome) {
        if matches!(outcome, Outcome::Failed(_)) {
            self.failed += 1;
            return;
        }
        self.done += 1;
        self.sum += took.0;
        if self.lately.len() == LATELY {
            self.lately.pop_front();
        }
        self.lately.push_back(took.0);
    }

    pub fn recover(&self) -> Self {
        Self {
            lately: VecDeque::new(),
            ..self.clone()
        }
    }

    /// Looks at itself.
    pub fn look(&mut self) {
        if self.looks.len() == CURVE {
            self.looks.pop_front();
        }
        let done = self.done - self.done_then;
        self.done_then = self.done;
        let p95 = self.percentiles([95]).map_or(0, |[p95]| p95.0);
        self.looks.push_back((done, p95));
    }

    /// So many of the latest hundred answers were faster; none without answers.
    #[must_use]
    pub fn percentiles<const N: usize>(&self, wanted: [u64; N]) -> Option<[Duration; N]> {
        let mut sorted: Vec<u64> = self.lately.iter().copied().collect();
        sorted.sort_unstable();
        let last = sorted.len().checked_sub(1)? as u64;
        Some(wanted.map(|share| Duration(sorted[((last * share).div_ceil(100)) as usize])))
    }
}
