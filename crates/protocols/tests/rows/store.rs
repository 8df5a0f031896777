//! Activity 2, and what copies of data cost: quorums, sessions, causes, carts, clocks.

use faultline_sim::testing::{Play, Played};

use super::Row;

/// What a node has of a key.
fn value(run: &Played, id: u32, key: &str) -> String {
    let values = run.state(id)["data"][key]["values"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let values = values
        .iter()
        .map(|value| value["value"].as_str().unwrap_or_default().to_owned());
    values.collect::<Vec<_>>().join("|")
}

fn values(run: &Played, key: &str) -> [String; 3] {
    [1, 2, 3].map(|id| value(run, id, key))
}

/// The values that clients were answered, in order.
fn answers(run: &Played) -> Vec<String> {
    let replies = run.replies().into_iter();
    let found = replies.filter_map(|reply| {
        if reply == "Missing" {
            return Some("nothing".to_owned());
        }
        let values = reply["Found"]["values"].as_array()?.clone();
        let words = values
            .iter()
            .map(|value| value.as_str().unwrap_or_default().to_owned());
        Some(words.collect::<Vec<_>>().join("|"))
    });
    found.collect()
}

fn sum(seeds: u64, row: &Play, at: u64, probe: &str) -> f64 {
    (1..=seeds)
        .map(|seed| row.seed(seed).at(at).read(probe))
        .sum()
}

#[test]
fn a2() {
    let run = Row::of("kv/two-writers").at(60_000);
    assert_eq!(values(&run, "x"), ["B", "A", "B"]);
    assert_eq!(run.read("distinct-values"), 2.0);
    assert!(run.broken("agree").is_some(), "for ever");
}

#[test]
fn a2_1() {
    // Whatever arrives is stored: the dangerous line is the one that stores another node's value.
    let run = Row::of("kv/reordered").ended();
    assert_eq!(values(&run, "x"), ["new", "old", "old"]);
    assert!(run.broken("nothing-lost").is_some());
    let crossing = Row::of("kv/two-writers").ended();
    assert!(crossing.broken("nothing-lost").is_some());
}

#[test]
fn a2_2() {
    let run = Row::of("kv/demo").ended();
    assert_eq!(run.read("messages"), 6.0);
    assert_eq!(run.read("distinct-values"), 1.0);
    for (key, value) in [("color", "red"), ("size", "large"), ("shape", "circle")] {
        assert_eq!(values(&run, key), [value; 3]);
    }
    assert_eq!(answers(&run), ["red", "large", "circle"]);
}

#[test]
fn a2_3a() {
    let found = |versions: &str| {
        let run = Row::of("kv/five-conflicts")
            .param("versions", versions)
            .ended();
        assert_eq!(run.read("conflicts"), 5.0, "so many are real");
        run.read("conflicts-found")
    };
    assert_eq!(
        ["counter", "timestamp", "vector"].map(found),
        [3.0, 0.0, 5.0]
    );
}

#[test]
fn a2_3b() {
    for (resolution, answer, lost) in [
        ("last-write", "B", 1.0),
        ("node-id", "B", 1.0),
        ("siblings", "A|B", 0.0),
        ("merge", "A,B", 0.0),
    ] {
        let run = Row::of("kv/two-writers-versions")
            .param("resolution", resolution)
            .at(3_900);
        assert_eq!(
            (answers(&run), run.read("lost-writes")),
            (vec![answer.to_owned()], lost)
        );
    }
}

#[test]
fn a2_3c() {
    let joined = |joining: &str| {
        let row = Row::of("kv/late-joiner").param("joining", joining);
        let (before, after) = (row.at(2_900), row.at(3_900));
        let sent = |probe: &str| after.read(probe) - before.read(probe);
        assert_eq!(sent("bytes") > 0.0, joining != "nothing", "{joining}");
        assert_eq!(
            after.read("missing") > 0.0,
            joining == "nothing",
            "{joining}"
        );
        (answers(&row.ended()), sent("messages"))
    };
    assert_eq!(joined("nothing"), (vec!["nothing".to_owned()], 0.0));
    assert_eq!(joined("copy"), (vec!["large".to_owned()], 2.0));
    assert_eq!(joined("digest"), (vec!["large".to_owned()], 2.0));
    // A node that has most of the data is sent what it lacks.
    let bytes = |joining: &str| {
        let run = Row::of("kv/comes-back").param("joining", joining).at(6_000);
        assert_eq!(value(&run, 3, "x"), value(&run, 1, "x"));
        run.read("joining-bytes")
    };
    let (copy, digest) = (bytes("copy"), bytes("digest"));
    assert!(digest < 0.6 * copy && digest > 0.0, "{digest} of {copy}");
}

#[test]
fn a2_4a() {
    let row = Row::of("kv/cut-link");
    let run = row.ended();
    assert_eq!(
        values(&run, "color"),
        ["red", "red", "blue"],
        "node 2 passes nothing on"
    );
    assert_eq!(answers(&run), ["blue"]);
    assert_eq!(run.read("distinct-values"), 2.0);
    let hints = row.switch("hints", true).at(9_000);
    assert_eq!(hints.read("distinct-values"), 1.0);
    assert_eq!(values(&hints, "color"), ["red"; 3]);
}

#[test]
fn a2_4b() {
    let row = Row::of("kv/one-of-eight");
    let (healed, end) = (row.at(6_000), row.ended());
    assert_eq!((healed.read("missing"), end.read("missing")), (1.0, 0.0));
    assert!(end.read("compared") > healed.read("compared"));
    assert!(end.read("time-to-agree") > 0.0);
    // One comparison where all is equal; where one of eight differs, the root and two for each level.
    let counts = end.marked(&faultline_sim::mark::Mark::new("compares", ""));
    let counts = counts.iter().filter(|(time, ..)| time.0 > 6_000_000);
    let counts: Vec<u64> = counts.filter_map(|(_, _, mark)| mark.number(0)).collect();
    let halves = counts.iter().filter(|count| **count == 2).count();
    // Both nodes may have begun at once.
    assert!(halves > 0 && halves % 3 == 0, "{counts:?}");
    assert!(counts.iter().all(|count| *count <= 2), "{counts:?}");
    // Read repair and hints do it, too.
    let cut = Row::of("kv/cut-link")
        .param("versions", "vector")
        .param("resolution", "last-write");
    let read = cut.switch("read-repair", true).at(7_000);
    assert_eq!(values(&read, "color"), ["red"; 3]);
}

#[test]
fn a2_q1() {
    for nodes in [3, 5] {
        let run = Row::of("kv/two-writers").param("nodes", nodes).at(600_000);
        assert_eq!(run.read("distinct-values"), 2.0);
    }
}

#[test]
fn a2_q2() {
    let row = Row::of("kv/five-conflicts");
    let run = row.param("versions", "vector").ended();
    assert_eq!(
        (run.read("conflicts"), run.read("conflicts-found")),
        (5.0, 5.0)
    );
    assert_eq!((run.read("siblings"), run.read("lost-writes")), (2.0, 0.0));
    assert!(
        row.ended().read("lost-writes") > 0.0,
        "counters hide conflicts"
    );
}

#[test]
fn a2_q3() {
    // Twenty runs for each rule: lost writes, values at once, bytes.
    let row = Row::of("kv/two-sides");
    let of = |resolution: &str, probe: &str| {
        let row = row.param("resolution", resolution);
        sum(20, &row, 15_900, probe) / 20.0
    };
    for resolution in ["siblings", "merge"] {
        assert_eq!(of(resolution, "lost-writes"), 0.0, "{resolution}");
    }
    for resolution in ["last-write", "node-id"] {
        let lost = of(resolution, "lost-writes");
        assert!(lost > 2.0, "{resolution}: {lost} a run");
    }
    assert!(of("last-write", "bytes") < of("siblings", "bytes"));
    assert!(of("siblings", "siblings") > 1.5);
}

#[test]
fn a2_q4() {
    let row = Row::of("kv/both-sides");
    let confirmed = [1, 2, 3].map(|w| row.param("w", w).at(3_900).read("confirmed"));
    assert_eq!(confirmed, [2.0, 1.0, 0.0], "available, by majority, by all");
    let split = row.at(3_900);
    assert_eq!(
        (split.read("ok"), split.read("distinct-values")),
        (100.0, 2.0)
    );
}

#[test]
fn a2_q5() {
    let row = Row::of("kv/primary-is-lost");
    assert_eq!(
        [1, 2].map(|w| row.param("w", w).at(6_000).read("confirmed")),
        [1.0, 0.0]
    );
    // Stand-ins: confirmed although two of three replicas are down, and handed over later.
    let row = Row::of("kv/stand-ins");
    let run = row.ended();
    assert_eq!(
        (run.read("confirmed"), answers(&run)),
        (1.0, vec!["1".to_owned()])
    );
    assert_eq!(values(&run, "x"), ["1"; 3]);
    assert_eq!(row.switch("sloppy", false).at(3_500).read("confirmed"), 0.0);
    let siblings = Row::of("kv/dynamo").ended();
    assert_eq!(siblings.read("lost-writes"), 0.0);
}

#[test]
fn d3() {
    // Q-NWR: with R + W > N no read misses a confirmed write; else some do.
    for (r, w, misses) in [
        (1, 1, true),
        (1, 2, true),
        (2, 2, false),
        (1, 3, false),
        (3, 1, false),
    ] {
        let row = Row::of("kv/quorum").param("r", r).param("w", w);
        let missed = sum(5, &row, 29_000, "missed");
        assert_eq!(missed > 0.0, misses, "R = {r}, W = {w}: {missed}");
        let stale = sum(5, &row, 29_000, "stale");
        // A read may also meet a write that is not confirmed yet, and the next one miss it.
        assert!(stale > 0.0 || !misses, "R = {r}, W = {w}: {stale} %");
    }
    let p95 = |w| Row::of("kv/quorum").param("w", w).at(29_000).read("p95");
    assert!(p95(1) < p95(2) && p95(2) < p95(3));
}

#[test]
fn d5() {
    let row = Row::of("kv/stop-writing");
    for seed in 1..=10 {
        let run = row.seed(seed).ended();
        assert!(run.read("time-to-agree") < 8.0, "seed {seed}");
    }
    assert!(sum(20, &row, 15_000, "stale") > 0.0);
}

#[test]
fn d6() {
    let row = Row::of("kv/reply-first");
    let run = row.ended();
    assert_eq!(run.read("effect-before-cause"), 1.0);
    assert_eq!(answers(&run)[1..], ["here!", "nothing", "here!"]);
    let waits = row.switch("causal", true).ended();
    assert_eq!(waits.read("effect-before-cause"), 0.0);
    assert_eq!(answers(&waits)[1..], ["nothing", "nothing", "here!"]);
}

#[test]
fn d7() {
    let row = Row::of("kv/post-vanishes");
    let run = row.ended();
    assert_eq!(
        (run.read("own-write-missed"), run.read("went-back")),
        (1.0, 1.0)
    );
    let own = row.switch("own-writes", true).ended();
    assert_eq!(
        (own.read("own-write-missed"), own.read("went-back")),
        (0.0, 1.0)
    );
    let both = row
        .switch("own-writes", true)
        .switch("never-back", true)
        .ended();
    assert_eq!(
        (both.read("own-write-missed"), both.read("went-back")),
        (0.0, 0.0)
    );
    assert_eq!(answers(&both), ["hello"; 3]);
    // Clients that ask any replica: with the two rules, none of them is ever surprised.
    let roams = Row::of("kv/any-replica");
    for (preset, surprised) in [("correct", false), ("eventual", true)] {
        let row = roams.preset(preset).does("0s slow n1->n3 2s");
        let found = sum(5, &row, 19_000, "own-write-missed") + sum(5, &row, 19_000, "went-back");
        assert_eq!(found > 0.0, surprised, "{preset}: {found}");
    }
}

#[test]
fn f_b2() {
    // Round trips between Virginia, Ireland and Singapore: 80, 216 and 238 ms; 1 ms within Singapore.
    let row = Row::of("kv/regions");
    for (w, far, near) in [
        (1, 216.0, 1.0),
        // Virginia asks Ireland, Singapore asks Virginia.
        (2, 216.0 + 80.0, 1.0 + 216.0),
        // The last copy comes from Singapore, and then from Ireland.
        (3, 216.0 + 216.0, 1.0 + 238.0),
    ] {
        for seed in 1..=5 {
            let row = row.param("w", w).seed(seed);
            let (before, run) = (row.at(3_900), row.ended());
            let near_enough = |read: f64, expected: f64| (read - expected).abs() < 0.5;
            assert!(near_enough(before.read("p95"), far), "W = {w}");
            assert!(near_enough(run.read("saved"), far - near), "W = {w}");
        }
    }
}

#[test]
fn d_b2() {
    // Round trips between Virginia, Ireland and Tokyo: 80, 145 and 212 ms.
    let row = Row::of("kv/near-replica");
    for (w, reads, far, near) in [
        (2, 50, 145.0 + 80.0, 1.0 + 145.0),
        (1, 50, 145.0, 1.0),
        (2, 100, 145.0, 1.0),
    ] {
        for seed in 1..=5 {
            let row = row.param("w", w).param("reads", reads).seed(seed);
            let (before, run) = (row.at(3_900), row.ended());
            let near_enough = |read: f64, expected: f64| (read - expected).abs() < 0.5;
            assert!(near_enough(before.read("p95"), far), "W = {w}");
            assert!(near_enough(run.read("saved"), far - near), "W = {w}");
            assert_eq!(run.read("missed"), 0.0, "it has all data");
        }
    }
    let empty = row.param("joining", "nothing");
    assert!(sum(5, &empty, 8_000, "missed") > 0.0);
    let saved = sum(5, &empty, 8_000, "saved") / 5.0;
    assert!((saved - 79.0).abs() < 0.5, "and it is as fast: {saved}");
}

#[test]
fn d_b1() {
    let keys = |nodes: u32| {
        let row = Row::of("hash-ring/hand-over").param("nodes", nodes);
        let run = row.at(9_000);
        (run.read("busiest"), run.read("max-mean"))
    };
    // One more node joins in the scenario: 4, 6 and 10 nodes share 100 keys.
    let busiest = [3, 5, 9].map(keys);
    assert!(busiest.is_sorted_by(|a, b| a.0 > b.0), "{busiest:?}");
    assert!(
        busiest.iter().all(|(_, uneven)| *uneven < 2.0),
        "{busiest:?}"
    );
}

#[test]
fn d_t1() {
    let row = Row::of("kv/both-sides");
    let run = row.ended();
    assert_eq!(values(&run, "x"), ["A", "B", "B"]);
    assert_eq!(answers(&run), ["A", "B"], "a reader gets what its node has");
    assert_eq!(run.read("distinct-values"), 2.0);
    let repaired = row.preset("correct").ended();
    assert_eq!(answers(&repaired), ["A|B", "A|B"]);
}

#[test]
fn d_t3() {
    let items = |resolution: &str| {
        Row::of("kv/cart")
            .param("resolution", resolution)
            .ended()
            .read("items")
    };
    assert_eq!(
        ["merge", "last-write", "node-id"].map(items),
        [4.0, 2.0, 2.0]
    );
    let back = Row::of("kv/deleted-item").ended();
    assert_eq!(answers(&back), ["book,lamp,pen"], "the lamp is back");
}

#[test]
fn mv5() {
    let cart = Row::of("kv/cart").ended();
    assert_eq!(cart.read("items"), 4.0, "a merged cart has all items");
    let row = Row::of("kv/flash-sale");
    assert_eq!(row.ended().read("items"), 2.0, "two items are lost");
    let merged = row.param("resolution", "merge").ended();
    assert_eq!(
        (merged.read("items"), merged.read("lost-writes")),
        (4.0, 0.0)
    );
}

#[test]
fn m1() {
    let row = Row::of("kv/one-percent");
    for seed in 1..=2 {
        let run = row.seed(seed).ended();
        assert!(
            (980.0..=1_001.0).contains(&run.read("confirmed")),
            "{}",
            run.read("confirmed")
        );
        let missing = run.read("missing");
        assert!((3.0..=40.0).contains(&missing), "seed {seed}: {missing}");
        let resent = row.seed(seed).switch("hints", true).ended();
        assert_eq!(resent.read("missing"), 0.0, "seed {seed}");
    }
}

#[test]
fn m5() {
    let row = Row::of("kv/clock-ahead");
    let run = row.ended();
    assert_eq!(
        (value(&run, 3, "x"), run.read("lost-writes")),
        ("1".to_owned(), 1.0)
    );
    let hybrid = row.param("versions", "hybrid").ended();
    assert_eq!(
        (value(&hybrid, 3, "x"), hybrid.read("lost-writes")),
        ("2".to_owned(), 0.0)
    );
    // The tag stays near wall time: 200 ms ahead, as the clock that it has seen.
    assert!(hybrid.state(3)["data"]["x"]["values"][0]["tag"] == "0.300 s +1");
}

#[test]
fn w2() {
    let row = Row::of("kv/primary-is-lost");
    let run = row.ended();
    assert_eq!((run.read("confirmed"), run.read("lost-writes")), (1.0, 1.0));
    assert_eq!(answers(&run), ["nothing"]);
    let waits = row.param("w", 2).ended();
    assert_eq!(
        (waits.read("confirmed"), waits.read("lost-writes")),
        (0.0, 0.0)
    );
}
