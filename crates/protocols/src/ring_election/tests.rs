//! Chang and Roberts' counts over all orders, the textbook's with one starter, and what faults do.

use std::collections::BTreeMap;

use faultline_sim::descriptor::Recipe;
use faultline_sim::frame::Light;
use faultline_sim::process::NodeId;
use faultline_sim::time::Time;
use faultline_sim::timeline::Timeline;
use faultline_sim::world::World;

use super::RingElection;
use crate::CATALOGUE;

fn recipe(preset: &str, order: &[u32], starters: &[u32]) -> Recipe {
    let list = |ids: &[u32]| ids.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
    let mut recipe = Recipe::new("ring-election", 1);
    recipe.preset = Some(preset.into());
    recipe
        .params
        .insert("nodes".into(), order.len().to_string());
    recipe.params.insert("order".into(), list(order));
    recipe.params.insert("starter".into(), list(starters));
    recipe
}

/// ELECTION messages and all messages of a run to its end; the highest must lead everywhere.
fn counts(order: &[u32], starters: &[u32]) -> (u64, u64) {
    let setup = CATALOGUE
        .setup(&recipe("as-published", order, starters))
        .unwrap();
    let mut world = setup.world();
    world.run_until(Time(60_000_000));
    let highest = NodeId(order.len() as u32);
    for id in world.live() {
        assert_eq!(
            world.believed_leader(id),
            Some(highest),
            "{order:?} {starters:?}"
        );
    }
    let sent = world.sent();
    (sent["ELECTION"], sent.values().sum())
}

/// All orders of 1 to n, by Heap's way.
fn orders(n: u32, visit: &mut impl FnMut(&[u32])) {
    fn swap(k: usize, items: &mut [u32], visit: &mut impl FnMut(&[u32])) {
        if k <= 1 {
            return visit(items);
        }
        for at in 0..k {
            swap(k - 1, items, visit);
            let other = if k.is_multiple_of(2) { at } else { 0 };
            items.swap(other, k - 1);
        }
    }
    let mut items: Vec<u32> = (1..=n).collect();
    swap(n as usize, &mut items, visit);
}

/// The cases that were worked out beforehand: order, starters, ELECTION messages, all messages.
#[test]
fn the_counts_of_single_cases() {
    // Numbers 3, 17, 24, 1, 28, 15, 9, 4 by rank.
    let textbook = [2, 6, 7, 1, 8, 5, 4, 3];
    let cases: [(&[u32], &[u32], u64, u64); 5] = [
        (&[1, 2, 3, 4, 5], &[5], 5, 10),
        (&[1, 2, 3, 4, 5], &[1], 9, 14),
        (&[5, 4, 3, 2, 1], &[4], 9, 14),
        (&[5, 4, 3, 2, 1], &[5, 4, 3, 2, 1], 15, 20),
        (&textbook, &[6], 11, 19),
    ];
    for (order, starters, election, total) in cases {
        assert_eq!(
            counts(order, starters),
            (election, total),
            "{order:?} {starters:?}"
        );
    }
    assert_eq!(
        counts(&[7, 6, 5, 4, 3, 2, 1], &[1, 2, 3, 4, 5, 6, 7]),
        (28, 35)
    );
}

/// E-RINGA: all start together; every order of three to seven nodes.
#[test]
fn all_starting_together_cost_n_harmonic_numbers_on_average() {
    for n in 3..=7u32 {
        let all: Vec<u32> = (1..=n).collect();
        let (mut least, mut most, mut sum, mut count) = (u64::MAX, 0, 0, 0u64);
        orders(n, &mut |order| {
            let (election, total) = counts(order, &all);
            assert_eq!(total, election + u64::from(n), "ELECTED goes round once");
            least = least.min(election);
            most = most.max(election);
            sum += election;
            count += 1;
        });
        assert_eq!(count, (1..=u64::from(n)).product::<u64>());
        let n64 = u64::from(n);
        assert_eq!(
            (least, most),
            (2 * n64 - 1, n64 * (n64 + 1) / 2),
            "{n} nodes"
        );
        let mean: f64 = (1..=n).map(|k| f64::from(n) / f64::from(k)).sum();
        assert!(
            (sum as f64 / count as f64 - mean).abs() < 1e-9,
            "{n} nodes: mean {mean}"
        );
    }
}

/// E-RING: one starter; every order of three to seven nodes. The starter is always at the front: a
/// turned ring is the same ring.
#[test]
fn one_starter_costs_two_to_three_laps() {
    for n in 3..=7u64 {
        let mut by_starter: BTreeMap<u64, (u64, u64)> = BTreeMap::new();
        orders(n as u32, &mut |order| {
            let (_, total) = counts(order, &order[..1]);
            let (least, most) = by_starter
                .entry(u64::from(order[0]))
                .or_insert((total, total));
            *least = total.min(*least);
            *most = total.max(*most);
            if *order.last().unwrap() == n as u32 {
                assert_eq!(
                    total,
                    3 * n - 1,
                    "the highest is the last to be asked: {order:?}"
                );
            }
        });
        let least = by_starter.values().map(|range| range.0).min();
        let most = by_starter.values().map(|range| range.1).max();
        assert_eq!((least, most), (Some(2 * n), Some(3 * n - 1)), "{n} nodes");
        assert_eq!(by_starter[&n], (2 * n, 2 * n), "the highest starts");
    }
}

/// Row A4-Q2: the ring's half of the comparison.
#[test]
fn ring_and_bully_on_the_same_start() {
    assert_eq!(counts(&[1, 2, 3, 4, 5], &[1]).1, 14);
    assert_eq!(counts(&[1, 2, 3, 4, 5, 6, 7], &[1]).1, 20);
}

fn play(preset: &str, scenario: &str, commands: &[&str], seconds: u64) -> Timeline {
    let mut recipe = Recipe::new(&format!("ring-election/{scenario}"), 1);
    recipe.preset = Some(preset.into());
    recipe.commands = commands.iter().map(|c| (*c).to_owned()).collect();
    let mut run = Timeline::new(CATALOGUE.setup(&recipe).unwrap()).unwrap();
    assert!(run.run_until(Time(seconds * 1_000_000), u64::MAX));
    run
}

fn leaders(world: &World) -> Vec<Option<u32>> {
    let live = world.live();
    live.map(|id| world.believed_leader(id).map(|leader| leader.0))
        .collect()
}

fn broken(world: &World) -> Vec<&'static str> {
    let verdicts = world.verdicts(true).into_iter();
    let broken = verdicts.filter(|verdict| matches!(verdict.light, Light::Broken { .. }));
    broken.map(|verdict| verdict.name).collect()
}

/// Participants discard the numbers that could save them.
#[test]
fn a_lost_number_stops_the_ring() {
    let run = play("as-published", "token-lost", &[], 60);
    assert_eq!(leaders(run.world()), [None; 5]);
    let retried = run.world().sent()["ELECTION"];
    assert_eq!(retried, 4 + 1, "the second attempt of 1 is swallowed by 2");
    let receipts = ["0s switch receipts=on"];
    let run = play("as-published", "token-lost", &receipts, 60);
    assert_eq!(leaders(run.world())[0], Some(5));
    let run = play("correct", "token-lost", &[], 60);
    assert_eq!(
        (leaders(run.world()), broken(run.world())),
        (vec![Some(5); 5], vec![])
    );
}

/// A crashed node is skipped, and the highest leads again after its restart.
#[test]
fn a_dead_leader_is_replaced_and_comes_back() {
    let run = play("correct", "kill-the-leader", &[], 54);
    assert_eq!(leaders(run.world()), [Some(4); 4]);
    let run = play("correct", "kill-the-leader", &[], 80);
    assert_eq!(
        (leaders(run.world()), broken(run.world())),
        (vec![Some(5); 5], vec![])
    );
    let run = play("as-published", "kill-the-leader", &[], 80);
    assert_eq!(leaders(run.world())[..4], [Some(5); 4], "nobody notices");
}

/// Two rings have two leaders; after the partition heals, one.
#[test]
fn a_split_closes_two_rings() {
    let run = play("correct", "two-rings", &[], 59);
    assert_eq!(
        leaders(run.world()),
        [Some(2), Some(2), Some(5), Some(5), Some(5)]
    );
    let run = play("correct", "two-rings", &[], 110);
    assert_eq!(
        (leaders(run.world()), broken(run.world())),
        (vec![Some(5); 5], vec![])
    );
}

/// Without the comparison any starter leads, and the highest follows it.
#[test]
fn without_comparing_everybody_wins() {
    let run = play("no-compare", "one-round", &[], 20);
    assert_eq!(leaders(run.world()), [Some(1); 5]);
    assert!(broken(run.world()).contains(&"no-lower-leader"));
}

/// A node alone is its own ring, and numbers are read off the messages.
#[test]
fn one_node_leads_itself_and_numbers_are_shown() {
    assert_eq!(counts(&[1], &[1]), (1, 2));
    let mut run = play("as-published", "one-round", &[], 1);
    let frame = run.frame();
    let letters: Vec<&str> = frame
        .messages
        .iter()
        .map(|message| message.letter)
        .collect();
    assert_eq!(letters, ["3"]);
    assert!(
        run.world()
            .node::<RingElection>(NodeId(2))
            .unwrap()
            .participant
    );
}

/// The picture has the links that numbers take, in whatever order the ring is.
#[test]
fn links_follow_the_order_of_the_ring() {
    for order in ["", "5,4,3,2,1", "1,3,5,2,4"] {
        let mut recipe = Recipe::new("ring-election/all-start", 1);
        recipe.params.insert("order".into(), order.into());
        let mut run = Timeline::new(CATALOGUE.setup(&recipe).unwrap()).unwrap();
        let linked = super::figures::neighbours;
        let mut used = 0;
        while run.step() {
            let world = run.world();
            for address in world.in_flight() {
                used += 1;
                assert!(
                    linked(world, address.from, address.to),
                    "{order}: {address}"
                );
            }
        }
        assert!(used > 0);
        let all: Vec<NodeId> = run.world().ids().collect();
        for id in &all {
            let links = all.iter().filter(|other| linked(run.world(), *id, **other));
            assert_eq!(links.count(), 2, "{order}: {id}");
        }
    }
}
