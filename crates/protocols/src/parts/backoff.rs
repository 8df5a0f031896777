//! How long a client waits before it asks again.

use faultline_sim::rng::Rng;
use faultline_sim::time::Duration;

/// A wait grows to at most this many times the first one.
const MOST: u64 = 4;

/// How long try number `tries` (from 1) waits for its answer. The first waits exactly `first`. Later
/// ones wait between half and all of a time that doubles with each try, up to [`MOST`] times the
/// first: exponential back-off, with jitter so that clients that failed together do not ask together.
pub fn wait(rng: &mut Rng, first: Duration, tries: u32) -> Duration {
    let doublings = tries.saturating_sub(1);
    if doublings == 0 {
        return first;
    }
    let factor = 1u64.checked_shl(doublings).unwrap_or(MOST).min(MOST);
    let longest = first.0.saturating_mul(factor);
    Duration(rng.between(longest / 2, longest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_with_jitter_up_to_a_bound() {
        let first = Duration::millis(200);
        let mut rng = Rng::stream(1, "backoff", 0);
        let mut drawn = Vec::new();
        for (tries, least, most) in [
            (0, 200, 200),
            (1, 200, 200),
            (2, 200, 400),
            (3, 400, 800),
            (4, 400, 800),
            (1_000, 400, 800),
        ] {
            for _ in 0..100 {
                let wait = wait(&mut rng, first, tries);
                let bounds = Duration::millis(least).0..=Duration::millis(most).0;
                assert!(bounds.contains(&wait.0), "try {tries} waits {wait:?}");
                drawn.push(wait.0);
            }
        }
        drawn.sort_unstable();
        drawn.dedup();
        assert!(drawn.len() > 300, "the waits are drawn, not computed");
    }
}
