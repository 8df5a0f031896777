//! Changes of the voters: one at a time ([D] 4.1 to 4.2), and by joint consensus (section 6).

use faultline_sim::process::NodeId;
use faultline_sim::quorum::Vote;
use faultline_sim::timeline::Timeline;

use super::{Play, broken, leaders, node, probe, solo_leader_given};
use crate::parts::votes::Votes;
use crate::raft::{Command, Config, Role, Timer};

const SINGLE: (&str, &str) = ("membership", "single");
const JOINT: (&str, &str) = ("membership", "joint");

fn ids(numbers: &[u32]) -> Vec<NodeId> {
    numbers.iter().copied().map(NodeId).collect()
}

fn voters(run: &Timeline, id: u32) -> String {
    let config = node(run, id).config();
    config.map(Config::to_string).unwrap_or_default()
}

#[test]
fn a_joint_configuration_needs_both_majorities() {
    let joint = Config {
        voters: ids(&[4, 5, 6]),
        old: ids(&[1, 2, 3]),
    };
    for (yes, no, expected) in [
        (&[1, 2, 3, 4][..], &[][..], Vote::Pending),
        (&[1, 2, 4, 5], &[], Vote::Won),
        (&[1, 2, 3], &[4, 5], Vote::Lost),
        // Others do not count.
        (&[1, 2, 7, 8], &[], Vote::Pending),
    ] {
        let votes = Votes {
            yes: ids(yes).into_iter().collect(),
            no: ids(no).into_iter().collect(),
        };
        assert_eq!(joint.vote(&votes), expected, "{yes:?} {no:?}");
    }
    let reached = |known: [u64; 6]| joint.reached(|id| known[id.index()]);
    assert_eq!(reached([9, 9, 9, 7, 0, 0]), 0);
    assert_eq!(reached([9, 8, 0, 7, 7, 0]), 7);
    assert_eq!(joint.to_string(), "1,2,3+4,5,6");
}

/// What a leader of term 2 puts into its log with its next heartbeat, if these are its entries' terms, all of them
/// are committed, and others have as many of them.
fn next_change(params: &[(&str, &str)], log: &[u64], others: &[(u32, u64)]) -> Option<String> {
    let mut solo = solo_leader_given(5, log, 2, params);
    let committed = log.len() as u64;
    (solo.node.commit_index, solo.node.last_applied) = (committed, committed);
    for (id, has) in others {
        solo.node.match_index.insert(NodeId(*id), *has);
    }
    solo.fire(Timer::Heartbeat);
    let found = solo.node.log.last()?.command.as_ref().clone();
    match found {
        Command::Config(config) => Some(config.to_string()),
        _ => None,
    }
}

#[test]
fn a_leader_takes_one_step_towards_the_voters_who_should_be() {
    let single = |voters| [SINGLE, ("voters", voters)];
    let nobody_is_behind = [(2, 2), (3, 2), (4, 2), (5, 2)];
    for (wanted, expected) in [
        ("1,2,3,4,5", None),
        ("1,2,3", Some("1,2,3,5")),
        ("1,2,3,5", Some("1,2,3,5")),
        // It leaves last itself.
        ("2,3", Some("1,2,3,5")),
        ("2,3,4,5", Some("2,3,4,5")),
    ] {
        let found = next_change(&single(wanted), &[1, 2], &nobody_is_behind);
        assert_eq!(found.as_deref(), expected, "{wanted}");
    }
    let joint = [JOINT, ("voters", "2,3")];
    let found = next_change(&joint, &[1, 2], &nobody_is_behind);
    assert_eq!(found.as_deref(), Some("1,2,3,4,5+2,3"));
    let fixed = [("membership", "fixed"), ("voters", "2,3")];
    assert_eq!(next_change(&fixed, &[1, 2], &nobody_is_behind), None);
}

/// The rule of 2015: nothing of its own term is committed, so it may not know the latest configuration.
#[test]
fn a_new_leader_commits_before_it_changes() {
    let params = [SINGLE, ("voters", "1,2,3")];
    let all = [(2, 2), (3, 2), (4, 2), (5, 2)];
    assert_eq!(next_change(&params, &[1, 1], &all), None);
    assert!(next_change(&params, &[1, 2], &all).is_some());
}

/// R-INV of [D] 4.1: one change at a time.
#[test]
fn a_change_waits_for_the_one_before() {
    let mut solo = solo_leader_given(5, &[2], 2, &[SINGLE, ("voters", "1,2,3")]);
    (solo.node.commit_index, solo.node.last_applied) = (1, 1);
    for _ in 0..3 {
        solo.fire(Timer::Heartbeat);
        assert_eq!(
            solo.node.log.len(),
            2,
            "not before the first one is committed"
        );
    }
}

/// The schedule of 2015. With the rule, one of the changes waits; without it, two majorities share nobody.
#[test]
fn two_changes_at_once_need_a_rule() {
    for seed in 1..=4 {
        let play = Play::of("two-changes").seed(seed);
        assert_eq!(broken(&play.until(1_000)), []);
        let off = play.switch("change-after-commit", false).until(1_000);
        let laws: Vec<&str> = broken(&off).into_iter().map(|(name, _)| name).collect();
        assert!(laws.contains(&"state-machine-safety"), "{laws:?}");
        assert!(laws.contains(&"leader-completeness"), "{laws:?}");
    }
}

#[test]
fn a_fourth_server_votes_and_counts() {
    for seed in 1..=8 {
        let play = Play::of("fourth-server").seed(seed);
        let joined = play.until(1_400);
        for id in [1, 2, 3, 5] {
            assert_eq!(voters(&joined, id), "1,2,3,5", "seed {seed}");
            assert_ne!(node(&joined, id).role, Role::Learner);
        }
        let (two_down, later) = (play.until(2_100), play.until(2_950));
        assert_eq!(probe(&two_down, "committed"), probe(&later, "committed"));
        let end = play.until(4_000);
        assert!(probe(&end, "committed") > probe(&later, "committed"));
        assert_eq!(broken(&end), []);
    }
}

/// [D] 4.2.3: a server that was removed and does not know, and what PreVote does about it.
#[test]
fn a_removed_server_disturbs_unless_it_asks_first() {
    for seed in 1..=8 {
        let run = Play::of("removed-server").seed(seed).until(5_000);
        assert!(probe(&run, "term") > Some(8.0), "seed {seed}");
        assert_eq!(broken(&run), []);
        let asks = Play::of("removed-server-asks").seed(seed).until(5_000);
        assert_eq!(probe(&asks, "term"), Some(1.0), "seed {seed}");
        assert_eq!(leaders(&asks), [1]);
        assert_eq!(voters(&asks, 1), "1,2,5");
        assert_eq!(voters(&asks, 3), "1,2,3,5", "it was never told");
    }
}

#[test]
fn three_servers_are_replaced_by_three_others() {
    for (scenario, changes) in [("replace-one-by-one", 6.0), ("replace-jointly", 2.0)] {
        for seed in 1..=8 {
            let run = Play::of(scenario).seed(seed).until(4_000);
            assert_eq!(broken(&run), [], "{scenario}, seed {seed}");
            assert_eq!(
                probe(&run, "changes"),
                Some(changes),
                "{scenario}, seed {seed}"
            );
            let [leader] = leaders(&run)[..] else {
                panic!(
                    "{scenario}, seed {seed}: one leader, not {:?}",
                    leaders(&run)
                );
            };
            assert!((5..=7).contains(&leader), "{scenario}, seed {seed}");
            assert_eq!(voters(&run, leader), "5,6,7");
            assert_eq!(probe(&run, "lost"), Some(0.0));
        }
    }
}

/// A configuration is used as soon as it is in the log, and not any more when it is deleted ([D] 4.1).
#[test]
fn a_deleted_change_is_forgotten() {
    let play = Play::of("kill-the-leader")
        .param("nodes", 4)
        .param("timeout", 2_000)
        .param("membership", "single")
        .commands(&[
            "0s latency constant 5ms",
            "10ms fire n1 ElectionTimeout",
            "100ms add",
            "160ms partition n1,n5|n2,n3,n4",
            "220ms set voters=1,2,3,4",
            "230ms fire n2 ElectionTimeout",
            "310ms heal",
        ]);
    let cut = play.until(300);
    assert_eq!(voters(&cut, 1), "1,2,3,4,5");
    let run = play.until(600);
    assert_eq!((voters(&run, 1), leaders(&run)), (String::new(), vec![2]));
    assert_eq!(node(&run, 1).removed.1.len(), 1);
}
