//! The curriculum's listing, Dynamo's example, quorums, and what each rule is for.

use faultline_sim::process::NodeId;
use faultline_sim::testing::{Play, Played};

use super::{PROTOCOL, Store, marks, rules};
use crate::parts::versions::{Entry, Relation, Resolution, Rules, Vector, Versions, Write, hybrid};

fn play(scenario: &str) -> Play {
    Play::protocol(&PROTOCOL, scenario)
}

fn values(run: &Played, id: u32, key: &str) -> Vec<String> {
    let node = run.node::<Store>(id);
    let settings = run.0.world().settings();
    node.data
        .get(key)
        .map(|entry| rules(settings).values(entry))
        .unwrap_or_default()
}

/// What each node has of a key, siblings as `A|B`.
fn all(run: &Played, key: &str) -> Vec<String> {
    let world = run.0.world();
    let replicas = world
        .ids()
        .filter(|id| world.node::<Store>(*id).is_some_and(|n| !n.client));
    replicas
        .map(|id| values(run, id.0, key).join("|"))
        .collect()
}

/// The listing's demo: six messages, and all nodes have the same three values.
#[test]
fn the_demo_sends_six_messages() {
    let run = play("demo").ended();
    assert_eq!((run.sent("REPLICATE"), run.read("messages")), (6, 6.0));
    for (key, value) in [("color", "red"), ("size", "large"), ("shape", "circle")] {
        assert_eq!(all(&run, key), [value, value, value]);
    }
    assert_eq!(run.read("distinct-values"), 1.0);
}

/// S-KV1: crossing writes leave B, A, B, and nothing ever changes that.
#[test]
fn crossing_writes_never_meet_as_written() {
    for ms in [1_000, 600_000] {
        let run = play("two-writers").at(ms);
        assert_eq!(all(&run, "x"), ["B", "A", "B"]);
        assert_eq!(run.read("distinct-values"), 2.0);
        assert!(run.broken("agree").is_some());
    }
}

/// S-KV2: the second of two writes overtakes the first, and the old value stays on two nodes.
#[test]
fn a_late_copy_replaces_a_newer_one_as_written() {
    let run = play("reordered").ended();
    assert_eq!(all(&run, "x"), ["new", "old", "old"]);
    for versions in ["counter", "timestamp", "hybrid", "vector"] {
        let row = play("reordered")
            .param("versions", versions)
            .param("resolution", "last-write");
        assert_eq!(all(&row.ended(), "x"), ["new"; 3], "{versions}");
    }
}

/// What each pair of versions and rule makes of two writes at once.
#[test]
fn each_rule_makes_crossing_writes_agree() {
    for (versions, resolution, expected) in [
        ("counter", "last-write", "B"),
        ("counter", "siblings", "A|B"),
        ("timestamp", "last-write", "B"),
        ("hybrid", "last-write", "B"),
        ("vector", "last-write", "B"),
        ("vector", "siblings", "A|B"),
        ("vector", "merge", "A,B"),
        ("vector", "node-id", "B"),
        ("none", "node-id", "B"),
    ] {
        let row = play("two-writers")
            .param("versions", versions)
            .param("resolution", resolution);
        let run = row.ended();
        assert_eq!(all(&run, "x"), [expected; 3], "{versions} {resolution}");
        assert_eq!(run.read("distinct-values"), 1.0);
        let lost = if expected == "B" { 1.0 } else { 0.0 };
        assert_eq!(run.read("lost-writes"), lost, "{versions} {resolution}");
    }
}

/// Q-LWW: whatever the order of arrival, all copies end with the larger stamp, and equal stamps need a
/// tie-break. With every rule but `arrival`, merging is commutative, associative and idempotent.
#[test]
fn merging_ends_the_same_in_any_order() {
    let versions = Versions::WORDS.iter().map(|word| Versions::named(word));
    for versions in versions {
        for resolution in &Resolution::WORDS[1..] {
            let rules = Rules {
                versions,
                resolution: Resolution::named(resolution),
            };
            let mut copies = [(); 3].map(|()| Entry::default());
            let write = |copies: &mut [Entry; 3], at: usize, stamp: u64, value: &str| {
                let (past, stamp) = (copies[at].seen.clone(), (stamp, 0));
                let write = Write {
                    value: value.into(),
                    past,
                    stamp,
                    after: Vec::new(),
                    above: 0,
                };
                rules.write(&mut copies[at], NodeId(at as u32 + 1), write);
            };
            write(&mut copies, 0, 5, "a");
            write(&mut copies, 1, 7, "b");
            let snapshot = copies[1].clone();
            rules.merge(&mut copies[2], &snapshot);
            write(&mut copies, 2, 7, "c");
            write(&mut copies, 0, 8, "d");
            let orders = [
                [0, 1, 2],
                [0, 2, 1],
                [1, 0, 2],
                [1, 2, 0],
                [2, 0, 1],
                [2, 1, 0],
            ];
            let ends = orders.map(|order| {
                let mut end = Entry::default();
                for at in order.into_iter().chain(order) {
                    rules.merge(&mut end, &copies[at]);
                }
                end
            });
            for end in &ends {
                assert_eq!(rules.values(end), rules.values(&ends[0]), "{rules:?}");
                assert_eq!(end, &ends[0], "{rules:?}");
            }
        }
    }
}

/// `vectors/vector_compare.json`, and C-DYN: the vectors of Dynamo's figure 3.
#[test]
fn vectors_compare_as_published() {
    let vector = |counts: [u32; 3]| -> Vector {
        let nodes = (1..=3).map(NodeId);
        nodes.zip(counts).collect()
    };
    for (a, b, relation) in [
        ([1, 0, 0], [1, 0, 0], Relation::Same),
        ([1, 0, 0], [2, 0, 0], Relation::Older),
        ([2, 1, 0], [1, 1, 0], Relation::Newer),
        ([2, 0, 0], [0, 0, 1], Relation::Conflict),
        ([2, 0, 2], [1, 2, 0], Relation::Conflict),
        ([0, 0, 0], [0, 0, 1], Relation::Older),
    ] {
        assert_eq!(vector(a).relation(&vector(b)), relation, "{a:?} {b:?}");
    }
    let tags = |run: &Played| -> Vec<String> {
        let entry = run.node::<Store>(1).copy("cart");
        entry
            .values
            .iter()
            .map(|written| written.tag.to_string())
            .collect()
    };
    assert_eq!(tags(&play("dynamo").at(500)), ["n1:1"]);
    assert_eq!(tags(&play("dynamo").at(1_500)), ["n1:2"]);
    assert_eq!(tags(&play("dynamo").at(3_500)), ["n1:2 n2:1", "n1:2 n3:1"]);
    let end = play("dynamo").ended();
    assert_eq!(tags(&end), ["n1:3 n2:1 n3:1"]);
    assert_eq!(all(&end, "cart"), ["D5"; 3]);
    assert_eq!(end.marked(&marks::CONFLICTS).len(), 3, "each node finds it");
}

/// A vector with a gap covers what it has and nothing between.
#[test]
fn vectors_know_gaps() {
    let (one, two) = (NodeId(1), NodeId(2));
    let mut vector = Vector::of((one, 3));
    assert!(vector.has((one, 3)) && !vector.has((one, 2)));
    assert_eq!(
        (vector.total(), vector.to_string()),
        (1, "(n1:3)".to_owned())
    );
    vector.join(&[(one, 1), (two, 1)].into_iter().collect());
    assert!(!vector.covers(&[(one, 2)].into_iter().collect()));
    vector.add((one, 2));
    assert_eq!((vector.count(one), vector.total()), (3, 4));
    assert_eq!(vector.to_string(), "n1:3 n2:1");
}

/// Row M5: with a clock that is ahead, the write that came later is lost; the hybrid clock has seen the
/// first stamp and stays ahead of it, within the skew of the wall clock.
#[test]
fn a_clock_ahead_wins_unless_clocks_have_seen_each_other() {
    let wall = play("clock-ahead").ended();
    assert_eq!(all(&wall, "x"), ["1"; 3]);
    assert_eq!(wall.read("lost-writes"), 1.0);
    assert_eq!(wall.who(&marks::LOOKS_OLDER), [2]);
    for versions in ["hybrid", "counter", "vector"] {
        let run = play("clock-ahead").param("versions", versions).ended();
        assert_eq!(
            (all(&run, "x"), run.read("lost-writes")),
            (vec!["2".to_owned(); 3], 0.0)
        );
        if versions == "hybrid" {
            let stamp = run.node::<Store>(2).copy("x").values[0].stamp();
            assert_eq!(stamp, (300_000, 1), "200 ms ahead of 100 ms, and one more");
        }
    }
    assert_eq!(hybrid((5, 3), 9), (9, 0));
    assert_eq!(hybrid((9, 3), 5), (9, 4));
}

mod copies;
