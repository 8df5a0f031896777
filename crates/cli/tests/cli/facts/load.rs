//! What is published of queues, balancers and caches.

use super::super::common::with_input;
use super::{probe, sweep};

/// How often a cache with so many places does not have what a crowd asks for, these keys one after another.
fn misses(keys: &[u32], places: u32, evict: &str) -> Option<f64> {
    let line = format!(
        "run board/cache --until 15s --param rate=0 --param places={places} --param evict={evict} --json"
    );
    let mut words: Vec<String> = line.split(' ').map(str::to_owned).collect();
    for (at, key) in (1..).zip(keys) {
        let ms = at * 500;
        words.push("--command".to_owned());
        words.push(format!(r#"{ms}ms request n1 {{"read":{{"key":{key}}}}}"#));
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    with_input(&words, "").json()["probes"]["misses"].as_f64()
}

/// Silberschatz's references, and Belady's, for which fifo misses more often with more places.
#[test]
fn caches_miss_as_often_as_textbooks_say() {
    let operating = [7, 0, 1, 2, 0, 3, 0, 4, 2, 3, 0, 3, 2, 1, 2, 0, 1, 7, 0, 1];
    let belady = [1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5];
    for (keys, places, fifo, lru) in [
        (&operating[..], 3, 15.0, 12.0),
        (&belady, 3, 9.0, 10.0),
        (&belady, 4, 10.0, 8.0),
    ] {
        for (evict, expected) in [("fifo", fifo), ("lru", lru)] {
            let found = misses(keys, places, evict);
            assert_eq!(found, Some(expected), "{evict}, {places} places");
        }
    }
}

/// Kleinrock: with three requests a second and a quarter of a second for each, three are there, each for a second.
#[test]
fn one_queue_has_three_requests() {
    let (here, _) = sweep("board/one-queue", 30, "here");
    assert!((here - 3.0).abs() < 0.25, "{here}");
    let (takes, _) = sweep("board/one-queue", 30, "time-here");
    assert!((takes - 1_000.0).abs() < 75.0, "{takes}");
}

/// Azar and others: the second of two choices shortens the slowest answers.
#[test]
fn two_choices_are_better_than_one() {
    let slowest = |scenario: &str| sweep(&format!("board/{scenario}"), 5, "p95").0;
    assert!(slowest("one-slow-two-choices") < slowest("one-slow-random"));
}

/// A crash of the cache sends the favourites to the database once more, and one fill sends one call for all.
#[test]
fn an_empty_cache_is_felt_at_the_origin() {
    let peak = |rule: &str| {
        probe(
            &format!("run board/popular-answer --switch one-fill={rule}"),
            "origin-peak",
        )
    };
    assert!(peak("off") > 8.0 && peak("on") < 2.0);
}
