//! Atomic commitment over several banks, and sagas.

use super::{probe, report, sent};

/// T-3PC: question, vote, pre-commit, acknowledgement, decision, each n times; 6n with the last acknowledgement.
#[test]
fn three_phase_commit_counts() {
    let kinds = ["CanCommit", "Vote", "PreCommit", "Ack", "DoCommit"];
    for n in [3_u64, 7] {
        let line = format!("run three-phase-commit/all-agree --param participants={n}");
        assert_eq!(sent(&line, &kinds), [n; 5]);
        assert_eq!(probe(&line, "messages"), (5 * n) as f64);
        let acks = format!("{line} --switch final-acks=on");
        assert_eq!(probe(&acks, "messages"), (6 * n) as f64);
    }
}

/// How the first transaction ended at each bank.
fn ends(line: &str) -> Vec<String> {
    let report = report(line);
    let nodes = report["nodes"].as_array().expect("nodes").iter().skip(1);
    let end = |node: &serde_json::Value| node["state"]["decided"]["T1"].to_string();
    nodes.map(end).collect()
}

/// T-3PCB: without the coordinator, uncertain banks abort; if one knows that all agreed, they commit. A partition
/// splits the decision, and a majority prevents that.
#[test]
fn three_phase_commit_blocks_nobody_and_splits() {
    for seed in 1..=3 {
        let dies = format!("run three-phase-commit/coordinator-dies --until 10s --seed {seed}");
        assert_eq!(ends(&dies), ["\"abort\""; 3]);
        assert_eq!(probe(&dies, "blocked"), 0.0);
        let knows = format!("run three-phase-commit/one-knows-more --seed {seed}");
        assert_eq!(ends(&knows), ["\"commit\""; 3]);
        assert_eq!(probe(&knows, "blocked"), 0.0);
        let split = format!("run three-phase-commit/partition --seed {seed}");
        assert_eq!(ends(&split), ["\"commit\"", "\"commit\"", "\"abort\""]);
        let majority = format!("{split} --switch quorum=on");
        assert_eq!(ends(&majority), ["\"commit\""; 3]);
    }
}

/// T-2PCB: the same crashes leave banks waiting under two-phase commit, and under three phases they do not.
#[test]
fn the_third_phase_ends_what_two_leave_open() {
    assert!(probe("run two-phase-commit/coordinator-dies", "blocked") > 9.0);
    assert!(probe("run two-phase-commit/crash-points", "left-waiting") >= 4.0);
    assert_eq!(
        probe("run three-phase-commit/crash-points", "left-waiting"),
        0.0
    );
}

/// T-SAGA: T1 to T5, and T4 fails: three compensations, in reverse. In between others see T1 to T3.
#[test]
fn a_saga_undoes_its_steps_in_reverse() {
    for scenario in ["five-steps", "choreography"] {
        for seed in 1..=3 {
            let line = format!("run saga/{scenario} --seed {seed}");
            assert_eq!(probe(&line, "steps-undone"), 3.0);
            assert_eq!(probe(&line, "undone"), 1.0);
            assert!(probe(&line, "between") > 2.0);
            assert_eq!(probe(&line, "locked"), 0.0);
        }
    }
    let report = report("run saga/five-steps");
    let nodes = report["nodes"].as_array().expect("nodes").iter().skip(1);
    let places = nodes.map(|node| node["state"]["trips"]["1"].to_string());
    let expected = [r#"{"given_back":4}"#; 3].into_iter().chain([r#""refused""#, "null"]);
    assert!(places.eq(expected));
}

/// The same crash of node 1: two phases lock rows until it is back, three for a while, a saga not at all.
#[test]
fn the_same_crash_locks_nothing_in_a_saga() {
    let locked = |scenario: &str| probe(&format!("run {scenario}"), "locked");
    let two = locked("two-phase-commit/coordinator-dies");
    let three = locked("three-phase-commit/coordinator-dies");
    assert!(two > three && three > 0.0, "{two} {three}");
    assert_eq!(locked("saga/same-crash"), 0.0);
}
