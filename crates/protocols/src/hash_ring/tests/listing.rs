//! The curriculum's program, per key: S-RING1 to S-RING5, rows L3 to L3d, and the binary search (P1).

use faultline_sim::process::NodeId;

use super::{broken, loads, node, play, probe, replies};
use crate::hash_ring::hash::{listing, mixed};
use crate::hash_ring::placement::{Ring, Rules};
use faultline_sim::settings::Settings;

use crate::hash_ring::PROTOCOL;

/// Owners in ranges of key numbers: owner, first, last.
type Owners = &'static [(&'static str, u32, u32)];

/// Commands played, the ring's tokens, the owner of each key, keys per node, the share that moved.
type Stage = (
    usize,
    &'static [(u32, &'static str)],
    Owners,
    &'static [u32],
    f64,
);

const THREE: Owners = &[
    ("node3", 0, 24),
    ("node2", 25, 39),
    ("node1", 40, 49),
    ("node3", 50, 99),
];
const FOUR: Owners = &[
    ("node3", 0, 24),
    ("node2", 25, 39),
    ("node1", 40, 49),
    ("node4", 50, 99),
];
const WITHOUT_TWO: Owners = &[("node3", 0, 24), ("node1", 25, 49), ("node4", 50, 99)];

/// A ring under settings as they would be typed.
fn ring(nodes: u32, params: &[(&str, &str)]) -> Ring {
    let mut settings = Settings::new(PROTOCOL.params, PROTOCOL.switches);
    for (name, value) in params {
        settings.set_param(name, value).unwrap();
    }
    Ring::new(Rules::of(&settings), (1..=nodes).map(NodeId))
}

fn spread(ring: &Ring, keys: u32) -> Vec<u32> {
    let owned = |id: &NodeId| {
        let keys = (0..keys).map(|key| ring.owner(ring.rules.hash(&format!("key{key}"))));
        keys.filter(|owner| *owner == Some(*id)).count() as u32
    };
    ring.members.iter().map(owned).collect()
}

fn moved(before: &Ring, after: &Ring, keys: u32) -> usize {
    let changes = |key: &u32| {
        let name = format!("key{key}");
        before.owner(before.rules.hash(&name)) != after.owner(after.rules.hash(&name))
    };
    (0..keys).filter(changes).count()
}

/// S-RING4: where keys land, and the effect of a hash that does not mix.
#[test]
fn keys_and_labels_lie_side_by_side() {
    let firsts = [497, 486, 517, 548, 579, 610, 641, 672, 703, 734];
    for key in 0..100u32 {
        let expected = firsts[(key / 10) as usize] + key % 10;
        assert_eq!(listing(&format!("key{key}")), expected, "key{key}");
    }
    for (points, third) in [("1", 973), ("3", 975), ("10", 980), ("100", 871)] {
        let spread = spread(&ring(3, &[("virtual_nodes", points)]), 1_000);
        assert_eq!(spread[2], third, "{points} points: {spread:?}");
    }
}

/// S-RING1 to 3, each key at each node of the run, and the numbers of row L3.
#[test]
fn every_key_lies_where_the_program_puts_it() {
    let commands = ["1s add", "2s remove n2"];
    let stages: [Stage; 3] = [
        (
            0,
            &[(519, "node3"), (558, "node2"), (597, "node1")],
            THREE,
            &[10, 15, 75],
            f64::NAN,
        ),
        (
            1,
            &[
                (480, "node4"),
                (519, "node3"),
                (558, "node2"),
                (597, "node1"),
            ],
            FOUR,
            &[10, 15, 25, 50],
            50.0,
        ),
        (
            2,
            &[(480, "node4"), (519, "node3"), (597, "node1")],
            WITHOUT_TWO,
            &[25, 25, 50],
            15.0,
        ),
    ];
    for (done, points, owners, counts, moved) in stages {
        let params = [("show_keys", "1")];
        let run = play("not-round", "as-written", &params, &commands[..done], 3);
        assert_eq!(loads(&run), counts, "after {:?}", &commands[..done]);
        let found = probe(&run, "moved");
        assert!(
            found == moved || found.is_nan() && moved.is_nan(),
            "{found}"
        );
        for id in run.world().live() {
            let state = run.world().state(id);
            for (owner, first, last) in owners {
                for key in *first..=*last {
                    assert_eq!(
                        state["owners"][format!("key{key}")],
                        *owner,
                        "key{key} at {id}"
                    );
                }
            }
            assert_eq!(state["owners"].as_object().unwrap().len(), 100);
            assert_eq!(state["keys"], node(&run, id.0).own);
            // Three points side by side for each node.
            let ring = &node(&run, id.0).ring;
            let expected = points.iter().flat_map(|(first, owner)| {
                (0..3).map(move |more| (first + more, (*owner).to_owned()))
            });
            let points = ring.points.iter();
            let points = points.map(|(place, owner)| (*place, ring.rules.name(*owner)));
            assert!(points.eq(expected), "{:?}", ring.points);
            // Not only by the map: the key is there.
            for key in 0..100u32 {
                let key = crate::hash_ring::key::Key::Numbered(key);
                let here = node(&run, id.0).store.contains_key(&key);
                assert_eq!(here, node(&run, id.0).owners(&key) == [id], "{key} at {id}");
            }
        }
        assert_eq!(broken(&run), [] as [&str; 0]);
    }
}

/// S-RING5: node85 shares the points of node1, and removing it removes them. The correct rule leaves node1
/// its own.
#[test]
fn who_meets_another_on_a_point_takes_it_away() {
    let scenario = "shared-point";
    let params = [("nodes", "1"), ("apart", "84")];
    let run = play(scenario, "as-written", &params, &[], 5);
    let owners = |run: &faultline_sim::timeline::Timeline| {
        let ring = node(run, 1).ring.clone();
        let points = ring.points.iter();
        let points = points.map(|(place, owner)| (*place, ring.rules.name(*owner)));
        points.collect::<Vec<_>>()
    };
    let of_85 = [597, 598, 599].map(|place| (place, "node85".to_owned()));
    assert_eq!(owners(&run), of_85);
    assert_eq!(broken(&run), ["points"]);
    let run = play(scenario, "as-written", &params, &[], 10);
    assert_eq!(owners(&run), []);
    assert_eq!(
        node(&run, 1).ring.members,
        [NodeId(1)],
        "it is still a member"
    );
    assert!(replies(&run)[0].contains("Nobody"), "{:?}", replies(&run));

    let switch = ["0s switch share-points=on"];
    let run = play(scenario, "as-written", &params, &switch, 5);
    assert_eq!(owners(&run).len(), 6);
    let run = play(scenario, "as-written", &params, &switch, 10);
    let of_1 = [597, 598, 599].map(|place| (place, "node1".to_owned()));
    assert_eq!(owners(&run), of_1);
    assert!(replies(&run)[0].contains("Found"), "{:?}", replies(&run));
    assert_eq!(broken(&run), [] as [&str; 0]);
}

/// Row L3a and L3d: more points do not help the listing's hash, and mixing needs many points.
#[test]
fn both_parts_matter_mixing_and_many_points() {
    let written = [
        ("10", [10, 10, 80]),
        ("50", [40, 10, 50]),
        ("150", [50, 40, 10]),
    ];
    for (points, expected) in written {
        assert_eq!(
            spread(&ring(3, &[("virtual_nodes", points)]), 100),
            expected,
            "{points}"
        );
    }
    // Of 450 points, 384 find a place of their own. When node4 comes and node2 goes, the points that
    // node2 shared go too: 367 are left of the 450 of three nodes.
    let mut crowded = ring(3, &[("virtual_nodes", "150")]);
    assert_eq!(crowded.points.len(), 384);
    crowded.add(NodeId(4));
    crowded.remove(NodeId(2));
    assert_eq!(crowded.points.len(), 367);
    let table = [
        ("3", [68, 16, 16], 52),
        ("10", [34, 28, 38], 22),
        ("50", [34, 25, 41], 25),
        ("150", [37, 41, 22], 19),
    ];
    for (points, expected, moves) in table {
        let params = [("virtual_nodes", points), ("hash", "mixed")];
        let (three, four) = (ring(3, &params), ring(4, &params));
        assert_eq!(spread(&three, 100), expected, "{points} points");
        assert_eq!(moved(&three, &four, 100), moves, "{points} points");
    }
    // MurmurHash3's finaliser leaves no bit alone; FNV-1a of nothing is its offset.
    assert_eq!(mixed(""), crate::hash_ring::hash::fmix(0x811c_9dc5));
}

/// The same while a run goes on: mix the hash, then give each node fifty points, then add one.
#[test]
fn rules_change_while_the_run_goes_on() {
    let at = |seconds| play("mixed", "as-written", &[], &[], seconds);
    assert_eq!(loads(&at(2)), [10, 15, 75]);
    assert_eq!(loads(&at(5)), [68, 16, 16]);
    assert_eq!(loads(&at(8)), [34, 25, 41]);
    let run = at(12);
    assert_eq!(
        (probe(&run, "moved"), probe(&run, "moved-mod-n")),
        (25.0, 72.0)
    );
    assert_eq!(loads(&run)[3], 25);
    assert_eq!(broken(&run), [] as [&str; 0]);
}

/// Row P1: the comparisons of a binary search, which finds the first point at or after the hash.
#[test]
fn a_search_halves_what_is_left() {
    let nine = ring(3, &[]);
    assert_eq!(nine.points.len(), 9);
    for hash in 0..1_000u32 {
        let (looks, found) = nine.search(hash);
        let expected = nine.points.partition_point(|(place, _)| *place < hash) % 9;
        assert_eq!(found, Some(expected as u32), "{hash}");
        assert!(looks.len() <= 4, "{hash}: {looks:?}");
        for pair in looks.windows(2) {
            let width = |at: usize| pair[at].right - pair[at].left;
            assert!(width(1) <= width(0) / 2, "{hash}: {looks:?}");
        }
        // Past the last point nothing is searched: the key goes on through zero.
        assert_eq!(looks.is_empty(), hash > 599, "{hash}");
    }
    let lookup = [r#"1s request n1 {"lookup":{"key":"key0"}}"#];
    let half = play("not-round", "as-written", &[], &lookup, 2);
    let search = node(&half, 1).search.as_ref().unwrap();
    assert!(
        search.operation.is_some() && search.done == 1,
        "it takes its time"
    );
    let run = play("not-round", "as-written", &[], &lookup, 6);
    let (looks, _) = nine.search(497);
    assert_eq!(probe(&run, "comparisons"), looks.len() as f64);
    assert!(replies(&run)[0].contains("node3"), "{:?}", replies(&run));
}
