//! Agreement on one value.

use super::Row;

#[test]
fn c1() {
    // One proposer: four messages for each of three acceptors, one ballot.
    let alone = Row::of("paxos/one-proposer").at(7_900);
    assert_eq!((alone.read("messages"), alone.read("rounds")), (12.0, 1.0));
    assert_eq!(alone.read("values-chosen"), 1.0);
    // Two that disturb each other: more and more ballots, and no value.
    let duel = Row::of("paxos/duel");
    let rounds = [5_000, 10_000, 20_000].map(|at| duel.at(at).read("rounds"));
    assert!(rounds[0] >= 3.0 && rounds[1] > rounds[0] && rounds[2] > rounds[1]);
    let run = duel.ended();
    assert_eq!(run.read("values-chosen"), 0.0);
    assert!(run.read("messages") > 60.0 && run.read("refusals") > 20.0);
    // A random wait ends it, and so does a single proposer that all leave it to.
    for preset in ["correct", "distinguished"] {
        let ended = duel.preset(preset).at(60_000);
        assert_eq!(ended.read("values-chosen"), 1.0, "{preset}");
        assert!(ended.read("rounds") < run.read("rounds"), "{preset}");
    }
    let waits = Row::of("paxos/backoff").ended();
    assert_eq!(waits.read("values-chosen"), 1.0);
    assert!(waits.read("messages") < run.read("messages"));
}

#[test]
fn c3() {
    // One request, all honest: 2n(n - 1) messages in the three phases.
    for n in [4_u32, 7] {
        let run = Row::of("pbft/normal-case").param("nodes", n).at(9_000);
        let n = f64::from(n);
        assert_eq!(run.read("between"), 2.0 * n * (n - 1.0));
        assert_eq!(run.read("messages"), 1.0 + 2.0 * n * (n - 1.0) + n);
    }
    // One of four lies: honest replicas still agree. Two lie: they do not. Seven bear two.
    for (scenario, split) in [
        ("pbft/two-stories", 0.0),
        ("pbft/two-liars", 1.0),
        ("pbft/seven-replicas", 0.0),
    ] {
        for seed in 1..=5 {
            let run = Row::of(scenario).seed(seed).ended();
            assert_eq!(run.read("split"), split, "{scenario}, seed {seed}");
        }
    }
}
