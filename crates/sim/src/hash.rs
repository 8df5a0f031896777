//! One hash for states, traces and addresses: the same 64 bits on every machine and in every browser.
//!
//! `usize` and `isize` (lengths, enum discriminants) are widened to 64 bits, all words are little
//! endian, and the function is fixed here rather than by the standard library.

use std::hash::{Hash, Hasher};

/// A word-at-a-time hash with SplitMix64's finalizer. Not for secrets: it only tells states apart.
#[derive(Clone, Debug, Default)]
pub struct StableHasher {
    state: u64,
    names: Option<Box<Names>>,
}

/// Other numbers for nodes: then two states have the same hash that differ in nothing but which of some
/// equal nodes has which number.
#[derive(Clone, Debug, Default)]
struct Names {
    /// By the node's own number, from 1.
    of: Vec<u32>,
    /// Maps and sets that are being hashed: the hash before each, and the sum of its entries.
    open: Vec<(u64, u64)>,
}

/// Marks of a map or a set, whose entries have no order under other numbers. They travel the way of node
/// numbers ([`Hasher::write_i128`]), which nothing else uses, and count for nothing elsewhere.
pub(crate) const OPEN: i128 = -1;
pub(crate) const NEXT: i128 = -2;
pub(crate) const CLOSE: i128 = -3;

impl StableHasher {
    #[inline]
    fn word(&mut self, word: u64) {
        self.state = (self.state.rotate_left(23) ^ word)
            .wrapping_mul(0x9FB2_1C65_1E98_DF25)
            .rotate_left(29);
    }

    /// Goes on from a hash made before.
    #[must_use]
    pub fn from_hash(hash: u64) -> Self {
        Self {
            state: hash,
            names: None,
        }
    }

    /// A hasher to which node `i` has the number `names[i - 1]`.
    #[must_use]
    pub(crate) fn renaming(names: &[u32]) -> Self {
        let names = Names {
            of: names.to_vec(),
            open: Vec::new(),
        };
        Self {
            state: 0,
            names: Some(Box::new(names)),
        }
    }

    /// A new hasher with the same names.
    #[must_use]
    pub(crate) fn fresh(&self) -> Self {
        match &self.names {
            Some(names) => Self::renaming(&names.of),
            None => Self::default(),
        }
    }

    #[cold]
    #[inline(never)]
    fn renamed(&mut self, n: i128) {
        let done = self.finish();
        let Some(names) = &mut self.names else {
            return;
        };
        match n {
            OPEN => names.open.push((std::mem::take(&mut self.state), 0)),
            NEXT => {
                if let Some((_, sum)) = names.open.last_mut() {
                    *sum = sum.wrapping_add(done);
                }
                self.state = 0;
            }
            CLOSE => {
                if let Some((before, sum)) = names.open.pop() {
                    self.state = before;
                    self.word(sum);
                }
            }
            node => {
                let at = (node as usize).checked_sub(1);
                let name = at.and_then(|at| names.of.get(at)).copied();
                self.word(name.map_or(node as u64, u64::from));
            }
        }
    }
}

impl Hasher for StableHasher {
    #[inline]
    fn finish(&self) -> u64 {
        crate::rng::mix(self.state ^ 0x9E37_79B9_7F4A_7C15)
    }

    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            self.word(u64::from_le_bytes(chunk.try_into().expect("eight bytes")));
        }
        let rest = chunks.remainder().iter().rev();
        let last = rest.fold(0, |word, byte| (word << 8) | u64::from(*byte));
        // The length goes in too, so that trailing zeros count.
        self.word(last ^ ((bytes.len() as u64) << 56));
    }

    #[inline]
    fn write_u8(&mut self, n: u8) {
        self.word(u64::from(n));
    }
    #[inline]
    fn write_u16(&mut self, n: u16) {
        self.word(u64::from(n));
    }
    #[inline]
    fn write_u32(&mut self, n: u32) {
        self.word(u64::from(n));
    }
    #[inline]
    fn write_u64(&mut self, n: u64) {
        self.word(n);
    }
    fn write_u128(&mut self, n: u128) {
        self.word(n as u64);
        self.word((n >> 64) as u64);
    }
    #[inline]
    fn write_usize(&mut self, n: usize) {
        self.word(n as u64);
    }
    fn write_i8(&mut self, n: i8) {
        self.word(n as i64 as u64);
    }
    fn write_i16(&mut self, n: i16) {
        self.word(n as i64 as u64);
    }
    fn write_i32(&mut self, n: i32) {
        self.word(n as i64 as u64);
    }
    fn write_i64(&mut self, n: i64) {
        self.word(n as u64);
    }
    /// Only numbers of nodes, and marks of maps and sets.
    #[inline]
    fn write_i128(&mut self, n: i128) {
        if self.names.is_some() {
            self.renamed(n);
        } else if n >= 0 {
            self.word(n as u64);
        }
    }
    #[inline]
    fn write_isize(&mut self, n: isize) {
        self.word(n as i64 as u64);
    }
}

/// The stable hash of one value.
#[must_use]
pub fn stable_hash<T: Hash + ?Sized>(value: &T) -> u64 {
    let mut hasher = StableHasher::default();
    value.hash(&mut hasher);
    hasher.finish()
}

/// A hash as people and JSON see it: 16 hex digits.
#[must_use]
pub fn hex(hash: u64) -> String {
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::NodeId;
    use crate::sorted::SortedMap;

    #[test]
    fn hashes_are_fixed_for_ever() {
        // Written down once; a change here breaks every stored trace hash.
        assert_eq!(
            hex(stable_hash(&(1u32, "n1", vec![2u64, 3]))),
            "4054f65c540316a7"
        );
        assert_ne!(stable_hash("ab"), stable_hash("ba"));
        assert_ne!(stable_hash(&[0u8; 3][..]), stable_hash(&[0u8; 4][..]));
        assert_eq!(stable_hash(&5usize), stable_hash(&5u64));
        assert_eq!(stable_hash(&NodeId(3)), stable_hash(&3u32));
    }

    #[test]
    fn under_other_names_only_the_names_differ() {
        let node = |id| NodeId(id);
        let hash = |names: &[u32], map: &[(u32, u32)]| {
            let map: SortedMap<NodeId, (u32, NodeId)> = map
                .iter()
                .map(|(a, b)| (node(*a), (*b, node(*b))))
                .collect();
            let mut hasher = StableHasher::renaming(names);
            (7u8, &map, node(2)).hash(&mut hasher);
            hasher.finish()
        };
        // 1 and 3 change places.
        let other = hash(&[3, 2, 1], &[(3, 2), (1, 5), (2, 4)]);
        assert_eq!(other, hash(&[1, 2, 3], &[(1, 2), (3, 5), (2, 4)]));
        assert_ne!(other, hash(&[1, 2, 3], &[(1, 5), (3, 2), (2, 4)]));
        assert_ne!(other, hash(&[1, 2, 3], &[(1, 2), (3, 5)]));
    }
}
