//! What each rule adds, and what no rule can do.

use faultline_sim::judge::Kept;
use faultline_sim::testing::{Play, Played};

use super::descriptor::ASKS_AGAIN;
use super::{Member, PROTOCOL, STORES};

const SEEDS: u64 = 32;

fn play(scenario: &str) -> Play {
    Play::protocol(&PROTOCOL, scenario)
}

fn rules(play: &Play, on: &[&str]) -> Play {
    let all = ["timeout", "retry", "quorum"];
    all.iter().fold(play.clone(), |play, rule| {
        play.switch(rule, on.contains(rule))
    })
}

/// The three faults under some rules, and how many requests were begun.
fn three(on: &[&str], seed: u64) -> (Played, f64) {
    let run = rules(&play("three-faults"), on).seed(seed).at(29_900);
    let begun = run.node::<Member>(1).calls.next - 1;
    (run, begun as f64)
}

#[test]
fn without_rules_requests_wait_for_ever() {
    for seed in 1..=SEEDS {
        let (run, begun) = three(&[], seed);
        assert!(run.broken("no-endless-wait").is_some(), "seed {seed}");
        assert_eq!(run.broken("no-lost-write"), None, "one server knows all");
        // Two or three requests meet the crash, one more is lost.
        assert!((begun - run.read("answers")) >= 3.0, "seed {seed}");
        assert_eq!(run.read("failed"), 0.0, "it never gives up");
        assert!(run.read("answered") < 80.0, "seed {seed}");
    }
}

#[test]
fn a_timeout_notices_and_answers_nothing() {
    for seed in 1..=SEEDS {
        let (bare, _) = three(&[], seed);
        let (timed, _) = three(&["timeout"], seed);
        assert_eq!(timed.broken("no-endless-wait"), None, "seed {seed}");
        assert_eq!(timed.read("answers"), bare.read("answers"), "seed {seed}");
        assert!(timed.read("failed") >= 3.0, "seed {seed}");
    }
}

/// Without a timeout there is no moment to retry.
#[test]
fn a_retry_alone_does_nothing() {
    for seed in 1..=SEEDS {
        let (bare, _) = three(&[], seed);
        let (retry, _) = three(&["retry"], seed);
        assert_eq!(retry.read("answers"), bare.read("answers"), "seed {seed}");
        assert_eq!(retry.read("messages"), bare.read("messages"), "seed {seed}");
    }
}

/// Gifford 1979: reads and writes that do not share a server lose a write.
#[test]
fn timeout_and_retry_answer_all_and_some_wrongly() {
    for seed in 1..=SEEDS {
        let (run, _) = three(&["timeout", "retry"], seed);
        assert_eq!(run.read("answered"), 100.0, "seed {seed}");
        assert!(run.read("stale") > 0.0, "seed {seed}");
        assert!(run.broken("no-lost-write").is_some(), "seed {seed}");
    }
}

#[test]
fn a_quorum_masks_each_fault_and_not_two_at_once() {
    for seed in 1..=SEEDS {
        let (alone, _) = three(&["quorum"], seed);
        assert_eq!(alone.read("stale"), 0.0, "seed {seed}");
        assert!(alone.broken("no-endless-wait").is_some(), "seed {seed}");
        // Only the message that is lost while a link is cut does harm.
        let (timed, _) = three(&["quorum", "timeout"], seed);
        assert_eq!(timed.read("failed"), 1.0, "seed {seed}");
    }
}

#[test]
fn all_three_rules_survive() {
    for seed in 1..=SEEDS {
        let (run, _) = three(&["timeout", "retry", "quorum"], seed);
        assert_eq!(run.read("answered"), 100.0, "seed {seed}");
        assert_eq!((run.read("failed"), run.read("stale")), (0.0, 0.0));
        assert_eq!(run.broken("no-lost-write"), None, "seed {seed}");
        assert_eq!(run.who(&ASKS_AGAIN).len(), 1, "one retry is enough");
    }
}

/// Two of three servers down: no answer, rather than a wrong one. Five servers bear two.
#[test]
fn a_majority_must_be_up() {
    for seed in 1..=SEEDS {
        let two = play("all-rules")
            .seed(seed)
            .does("4s crash n2")
            .does("4s crash n3");
        let run = two.ended();
        assert!(run.read("failed") > 0.0, "seed {seed}");
        assert_eq!(run.broken("no-lost-write"), None, "seed {seed}");
        assert_eq!(two.param("nodes", 5).ended().read("failed"), 0.0);
    }
}

#[test]
fn the_same_crash_with_and_without_a_quorum() {
    for seed in 1..=SEEDS {
        let without = play("retry-elsewhere").seed(seed).ended();
        assert!(without.broken("no-lost-write").is_some(), "seed {seed}");
        assert_eq!(without.read("answered"), 100.0, "seed {seed}");
        let with = play("majority").seed(seed).ended();
        assert_eq!(with.broken("no-lost-write"), None, "seed {seed}");
        assert_eq!(with.read("answered"), 100.0, "seed {seed}");
    }
}

/// A write that arrives twice or late does not take a newer one back.
#[test]
fn a_server_keeps_the_highest_value() {
    for seed in 1..=SEEDS {
        let late = play("all-rules")
            .seed(seed)
            .does("0s delay n1->n2#1 12s")
            .does("0s duplicate n1->n3#1")
            .ended();
        let values = |id| late.node::<Member>(id).values.clone();
        assert_eq!(values(2), values(4), "seed {seed}");
        assert!(late.who(&STORES).contains(&3), "seed {seed}");
    }
}

/// A client that crashes uses no number again, and its open requests end.
#[test]
fn a_client_that_restarts_goes_on() {
    let run = play("all-rules")
        .does("9900ms request n1 \"write\"")
        .does("10s crash n1")
        .does("12s recover n1")
        .ended();
    assert_eq!(run.read("failed"), 0.0, "it did not give up");
    assert!(run.read("answered") < 100.0);
    assert_eq!(run.broken("no-lost-write"), None);
    let refused = play("all-rules").does("1s request n2 \"read\"").ended();
    assert!(refused.read("answered") < 100.0, "servers ask nothing");
}

/// The judge sees what the laws see, from answers alone.
#[test]
fn a_majority_looks_like_one_copy_and_a_retry_elsewhere_does_not() {
    for seed in 1..=SEEDS {
        let with = play("majority").seed(seed).ended();
        assert_eq!(with.linearizable(), Kept::Holds, "seed {seed}");
        let without = play("retry-elsewhere").seed(seed).ended();
        let kept = without.linearizable();
        assert!(matches!(kept, Kept::Broken(_)), "seed {seed}: {kept:?}");
    }
}

/// Attiya, Bar-Noy and Dolev: a read that does not write back what it has found may be the only one to
/// see a write that nobody has confirmed.
#[test]
fn a_read_that_writes_nothing_back_can_be_followed_by_an_older_one() {
    // The write reaches node 2 only; one read asks node 2, the next one does not hear it.
    let run = play("all-rules")
        .param("every", 0)
        .does("1s cut n1-n3")
        .does("1s cut n1-n4")
        .does("1s request n1 \"write\"")
        .does("12s join n1-n3")
        .does("13s request n1 \"read\"")
        .does("15s join n1-n4")
        .does("15s cut n1-n2")
        .does("16s request n1 \"read\"")
        .at(29_000);
    assert_eq!(run.broken("no-lost-write"), None, "it was never confirmed");
    let kept = run.linearizable();
    assert!(matches!(kept, Kept::Broken(_)), "{kept:?}");
}
