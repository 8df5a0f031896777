//! The basics, the parts of a system, Raft, and sharded stores.

use super::Row;

#[test]
fn p1() {
    let row = Row::of("hash-ring/search");
    assert_eq!(row.at(3_500).read("comparisons"), 3.0, "nine points");
    assert_eq!(row.at(7_000).read("comparisons"), 0.0, "beyond the last");
}

#[test]
fn p2() {
    let lossy = Row::of("cluster/lossy-link").ended();
    let whole = Row::of("cluster/hello").ended();
    assert!(lossy.read("dropped") > 0.0 && whole.read("dropped") == 0.0);
    assert!(lossy.read("ok") < whole.read("ok"));
    // The slowest answers waited for a retry.
    assert!(lossy.read("p95") > 1_000.0);
}

#[test]
fn p3() {
    let run = Row::of("cluster/pause-or-crash").ended();
    assert!(run.read("queue") > 10.0, "messages pile up in the queue");
    assert!(
        run.read("false-suspicions") > 0.0,
        "to others it looks crashed"
    );
    let frozen = Row::of("heartbeat/pause-seen").at(14_900);
    assert!(
        frozen.read("inbox") >= 20.0,
        "two peers send for ten seconds"
    );
    assert_eq!(frozen.read("false_alarms"), 2.0, "both take it for dead");
}

#[test]
fn p5() {
    let run = Row::of("cluster/retry-applied-twice").ended();
    assert_eq!((run.read("dropped"), run.read("applied-twice")), (1.0, 1.0));
    // Added once by the request and once by the retry.
    let row = Row::of("counter/add-twice");
    assert_eq!(row.ended().read("total_n1"), 2.0);
    assert_eq!(row.switch("ids", true).ended().read("total_n1"), 1.0);
}

#[test]
fn mv2() {
    let alone = Row::of("raft/service-of-one").ended();
    let three = Row::of("raft/service-of-three").ended();
    assert!(alone.read("ok") + 10.0 < three.read("ok"));
}

#[test]
fn f1() {
    let row = Row::of("cluster/one-of-five-crashes");
    let nodes = row.at(0).read("live");
    assert_eq!(
        row.at(0).read("live") - row.ended().read("live"),
        0.0,
        "it comes back"
    );
    let more = row.does("500ms add").at(600);
    assert_eq!(more.read("live"), nodes + 1.0);
}

#[test]
fn f2() {
    let quick = Row::of("cluster/hello")
        .does("0s latency constant 10ms")
        .ended();
    let slow = Row::of("cluster/hello")
        .does("0s latency constant 300ms")
        .ended();
    assert!(quick.read("messages") > 100.0);
    assert!(slow.read("p95") > quick.read("p95"));
}

#[test]
fn f3() {
    let row = Row::of("cluster/paint-one-colour");
    assert!(row.at(300).read("colours") > 1.0);
    let end = row.ended();
    assert_eq!(end.read("colours"), 1.0);
    assert!(end.read("messages") > 0.0);
}

#[test]
fn f4() {
    let most = |scenario: &str| {
        let row = Row::of(scenario);
        let end = row.ended();
        let seen = (0..60).map(|i| row.at(i * 500).read("disagree"));
        (seen.fold(0.0, f64::max), end.read("false-suspicions"))
    };
    let (crash, _) = most("cluster/one-of-five-crashes");
    let (cut, wrong) = most("cluster/one-link-cut");
    assert!(crash > 0.0, "some notice before others");
    assert!(cut > 0.0 && wrong > 0.0, "both ends doubt one who lives");
}

#[test]
fn f5() {
    // Half of what the two ways differ by; the clock states more.
    let slow = Row::of("clock-sync/slow-answer").ended();
    assert_eq!(slow.read("error"), 30.0);
    let doubt = slow.read("doubt");
    assert!((40.0..41.0).contains(&doubt), "states {doubt} ms");
    // The longer ago it asked, the more a clock has drifted.
    let drift = |poll: u32| {
        let run = Row::of("clock-sync/drift").param("poll", poll).at(4_000);
        assert!(run.all_broken().is_empty(), "{poll}");
        assert!(run.read("error") <= run.read("doubt"), "{poll}");
        run.read("error")
    };
    let errors = [250, 1_000, 0].map(drift);
    assert!(errors.is_sorted() && errors[2] > 70.0, "{errors:?}");
}

#[test]
fn f6() {
    let run = Row::of("lamport/smaller-is-not-earlier").ended();
    assert_eq!((run.read("conc"), run.read("lower")), (4.0, 3.0));
}

#[test]
fn f7() {
    assert_eq!(Row::of("vector/demo").ended().read("conc"), 8.0);
}

#[test]
fn f8() {
    let run = Row::of("vector/demo").ended();
    assert_eq!(run.read("events"), 6.0);
    // C's second event has C's first one in its past, and nothing else.
    assert_eq!(run.state(3)["clock"], serde_json::json!([0, 0, 2]));
}

#[test]
fn c2() {
    let killed = Row::of("raft/kill-the-leader");
    let leader = killed.at(2_500).leaders()[0].unwrap();
    let crashed = killed.does(&format!("2500ms crash n{leader}"));
    let after = crashed.at(8_000);
    assert!(after.read("gap") > 0.0 && after.read("gap") < 2.0);
    assert!(
        after
            .leaders()
            .iter()
            .all(|follows| *follows != Some(leader))
    );
    let healed = Row::of("raft/write-and-heal").ended();
    assert_eq!(healed.read("lost"), 0.0);
    assert!(healed.read("truncated") > 0.0 && healed.read("commit") > 0.0);
    // A server that hears nobody costs the others their leader, unless it asks first.
    let deaf = Row::of("raft/deaf-follower").ended();
    let asks = Row::of("raft/deaf-follower-steady").ended();
    assert!(deaf.read("term") > 8.0 && asks.read("term") == 1.0);
    // A leader that hears nobody stays and commits nothing, unless it checks.
    let leads = Row::of("raft/deaf-leader").ended();
    let checks = Row::of("raft/deaf-leader-steady").ended();
    assert!(checks.read("committed") > leads.read("committed"));
    // Voters change while the service runs: an even number tolerates no more, and all may be replaced.
    let fourth = Row::of("raft/fourth-server");
    let (two_down, later) = (fourth.at(2_100), fourth.at(2_950));
    assert_eq!(two_down.read("committed"), later.read("committed"));
    let replaced = Row::of("raft/replace-jointly").ended();
    assert_eq!(
        (replaced.read("changes"), replaced.read("lost")),
        (2.0, 0.0)
    );
    // Who was away for long gets the state, and is soon as far as the others.
    let away = Row::of("raft/long-absence-snapshot");
    assert!(away.at(2_390).read("commit") > 0.0);
    assert_eq!(away.ended().read("behind"), 0.0);
}

#[test]
fn c6() {
    let run = Row::of("raft/etcd").ended();
    assert!(run.read("gap") > 0.0, "nobody leads for a moment");
    assert_eq!((run.read("lost"), run.read("ok")), (0.0, 100.0));
    let handed = Row::of("raft/leader-hands-over").at(1_900);
    assert!(
        handed.read("gap") < run.read("gap"),
        "a planned stop costs less than a crash"
    );
}

/// Two machines on one log: each is the same on all servers, also after a crash, and they differ from each other.
#[test]
fn c_b3() {
    for seed in 1..=5 {
        let run = Row::of("raft/two-machines").seed(seed).ended();
        assert_eq!(run.read("states"), 1.0);
        for node in 1..=5 {
            let state = run.state(node);
            let (store, ledger) = (&state["machine"]["values"], &state["machine"]["ledger"]);
            assert_eq!(store["ada"], "1", "node {node}");
            assert_eq!(ledger["accounts"]["ada"], 36, "node {node}");
            assert_eq!(ledger["accounts"]["bob"], 0, "node {node}");
        }
    }
}

/// A write that waits for a majority takes a round trip; one that waits for nobody takes no time.
#[test]
fn c_t1() {
    for nodes in [3, 5, 9] {
        let agreed = Row::of("raft/five-writes").param("nodes", nodes).ended();
        let told = Row::of("gossip/five-writes").param("nodes", nodes).ended();
        assert!((24.0..60.0).contains(&agreed.read("mean")), "{nodes}");
        assert!((24.0..60.0).contains(&agreed.read("commit")), "{nodes}");
        assert_eq!(told.read("mean"), 0.0);
    }
    // Writes that are gathered share their messages and wait for each other.
    let each = Row::of("raft/each-at-once").ended();
    let gathered = Row::of("raft/gathered").ended();
    assert!(gathered.read("per-entry") < each.read("per-entry"));
    assert!(gathered.read("mean") > each.read("mean"));
}

#[test]
fn c_t2() {
    let two = Row::of("raft/two-of-five-crash").ended();
    assert_eq!((two.read("ok"), two.read("gap")), (100.0, 0.0));
    let three = Row::of("raft/three-of-five-crash").ended();
    assert_eq!(three.read("spare"), 0.0);
    assert!(three.read("gap") > 0.0 && three.read("ok") < 100.0);
}

#[test]
fn c_b2() {
    // Every history is judged: no answer is wrong while leaders confirm their lead, under any seed.
    for seed in 1..=20 {
        let right = Row::of("raft/judged").seed(seed).ended();
        assert_eq!((right.read("violations"), right.read("stale")), (0.0, 0.0));
        assert!(right.read("ok") > 50.0);
    }
    let wrong = Row::of("raft/judged-at-once").ended();
    assert!(wrong.read("violations") > 0.0 && wrong.read("stale") > 0.0);
    assert!(wrong.broken("linearizable").is_some());
    // A write that was confirmed too early, and a client that looks for it.
    let figure = Row::of("raft/figure-8-seen");
    assert_eq!(figure.ended().read("violations"), 1.0);
    let mended = figure.switch("current-term", true).ended();
    assert_eq!(mended.read("violations"), 0.0);
}

#[test]
fn d4() {
    // The second read cannot go back: it waits, and fails in the end.
    let row = Row::of("raft/second-read");
    let strong = row.ended();
    assert_eq!(strong.read("stale"), 0.0);
    let weak = row.switch("confirm-reads", false).ended();
    assert_eq!(weak.read("stale"), 50.0, "one of two reads");
    let reason = weak
        .broken("linearizable")
        .expect("the second read is refused");
    assert_eq!(
        reason,
        "n1 read x = old, although x = new was confirmed before this read began."
    );
    let answered = (strong.read("ok"), weak.read("ok"));
    assert_eq!(
        answered,
        (75.0, 100.0),
        "the price: a read that waits, and fails"
    );
}

#[test]
fn a5_q5() {
    let run = Row::of("raft/three-zones").ended();
    assert_eq!(run.read("leaders"), 1.0);
    assert!(run.read("ok") > 90.0 && run.read("ok") < 100.0);
}

/// One of three zones is lost: the smallest, or the one with the leader.
#[test]
fn mv9() {
    let run = Row::of("raft/three-zones").ended();
    let leader = Row::of("raft/three-zones")
        .does("2500ms crash n1")
        .does("2500ms crash n2")
        .at(6_000);
    assert!(run.read("gap") < leader.read("gap"));
    assert!(leader.read("gap") > 0.1, "the others have to elect");
    assert_eq!((run.read("lost"), leader.read("lost")), (0.0, 0.0));
}

#[test]
fn d1() {
    assert_eq!(Row::of("hash-ring/mod-n").ended().read("moved"), 72.0);
    assert_eq!(Row::of("hash-ring/mixed").ended().read("moved"), 25.0);
}

#[test]
fn s3() {
    let row = Row::of("hash-ring/ask");
    assert_eq!(row.at(6_000).read("asked"), 1.0, "one key lies at one node");
    assert_eq!(
        row.at(16_000).read("asked"),
        3.0,
        "a question about many goes to all"
    );
    // The slowest of all decides: a question to six shards takes longer than one to their owner.
    let p95 = |request: &str| {
        let mut row = Row::of("hash-ring/hand-over").param("nodes", "6");
        for at in 11..19 {
            row = row.does(&format!("{at}s request n1 {request}"));
        }
        row.ended().read("p95")
    };
    let one = p95(r#"{"get":{"key":"key7"}}"#);
    let all = p95(r#"{"count":{"prefix":"key"}}"#);
    assert!(one < all, "{one} {all}");
}

#[test]
fn o4() {
    let row = Row::of("bare-service/three-faults");
    let bare = row.at(29_900);
    let patched = row.preset("all-rules").at(29_900);
    assert!(bare.read("answered") < 80.0);
    assert_eq!(patched.read("answered"), 100.0);
    let alone = Row::of("bare-service/quorum-alone").at(29_900);
    assert!(alone.read("answered") < 100.0);
    // Answered, and wrong.
    let retried = Row::of("bare-service/retry-elsewhere").ended();
    assert_eq!(retried.read("answered"), 100.0);
    assert!(retried.read("stale") > 0.0);
    let majority = Row::of("bare-service/majority").ended();
    assert_eq!(majority.read("stale"), 0.0);
}
