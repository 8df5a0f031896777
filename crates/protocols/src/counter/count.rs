//! What one node has counted, and which of two reports of it is kept.

use faultline_sim::process::Context;
use serde::Serialize;

use super::Counter;
use super::descriptor::{CLOCKS, MAXIMUM, NUMBERS};

/// What one node has counted, as the node itself or another one knows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Count {
    /// All that was counted up. With one number for both, what was counted down is taken off here.
    pub up: i64,
    /// All that was counted down, if that is kept apart.
    pub down: i64,
    /// How many changes it rests on.
    pub number: u32,
    /// What its node's own clock showed at the latest change, in microseconds.
    pub stamp: i64,
}

impl Count {
    pub fn value(&self) -> i64 {
        self.up - self.down
    }

    /// Whether both say the same of the counter.
    pub fn equals(&self, other: &Self) -> bool {
        (self.up, self.down) == (other.up, other.down)
    }

    /// The larger part of each: the join of \[SPBZ\] 3.1, in any order and any number of times.
    #[must_use]
    pub fn join(&self, other: &Self) -> Self {
        Self {
            up: self.up.max(other.up),
            down: self.down.max(other.down),
            number: self.number.max(other.number),
            stamp: self.stamp.max(other.stamp),
        }
    }

    /// What a node knows once `news` has come.
    pub(super) fn after(&self, news: &Self, cx: &Context<Counter>) -> Self {
        let late = cx.switch(&NUMBERS) && news.number < self.number
            || cx.switch(&CLOCKS) && news.stamp < self.stamp;
        if late {
            return *self;
        }
        if !cx.switch(&MAXIMUM) {
            return *news;
        }
        let joined = self.join(news);
        if joined.equals(self) { *self } else { joined }
    }
}
