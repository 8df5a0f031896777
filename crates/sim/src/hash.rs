//! One hash for states, traces and addresses: the same 64 bits on every machine and in every browser.
//!
//! `usize` and `isize` (lengths, enum discriminants) are widened to 64 bits, all words are little
//! endian, and the function is fixed here rather than by the standard library.

use std::hash::{Hash, Hasher};

/// A word-at-a-time hash with SplitMix64's finalizer. Not for secrets: it only tells states apart.
#[derive(Clone, Debug, Default)]
pub struct StableHasher {
    state: u64,
}

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
        Self { state: hash }
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
    fn write_i128(&mut self, n: i128) {
        self.write_u128(n as u128);
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
    }
}
