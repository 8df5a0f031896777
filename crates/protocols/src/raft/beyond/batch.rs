//! Fewer and larger messages: a leader gathers requests before it sends them, and one message carries many entries.

use faultline_sim::process::Context;
use faultline_sim::settings::Param;

use super::super::{Role, Server, Timer};

/// Entries that one message carries at most: a follower that lacks more gets the rest as it answers.
pub const MOST: Param = Param::number(
    "most",
    "Entries in one message at most",
    "entries",
    100.0,
    (1.0, 1_000.0),
);

/// How long a leader waits for more requests after the first one.
pub const BATCH: Param = Param::millis(
    "batch",
    "A leader gathers requests for (0 = sends each at once)",
    0.0,
    (0.0, 1_000.0),
);

impl Server {
    /// Whether new entries wait for others to be sent with.
    pub(in crate::raft) fn gathers(&mut self, cx: &mut Context<Self>) -> bool {
        let wait = cx.duration(&BATCH);
        if wait.0 == 0 {
            return false;
        }
        if !self.beyond.gathers {
            self.beyond.gathers = true;
            cx.set_timer(Timer::Batch, wait);
        }
        true
    }

    pub(in crate::raft) fn send_batch(&mut self, cx: &mut Context<Self>) {
        self.beyond.gathers = false;
        if self.role == Role::Leader {
            self.replicate(cx);
            self.advance_commit_index(cx);
        }
    }
}
