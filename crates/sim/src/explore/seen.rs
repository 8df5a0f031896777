//! The fingerprints of all states that were seen: a table with open addresses. It is our own because
//! nothing else in the kernel may hash in an order that another machine does not have, and because only a
//! list of words takes eight bytes a state.

/// Places at the beginning.
const PLACES: usize = 1 << 10;

/// A set of fingerprints. They are as good as random, so they need no hash of their own.
pub struct Seen {
    /// A power of two; 0 is a free place.
    places: Vec<u64>,
    count: usize,
    /// Whether 0 is in it, which has no place.
    zero: bool,
}

impl Default for Seen {
    fn default() -> Self {
        Self {
            places: vec![0; PLACES],
            count: 0,
            zero: false,
        }
    }
}

/// Where a fingerprint is, or the free place where it belongs.
#[inline]
fn place(places: &[u64], print: u64) -> usize {
    let mask = places.len() - 1;
    let mut at = print as usize & mask;
    while places[at] != 0 && places[at] != print {
        at = (at + 1) & mask;
    }
    at
}

impl Seen {
    /// Adds one; false if it was there.
    #[inline]
    pub fn insert(&mut self, print: u64) -> bool {
        if print == 0 {
            return !std::mem::replace(&mut self.zero, true);
        }
        let at = place(&self.places, print);
        if self.places[at] == print {
            return false;
        }
        self.places[at] = print;
        self.count += 1;
        if self.count * 2 > self.places.len() {
            self.grow();
        }
        true
    }

    #[cold]
    fn grow(&mut self) {
        let mut places = vec![0; self.places.len() * 2];
        for print in self.places.iter().copied().filter(|print| *print != 0) {
            let at = place(&places, print);
            places[at] = print;
        }
        self.places = places;
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count + usize::from(self.zero)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The smallest first.
    #[must_use]
    pub fn sorted(&self) -> Vec<u64> {
        let all = self.places.iter().copied().filter(|print| *print != 0);
        let mut all: Vec<u64> = all.chain(self.zero.then_some(0)).collect();
        crate::sorted::sort_by_key(&mut all, |print| *print);
        all
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Seen;
    use crate::rng::Rng;

    #[test]
    fn it_is_a_set() {
        let mut rng = Rng::stream(3, "seen", 0);
        let (mut seen, mut tree) = (Seen::default(), BTreeSet::new());
        for _ in 0..20_000 {
            // Some come again, and many fall on the same places.
            let print = match rng.below(4) {
                0 => rng.below(5_000),
                1 => rng.below(20) << 40,
                _ => rng.next_u64(),
            };
            assert_eq!(seen.insert(print), tree.insert(print), "{print}");
        }
        assert_eq!(seen.len(), tree.len());
        assert_eq!(seen.sorted(), tree.into_iter().collect::<Vec<u64>>());
    }
}
