//! What each rule is worth, and what only one that decides can promise.

use faultline_sim::judge::Kept;
use faultline_sim::testing::Play;

use super::{Node, PROTOCOL};

fn play(scenario: &str) -> Play {
    Play::protocol(&PROTOCOL, scenario)
}

const UNDECIDED: [&str; 3] = ["told-once", "newest-wins", "majority"];

/// Without a stamp each node keeps what it heard last, whatever the seed.
#[test]
fn two_values_are_left_after_a_cut() {
    for seed in 1..20 {
        let run = play("same-cut").seed(seed).ended();
        assert!(run.read("div") >= 2.0, "{seed}");
        assert!(run.broken("agree").is_some(), "{seed}");
    }
}

/// The newest stamp is the same everywhere, and a confirmed write gives way to it.
#[test]
fn stamps_make_copies_equal_and_lose_a_confirmed_write() {
    let run = play("newest-wins").ended();
    assert_eq!(run.read("div"), 1.0);
    assert_eq!(run.broken("agree"), None);
    assert_eq!(run.broken("never-back"), None);
    // Writes 3 and 5 were both confirmed. Their stamps decide: the node's number, or the larger count.
    let values = (1..=5).map(|id| run.node::<Node>(id).value("x").unwrap().to_owned());
    let values: Vec<String> = values.collect();
    assert!(values.iter().all(|value| *value == values[0]));
    let confirmed = run.history().len();
    assert_eq!(confirmed, 5);
}

/// A majority that stores is none that decides.
#[test]
fn a_read_goes_back_in_time_although_a_majority_has_the_write() {
    let run = play("majority").ended();
    assert!(matches!(run.linearizable(), Kept::Broken(_)));
    assert!(run.broken("linearizable").is_some());
    let decided = play("majority").switch("through-one", true).ended();
    assert_eq!(decided.linearizable(), Kept::Holds);
}

/// Under the same cut and the same writes.
#[test]
fn only_one_that_decides_keeps_every_promise() {
    for seed in 1..20 {
        for script in ["same-cut", "at-once", "majority"] {
            let decided = play(script).preset("one-decides").seed(seed).ended();
            assert_eq!(decided.linearizable(), Kept::Holds, "{script} {seed}");
        }
    }
    for preset in UNDECIDED {
        // Each of them shows the reader of one copy something that another copy takes back.
        let broken = (1..20).any(|seed| {
            let run = play("same-cut").preset(preset).seed(seed);
            let run = run.does(r#"800ms request n2 {"read":{"key":"x"}}"#);
            let run = run
                .does(r#"1400ms request n2 {"read":{"key":"x"}}"#)
                .ended();
            matches!(run.linearizable(), Kept::Broken(_))
        });
        assert!(broken || preset == "majority", "{preset}");
    }
}

/// What decides alone stops alone.
#[test]
fn nobody_answers_while_the_decider_is_down() {
    let run = play("one-decides").at(1_050);
    assert!((run.read("ok") - 60.0).abs() < 1e-9, "{}", run.read("ok"));
    let after = play("one-decides").ended();
    assert_eq!(after.linearizable(), Kept::Holds);
    assert_eq!(after.replies().last().unwrap(), "Done");
}

/// A copy of a message does not decide twice.
#[test]
fn a_request_that_arrives_twice_is_decided_once() {
    let run = play("one-decides")
        .does("140ms duplicate n2->n1#1")
        .does(r#"160ms request n3 {"write":{"key":"x","value":"other"}}"#)
        .ended();
    assert_eq!(run.linearizable(), Kept::Holds);
}

/// As many messages as the formula says.
#[test]
fn an_answer_costs_no_message_and_telling_costs_one_a_node() {
    for n in [3, 5, 9] {
        let run = play("at-once").param("nodes", n);
        let run = run.does(r#"1s request n2 {"write":{"key":"y","value":"1"}}"#);
        let at = run.at(2_000);
        assert_eq!(
            at.sent("Tell") as u32,
            (if n < 5 { 2 } else { 3 }) * (n - 1)
        );
    }
}
