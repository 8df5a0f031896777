//! Wrong input: exit code 2 and one sentence that names the wrong word and the nearest valid ones.

use super::common::{faultline, with_input};

/// The arguments, the wrong word, and what the sentence must offer.
const MISTAKES: &[(&[&str], &str, &str)] = &[
    (&["rum", "bully"], "`rum`", "run"),
    (&["run"], "run needs a scenario", "bully"),
    (&["run", "buly"], "`buly`", "bully"),
    (
        &["run", "bully/kill-the-leadr"],
        "`kill-the-leadr`",
        "kill-the-leader",
    ),
    (&["run", "bully", "again"], "`again`", "one scenario"),
    (&["run", "bully", "--sed", "3"], "`--sed`", "--seed"),
    (&["run", "bully", "--seed"], "`--seed`", "needs a value"),
    (&["run", "bully", "--seed", "x"], "`x`", "whole number"),
    (&["run", "bully", "--json=1"], "`--json`", "no value"),
    (&["run", "bully", "--until", "10"], "`10`", "5s"),
    (&["run", "bully", "--param", "node=3"], "`node`", "nodes"),
    (&["run", "bully", "--param", "nodes"], "`nodes`", "nodes=5"),
    (
        &["run", "bully", "--param", "nodes=many"],
        "`many`",
        "nodes",
    ),
    (&["run", "bully", "--param", "nodes=9999"], "9999", "50"),
    (
        &["run", "bully", "--param", "nodes=2.5"],
        "2.5",
        "whole number",
    ),
    (&["run", "raft", "--param", "figure=3"], "3", "one of 0, 7"),
    (
        &["run", "bully", "--seed", "1", "--seed", "2"],
        "`--seed`",
        "given twice: 1 and 2",
    ),
    (
        &["run", "bully", "--seed", "99999999999999999999"],
        "`99999999999999999999`",
        "too long",
    ),
    (
        &["run", "bully", "--until", "99999999999999999999s"],
        "`99999999999999999999s`",
        "too long",
    ),
    (
        &[
            "sweep", "bully", "--seeds", "0..9", "--probe", "gap", "--probe", "gap",
        ],
        "gap",
        "given twice",
    ),
    (
        &["sweep", "bully", "--probe", "gap", "--crashes", "9..3"],
        "9 to 3",
        "larger",
    ),
    (
        &["sweep", "bully", "--probe", "gap", "--crashes", "0..900"],
        "901 events",
        "at most 64",
    ),
    (
        &["sweep", "bully", "--probe", "gap", "--crashes", "soon"],
        "`soon`",
        "1..16",
    ),
    (
        &["sweep", "bully", "--probe", "gap", "--vary", "node=3..9"],
        "`node`",
        "did you mean nodes?",
    ),
    (
        &["sweep", "bully", "--probe", "gap", "--vary", "nodes"],
        "`nodes`",
        "NAME=FROM..TO:STEP",
    ),
    (
        &["sweep", "bully", "--probe", "gap", "--vary", "starter=1..2"],
        "starter",
        "not a number; use one of: nodes",
    ),
    (
        &["sweep", "bully", "--probe", "gap", "--vary", "nodes=9..3"],
        "9 to 3",
        "larger",
    ),
    (
        &[
            "sweep",
            "bully",
            "--probe",
            "gap",
            "--vary",
            "timeout=1..9:0",
        ],
        "0",
        "above 0",
    ),
    (
        &[
            "sweep",
            "bully",
            "--probe",
            "gap",
            "--vary",
            "timeout=1..9999:1",
        ],
        "9999 values",
        "larger step",
    ),
    (
        &[
            "sweep",
            "bully",
            "--probe",
            "gap",
            "--vary",
            "nodes=3..9",
            "--param",
            "nodes=4",
        ],
        "nodes",
        "given twice",
    ),
    (
        &[
            "sweep",
            "bully",
            "--probe",
            "gap",
            "--vary",
            "nodes=3..9",
            "--command",
            "5s crash n5",
        ],
        "nodes=3",
        "n1 to n3",
    ),
    (&["help", "commands", "raft", "x"], "`x`", "one topic"),
    (
        &["hunt", "raft", "--invariant", "election-safty"],
        "`election-safty`",
        "did you mean election-safety?",
    ),
    (
        &["hunt", "bully", "--invariant", "agreement"],
        "`agreement` only has to hold at the end",
        "no-lower-leader",
    ),
    (
        &["hunt", "raft", "--crashes", "some"],
        "`some`",
        "a number of crashes",
    ),
    (&["hunt", "raft", "--crash", "1"], "`--crash`", "--crashes"),
    (
        &["hunt", "raft", "--json", "--jsonl"],
        "`--json`",
        "choose one",
    ),
    (
        &[
            "hunt",
            "raft",
            "--invariant",
            "election-safety",
            "--expect-violation",
            "log-matching",
        ],
        "only after `election-safety`",
        "leave out --invariant",
    ),
    (&["run", "bully", "--param", "starter=7"], "n7", "5 nodes"),
    (&["run", "bully", "--switch", "gard=on"], "`gard`", "guard"),
    (
        &["run", "bully", "--switch", "guard=yes"],
        "`yes`",
        "guard=on",
    ),
    (
        &["run", "bully", "--preset", "textbok"],
        "`textbok`",
        "textbook",
    ),
    (
        &["run", "bully", "--command", "5s crsh n2"],
        "`crsh`",
        "crash",
    ),
    (
        &["run", "bully", "--command", "5s crash n9"],
        "n9",
        "n1 to n5",
    ),
    (&["run", "bully", "--command", "crash n2"], "`crash`", "5s"),
    (
        &["run", "bully", "--command", "5s set node=3"],
        "`node`",
        "nodes",
    ),
    (
        &[
            "run",
            "bully",
            "--command",
            "2s crash n6",
            "--command",
            "3s add",
        ],
        "n6",
        "n1 to n5",
    ),
    (
        &["run", "bully", "--expect-violation", "agrement"],
        "`agrement`",
        "agreement",
    ),
    (
        &["run", "bully", "--trace", "/nowhere/trace"],
        "`/nowhere/trace`",
        "cannot write",
    ),
    (
        &["run", "bully", "--trace", "x", "--format", "xml"],
        "`xml`",
        "text",
    ),
    (
        &["sweep", "bully", "--probe", "messages"],
        "--seeds",
        "0..1000",
    ),
    (
        &["sweep", "bully", "--seeds", "0..9"],
        "--probe",
        "messages",
    ),
    (
        &["sweep", "bully", "--seeds", "0..9", "--probe", "mesages"],
        "`mesages`",
        "messages",
    ),
    (
        &["sweep", "bully", "--seeds", "9..9", "--probe", "messages"],
        "`9..9`",
        "larger",
    ),
    (
        &["sweep", "bully", "--seeds", "9..3", "--probe", "messages"],
        "`9..3`",
        "larger",
    ),
    (
        &["sweep", "bully", "--seeds", "0-9", "--probe", "messages"],
        "`0-9`",
        "A..B",
    ),
    (
        &["sweep", "bully", "--sedes", "0..9"],
        "`--sedes`",
        "--seeds",
    ),
    (
        &["merge", "/nowhere/lines"],
        "`/nowhere/lines`",
        "cannot read",
    ),
    (&["merge"], "no line", "--jsonl"),
    (&["bench"], "w1, w2, w3", "1000000"),
    (&["bench", "w4", "5"], "`w4`", "w1"),
    (&["bench", "w1", "some"], "`some`", "whole"),
    (
        &["bench", "heap", "w1", "5", "--record"],
        "--record",
        "heap",
    ),
    (&["help", "swep"], "`swep`", "sweep"),
    (&["list", "bully"], "`bully`", "no arguments"),
];

#[test]
fn every_mistake_is_one_sentence_and_exit_code_2() {
    for (words, wrong, right) in MISTAKES {
        let answer = with_input(words, "");
        let said = &answer.err;
        assert_eq!(answer.code, 2, "{words:?}: {said}");
        assert!(answer.out.is_empty(), "{words:?}: {}", answer.out);
        assert_eq!(said.lines().count(), 1, "{words:?}: {said}");
        assert!(
            said.contains(wrong) && said.contains(right),
            "{words:?}: {said}"
        );
    }
}

#[test]
fn help_and_version_are_no_mistakes() {
    for words in [
        &["help"][..],
        &["--help"],
        &[],
        &["run", "--help"],
        &["sweep", "bully", "-h"],
    ] {
        let answer = with_input(words, "");
        assert_eq!(answer.code, 0);
        assert!(answer.out.contains("faultline"), "{words:?}");
    }
    for command in ["list", "run", "sweep", "merge", "bench", "help"] {
        assert!(faultline(["help", command]).out.contains(command));
        assert!(
            faultline(["help"])
                .out
                .contains(&format!("faultline {command}"))
        );
    }
    assert_eq!(
        faultline(["--version"]).out.split(' ').next(),
        Some("faultline")
    );
}
