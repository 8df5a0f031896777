//! Sorted keys in ranges: one hot shard, and questions to many shards.

use super::Row;

fn mean(scenario: &str, probe: &str) -> f64 {
    let run = |seed| Row::of(scenario).seed(seed).ended().read(probe);
    (1..=5).map(run).sum::<f64>() / 5.0
}

#[test]
fn d2() {
    let skew = |scenario| mean(scenario, "skew");
    assert_eq!(skew("shard-range/time-ordered"), 4.0, "one of four has all");
    assert!(skew("shard-range/random-keys") < 2.0);
    assert!(skew("shard-range/salted") < 2.0);
    // A split moves keys, and the writes go where the newest range is.
    assert!(mean("shard-range/split", "moved") > 5.0);
    assert!(mean("shard-range/split", "hot") > 75.0);
    assert!(mean("shard-range/salted", "hot") < 75.0);
}

#[test]
fn s3_ranges() {
    let touched = |scenario| mean(scenario, "touched");
    let (one, all) = (
        touched("shard-range/scan"),
        touched("shard-range/scan-salted"),
    );
    assert!(one < 2.0 && all == 4.0, "{one} {all}");
    let p95 = |scenario| mean(scenario, "p95");
    let (narrow, wide) = (p95("shard-range/scan"), p95("shard-range/scan-salted"));
    assert!(wide > 1.1 * narrow, "{narrow} {wide}");
    // One key, some neighbours, something that is not the key: 1, 2 and 4 shards.
    let find = mean("shard-range/find", "touched");
    assert!((find - 7.0 / 3.0).abs() < 1e-9, "{find}");
}
