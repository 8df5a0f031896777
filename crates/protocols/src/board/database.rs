//! A database: how often each key was written. It answers when its own copy is written, and tells the copies
//! that it calls later.

use faultline_sim::process::Context;
use faultline_sim::shared::SharedMap;
use serde::Serialize;

use super::params::TO;
use super::{Job, Node, Ticket};

#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Database {
    /// Writes of each key, on disk.
    pub versions: SharedMap<u32, u64>,
    pub writes: u64,
}

impl Database {
    pub fn version(&self, key: u32) -> u64 {
        self.versions.get(&key).copied().unwrap_or(0)
    }

    pub fn write(&mut self, key: u32) -> u64 {
        let version = self.version(key) + 1;
        self.versions.insert(key, version);
        self.writes += 1;
        version
    }
}

impl Node {
    /// Tells every copy of a write. Nobody waits for them.
    pub(super) fn copy(&mut self, cx: &mut Context<Self>, job: Job) {
        if !job.write {
            return;
        }
        for copy in cx.nodes(&TO).to_vec() {
            let ended = self.open_call_at(cx, job, Ticket::Later, Some(copy));
            self.ended_maybe(cx, ended);
        }
    }
}
