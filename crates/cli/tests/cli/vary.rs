//! `faultline sweep --vary`: a summary for each value of a parameter.

use serde_json::{Value as Json, json};

use super::common::{faultline, keys, with_input};

/// Without a crash, everybody asks everybody: so many messages for so many nodes.
const CURVE: [&str; 6] = [
    "sweep",
    "bully/one-election",
    "--probe",
    "messages",
    "--vary",
    "nodes=3..6",
];

fn vary(words: &[&str]) -> super::common::Answer {
    with_input(&[&CURVE, words].concat(), "")
}

#[test]
fn each_value_is_the_run_of_its_parameter() {
    let report = vary(&["--json"]).json();
    assert_eq!(keys(&report), ["vary", "values"]);
    assert_eq!(report["vary"], "nodes");
    let values = report["values"].as_array().expect("a list");
    assert_eq!(values.len(), 4);
    for (value, nodes) in values.iter().zip(["3", "4", "5", "6"]) {
        let param = format!("nodes={nodes}");
        let run = ["run", CURVE[1], "--seed", "1", "--param", &param, "--json"];
        assert_eq!(value["mean"], faultline(run).json()["probes"]["messages"]);
        assert_eq!(value["at"].to_string(), nodes);
        assert_eq!(value["runs"], json!(1));
        assert_eq!(keys(value)[..3], ["vary", "at", "probe"]);
    }
}

#[test]
fn lines_hold_what_the_object_holds() {
    let seeds = ["--seeds", "4..9"];
    let whole = vary(&[&seeds[..], &["--json"]].concat()).json();
    let lines = vary(&[&seeds[..], &["--jsonl", "--threads", "2"]].concat()).out;
    let lines: Vec<Json> = lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(whole["values"], Json::from(lines));
    assert_eq!(whole["values"][0]["runs"], json!(5));
}

#[test]
fn a_value_of_many_seeds_equals_a_sweep_with_that_parameter() {
    let seeds = ["--seeds", "0..20", "--json"];
    let curve = [
        "sweep",
        "bully/kill-the-leader",
        "--probe",
        "gap",
        "--vary",
        "nodes=4..5",
    ];
    let curve = with_input(&[&curve[..], &seeds].concat(), "").json();
    let single = [
        "sweep",
        "bully/kill-the-leader",
        "--probe",
        "gap",
        "--param",
        "nodes=4",
    ];
    let single = with_input(&[&single[..], &seeds].concat(), "").json();
    let mut of_four = curve["values"][0].as_object().expect("an object").clone();
    of_four.remove("vary");
    of_four.remove("at");
    assert_eq!(Json::from(of_four), single);
}

#[test]
fn a_person_gets_one_row_for_each_value() {
    let text = vary(&[]).out;
    assert!(
        text.starts_with("messages along nodes, 1 run each\n  nodes  messages\n  3      "),
        "{text}"
    );
    assert_eq!(text.lines().count(), 6);
    let text = vary(&["--seeds", "0..3", "--probe", "leaders"]).out;
    for part in ["3 runs each", "nodes  mean", "p95", "leaders along nodes"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn what_a_sweep_printed_before_is_still_printed() {
    let answer = faultline(["sweep", "bully", "--probe", "gap", "--json"]);
    assert_eq!(answer.code, 2);
    assert!(answer.err.contains("--seeds A..B"), "{}", answer.err);
}

#[test]
fn a_broken_invariant_of_any_value_counts() {
    // Without a failure detector, no node replaces a dead leader.
    let broken = ["--command", "5s crash n3"];
    assert_eq!(vary(&broken).code, 1);
    let expected = [&broken[..], &["--expect-violation", "agreement"]].concat();
    assert_eq!(vary(&expected).code, 0);
}
