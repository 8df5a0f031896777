//! Hash functions: the listing's, one that mixes, and those of schemes without a ring.

use faultline_sim::rng::mix;

/// The listing's `hash`: 31 times the value so far plus the next UTF-16 unit, modulo 1000. Texts that
/// differ only in their last character land side by side.
pub fn listing(text: &str) -> u32 {
    text.encode_utf16()
        .fold(0, |hash, unit| (hash * 31 + u32::from(unit)) % 1_000)
}

/// FNV-1a over the bytes of the text, 32 bits, then the final mix of MurmurHash3: each bit of the
/// text moves every bit of the place.
pub fn mixed(text: &str) -> u32 {
    let fnv = text.bytes().fold(0x811c_9dc5, |hash: u32, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    fmix(fnv)
}

/// MurmurHash3's `fmix32`.
pub fn fmix(mut hash: u32) -> u32 {
    hash ^= hash >> 16;
    hash = hash.wrapping_mul(0x85eb_ca6b);
    hash ^= hash >> 13;
    hash = hash.wrapping_mul(0xc2b2_ae35);
    hash ^ (hash >> 16)
}

/// A number for each node of a run. Under one seed no two are equal, because each step is invertible.
pub fn drawn(seed: u64, number: u16) -> u16 {
    let mut drawn = number;
    for part in 0..4 {
        let key = mix(seed.wrapping_add(part));
        drawn = drawn.wrapping_add(key as u16);
        drawn = drawn.wrapping_mul((key >> 16) as u16 | 1);
        drawn ^= drawn >> 7;
    }
    drawn
}

/// Jump consistent hash (Lamping and Veach 2014, figure 1): the bucket of a key among `buckets`.
/// No table at all, but buckets can be added and removed only at the end.
pub fn jump(key: u32, buckets: u32) -> u32 {
    let mut state = (u64::from(key) << 32) | u64::from(fmix(key));
    let (mut bucket, mut next) = (0u64, 0u64);
    while next < u64::from(buckets) {
        bucket = next;
        state = state
            .wrapping_mul(2_862_933_555_777_941_757)
            .wrapping_add(1);
        let draw = ((state >> 33) + 1) as f64;
        next = ((bucket + 1) as f64 * ((1u64 << 31) as f64 / draw)) as u64;
    }
    bucket as u32
}
