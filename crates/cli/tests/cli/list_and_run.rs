//! `faultline list` and `faultline run`: the output that scripts depend on.

use super::common::{faultline, keys, with_input};
use faultline_protocols::CATALOGUE;
use faultline_sim::command::OTHER_VERBS;
use faultline_sim::fault::VERBS;
use serde_json::{Value as Json, json};

#[test]
fn the_list_tells_all_there_is() {
    let list = faultline(["list", "--json"]).json();
    let list = list.as_array().unwrap();
    assert_eq!(list.len(), CATALOGUE.0.len());
    for (row, protocol) in list.iter().zip(CATALOGUE.0) {
        let wanted = [
            "id",
            "title",
            "shelf",
            "scenarios",
            "params",
            "switches",
            "presets",
            "commands",
            "requests",
            "timers",
            "probes",
            "invariants",
        ];
        assert_eq!(keys(row), wanted);
        assert_eq!(row["id"], protocol.id);
        assert_eq!(row["timers"], json!(protocol.timers));
        let shapes: [(&str, &[&str]); 8] = [
            ("commands", &["verb", "form"]),
            ("requests", &["title", "request", "role"]),
            ("scenarios", &["id", "title", "preset"]),
            ("params", &["name", "unit", "default", "min", "max"]),
            ("switches", &["name", "default", "title", "guards"]),
            ("presets", &["name", "title", "breaks"]),
            ("probes", &["name", "unit"]),
            ("invariants", &["name", "kind"]),
        ];
        for (part, shape) in shapes {
            for item in row[part].as_array().unwrap() {
                let mut shape = shape.to_vec();
                // A choice of words has no bounds, and lists its words.
                if part == "params" && item["min"].is_null() {
                    assert!(
                        item["choices"]
                            .as_array()
                            .is_some_and(|words| words.len() > 1)
                    );
                    shape.push("choices");
                }
                assert_eq!(keys(item), shape, "{part} of {}", protocol.id);
            }
        }
        assert_eq!(
            row["scenarios"].as_array().unwrap().len(),
            protocol.scenarios.len()
        );
        let text = faultline(["list"]).out;
        for scenario in protocol.scenarios {
            assert!(text.contains(&format!("{}/{}", protocol.id, scenario.id)));
        }
    }
}

#[test]
fn the_help_on_commands_names_all_that_can_be_typed() {
    let all = faultline(["help", "commands"]);
    assert_eq!((all.code, all.err.as_str()), (0, ""));
    for (_, form, example) in VERBS.iter().chain(&OTHER_VERBS) {
        assert!(
            all.out.contains(form) && all.out.contains(example),
            "{form}"
        );
    }
    for protocol in CATALOGUE.0 {
        let one = faultline(["help", "commands", protocol.id]).out;
        for form in protocol.requests {
            let command = format!("request n1 {}", (form.example)());
            assert!(
                one.contains(&command) && one.contains(form.title),
                "{command}"
            );
            // It can be typed as it is.
            let timed = format!("1us {command}");
            let run = faultline(["run", protocol.id, "--until", "2us", "--command", &timed]);
            assert!(run.code < 2, "{timed}: {}", run.err);
        }
        let words = protocol.timers.iter().copied();
        for word in words.chain(protocol.switches.iter().map(|switch| switch.name)) {
            assert!(one.contains(word), "{}: {word}", protocol.id);
        }
        assert!(
            all.out
                .contains(&one[one.find(&format!("\n{}: ", protocol.id)).unwrap()..])
        );
    }
    assert_eq!(faultline(["help", "commands", "rafd"]).code, 2);
}

#[test]
fn a_command_after_the_end_finds_nothing() {
    let late = |words: &[&str]| super::common::with_input(words, "").err;
    let run = late(&["run", "raft", "--command", "5s crash n3"]);
    assert_eq!(
        run,
        "faultline: `5s crash n3` had no effect: the run ends before that, at 3s\n"
    );
    let counted = late(&["run", "raft", "--command", "@1000000 heal"]);
    assert!(
        counted.contains("`@1000000 heal` had no effect"),
        "{counted}"
    );
    let link = late(&["link", "raft", "--command", "5s crash n3"]);
    assert_eq!(link, run);
    let words = ["sweep", "raft", "--seeds", "0..2", "--probe", "messages"];
    let sweep = late(&[&words[..], &["--command", "5s crash n3"]].concat());
    assert!(sweep.contains("5s crash n3"), "{sweep}");
    assert_eq!(late(&["run", "raft", "--command", "1s crash n3"]), "");
}

#[test]
fn a_run_that_is_cut_says_so_in_its_code() {
    // No node crashed, so direct calls continue forever at one instant.
    let words = [
        "run",
        "bully",
        "--json",
        "--param",
        "nodes=50",
        "--until",
        "9000000000s",
    ];
    let spin = ["--command", "0s duplication 1"];
    let answer = super::common::with_input(&[&words[..], &spin].concat(), "");
    assert_eq!(answer.code, 3, "{}", answer.err);
    assert!(answer.err.contains("The run was stopped"), "{}", answer.err);
    assert!(answer.json()["halted"].as_str().is_some());
}

#[test]
fn a_run_reports_in_the_agreed_shape() {
    for protocol in CATALOGUE.0 {
        let report = faultline(["run", protocol.id, "--json", "--until", "5s"]).json();
        let wanted = [
            "scenario",
            "seed",
            "params",
            "switches",
            "end_us",
            "events",
            "trace_hash",
            "messages",
            "probes",
            "invariants",
            "nodes",
        ];
        assert_eq!(keys(&report), wanted);
        assert_eq!(
            report["scenario"],
            format!("{}/{}", protocol.id, protocol.scenarios[0].id)
        );
        assert_eq!(
            (&report["seed"], &report["end_us"]),
            (&json!("1"), &json!(5_000_000))
        );
        assert_eq!(report["trace_hash"].as_str().unwrap().len(), 16);
        let probes: Vec<&str> = protocol.probes.iter().map(|probe| probe.name).collect();
        assert_eq!(keys(&report["probes"]), probes);
        for invariant in report["invariants"].as_array().unwrap() {
            assert_eq!(
                keys(invariant),
                ["name", "kind", "holds", "reason", "at_us"]
            );
        }
        for node in report["nodes"].as_array().unwrap() {
            assert_eq!(keys(node), ["id", "up", "role", "state"]);
            assert!(node["state"].is_object());
        }
    }
}

#[test]
fn every_scenario_runs_to_its_own_end() {
    for protocol in CATALOGUE.0 {
        for scenario in protocol.scenarios {
            let name = format!("{}/{}", protocol.id, scenario.id);
            let answer = faultline(["run", &name, "--json"]);
            assert!(answer.code < 2, "{name}: {}", answer.err);
            let report = answer.json();
            assert_eq!(report["end_us"], scenario.until.0, "{name}");
            let broken = |i: &Json| i["holds"] == false;
            let broken = report["invariants"].as_array().unwrap().iter().any(broken);
            assert_eq!(answer.code, i32::from(broken), "{name}");
        }
    }
}

#[test]
fn the_curriculums_program_counts_62_messages() {
    let all = |report: &Json| -> u64 {
        let messages = report["messages"].as_object().unwrap().values();
        messages.map(|count| count.as_u64().unwrap()).sum()
    };
    let report = faultline(["run", "bully", "--preset", "as-written", "--json"]).json();
    assert_eq!(all(&report), 62);
    for node in report["nodes"].as_array().unwrap() {
        assert_eq!(node["state"]["leader"], 5);
    }
}

#[test]
fn words_on_the_command_line_change_the_run() {
    let run = |words: &[&str]| {
        let mut all = vec!["run", "bully/kill-the-leader", "--json", "--until", "20s"];
        all.extend(words);
        super::common::with_input(&all, "").json()
    };
    let plain = run(&[]);
    assert_eq!(run(&[]), plain, "the same words, the same run");
    assert_ne!(run(&["--seed", "2"])["trace_hash"], plain["trace_hash"]);
    let crashed = run(&["--command", "19s crash n2", "--command", "19.5s cut n1-n3"]);
    assert_eq!(crashed["nodes"][1]["up"], false);
    let grown = run(&["--command", "1s add", "--command", "2s crash n6"]);
    assert_eq!(
        (&grown["nodes"][5]["id"], &grown["nodes"][5]["up"]),
        (&json!(6), &json!(false))
    );
    let large = run(&["--param", "nodes=7", "--switch", "detect=off"]);
    assert_eq!(large["nodes"].as_array().unwrap().len(), 7);
    assert_eq!(large["switches"]["detect"], false);
}

#[test]
fn a_command_that_finds_nothing_is_not_silent() {
    let answer = faultline(["run", "bully", "--json", "--command", "1s recover n2"]);
    assert!(
        answer.err.contains("`recover n2`") && answer.err.contains("not down"),
        "{}",
        answer.err
    );
}

#[test]
fn a_trace_is_a_file_or_the_output() {
    let folder = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let [text, json] = ["trace.txt", "trace.json"].map(|name| folder.join(name));
    let name = |path: &std::path::Path| path.to_str().unwrap().to_owned();
    let lines = faultline(["run", "bully", "--trace", &name(&text)]);
    assert!(lines.out.contains("invariants"), "the summary stays");
    let written = std::fs::read_to_string(&text).unwrap();
    assert_eq!(faultline(["run", "bully", "--trace", "-"]).out, written);
    assert!(written.lines().count() > 60);
    let report = faultline([
        "run",
        "bully",
        "--trace",
        &name(&json),
        "--format",
        "json",
        "--json",
    ])
    .json();
    let export: Json = serde_json::from_str(&std::fs::read_to_string(&json).unwrap()).unwrap();
    assert_eq!(
        keys(&export),
        ["faultline", "recipe", "end_us", "trace_hash", "records"]
    );
    assert_eq!(export["trace_hash"], report["trace_hash"]);
    let last = export["records"].as_array().unwrap();
    assert_eq!(last.last().unwrap()["seq"], last.len());
}

#[test]
fn nobody_has_to_read_to_the_end() {
    use std::process::{Command, Stdio};
    let mut child = Command::new(env!("CARGO_BIN_EXE_faultline"))
        .args([
            "run",
            "bully/kill-the-leader",
            "--trace",
            "-",
            "--until",
            "2m",
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(
        output.status.code().is_some_and(|code| code < 2),
        "{output:?}"
    );
    assert!(output.stderr.is_empty(), "{output:?}");
}

/// The state of Raft's servers for scripts, under the paper's names; an added one only learns.
#[test]
fn rafts_servers_report_the_papers_state() {
    let report = faultline([
        "run",
        "raft",
        "--json",
        "--until",
        "2s",
        "--command",
        "600ms add",
        "--command",
        r#"800ms request n1 {"write":{"key":"x","value":"7"}}"#,
        "--command",
        "1500ms remove n5",
    ])
    .json();
    let nodes = report["nodes"].as_array().unwrap();
    let role = |role: &str| {
        nodes
            .iter()
            .filter(|node| node["state"]["role"] == role)
            .count()
    };
    assert_eq!((role("leader"), role("learner")), (1, 1));
    for node in nodes.iter().filter(|node| node["up"] == true) {
        let state = &node["state"];
        assert!(state["term"].as_u64().unwrap() >= 1, "{state}");
        let log = state["log"].as_array().unwrap();
        assert_eq!(state["commit_index"], log.len());
        let write = log
            .iter()
            .any(|entry| entry["command"].to_string().contains('7'));
        assert!(
            write && log.iter().all(|entry| entry["term"].is_u64()),
            "{state}"
        );
        let voted = &state["voted_for"];
        assert_eq!(voted.is_null(), state["role"] == "learner", "{state}");
    }
    let removed = nodes.iter().find(|node| node["id"] == 5);
    assert!(
        removed.is_none_or(|node| node["up"] == false),
        "crashed for good"
    );
}

/// A history holds each operation once, with its end; the marks are those of the readable trace.
#[test]
fn a_history_and_the_marks_of_a_run_go_to_a_trace() {
    let run = [
        "run",
        "raft/service-of-three",
        "--param",
        "reads=30",
        "--until",
        "5s",
    ];
    let traced = |format: &str| {
        let words = [&run[..], &["--trace", "-", "--format", format]].concat();
        with_input(&words, "").out
    };
    let history = traced("history");
    let lines: Vec<Json> = history
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let text = traced("text");
    assert_eq!(lines.len(), text.matches(" invoked ").count());
    let mut numbers: Vec<u64> = Vec::new();
    for line in &lines {
        assert_eq!(
            keys(line),
            [
                "operation",
                "node",
                "request",
                "invoked_us",
                "completed_us",
                "end",
                "reply"
            ]
        );
        numbers.push(line["operation"].as_u64().unwrap());
        let end = line["end"].as_str().unwrap();
        assert_eq!(
            end == "ok",
            line["reply"]["Written"].is_object() || line["reply"]["Value"].is_object()
        );
    }
    numbers.sort_unstable();
    assert!(numbers.iter().copied().eq(1..=lines.len() as u64));
    let marks = traced("marks");
    assert_eq!(marks.lines().count(), text.matches("  # ").count());
    assert!(
        marks
            .lines()
            .any(|line| line.contains("  n1  wins  gets 2 of 3 votes"))
    );
}
