//! Randomness: every draw comes from the run's seed, in named streams.
//!
//! A node has a [`Rng`] of its own. The network draws by *counter*: what happens to the k-th message
//! on a link is a pure function of `(seed, from, to, k, purpose)`, so losing one message changes
//! nothing on other links and a fork of a run is a controlled experiment.
//! The mixing function is SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number
//! generators", OOPSLA 2014): integer only, so it gives the same bits on every machine.

use serde::Serialize;

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// SplitMix64's finalizer: a bijection on 64 bits that changes about half of them per input bit.
#[inline]
#[must_use]
pub fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// What a network draw is for. Different purposes are independent.
#[derive(Clone, Copy, Debug)]
pub enum Purpose {
    /// How long a message takes.
    Latency = 1,
    /// The second draw of a latency, where its distribution needs two.
    Shape = 2,
    /// Whether the link loses a message.
    Loss = 3,
    /// Whether the link doubles a message.
    Duplication = 4,
    /// As `Latency`, for the second copy.
    CopyLatency = 5,
    /// As `Shape`, for the second copy.
    CopyShape = 6,
    /// Kept for rules that leave something to chance; none does yet.
    Rule = 7,
    /// Which peers a selective liar spares.
    Lie = 8,
}

/// The draw for one purpose of the k-th message of a link.
#[inline]
#[must_use]
pub fn draw(seed: u64, from: u32, to: u32, k: u32, purpose: Purpose) -> u64 {
    let link = (u64::from(from) << 32) | u64::from(to);
    let nth = (u64::from(k) << 8) | purpose as u64;
    mix(mix(seed ^ link.wrapping_mul(GOLDEN)).wrapping_add(nth.wrapping_mul(GOLDEN)))
}

/// A draw as a real number in `[0, 1)`, exact in 53 bits.
#[inline]
#[must_use]
pub fn unit(draw: u64) -> f64 {
    (draw >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
}

/// A draw as an integer below `n` (0 if `n` is 0).
#[inline]
#[must_use]
pub fn below(draw: u64, n: u64) -> u64 {
    ((u128::from(draw) * u128::from(n)) >> 64) as u64
}

/// A stream of random numbers.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Rng {
    state: u64,
}

impl Rng {
    /// The stream called `name`, number `index`, of a run's seed.
    #[must_use]
    pub fn stream(seed: u64, name: &str, index: u64) -> Self {
        let mut state = mix(seed ^ GOLDEN);
        for byte in name.bytes() {
            state = mix(state ^ u64::from(byte).wrapping_mul(GOLDEN));
        }
        Self {
            state: mix(state ^ index.wrapping_mul(GOLDEN)),
        }
    }

    /// The next 64 random bits.
    #[inline]
    pub fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN);
        mix(self.state)
    }

    /// A number from 0 to `n - 1`.
    #[inline]
    pub fn below(&mut self, n: u64) -> u64 {
        below(self.next_u64(), n)
    }

    /// A number from `low` to `high`, both possible.
    #[inline]
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low).saturating_add(1))
    }

    /// A real number in `[0, 1)`.
    #[inline]
    pub fn unit(&mut self) -> f64 {
        unit(self.next_u64())
    }

    /// True with probability `p`.
    #[inline]
    pub fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// One element, or none of an empty slice.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        let at = self.below(items.len() as u64);
        items.get(at as usize)
    }

    /// Puts a slice in random order (Fisher-Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i as u64 + 1) as usize);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splitmix64_agrees_with_its_published_sequence() {
        // The reference implementation started at state 1234567.
        let mut rng = Rng { state: 1_234_567 };
        let got: Vec<u64> = (0..3).map(|_| rng.next_u64()).collect();
        let expected = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
        ];
        assert_eq!(got, expected);
    }

    #[test]
    fn draws_of_a_link_do_not_depend_on_other_links() {
        let a = draw(7, 1, 2, 0, Purpose::Latency);
        assert_ne!(a, draw(7, 2, 1, 0, Purpose::Latency));
        assert_ne!(a, draw(7, 1, 2, 1, Purpose::Latency));
        assert_ne!(a, draw(7, 1, 2, 0, Purpose::Loss));
        assert_ne!(a, draw(8, 1, 2, 0, Purpose::Latency));
        assert_eq!(a, draw(7, 1, 2, 0, Purpose::Latency));
    }

    #[test]
    fn ranges_are_fair_and_closed() {
        let mut rng = Rng::stream(1, "test", 0);
        let mut seen = [0u32; 6];
        for _ in 0..60_000 {
            seen[(rng.between(1, 6) - 1) as usize] += 1;
        }
        for count in seen {
            assert!((9_500..10_500).contains(&count), "{seen:?}");
        }
        assert_eq!(rng.between(5, 5), 5);
    }
}
