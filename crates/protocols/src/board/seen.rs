//! Which writes had an effect: the latest ones, by request.

use std::collections::VecDeque;

use faultline_sim::sorted::SortedSet;
use serde::Serialize;

use super::Job;

/// A write that comes again after so many others is not recognised.
const REMEMBERED: usize = 1_000;

#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Seen {
    latest: VecDeque<Job>,
    known: SortedSet<Job>,
}

impl Seen {
    #[must_use]
    pub fn has(&self, job: Job) -> bool {
        self.known.contains(&job)
    }

    pub fn add(&mut self, job: Job) {
        if !self.known.insert(job) {
            return;
        }
        self.latest.push_back(job);
        if self.latest.len() > REMEMBERED
            && let Some(old) = self.latest.pop_front()
        {
            self.known.remove(&old);
        }
    }
}
