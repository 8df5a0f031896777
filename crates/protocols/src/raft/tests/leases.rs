//! Reads by lease ([D] 6.4.1).

use super::{Play, broken, leaders, probe};

#[test]
fn a_lease_answers_at_once_and_ends_in_time() {
    for seed in 1..=8 {
        let play = Play::of("lease-read").seed(seed);
        let quick = play.until(360);
        let mean = probe(&quick, "mean").unwrap();
        let asks = play.switch("lease-reads", false).until(500);
        assert!(
            mean < probe(&asks, "mean").unwrap(),
            "a read that asks nobody"
        );
        let end = Play::of("lease-read").seed(seed).until(3_000);
        assert_eq!(broken(&end), [], "seed {seed}");
        assert!(!leaders(&end).is_empty());
    }
}

#[test]
fn a_slow_clock_stretches_a_lease() {
    let mut stale = 0;
    for seed in 1..=8 {
        let play = Play::of("lease-slow-clock").seed(seed);
        let laws: Vec<&str> = broken(&play.until(1_500))
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        assert!(laws.iter().all(|law| *law == "linearizable"), "{laws:?}");
        stale += laws.len();
        let asks = play.switch("lease-reads", false).until(1_500);
        assert_eq!(broken(&asks), []);
    }
    // Under some seeds, node 3 asks for votes at the same time.
    assert!(stale >= 6, "{stale}");
}
