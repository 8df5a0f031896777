//! What a full cache gives up: what was used least recently (lru), least often (lfu), or came first (fifo).
//!
//! Belady 1969 found references for which fifo misses more with more places.

use faultline_sim::sorted::{SortedMap, SortedSet};
use faultline_sim::time::LocalTime;
use serde::Serialize;

#[derive(Clone, Copy, Debug, Hash, Serialize)]
pub struct Kept {
    pub version: u64,
    pub since: LocalTime,
    /// What decides who goes first: uses, and the instant in steps of the cache.
    pub uses: u64,
    pub step: u64,
}

#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Places {
    pub kept: SortedMap<u32, Kept>,
    /// By what goes first.
    order: SortedSet<(u64, u64, u32)>,
    step: u64,
}

impl Places {
    fn rank(key: u32, kept: &Kept) -> (u64, u64, u32) {
        (kept.uses, kept.step, key)
    }

    /// Takes a key out.
    pub fn remove(&mut self, key: u32) -> Option<Kept> {
        let kept = self.kept.remove(&key)?;
        self.order.remove(&Self::rank(key, &kept));
        Some(kept)
    }

    fn put(&mut self, key: u32, kept: Kept) {
        self.order.insert(Self::rank(key, &kept));
        self.kept.insert(key, kept);
    }

    /// A key is used.
    pub fn used(&mut self, key: u32, policy: &str) {
        self.step += 1;
        let Some(mut kept) = self.remove(key) else {
            return;
        };
        match policy {
            "lfu" => {
                kept.uses += 1;
                kept.step = self.step;
            }
            "fifo" => {}
            _ => kept.step = self.step,
        }
        self.put(key, kept);
    }

    /// Keeps an answer. Returns the key that had to go.
    pub fn keep(
        &mut self,
        key: u32,
        version: u64,
        now: LocalTime,
        places: u32,
        policy: &str,
    ) -> Option<u32> {
        self.step += 1;
        let step = self.step;
        if let Some(mut kept) = self.remove(key) {
            (kept.version, kept.since) = (version, now);
            self.put(key, kept);
            self.used(key, policy);
            return None;
        }
        let full = self.kept.len() as u32 >= places.max(1);
        let gone = full
            .then(|| self.order.first().map(|(.., key)| *key))
            .flatten();
        if let Some(gone) = gone {
            self.remove(gone);
        }
        let uses = u64::from(policy == "lfu");
        self.put(
            key,
            Kept {
                version,
                since: now,
                uses,
                step,
            },
        );
        gone
    }
}
