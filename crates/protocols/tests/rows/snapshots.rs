//! Saved states: what a crash undoes.

use super::Row;

#[test]
fn t6() {
    let mean = |scenario: &str, probe: &str| {
        let run = |seed| Row::of(scenario).seed(seed).ended().read(probe);
        (1..=10).map(run).sum::<f64>() / 10.0
    };
    // The longer the interval, the more is undone, and the less is saved.
    let often = mean("snapshot/often", "redone");
    let ten = mean("snapshot/checkpoints", "redone");
    let seldom = mean("snapshot/seldom", "redone");
    assert!(often < ten && ten < seldom, "{often} {ten} {seldom}");
    let saved = |scenario| mean(scenario, "checkpoints");
    assert!(saved("snapshot/often") > 2.0 * saved("snapshot/seldom"));
    // Checkpoints that were not saved together do not fit together.
    let (planned, alone) = (
        mean("snapshot/checkpoints", "domino"),
        mean("snapshot/no-plan", "domino"),
    );
    assert!(alone > planned, "{alone} {planned}");
}
