//! How evenly points share a ring, and what must move: B-CV, B-MOVE, B-MODN, and other schemes.

use faultline_sim::process::NodeId;
use faultline_sim::settings::Settings;

use crate::hash_ring::PROTOCOL;
use crate::hash_ring::hash::{fmix, jump};
use crate::hash_ring::placement::{Ring, Rules};

fn rules(params: &[(&str, &str)]) -> Rules {
    let mut settings = Settings::new(PROTOCOL.params, PROTOCOL.switches);
    for (name, value) in [("hash", "mixed")].iter().chain(params) {
        settings.set_param(name, value).unwrap();
    }
    settings.set_switch("share-points", true).unwrap();
    Rules::of(&settings)
}

fn ring(ids: impl IntoIterator<Item = u32>, params: &[(&str, &str)]) -> Ring {
    Ring::new(rules(params), ids.into_iter().map(NodeId))
}

fn owners(ring: &Ring, keys: u32) -> Vec<NodeId> {
    let keys = (0..keys).map(|key| ring.rules.hash(&format!("key{key}")));
    keys.map(|hash| ring.owner(hash).unwrap()).collect()
}

fn share(owners: &[NodeId], id: u32) -> f64 {
    let own = owners.iter().filter(|owner| **owner == NodeId(id)).count();
    own as f64 / owners.len() as f64
}

/// Nodes, points each, the formula, and what simulated rings had: deviation, largest and smallest
/// share, times the mean.
// The figures are the oracle's, with its four digits, and one of them happens to be 1/√2.
#[allow(clippy::approx_constant)]
const BALANCE: [(u32, u32, f64, f64, f64, f64); 18] = [
    (3, 1, 0.7071, 0.7183, 1.855, 0.331),
    (3, 3, 0.4472, 0.4371, 1.484, 0.569),
    (3, 10, 0.254, 0.2525, 1.27, 0.749),
    (3, 50, 0.1151, 0.1145, 1.12, 0.881),
    (3, 100, 0.0815, 0.0819, 1.086, 0.916),
    (3, 200, 0.0577, 0.0549, 1.058, 0.943),
    (5, 1, 0.8165, 0.8187, 2.299, 0.195),
    (5, 3, 0.5, 0.499, 1.735, 0.454),
    (5, 10, 0.2801, 0.2816, 1.391, 0.659),
    (5, 50, 0.1262, 0.1276, 1.173, 0.84),
    (5, 100, 0.0894, 0.0885, 1.116, 0.888),
    (5, 200, 0.0632, 0.0628, 1.083, 0.919),
    (10, 1, 0.9045, 0.9089, 2.932, 0.101),
    (10, 3, 0.5388, 0.5409, 2.065, 0.332),
    (10, 10, 0.2985, 0.3006, 1.541, 0.578),
    (10, 50, 0.134, 0.1333, 1.226, 0.794),
    (10, 100, 0.0948, 0.0939, 1.157, 0.853),
    (10, 200, 0.0671, 0.0673, 1.112, 0.892),
];

/// B-CV: rings of the good hash are as even as rings of random points, within a twelfth.
#[test]
fn shares_even_out_with_the_root_of_the_points() {
    for (nodes, points, formula, simulated, largest, smallest) in BALANCE {
        let exact = (f64::from(nodes - 1) / f64::from(nodes * points + 1)).sqrt();
        assert!((exact - formula).abs() < 1e-4, "{nodes} {points}");
        let rings = 12_000 / (nodes * points).max(20);
        let count = points.to_string();
        let (mut squares, mut most, mut least) = (0.0, 0.0, 0.0);
        for sample in 0..rings {
            let ids = (1..=nodes).map(|id| sample * nodes + id);
            let shares = ring(ids, &[("virtual_nodes", &count)]).shares();
            let shares: Vec<f64> = shares.values().map(|s| s * f64::from(nodes)).collect();
            let whole: f64 = shares.iter().sum();
            assert!((whole - f64::from(nodes)).abs() < 1e-9);
            let deviations = shares.iter().map(|s| (s - 1.0) * (s - 1.0));
            squares += deviations.sum::<f64>() / f64::from(nodes);
            most += shares.iter().copied().fold(0.0, f64::max);
            least += shares.iter().copied().fold(f64::MAX, f64::min);
        }
        let rings = f64::from(rings);
        let near = |found: f64, expected: f64, what: &str| {
            let off = (found - expected).abs() / expected;
            // Few rings of many points each: their own scatter is a tenth.
            let bound = if rings > 100.0 { 0.08 } else { 0.25 };
            assert!(
                off < bound,
                "{nodes} nodes, {points} points, {what}: {found} for {expected}"
            );
        };
        near((squares / rings).sqrt(), exact, "formula");
        near((squares / rings).sqrt(), simulated, "simulated");
        near(most / rings, largest, "largest");
        near(least / rings, smallest, "smallest");
    }
}

/// B-MOVE: a new node takes about its share, and only it takes keys; a leaving node gives only its own.
#[test]
fn only_what_must_move_moves() {
    let many = [("virtual_nodes", "150")];
    for (nodes, share) in [(3u32, 2_500.0), (9, 1_000.0)] {
        for params in [
            &many[..],
            &[("scheme", "rendezvous")],
            &[("scheme", "jump")],
        ] {
            let before = owners(&ring(1..=nodes, params), 10_000);
            let after = owners(&ring(1..=nodes + 1, params), 10_000);
            let pairs = || before.iter().zip(&after).filter(|(a, b)| a != b);
            assert!(pairs().all(|(_, b)| *b == NodeId(nodes + 1)), "{params:?}");
            let moved = pairs().count() as f64;
            assert!((moved - share).abs() < share / 5.0, "{params:?}: {moved}");
        }
        // Away from the middle: jump hashing can only lose its last bucket.
        for params in [&many[..], &[("scheme", "rendezvous")]] {
            let before = owners(&ring(1..=nodes, params), 10_000);
            let after = owners(&ring((1..=nodes).filter(|id| *id != 2), params), 10_000);
            let mut pairs = before.iter().zip(&after).filter(|(a, b)| a != b);
            assert!(pairs.all(|(a, _)| *a == NodeId(2)), "{params:?}");
        }
    }
    let before = owners(&ring(1..=4, &[("scheme", "jump")]), 10_000);
    let after = owners(&ring([1, 3, 4], &[("scheme", "jump")]), 10_000);
    let others = before
        .iter()
        .zip(&after)
        .filter(|(a, b)| a != b && **a != NodeId(2));
    assert!(others.count() > 2_000, "jump hashing moves the others, too");
}

/// B-MODN: from N to N + 1, exactly N of N + 1 of all remainders move.
#[test]
fn the_remainder_moves_nearly_everything() {
    for nodes in 1..=12u32 {
        let (before, after) = (ring(1..=nodes, &[]), ring(1..=nodes + 1, &[]));
        let all = nodes * (nodes + 1);
        let moved = (0..all).filter(|hash| before.mod_n_owner(*hash) != after.mod_n_owner(*hash));
        assert_eq!(
            moved.count() as u32,
            all / (nodes + 1) * nodes,
            "{nodes} nodes"
        );
    }
}

/// The walk for copies meets different nodes, and the first is the owner.
#[test]
fn copies_lie_at_different_nodes() {
    for scheme in ["ring", "mod-n", "rendezvous", "jump"] {
        for (replicas, nodes) in [(1u32, 1u32), (3, 2), (3, 5), (7, 10)] {
            let count = replicas.to_string();
            let params = [
                ("scheme", scheme),
                ("replicas", &count),
                ("virtual_nodes", "20"),
            ];
            let ring = ring(1..=nodes, &params);
            for key in 0..500u32 {
                let hash = fmix(key);
                let owners = ring.owners(hash);
                assert_eq!(owners.len() as u32, replicas.min(nodes), "{scheme}");
                assert_eq!(owners.first().copied(), ring.owner(hash), "{scheme}");
                let mut distinct = owners.clone();
                distinct.sort();
                distinct.dedup();
                assert_eq!(distinct.len(), owners.len(), "{scheme}: {owners:?}");
            }
        }
    }
}

/// A node with twice the points keeps about twice the keys.
#[test]
fn a_node_with_more_room_gets_more() {
    for scheme in ["ring", "rendezvous"] {
        let params = [
            ("heavy", "2"),
            ("weight", "3"),
            ("virtual_nodes", "200"),
            ("scheme", scheme),
        ];
        let owners = owners(&ring(1..=3, &params), 10_000);
        let share = share(&owners, 2);
        assert!(
            (0.53..0.67).contains(&share),
            "{scheme}: {share} for three fifths"
        );
    }
}

/// Lamping and Veach: nothing moves between old buckets, whatever the number.
#[test]
fn jump_hashing_only_jumps_forward() {
    for key in 0..2_000u32 {
        let mut last = 0;
        for buckets in 1..=30 {
            let bucket = jump(fmix(key), buckets);
            assert!(bucket == last || bucket == buckets - 1, "{key} {buckets}");
            last = bucket;
        }
    }
}
