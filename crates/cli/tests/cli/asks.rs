//! `faultline ask`: what many runs answer.

use serde_json::json;

use super::common::{faultline, file, with_input};

/// Asks a question of one's own, so that few runs are enough.
fn asked(scenario: &str, kind: &str, answer: &str, more: &[&str]) -> super::common::Answer {
    let text = format!(
        "question one\nrow F1\nscenario {}\nask How many?\nkind {kind}\nanswer {answer}\nbecause So.\n",
        scenario.split_once('/').expect("a scenario").1
    );
    let name = answer.replace(' ', "-");
    let path = file(&format!("{name}.txt"), &text);
    with_input(&[&["ask", scenario, "--file", &path], more].concat(), "")
}

#[test]
fn a_broken_run_is_told_as_a_line_that_repeats_it() {
    let kind = "number 0..40 runs";
    let count = "broken at-most-once of 30 runs within 2 drops";
    let told = asked("cluster/tested", kind, count, &["--param", "nodes=3"]);
    assert_eq!(told.code, 0, "{}", told.err);
    let line = told.out.lines().find(|line| line.contains("faultline run"));
    let line = line.unwrap_or_else(|| panic!("{}", told.out)).trim();
    let words = line.strip_prefix("faultline ").expect("a line to type");
    // What stands in quotes is one argument.
    let words: Vec<&str> = words.split('\'').collect();
    let mut arguments: Vec<&str> = Vec::new();
    for (at, part) in words.iter().enumerate() {
        match at % 2 {
            0 => arguments.extend(part.split_whitespace()),
            _ => arguments.push(part),
        }
    }
    assert_eq!(with_input(&arguments, "").code, 0, "{line}");
    let none = asked("cluster/tested", kind, count, &["--switch", "remember=on"]);
    assert!(none.out.contains("\n  0 runs\n"), "{}", none.out);
    assert!(!none.out.contains("seed"), "{}", none.out);
}

#[test]
fn endings_and_states_are_told_with_what_was_counted() {
    let endings = |more: &[&str]| {
        let told = asked(
            "cluster/same-start",
            "number 0..20 endings",
            "endings of 10 seeds",
            more,
        );
        assert_eq!(told.code, 0, "{}", told.err);
        told.out
    };
    assert!(endings(&[]).contains("a new one with seeds 1, 2, 3"));
    let one = endings(&["--switch", "decider=on"]);
    assert!(
        one.contains("  1 endings\n  a new one with seed 1\n"),
        "{one}"
    );
    let states = asked(
        "two-phase-commit/all-agree",
        "choice cooperative | acks",
        "most-states within depth 6",
        &["--json"],
    );
    let json = states.json();
    assert_eq!(json["answer"], "acks");
    let counted = json["counted"].as_array().expect("what was counted");
    assert_eq!(counted.len(), 3, "none, and each alone");
    assert_eq!(counted[0]["switch"], json!(null));
    assert!(counted[2]["states"].as_u64() > counted[0]["states"].as_u64());
}

#[test]
fn scenarios_are_ranked_with_their_means() {
    let kind = "order run cut=Nodes that refuse | run cut-answer=Nodes that answer";
    let count = "ranked ok-minority at 11s over 2 seeds";
    let told = asked("cap/cut", kind, count, &[]);
    assert_eq!(told.code, 0, "{}", told.err);
    assert!(
        told.out.contains("  cut: 0.0\n  cut-answer: 100.0\n"),
        "{}",
        told.out
    );
    let json = asked("cap/cut", kind, count, &["--json"]).json();
    assert_eq!(json["counted"]["means"][1], json!(["cut-answer", 100.0]));
    let wrong = asked("cap/cut", "order run cut=One | run kut=Two", count, &[]);
    assert!(wrong.err.contains("kut"), "{}", wrong.err);
}

#[test]
fn all_questions_can_be_read() {
    let told = faultline(["ask", "--check"]);
    assert_eq!(told.code, 0, "{}", told.err);
    assert!(
        told.out.ends_with("questions can be asked\n"),
        "{}",
        told.out
    );
}
