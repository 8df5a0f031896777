//! A list that grows at its end.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Index;
use std::rc::Rc;

use serde::{Serialize, Serializer};

use super::{PIECE, own, own_piece};

/// A list that is read anywhere, grows at its end and is cut there. Copying costs two pointers.
#[derive(Clone)]
pub struct SharedList<T> {
    /// Pieces of [`PIECE`] items.
    whole: Rc<Vec<Rc<Vec<T>>>>,
    /// What comes after them; fewer than a piece.
    tail: Rc<Vec<T>>,
}

impl<T> Default for SharedList<T> {
    fn default() -> Self {
        Self {
            whole: Rc::default(),
            tail: Rc::default(),
        }
    }
}

impl<T> SharedList<T> {
    /// An empty list.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn before_tail(&self) -> usize {
        self.whole.len() * PIECE
    }

    /// How many items there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.before_tail() + self.tail.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The item at a place, from 0.
    #[inline]
    #[must_use]
    pub fn get(&self, at: usize) -> Option<&T> {
        match at.checked_sub(self.before_tail()) {
            Some(at) => self.tail.get(at),
            None => self.whole[at / PIECE].get(at % PIECE),
        }
    }

    /// The last item.
    #[must_use]
    pub fn last(&self) -> Option<&T> {
        self.get(self.len().checked_sub(1)?)
    }

    /// The number of items at the beginning that this is true of; it is false of all behind them.
    pub fn partition_point(&self, holds: impl Fn(&T) -> bool) -> usize {
        let (mut from, mut to) = (0, self.len());
        while from < to {
            let middle = usize::midpoint(from, to);
            if holds(&self[middle]) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        from
    }

    /// All items, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> + ExactSizeIterator + Clone {
        self.iter_from(0)
    }

    /// The items from a place on, in order; none if the list ends before it.
    pub fn iter_from(
        &self,
        from: usize,
    ) -> impl DoubleEndedIterator<Item = &T> + ExactSizeIterator + Clone {
        (from.min(self.len())..self.len()).map(|at| &self[at])
    }
}

impl<T: Clone> SharedList<T> {
    /// Adds an item at the end.
    pub fn push(&mut self, item: T) {
        let tail = own_piece(&mut self.tail);
        tail.push(item);
        if tail.len() == PIECE {
            let piece = std::mem::take(&mut self.tail);
            own(&mut self.whole).push(piece);
        }
    }

    /// The item at a place, to be changed.
    pub fn get_mut(&mut self, at: usize) -> Option<&mut T> {
        match at.checked_sub(self.before_tail()) {
            Some(at) if at < self.tail.len() => own_piece(&mut self.tail).get_mut(at),
            Some(_) => None,
            None => own(own(&mut self.whole).get_mut(at / PIECE)?).get_mut(at % PIECE),
        }
    }

    /// Takes the last item off.
    pub fn pop(&mut self) -> Option<T> {
        if self.tail.is_empty() {
            self.tail = own(&mut self.whole).pop()?;
        }
        own_piece(&mut self.tail).pop()
    }

    /// Cuts the list, so that at most this many items are left.
    pub fn truncate(&mut self, len: usize) {
        if len >= self.len() {
            return;
        }
        if let Some(rest) = len.checked_sub(self.before_tail()) {
            own(&mut self.tail).truncate(rest);
            return;
        }
        let tail = self.whole[len / PIECE][..len % PIECE].to_vec();
        own(&mut self.whole).truncate(len / PIECE);
        self.tail = Rc::new(tail);
    }

    /// Cuts the list and answers what came from this place on.
    pub fn split_off(&mut self, at: usize) -> Vec<T> {
        let rest = self.iter_from(at).cloned().collect();
        self.truncate(at);
        rest
    }
}

impl<T> Index<usize> for SharedList<T> {
    type Output = T;
    fn index(&self, at: usize) -> &T {
        self.get(at).expect("the place is within the list")
    }
}

impl<T: Clone> FromIterator<T> for SharedList<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut list = Self::new();
        list.extend(items);
        list
    }
}

impl<T: Clone> Extend<T> for SharedList<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        items.into_iter().for_each(|item| self.push(item));
    }
}

impl<T: Clone> From<Vec<T>> for SharedList<T> {
    fn from(items: Vec<T>) -> Self {
        items.into_iter().collect()
    }
}

impl<T: PartialEq> PartialEq for SharedList<T> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl<T: Eq> Eq for SharedList<T> {}

impl<T: Hash> Hash for SharedList<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_usize(self.len());
        self.iter().for_each(|item| item.hash(state));
    }
}

impl<T: fmt::Debug> fmt::Debug for SharedList<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<T: Serialize> Serialize for SharedList<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    /// Any mix of operations leaves what a plain list would hold, in every copy that was made.
    #[test]
    fn it_holds_what_a_plain_list_holds() {
        for seed in 0..60 {
            let mut rng = Rng::stream(seed, "list", 0);
            let mut pairs = vec![(SharedList::new(), Vec::new())];
            for step in 0..400_u64 {
                let at = rng.below(pairs.len() as u64) as usize;
                let (list, plain) = &mut pairs[at];
                match rng.below(9) {
                    0..4 => {
                        for nth in 0..rng.below(60) {
                            list.push((step, nth));
                            plain.push((step, nth));
                        }
                    }
                    4 => {
                        let len = rng.below(plain.len() as u64 + 3) as usize;
                        list.truncate(len);
                        plain.truncate(len);
                    }
                    7 => {
                        assert_eq!(list.pop(), plain.pop());
                    }
                    8 => {
                        let at = rng.below(plain.len() as u64 + 2) as usize;
                        let (item, plainly) = (list.get_mut(at), plain.get_mut(at));
                        assert_eq!(item.is_some(), plainly.is_some());
                        for item in [item, plainly].into_iter().flatten() {
                            *item = (step, 7);
                        }
                    }
                    5 => {
                        let from = rng.below(plain.len() as u64 + 1) as usize;
                        assert_eq!(list.split_off(from), plain.split_off(from));
                    }
                    _ => {
                        let copy = pairs[at].clone();
                        pairs.push(copy);
                    }
                }
                if pairs.len() > 6 {
                    pairs.remove(rng.below(6) as usize);
                }
            }
            for (list, plain) in &pairs {
                assert_eq!(list.len(), plain.len());
                assert!(list.iter().eq(plain), "seed {seed}");
                assert!(list.iter().rev().eq(plain.iter().rev()));
                assert_eq!(list.last(), plain.last());
                assert_eq!(list.get(plain.len()), None);
                let bound = (rng.below(400), 0);
                let below = |item: &(u64, u64)| *item < bound;
                let sorted: SharedList<_> = {
                    let mut sorted = plain.clone();
                    sorted.sort_unstable();
                    sorted.into()
                };
                let plainly = plain.iter().filter(|item| below(item)).count();
                assert_eq!(sorted.partition_point(below), plainly);
            }
        }
    }

    #[test]
    fn a_copy_of_a_long_list_and_a_push_into_it_cost_one_piece() {
        let mut list: SharedList<u64> = (0..100_000).collect();
        let before = crate::memory::copied();
        let copy = list.clone();
        list.push(1);
        let pointers = list.whole.len() * size_of::<usize>();
        assert!(crate::memory::copied() - before <= PIECE * 8 + pointers);
        assert_eq!((copy.len(), list.len()), (100_000, 100_001));
    }
}
