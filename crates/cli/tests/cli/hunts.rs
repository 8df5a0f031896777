//! `faultline hunt` finds broken invariants, and the command it prints shows them.

use crate::common::{faultline, with_input};

/// The words of a printed command; quoted ones stay whole.
pub fn words(line: &str) -> Vec<String> {
    let parts = line.split('\'').enumerate();
    parts
        .flat_map(|(i, part)| {
            if i % 2 == 1 {
                vec![part.to_owned()]
            } else {
                part.split_whitespace().map(str::to_owned).collect()
            }
        })
        .collect()
}

#[test]
fn a_flaw_is_found_and_its_line_repeats_it() {
    let answer = faultline([
        "hunt",
        "raft",
        "--preset",
        "votes-twice",
        "--seeds",
        "0..40",
        "--json",
    ]);
    assert_eq!(answer.code, 1, "{}", answer.err);
    let json = answer.json();
    assert_eq!(json["runs"], 40);
    let laws = json["violations"].as_array().unwrap();
    let found = laws
        .iter()
        .find(|v| v["invariant"] == "election-safety")
        .unwrap();
    let line = words(found["command"].as_str().unwrap());
    let arguments: Vec<&str> = line[1..].iter().map(String::as_str).collect();
    assert_eq!(line[0], "faultline");
    let again = with_input(&arguments, "");
    assert_eq!(
        again.code, 0,
        "expected to break, and does: {} {}",
        again.out, again.err
    );
    // With the rule on, the same commands break nothing.
    let mut mended = arguments.clone();
    let at = mended
        .iter()
        .position(|word| *word == "votes-twice")
        .unwrap();
    mended[at] = "correct";
    assert_eq!(
        with_input(&mended, "").code,
        1,
        "expected to break, and holds"
    );
}

#[test]
fn a_correct_preset_keeps_its_laws() {
    let answer = faultline(["hunt", "raft", "--seeds", "0..50"]);
    assert_eq!((answer.code, answer.err.as_str()), (0, ""));
    assert!(
        answer.out.contains("50 runs under random faults") && answer.out.contains("nothing broken")
    );
}

#[test]
fn wrong_words_are_named() {
    for (words, said) in [
        (&["hunt"][..], "needs a protocol"),
        (&["hunt", "rafd"][..], "raft"),
        (
            &["hunt", "raft", "--preset", "vote-twice"][..],
            "votes-twice",
        ),
        (&["hunt", "raft", "--seeds", "5"][..], "A..B"),
    ] {
        let answer = with_input(words, "");
        assert_eq!(answer.code, 2, "{words:?}");
        assert!(answer.err.contains(said), "{}", answer.err);
    }
}

#[test]
fn what_is_printed_has_as_few_commands_as_break_the_law() {
    let hunt = [
        "hunt",
        "raft/three-of-five-crash",
        "--preset",
        "votes-twice",
        "--seeds",
        "0..200",
        "--json",
    ];
    let json = faultline(hunt).json();
    assert_eq!(json["scenario"], "three-of-five-crash");
    let found = json["violations"].as_array().unwrap();
    assert!(!found.is_empty());
    for violation in found {
        let line = words(violation["command"].as_str().unwrap());
        let arguments: Vec<&str> = line[1..].iter().map(String::as_str).collect();
        assert_eq!(with_input(&arguments, "").code, 0, "{arguments:?}");
        let commands = (0..arguments.len()).filter(|at| arguments[*at] == "--command");
        for at in commands {
            let less = [&arguments[..at], &arguments[at + 2..]].concat();
            assert_eq!(
                with_input(&less, "").code,
                1,
                "{} is not needed",
                arguments[at + 1]
            );
        }
    }
}

#[test]
fn a_hunt_takes_settings_and_an_end_and_any_number_of_threads() {
    let hunt = |threads: &str| {
        let words = [
            "hunt",
            "raft",
            "--param",
            "nodes=3",
            "--switch",
            "vote-once=off",
            "--until",
            "3s",
            "--seeds",
            "0..40",
            "--json",
            "--threads",
            threads,
        ];
        faultline(words)
    };
    let one = hunt("1");
    assert_eq!(one.code, 1, "{}", one.err);
    assert_eq!(hunt("3").out, one.out);
    for violation in one.json()["violations"].as_array().unwrap() {
        let line = violation["command"].as_str().unwrap();
        assert!(
            line.contains("--param nodes=3") && line.contains("--switch vote-once=off"),
            "{line}"
        );
        assert!(violation["at_us"].as_u64().unwrap() <= 3_000_000);
    }
}

/// Direct calls under faults can fill one instant forever.
#[test]
fn a_hunt_through_direct_calls_ends_soon() {
    for words in [
        &["hunt", "bully", "--seeds", "0..60"][..],
        &["hunt", "election", "--seeds", "60..110"],
        &[
            "hunt",
            "election",
            "--preset",
            "over-a-network",
            "--seeds",
            "0..100",
        ],
    ] {
        let answer = with_input(words, "");
        assert_eq!(answer.code, 1, "{words:?}: {}", answer.err);
        assert!(answer.out.contains("no-lower-leader: broken in"));
        let cut = answer.err.is_empty() || answer.err.contains("runs were cut");
        assert!(cut, "{}", answer.err);
    }
}

#[test]
fn a_hunt_that_was_cut_and_found_nothing_says_so_in_its_code() {
    let answer = faultline(["hunt", "bully", "--seeds", "19..20"]);
    assert!(
        answer.err.contains("1 of 1 runs were cut off, seed 19"),
        "{}",
        answer.err
    );
    assert_eq!(answer.code, 3);
    // The findings still count.
    let words = ["hunt", "bully", "--seeds", "19..30"];
    assert_eq!(with_input(&words, "").code, 1);
    let expected = [&words[..], &["--expect-violation", "no-lower-leader"]].concat();
    assert_eq!(with_input(&expected, "").code, 0);
}

/// P-Q: with n = 3f + 1 replicas f liars change nothing. With one replica less, or one liar more, a hunt finds honest
/// replicas that differ.
#[test]
fn a_hunt_finds_the_liar_too_many() {
    let hunt = |nodes: &str, liars: &str| {
        let nodes = format!("nodes={nodes}");
        faultline([
            "hunt",
            "pbft/normal-case",
            "--invariant",
            "same-history",
            "--param",
            &nodes,
            "--liars",
            liars,
            "--until",
            "20s",
            "--seeds",
            "0..4000",
        ])
    };
    for (nodes, liars, found) in [
        ("3", "1", true),
        ("4", "1", false),
        ("4", "2", true),
        ("6", "2", true),
        ("7", "2", false),
    ] {
        let answer = hunt(nodes, liars);
        let broken = answer.out.contains("faultline run pbft/normal-case");
        assert_eq!(
            broken, found,
            "{nodes} and {liars}: {}{}",
            answer.out, answer.err
        );
    }
}
