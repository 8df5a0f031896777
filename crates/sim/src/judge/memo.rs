//! The configurations that are known to lead nowhere.

use crate::rng::mix;

/// The part of a key that says that an operation is in the order.
pub(super) fn bit(id: u32) -> u128 {
    let id = u64::from(id);
    u128::from(mix(id + 1)) << 64 | u128::from(mix(id ^ 0xC0FF_EE00_0000_0000))
}

/// A set of 128-bit keys. The keys are hashes already, so their own bits are their places.
#[derive(Debug, Default)]
pub(super) struct Memo {
    /// A power of two of places, at most half of them taken; 0 is free.
    places: Vec<u128>,
    len: usize,
}

/// A copy knows nothing: what it would know is found again, and mostly not needed.
impl Clone for Memo {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Memo {
    pub(super) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// How many keys there are.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn clear(&mut self) {
        if self.len > 0 {
            *self = Self::default();
        }
    }

    /// The place of a key, or the free one where it belongs.
    fn place(&self, key: u128) -> usize {
        let mask = self.places.len() - 1;
        let mut at = key as usize & mask;
        while self.places[at] != 0 && self.places[at] != key {
            at = (at + 1) & mask;
        }
        at
    }

    pub(super) fn contains(&self, key: u128) -> bool {
        !self.is_empty() && self.places[self.place(key.max(1))] != 0
    }

    pub(super) fn insert(&mut self, key: u128) {
        if self.len * 2 >= self.places.len() {
            let larger = vec![0; (self.places.len() * 2).max(64)];
            for old in std::mem::replace(&mut self.places, larger) {
                if old != 0 {
                    let at = self.place(old);
                    self.places[at] = old;
                }
            }
        }
        let key = key.max(1);
        let at = self.place(key);
        if self.places[at] == 0 {
            self.places[at] = key;
            self.len += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    #[test]
    fn it_holds_what_was_put_in() {
        let mut rng = Rng::stream(1, "memo", 0);
        let mut draw = || u128::from(rng.below(u64::MAX)) << 64 | u128::from(rng.below(u64::MAX));
        let keys: Vec<u128> = (0..5_000).map(|_| draw()).collect();
        let others: Vec<u128> = (0..5_000).map(|_| draw()).collect();
        let mut memo = Memo::default();
        for key in &keys {
            memo.insert(*key);
            memo.insert(*key);
        }
        assert_eq!(memo.len(), 5_000);
        assert!(keys.iter().all(|key| memo.contains(*key)));
        assert!(!others.iter().any(|key| memo.contains(*key)));
    }
}
