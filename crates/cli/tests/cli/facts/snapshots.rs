//! What is published of distributed snapshots and checkpoints.

use super::probe;

/// Chandy and Lamport: a marker on each channel, and all the money is in the snapshot, whatever was on its way.
#[test]
fn a_snapshot_cuts_each_channel_once() {
    for n in [2_u32, 4, 7] {
        let line = format!("run snapshot/money-flies --param nodes={n}");
        assert_eq!(probe(&line, "markers"), f64::from(n * (n - 1)));
        assert_eq!(probe(&line, "counted"), f64::from(100 * n));
    }
    let alone = "run snapshot/balances-only";
    let short = probe(alone, "counted");
    assert!(short < 400.0, "{short}");
}

/// Randell: checkpoints that were not coordinated fall like dominoes.
#[test]
fn dominoes_fall_where_nobody_coordinates() {
    let fallen = |scenario: &str| -> f64 {
        let run = |seed| probe(&format!("run snapshot/{scenario} --seed {seed}"), "domino");
        (1..=5).map(run).sum()
    };
    assert!(fallen("no-plan") > fallen("checkpoints") + 5.0);
}
