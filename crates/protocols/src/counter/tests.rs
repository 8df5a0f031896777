//! The curriculum's listing, and the laws of counters that never conflict.

use std::rc::Rc;

use faultline_sim::judge::Kept;
use faultline_sim::process::NodeId;
use faultline_sim::rng::Rng;
use faultline_sim::settings::Settings;
use faultline_sim::testing::{Play, Played, Solo};

use super::{Count, Counter, Counts, Message, PROTOCOL, Request, marks};

fn play(scenario: &str) -> Play {
    Play::protocol(&PROTOCOL, scenario)
}

fn totals(run: &Played) -> Vec<i64> {
    let live = run.0.world().live();
    live.map(|id| run.node::<Counter>(id.0).total_count())
        .collect()
}

/// A node alone, under a preset.
fn alone(me: u32, nodes: u32, preset: &str) -> Solo<Counter> {
    let mut settings = Settings::new(PROTOCOL.params, PROTOCOL.switches);
    let preset = PROTOCOL.preset(preset).expect("a preset");
    for (name, on) in preset.switches {
        settings.set_switch(name, *on).expect("a switch");
    }
    Solo::new(me, nodes, settings)
}

fn update(of: u32, up: i64, number: u32) -> Message {
    let (of, stamp, down) = (NodeId(of), 0, 0);
    let count = Count {
        up,
        down,
        number,
        stamp,
    };
    Message::Update { of, count }
}

/// S-CTR1, and the curriculum's experiments with the same program.
#[test]
fn the_listing_ends_as_it_does_in_node() {
    for (scenario, expected) in [
        ("demo", [4, 4, 4]),
        ("one-way", [4, 4, 3]),
        ("neighbours", [3, 4, 3]),
    ] {
        assert_eq!(totals(&play(scenario).ended()), expected, "{scenario}");
    }
    assert_eq!(play("demo").ended().sent("UPDATE"), 6);
}

/// S-CTR2: a late older update brings the total down.
#[test]
fn without_the_maximum_a_total_falls() {
    let falls = |preset: &str| {
        let mut node = alone(1, 3, preset);
        node.deliver(2, update(2, 3, 3));
        let before = node.node.total_count();
        node.deliver(2, update(2, 1, 1));
        (before, node.node.total_count())
    };
    assert_eq!(falls("as-written"), (3, 1));
    for preset in ["correct", "numbered", "one-maximum"] {
        assert_eq!(falls(preset), (3, 3), "{preset}");
    }
}

/// S-CTR3: a node's own count comes back and is added.
#[test]
fn an_echo_is_counted_twice() {
    let echoed = |guarded: bool| {
        let mut node = alone(2, 3, "as-written");
        node.set_switch("own-count", guarded);
        node.request(Request::Increment);
        node.request(Request::Increment);
        node.deliver(1, update(2, 2, 2));
        node.node.total_count()
    };
    assert_eq!((echoed(false), echoed(true)), (4, 2));
    let run = play("echo").ended();
    assert!(run.broken("own-once").is_some() && run.read("error") > 0.0);
    let guarded = play("echo").switch("own-count", true).ended();
    assert_eq!(totals(&guarded), [4, 4, 4]);
}

/// What changes places, and what arrives twice.
#[test]
fn order_matters_to_the_listing_and_repetition_does_not() {
    assert_eq!(totals(&play("swapped").ended()), [3, 4, 4]);
    for rule in ["maximum", "numbers", "clocks"] {
        let run = play("swapped").switch(rule, true).ended();
        assert_eq!(totals(&run), [4, 4, 4], "{rule}");
    }
    let twice = play("same-twice").ended();
    assert_eq!(totals(&twice)[0], 3);
    assert_eq!(twice.who(&marks::TAKES), [1], "the second changes nothing");
    // "Add one" is another kind of message.
    assert_eq!(totals(&play("add-twice").ended())[..3], [2, 2, 2]);
    let ids = play("add-twice").switch("ids", true).ended();
    assert_eq!((totals(&ids)[0], ids.read("twice")), (1, 0.0));
}

/// Who talks to whom, with and without passing on.
#[test]
fn news_goes_further_where_it_is_passed_on() {
    let ends = |topology: &str, forward: bool| {
        let row = play("demo").param("topology", topology);
        let row = row.switch("forward", forward).switch("own-count", true);
        totals(&row.ended())
    };
    for topology in ["mesh", "line", "ring", "star"] {
        assert_eq!(ends(topology, true), [4, 4, 4], "{topology}");
    }
    // Three nodes are a ring and a mesh at once; node 1 is the middle of a star.
    assert_eq!(ends("ring", false), [4, 4, 4]);
    assert_eq!(ends("star", false), [4, 3, 2]);
    for topology in ["line", "ring", "star"] {
        let row = play("likes").param("nodes", 6).param("topology", topology);
        let run = row.at(40_000);
        assert_eq!(run.broken("agree"), None, "{topology}");
    }
}

/// One number that goes both ways cannot be joined by the maximum, but it can be numbered.
#[test]
fn counting_down_needs_two_counters_or_numbers() {
    let flawed = play("crossing").ended();
    assert_eq!(totals(&flawed), [4, 3, 4]);
    assert!(flawed.broken("nothing-ignored").is_some());
    let both = play("crossing").switch("two-counters", true).ended();
    assert_eq!((totals(&both), both.all_broken()), (vec![3, 3, 3], vec![]));
    let numbered = play("crossing").preset("numbered").ended();
    assert_eq!(totals(&numbered), [3, 3, 3]);
}

/// A clock that goes back hides what is newer; a number does not.
#[test]
fn numbers_do_not_mind_a_clock() {
    let clocks = play("clock-back").ended();
    assert_eq!(totals(&clocks), [4, 2, 2]);
    assert!(clocks.broken("nothing-ignored").is_some());
    let numbers = play("clock-back").preset("numbered").ended();
    assert_eq!(totals(&numbers), [4, 4, 4]);
    // Once the clock has caught up, the next count mends it.
    let later = play("clock-back")
        .does(r#"15s request n1 "increment""#)
        .at(17_000);
    assert_eq!(totals(&later), [5, 5, 5]);
}

#[test]
fn a_node_that_joins_or_restarts_asks() {
    assert_eq!(totals(&play("joiner").ended()), [4, 4, 4, 0]);
    let asks = play("joiner").switch("catch-up", true);
    assert_eq!(totals(&asks.at(5_001)), [4, 4, 4, 0]);
    assert_eq!(totals(&asks.ended()), [4, 4, 4, 4]);
    let lost = play("power-cut").ended();
    assert!(lost.broken("nothing-lost").is_some() && lost.read("error") > 0.0);
    let kept = play("power-cut").switch("disk", true).ended();
    assert_eq!((totals(&kept), kept.all_broken()), (vec![5, 5, 5], vec![]));
}

/// Shares of the limit are never more than the limit, and what is left over stays unsold.
#[test]
fn shares_keep_a_limit_that_totals_cannot_keep() {
    for seed in 1..=10 {
        let seats = |shares| {
            play("last-seats")
                .seed(seed)
                .switch("shares", shares)
                .ended()
        };
        assert!(seats(false).read("over") > 0.0, "seed {seed}");
        let run = seats(true);
        assert!(run.read("over") == 0.0 && run.read("counted") <= 10.0);
    }
    let all = play("last-seats").switch("shares", true).param("nodes", 4);
    assert_eq!(all.ended().read("counted"), 10.0, "3, 3, 2 and 2");
}

/// A partition, a heal and an end to all counting: every node comes to ups less downs.
#[test]
fn all_totals_come_to_ups_less_downs() {
    for seed in 1..=20 {
        for preset in ["correct", "numbered"] {
            let run = play("likes").seed(seed).preset(preset).at(25_000);
            let ups = run.marked(&marks::INCREMENTS).len() as i64;
            let downs = run.marked(&marks::DECREMENTS).len() as i64;
            assert_eq!(totals(&run), [ups - downs; 3], "{preset}, seed {seed}");
            assert!(ups > 10 && downs > 0 && run.all_broken().is_empty());
        }
    }
}

/// After losses, each of two rules brings the last counts to all.
#[test]
fn sending_again_and_exchange_repair_losses() {
    let wrong = |rule: Option<&str>| {
        let runs = (1..=12).map(|seed| {
            let row = play("lossy").seed(seed);
            let row = rule.map_or(row.clone(), |rule| row.switch(rule, true));
            u32::from(row.at(30_000).broken("agree").is_some())
        });
        runs.sum::<u32>()
    };
    assert!(wrong(None) >= 8, "{}", wrong(None));
    assert_eq!((wrong(Some("send-again")), wrong(Some("exchange"))), (0, 0));
}

/// A total is old until the news has come: no single copy would answer so.
#[test]
fn a_total_is_right_only_eventually() {
    let reads_at = |at: &str| {
        play("demo")
            .preset("correct")
            .does(&format!(r#"{at} request n3 "total""#))
            .at(9_000)
            .linearizable()
    };
    let early = reads_at("1600ms");
    assert!(matches!(early, Kept::Broken(_)), "{early:?}");
    assert_eq!(reads_at("8500ms"), Kept::Holds);
}

/// Laws of the join: order, grouping and repetition do not matter (\[SPBZ\] 3.1).
#[test]
fn a_join_is_commutative_associative_and_idempotent() {
    let mut rng = Rng::stream(1, "joins", 0);
    let mut draw = || Count {
        up: rng.below(9) as i64,
        down: rng.below(9) as i64,
        number: rng.below(9) as u32,
        stamp: rng.below(9) as i64,
    };
    for _ in 0..2_000 {
        let (a, b, c) = (draw(), draw(), draw());
        assert_eq!(a.join(&b), b.join(&a));
        assert_eq!(a.join(&b).join(&c), a.join(&b.join(&c)));
        assert_eq!(a.join(&a), a);
        assert_eq!(a.join(&b).join(&b), a.join(&b));
    }
}

/// Scripts of additions (`+replica:amount`) and merges (`from>into`), with what each replica shows in the
/// end, and what all show once they have merged: from an implementation that is not ours.
const SCRIPTS: [(&str, &[i64], i64); 3] = [
    ("+1:5 0>1 +0:1 +0:1 0>1 1>0 1>0 0>1", &[7, 7], 7),
    (
        "+2:5 1>2 0>1 +0:5 +0:1 +2:5 2>1 +0:1 +2:5 +0:1 1>2 2>0 2>1 +0:5 +0:2",
        &[30, 15, 15],
        30,
    ),
    (
        "+1:-3 +2:-1 1>2 2>1 +0:-3 2>1 +1:5 2>0 2>0 +2:-1 0>2 +2:2 1>0 +1:-1 2>1 1>2 2>0 1>2 +0:1 \
         0>2",
        &[-1, -2, -1],
        -1,
    ),
];

#[test]
fn replicas_merge_as_another_implementation_does() {
    for (script, values, all) in SCRIPTS {
        let count = values.len() as u32;
        let mut nodes: Vec<_> = (1..=count).map(|me| alone(me, count, "correct")).collect();
        for word in script.split_whitespace() {
            if let Some(add) = word.strip_prefix('+') {
                let (at, by) = add.split_once(':').expect("an addition");
                let node = &mut nodes[at.parse::<usize>().expect("a replica")];
                let by: i64 = by.parse().expect("an amount");
                for _ in 0..by.unsigned_abs() {
                    node.request(match by {
                        1.. => Request::Increment,
                        _ => Request::Decrement,
                    });
                }
            } else {
                let (from, into) = word.split_once('>').expect("a merge");
                let place = |word: &str| word.parse::<usize>().expect("a replica");
                merge(&mut nodes, place(from), place(into));
            }
        }
        let shown = |nodes: &[Solo<Counter>]| -> Vec<i64> {
            nodes.iter().map(|node| node.node.total_count()).collect()
        };
        assert_eq!(shown(&nodes), values, "{script}");
        for (from, into) in
            (0..2 * count as usize).map(|i| (i % count as usize, (i + 1) % count as usize))
        {
            merge(&mut nodes, from, into);
        }
        assert_eq!(shown(&nodes), vec![all; values.len()], "{script}");
    }
}

fn merge(nodes: &mut [Solo<Counter>], from: usize, into: usize) {
    let sender = &nodes[from].node;
    let mut counts: Counts = sender.seen.clone();
    counts.insert(NodeId(from as u32 + 1), sender.local);
    let counts = Rc::new(counts);
    nodes[into].deliver(from as u32 + 1, Message::Counts { counts });
}
