use std::f64::consts::TAU;

use faultline_sim::frame::{Ring, RingItem, RingMove, RingOwner};
use faultline_sim::process::NodeId;

use super::*;

fn room(width: f64, height: f64) -> Room {
    Room {
        ring: true,
        ..Room::new(width, height)
    }
}

/// `per_owner` points for each owner, evenly around in turn; keys evenly too.
fn ring(owners: u32, per_owner: u32, keys: u32) -> Ring {
    let owner = |id: u32| RingOwner {
        holds: None,
        name: format!("node{}", id + 1),
        node: NodeId(id + 1),
        member: true,
    };
    let points = owners * per_owner;
    let at = |i: u32, of: u32| (f64::from(i) + 0.5) / f64::from(of);
    let points: Vec<(f64, u32)> = (0..points).map(|i| (at(i, points), i % owners)).collect();
    let items = (0..keys).map(|i| {
        let at = at(i, keys);
        let next = points.partition_point(|(point, _)| *point < at);
        let found = points.get(next).or(points.first());
        RingItem {
            at,
            label: format!("key{i}"),
            owner: found.map_or(Some(i % owners), |(_, owner)| Some(*owner)),
            typed: false,
        }
    });
    Ring {
        owners: (0..owners).map(owner).collect(),
        places: 1_000.0,
        items: items.collect(),
        points,
        ..Ring::default()
    }
}

const STAGES: [(f64, f64); 5] = [
    (1280.0, 484.0),
    (880.0, 484.0),
    (768.0, 403.0),
    (640.0, 420.0),
    (390.0, 595.0),
];

#[test]
fn the_ring_stands_on_the_stage_and_leaves_nodes_their_room() {
    for (width, height) in STAGES {
        let wheel = Wheel::fit(room(width, height)).expect("there is room");
        let reach = wheel.edges().1 + 20.0;
        let Point { x, y } = wheel.centre;
        assert!(x - reach >= 0.0 && x + reach <= width, "{wheel:?}");
        assert!(y - reach >= -4.0 && y + reach <= height + 4.0, "{wheel:?}");
        assert!(wheel.bars.x + wheel.longest <= width, "{wheel:?}");
        if wheel.below {
            assert!(wheel.edge >= 248.0 && y - reach >= wheel.edge, "{wheel:?}");
        } else {
            assert!(wheel.edge >= 290.0 && x - reach >= wheel.edge, "{wheel:?}");
        }
    }
    assert_eq!(
        Wheel::fit(room(390.0, 340.0)),
        None,
        "a phone without more room"
    );
    assert_eq!(
        Wheel::fit(Room::new(880.0, 484.0)),
        None,
        "no ring, no room"
    );
}

#[test]
fn every_place_is_somebodys_and_nobodys_twice() {
    let wheel = Wheel::fit(room(880.0, 484.0)).unwrap();
    for (owners, points) in [(1, 1), (3, 1), (3, 3), (10, 50), (100, 500), (4, 0)] {
        let ring = ring(owners, points, 10);
        let stretches = wheel.stretches(&ring);
        let mut shares = vec![0.0; owners as usize];
        for (owner, parts) in stretches.iter().enumerate() {
            for (from, to) in parts {
                let length = (to - from).rem_euclid(1.0);
                shares[owner] += if length == 0.0 { 1.0 } else { length };
            }
        }
        let sum: f64 = shares.iter().sum();
        assert!((sum - 1.0).abs() < 1e-9, "{owners} with {points}: {sum}");
        if points * owners <= 600 {
            let fair = 1.0 / f64::from(owners);
            assert!(shares.iter().all(|share| (share - fair).abs() < 1e-9));
        }
        let parts: usize = stretches.iter().map(Vec::len).sum();
        assert!(
            parts as f64 <= 600.0f64.max(wheel.around() + 2.0),
            "{parts} paths"
        );
    }
}

#[test]
fn keys_are_dots_as_long_as_there_is_room_for_each() {
    for (width, height) in STAGES {
        let wheel = Wheel::fit(room(width, height)).unwrap();
        let (inner, _) = wheel.edges();
        let inside = |at: &Point| at.distance(wheel.centre) < inner;
        let Keys::Dots(dots) = wheel.keys(&ring(3, 3, 100)) else {
            panic!("a hundred keys are dots");
        };
        assert_eq!(dots.len(), 100);
        assert!(dots.iter().all(|(_, at)| inside(at)));
        let Keys::Strokes(strokes) = wheel.keys(&ring(100, 20, 10_000)) else {
            panic!("ten thousand keys are not");
        };
        assert!(
            strokes
                .iter()
                .all(|(_, from, to)| inside(from) && inside(to))
        );
        let around = wheel.around();
        assert!((strokes.len() as f64) < around * 60.0, "{}", strokes.len());
    }
}

#[test]
fn labels_do_not_lie_on_each_other() {
    for (width, height) in STAGES {
        let wheel = Wheel::fit(room(width, height)).unwrap();
        for (owners, points) in [(3, 1), (5, 3), (3, 12), (9, 4)] {
            let labels = wheel.labels(&ring(owners, points, 0));
            assert!(!labels.is_empty());
            for (i, one) in labels.iter().enumerate() {
                for other in &labels[..i] {
                    let far = one.at.distance(other.at);
                    assert!(
                        far > 8.0,
                        "{width}: {owners} with {points}: {one:?} and {other:?}"
                    );
                }
            }
        }
    }
}

/// The listing's points: three groups, each with one label of its first and last place.
#[test]
fn points_side_by_side_have_one_label() {
    let wheel = Wheel::fit(room(880.0, 484.0)).unwrap();
    let mut ring = ring(3, 0, 0);
    for (owner, first) in [(2, 519), (1, 558), (0, 597)] {
        let points = (0..3).map(|more| (f64::from(first + more) / 1_000.0, owner));
        ring.points.extend(points);
    }
    let labels = wheel.labels(&ring);
    let spans = labels.iter().map(|clump| {
        let place = |at: f64| (at * 1_000.0).round();
        (clump.owner, place(clump.from), place(clump.to), clump.roomy)
    });
    let expected = [
        (2, 519.0, 521.0, true),
        (1, 558.0, 560.0, true),
        (0, 597.0, 599.0, true),
    ];
    assert!(spans.eq(expected), "{labels:?}");
}

#[test]
fn what_moved_alike_is_one_trail() {
    let wheel = Wheel::fit(room(880.0, 484.0)).unwrap();
    let mut ring = ring(2, 1, 100);
    ring.moved = (0..50)
        .map(|item| RingMove {
            item,
            from: Some(1),
            to: Some(0),
            points: [Some(0.75), Some(0.25)],
        })
        .collect();
    let trails = wheel.trails(&ring);
    assert_eq!((trails.len(), trails[0].keys), (1, 50));
    // Without points, each key moves from its place in one share to its place in the other.
    ring.points.clear();
    for moved in &mut ring.moved {
        moved.points = [None, None];
    }
    let trails = wheel.trails(&ring);
    assert_eq!(trails.iter().map(|trail| trail.keys).sum::<u32>(), 50);
    assert!(trails.len() > 40);
    assert!(
        trails
            .iter()
            .all(|t| t.from.unwrap() > 0.5 && t.to.unwrap() <= 0.5)
    );
}

#[test]
fn places_go_clockwise_from_the_top() {
    let wheel = Wheel::fit(room(880.0, 484.0)).unwrap();
    let [top, right] = [0.0, 0.25].map(|share| wheel.at(share, 100.0));
    assert!((top.y - (wheel.centre.y - 100.0)).abs() < 1e-9);
    assert!((right.x - (wheel.centre.x + 100.0)).abs() < 1e-9);
    assert!((wheel.around() - TAU * wheel.radius).abs() < 1e-9);
}
