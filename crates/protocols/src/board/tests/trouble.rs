//! Trouble: breakers, retries, events that come again.

use crate::board::breaker::{Breaker, State};
use crate::board::choose::Chooser;
use crate::board::{PROTOCOL, captions, marks};
use faultline_sim::process::NodeId;
use faultline_sim::rng::Rng;
use faultline_sim::testing::Play;
use faultline_sim::time::{Duration, LocalTime};

const RESET: Duration = Duration::seconds(10);

fn at(seconds: i64) -> LocalTime {
    LocalTime(seconds * 1_000_000)
}

/// K-CB: the published table of states.
#[test]
fn a_breaker_opens_after_three_failures_and_lets_one_call_try() {
    let mut breaker = Breaker::default();
    assert!(!breaker.failed(at(1), 3) && !breaker.failed(at(1), 3));
    breaker.succeeded();
    assert_eq!(
        breaker.failures, 0,
        "a success while closed resets the count"
    );
    assert!(!breaker.failed(at(2), 3) && !breaker.failed(at(2), 3));
    assert!(
        breaker.failed(at(2), 3),
        "the third failure in a row opens it"
    );
    assert_eq!(breaker.state(at(11), RESET), State::Open);
    assert!(!breaker.lets(at(11), RESET));
    assert_eq!(breaker.state(at(12), RESET), State::HalfOpen);
    assert!(breaker.lets(at(12), RESET), "one trial");
    assert!(!breaker.lets(at(12), RESET), "and no other meanwhile");
    assert!(breaker.failed(at(13), 3), "a failed trial opens it again");
    assert_eq!(breaker.state(at(22), RESET), State::Open);
    assert!(breaker.lets(at(23), RESET));
    breaker.succeeded();
    assert_eq!(
        (breaker.state(at(23), RESET), breaker.failures),
        (State::Closed, 0)
    );
}

fn play(scenario: &str) -> Play {
    Play::protocol(&PROTOCOL, scenario)
}

/// K-Q: an event whose reader crashed before it could say so comes again, and is recognised, or not.
#[test]
fn an_event_comes_again_until_it_is_acknowledged() {
    let crash = play("crash-before-ack");
    for seed in 1..=5 {
        let run = crash.seed(seed).ended();
        assert_eq!(run.who(&marks::REDELIVERS), [2]);
        assert_eq!((run.read("handed"), run.read("effects")), (2.0, 1.0));
        assert!(run.all_broken().is_empty(), "{:?}", run.all_broken());
    }
    let run = crash.switch("idempotent", false).ended();
    assert_eq!((run.read("effects"), run.read("twice")), (2.0, 1.0));
    assert!(run.broken("once").is_some());
}

/// At most once, what is done counts as done, and what is handed to a box that is down is lost.
#[test]
fn an_event_that_is_handed_on_once_is_done_or_lost() {
    let once = play("two-readers").param("n2.delivery", "at-most-once");
    let run = once.ended();
    assert_eq!((run.read("handed"), run.read("lost-events")), (10.0, 0.0));
    let run = once.does("500ms crash n3").ended();
    assert!(run.read("lost-events") >= 1.0);
}

/// Events that were put aside block nobody, and are not lost.
#[test]
fn an_event_is_put_aside_after_its_attempts() {
    for attempts in [1_u32, 3, 5] {
        let run = play("put-aside").param("n2.attempts", attempts).ended();
        let aside = run.marked(&marks::SETS_ASIDE).len() as f64;
        assert_eq!(run.read("aside"), aside);
        assert!(aside >= 4.0, "{aside}");
        assert_eq!((run.read("depth"), run.read("lost-events")), (0.0, 0.0));
    }
}

/// A key has one box, by its place in the list, as long as there are so many.
#[test]
fn each_part_has_its_box() {
    let among: Vec<NodeId> = (3..7).map(NodeId).collect();
    let mut chooser = Chooser::default();
    let mut rng = Rng::stream(1, "board", 0);
    for (key, box_id) in [(1, 3), (2, 4), (4, 6), (5, 3)] {
        let chosen = chooser.choose("by-part", &among, key, |_| 1, &mut rng);
        assert_eq!(chosen, Some(NodeId(box_id)), "key {key}");
    }
}

/// One sentence says what matters, in each of these systems.
#[test]
fn captions_say_what_is_true_then() {
    for (scenario, ms, says) in [
        (
            "no-breaker",
            28_000,
            "All workers of node 4 wait for another box",
        ),
        ("breaker", 20_000, "The breaker of node 4 is open"),
        ("crash-before-ack", 3_100, "Node 3 gets event 1 once more"),
        ("metastable", 40_000, "requests wait at node 2"),
        ("cut-off", 20_000, "The breaker of node 3 is open"),
        ("services", 9_000, "95 of 100 were answered within"),
        ("retry-storm", 3_000, "tried again"),
        ("queue", 10_000, "events wait in the queue of node 2"),
    ] {
        let run = play(scenario).at(ms);
        let caption = captions::narrate(run.0.world()).unwrap_or_default();
        assert!(caption.contains(says), "{scenario}: {caption}");
    }
    let link = play("thin-link").param("rate", 40).at(30_000);
    let caption = captions::narrate(link.0.world()).unwrap_or_default();
    assert!(caption.contains("from node 2 to node 1"), "{caption}");
}
