//! How long things took lately, and how they ended.

use std::collections::VecDeque;

use faultline_sim::time::Duration;
use serde::Serialize;

use super::Outcome;

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

    /// So many of the latest hundred answers were faster; none without answers.
    #[must_use]
    pub fn percentiles<const N: usize>(&self, wanted: [u64; N]) -> Option<[Duration; N]> {
        let mut sorted: Vec<u64> = self.lately.iter().copied().collect();
        sorted.sort_unstable();
        let last = sorted.len().checked_sub(1)? as u64;
        Some(wanted.map(|share| Duration(sorted[((last * share).div_ceil(100)) as usize])))
    }
}
