//! What is to come, earliest first.
//!
//! A calendar: the near future is divided into days of two milliseconds, kept unsorted until they
//! begin; what lies beyond waits in a heap. Most events are a few milliseconds to a second ahead, so
//! most entries are put down once and sorted among a handful. Whatever the times are, no operation
//! costs more than it would in one heap.

use std::collections::BinaryHeap;

use crate::time::Time;

/// One entry. Earliest first; at one instant in the order of scheduling.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) time: Time,
    /// Counts up from 1.
    pub(super) order: u64,
    pub(super) slot: u32,
}

impl Entry {
    #[inline]
    fn key(&self) -> u128 {
        (u128::from(self.time.0) << 64) | u128::from(self.order)
    }

    #[inline]
    fn day(&self) -> u64 {
        self.time.0 >> DAY_BITS
    }
}

impl Ord for Entry {
    /// Reversed, because the standard library's heap gives the greatest first.
    #[inline]
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        other.key().cmp(&self.key())
    }
}
impl PartialOrd for Entry {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// A day is 2 to the power of this many microseconds.
const DAY_BITS: u32 = 11;
/// Days in the calendar: as many as a word has bits.
const DAYS: u64 = 64;

/// All entries of a run.
#[derive(Clone, Default)]
pub(super) struct Queue {
    /// It comes before all others, if its order is not 0: a token that goes round needs no calendar.
    first: Entry,
    /// Entries but `first`.
    others: usize,
    today: u64,
    /// What was known of today when it began, latest first.
    sorted: Vec<Entry>,
    /// What was put into today since.
    late: BinaryHeap<Entry>,
    /// The days after today, unsorted, by number modulo their count; made when first needed.
    days: Vec<Vec<Entry>>,
    /// A bit for each day that is not empty.
    filled: u64,
    /// What lies beyond.
    far: BinaryHeap<Entry>,
}

impl Queue {
    #[inline]
    pub(super) fn push(&mut self, entry: Entry) {
        if self.first.order == 0 {
            if self.others == 0 {
                // Field by field: a copy as a whole would wait for its parts to reach memory.
                self.first.time = entry.time;
                self.first.order = entry.order;
                self.first.slot = entry.slot;
            } else {
                self.insert(entry);
            }
        } else if entry.key() < self.first.key() {
            let later = std::mem::replace(&mut self.first, entry);
            self.insert(later);
        } else {
            self.insert(entry);
        }
    }

    #[inline]
    fn insert(&mut self, entry: Entry) {
        self.others += 1;
        let day = entry.day();
        if day <= self.today {
            self.late.push(entry);
        } else if day - self.today < DAYS {
            self.put(day, entry);
        } else {
            self.far.push(entry);
        }
    }

    #[inline]
    fn put(&mut self, day: u64, entry: Entry) {
        if self.days.is_empty() {
            self.days.resize_with(DAYS as usize, Vec::new);
        }
        let at = day % DAYS;
        self.days[at as usize].push(entry);
        self.filled |= 1 << at;
    }

    /// All entries, in no order.
    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        let first = std::iter::once(&self.first).filter(|first| first.order != 0);
        let today = self.sorted.iter().chain(&self.late);
        first
            .chain(today)
            .chain(self.days.iter().flatten())
            .chain(&self.far)
    }

    #[inline]
    pub(super) fn peek(&mut self) -> Option<Entry> {
        if self.first.order != 0 {
            return Some(self.first);
        }
        if self.others == 0 {
            return None;
        }
        self.begin_day();
        match (self.sorted.last(), self.late.peek()) {
            (Some(known), Some(late)) => Some(*known.max(late)),
            (known, late) => known.or(late).copied(),
        }
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Option<Entry> {
        let Entry { time, order, slot } = self.first;
        if order != 0 {
            self.first.order = 0;
            return Some(Entry { time, order, slot });
        }
        if self.others == 0 {
            return None;
        }
        self.begin_day();
        self.others -= 1;
        match (self.sorted.last(), self.late.peek()) {
            (Some(known), Some(late)) if known < late => self.late.pop(),
            (Some(_), _) => self.sorted.pop(),
            (None, _) => self.late.pop(),
        }
    }

    /// If nothing of today is left, goes on to the next day that is not empty; there is one.
    #[inline]
    fn begin_day(&mut self) {
        if !self.sorted.is_empty() || !self.late.is_empty() {
            return;
        }
        if self.filled == 0 {
            let Some(next) = self.far.peek() else { return };
            self.today = next.day();
        } else {
            let tomorrow = self.today + 1;
            let ahead = self
                .filled
                .rotate_right((tomorrow % DAYS) as u32)
                .trailing_zeros();
            self.today = tomorrow + u64::from(ahead);
        }
        while self
            .far
            .peek()
            .is_some_and(|next| next.day() - self.today < DAYS)
        {
            if let Some(next) = self.far.pop() {
                self.put(next.day(), next);
            }
        }
        let at = self.today % DAYS;
        self.filled &= !(1 << at);
        std::mem::swap(&mut self.sorted, &mut self.days[at as usize]);
        if self.sorted.len() > 1 {
            self.sorted.sort_unstable();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    /// The calendar gives what a heap gives, for times of every size and any mix of operations.
    #[test]
    fn it_orders_like_one_heap() {
        for seed in 0..40 {
            let mut rng = Rng::stream(seed, "queue", 0);
            let (mut queue, mut heap) = (Queue::default(), BinaryHeap::new());
            let (mut now, mut order) = (0, 0);
            for _ in 0..4_000 {
                if rng.chance(0.52) {
                    order += 1;
                    let bits = rng.below(36);
                    let entry = Entry {
                        time: Time(now + rng.below(1 << bits)),
                        order,
                        slot: order as u32,
                    };
                    queue.push(entry);
                    heap.push(entry);
                } else {
                    let wanted = heap.pop().map(|entry| entry.slot);
                    if rng.chance(0.5) {
                        assert_eq!(queue.peek().map(|entry| entry.slot), wanted);
                    }
                    let got = queue.pop();
                    assert_eq!(got.map(|entry| entry.slot), wanted);
                    now = got.map_or(now, |entry| entry.time.0);
                }
                if rng.chance(0.01) {
                    queue = queue.clone();
                }
            }
            while let Some(entry) = heap.pop() {
                assert_eq!(queue.pop().map(|entry| entry.slot), Some(entry.slot));
            }
            assert!(queue.pop().is_none() && queue.peek().is_none());
        }
    }
}
