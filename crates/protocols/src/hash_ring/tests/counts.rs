//! One count of keys everywhere, lost keys in the caption, and rings that differ from seed to seed.

use std::collections::{BTreeMap, BTreeSet};

use faultline_sim::descriptor::Recipe;
use faultline_sim::event::Event;
use faultline_sim::frame::Figure;
use faultline_sim::process::NodeId;
use faultline_sim::time::Time;
use faultline_sim::timeline::Timeline;

use super::{loads, node, play, probe, replies};
use crate::CATALOGUE;
use crate::hash_ring::figures::narrate;

/// An empty ring has no points and no keys.
#[test]
fn the_last_node_takes_its_points_along() {
    for preset in ["as-written", "correct"] {
        for nodes in 1..=3u32 {
            let count = nodes.to_string();
            let params = [("nodes", &*count), ("virtual_nodes", "100")];
            let commands: Vec<String> = (1..=nodes)
                .map(|id| format!("{id}s remove n{id}"))
                .collect();
            let commands: Vec<&str> = commands.iter().map(String::as_str).collect();
            let last = commands.len() - 1;
            let run = play("not-round", preset, &params, &commands[..last], 9);
            // As written, nodes that meet on a point lose it.
            let points = probe(&run, "points");
            assert!(
                points == 100.0 || preset == "as-written" && points > 0.0,
                "{points}"
            );
            assert_eq!(probe(&run, "lost"), 0.0, "{preset}, {nodes} nodes");
            let run = play("not-round", preset, &params, &commands, 9);
            assert_eq!(
                (probe(&run, "points"), probe(&run, "lost")),
                (0.0, 100.0),
                "{preset}, {nodes} nodes"
            );
        }
    }
}

/// The stage, the bars, the caption and the probe agree on how many keys there are, and say how many
/// are gone.
#[test]
fn lost_keys_are_counted_once_and_said() {
    let mut ever_lost = 0;
    for preset in ["hasty", "correct"] {
        for second in [1, 4, 8, 20] {
            let run = play("lost-on-the-way", preset, &[], &[], second);
            let stored = loads(&run);
            let lost = probe(&run, "lost") as u32;
            let all: BTreeSet<_> = run
                .world()
                .live()
                .flat_map(|id| node(&run, id.0).store.keys().cloned())
                .collect();
            assert_eq!(all.len() as u32 + lost, 100, "{preset} at {second} s");
            assert!(preset == "hasty" || lost == 0);
            ever_lost += lost;
            for (id, stored) in run.world().live().zip(&stored) {
                let frame = run.world().node_frame(id);
                let inside = frame.inside.expect("the keys are counted inside");
                let keys = format!("{stored} ");
                assert!(inside.as_str().starts_with(&keys), "{}", inside.as_str());
                let ring = frame.figures.iter().find_map(|figure| match figure {
                    Figure::Ring(ring) => Some(ring),
                    _ => None,
                });
                let ring = ring.expect("a small ring is drawn by all");
                let own = ring.owners.iter().position(|owner| owner.node == id);
                let own = own.expect("it is on its ring");
                assert_eq!(ring.owners[own].holds, Some(*stored));
                assert_eq!(ring.loads()[own], *stored);
            }
            let caption = narrate(run.world()).unwrap_or_default();
            let said = match lost {
                1 => " 1 key is stored nowhere.".to_owned(),
                _ => format!(" {lost} keys are stored nowhere."),
            };
            assert_eq!(lost > 0, caption.ends_with(&said), "{caption}");
            let most = stored.iter().max().unwrap();
            let busiest = stored.iter().position(|own| own == most).unwrap();
            let id = run.world().live().nth(busiest).unwrap();
            let held = format!("Node {} holds {most} of the 100 keys.", id.0);
            let moving = caption.contains("acknowledgement");
            assert!(moving || caption.starts_with(&held), "{caption}: {held}");
        }
    }
    assert!(ever_lost > 0);
}

/// A typed key counts, too.
#[test]
fn a_typed_key_is_lost_like_any_other() {
    let put = r#"1s request n1 {"put":{"key":"apple","value":"red"}}"#;
    let params = [("nodes", "1"), ("keys", "0"), ("virtual_nodes", "10")];
    let run = play("not-round", "as-written", &params, &[put], 1);
    assert_eq!(probe(&run, "lost"), 0.0);
    let run = play(
        "not-round",
        "as-written",
        &params,
        &[put, "2s remove n1"],
        3,
    );
    assert_eq!(probe(&run, "lost"), 1.0);
}

/// Only a write that may have reached a node can still take effect.
#[test]
fn a_failed_read_has_no_effect_to_come() {
    let commands = [
        "1s crash n2",
        "1s crash n3",
        r#"2s request n1 {"get":{"key":"key0"}}"#,
        r#"2s request n1 {"count":{"prefix":"key"}}"#,
        r#"2s request n1 {"put":{"key":"key0","value":"x"}}"#,
    ];
    // key0 belongs to node3, as written.
    let run = play("not-round", "as-written", &[], &commands, 9);
    let replies = replies(&run);
    assert_eq!(replies.len(), 3, "{replies:?}");
    for reply in &replies {
        assert!(reply.contains("no answer from"), "{reply}");
    }
    let unknown: Vec<bool> = replies.iter().map(|r| r.starts_with("Unknown")).collect();
    assert_eq!(unknown, [false, false, true], "{replies:?}");
}

/// However often nodes crash and maps differ, a key's request asks each owner at most once.
#[test]
fn a_request_asks_each_owner_at_most_once() {
    let mut asked = 0;
    for seed in 1..=24 {
        let mut recipe = Recipe::new("hash-ring/crash", seed);
        let mut commands = vec![
            "500ms duplication 0.4".to_owned(),
            "500ms loss 0.2".to_owned(),
            "3s remove n4".to_owned(),
            "6s crash n1".to_owned(),
            "9s recover n1".to_owned(),
        ];
        for (at, node) in (1..20).zip([1, 2, 5].into_iter().cycle()) {
            let request = format!(r#"{at}s request n{node} {{"get":{{"key":"key{at}"}}}}"#);
            let write =
                format!(r#"{at}s request n{node} {{"put":{{"key":"key{at}","value":"x"}}}}"#);
            commands.extend([request, write]);
        }
        recipe.commands = commands;
        let mut run = Timeline::new(CATALOGUE.setup(&recipe).unwrap()).unwrap();
        assert!(run.run_until(Time(40_000_000), 1_000_000));
        let mut sent: BTreeMap<(String, NodeId), u32> = BTreeMap::new();
        for record in run.trace().records() {
            if let Event::Sent {
                address,
                kind: "ASK",
                message,
            } = &record.event
            {
                let id = message.0.json()["ASK"]["id"].to_string();
                *sent.entry((id, address.to)).or_default() += 1;
            }
        }
        asked += sent.len();
        assert!(
            sent.values().all(|times| *times == 1),
            "seed {seed}: {sent:?}"
        );
        let open = run
            .world()
            .live()
            .filter(|id| !node(&run, id.0).calls.open.is_empty());
        assert_eq!(open.count(), 0, "seed {seed}: every request ends");
    }
    assert!(asked > 300, "{asked}");
}

fn seeded(names: &str, seed: u64) -> Timeline {
    let mut recipe = Recipe::new("hash-ring/mixed", seed);
    recipe.params.insert("names".into(), names.into());
    let mut run = Timeline::new(CATALOGUE.setup(&recipe).unwrap()).unwrap();
    assert!(run.run_until(Time(10_000_000), u64::MAX));
    run
}

/// The listing's names are its own under every seed; drawn ones give each seed a ring of its own.
#[test]
fn another_seed_gives_another_ring_where_names_are_drawn() {
    let points = |names: &str, seed: u64| {
        let run = seeded(names, seed);
        let ring = &node(&run, 1).ring;
        for id in run.world().live() {
            assert_eq!(
                node(&run, id.0).ring.points,
                ring.points,
                "all know one ring"
            );
        }
        ring.points.clone()
    };
    let numbered: BTreeSet<_> = (1..=20).map(|seed| points("numbered", seed)).collect();
    assert_eq!(numbered.len(), 1);
    let drawn: BTreeSet<_> = (1..=20).map(|seed| points("from-seed", seed)).collect();
    assert_eq!(drawn.len(), 20);
    assert!(drawn.is_disjoint(&numbered));
}

#[test]
fn drawn_names_are_different_names() {
    for seed in [1, 2, 3, u64::MAX] {
        let run = seeded("from-seed", seed);
        let rules = &node(&run, 1).ring.rules;
        let names: BTreeSet<String> = (1..=1_000).map(|id| rules.name(NodeId(id))).collect();
        assert_eq!(names.len(), 1_000);
        let plain = |name: &String| {
            let number = name.strip_prefix("node-").unwrap_or("");
            number.len() == 4 && number.bytes().all(|b| b.is_ascii_hexdigit())
        };
        assert!(names.iter().all(plain));
    }
}
