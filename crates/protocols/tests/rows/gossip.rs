//! Listing 4: a rumour that goes from node to node.

use faultline_sim::testing::{Play, Played};

use super::Row;

const SET: &str = r#"{"set":{"key":"color","value":"blue"}}"#;

fn mean(seeds: u64, of: impl Fn(u64) -> f64) -> f64 {
    (1..=seeds).map(of).sum::<f64>() / seeds as f64
}

#[test]
fn l4() {
    // S-GOS2: rarely after two rounds, in more than a third of the runs after three.
    let row = Row::of("gossip/demo");
    let all = |ms| {
        mean(400, |seed| {
            f64::from(row.seed(seed).at(ms).read("informed") == 100.0)
        })
    };
    let (two, three) = (all(2_500), all(3_000));
    assert!((0.003..0.05).contains(&two), "{two}");
    assert!((0.30..0.45).contains(&three), "{three}");
    let run = Row::of("gossip/three-keys").ended();
    assert!(
        run.read("agree-time") <= 10.0,
        "{} s",
        run.read("agree-time")
    );
}

#[test]
fn l4a() {
    // Four times as many rounds a second, and four times as many messages: the rounds stay as many.
    let row = Row::of("gossip/rounds").param("nodes", 20);
    let slow = row.at(20_900);
    let fast = row.param("every", "250").at(5_225);
    assert_eq!(slow.read("messages"), fast.read("messages"));
    assert_eq!(slow.read("rounds"), fast.read("rounds"));
    let ratio = slow.read("agree-time") / fast.read("agree-time");
    assert!((3.0..4.1).contains(&ratio), "{ratio} times as long");
    // One that has stopped tells nobody, and is told.
    let stopped = row.does("0s request n2 \"stop\"").at(20_900);
    assert_eq!(stopped.read("messages"), slow.read("messages") - 20.0);
    assert_eq!(stopped.read("informed"), 100.0);
}

#[test]
fn l4b() {
    let rounds = |nodes: u32, seeds| {
        let row = Row::of("gossip/rounds").param("nodes", nodes);
        mean(seeds, |seed| row.seed(seed).at(30_900).read("rounds"))
    };
    let found = [rounds(5, 400), rounds(50, 60), rounds(1_000, 6)];
    for (found, expected, margin) in [
        (found[0], 3.9, 0.3),
        (found[1], 10.4, 0.8),
        (found[2], 18.0, 1.5),
    ] {
        assert!(
            (found - expected).abs() < margin,
            "{found}, expected {expected}"
        );
    }
}

#[test]
fn l4c() {
    let filled = |row: Play| {
        (0..1_000).fold(row, |row, key| {
            row.does(&format!(
                r#"0s request n1 {{"set":{{"key":"key{key}","value":"a value of some length"}}}}"#
            ))
        })
    };
    let bytes = |digests: bool| {
        let row = filled(Row::of("gossip/three-keys").switch("digests", digests));
        let (before, after) = (row.at(12_000), row.at(13_000));
        assert_eq!(before.read("informed"), 100.0);
        after.read("bytes") - before.read("bytes")
    };
    let (whole, digests) = (bytes(false), bytes(true));
    assert!(
        digests < 0.6 * whole,
        "{digests} bytes in a round, {whole} without digests"
    );
}

#[test]
fn l4d() {
    let row = Row::of("gossip/demo").does(&format!("5s request n1 {SET}"));
    let run = row.at(12_000);
    assert!(
        (1..=5).all(|id| color(&run, id) == "blue"),
        "the later version stays"
    );
    assert!(run.read("updates") >= 15.0);
}

fn color(run: &Played, id: u32) -> String {
    let writes = run.state(id)["data"]["color"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let value = writes.first().map(|write| write["value"].clone());
    value
        .and_then(|v| v.as_str().map(str::to_owned))
        .unwrap_or_default()
}

#[test]
fn l4e() {
    // In some runs red has not reached node 2 when it writes blue: both are version 1, for ever.
    let split = |ms: u64| {
        let row = Row::of("gossip/three-keys").preset("as-written");
        let row = row.does(&format!("{ms}ms request n2 {SET}"));
        mean(200, |seed| {
            let run = row.seed(seed).at(60_000);
            let differ = (1..=5).any(|id| color(&run, id) != color(&run, 1));
            assert_eq!(run.reads("agree-time").is_none(), differ, "seed {seed}");
            f64::from(differ)
        })
    };
    let (two, three) = (split(2_500), split(3_500));
    assert!((0.12..0.28).contains(&two), "after two rounds {two}");
    assert!((0.02..0.12).contains(&three), "after three rounds {three}");
    let two_nodes = Row::of("gossip/two-writes-at-once").ended();
    assert!(
        two_nodes.broken("agree").is_some(),
        "a hundred rounds do not help"
    );
}

#[test]
fn l4f() {
    let get = r#"{"get":{"key":"color"}}"#;
    let row = Row::of("gossip/three-keys");
    let early = row.does(&format!("100ms request n4 {get}")).at(1_000);
    assert_eq!(early.read("stale"), 1.0);
    let late = row.does(&format!("14s request n4 {get}")).ended();
    assert_eq!(late.read("stale"), 0.0);
}

#[test]
fn l4g() {
    // Failures: a third of a thousand nodes is killed, and all others hear of it.
    let run = Row::of("gossip/a-third-is-killed").ended();
    assert_eq!((run.read("live"), run.read("informed")), (700.0, 100.0));
    // A split: one half hears of it, and after the heal the other half needs less time than the first.
    let split = Row::of("gossip/split-of-a-thousand");
    assert_eq!(split.at(21_400).read("informed"), 50.0);
    assert_eq!(split.at(28_000).read("informed"), 100.0);
    // Stores: both sides of a split write, and the heal brings both everywhere.
    let store = Row::of("gossip/split-writes").at(10_900);
    assert_eq!(
        (store.read("informed"), store.read("conflicts")),
        (100.0, 1.0)
    );
}
