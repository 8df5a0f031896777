//! Log compaction (section 7, Figures 12 and 13).

use std::rc::Rc;

use faultline_sim::process::NodeId;
use faultline_sim::testing::Solo;

use super::{Play, broken, entry, node, probe, solo_given, solo_leader_given, terms};
use crate::raft::{Message, Server, Snapshot, StateMachine, Term, Timer};

const COMPACT: &[(&str, &str)] = &[("compact", "3")];

fn snapshot(index: u64, term: Term) -> Message {
    let machine = StateMachine::default();
    let config = None;
    Message::InstallSnapshot {
        term: 5,
        snapshot: Rc::new(Snapshot {
            index,
            term,
            machine,
            config,
        }),
    }
}

/// What a follower of this log holds after a snapshot: where its log begins, its terms, and what it answers.
fn installed(log: &[Term], index: u64, term: Term) -> (u64, Vec<Term>, u64) {
    let mut solo = solo_given(3, log, COMPACT);
    let said = solo.deliver(2, snapshot(index, term));
    let [(NodeId(2), Message::InstallSnapshotReply { index, .. })] = said[..] else {
        panic!("one answer, not {said:?}");
    };
    assert_eq!(
        solo.node.term_at(solo.node.base()),
        Some(solo.node.beyond.base.1)
    );
    (solo.node.base(), terms(&solo.node), index)
}

/// Figure 13, receiver implementation 6 and 7.
#[test]
fn a_follower_keeps_what_follows_a_snapshot_and_drops_the_rest() {
    // It lacks everything.
    assert_eq!(installed(&[], 4, 3), (4, vec![], 4));
    // Its log ends too early, or conflicts: "discard the entire log".
    assert_eq!(installed(&[1, 1], 4, 3), (4, vec![], 4));
    assert_eq!(installed(&[1, 1, 2, 2, 2], 4, 3), (4, vec![], 4));
    // It has the last entry that is included: "retain log entries following it".
    assert_eq!(installed(&[1, 1, 3, 3, 3, 4], 4, 3), (4, vec![3, 4], 4));
}

#[test]
fn an_old_snapshot_and_an_old_leader_change_nothing() {
    let mut solo = solo_given(3, &[1, 1, 3, 3], COMPACT);
    (solo.node.commit_index, solo.node.last_applied) = (4, 4);
    solo.deliver(2, snapshot(2, 1));
    assert_eq!((solo.node.base(), terms(&solo.node)), (0, vec![1, 1, 3, 3]));
    solo.node.current_term = 9;
    let said = solo.deliver(2, snapshot(7, 4));
    assert_eq!(solo.node.commit_index, 4);
    let [(_, Message::InstallSnapshotReply { term, index })] = said[..] else {
        panic!("one answer, not {said:?}");
    };
    assert_eq!((term, index), (9, 0), "a leader of term 5 learns of term 9");
}

/// A leader of ten entries that has replaced the first ones.
fn compacted() -> Solo<Server> {
    let mut solo = solo_leader_given(3, &[1; 10], 2, COMPACT);
    (solo.node.commit_index, solo.node.last_applied) = (10, 10);
    solo.fire(Timer::Heartbeat);
    solo
}

#[test]
fn a_leader_sends_its_snapshot_to_who_lacks_what_it_dropped() {
    let mut solo = compacted();
    assert_eq!((solo.node.base(), solo.node.last_log_index()), (7, 10));
    let kept = solo
        .node
        .beyond
        .snapshot
        .as_ref()
        .map(|s| (s.index, s.term));
    assert_eq!(kept, Some((10, 1)));
    solo.node.next_index = [(NodeId(2), 8), (NodeId(3), 7)].into();
    let said = solo.fire(Timer::Heartbeat);
    let kinds: Vec<bool> = said
        .iter()
        .map(|(_, message)| matches!(message, Message::InstallSnapshot { .. }))
        .collect();
    assert_eq!(kinds, [false, true], "entry 8 is there, entry 7 is gone");
    let Message::AppendEntries { entries, .. } = &said[0].1 else {
        panic!("entries for node 2");
    };
    assert_eq!(entries.len(), 3);
    // The answer says what matches now.
    solo.deliver(3, Message::InstallSnapshotReply { term: 2, index: 10 });
    assert_eq!(solo.node.next_index.get(&NodeId(3)), Some(&11));
    assert_eq!(solo.node.match_index.get(&NodeId(3)), Some(&10));
}

/// A crash keeps the snapshot and the log behind it, and the machine begins there.
#[test]
fn a_snapshot_survives_a_crash() {
    let mut solo = compacted();
    solo.crash_and_recover();
    let node = &solo.node;
    assert_eq!((node.base(), node.last_log_index()), (7, 10));
    assert_eq!((node.commit_index, node.last_applied), (10, 10));
    assert_eq!(node.term_at(7), Some(1));
    assert_eq!(node.term_at(6), None, "nobody knows any more");
}

/// Entries that only the snapshot stands for are committed, so they fit whatever a leader sends.
#[test]
fn late_entries_from_before_the_snapshot_change_nothing() {
    let mut solo = compacted();
    solo.node.role = crate::raft::Role::Follower;
    let late = Message::AppendEntries {
        term: 2,
        prev_log_index: 4,
        prev_log_term: 1,
        entries: (5..=9).map(|_| entry(1)).collect(),
        leader_commit: 9,
        round: 0,
    };
    let said = solo.deliver(2, late);
    let [(_, Message::AppendEntriesReply { success, index, .. })] = said[..] else {
        panic!("one answer, not {said:?}");
    };
    assert_eq!((success, index), (true, 9));
    assert_eq!((solo.node.base(), solo.node.last_log_index()), (7, 10));
}

/// A server comes back after 200 writes: with the log it needs many messages, with a snapshot one.
#[test]
fn a_snapshot_replaces_what_was_missed() {
    for seed in 1..=8 {
        let run = |scenario: &str, millis| Play::of(scenario).seed(seed).until(millis);
        let log = run("long-absence", 2_500);
        let short = run("long-absence-snapshot", 2_500);
        assert!(
            probe(&log, "behind") > Some(60.0),
            "{:?}",
            probe(&log, "behind")
        );
        assert!(probe(&short, "behind") < probe(&log, "behind"));
        assert!(probe(&log, "log") > Some(200.0));
        assert!(
            probe(&short, "log") < Some(80.0),
            "{:?}",
            probe(&short, "log")
        );
        for scenario in ["long-absence", "long-absence-snapshot"] {
            let end = run(scenario, 4_000);
            assert_eq!(broken(&end), [], "{scenario}, seed {seed}");
            assert_eq!(probe(&end, "behind"), Some(0.0));
            assert_eq!(
                probe(&end, "states"),
                Some(1.0),
                "the same state everywhere"
            );
            assert_eq!(node(&end, 3).last_applied, node(&end, 1).last_applied);
        }
    }
}
