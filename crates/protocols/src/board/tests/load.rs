//! Load: what queues, balancers and caches come to.

use crate::board::choose::Chooser;
use crate::board::evict::Places;
use crate::board::params::SERVERS;
use crate::board::scenarios::LOAD;
use crate::board::{Kind, Node, PROTOCOL};
use faultline_sim::process::NodeId;
use faultline_sim::rng::Rng;
use faultline_sim::testing::{Play, Played};
use faultline_sim::time::LocalTime;

fn play(scenario: &str) -> Play {
    Play::protocol(&PROTOCOL, scenario)
}

/// Whether two numbers differ by at most so many per cent.
fn near(found: f64, expected: f64, percent: f64) -> bool {
    (found - expected).abs() <= expected * percent / 100.0
}

/// B-WRR: smooth weighted round robin as nginx has it.
#[test]
fn weights_are_served_smoothly() {
    for (weights, order) in [
        (&[5, 1, 1][..], "aabacaa"),
        (&[2, 1], "aba"),
        (&[3, 2, 1], "abacba"),
    ] {
        let among: Vec<(NodeId, u32)> = (1..).map(NodeId).zip(weights.iter().copied()).collect();
        let mut chooser = Chooser::default();
        let names: String = order
            .chars()
            .filter_map(|_| chooser.by_weight(&among))
            .map(|id| char::from(b'a' + id.index() as u8))
            .collect();
        assert_eq!(names, order);
    }
}

/// B-CACHE, B-BEL: misses of textbooks, and Belady's anomaly.
#[test]
fn full_caches_give_up_what_textbooks_say() {
    let operating = [7, 0, 1, 2, 0, 3, 0, 4, 2, 3, 0, 3, 2, 1, 2, 0, 1, 7, 0, 1];
    let belady = [1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5];
    for (refs, places, fifo, lru) in [
        (&operating[..], 3, 15, 12),
        (&operating, 4, 10, 8),
        (&belady, 3, 9, 10),
        (&belady, 4, 10, 8),
    ] {
        for (policy, expected) in [("fifo", fifo), ("lru", lru)] {
            let mut cache = Places::default();
            let mut misses = 0;
            for key in refs {
                if cache.kept.contains_key(key) {
                    cache.used(*key, policy);
                } else {
                    misses += 1;
                    cache.keep(*key, 0, LocalTime(0), places, policy);
                }
            }
            assert_eq!(misses, expected, "{policy}, {places} places");
        }
    }
}

/// B-MM1: `vectors/mm1_queue.json`. Requests arrive at random and take an exponential time, so one worker's
/// queue is as long as its load says: L = ρ / (1 - ρ).
#[test]
fn one_queue_is_as_long_as_kleinrock_says() {
    for (rate, time, here, waiting, takes, waits) in [
        (1.0, 500, 1.0, 0.5, 1.0, 0.5),
        (3.0, 250, 3.0, 2.25, 1.0, 0.75),
        (4.0, 200, 4.0, 3.2, 1.0, 0.8),
        (9.0, 100, 9.0, 8.1, 1.0, 0.9),
    ] {
        let runs: Vec<Played> = (1..=4)
            .map(|seed| long_queue(seed, rate, time, 1))
            .collect();
        let mean = |probe: &str| runs.iter().map(|run| run.read(probe)).sum::<f64>() / 4.0;
        for (probe, expected) in [
            ("here", here),
            ("waiting-mean", waiting),
            ("time-here", takes * 1_000.0),
            ("wait-here", waits * 1_000.0),
        ] {
            let found = mean(probe);
            assert!(
                near(found, expected, 6.0),
                "{rate}/s: {probe} {found}, not {expected}"
            );
        }
        assert!(near(mean("busy"), rate * f64::from(time) / 10.0, 3.0));
    }
}

/// Ten thousand requests.
fn long_queue(seed: u64, rate: f64, time: u32, servers: u32) -> Played {
    play("one-queue")
        .seed(seed)
        .param("rate", rate)
        .param("time", time)
        .param("servers", servers)
        .at((10_000.0 / rate) as u64 * 1_000)
}

/// Erlang C: the time that a request waits where several workers share one queue.
fn erlang_c(load: f64, servers: u32) -> f64 {
    let mut term = 1.0;
    let mut sum = 0.0;
    for k in 0..servers {
        sum += term;
        term *= load / f64::from(k + 1);
    }
    let last = term * f64::from(servers) / (f64::from(servers) - load);
    last / (sum + last)
}

/// M/M/c: two and four workers before one queue (Erlang 1917).
#[test]
fn several_workers_share_a_queue_as_erlang_says() {
    for (rate, time, servers) in [(3.0, 500, 2), (3.0, 1_000, 4)] {
        let load = rate * f64::from(time) / 1_000.0;
        let waits = erlang_c(load, servers) * f64::from(time) / (f64::from(servers) - load);
        let runs = (1..=4).map(|seed| long_queue(seed, rate, time, servers).read("wait-here"));
        let found = runs.sum::<f64>() / 4.0;
        assert!(
            near(found, waits, 8.0),
            "{servers} workers: {found}, not {waits}"
        );
    }
}

/// Little 1961: on every board, as many are there as arrive in a second, times the seconds that each stays.
#[test]
fn requests_here_are_rate_times_time() {
    for scenario in [
        "one-slow",
        "one-queue",
        "more-users",
        "autoscaled",
        "idle-servers",
    ] {
        let run = play(scenario).ended();
        let world = run.0.world();
        let ids = world.ids().filter_map(|id| world.node::<Node>(id));
        let serves = ids.filter(|node| matches!(node.kind, Kind::Service | Kind::Database));
        let rate = serves.map(|node| node.meter.done).sum::<u64>() as f64 / world.now().seconds();
        let product = rate * run.read("time-here") / 1_000.0;
        assert!(
            near(run.read("here"), product, 4.0),
            "{scenario}: {product}"
        );
    }
}

/// B-2C: as many balls as bins; the fullest bin, on average (Azar and others 1994).
#[test]
fn the_second_of_two_choices_empties_the_fullest_bin() {
    for (bins, policy, expected) in [
        (100, "random", 4.28),
        (100, "two-choices", 2.62),
        (1_000, "random", 5.54),
        (1_000, "two-choices", 3.01),
    ] {
        let among: Vec<NodeId> = (1..=bins).map(NodeId).collect();
        let rounds = 60;
        let fullest = |round: u64| {
            let mut rng = Rng::stream(round, "balls", 0);
            let mut chooser = Chooser::default();
            for key in 0..bins {
                let bin = chooser.choose(policy, &among, key, |_| 1, &mut rng);
                chooser.opened(bin.expect("a bin"));
            }
            chooser.open.values().copied().max().unwrap_or(0)
        };
        let mean = (1..=rounds)
            .map(|round| f64::from(fullest(round)))
            .sum::<f64>()
            / rounds as f64;
        assert!(
            (mean - expected).abs() < 0.2,
            "{bins} bins, {policy}: {mean}"
        );
    }
}

/// Che, Tung and Wang 2002: a key stays in a cache for the same time T after each use, and T is such that
/// the cache is just full.
#[test]
fn a_cache_hits_as_often_as_ches_formula_says() {
    for (keys, places, skew) in [(100_u32, 20, 100), (100, 40, 80), (300, 30, 120)] {
        let skew_of = |rank: u32| f64::from(rank).powf(-f64::from(skew) / 100.0);
        let all: f64 = (1..=keys).map(skew_of).sum();
        let stays = |time: f64| move |rank: u32| 1.0 - (-skew_of(rank) / all * time).exp();
        let (mut low, mut high) = (0.0, 1e6);
        for _ in 0..60 {
            let middle = (low + high) / 2.0;
            let kept: f64 = (1..=keys).map(stays(middle)).sum();
            if kept < f64::from(places) {
                low = middle;
            } else {
                high = middle;
            }
        }
        let hits = (1..=keys).map(|rank| skew_of(rank) / all * stays(low)(rank));
        let expected = 100.0 * hits.sum::<f64>();
        let run = play("popular-answer")
            .param("keys", keys)
            .param("places", places)
            .param("favourites", skew)
            .param("age", 0)
            .param("rate", 100)
            .param("time", 0)
            .at(100_000);
        let found = run.read("hits");
        assert!(
            (found - expected).abs() < 3.0,
            "{places} of {keys}: {found}, not {expected}"
        );
    }
}

/// The numbers in a sentence.
fn numbers(text: &str) -> Vec<u64> {
    let words = text.split(|c: char| !c.is_ascii_digit());
    words.filter_map(|word| word.parse().ok()).collect()
}

/// What the caption says of each of these boards is so.
#[test]
fn captions_say_what_is_so() {
    for scenario in LOAD {
        for ms in [2_000, 8_000, 16_000, 20_500, 33_000] {
            let run = play(scenario.id).at(ms.min(scenario.until.0 / 1_000));
            let world = run.0.world();
            let says = (PROTOCOL.narrate)(world);
            let says = says.unwrap_or_else(|| panic!("{}: silent at {ms} ms", scenario.id));
            let numbers = numbers(&says);
            let node = |id: u64| world.node::<Node>(NodeId(id as u32)).expect("a box");
            let so = match numbers.as_slice() {
                [waiting, id] if says.contains(" wait at ") => {
                    node(*id).server.waiting.len() as u64 == *waiting
                }
                [id, wanted] if says.contains("autoscaler") => {
                    u64::from(node(*id).scaler.wanted) == *wanted
                }
                [id, 95, 100, within] => {
                    let [p95] = node(*id).meter.percentiles([95]).expect("answers");
                    p95.0.div_ceil(1_000) == *within
                }
                [id] if says.contains("All workers") => {
                    let workers = world.settings().of_node(NodeId(*id as u32));
                    node(*id).server.stuck() >= workers.count(&SERVERS)
                }
                [id] if says.contains("yet") => node(*id).meter.done == 0,
                [id] => says.contains("is down") && !world.is_live(NodeId(*id as u32)),
                _ => false,
            };
            assert!(so, "{} at {ms} ms: {says}", scenario.id);
        }
    }
}
