//! `faultline hunt` for one invariant, within a budget, and spread over several machines.

use serde_json::{Value as Json, json};

use crate::common::{Answer, faultline, file, keys, with_input};

const HUNT: [&str; 4] = ["hunt", "raft", "--preset", "votes-twice"];

fn hunt(words: &[&str]) -> Answer {
    with_input(&[&HUNT, words].concat(), "")
}

#[test]
fn a_hunt_for_one_invariant_within_a_budget_reports_in_the_agreed_shape() {
    let budget = [
        "--crashes",
        "1",
        "--drops",
        "2",
        "--invariant",
        "log-matching",
    ];
    let answer = hunt(&[&budget[..], &["--seeds", "0..150", "--json"]].concat());
    assert_eq!((answer.code, answer.err.as_str()), (1, ""));
    let report = answer.json();
    let wanted = [
        "protocol",
        "preset",
        "invariant",
        "budget",
        "runs",
        "violations",
    ];
    assert_eq!(keys(&report), wanted);
    assert_eq!(report["budget"]["drops"], 2);
    assert_eq!(report["budget"]["liars"], 0);
    let [found] = report["violations"].as_array().unwrap().as_slice() else {
        panic!("only one invariant counts: {}", answer.out);
    };
    let wanted = [
        "invariant",
        "runs",
        "seed",
        "faults",
        "commands",
        "reason",
        "at_us",
        "command",
        "link",
    ];
    assert_eq!(keys(found), wanted);
    assert_eq!(found["invariant"], "log-matching");
    // The link opens where the law is broken.
    let link = found["link"].as_str().unwrap();
    let opened = faultline(["open", link, "--json", "--expect-violation", "log-matching"]);
    assert_eq!((opened.code, opened.err.as_str()), (0, ""));
    assert_eq!(opened.json()["seed"], found["seed"]);
    let text = hunt(&[&budget[..], &["--seeds", "0..150"]].concat()).out;
    assert!(
        text.contains("150 runs with at most 1 crash and 2 drops"),
        "{text}"
    );
    assert!(text.contains("Shortest run: seed "), "{text}");
}

#[test]
fn a_rule_that_is_off_is_found_by_its_switch() {
    let words = [
        "hunt",
        "raft",
        "--switch",
        "vote-once=off",
        "--invariant",
        "election-safety",
    ];
    let answer = with_input(
        &[&words[..], &["--crashes", "1", "--seeds", "0..60"]].concat(),
        "",
    );
    assert_eq!(answer.code, 1, "{}", answer.err);
    assert!(
        answer.out.contains("--switch vote-once=off"),
        "{}",
        answer.out
    );
    let on = faultline([
        "hunt",
        "raft",
        "--invariant",
        "election-safety",
        "--crashes",
        "1",
        "--seeds",
        "0..60",
    ]);
    assert_eq!(on.code, 0);
    assert!(on.out.contains("election-safety: not broken"), "{}", on.out);
}

#[test]
fn faults_that_a_protocol_does_not_promise_to_bear_are_left_out_aloud() {
    let words = [
        "hunt",
        "raft",
        "--liars",
        "2",
        "--crashes",
        "1",
        "--seeds",
        "0..20",
    ];
    let text = with_input(&words, "").out;
    let said = "does not promise to tolerate liars, so the hunt leaves them out.";
    assert!(text.contains(said), "{text}");
    let json = with_input(&[&words[..], &["--json"]].concat(), "").json();
    assert!(json["left_out"].as_str().unwrap().contains(said));
    let none = with_input(&["hunt", "raft", "--crashes", "0", "--seeds", "0..3"], "").out;
    assert!(none.contains("3 runs without faults"), "{none}");
}

#[test]
fn merged_parts_of_a_hunt_equal_the_whole_byte_for_byte() {
    // Many runs break it, so the first few of each part are more than the first few of all; in the
    // second hunt, runs are cut off; in the third, faults are left out.
    let found = [&HUNT[..], &["--crashes", "2", "--delays", "1"]].concat();
    let cut = vec!["hunt", "bully"];
    let liars = [
        &["hunt", "raft/kill-the-leader", "--liars", "1"][..],
        &["--invariant", "linearizable"],
    ];
    for (name, base, bounds) in [
        ("found", found, [3, 4, 20, 30]),
        ("cut", cut, [17, 19, 20, 24]),
        ("none", liars.concat(), [0, 1, 9, 20]),
    ] {
        let run = |from: usize, to: usize, more: &[&str]| {
            let seeds = format!("{}..{}", bounds[from], bounds[to]);
            let words = [&base[..], &["--seeds", &seeds], more].concat();
            with_input(&words, "")
        };
        let whole = run(0, 3, &["--json", "--threads", "1"]);
        assert!(whole.code != 2, "{name}: {}", whole.err);
        let parts = [2, 0, 1].map(|at| run(at, at + 1, &["--jsonl"]).out);
        let files = [0, 1, 2].map(|at| file(&format!("hunt-{name}-{at}.jsonl"), &parts[at]));
        let merged = faultline(["merge", &files[0], &files[1], &files[2]]);
        assert_eq!(merged.out, whole.out, "{name}");
        let said = (merged.code, &merged.err);
        assert_eq!(said, (whole.code, &whole.err), "{name}");
        let all = parts.concat();
        let merged = with_input(&["merge"], &all);
        assert_eq!(merged.out, whole.out, "{name}: from the input");
        // One line of each seed, with any number of threads.
        assert_eq!(all.lines().count() as u64, bounds[3] - bounds[0], "{name}");
        let one = run(1, 2, &["--jsonl", "--threads", "1"]).out;
        let many = run(1, 2, &["--jsonl", "--threads", "7"]).out;
        assert_eq!(many, one, "{name}");
    }
}

#[test]
fn parts_of_hunts_that_do_not_fit_are_refused() {
    let part = |seeds| hunt(&["--seeds", seeds, "--jsonl"]).out;
    let (first, last) = (part("0..3"), part("5..7"));
    let refused = |input: &str, said: &str| {
        let answer = with_input(&["merge"], input);
        assert_eq!(answer.code, 2, "{said}");
        assert!(answer.err.contains(said), "{said}: {}", answer.err);
    };
    refused(&format!("{first}{last}"), "seeds 3 to 4 are missing");
    let both = with_input(&["merge", "--allow-gaps"], &format!("{first}{last}"));
    assert_eq!(both.json()["runs"], json!(5), "{}", both.err);
    refused(&format!("{first}{first}"), "seed 0 occurs twice");
    let budget = hunt(&["--seeds", "3..4", "--crashes", "1", "--jsonl"]).out;
    refused(&format!("{first}{budget}"), "comes from another hunt");
    let other = faultline(["hunt", "lease", "--seeds", "3..4", "--jsonl"]).out;
    refused(&format!("{first}{other}"), "is of a hunt on lease");
    let sweep = [
        "sweep", "bully", "--probe", "gap", "--seeds", "3..4", "--jsonl",
    ];
    let sweep = faultline(sweep).out;
    refused(
        &format!("{first}{sweep}"),
        "is of a sweep, but line 1 of `standard input` is of a hunt",
    );
    refused(
        &format!("{sweep}{first}"),
        "is of a hunt, but line 1 of `standard input` is of a sweep",
    );
    refused(
        &format!("{first}seed 4\n"),
        "is not a line of `faultline hunt --jsonl`",
    );
    // Somebody kept only lines whose runs were not among the first of their part.
    let many = part("0..60");
    let bare = many.lines().find(|line| {
        let line: Json = serde_json::from_str(line).unwrap();
        let violations = line["violations"].as_array().unwrap();
        violations
            .first()
            .is_some_and(|violation| violation["run"].is_null())
    });
    refused(
        bare.expect("more than five runs break it"),
        "add their lines",
    );
}

/// What `list` says of a rule is enough to type the hunt that shows what it is for.
#[test]
fn the_list_tells_how_to_hunt_without_each_rule_of_safety() {
    let list = faultline(["list", "--json"]).json();
    let mut met = 0;
    for protocol in list.as_array().unwrap() {
        for switch in protocol["switches"].as_array().unwrap() {
            let guard = &switch["guards"];
            if guard.is_null() {
                continue;
            }
            let text = |json: &Json| json.as_str().map(str::to_owned);
            let id = text(&protocol["id"]).unwrap();
            let scenario = text(&guard["scenario"]).map(|scenario| format!("{id}/{scenario}"));
            let mut words = vec!["hunt".to_owned(), scenario.unwrap_or(id)];
            let mut add = |name: &str, value: String| words.extend([name.to_owned(), value]);
            add(
                "--switch",
                format!("{}=off", switch["name"].as_str().unwrap()),
            );
            add("--invariant", text(&guard["invariant"]).unwrap());
            add("--seeds", format!("0..{}", guard["seeds"]));
            for (kind, count) in guard["budget"].as_object().unwrap() {
                add(&format!("--{kind}"), count.to_string());
            }
            for (name, value) in guard["params"].as_object().unwrap() {
                add("--param", format!("{name}={}", value.as_str().unwrap()));
            }
            if let Some(preset) = text(&guard["preset"]) {
                add("--preset", preset);
            }
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let answer = with_input(&words, "");
            assert_eq!(answer.code, 1, "{words:?}: {}", answer.err);
            met += 1;
        }
    }
    assert!(met >= 20, "{met}");
}
