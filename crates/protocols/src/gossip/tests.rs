//! The curriculum's listing and the theory of rumours.

use faultline_sim::judge::Kept;
use faultline_sim::testing::{Play, Played};

use super::{Gossip, PROTOCOL, marks};

fn play(scenario: &str) -> Play {
    Play::protocol(&PROTOCOL, scenario)
}

fn values(run: &Played, id: u32, key: &str) -> Vec<String> {
    run.node::<Gossip>(id).data.values(key)
}

fn share(seeds: u64, is: impl Fn(u64) -> bool) -> f64 {
    (1..=seeds).filter(|seed| is(*seed)).count() as f64 / seeds as f64
}

/// S-GOS1: equal versions are ignored, so red and blue stay for a hundred rounds.
#[test]
fn equal_versions_are_never_resolved_as_written() {
    let run = play("two-writes-at-once").ended();
    assert_eq!(
        (values(&run, 1, "color"), values(&run, 2, "color")),
        (vec!["red".into()], vec!["blue".into()])
    );
    assert!(run.broken("agree").is_some());
    let vectors = play("two-writes-at-once").switch("vectors", true).at(5_000);
    for id in [1, 2] {
        assert_eq!(
            values(&vectors, id, "color"),
            ["red", "blue"],
            "both are kept"
        );
    }
    assert_eq!(vectors.broken("agree"), None);
}

/// S-GOS2: how often all five nodes have all three keys, after two and after three rounds, and how often
/// red is at node 2 when it writes blue.
#[test]
fn the_demo_ends_as_often_as_the_listing_does() {
    let all = |run: &Played| (1..=5).all(|id| run.node::<Gossip>(id).data.0.len() == 3);
    let seeds = 3_000;
    let after = |ms| share(seeds, |seed| all(&play("demo").seed(seed).at(ms)));
    let (two, three) = (after(2_500), after(3_000));
    assert!((two - 0.020).abs() < 0.010, "after two rounds {two}");
    assert!((three - 0.376).abs() < 0.030, "after three rounds {three}");
    let has_red = |ms| {
        share(seeds, |seed| {
            let run = play("demo").seed(seed).at(ms);
            values(&run, 2, "color") == ["red"]
        })
    };
    let (two, three) = (has_red(2_500), has_red(3_000));
    assert!((two - 0.798).abs() < 0.030, "after two rounds {two}");
    assert!((three - 0.932).abs() < 0.020, "after three rounds {three}");
}

/// G-RND: the mean number of synchronous rounds, by mode; and G-MIN: none is faster than can be.
#[test]
fn rumours_take_as_many_rounds_as_the_theory_says() {
    for (n, mode, mean, fewest) in [
        (5_u32, "push", 3.933, 3.0),
        (8, "push", 5.378, 3.0),
        (16, "push", 7.414, 4.0),
        (32, "push", 9.329, 5.0),
        (8, "pull", 4.526, 1.0),
        (16, "pull", 6.140, 1.0),
        (32, "pull", 7.608, 1.0),
        (8, "push-pull", 3.121, 1.0),
        (16, "push-pull", 4.153, 1.0),
        (32, "push-pull", 5.103, 1.0),
    ] {
        let runs = 400;
        let rounds = (1..=runs).map(|seed| {
            let row = play("rounds")
                .seed(seed)
                .param("nodes", n)
                .param("mode", mode);
            let rounds = row.at(25_900).read("rounds");
            assert!(rounds >= fewest, "{n} {mode}: {rounds}");
            rounds
        });
        let found = rounds.sum::<f64>() / runs as f64;
        // Three standard errors of 400 runs; the spread of a run is below 1.5 rounds.
        assert!(
            (found - mean).abs() < 0.23,
            "{n} {mode}: {found}, and theory says {mean}"
        );
    }
}

/// What each rule is for.
#[test]
fn each_flaw_breaks_its_law() {
    let back = play("deleted-comes-back").ended();
    assert!(back.broken("stays-deleted").unwrap().contains("is back at"));
    let kept = play("deleted-comes-back")
        .switch("tombstones", true)
        .ended();
    assert!(kept.all_broken().is_empty());
    assert!((1..=5).all(|id| values(&kept, id, "color").is_empty()));
}

/// Two writes that do not know of each other are both kept, and the next write that knows both replaces
/// them.
#[test]
fn a_write_that_knows_both_ends_a_conflict() {
    let split = play("split-writes");
    let healed = split.at(10_900);
    assert!(healed.read("conflicts") >= 1.0);
    for id in 1..=5 {
        assert_eq!(values(&healed, id, "color").len(), 2, "n{id}");
    }
    let end = split.ended();
    assert!((1..=5).all(|id| values(&end, id, "color") == ["purple"]));
    assert!(end.all_broken().is_empty(), "{:?}", end.all_broken());
}

/// Row L4c: digests send few bytes once all agree.
#[test]
fn digests_send_only_what_is_missing() {
    let bytes = |digests: bool| {
        let mut row = play("three-keys").switch("digests", digests);
        for key in 0..200 {
            let value =
                format!(r#"{{"set":{{"key":"key{key}","value":"a value of some length {key}"}}}}"#);
            row = row.does(&format!("0s request n1 {value}"));
        }
        let (all_have, later) = (row.at(10_000), row.at(20_000));
        assert_eq!(all_have.broken("agree"), None);
        later.read("bytes") - all_have.read("bytes")
    };
    let (whole, digests) = (bytes(false), bytes(true));
    assert!(digests < 0.75 * whole, "{digests} of {whole}");
}

/// Rows L4a: a node that stopped is told, and tells nobody of its own accord.
#[test]
fn a_stopped_node_tells_nobody() {
    let run = play("three-keys")
        .param("mode", "push")
        .does("0s request n1 \"stop\"")
        .at(12_000);
    assert!(run.who(&marks::UPDATES).contains(&1), "it is told");
    assert!(
        (2..=5).all(|id| values(&run, id, "color").is_empty()),
        "red stays at node 1"
    );
}

/// A third of the nodes crash, and the rumour goes around them.
#[test]
fn a_rumour_goes_around_the_dead() {
    let mut row = play("rounds")
        .param("nodes", 200)
        .param("mode", "push-pull");
    for id in (3..=200).step_by(3) {
        row = row.does(&format!("2.5s crash n{id}"));
    }
    let run = row.at(20_000);
    assert_eq!(run.read("live"), 134.0);
    assert!(run.read("rounds") <= 14.0, "{}", run.read("rounds"));
}

/// Any node answers at once from what it has: no single copy would. A reader that waits until the news
/// has spread sees one.
#[test]
fn a_read_elsewhere_is_old_until_the_news_has_spread() {
    let reads_at = |at: &str| {
        let does = |command: &str| format!("{at} request {command}");
        play("three-keys")
            .does(&does(r#"n4 {"get":{"key":"color"}}"#))
            .does(r#"30s request n2 {"delete":{"key":"color"}}"#)
            .does(r#"31s request n2 {"get":{"key":"color"}}"#)
            .at(32_000)
            .linearizable()
    };
    let early = reads_at("100ms");
    assert!(matches!(early, Kept::Broken(_)), "{early:?}");
    assert_eq!(reads_at("29s"), Kept::Holds);
}

/// Each of a thousand nodes is on one of two sides: the sides say so, not half a million links.
#[test]
fn a_split_crowd_is_told_by_its_sides() {
    let split = Play::protocol(&PROTOCOL, "split-of-a-thousand").does("1s cut n1-n2");
    let frame = split.at(1_100).0.frame();
    let sides: Vec<usize> = frame.sides.iter().map(Vec::len).collect();
    assert_eq!(sides, [500, 500]);
    assert_eq!(frame.links.len(), 1, "the one that was cut by itself");
}
