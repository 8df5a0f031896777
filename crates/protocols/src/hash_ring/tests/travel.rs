//! Keys on their way: over a network, to newcomers, from leavers, past crashes; and clients' requests.

use std::collections::BTreeSet;

use faultline_sim::event::Event;
use faultline_sim::frame::Figure;
use faultline_sim::judge::Kept;
use faultline_sim::process::NodeId;
use faultline_sim::testing::Play;

use super::super::key::Key;
use super::super::{HashRing, PROTOCOL};
use super::{broken, loads, node, play, probe, replies};

const NONE: [&str; 0] = [];

/// Only the new node gets keys when it joins; a leaving node gives its keys to the next ones.
#[test]
fn keys_travel_to_the_newcomer_only() {
    let run = play("hand-over", "correct", &[], &[], 8);
    assert_eq!(broken(&run), NONE);
    let all = || run.trace().records();
    let given = all().filter_map(|record| match &record.event {
        Event::Sent {
            kind: "HANDOVER",
            address,
            ..
        } => Some(address.to),
        _ => None,
    });
    assert_eq!(given.collect::<BTreeSet<_>>(), BTreeSet::from([NodeId(4)]));
    assert_eq!(probe(&run, "moved"), f64::from(node(&run, 4).own));
    assert_eq!(loads(&run).iter().sum::<u32>(), 100);
    let run = play("hand-over", "correct", &[], &[], 20);
    assert_eq!(
        (broken(&run), loads(&run).iter().sum::<u32>()),
        (vec![], 100)
    );
    assert_eq!(run.world().live().count(), 3);
}

/// Messages that are lost are sent again, and until then nothing is deleted.
#[test]
fn a_lossy_link_loses_no_key_unless_somebody_is_in_a_hurry() {
    let hasty = play("lost-on-the-way", "hasty", &[], &[], 20);
    assert!(broken(&hasty).contains(&"kept"));
    assert!(
        loads(&hasty).iter().sum::<u32>() < 100,
        "{:?}",
        loads(&hasty)
    );
    let mended = play("lost-on-the-way", "correct", &[], &[], 60);
    assert_eq!(broken(&mended), NONE);
    assert_eq!(loads(&mended).iter().sum::<u32>(), 100);
    let turned = ["0s switch wait-ack=on"];
    let turned = play("lost-on-the-way", "hasty", &[], &turned, 60);
    assert_eq!(loads(&turned).iter().sum::<u32>(), 100);
}

/// A silent node is taken from the ring, those with copies answer, and it gets its keys back.
#[test]
fn copies_outlive_a_crash() {
    let params = [("nodes", "5")];
    let run = play("crash", "replicated", &params, &[], 11);
    assert!(!node(&run, 1).ring.members.contains(&NodeId(3)));
    assert!(replies(&run)[0].starts_with("Found"), "{:?}", replies(&run));
    assert_eq!(
        loads(&run).iter().sum::<u32>(),
        100,
        "the others own all keys now"
    );
    let run = play("crash", "replicated", &params, &[], 40);
    assert!(node(&run, 1).ring.members.contains(&NodeId(3)));
    assert_eq!(
        (broken(&run), loads(&run).iter().sum::<u32>()),
        (vec![], 100)
    );
    // As written no node notices, and the keys cannot be reached.
    let get = [r#"3s request n1 {"get":{"key":"key0"}}"#, "2s crash n3"];
    let run = play("not-round", "as-written", &[], &get, 9);
    assert_eq!(node(&run, 1).ring.members.len(), 3);
    assert!(
        replies(&run)[0].contains("no answer from node3"),
        "{:?}",
        replies(&run)
    );
}

/// Two sides go on with the nodes they can reach; healed, they are one ring again.
#[test]
fn a_split_makes_two_rings_until_it_heals() {
    let cut = ["2s partition n1,n2|n3,n4,n5"];
    let run = play("hand-over", "replicated", &[("nodes", "5")], &cut, 9);
    assert!(broken(&run).contains(&"at-owners"));
    let heal = [cut[0], "14s heal"];
    let run = play("hand-over", "replicated", &[("nodes", "5")], &heal, 60);
    for id in run.world().live() {
        assert_eq!(node(&run, id.0).ring.members.len(), 5, "{id}");
    }
    assert_eq!(broken(&run), NONE);
}

/// Rows L3e and S3: typed keys, one owner asked for one key, all nodes for a count.
#[test]
fn any_node_takes_a_request_to_the_owner() {
    let run = play("ask", "correct", &[("virtual_nodes", "3")], &[], 20);
    let replies = replies(&run);
    assert!(replies[0].starts_with("Stored"), "{replies:?}");
    assert!(replies[1].contains("red"), "{replies:?}");
    assert!(replies[2].starts_with("Owner"), "{replies:?}");
    // key1 and key10 to key19.
    assert!(
        replies[3].contains("keys 11") && replies[3].contains("nodes 3"),
        "{replies:?}"
    );
    assert_eq!((probe(&run, "asked"), probe(&run, "ok")), (3.0, 100.0));
    assert_eq!(
        loads(&run).iter().sum::<u32>(),
        101,
        "the typed key is one of them"
    );
    let wrong = [r#"1s request n1 {"get":{"key":"nowhere"}}"#];
    let run = play("hand-over", "correct", &[], &wrong, 6);
    assert!(super::replies(&run)[0].starts_with("Missing"));
}

/// What clients are told of a typed key: without copies, a crash of its owner loses a confirmed write.
#[test]
fn a_crash_of_the_only_owner_loses_a_confirmed_write() {
    let kept = |crash: bool| {
        let play = Play::protocol(&PROTOCOL, "ask");
        let owner = play.ended();
        let holds = |id: &u32| {
            let node = owner.node::<HashRing>(*id);
            node.store.contains_key(&Key::named("apple"))
        };
        let owner = (1..=3).find(holds).expect("an owner");
        let reader = 1 + owner % 3;
        let read = format!(r#"18s request n{reader} {{"get":{{"key":"apple"}}}}"#);
        let play = if crash {
            play.does(&format!("14s crash n{owner}"))
        } else {
            play
        };
        play.does(&read).at(25_000).linearizable()
    };
    assert_eq!(kept(false), Kept::Holds);
    let lost = kept(true);
    assert!(matches!(lost, Kept::Broken(_)), "{lost:?}");
}

/// Each node draws its ring: points, keys with owners, and what moved; one node for all if it is large.
#[test]
fn the_ring_is_drawn_with_what_moved() {
    let run = play("add-and-remove", "as-written", &[], &[], 5);
    for id in 1..=4 {
        let frame = run.world().node_frame(NodeId(id));
        let ring = frame.figures.iter().find_map(|figure| match figure {
            Figure::Ring(ring) => Some(ring),
            _ => None,
        });
        let ring = ring.expect("a small ring is drawn by all");
        assert_eq!(
            (ring.points.len(), ring.items.len(), ring.moved.len()),
            (12, 100, 50)
        );
        assert!(ring.points.iter().all(|(at, _)| (0.0..1.0).contains(at)));
        for moved in &ring.moved {
            let pair = (ring.owner(moved.from), ring.owner(moved.to));
            assert_eq!(pair, ("node3", "node4"));
            assert_eq!(ring.items[moved.item as usize].owner, moved.to);
        }
        let rows = Figure::Ring(ring.clone()).to_table().rows;
        assert_eq!(rows.len(), 112);
        assert_eq!(rows[12 + 99], ["0.7430", "key99", "node4", "node3"]);
    }
}

/// One node draws all of a large ring; nodes with a typed key or a search add their own part.
#[test]
fn others_add_what_only_they_can_tell() {
    let params = [("nodes", "20"), ("keys", "2000")];
    let commands = [
        r#"1s request n7 {"put":{"key":"mine","value":"x"}}"#,
        r#"2s request n9 {"lookup":{"key":"mine"}}"#,
    ];
    let run = play("search", "correct", &params, &commands, 5);
    let rings = run.world().live().filter_map(|id| {
        let frame = run.world().node_frame(id);
        frame.figures.iter().find_map(|figure| match figure {
            Figure::Ring(ring) => Some((id.0, ring.clone())),
            _ => None,
        })
    });
    let rings: Vec<_> = rings.collect();
    let whole: Vec<u32> = rings
        .iter()
        .filter(|(_, ring)| !ring.partial)
        .map(|(id, _)| *id)
        .collect();
    assert_eq!(whole, [1]);
    let keeper = rings
        .iter()
        .find(|(_, ring)| ring.items.iter().any(|item| item.typed));
    let (keeper, ring) = keeper.expect("somebody keeps it");
    let item = ring.items.iter().find(|item| item.typed).unwrap();
    assert_eq!(
        (item.label.as_str(), ring.owner(item.owner)),
        ("mine", &*format!("node{keeper}"))
    );
    let searching = rings.iter().filter(|(_, ring)| ring.search.is_some());
    assert_eq!(searching.map(|(id, _)| *id).collect::<Vec<_>>(), [1, 9]);
}

/// A hundred nodes and ten thousand keys, three copies each: all are where they belong after a change.
#[test]
fn large_rings_work_too() {
    let params = [("nodes", "100"), ("keys", "10000"), ("virtual_nodes", "20")];
    let run = play("hand-over", "correct", &params, &[], 8);
    assert_eq!(broken(&run), NONE);
    assert_eq!(loads(&run).iter().sum::<u32>(), 10_000);
    let moved = probe(&run, "moved");
    assert!((30.0..250.0).contains(&moved), "{moved}");
    let drawn = run.world().live().filter(|id| {
        let frame = run.world().node_frame(*id);
        frame
            .figures
            .iter()
            .any(|figure| matches!(figure, Figure::Ring(_)))
    });
    assert_eq!(
        drawn.collect::<Vec<_>>(),
        [NodeId(1)],
        "one picture for all"
    );
}
