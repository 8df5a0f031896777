//! `faultline link` and `faultline open`: a run survives the trip through a link.

use std::fs;

use super::common::{faultline, with_input};
use faultline_protocols::CATALOGUE;
use serde_json::json;

const BUSY: [&str; 13] = [
    "raft/kill-the-leader",
    "--seed",
    "7",
    "--param",
    "nodes=7",
    "--switch",
    "no-op=off",
    "--command",
    "2s crash n3",
    "--command",
    "@90 partition n1,n2|n3,n4,n5,n6,n7",
    "--until",
    "6s",
];

fn busy(command: &str, more: &[&str]) -> super::common::Answer {
    with_input(&[&[command], &BUSY[..], more].concat(), "")
}

fn file(name: &str, text: &str) -> String {
    let path = format!("{}/{name}", env!("CARGO_TARGET_TMPDIR"));
    fs::write(&path, text).unwrap();
    path
}

#[test]
fn a_link_opens_as_the_run_it_was_made_of() {
    let run = busy("run", &["--json"]);
    let link = busy("link", &[]).out;
    assert!(link.starts_with("v1.") && link.ends_with('\n'));
    let link = link.trim();
    let opened = faultline(["open", link, "--json"]);
    assert_eq!((&opened.out, opened.code), (&run.out, run.code));
    assert_eq!(opened.err, run.err);
    // The whole address, standard input, and a file.
    let address = format!("https://example.org/faultline/?paused=1#{link}");
    assert_eq!(faultline(["open", &address, "--json"]).out, run.out);
    assert_eq!(with_input(&["open", "-", "--json"], link).out, run.out);
    let text = busy("link", &["--file"]).out;
    assert!(text.contains("\"2s crash n3\""), "{text}");
    let path = file("busy.run", &text);
    assert_eq!(faultline(["open", &path, "--json"]).out, run.out);
    // The readable report is the same too.
    assert_eq!(faultline(["open", link]).out, busy("run", &[]).out);
}

#[test]
fn every_scenario_goes_into_a_link_and_comes_out_the_same() {
    for protocol in CATALOGUE.0 {
        for scenario in protocol.scenarios {
            let name = format!("{}/{}", protocol.id, scenario.id);
            let run = faultline(["run", &name, "--json"]);
            let link = faultline(["link", &name]).out;
            let opened = faultline(["open", link.trim(), "--json"]);
            assert_eq!((opened.out, opened.code), (run.out, run.code), "{name}");
        }
    }
}

#[test]
fn a_link_stands_where_it_is_told_and_runs_on_from_there() {
    let link = busy("link", &["--at", "3.5s"]).out;
    let opened = faultline(["open", link.trim(), "--json"]).json();
    assert_eq!(opened["end_us"], json!(3_500_000));
    let run = busy("run", &["--json"]);
    let on = faultline(["open", link.trim(), "--json", "--until", "6s"]);
    assert_eq!(on.out, run.out);
    let back = faultline(["open", link.trim(), "--json", "--until", "1s"]).json();
    assert_eq!(back["end_us"], json!(1_000_000));
}

#[test]
fn an_exported_run_opens_and_a_trace_can_be_written() {
    let path = file("export.json", "");
    let run = busy("run", &["--json", "--trace", &path, "--format", "json"]);
    assert_eq!(faultline(["open", &path, "--json"]).out, run.out);
    let trace = faultline(["open", &path, "--trace", "-"]);
    assert_eq!(trace.out, busy("run", &["--trace", "-"]).out);
}

#[test]
fn what_is_wrong_is_said_in_a_sentence() {
    let link = busy("link", &[]).out;
    let link = link.trim();
    let cases = [
        (&link[..link.len() - 9], "damaged"),
        ("v2.AAAA", "version v2"),
        ("no-such-thing/here", "no protocol `no-such-thing`"),
        ("missing.run", "cannot read `missing.run`"),
        ("https://example.org/", "behind `#`"),
    ];
    for (word, why) in cases {
        let answer = faultline(["open", word]);
        assert_eq!((answer.code, answer.out.as_str()), (2, ""), "{word}");
        assert!(answer.err.contains(why), "{word}: {}", answer.err);
        assert_eq!(answer.err.lines().count(), 1, "{}", answer.err);
    }
    assert!(faultline(["open"]).err.contains("needs a link"));
    assert!(
        faultline(["link", "raft", "--json"])
            .err
            .contains("unknown flag `--json`")
    );
    assert!(faultline(["help", "open"]).out.contains("LINK|FILE"));
}

#[test]
fn a_link_of_another_revision_says_so() {
    let mut text = busy("link", &["--file"]).json();
    text["digest"] = json!("00000000");
    let same = file("same.run", &text.to_string());
    assert!(faultline(["open", &same]).err.contains("damaged"));
    text["revision"] = json!(0);
    let older = file("older.run", &text.to_string());
    let opened = faultline(["open", &older, "--json"]);
    let run = busy("run", &["--json"]);
    assert_eq!((&opened.out, opened.code), (&run.out, run.code));
    assert!(
        opened
            .err
            .contains("made with an earlier Raft; this is what today's does."),
        "{}",
        opened.err
    );
}

#[test]
fn no_link_is_printed_that_cannot_be_opened() {
    // More commands and more nodes than a link may have.
    let many: Vec<String> = (0..2_001).map(|at| format!("{at}us heal")).collect();
    let adds: Vec<String> = (0..2_000).map(|_| "1s add".to_owned()).collect();
    for (commands, why) in [(many, "commands"), (adds, "nodes")] {
        let mut words = vec!["link", "bully", "--at", "1ms"];
        for command in &commands {
            words.extend(["--command", command]);
        }
        for form in [&[][..], &["--file"]] {
            let answer = with_input(&[&words[..], form].concat(), "");
            assert_eq!(
                (answer.code, answer.out.as_str()),
                (2, ""),
                "{}",
                answer.err
            );
            assert!(answer.err.contains("could not be opened"), "{}", answer.err);
            assert!(answer.err.contains(why), "{}", answer.err);
        }
    }
}
