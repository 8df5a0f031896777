//! `faultline hunt --goal` finds the shortest way to a goal, or says what was tried.

use serde_json::Value as Json;

use crate::common::{faultline, with_input};
use crate::hunts::words;

fn hunted(scenario: &str, goal: &str, more: &[&str]) -> Json {
    let arguments = [&["hunt", scenario, "--goal", goal, "--json"], more].concat();
    let told = with_input(&arguments, "");
    assert_eq!(told.code, 0, "{}{}", told.out, told.err);
    told.json()
}

/// What the printed line says.
fn again(line: &Json) -> (i32, String) {
    let line = words(line.as_str().expect("a line"));
    let arguments: Vec<&str> = line[1..].iter().map(String::as_str).collect();
    assert_eq!(line[0], "faultline");
    let told = with_input(&arguments, "");
    (told.code, told.out)
}

#[test]
fn a_way_is_found_and_its_line_reaches_the_goal_again() {
    for (scenario, goal) in [
        ("bully/kill-the-leader", "two-at-once"),
        ("ring-election/token-lost", "leader-by-hand"),
        ("bare-service/all-rules", "break-all-rules"),
    ] {
        let way = hunted(scenario, goal, &["--threads", "1"]);
        let allowed = way["allowed"].as_u64().expect("a budget");
        assert!(way["faults"].as_u64() <= Some(allowed), "{way}");
        let (code, told) = again(&way["command"]);
        assert_eq!(code, 0, "{told}");
        assert!(told.contains(": met\n"), "{told}");
        let link = way["link"].as_str().expect("a link");
        // A rule that breaks in it is not what was asked.
        assert!(faultline(["open", link]).code < 2, "{link}");
        assert_eq!(way, hunted(scenario, goal, &["--threads", "4"]));
    }
}

#[test]
fn a_way_is_of_the_run_that_was_given() {
    let more = ["--seed", "7", "--param", "nodes=4", "--seeds", "0..200"];
    let way = hunted("bully/kill-the-leader", "two-at-once", &more);
    let line = way["command"].as_str().expect("a line");
    assert!(line.contains("--seed 7 --param nodes=4"), "{line}");
    assert_eq!(again(&way["command"]).0, 0);
}

#[test]
fn a_goal_that_nobody_can_reach_ends_in_what_was_tried_and_why() {
    let raft = "raft/kill-the-leader";
    let told = faultline([
        "hunt",
        raft,
        "--goal",
        "two-in-one-term",
        "--seeds",
        "0..40",
    ]);
    assert_eq!(told.code, 0, "{}", told.err);
    for part in [
        "40 random runs with any number of faults: not reached.",
        "Raft does not promise to tolerate liars",
        " states within ",
        "That is proved within these bounds",
        "\nNobody can. ",
    ] {
        assert!(told.out.contains(part), "{part}: {}", told.out);
    }
    let off = ["--switch", "vote-once=off", "--seeds", "0..200"];
    let told = with_input(
        &[&["hunt", raft, "--goal", "two-in-one-term"], &off[..]].concat(),
        "",
    );
    assert_eq!(
        told.code, 1,
        "without the rule there is a way: {}",
        told.out
    );
    assert!(!told.out.contains("Nobody can"), "{}", told.out);
}

#[test]
fn a_goal_that_was_not_reached_has_another_exit_code() {
    let told = faultline([
        "hunt",
        "lease/cut-off",
        "--goal",
        "two-in-spite-of-the-lease",
        "--seeds",
        "0..1",
    ]);
    assert_eq!(told.code, 1, "{}", told.out);
    assert!(told.out.contains("only random runs"), "{}", told.out);
}

#[test]
fn a_wrong_goal_is_told_with_the_nearest_right_one() {
    let wrong = |arguments: &[&str]| {
        let told = with_input(&[&["hunt"], arguments].concat(), "");
        assert_eq!(told.code, 2, "{}", told.out);
        told.err
    };
    for (arguments, says) in [
        (
            &["raft/kill-the-leader", "--goal", "two-at-onse"][..],
            "raft/kill-the-leader has no goal `two-at-onse`; did you mean two-at-once?",
        ),
        (
            &["raft", "--goal", "two-at-onse"],
            "did you mean two-at-once?",
        ),
        (
            &["raft/figure-8", "--goal", "two-at-once"],
            "`two-at-once` is a goal of raft/kill-the-leader",
        ),
        (
            &["raft", "--goal", "who-leads-next"],
            "is a question and no goal",
        ),
        (&["raft/split-vote", "--goal", "x"], "has no goals"),
        (
            &["raft", "--goal", "two-at-once", "--crashes", "2"],
            "the goal says how many faults there may be",
        ),
        (
            &["raft", "--goal", "two-at-once", "--exhaustive"],
            "`--exhaustive` does not go with --goal",
        ),
        (
            &["raft", "--goal", "two-at-once", "--depth", "2"],
            "`--depth`",
        ),
        (&["--goal", "two-at-once"], "hunt needs a scenario"),
    ] {
        let told = wrong(arguments);
        assert!(told.contains(says), "{arguments:?}: {told}");
    }
}
