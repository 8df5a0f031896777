//! `faultline hunt --exhaustive`: every order of events, in one piece and in parts.

use serde_json::Value as Json;

use crate::common::{Answer, faultline, file, keys, with_input};

const TRANSFER: [&str; 6] = [
    "hunt",
    "two-phase-commit/all-agree",
    "--exhaustive",
    "--depth",
    "8",
    "--param",
];

/// With transfers of its own off, so that states have no times.
fn hunt(words: &[&str]) -> Answer {
    with_input(&[&TRANSFER[..], &["every=0"], words].concat(), "")
}

#[test]
fn a_correct_preset_says_exactly_what_was_tried() {
    let answer = hunt(&["--crashes", "1", "--json"]);
    assert_eq!((answer.code, answer.err.as_str()), (0, ""));
    let json = answer.json();
    let shape = [
        "protocol",
        "scenario",
        "preset",
        "bounds",
        "states",
        "all",
        "deeper",
        "tried",
        "violations",
    ];
    assert_eq!(keys(&json), shape);
    assert_eq!(json["all"], true);
    assert_eq!(json["violations"], Json::Array(Vec::new()));
    let states = json["states"].as_u64().expect("a number");
    let tried = json["tried"].as_str().expect("words");
    assert!(
        tried.ends_with("states within 1 crash and 8 steps"),
        "{tried}"
    );
    let text = hunt(&["--crashes", "1"]).out;
    let number: String = text
        .lines()
        .nth(1)
        .expect("a sentence")
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    assert!(number.starts_with(&states.to_string()), "{text}");
    assert!(text.contains("proved within these bounds"), "{text}");
    assert!(text.contains("states a second"), "{text}");
}

/// Nothing is proved where not all was tried.
#[test]
fn an_unfinished_search_proves_nothing() {
    let answer = hunt(&["--states", "500"]);
    assert_eq!(answer.code, 3, "{}", answer.out);
    assert!(answer.out.contains("nothing is proved"), "{}", answer.out);
    assert!(!answer.out.contains("proved within"), "{}", answer.out);
}

#[test]
fn a_flaw_is_found_by_a_run_that_repeats_itself() {
    let answer = hunt(&["--preset", "commits-early", "--json"]);
    assert_eq!(answer.code, 1, "{}", answer.err);
    let json = answer.json();
    let found = &json["violations"][0];
    let shape = [
        "invariant",
        "faults",
        "steps",
        "commands",
        "reason",
        "at_us",
        "command",
        "link",
    ];
    assert_eq!(keys(found), shape);
    assert_eq!(
        (found["faults"].as_u64(), found["steps"].as_u64()),
        (Some(0), Some(5))
    );
    let link = found["link"].as_str().expect("a link");
    let opened = faultline(["open", link, "--json", "--expect-violation", "money"]);
    assert_eq!((opened.code, opened.err.as_str()), (0, ""));
    let expected = hunt(&["--preset", "commits-early", "--expect-violation", "money"]);
    assert_eq!(expected.code, 0);
}

/// Three parts, merged in any order, are the whole, byte by byte; with something found, and with nothing.
#[test]
fn parts_are_merged_into_the_whole() {
    for more in [&["--crashes", "1"][..], &["--preset", "commits-early"]] {
        let parts: Vec<String> = ["2/3", "3/3", "1/3"]
            .iter()
            .map(|part| {
                let answer = hunt(&[more, &["--part", part, "--jsonl"]].concat());
                let name = format!("{}-{}.jsonl", more[1], part.replace('/', "-"));
                file(&name, &answer.out)
            })
            .collect();
        let merge = |names: &[&String]| {
            let names: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
            with_input(&[&["merge"], &names[..]].concat(), "")
        };
        let merged = merge(&[&parts[0], &parts[1], &parts[2]]);
        let whole = hunt(&[more, &["--json"]].concat());
        assert_eq!((merged.code, merged.out), (whole.code, whole.out));
        let gap = merge(&[&parts[0], &parts[2]]);
        assert_eq!(gap.code, 2);
        assert!(
            gap.err.contains("of 3 parts these are missing: 3"),
            "{}",
            gap.err
        );
        let twice = merge(&[&parts[0], &parts[0]]);
        assert!(twice.err.contains("part 2 occurs twice"), "{}", twice.err);
    }
}

#[test]
fn parts_of_different_hunts_are_refused() {
    let one = file("orders-one.jsonl", &hunt(&["--part", "1/2", "--jsonl"]).out);
    let other = hunt(&["--part", "2/2", "--crashes", "1", "--jsonl"]).out;
    let other = file("orders-other.jsonl", &other);
    let answer = faultline(["merge", &one, &other]);
    assert_eq!(answer.code, 2);
    assert!(
        answer.err.contains("other settings, bounds"),
        "{}",
        answer.err
    );
    let damaged = std::fs::read_to_string(&one).expect("it was written");
    let damaged = damaged.replacen("\"states\":\"", "\"states\":\"!", 1);
    let damaged = file("orders-damaged.jsonl", &damaged);
    let answer = faultline(["merge", &damaged]);
    assert_eq!(answer.code, 2);
    assert!(
        answer.err.contains("its states are damaged"),
        "{}",
        answer.err
    );
}

#[test]
fn wrong_words_are_named() {
    for (words, wanted) in [
        (&["--delays", "1"][..], "late as can be"),
        (&["--seeds", "0..9"], "use --seed"),
        (&["--part", "4/3"], "write 1/4"),
        (&["--timers", "many"], "is not a number"),
    ] {
        let answer = hunt(words);
        assert_eq!(answer.code, 2, "{words:?}");
        assert!(answer.err.contains(wanted), "{words:?}: {}", answer.err);
    }
    let random = faultline(["hunt", "raft", "--depth", "3"]);
    assert!(random.err.contains("needs --exhaustive"), "{}", random.err);
    let nested = faultline(["hunt", "bully", "--exhaustive"]);
    assert_eq!(nested.code, 2);
    assert!(nested.err.contains("directly"), "{}", nested.err);
}
