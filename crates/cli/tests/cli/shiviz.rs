//! `faultline shiviz-check` on logs of other systems and on our own; the other trace formats.

use std::path::{Path, PathBuf};

use super::common::{faultline, keys, with_input};
use faultline_protocols::CATALOGUE;
use serde_json::{Value as Json, json};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/shiviz")
}

fn table(name: &str) -> Json {
    let text = std::fs::read_to_string(folder().join(name)).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The arguments for checking a log, from `LOGS.json`.
fn words(logs: &Json, name: &str) -> Vec<String> {
    let word = |key: &str| logs[name][key].as_str().unwrap().to_owned();
    let path = folder().join(name).to_str().unwrap().to_owned();
    ["shiviz-check".into(), path, "--json".into()]
        .into_iter()
        .chain(["--parser".into(), word("parser")])
        .chain(["--delimiter".into(), word("delimiter")])
        .collect()
}

fn check(words: &[String], input: &str) -> super::common::Answer {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    with_input(&words, input)
}

#[test]
fn logs_of_other_systems_have_the_figures_that_shiviz_finds() {
    let (logs, expected) = (table("LOGS.json"), table("EXPECTED.json"));
    for name in keys(&logs) {
        let answer = check(&words(&logs, name), "");
        assert_eq!(answer.code, 0, "{name}: {}", answer.err);
        let report = answer.json();
        assert_eq!(keys(&report), keys(&expected[name]), "{name}");
        for (execution, figures) in report.as_object().unwrap() {
            let wanted = &expected[name][execution];
            assert_eq!(
                keys(figures),
                [
                    "hosts",
                    "events",
                    "happened_before_pairs",
                    "concurrent_pairs",
                    "direct_message_edges",
                    "max_lamport_time"
                ]
            );
            for (key, figure) in figures.as_object().unwrap() {
                assert_eq!(figure, &wanted[key], "{name}, {execution}: {key}");
            }
        }
    }
}

#[test]
fn what_a_log_says_about_itself_need_not_be_said_again() {
    let path = folder().join("RpcClientServer.log");
    let report = faultline(["shiviz-check", path.to_str().unwrap(), "--json"]).json();
    assert_eq!(
        report,
        json!({"": table("EXPECTED.json")["RpcClientServer.log"][""]
        .as_object()
        .unwrap()
        .iter()
        .filter(|(key, _)| report[""].get(key.as_str()).is_some())
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect::<serde_json::Map<String, Json>>()})
    );
}

#[test]
fn broken_logs_are_refused_with_line_and_reason() {
    for (name, line, words) in [
        ("bad_json", 2, "not JSON"),
        ("duplicate", 4, "number 1 on line 2"),
        ("gap", 4, "from 1 to 3"),
        ("no_events", 1, "no event"),
        ("out_of_range", 2, "only 1"),
        ("own_missing", 2, "own host `a`"),
        ("starts_at_2", 2, "must be 1"),
        ("unknown_host", 2, "`b`, which has no event"),
    ] {
        let path = folder().join(format!("reject/{name}.log"));
        let answer = faultline(["shiviz-check", path.to_str().unwrap(), "--json"]);
        let said = &answer.err;
        assert_eq!(answer.code, 1, "{name}: {said}");
        assert!(answer.out.is_empty(), "{name}: {}", answer.out);
        assert_eq!(said.lines().count(), 1, "{name}: {said}");
        assert!(said.contains(&format!("line {line}: ")), "{name}: {said}");
        assert!(said.contains(words), "{name}: {said}");
    }
    let broken = std::fs::read_dir(folder().join("reject")).unwrap();
    assert_eq!(broken.count(), 8);
}

#[test]
fn executions_must_have_names_of_their_own() {
    let log = "x\na {\"a\":1}\n--- one\ny\nb {\"b\":1}\n--- one\nz\nc {\"c\":1}\n";
    let check = |delimiter: &str| {
        let delimiter = format!("--delimiter={delimiter}");
        with_input(&["shiviz-check", "-", "--json", &delimiter], log)
    };
    let same = check("^--- (?<trace>.*)$");
    assert_eq!(same.code, 1);
    assert!(
        same.err.contains("line 6: ") && same.err.contains("`one`"),
        "{}",
        same.err
    );
    let none = check("^---.*$");
    assert!(
        none.err.contains("line 3: ") && none.err.contains("(?<trace>"),
        "{}",
        none.err
    );
    let apart = with_input(
        &[
            "shiviz-check",
            "-",
            "--json",
            "--delimiter=^--- (?<trace>.*)$",
        ],
        &log.replacen("one", "two", 1),
    );
    assert_eq!(keys(&apart.json()), ["", "two", "one"]);
}

#[test]
fn a_run_of_every_protocol_is_a_log_that_our_own_check_takes() {
    for protocol in CATALOGUE.0 {
        let command = [
            "--command",
            "2s crash n2",
            "--command",
            "3s partition n1|n2",
            "--command",
        ];
        let log = faultline([
            "run",
            protocol.id,
            "--until",
            "8s",
            command[0],
            command[1],
            command[2],
            command[3],
            command[4],
            "4s add",
            "--trace",
            "-",
            "--format",
            "shiviz",
        ]);
        let answer = with_input(&["shiviz-check", "-", "--json"], &log.out);
        assert_eq!(answer.code, 0, "{}: {}", protocol.id, answer.err);
        let figures = &answer.json()[""];
        let events = log.out.lines().count() / 2;
        assert_eq!(figures["events"], events, "{}", protocol.id);
        let people = with_input(&["shiviz-check", "-"], &log.out).out;
        assert!(
            people.contains("at n1") && people.contains("direct messages"),
            "{people}"
        );
    }
}

#[test]
fn the_events_of_a_log_are_the_records_of_nodes() {
    let run = |format: &str| {
        let answer = faultline(["run", "bully", "--trace", "-", "--format", format]);
        answer.out
    };
    let export: Json = serde_json::from_str(&run("json")).unwrap();
    let records = export["records"].as_array().unwrap();
    let of_nodes = records.iter().filter(|record| !record["node"].is_null());
    assert_eq!(run("shiviz").lines().count(), of_nodes.count() * 2);
    let head = run("text");
    let head = head.lines().next().unwrap().to_owned();
    let hash = export["trace_hash"].as_str().unwrap();
    assert!(head.starts_with("bully/") && head.ends_with(hash), "{head}");
    assert_eq!(export["recipe"]["seed"], "1");
}

#[test]
fn a_diagram_shows_its_window_and_no_more() {
    let run = |window: &str| {
        let command = "21s cut n1-n2";
        let words = [
            "run",
            "bully/kill-the-leader",
            "--command",
            command,
            "--until",
            "25s",
        ];
        let rest = ["--trace", "-", "--format", "mermaid", "--window", window];
        with_input(&[&words[..], &rest].concat(), "").out
    };
    let told = run("20.5s..22s");
    assert!(
        told.starts_with("sequenceDiagram\n    participant n1\n"),
        "{told}"
    );
    assert!(told.contains("cut n1-n2 (21.000 s)"), "{told}");
    assert!(!run("22s..23s").contains("cut n1-n2"));
    assert!(run("0s..1us").lines().count() < told.lines().count());
}

#[test]
fn the_space_time_diagram_is_a_picture_of_its_own() {
    let run = |more: &[&str]| {
        let words = [
            "run",
            "raft/kill-the-leader",
            "--trace",
            "-",
            "--format",
            "svg",
        ];
        with_input(&[&words[..], more].concat(), "").out
    };
    let whole = run(&[]);
    assert!(
        whole.starts_with("<svg xmlns=") && whole.ends_with("</svg>\n"),
        "{whole}"
    );
    assert_eq!(whole.matches("class=\"lane\"").count(), 5);
    assert!(!whole.contains("href"), "nothing is fetched");
    let part = run(&["--window", "0s..200ms"]);
    assert_ne!(whole, part);
    assert_eq!(part.matches("class=\"lane\"").count(), 5);
}

#[test]
fn words_about_logs_that_make_no_sense() {
    let log = folder().join("facebook.log");
    let log = log.to_str().unwrap();
    let mistakes: [(&[&str], &str); 9] = [
        (&["shiviz-check"], "needs a log"),
        (&["shiviz-check", log, log], "one log"),
        (
            &["shiviz-check", "/nowhere/log"],
            "cannot read `/nowhere/log`",
        ),
        (&["shiviz-check", log, "--parser", "(?<host>a"], "`clock`"),
        (
            &[
                "shiviz-check",
                log,
                "--parser",
                "(?<host>(?<clock>(?<event>",
            ],
            "not a regular expression",
        ),
        (
            &["shiviz-check", log, "--delimiter", "["],
            "not a regular expression",
        ),
        (&["run", "bully", "--window", "1s..2s"], "--trace FILE"),
        (
            &["run", "bully", "--trace", "-", "--window", "1s..2s"],
            "--format mermaid",
        ),
        (
            &[
                "run", "bully", "--trace", "-", "--format", "mermaid", "--window", "2s",
            ],
            "4s..6s",
        ),
    ];
    for (words, sentence) in mistakes {
        let answer = with_input(words, "");
        assert_eq!(answer.code, 2, "{words:?}: {}", answer.err);
        assert_eq!(answer.err.lines().count(), 1, "{words:?}: {}", answer.err);
        assert!(answer.err.contains(sentence), "{words:?}: {}", answer.err);
        assert!(answer.out.is_empty(), "{words:?}");
    }
    assert_eq!(
        with_input(
            &[
                "shiviz-check",
                log,
                "--parser",
                "(?<host>x)(?<clock>y)(?<event>z)"
            ],
            ""
        )
        .code,
        1
    );
}

#[test]
fn lines_that_are_not_understood_are_counted() {
    let log = "one\na {\"a\":1}\nnoise\ntwo\na {\"a\":2}\n";
    let check = |more: &[&str], log: &str| {
        with_input(&[&["shiviz-check", "-", "--json"], more].concat(), log)
    };
    let said = "faultline: `-`, 1 line was not understood: line 3\n";
    let answer = check(&[], log);
    assert_eq!((answer.code, answer.err.as_str()), (0, said));
    assert_eq!(answer.json()[""]["events"], 2);
    let strict = check(&["--strict"], log);
    assert_eq!((strict.code, strict.err.as_str()), (1, said));
    assert_eq!(strict.out, answer.out);
    let clean = log.replace("noise\n", "");
    let clean = check(&["--strict"], &clean);
    assert_eq!((clean.code, clean.err.as_str()), (0, ""));
}

/// The JSON trace that TLC prints for a specification with a clock.
#[test]
fn a_trace_of_tla_is_read() {
    let log = r#"State 1: <Initial predicate>
/\ Host = a
/\ Clock = "{\"a\":1,\"b\":0}"

State 2: <Receive>
/\ Host = b
/\ Clock = "{\"a\":1,\"b\":1}"
"#;
    let parser = r#"State \d+: <(?<event>.*)>\n/\\ Host = (?<host>.*)\n/\\ Clock = "(?<clock>.*)""#;
    let parser = format!("--parser={parser}");
    let answer = with_input(&["shiviz-check", "-", "--json", "--strict", &parser], log);
    assert_eq!((answer.code, answer.err.as_str()), (0, ""));
    let found = &answer.json()[""];
    assert_eq!(found["hosts"], json!({"a": 1, "b": 1}));
    assert_eq!(found["direct_message_edges"], 1);
}

#[test]
fn a_log_with_hosts_above_their_texts_needs_no_parser() {
    let log = "a {\"a\":1}\none\nb {\"a\":1,\"b\":1}\ntwo\n";
    let answer = with_input(&["shiviz-check", "-", "--json", "--strict"], log);
    assert_eq!((answer.code, answer.err.as_str()), (0, ""));
    assert_eq!(answer.json()[""]["events"], 2);
}
