//! Which writes had an effect: the latest ones, by request.

use faultline_sim::shared::SharedMap;
use serde::Serialize;

use super::Job;

/// A write that comes again after so many others is not recognised.
const REMEMBERED: usize = 1_000;

/// Shared by the copies of a run, since most boxes remember many and change few.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Seen {
    /// In the order in which they came.
    latest: SharedMap<u64, u64>,
    known: SharedMap<u64, ()>,
    next: u64,
}

/// A request's crowd and number in one.
fn name(job: Job) -> u64 {
    u64::from(job.from.0) << 40 | job.number
}

impl Seen {
    #[must_use]
    pub fn has(&self, job: Job) -> bool {
        self.known.contains_key(&name(job))
    }

    pub fn add(&mut self, job: Job) {
        if self.known.insert(name(job), ()).is_some() {
            return;
        }
        self.latest.insert(self.next, name(job));
        self.next += 1;
        if self.latest.len() > REMEMBERED {
            let oldest = self.latest.iter().next().map(|(at, name)| (*at, *name));
            if let Some((at, name)) = oldest {
                self.latest.remove(&at);
                self.known.remove(&name);
            }
        }
    }
}
