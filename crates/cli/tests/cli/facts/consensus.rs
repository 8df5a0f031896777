//! What is published of agreement: Paxos, PBFT with liars, and proof of stake.

use super::{marks, probe, sent, states};

/// What each node has learned; most are no learners.
fn learned(line: &str) -> Vec<String> {
    let all = states(line, "learned");
    all.iter()
        .filter_map(|learned| Some(learned.as_str()?.to_owned()))
        .collect()
}

/// X-PAXM: 4n messages with n acceptors and a learner apart, and n more for each further learner.
#[test]
fn paxos_sends_four_messages_an_acceptor() {
    let kinds = ["Prepare", "Promise", "Accept", "Accepted"];
    for n in [3_u64, 5, 7] {
        let line = format!("run paxos/one-proposer --param acceptors={n} --until 7s");
        assert_eq!(sent(&line, &kinds), [n; 4]);
        assert_eq!(probe(&line, "messages"), (4 * n) as f64);
        assert_eq!(learned(&line), ["1.1 = red"]);
        let three = format!("{line} --param learners=3");
        assert_eq!(probe(&three, "messages"), (6 * n) as f64);
    }
}

/// X-PAX1, X-PAX2, X-PAX3: which value a second proposer must take, by what its majority reports.
#[test]
fn paxos_takes_over_what_a_majority_reports() {
    for seed in 1..=3 {
        let adopts = |scenario: &str| {
            let line = format!("run paxos/{scenario} --seed {seed}");
            (marks(&line, "adopts"), learned(&line))
        };
        let (taken, value) = adopts("accepted-once");
        assert_eq!((taken.len(), taken[0].0.as_str()), (1, "n2"));
        assert_eq!(value, ["1.2 = red"]);
        let (taken, value) = adopts("highest-of-two");
        assert!(taken[0].1.contains("must take blue"), "{taken:?}");
        assert_eq!((taken.len(), value.len()), (1, 1));
        assert_eq!(value, ["1.2 = blue"], "learned before node 3 asked");
        let free = format!("run paxos/another-majority --seed {seed} --until 9s");
        assert_eq!(learned(&free), ["1.2 = blue"]);
        let refuses = marks(&free, "refuses");
        let by: Vec<&str> = refuses.iter().map(|(node, _)| node.as_str()).collect();
        assert!(by.contains(&"n4") && by.contains(&"n5"), "{refuses:?}");
        assert_eq!(probe(&free, "values-chosen"), 1.0);
    }
    // Without P2c two values are chosen.
    let own = "run paxos/second-proposer --switch adopt=off";
    assert_eq!(probe(own, "values-chosen"), 2.0);
}

/// X-PAX4: a duel chooses nothing, and a random wait or a distinguished proposer ends it.
#[test]
fn paxos_duels_until_somebody_waits() {
    let duel = "run paxos/duel --until 60s";
    assert_eq!(probe(duel, "values-chosen"), 0.0);
    assert!(probe(duel, "rounds") > 40.0);
    for preset in ["correct", "distinguished"] {
        let ended = format!("{duel} --preset {preset}");
        assert_eq!(probe(&ended, "values-chosen"), 1.0, "{preset}");
    }
}

/// Q-MAJ: with 3, 4, 5 and 7 acceptors, 1, 1, 2 and 3 may be down.
#[test]
fn paxos_tolerates_a_minority() {
    for (n, tolerated) in [(3, 1), (4, 1), (5, 2), (7, 3)] {
        let down = |count: u32| {
            let mut line = format!("run paxos/one-proposer --param acceptors={n}");
            for id in 2..2 + count {
                line += &format!(" --command \"100ms crash n{id}\"");
            }
            probe(&line, "values-chosen")
        };
        assert_eq!((down(tolerated), down(tolerated + 1)), (1.0, 0.0), "{n}");
    }
}

/// X-PAXM: under a leader, phase 2 alone: one message to each other server and one back.
#[test]
fn multi_paxos_sends_two_messages_an_acceptor() {
    let kinds = ["Prepare", "Promise", "Accept", "Accepted"];
    for n in [3_u64, 5, 7] {
        let line = format!("run multi-paxos/steady --param nodes={n} --until 1900ms");
        let others = n - 1;
        assert_eq!(
            sent(&line, &kinds),
            [others, others, 5 * others, 5 * others]
        );
        assert_eq!(probe(&line, "per-slot"), (2 * others) as f64);
        assert_eq!(
            (probe(&line, "chosen"), probe(&line, "ballots")),
            (5.0, 1.0)
        );
    }
}

/// Section 3 of the paper: a new leader fills a gap with a no-op, and takes over what was accepted behind it.
#[test]
fn multi_paxos_fills_gaps_with_no_ops() {
    for seed in 1..=3 {
        let line = format!("run multi-paxos/gap --seed {seed}");
        let fills = marks(&line, "fills");
        assert_eq!(fills.len(), 1, "{fills:?}");
        assert!(
            fills[0].0 == "n2" && fills[0].1.contains("slot 2"),
            "{fills:?}"
        );
        let adopts = marks(&line, "adopts");
        assert!(
            adopts.len() == 1 && adopts[0].1.contains("slot 3"),
            "{adopts:?}"
        );
        assert_eq!((probe(&line, "executed"), probe(&line, "gaps")), (4.0, 0.0));
        let left = format!("{line} --switch fill-gaps=off --until 1100ms");
        assert_eq!(
            (probe(&left, "executed"), probe(&left, "no-ops")),
            (1.0, 0.0)
        );
    }
}

/// P-N4, P-N4S: the phases of one request, with all replicas honest and with one silent.
#[test]
fn pbft_sends_as_many_messages_as_counted() {
    let kinds = ["REQUEST", "PRE-PREPARE", "PREPARE", "COMMIT", "REPLY"];
    let line = "run pbft/normal-case --until 9s";
    assert_eq!(sent(line, &kinds), [1, 3, 9, 12, 4]);
    assert_eq!(
        sent(&format!("{line} --param nodes=7"), &kinds),
        [1, 6, 36, 42, 7]
    );
    let down = format!("{line} --command \"0s crash n4\"");
    assert_eq!(sent(&down, &kinds), [1, 3, 6, 9, 3]);
    for n in [4_u32, 5, 6, 7, 10, 13, 16] {
        let between = probe(&format!("{line} --param nodes={n}"), "between");
        assert_eq!(between, f64::from(2 * n * (n - 1)), "{n} replicas");
    }
    let silent = "run pbft/silent-backup --until 9s";
    assert_eq!(
        (probe(silent, "between"), probe(silent, "ok")),
        (18.0, 100.0)
    );
}

/// P-Q, P-EQ: of two stories only one commits, with 3f + 1 replicas; with 3f, or one liar more, both do.
#[test]
fn pbft_bears_fewer_than_a_third_of_liars() {
    for seed in 1..=3 {
        let line = format!("run pbft/two-stories --seed {seed}");
        let second: Vec<(String, String)> = marks(&line, "committed")
            .into_iter()
            .filter(|(_, says)| says.contains("number 2"))
            .collect();
        assert_eq!(second.len(), 3, "{second:?}");
        assert!(
            second.iter().all(|(_, says)| says.contains("x=2")),
            "{second:?}"
        );
        assert_eq!(probe(&line, "split"), 0.0);
        let too_many = ["two-liars", "three-replicas"];
        for scenario in too_many {
            let line = format!("run pbft/{scenario} --seed {seed}");
            assert_eq!(probe(&line, "split"), 1.0, "{scenario}");
        }
        let seven = format!("run pbft/seven-replicas --seed {seed}");
        assert_eq!((probe(&seven, "split"), probe(&seven, "ok")), (0.0, 100.0));
        let small = format!("{line} --switch quorum=off");
        assert_eq!(probe(&small, "split"), 1.0);
    }
}

/// W-POS: stakes of 50, 30 and 20 and 10,000 slots, within three standard deviations of a binomial draw.
#[test]
fn slots_of_proof_of_stake_follow_the_stakes() {
    let line = "run pos/unequal-stakes --param slot=1000 --until 10000500ms";
    let report = super::report(line);
    let mut all = 0.0;
    for (name, expected, within) in [
        ("blocks-1", 5_000.0, 150.0),
        ("blocks-2", 3_000.0, 137.0),
        ("blocks-3", 2_000.0, 120.0),
    ] {
        let made = report["probes"][name].as_f64().expect("a number");
        assert!((made - expected).abs() <= within, "{name}: {made}");
        all += made;
    }
    assert_eq!(all, 10_000.0);
}

/// Casper, theorem 1 and its converse: half against half nothing is final, and if two final blocks conflict, a third
/// is named.
#[test]
fn conflicting_final_blocks_name_a_third_of_the_stake() {
    for seed in 1..=3 {
        let split = format!("run pos/split-in-half --seed {seed} --until 39s");
        assert_eq!(
            (probe(&split, "final"), probe(&split, "chains")),
            (0.0, 1.0)
        );
        let lying = format!("run pos/a-third-lies --seed {seed}");
        assert_eq!(
            (probe(&lying, "chains"), probe(&lying, "proved")),
            (2.0, 34.0)
        );
    }
}
