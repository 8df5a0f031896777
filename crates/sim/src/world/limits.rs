//! Bounds that keep a run which would go on for ever from eating the machine: it is cut, and a
//! sentence says where it grew.

use super::{Pending, Scheduled, World};
use crate::memory;
use crate::process::NodeId;
use crate::sorted::SortedMap;

/// Bounds of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Events in a whole run.
    pub events: u64,
    /// Events at one instant: more means that time stands still.
    pub instant: u64,
    /// Things waiting to happen at once.
    pub queue: u32,
    /// Messages that may wait at a paused node; more are lost.
    pub inbox: u32,
    /// Copies of one message that a person may ask for.
    pub copies: u32,
    /// Bytes that the program may hold, where its allocator counts them.
    pub memory: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            events: 20_000_000,
            instant: 250_000,
            queue: 250_000,
            inbox: 4_000,
            copies: 64,
            memory: 1 << 30,
        }
    }
}

impl Limits {
    /// Limits of one run among the thousands of a hunt. Direct calls can go on within one instant for
    /// minutes, and what breaks a law needs far fewer events.
    #[must_use]
    pub fn of_hunt() -> Self {
        Self {
            events: 200_000,
            instant: 20_000,
            memory: 1 << 28,
            ..Self::default()
        }
    }
}

/// The memory is looked at after so many events.
const LOOK_EVERY: u64 = 32;

impl World {
    /// Cuts the run if it has grown beyond a limit.
    #[inline]
    pub(super) fn check_limits(&mut self) {
        let too_many = self.slots.len() - self.free.len() > self.limits.queue as usize;
        let too_large =
            self.events.is_multiple_of(LOOK_EVERY) && memory::held() > self.limits.memory;
        let too_long = self.events >= self.limits.events || self.instant >= self.limits.instant;
        if too_long || too_many || too_large {
            self.halt();
        }
    }

    #[cold]
    fn halt(&mut self) {
        let limits = self.limits;
        let cut = if self.events >= limits.events {
            format!(
                "after {} events, the most that one run may have.",
                self.events
            )
        } else if self.instant >= limits.instant {
            format!(
                "because more than {} events happened at one instant, so time stands still.",
                limits.instant
            )
        } else if memory::held() > limits.memory {
            format!(
                "because it needs more than {} MB of memory.",
                limits.memory >> 20
            )
        } else {
            format!(
                "because more than {} messages and timers wait at once.",
                limits.queue
            )
        };
        let where_ = self.where_it_grows().unwrap_or_default();
        self.halted = Some(format!("The run was stopped {cut}{where_}"));
    }

    /// The node that most of what waits belongs to, if it is much.
    fn where_it_grows(&self) -> Option<String> {
        let mut waiting: SortedMap<(NodeId, &'static str), u32> = SortedMap::new();
        for slot in &self.slots {
            let what = match &slot.what {
                Scheduled::Message(flight) => (flight.address.to, "messages to"),
                Scheduled::Timer { node, .. } => (*node, "timers of"),
                Scheduled::Request { node, .. } => (*node, "requests to"),
                _ => continue,
            };
            *waiting.entry(what).or_default() += 1;
        }
        for pending in &self.stack {
            if let Pending::Effects { node, .. } = pending {
                *waiting.entry((*node, "unfinished calls of")).or_default() += 1;
            }
        }
        let ((node, what), count) = waiting.iter().max_by_key(|(_, count)| **count)?;
        let most = format!(" Most of what waits: {count} {what} {node}");
        let paused = self.is_paused(*node);
        let why = if paused { ", which is paused." } else { "." };
        (*count > 100).then_some(most + why)
    }
}
