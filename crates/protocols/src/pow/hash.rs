//! SHA-256 (FIPS 180-4), and how a hash is read as a number.

use std::fmt;

use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};

/// A hash of 256 bits. A block is named by its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockHash(pub [u8; 32]);

impl BlockHash {
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Bitcoin hashes a header twice.
    pub fn twice(bytes: &[u8]) -> Self {
        Self::of(&Self::of(bytes).0)
    }

    /// Its highest 128 bits as a number. Bitcoin takes the last byte for the highest.
    pub fn value(&self) -> u128 {
        let mut high = [0; 16];
        high.copy_from_slice(&self.0[16..]);
        u128::from_le_bytes(high)
    }

    /// A number that tells it apart: its lowest bits, which no target restricts.
    pub fn id(&self) -> u64 {
        let mut low = [0; 8];
        low.copy_from_slice(&self.0[..8]);
        u64::from_be_bytes(low)
    }

    /// All 64 digits, the highest first, as Bitcoin writes them: the zeros of the work are in front.
    pub fn written(&self) -> String {
        self.0
            .iter()
            .rev()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    /// All 64 digits in the order of the bytes, as the standard writes them.
    pub fn hex(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Four letters that tell it apart.
impl fmt::Display for BlockHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02x}{:02x}", self.0[0], self.0[1])
    }
}

impl Serialize for BlockHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The first n from 0 on for which the hash of `text` with n behind it begins with so many hexadecimal zeros.
pub fn search_text(text: &str, zeros: u32, most: u32) -> Option<(u32, BlockHash)> {
    let starts = |hash: &BlockHash| {
        let digits = hash.0.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        digits.take_while(|digit| *digit == 0).count() as u32 >= zeros
    };
    (0..most).find_map(|n| {
        let hash = BlockHash::of(format!("{text}{n}").as_bytes());
        starts(&hash).then_some((n, hash))
    })
}
