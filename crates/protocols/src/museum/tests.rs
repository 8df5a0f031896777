//! What each mechanism promises, and that they work together. Instants move with every random draw, so tests ask for
//! order and bounds under several seeds.

use faultline_sim::process::NodeId;
use faultline_sim::testing::{Play, Played};

use super::{Museum, PROTOCOL, marks};
use crate::elections::{LEADS, STARTS};
use crate::parts::versions::Vector;

const LENSES: [&str; 5] = [
    "four-lenses",
    "by-gossip",
    "by-election",
    "by-ring",
    "by-vectors",
];

fn play(scenario: &str) -> Play {
    Play::protocol(&PROTOCOL, scenario)
}

fn seeds() -> std::ops::RangeInclusive<u64> {
    1..=12
}

fn view(run: &Played, id: u32) -> Vec<u32> {
    let view = run.node::<Museum>(id).view().iter();
    view.map(|id| id.0).collect()
}

/// The owners of keys, from a program of its own in another language: FNV-1a, MurmurHash3's final mix,
/// eight points `nodeN:0` to `nodeN:7` each.
#[test]
fn the_ring_gives_each_key_the_owners_that_another_program_gives() {
    let run = play("four-lenses").at(5_900);
    for (key, owners) in [
        ("vase", [5, 2, 4]),
        ("coin", [3, 1, 5]),
        ("mask", [2, 4, 5]),
        ("clock", [3, 1, 2]),
        ("ship", [4, 1, 3]),
        ("flag", [4, 2, 1]),
    ] {
        for id in 1..=5 {
            let node = run.node::<Museum>(id);
            assert_eq!(node.owners(key), owners.map(NodeId), "{key} at node {id}");
            let stores = node.store.get(key).is_some();
            assert_eq!(stores, owners.contains(&id), "{key} at node {id}");
        }
    }
    let run = play("four-lenses").ended();
    let vase = run.node::<Museum>(1).owners("vase");
    assert_eq!(
        vase,
        [2, 4, 1].map(NodeId),
        "the next node clockwise takes over"
    );
}

/// \[R\] 2: nobody is accused while all gossip gets through, and silence is noticed after T_fail.
#[test]
fn a_crash_is_noticed_after_the_silence_and_a_live_node_is_not_accused() {
    let mut alarms = 0.0;
    for seed in seeds() {
        let run = play("four-lenses").seed(seed).ended();
        let (first, all) = (run.read("detected-after"), run.read("all-know-after"));
        assert!((4.0..=5.6).contains(&first), "seed {seed}: {first}");
        assert!((first..=15.0).contains(&all), "seed {seed}: {all}");
        alarms += run.read("false-alarms");
        for id in 1..=4 {
            assert_eq!(view(&run, id), [1, 2, 3, 4], "seed {seed}, node {id}");
        }
    }
    assert!(alarms <= 1.0, "{alarms} false alarms");
    let hasty = seeds().map(|seed| {
        let run = play("four-lenses")
            .seed(seed)
            .param("fail", 1_000)
            .at(5_900);
        run.read("false-alarms")
    });
    assert!(
        hasty.sum::<f64>() > 10.0,
        "two rounds of silence mean nothing"
    );
}

/// \[G\] III: the highest live node leads, nobody starts before a failure is noticed.
#[test]
fn the_next_highest_node_leads_after_gossip_has_told() {
    for (nodes, seed) in [(3, 1), (5, 1), (5, 2), (8, 3), (12, 4)] {
        let row = play("by-election").param("nodes", nodes).seed(seed);
        // Node 5 leads only a cluster of five: the others lose their own highest node.
        let row = row.does(&format!("6.1s crash n{nodes}"));
        let before = row.at(5_900);
        assert!(
            before.leaders().iter().all(|leader| *leader == Some(nodes)),
            "{nodes}"
        );
        let run = row.ended();
        let next = (1..nodes).rev().find(|id| *id != 5);
        assert!(
            run.leaders().iter().all(|leader| *leader == next),
            "{nodes}: {:?}",
            run.leaders()
        );
        let starts = run.marked(&STARTS);
        let fails = run.marked(&marks::FAILS)[0].0;
        assert!(
            starts.iter().skip(1).all(|(time, ..)| *time >= fails),
            "{nodes}"
        );
    }
}

/// One node orders, so a repair is done once; without the rule each node does.
#[test]
fn the_leader_orders_the_copies_once() {
    for seed in seeds() {
        let run = play("by-ring").seed(seed).ended();
        let orders = run.marked(&marks::ORDERS);
        let leaders = run.who(&LEADS);
        assert!(
            orders.iter().all(|(_, id, _)| leaders.contains(&id.0)),
            "seed {seed}"
        );
        let (led, back) = (run.read("leader-after"), run.read("copies-back-after"));
        assert!(led < back && back < 9.0, "seed {seed}: {led}, {back}");
        assert_eq!(run.all_broken(), [""; 0], "seed {seed}");
    }
    let one = play("by-ring").at(18_000);
    let many = play("by-ring").switch("one-orders", false).at(18_000);
    let orders = (one.read("repairs"), many.read("repairs"));
    assert!(orders.1 >= orders.0 + 3.0, "{orders:?}");
    assert!(many.sent("COPY") > 2 * one.sent("COPY"));
    let none = play("by-ring").switch("repair", false).ended();
    assert_eq!(
        (none.reads("copies-back-after"), none.read("repairs")),
        (None, 0.0)
    );
}

/// An order goes on until each member has carried it out, whatever is lost.
#[test]
fn lost_messages_delay_a_repair_and_do_not_end_it() {
    for seed in seeds() {
        let run = play("by-ring")
            .seed(seed)
            .does("9s loss 0.2")
            .does("20s loss 0");
        let run = run.does("21s request n1 {\"get\":{\"key\":\"flag\"}}");
        let run = run.ended();
        assert!(run.reads("copies-back-after").is_some(), "seed {seed}");
    }
}

/// \[P\]: both writes are kept by all copies, a read shows both, and a write that knows both replaces both.
#[test]
fn two_writes_at_once_are_kept_until_a_write_knows_both() {
    for seed in seeds() {
        let row = play("by-vectors").seed(seed);
        let both = row.at(17_500);
        assert_eq!(both.read("conflicts"), 1.0, "seed {seed}");
        for id in [1, 3, 4] {
            let copy = both.node::<Museum>(id).copy("coin");
            let mut values: Vec<&str> = copy.values.iter().map(|v| &*v.value).collect();
            values.sort_unstable();
            assert_eq!(values, ["bronze", "silver"], "seed {seed}, node {id}");
        }
        let read = both
            .replies()
            .last()
            .cloned()
            .unwrap_or_default()
            .to_string();
        assert!(read.contains("bronze") && read.contains("silver"), "{read}");
        let run = row.ended();
        for id in [1, 3, 4] {
            let copy = run.node::<Museum>(id).copy("coin");
            assert_eq!(copy.values.len(), 1, "seed {seed}, node {id}");
            assert_eq!(copy.values[0].value, "copper");
            let seen: Vector = [(NodeId(1), 1), (NodeId(3), 3)].into_iter().collect();
            assert_eq!(
                copy.seen, seen,
                "gold, bronze and copper at node 3, silver at node 1"
            );
        }
    }
    let lost = play("last-arrival").ended();
    assert!(lost.broken("nothing-lost").is_some());
}

/// A lens shows the same run: the same events in all of them.
#[test]
fn the_lens_changes_nothing_but_the_picture() {
    for seed in [1, 2, 3] {
        let all = play(LENSES[0]).seed(seed).ended();
        let mut labels = Vec::new();
        for scenario in LENSES {
            let run = play(scenario).seed(seed).ended();
            assert_eq!(run.0.trace_hash(), all.0.trace_hash(), "{scenario}");
            for id in 1..=4 {
                assert_eq!(run.state(id), all.state(id), "{scenario}");
            }
            labels.push(run.0.world().node_frame(NodeId(4)).label);
        }
        labels.sort_unstable();
        labels.dedup();
        assert!(
            labels.len() >= 4,
            "each lens has its own picture: {labels:?}"
        );
    }
}

#[test]
fn crashes_faster_than_the_repair_lose_a_key_and_slower_ones_do_not() {
    for seed in seeds() {
        let lost = play("two-crashes").seed(seed);
        assert_eq!(lost.ended().read("lost"), 1.0, "seed {seed}");
        let back = lost.does("20s recover n4").at(21_900);
        assert_eq!(back.read("lost"), 0.0, "the disk still has it");
        assert_eq!(lost.param("copies", 3).ended().read("lost"), 0.0);
        let slow = play("slow-crashes").seed(seed).ended();
        assert_eq!(slow.read("lost"), 0.0, "seed {seed}");
        assert_eq!(slow.all_broken(), [""; 0], "seed {seed}");
    }
}

#[test]
fn a_split_makes_two_leaders_and_a_heal_leaves_one() {
    for seed in seeds() {
        let row = play("split").seed(seed);
        let split = row.at(17_900);
        let led = split.leaders();
        assert_eq!(
            led,
            [Some(2), Some(2), Some(5), Some(5), Some(5)],
            "seed {seed}"
        );
        assert_eq!(
            (view(&split, 1), view(&split, 4)),
            (vec![1, 2], vec![3, 4, 5])
        );
        let healed = row.at(27_500);
        assert!(
            healed.leaders().iter().all(|leader| *leader == Some(5)),
            "seed {seed}"
        );
        assert_eq!(healed.read("conflicts"), 1.0, "seed {seed}");
        let run = row.ended();
        assert_eq!(run.all_broken(), [""; 0], "seed {seed}");
        assert_eq!(run.node::<Museum>(5).copy("coin").values.len(), 1);
    }
}

#[test]
fn a_joining_node_takes_only_its_share_and_the_lead() {
    for seed in seeds() {
        let row = play("join").seed(seed);
        let (before, run) = (row.at(5_900), row.ended());
        assert_eq!(run.leaders(), [Some(6); 6], "seed {seed}");
        assert_eq!(
            run.read("copied") - before.read("copied"),
            2.0,
            "seed {seed}"
        );
        for (key, owners) in [("mask", [2, 6, 4]), ("clock", [6, 3, 1])] {
            assert_eq!(run.node::<Museum>(6).owners(key), owners.map(NodeId));
            assert!(run.node::<Museum>(6).store.get(key).is_some(), "{key}");
        }
        assert_eq!(run.all_broken(), [""; 0], "seed {seed}");
    }
}

#[test]
fn old_counts_raise_the_dead_and_larger_counts_do_not() {
    let rises = |larger: bool| {
        let runs = seeds().map(|seed| {
            let row = play("old-counts").seed(seed).switch("larger-count", larger);
            let run = row.ended();
            let lives = run.marked(&marks::LIVES).into_iter();
            let risen = lives
                .filter(|(time, _, mark)| time.0 > 9_000_000 && mark.node(0) == Some(NodeId(5)));
            usize::from(risen.count() > 0)
        });
        runs.sum::<usize>()
    };
    assert!(rises(false) >= 6, "{}", rises(false));
    assert_eq!(rises(true), 0);
    assert!(play("old-counts").ended().broken("counts-grow").is_some());
}

/// A write for a key of a dead node goes to the next owner before anybody has noticed the crash.
#[test]
fn the_ring_has_a_next_owner_before_gossip_has_news() {
    for seed in seeds() {
        let run = play("four-lenses").seed(seed).ended();
        let (retries, fails) = (run.marked(&marks::RETRIES), run.marked(&marks::FAILS));
        assert_eq!(
            retries[0].2.node(2),
            Some(NodeId(2)),
            "vase goes from node 5 to node 2"
        );
        assert!(retries[0].0 < fails[0].0, "seed {seed}");
        assert_eq!(run.read("retries"), 1.0);
    }
}

/// A node that comes back goes on with its own count, leads again and catches up.
#[test]
fn a_node_that_restarts_leads_again_and_catches_up() {
    for seed in seeds() {
        let run = play("four-lenses").seed(seed).does("19s recover n5");
        let run = run.at(21_950);
        assert!(
            run.leaders().iter().all(|leader| *leader == Some(5)),
            "seed {seed}: {:?}",
            run.leaders()
        );
        assert_eq!(run.all_broken(), [""; 0], "seed {seed}");
    }
}
