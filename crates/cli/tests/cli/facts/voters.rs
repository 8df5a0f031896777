//! What is published of Raft beyond its election and its log: changes of the voters, snapshots, transfers, leases.

use super::{marks, probe, with_input};

fn breaks(line: &str, law: &str) {
    let words: Vec<&str> = line.split(' ').collect();
    let broken = with_input(&[&words[..], &["--expect-violation", law]].concat(), "");
    assert_eq!(broken.code, 0, "{line}: {}", broken.out);
}

/// The schedule of raft-dev, 2015, and the rule that was missing; section 6 needs two entries for any change.
#[test]
fn raft_changes_its_voters_safely() {
    breaks(
        "run raft/two-changes --switch change-after-commit=off",
        "state-machine-safety",
    );
    let waits = marks("run raft/two-changes", "changes-voters");
    assert!(waits.iter().all(|(node, _)| node == "n1"), "{waits:?}");
    assert_eq!(probe("run raft/replace-one-by-one", "changes"), 6.0);
    assert_eq!(probe("run raft/replace-jointly", "changes"), 2.0);
    // [D] 4.2.3: a removed server disturbs, and PreVote (9.6) ends that.
    assert!(probe("run raft/removed-server", "term") > 8.0);
    assert_eq!(probe("run raft/removed-server-asks", "term"), 1.0);
}

/// Section 7: logs stay short, and who needs an old entry gets the state.
#[test]
fn raft_replaces_old_entries_by_snapshots() {
    let installs = marks("run raft/long-absence-snapshot", "installs");
    assert!(installs.iter().all(|(node, _)| node == "n3"));
    assert!(!installs.is_empty());
    assert!(probe("run raft/long-absence-snapshot", "log") < 80.0);
    assert!(probe("run raft/long-absence", "log") > 200.0);
}

/// [D] 3.10 and 6.4.1.
#[test]
fn raft_hands_over_and_leases_trust_clocks() {
    let until = "--until 1900ms";
    let handed = probe(&format!("run raft/leader-hands-over {until}"), "gap");
    let crashed = probe(&format!("run raft/leader-goes {until}"), "gap");
    assert!(handed < 0.08 && crashed > 0.1, "{handed} {crashed}");
    breaks("run raft/lease-slow-clock", "linearizable");
}
