//! Four mechanisms in one cluster: one run, four lenses, one number each.

use super::Row;

/// All lenses show one run: the traces are equal, record by record. Its five numbers are those of one
/// crash, in the order in which the mechanisms need each other.
#[test]
fn l5() {
    const LENSES: [&str; 5] = [
        "museum/four-lenses",
        "museum/by-gossip",
        "museum/by-election",
        "museum/by-ring",
        "museum/by-vectors",
    ];
    let mut traces = Vec::new();
    for scenario in LENSES {
        let mut run = Row::of(scenario).ended();
        let records = run.0.window(1, u64::MAX);
        let lines: Vec<String> = records.iter().map(|record| record.line()).collect();
        assert!(lines.len() > 500, "{scenario}: {}", lines.len());
        traces.push(lines);
        let detected = run.read("detected-after");
        let (all, leader) = (run.read("all-know-after"), run.read("leader-after"));
        let back = run.read("copies-back-after");
        assert!(
            detected > 4.0 && detected <= all,
            "{scenario}: {detected}, {all}"
        );
        assert!(
            detected <= leader && leader < back,
            "{scenario}: {leader}, {back}"
        );
        assert_eq!(run.read("conflicts"), 1.0, "{scenario}");
    }
    assert!(traces.iter().all(|trace| *trace == traces[0]));
}
