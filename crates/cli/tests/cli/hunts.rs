//! `faultline hunt` finds what is broken, and the line it prints shows it.

use crate::common::{faultline, with_input};

/// The words of a printed line, with quoted ones whole.
fn words(line: &str) -> Vec<String> {
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
    // With the rule on again the same commands break nothing.
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
