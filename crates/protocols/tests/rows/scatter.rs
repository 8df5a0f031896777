//! A divided job: how much faster several machines are.

use super::Row;

#[test]
fn mv3() {
    let mean = |scenario: &str, probe: &str| {
        let run = |seed| Row::of(scenario).seed(seed).ended().read(probe);
        (1..=5).map(run).sum::<f64>() / 5.0
    };
    let speedup = |scenario| mean(scenario, "speedup");
    let (one, four) = (
        speedup("scatter/one-machine"),
        speedup("scatter/four-machines"),
    );
    let eight = speedup("scatter/eight-machines");
    assert!(one < 1.0 && four > 2.0 * one, "{one} {four}");
    assert!(
        eight > four && eight < 1.5 * four,
        "not twice: {four} {eight}"
    );
    // The bars shrink, and coordination grows.
    let coordination = |scenario| mean(scenario, "coordination");
    let (few, many) = (
        coordination("scatter/four-machines"),
        coordination("scatter/eight-machines"),
    );
    assert!((many - 2.0 * few).abs() < 0.01, "{few} {many}");
    let busy = mean("scatter/eight-machines", "busy");
    assert!(busy < mean("scatter/four-machines", "busy"), "{busy}");
    // What cannot be divided, and a slow machine.
    assert!(speedup("scatter/half-serial") < 2.0);
    let took = |scenario| mean(scenario, "took");
    let (alone, backup) = (took("scatter/straggler"), took("scatter/straggler-backup"));
    assert!(alone > 2.0 * took("scatter/four-machines") && backup < 0.8 * alone);
}
