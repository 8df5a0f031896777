//! Figures 7 and 8 of the paper, played.

use faultline_sim::event::Event;
use faultline_sim::process::NodeId;

use super::super::{Message, Role, entry};
use super::{Play, broken, count, leaders, logs, node, sent, solo, terms};

/// The log that all seven end with.
const LEADERS: [u64; 11] = [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 8];

#[test]
fn figure_7_who_votes() {
    // n1 is the leader-to-be, n2 to n7 are (a) to (f).
    let run = Play::of("figure-7").until(30);
    let granted = |id: u32| node(&run, id).voted_for == Some(NodeId(1));
    let votes: Vec<bool> = (2..=7).map(granted).collect();
    assert_eq!(votes, [true, true, false, false, true, true], "(a) to (f)");
    assert_eq!((leaders(&run), node(&run, 1).current_term), (vec![1], 8));
}

#[test]
fn figure_7_all_logs_become_the_leaders() {
    let run = Play::of("figure-7").until(95);
    assert_eq!(logs(&run, 7), vec![LEADERS.to_vec(); 7]);
    assert_eq!(broken(&run), []);
    // One step back a refusal: how often each refused before it took anything.
    let refused = |id: u32| {
        count(&run, |record| match &record.event {
            Event::Delivered {
                address, message, ..
            } if address.from == NodeId(id) => {
                message.0.json()["AppendEntriesReply"]["success"] == false
            }
            _ => false,
        })
    };
    let refusals: Vec<usize> = (2..=7).map(refused).collect();
    assert_eq!(refusals, [1, 6, 0, 0, 5, 7]);
    let deleted = |id: u32| node(&run, id).removed.1.len();
    let deleted: Vec<usize> = (2..=7).map(deleted).collect();
    assert_eq!(deleted, [0, 0, 1, 2, 2, 8]);
}

#[test]
fn figure_7_prefixes() {
    let (_, leader) = entry::figure_7(NodeId(1));
    let prefix = |id: u32| {
        let (_, log) = entry::figure_7(NodeId(id));
        let same = |(a, b): &(&entry::Entry, &entry::Entry)| a.term == b.term;
        log.iter().zip(&leader).take_while(same).count()
    };
    let prefixes: Vec<usize> = (2..=7).map(prefix).collect();
    assert_eq!(prefixes, [9, 4, 10, 10, 5, 3]);
}

#[test]
fn figure_7_a_heartbeat_does_not_truncate() {
    // (c) and (d) agree with the leader up to 10 and hold more entries after it.
    for id in [4, 5] {
        let (_, log) = entry::figure_7(NodeId(id));
        let mut follower = solo(7, &log.iter().map(|entry| entry.term).collect::<Vec<_>>());
        let before = terms(&follower.node);
        let heartbeat = Message::AppendEntries {
            term: 8,
            prev_log_index: 10,
            prev_log_term: 6,
            entries: [].into(),
            leader_commit: 0,
            round: 0,
        };
        follower.deliver(1, heartbeat);
        assert_eq!(terms(&follower.node), before);
    }
}

#[test]
fn figure_8_step_by_step() {
    let play = Play::of("figure-8");
    let at = |millis: u64, expected: [&[u64]; 5]| {
        let run = play.until(millis);
        assert_eq!(
            logs(&run, 5),
            expected.map(<[u64]>::to_vec),
            "at {millis} ms"
        );
        run
    };
    let start = at(118, [&[1], &[1], &[1], &[1], &[1]]);
    assert_eq!(node(&start, 3).commit_index, 1);
    let a = at(199, [&[1, 2], &[1, 2], &[1], &[1], &[1]]);
    assert_eq!(
        (node(&a, 1).role, node(&a, 1).current_term),
        (Role::Leader, 2)
    );
    let b = at(299, [&[1, 2], &[1, 2], &[1], &[1], &[1, 3]]);
    assert_eq!(
        (node(&b, 5).role, node(&b, 5).current_term),
        (Role::Leader, 3)
    );
    let voters = [3, 4, 5].map(|id| node(&b, id).voted_for);
    assert_eq!(voters, [Some(NodeId(5)); 3], "three of five elect S5");
    let c = at(415, [&[1, 2, 4], &[1, 2], &[1, 2], &[1], &[1, 3]]);
    assert_eq!(
        (node(&c, 1).role, node(&c, 1).current_term),
        (Role::Leader, 4)
    );
    let copies = [2, 3].map(|id| node(&c, 1).match_index[&NodeId(id)]);
    assert_eq!(copies, [2, 2], "the old entry stands on a majority");
    assert!(node(&c, 1).commit_index <= 1, "and is not committed");
    let d = at(600, [&[1, 2, 4], &[1, 3], &[1, 3], &[1, 3], &[1, 3]]);
    assert_eq!((leaders(&d), node(&d, 5).current_term), (vec![5], 5));
    assert_eq!(broken(&d), []);
    // After its restart, S1 is overwritten like all others.
    let end = Play::of("figure-8")
        .commands(&["700ms recover n1"])
        .until(1_000);
    assert_eq!(logs(&end, 5), vec![vec![1, 3]; 5]);
    assert_eq!(broken(&end), []);
}

#[test]
fn figure_8_with_the_rule_off_breaks_in_d_and_not_before() {
    let play = Play::of("figure-8").switch("current-term", false);
    let c = play.until(419);
    assert_eq!(
        node(&c, 1).commit_index,
        2,
        "counted, and taken for committed"
    );
    assert_eq!(broken(&c), []);
    let d = play.until(600);
    let laws: Vec<&str> = broken(&d).into_iter().map(|(name, _)| name).collect();
    assert_eq!(laws, ["leader-completeness", "state-machine-safety"]);
}

#[test]
fn figure_8_an_entry_of_the_leaders_own_term_saves_it() {
    for rule in [true, false] {
        let run = Play::of("figure-8-saved")
            .switch("current-term", rule)
            .until(1_000);
        for id in [1, 2, 3] {
            assert_eq!(terms(node(&run, id)), [1, 2, 4], "n{id}");
        }
        assert_eq!(node(&run, 1).commit_index, 3);
        assert!(
            leaders(&run).iter().all(|id| *id != 5),
            "S5 can no longer win"
        );
        assert_eq!(broken(&run), []);
    }
}

#[test]
fn a_newer_entry_that_was_never_committed_is_lost_rightly() {
    // As etcd-io/raft's "overwrite newer uncommitted": n3 leads term 2 and its entry reaches no one,
    // n1 learns of term 2 by losing, then wins term 3.
    let run = Play::of("kill-the-leader")
        .param("timeout", 5_000)
        .param("heartbeat", 5_000)
        .commands(&[
            "0s latency constant 5ms",
            "10ms fire n1 ElectionTimeout",
            "120ms fire n3 ElectionTimeout",
            "131ms partition n1,n2,n4,n5|n3",
            "300ms fire n1 ElectionTimeout",
            "400ms fire n1 ElectionTimeout",
            "600ms heal",
        ])
        .until(12_000);
    assert_eq!(broken(&run), []);
    assert_eq!(logs(&run, 5), vec![vec![1, 3]; 5]);
    let votes = count(&run, |record| sent(record, "RequestVote").is_some());
    assert!(votes >= 12);
}
