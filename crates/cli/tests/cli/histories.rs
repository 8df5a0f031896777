//! `faultline check-history`: verdicts on histories of other systems, and what is said of bad files.

use std::fs;
use std::path::PathBuf;

use faultline_sim::judge::files::{FileFormat, ModelName, read, recognise, write};
use faultline_sim::judge::{Found, HistoryCheck, Operations, sequential};
use serde_json::Value as Json;

use super::common::{Answer, faultline, with_input};

/// A folder of histories beside the project, where there is one.
fn beside(folder: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/oracle");
    let path = path.join(folder);
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: no oracle beside the project");
    None
}

fn judged(history: &Operations) -> Found {
    HistoryCheck::new(history).advance(&mut u64::MAX.clone())
}

fn found(linearizable: bool) -> Found {
    if linearizable {
        Found::Order
    } else {
        Found::None
    }
}

fn check(text: &str, options: &[&str]) -> Answer {
    with_input(&[&["check-history", "-"], options].concat(), text)
}

/// A write that is read, and then not any more.
const STALE: &str = "INFO  jepsen.util - 0\t:invoke\t:write\t1\n\
    INFO  jepsen.util - 0\t:ok\t:write\t1\n\
    INFO  jepsen.util - 1\t:invoke\t:read\tnil\n\
    INFO  jepsen.util - 1\t:ok\t:read\t1\n\
    INFO  jepsen.util - 2\t:invoke\t:read\tnil\n\
    INFO  jepsen.util - 2\t:ok\t:read\tnil\n";

#[test]
fn the_verdict_is_the_exit_code() {
    let good = STALE.replace(":ok\t:read\tnil", ":ok\t:read\t1");
    assert_eq!(check(&good, &[]).code, 0);
    assert_eq!(check(STALE, &[]).code, 1);
    assert_eq!(check("", &[]).code, 2);
    // It cannot be decided in no time: forty appends without an answer may come in any order.
    let open = |n: u32| format!("{n} :invoke :append {n}\n{n} :info :append :timed-out\n");
    let mut hard: String = (0..40).map(open).collect();
    hard.push_str("50 :invoke :read nil\n50 :ok :read 39383736353433323130x\n");
    let answer = check(&hard, &["--budget", "0.05", "--json"]);
    assert_eq!(answer.code, 3, "{}", answer.out);
    let report = answer.json();
    assert_eq!(report["linearizable"], Json::Null);
    assert!(
        report["reason"]
            .as_str()
            .is_some_and(|why| why.contains("time was up"))
    );
}

#[test]
fn a_report_says_what_was_found() {
    let report = check(STALE, &["--json"]).json();
    assert_eq!(report["linearizable"], false);
    assert_eq!(
        (&report["key"], &report["model"]),
        (&"".into(), &"kv".into())
    );
    assert_eq!(
        (&report["format"], &report["checked"]),
        (&"jepsen".into(), &3.into())
    );
    assert!(report["reason"].is_string() && report["operations"].is_array());
    let said = check(STALE, &[]).out;
    assert!(
        said.starts_with("3 operations, model kv, format jepsen\nLinearizable: no\n"),
        "{said}"
    );
    let good = STALE.replace(":ok\t:read\tnil", ":ok\t:read\t1");
    let report = check(&good, &["--json"]).json();
    assert_eq!(report["linearizable"], true);
    assert_eq!(
        report["sequentially_consistent"], true,
        "linearizable says more"
    );
    assert!(report.get("key").is_none() && report.get("reason").is_none());
}

#[test]
fn the_first_value_is_what_the_person_says() {
    let text = "0 :invoke :read nil\n0 :ok :read 7\n";
    assert_eq!(check(text, &[]).code, 1);
    assert_eq!(check(text, &["--initial", "7"]).code, 0);
    assert_eq!(check(text, &["--initial", "nil"]).code, 1);
    let text = "{\"process\":1,\"f\":\"add\",\"value\":1,\"invoked_us\":0,\"completed_us\":1,\"result\":5}";
    assert_eq!(check(text, &["--initial", "4"]).code, 0);
    assert_eq!(check(text, &["--model", "set", "--format", "json"]).code, 0);
    let answer = check(text, &["--initial", "four"]);
    assert_eq!(answer.code, 2);
    assert!(
        answer.err.contains("`four` is not a whole number"),
        "{}",
        answer.err
    );
}

#[test]
fn bad_files_are_refused_with_line_and_reason() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let bad = |name: &str, bytes: &[u8], options: &[&str]| {
        let path = folder.join(name);
        fs::write(&path, bytes).expect("a file");
        let path = path.to_str().expect("text");
        let answer = with_input(&[&["check-history", path], options].concat(), "");
        assert_eq!((answer.code, answer.out.as_str()), (2, ""), "{name}");
        answer.err
    };
    for (name, bytes, why) in [
        ("empty.log", &b""[..], "it is empty"),
        (
            "words.log",
            b"hello\nworld\n",
            "nothing in it is an operation",
        ),
        (
            "binary.log",
            b"0 :invoke :read nil\n\xff\xfe\0",
            "line 2: this is not text in UTF-8",
        ),
        (
            "cut.log",
            b"0 :invoke :read nil\n0 :ok",
            "line 2: the line ends",
        ),
        (
            "word.log",
            b"0 :invoke :raed nil\n",
            "line 1: `:raed` is not an operation",
        ),
        (
            "answer.log",
            b"0 :ok :read 1\n1 :invoke :read nil",
            "line 1: process 0 ends an operation",
        ),
        (
            "cut.json",
            b"{\"process\":1,\"f\":\"re",
            "line 1: the object that begins here",
        ),
        (
            "other.json",
            b"{\"scenario\":\"raft\"}",
            "line 1: an operation has no field `scenario`",
        ),
        (
            "cut.txt",
            b"{:process 0, :type :invoke, :f",
            "line 1: the line ends before `}`",
        ),
    ] {
        let said = bad(name, bytes, &[]);
        assert!(said.contains(name) && said.contains(why), "{said}");
    }
    let huge = "0 :invoke :read nil\n0 :ok :read nil\n".repeat(200_001);
    let said = bad("huge.log", huge.as_bytes(), &[]);
    assert!(
        said.contains("line 400001: a history has at most 200000 operations"),
        "{said}"
    );
    let said = bad("lock.log", b"0 :invoke :read nil\n", &["--model", "lock"]);
    assert!(said.contains("a lock is not read"), "{said}");
}

#[test]
fn wrong_words_are_named() {
    for (words, why) in [
        (&["check-history"][..], "needs a history"),
        (&["check-history", "a", "b"], "unexpected argument `b`"),
        (
            &["check-history", "no-such-file"],
            "cannot read `no-such-file`",
        ),
        (
            &["check-history", "-", "--format", "jespen"],
            "did you mean jepsen",
        ),
        (
            &["check-history", "-", "--model", "registre"],
            "did you mean register",
        ),
        (
            &["check-history", "-", "--budget", "-1"],
            "is not a number of seconds",
        ),
        (
            &["run", "raft", "--history", "-", "--json"],
            "both use standard output",
        ),
    ] {
        let answer = with_input(words, "");
        assert_eq!(answer.code, 2, "{words:?}");
        assert!(answer.err.contains(why), "{}", answer.err);
    }
    let help = faultline(["check-history", "--help"]).out;
    assert!(help.contains("--budget SECONDS") && help.contains("\"f\":\"write\""));
}

/// The logs of etcd and of a key-value store have the verdicts that were published with them.
#[test]
fn published_verdicts_are_found() {
    let Some(folder) = beside("porcupine") else {
        return;
    };
    let verdicts = fs::read_to_string(folder.join("VERDICTS_open.csv")).expect("verdicts");
    let mut counts = [0, 0];
    for line in verdicts.lines().skip(1) {
        let (name, verdict) = line.split_once(',').expect("a name and a verdict");
        let text = fs::read_to_string(folder.join(name)).expect("a history");
        if verdict == "skip" {
            assert_eq!(recognise(&text), None, "{name}");
            continue;
        }
        let format = recognise(&text).unwrap_or_else(|| panic!("{name} is a history"));
        assert_eq!(
            format == FileFormat::Jepsen,
            name.starts_with("jepsen"),
            "{name}"
        );
        let read = read(&text, format, None).unwrap_or_else(|why| panic!("{name}: {why}"));
        let right = found(verdict == "ok");
        assert_eq!(judged(&read.history), right, "{name}");
        counts[usize::from(verdict == "ok")] += 1;
        // The same in our own format.
        let mut text = String::new();
        write(&read.history, &mut text);
        let again = self::read(&text, FileFormat::Json, Some(ModelName::Store));
        let again = again.unwrap_or_else(|why| panic!("{name}: {why}"));
        assert!(again.history.events().eq(read.history.events()), "{name}");
        assert_eq!(judged(&again.history), right, "{name}");
    }
    assert!(counts[0] > 40 && counts[1] > 10, "{counts:?}");
    let path = folder.join("kv/c10-bad.txt");
    let answer = faultline(["check-history", path.to_str().expect("text"), "--json"]);
    assert_eq!(
        (answer.code, &answer.json()["linearizable"]),
        (1, &false.into())
    );
}

/// Small histories of a register that holds 0 at first, whose verdicts come from all their orders.
fn vectors() -> Vec<(Operations, Json)> {
    let Some(folder) = beside("vectors") else {
        return Vec::new();
    };
    let text = fs::read_to_string(folder.join("linearizability_register.json"));
    let all: Json = serde_json::from_str(&text.expect("vectors")).expect("JSON");
    let all = all["histories"].as_array().expect("histories").iter();
    let own = |vector: &Json| {
        let read = read(
            &vector.to_string(),
            FileFormat::Json,
            Some(ModelName::Store),
        );
        let mut history = read.unwrap_or_else(|why| panic!("{vector}: {why}")).history;
        history.model = ModelName::Store.model(Some("0")).expect("a store");
        (history, vector.clone())
    };
    all.map(own).collect()
}

#[test]
fn small_registers_are_judged_as_all_orders_say() {
    let vectors = vectors();
    assert!([0, 120].contains(&vectors.len()));
    for (history, vector) in vectors {
        let right = found(vector["linearizable"] == true);
        assert_eq!(judged(&history), right, "{vector}");
    }
}

#[test]
fn small_registers_are_sequentially_consistent_as_all_orders_say() {
    for (history, vector) in vectors() {
        let right = found(vector["sequentially_consistent"] == true);
        let judged = sequential(&history, &mut u64::MAX.clone());
        assert_eq!(judged, right, "{vector}");
    }
}

/// A run's history, written and judged, says what the run's own judge says.
#[test]
fn the_history_of_a_run_is_judged_as_the_run_was() {
    for (scenario, code) in [("raft/second-read", 0), ("raft/stale-read", 1)] {
        let answer = faultline(["run", scenario, "--history", "-"]);
        let checked = check(&answer.out, &["--json"]);
        assert_eq!(checked.code, code, "{}", checked.out);
        let broken = faultline(["run", scenario, "--expect-violation", "linearizable"]);
        assert_eq!(broken.code == 0, code == 1, "{}", broken.out);
    }
    let nothing = faultline(["run", "bully", "--history", "-"]);
    assert_eq!(nothing.code, 2);
    assert!(nothing.err.contains("share none"), "{}", nothing.err);
}
