//! PreVote ([D] 9.6) and CheckQuorum ([D] 6.2): what a deaf server does to the others.

use faultline_sim::process::NodeId;

use super::{Play, leaders, node, probe, solo};
use crate::raft::{CHECK_QUORUM, Message, PRE_VOTE, Role};

const SEEDS: u64 = 8;

/// Node 3 of so many hears nobody from 500 ms on.
fn deaf(nodes: u32, seed: u64) -> Play {
    let others = (1..=nodes).filter(|id| *id != 3).map(|id| format!("n{id}"));
    let others: Vec<String> = others.collect();
    let deaf = format!("500ms oneway {}->n3", others.join(","));
    let play = Play::of("kill-the-leader").seed(seed);
    play.param("nodes", nodes)
        .commands(&["10ms fire n1 ElectionTimeout", &deaf])
}

/// A server that hears no heartbeat raises its term and asks for votes, again and again (9.6).
#[test]
fn a_deaf_follower_forces_elections_and_pre_vote_ends_that() {
    for seed in 1..=SEEDS {
        for nodes in [3, 5, 7] {
            let plain = deaf(nodes, seed).until(5_000);
            assert!(
                probe(&plain, "elections") > Some(8.0),
                "{nodes}, seed {seed}"
            );
            let on = deaf(nodes, seed).switch(PRE_VOTE.name, true);
            let run = on.until(5_000);
            assert_eq!(probe(&run, "term"), Some(1.0), "{nodes}, seed {seed}");
            assert_eq!(leaders(&run), [1]);
        }
    }
}

/// A leader that reaches its followers and hears nothing (6.2).
#[test]
fn a_deaf_leader_steps_down_if_it_checks() {
    for seed in 1..=SEEDS {
        let plain = Play::of("deaf-leader").seed(seed);
        let (cut, end) = (plain.until(600), plain.until(5_000));
        assert_eq!(leaders(&end), [1]);
        assert_eq!(probe(&end, "committed"), probe(&cut, "committed"));
        let steady = Play::of("deaf-leader-steady").seed(seed).until(5_000);
        assert!(!leaders(&steady).contains(&1), "seed {seed}");
        assert!(probe(&steady, "committed") > probe(&end, "committed"));
        let elections = probe(&steady, "elections").unwrap();
        assert!(
            (2.0..6.0).contains(&elections),
            "node 1 disturbs nobody: {elections}"
        );
    }
}

/// CheckQuorum alone only moves the trouble: the deaf leader becomes a deaf follower.
#[test]
fn check_quorum_without_pre_vote_leaves_a_deaf_follower() {
    let play = Play::of("deaf-leader-steady").switch(PRE_VOTE.name, false);
    let run = play.until(5_000);
    assert!(probe(&run, "elections") > Some(8.0));
}

/// A majority that answers keeps its leader, however slow one follower is.
#[test]
fn a_leader_with_a_majority_stays() {
    for seed in 1..=SEEDS {
        let play = Play::of("two-of-five-crash").seed(seed);
        let on = play
            .switch(PRE_VOTE.name, true)
            .switch(CHECK_QUORUM.name, true);
        let run = on.until(3_000);
        assert_eq!((leaders(&run), node(&run, 1).current_term), (vec![1], 1));
    }
}

/// PreVote asks and changes nothing: neither the term of a voter nor its vote.
#[test]
fn a_pre_vote_changes_nothing_at_the_voter() {
    for (last_log_term, last_log_index, granted) in [(2, 2, true), (3, 1, true), (1, 9, false)] {
        let mut solo = solo(3, &[1, 2]);
        let ask = Message::PreVote {
            term: 9,
            last_log_index,
            last_log_term,
        };
        let said = solo.deliver(2, ask);
        let [(NodeId(2), Message::PreVoteReply { term, vote_granted })] = said[..] else {
            panic!("one answer, not {said:?}");
        };
        // A yes repeats the term asked for, a no tells the voter's own.
        assert_eq!((vote_granted, term), (granted, if granted { 9 } else { 2 }));
        let node = &solo.node;
        assert_eq!(
            (node.current_term, node.voted_for, node.role),
            (2, None, Role::Follower)
        );
    }
}

/// R-AVAIL: with three of five down, terms grow without end; with PreVote they stand.
#[test]
fn without_a_majority_terms_stand_with_pre_vote() {
    for seed in 1..=SEEDS {
        let play = Play::of("three-of-five-crash").seed(seed);
        let term = |run: &faultline_sim::timeline::Timeline| probe(run, "term");
        let plain = (play.until(1_300), play.until(2_190));
        assert!(term(&plain.1) > term(&plain.0));
        let on = play.switch(PRE_VOTE.name, true);
        assert_eq!(
            term(&on.until(2_190)),
            term(&on.until(1_000)),
            "seed {seed}"
        );
    }
}
