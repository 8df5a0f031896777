//! The 80 bytes that a miner hashes, and the target that their hash must lie below.

use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};

use super::hash::BlockHash;

/// The easiest target: one of four hashes lies below it.
const EASIEST: u128 = 1 << 126;
/// The hardest target: one of 2^24.
const HARDEST: u128 = 1 << 104;

/// A target in Bitcoin's short form: three digits of base 256, and how many digits the number has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Bits(pub u32);

impl Bits {
    /// The target whose hashes begin with so many zero bits.
    pub fn of_zeros(zeros: u32) -> Self {
        Self::of_target(1 << (128 - zeros.clamp(1, 127)))
    }

    /// The short form of a target, of which the highest 128 bits are given. It never gets easier by that.
    pub fn of_target(target: u128) -> Self {
        let used = (128 - target.leading_zeros()).div_ceil(8);
        let mut mantissa = match used {
            0..=3 => target << (8 * (3 - used)),
            _ => target >> (8 * (used - 3)),
        } as u32;
        let mut size = used + 16;
        // The highest bit of the three digits is a sign in Bitcoin, so it stays 0.
        if mantissa & 0x80_0000 != 0 {
            mantissa >>= 8;
            size += 1;
        }
        Self((size << 24) | mantissa)
    }

    /// The highest 128 bits of the target.
    pub fn target(self) -> u128 {
        let mantissa = u128::from(self.0 & 0xff_ffff);
        let shift = 8 * (i64::from(self.0 >> 24) - 3) - 128;
        match u32::try_from(shift) {
            Ok(left) if left <= mantissa.leading_zeros() => mantissa << left,
            Ok(_) => u128::MAX,
            Err(_) => mantissa.checked_shr((-shift) as u32).unwrap_or(0),
        }
    }

    /// How many hashes it takes on average: the work that a block of this target proves.
    pub fn work(self) -> u64 {
        let target = self.target().max(1);
        let whole = u128::MAX / target;
        // 2^128 is one more than the largest number.
        let exact = u128::MAX % target == target - 1;
        u64::try_from(whole.saturating_add(u128::from(exact))).unwrap_or(u64::MAX)
    }

    /// The next target, after blocks took so long in the place of that long. A change is at most fourfold.
    pub fn retargeted(self, took_ms: u64, wanted_ms: u64) -> Self {
        let wanted = wanted_ms.max(4);
        let took = took_ms.clamp(wanted / 4, wanted * 4);
        let target = (self.target() / u128::from(wanted)).saturating_mul(u128::from(took));
        Self::of_target(target.clamp(HARDEST, EASIEST))
    }
}

impl Serialize for Bits {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:08x}", self.0))
    }
}

/// What is hashed of a block.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Header {
    #[serde(skip)]
    pub version: u32,
    pub parent: BlockHash,
    /// The hash of what the block holds; Bitcoin has the root of a Merkle tree here.
    pub payload: BlockHash,
    /// Milliseconds on its miner's clock; Bitcoin has seconds.
    pub time: u32,
    pub bits: Bits,
    pub nonce: u32,
}

impl Header {
    /// As Bitcoin lays it out: numbers with their lowest byte first.
    pub fn bytes(&self) -> [u8; 80] {
        let mut bytes = [0; 80];
        bytes[..4].copy_from_slice(&self.version.to_le_bytes());
        bytes[4..36].copy_from_slice(&self.parent.0);
        bytes[36..68].copy_from_slice(&self.payload.0);
        bytes[68..72].copy_from_slice(&self.time.to_le_bytes());
        bytes[72..76].copy_from_slice(&self.bits.0.to_le_bytes());
        bytes[76..].copy_from_slice(&self.nonce.to_le_bytes());
        bytes
    }

    pub fn hash(&self) -> BlockHash {
        BlockHash::twice(&self.bytes())
    }

    /// The proof of work: its hash lies below its target.
    pub fn has_work(&self) -> bool {
        self.hash().value() < self.bits.target()
    }

    /// Tries one nonce after the other, from its own on, until the hash lies below the target. Returns how many it
    /// tried; none if so many were not enough.
    pub fn search(&mut self, most: u32) -> Option<u32> {
        let bytes = self.bytes();
        // The first 64 bytes stay the same, so they are hashed once.
        let start = Sha256::new().chain_update(&bytes[..64]);
        let mut rest = [0; 16];
        rest.copy_from_slice(&bytes[64..]);
        let target = self.bits.target();
        (1..=most).find(|_| {
            rest[12..].copy_from_slice(&self.nonce.to_le_bytes());
            let once = start.clone().chain_update(rest).finalize();
            let found = BlockHash::of(&once).value() < target;
            if !found {
                self.nonce = self.nonce.wrapping_add(1);
            }
            found
        })
    }
}
