//! `faultline sweep` and `faultline merge`: many runs, on one machine or on several.

use super::common::{Answer, faultline, file, keys, with_input};
use serde_json::{Value as Json, json};

const SWEEP: [&str; 4] = ["sweep", "bully/kill-the-leader", "--probe", "gap"];

fn sweep(words: &[&str]) -> Answer {
    with_input(&[&SWEEP, words].concat(), "")
}

#[test]
fn a_sweep_reports_in_the_agreed_shape() {
    let answer = sweep(&["--seeds", "0..40", "--json"]);
    assert!(
        answer.err.is_empty(),
        "no progress bar in a pipe: {}",
        answer.err
    );
    let report = answer.json();
    let wanted = [
        "probe",
        "runs",
        "mean",
        "min",
        "max",
        "p50",
        "p95",
        "histogram",
        "violations",
        "without_value",
    ];
    assert_eq!(keys(&report), wanted);
    assert_eq!(
        (&report["probe"], &report["runs"]),
        (&json!("gap"), &json!(40))
    );
    let bins = report["histogram"].as_array().unwrap();
    assert!((1..=20).contains(&bins.len()));
    assert_eq!(keys(&bins[0]), ["from", "to", "count"]);
    let counted: u64 = bins.iter().map(|bin| bin["count"].as_u64().unwrap()).sum();
    assert_eq!(counted + report["without_value"].as_u64().unwrap(), 40);
    let text = sweep(&["--seeds", "0..40"]).out;
    assert!(
        text.contains("gap over 40 runs") && text.contains("p95"),
        "{text}"
    );
}

#[test]
fn the_answer_does_not_depend_on_the_number_of_threads() {
    for form in ["--json", "--jsonl"] {
        let one = sweep(&["--seeds", "0..60", "--threads", "1", form]);
        for threads in ["2", "7"] {
            assert_eq!(
                sweep(&["--seeds", "0..60", "--threads", threads, form]).out,
                one.out
            );
        }
    }
}

#[test]
fn a_run_of_a_sweep_is_the_run_of_its_seed() {
    let lines = sweep(&["--seeds", "7..10", "--jsonl"]).out;
    for (line, seed) in lines.lines().zip(["7", "8", "9"]) {
        let line: Json = serde_json::from_str(line).unwrap();
        assert_eq!(&keys(&line)[..3], ["seed", "value", "violations"]);
        assert_eq!(line["seed"], seed);
        let run = faultline(["run", SWEEP[1], "--seed", seed, "--json"]).json();
        assert_eq!(line["value"], run["probes"]["gap"]);
    }
    assert_eq!(lines.lines().count(), 3);
}

#[test]
fn merged_parts_equal_the_whole_byte_for_byte() {
    // The curriculum's program has no failure detector, so a crash leaves violations to merge.
    let base = ["sweep", "bully/one-election", "--probe", "messages"];
    let broken = [
        "--command",
        "2s crash n5",
        "--command",
        "@3 duplicate n1->n2#9",
    ];
    for (base, extra) in [(base, &broken[..]), (SWEEP, &["--command", "4s loss 0.2"])] {
        let run = |seeds: &str, form: &str| {
            let words = [&base, extra, &["--seeds", seeds, form]].concat();
            with_input(&words, "")
        };
        let whole = run("3..50", "--json");
        let parts = ["30..50", "3..4", "4..30"].map(|seeds| run(seeds, "--jsonl").out);
        let [a, b, c] = ["a", "b", "c"].map(|name| format!("{}-{name}.jsonl", base[3]));
        let files = [
            file(&a, &parts[0]),
            file(&b, &parts[1]),
            file(&c, &parts[2]),
        ];
        let merged = faultline(["merge", &files[0], &files[1], &files[2]]);
        assert_eq!(merged.out, whole.out);
        assert_eq!(merged.code, whole.code);
        assert_eq!(
            with_input(&["merge"], &parts.concat()).out,
            whole.out,
            "from the input"
        );
    }
}

#[test]
fn parts_that_do_not_fit_are_refused() {
    let part = |seeds| sweep(&["--seeds", seeds, "--jsonl"]).out;
    let (first, last) = (part("0..3"), part("5..7"));
    let gap = with_input(&["merge"], &format!("{first}{last}"));
    assert_eq!(gap.code, 2);
    assert!(gap.err.contains("seeds 3 to 4 are missing"), "{}", gap.err);
    let both = with_input(&["merge", "--allow-gaps"], &format!("{first}{last}"));
    assert_eq!((both.code, &both.json()["runs"]), (0, &json!(5)));
    let twice = with_input(&["merge"], &format!("{first}{first}"));
    assert!(
        twice.code == 2 && twice.err.contains("seed 0 occurs twice"),
        "{}",
        twice.err
    );
    let other = sweep(&["--seeds", "3..4", "--jsonl", "--until", "9s"]).out;
    let mixed = with_input(&["merge"], &format!("{first}{other}"));
    assert!(
        mixed.code == 2 && mixed.err.contains("another sweep"),
        "{}",
        mixed.err
    );
    let nonsense = with_input(&["merge"], "seed 4\n");
    assert!(
        nonsense.code == 2 && nonsense.err.contains("line 1"),
        "{}",
        nonsense.err
    );
}

#[test]
fn a_broken_invariant_is_exit_code_1_and_can_be_expected() {
    // Without a failure detector, no node replaces a dead leader.
    let run = ["bully/one-election", "--command", "5s crash n5"];
    let with = |command: &str, extra: &[&str]| {
        let words = [&[command], &run[..], extra].concat();
        with_input(&words, "").code
    };
    assert_eq!(with("run", &[]), 1);
    assert_eq!(with("run", &["--expect-violation", "agreement"]), 0);
    assert_eq!(with("run", &["--expect-violation", "no-lower-leader"]), 1);
    let seeds = ["--seeds", "0..4", "--probe", "messages"];
    assert_eq!(with("sweep", &seeds), 1);
    assert_eq!(with("sweep", &[&seeds[..], &["--json"]].concat()), 1);
    assert_eq!(
        with(
            "sweep",
            &[&seeds[..], &["--expect-violation", "agreement"]].concat()
        ),
        0
    );
    let peaceful = faultline([
        "run",
        "bully/one-election",
        "--expect-violation",
        "agreement",
    ]);
    assert_eq!(peaceful.code, 1);
    assert!(peaceful.err.contains("`agreement`"), "{}", peaceful.err);
}
