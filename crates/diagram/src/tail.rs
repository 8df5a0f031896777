//! A list that can forget its start. Places count from the first item ever added.

use std::collections::VecDeque;
use std::mem::size_of;

/// Items per chunk. A list grows and forgets by chunks, so it never uses twice the memory it needs.
const CHUNK: usize = 1024;

/// A list that grows only at its end and forgets only at its start.
#[derive(Clone, Debug)]
pub(crate) struct Tail<T> {
    /// How many items are forgotten, which is the place of the first item left.
    first: usize,
    /// All chunks except the first and the last are full; none is empty.
    chunks: VecDeque<Vec<T>>,
}

impl<T> Default for Tail<T> {
    fn default() -> Self {
        let chunks = VecDeque::new();
        Self { first: 0, chunks }
    }
}

impl<T> Tail<T> {
    /// The place of the oldest item that is left.
    pub fn first(&self) -> usize {
        self.first
    }

    /// How many items were ever added, which is the place of the next one.
    pub fn len(&self) -> usize {
        let head = self.chunks.front().map_or(0, Vec::len);
        let last = match self.chunks.len() {
            0 | 1 => 0,
            n => (n - 2) * CHUNK + self.chunks.back().map_or(0, Vec::len),
        };
        self.first + head + last
    }

    /// Whether nothing was ever added.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn locate(&self, place: usize) -> Option<(usize, usize)> {
        let at = place.checked_sub(self.first)?;
        let head = self.chunks.front().map_or(0, Vec::len);
        Some(match at.checked_sub(head) {
            None => (0, at),
            Some(at) => (1 + at / CHUNK, at % CHUNK),
        })
    }

    /// The item at a place; none if it was forgotten or never added.
    pub fn get(&self, place: usize) -> Option<&T> {
        let (chunk, at) = self.locate(place)?;
        self.chunks.get(chunk)?.get(at)
    }

    pub fn get_mut(&mut self, place: usize) -> Option<&mut T> {
        let (chunk, at) = self.locate(place)?;
        self.chunks.get_mut(chunk)?.get_mut(at)
    }

    pub fn last(&self) -> Option<&T> {
        self.chunks.back()?.last()
    }

    pub fn push(&mut self, item: T) {
        match self.chunks.back_mut() {
            Some(chunk) if chunk.len() < CHUNK => chunk.push(item),
            _ => self.chunks.push_back(vec![item]),
        }
    }

    /// The items between two places, as far as they are left.
    pub fn range(&self, from: usize, to: usize) -> impl DoubleEndedIterator<Item = &T> {
        let from = from.max(self.first);
        let to = to.min(self.len()).max(from);
        let (chunk, _) = self.locate(from).unwrap_or_default();
        let (until, _) = self.locate(to).unwrap_or_default();
        let head = self.chunks.front().map_or(0, Vec::len);
        let chunks = self.chunks.iter().enumerate();
        let wanted = chunks.skip(chunk).take(until + 1 - chunk);
        wanted.flat_map(move |(at, items)| {
            let begins = match at {
                0 => self.first,
                at => self.first + head + (at - 1) * CHUNK,
            };
            let part = |place: usize| place.saturating_sub(begins).min(items.len());
            items[part(from)..part(to)].iter()
        })
    }

    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.chunks.iter_mut().flatten()
    }

    /// The first place left whose item is not `before`, for a sorted list.
    pub fn partition_point(&self, before: impl Fn(&T) -> bool) -> usize {
        let (mut low, mut high) = (self.first, self.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.get(middle).is_some_and(&before) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// Drops the items from a place on.
    pub fn truncate(&mut self, len: usize) {
        let mut over = self.len().saturating_sub(len.max(self.first));
        while let Some(chunk) = self.chunks.back_mut().filter(|_| over > 0) {
            let keep = chunk.len().saturating_sub(over);
            over -= chunk.len() - keep;
            chunk.truncate(keep);
            if keep == 0 {
                self.chunks.pop_back();
            }
        }
    }

    /// Forgets the items before a place.
    pub fn forget(&mut self, first: usize) {
        let mut over = first.min(self.len()).saturating_sub(self.first);
        self.first += over;
        while let Some(chunk) = self.chunks.front_mut().filter(|_| over > 0) {
            if over < chunk.len() {
                *chunk = chunk.split_off(over);
                break;
            }
            over -= chunk.len();
            self.chunks.pop_front();
        }
    }

    /// Its memory.
    pub fn bytes(&self) -> usize {
        let items: usize = self.chunks.iter().map(Vec::capacity).sum();
        items * size_of::<T>() + self.chunks.capacity() * size_of::<Vec<T>>()
    }
}

impl<T> std::ops::Index<usize> for Tail<T> {
    type Output = T;

    fn index(&self, place: usize) -> &T {
        let item = self.get(place);
        item.expect("the place is within the list and not forgotten")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A list behaves like a vector with the same items and a forgotten start.
    #[test]
    fn it_is_a_vector_whose_beginning_was_forgotten() {
        let mut rng = faultline_sim::rng::Rng::stream(1, "tail", 0);
        let (mut tail, mut all, mut first) = (Tail::default(), Vec::new(), 0);
        for _ in 0..400 {
            match rng.below(10) {
                0 => {
                    first += rng.below((all.len() - first) as u64 / 2 + 1) as usize;
                    tail.forget(first);
                }
                1 => {
                    let len = all.len() - rng.below((all.len() - first) as u64 / 3 + 1) as usize;
                    all.truncate(len);
                    tail.truncate(len);
                }
                _ => {
                    for _ in 0..rng.below(900) {
                        tail.push(all.len() * 3);
                        all.push(all.len() * 3);
                    }
                }
            }
            assert_eq!((tail.first(), tail.len()), (first, all.len()));
            assert!(tail.range(0, usize::MAX).eq(&all[first..]));
            assert_eq!(tail.last(), all[first..].last());
            let from = first + rng.below((all.len() - first) as u64 + 1) as usize;
            let to = from + rng.below((all.len() - from) as u64 + 1) as usize;
            assert!(tail.range(from, to).eq(&all[from..to]), "{from} to {to}");
            assert!(tail.range(from, to).rev().eq(all[from..to].iter().rev()));
            for place in [0, first.saturating_sub(1), first, from, to, all.len()] {
                let expected = all.get(place).filter(|_| place >= first);
                assert_eq!(tail.get(place), expected);
                assert_eq!(tail.get_mut(place).map(|item| &*item), expected);
            }
            let point = tail.partition_point(|item| *item < from * 3);
            assert_eq!(point, from);
        }
        assert!(
            first > 0 && all.len() > 10 * CHUNK,
            "it was put to the test"
        );
        assert!(tail.bytes() >= (all.len() - first) * 8);
    }
}
