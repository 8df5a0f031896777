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
    // A log: phase 1 once, and then two messages a write for each other server.
    let steady = Row::of("multi-paxos/steady").at(1_900);
    assert_eq!(
        (steady.read("per-slot"), steady.read("ballots")),
        (8.0, 1.0)
    );
    // A gap is filled, and then all is executed.
    let gap = Row::of("multi-paxos/gap").ended();
    assert_eq!((gap.read("no-ops"), gap.read("gaps")), (1.0, 0.0));
    // A leader that was asleep or cut off is refused, and a server that was down catches up.
    for scenario in ["multi-paxos/slow-leader", "multi-paxos/write-and-heal"] {
        let old = Row::of(scenario).ended();
        assert_eq!(
            (old.read("leaders"), old.read("gaps")),
            (2.0, 0.0),
            "{scenario}"
        );
    }
    assert!(Row::of("multi-paxos/slow-leader").ended().read("refusals") >= 1.0);
    assert_eq!(Row::of("multi-paxos/catch-up").ended().read("ok"), 100.0);
    // Two that disturb each other, and the wait that ends it.
    let duel = Row::of("multi-paxos/duel").ended();
    assert_eq!(duel.read("leader-changes"), 0.0);
    let ended = Row::of("multi-paxos/backoff").ended();
    assert!(ended.read("ballots") < duel.read("ballots") && ended.read("chosen") >= 1.0);
    // A server that forgets its promise lets a slot be decided twice.
    let twice = Row::of("multi-paxos/forgotten-promise");
    assert!(twice.ended().broken("agreement").is_some());
    assert_eq!(twice.preset("correct").ended().broken("agreement"), None);
}

#[test]
fn f_b3() {
    let row = Row::of("raft/three-of-five-crash");
    let spare = [450, 750, 1_050].map(|at| row.at(at).read("spare"));
    assert_eq!(spare, [2.0, 1.0, 0.0], "servers that may still fail");
    assert_eq!(
        row.at(1_150).read("live"),
        3.0,
        "two servers and the client"
    );
    // Each crash up to the last spare one is borne: writes go on.
    let committed = [500, 800, 1_090, 2_100].map(|at| row.at(at).read("committed"));
    assert!(committed[0] < committed[1] && committed[1] < committed[2]);
    assert_eq!(committed[2], committed[3], "nothing after the third");
}

#[test]
fn t5() {
    let cost = |scenario: &str, seed| {
        let run = Row::of(scenario).seed(seed).ended();
        (run.read("caught-up"), run.read("caught-up-bytes"))
    };
    for seed in 1..=5 {
        let (log, log_bytes) = cost("raft/long-absence", seed);
        let (snapshot, snapshot_bytes) = cost("raft/long-absence-snapshot", seed);
        assert!(snapshot < log, "seed {seed}: {snapshot} ms and {log} ms");
        assert!(
            snapshot_bytes * 2.0 < log_bytes,
            "seed {seed}: {snapshot_bytes} and {log_bytes} bytes"
        );
    }
}

#[test]
fn t_b3() {
    let row = Row::of("raft/rolling-restart");
    for seed in 1..=10 {
        let run = row.seed(seed).ended();
        assert_eq!(run.read("ok"), 100.0, "seed {seed}");
        // Only the restart of the leader is felt.
        let before = row.seed(seed).at(1_690);
        let felt = run.read("gap") - before.read("gap");
        assert!(felt > 0.05, "seed {seed}: {felt} s without a leader");
        assert!(before.read("p95") < 200.0, "seed {seed}");
        assert!(run.all_broken().is_empty(), "seed {seed}");
    }
}

/// The same cut and the same writes: two values without anybody who decides, one with Raft.
#[test]
fn o2() {
    let told = Row::of("no-consensus/same-cut").ended();
    assert!(told.read("div") >= 2.0);
    let raft = Row::of("raft/write-and-heal").ended();
    assert_eq!(raft.broken("state-machine-safety"), None);
    assert_eq!(raft.read("states"), 1.0);
    // Nothing has to break for that: two writes at once are enough.
    assert_eq!(Row::of("no-consensus/at-once").ended().read("div"), 2.0);
    // One that decides ends with one value, and answers nobody while it is down.
    let decides = Row::of("no-consensus/one-decides");
    assert_eq!(decides.ended().read("div"), 1.0);
    assert!(decides.at(1_050).read("ok") < 100.0);
}

/// A majority that votes, and a lease that runs out: the second waits longer.
#[test]
fn w4() {
    let voted = Row::of("raft/etcd").ended().read("gap");
    let leased = Row::of("lease/controller-crashes").ended().read("gap");
    assert!(voted > 0.1 && leased > voted, "{voted}, {leased}");
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

/// Proof of work: one chain while news is fast, forks when it is slow, and what an attacker gets.
#[test]
fn c4() {
    let grows = Row::of("pow/chain-grows").ended();
    assert!(grows.read("blocks") >= 5.0 && grows.read("stale") <= 3.0);
    // Slow news: blocks are found for nothing, and miners change the branch.
    let slow = Row::of("pow/slow-network").ended();
    assert!(slow.read("stale") > grows.read("stale") && slow.read("reorg") >= 1.0);
    // The fork rate follows the delay, compared with the time between blocks.
    let rate = |jitter: u32, interval: u32| {
        let run = Row::of("pow/fork-rate").param("jitter", jitter);
        run.param("interval", interval).ended().read("fork-rate")
    };
    let rates = [rate(0, 20_000), rate(0, 5_000), rate(6_000, 5_000)];
    assert!(rates.is_sorted() && rates[2] > 2.0 * rates[0], "{rates:?}");
    // Both sides of a split go on, and one gives up what it found.
    let split = Row::of("pow/split-heals").ended();
    assert!(split.read("reorg") >= 2.0);
    assert_eq!(split.broken("heaviest"), None);
    // More confirmations make a payment more certain; more than half of the power makes that worthless.
    let taken = |confirmations: u32, share: u32| {
        let base = Row::of("pow/double-spend").param("confirmations", confirmations);
        let base = base.param("share", share);
        (1..=20)
            .map(|seed| base.seed(seed).ended().read("reversed"))
            .sum::<f64>()
    };
    let counts = [taken(6, 30), taken(1, 30), taken(6, 60)];
    assert!(counts.is_sorted() && counts[2] >= 19.0, "{counts:?}");
    // Withheld blocks: more than the share with much power, less with little.
    let earned = |share: u32| {
        let base = Row::of("pow/selfish").param("share", share);
        (1..=5)
            .map(|seed| base.seed(seed).ended().read("advantage"))
            .sum::<f64>()
    };
    assert!(earned(45) > 0.0 && earned(15) < 0.0);
}

#[test]
fn c5() {
    for seed in 1..=5 {
        // Twice the stake: about twice the blocks.
        let many = Row::of("pos/unequal-stakes").seed(seed).at(151_000);
        assert!(many.read("blocks-1") > many.read("blocks-3"));
        // One of four is absent, and blocks become final; two are, and they do not.
        let one = Row::of("pos/one-offline").seed(seed).at(35_000);
        assert!(one.read("final") >= 3.0 && one.read("finality") < 15.0);
        let before = Row::of("pos/half-offline").seed(seed).at(27_000);
        let two = Row::of("pos/half-offline").seed(seed).at(47_000);
        assert!(two.read("final") <= before.read("final"));
        // Two blocks for one slot, two votes for one epoch: the stake is gone.
        for (scenario, stake) in [("pos/two-blocks", 24.0), ("pos/two-votes", 10.0)] {
            let run = Row::of(scenario).seed(seed).ended();
            assert_eq!((run.read("slashed"), run.read("burned")), (1.0, stake));
        }
    }
}
