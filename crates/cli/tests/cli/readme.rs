//! What README.md says about several machines works as it stands there.

use std::path::PathBuf;
use std::process::Command;

use super::common::{Answer, with_input};

/// The lines between two fences of the README.
fn blocks() -> Vec<String> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let text = std::fs::read_to_string(path).unwrap();
    let parts = text.split("```").skip(1).step_by(2);
    parts.map(str::to_owned).collect()
}

/// The lines that use GNU parallel.
fn parallel_lines() -> Vec<String> {
    let blocks = blocks();
    let lines = blocks.iter().flat_map(|block| block.lines());
    let spread = lines.filter(|line| line.starts_with("parallel "));
    spread.map(str::to_owned).collect()
}

/// Runs a line as a person would, with `faultline` on the path, in a folder of its own.
fn shell(name: &str, line: &str, environment: &[(&str, &str)]) -> Answer {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_faultline"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let ours = [program.parent().unwrap().to_owned()].into_iter();
    let all = std::env::join_paths(ours.chain(std::env::split_paths(&path))).unwrap();
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    let mut command = Command::new("sh");
    command.args(["-c", line]).current_dir(&folder);
    // What GNU parallel remembers belongs to the person, not to a test.
    command.env("PATH", all).env("PARALLEL_HOME", &folder);
    command.envs(environment.iter().copied());
    let output = command.output().expect("a shell starts");
    let text = |bytes| String::from_utf8(bytes).expect("it speaks UTF-8");
    Answer {
        code: output.status.code().expect("no signal ended it"),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}

/// Whether GNU parallel is here. There is another program of this name.
fn has_parallel() -> bool {
    let answer = Command::new("parallel").arg("--version").output();
    answer.is_ok_and(|answer| String::from_utf8_lossy(&answer.stdout).starts_with("GNU parallel"))
}

/// Whether `cargo xtask test` would have installed it: as root on Debian.
fn could_have_parallel() -> bool {
    if std::env::var_os("FAULTLINE_NO_TOOLS").is_some() {
        return false;
    }
    let user = Command::new("id").arg("-u").output();
    let is_root = user.is_ok_and(|user| String::from_utf8_lossy(&user.stdout).trim() == "0");
    is_root && Command::new("apt-get").arg("--version").output().is_ok()
}

#[test]
fn work_spread_by_gnu_parallel_gives_what_one_machine_gives() {
    let lines = parallel_lines();
    let of = |command: &str| lines.iter().filter(|line| line.contains(command)).count();
    assert_eq!(
        (of("faultline sweep"), of("faultline hunt")),
        (1, 1),
        "{lines:?}"
    );
    if !has_parallel() {
        assert!(
            !could_have_parallel(),
            "GNU parallel is missing: `apt-get install parallel` or `cargo xtask test` brings it"
        );
        println!("skipped: there is no GNU parallel here, and nothing may install it");
        return;
    }
    for (number, line) in lines.iter().enumerate() {
        // parallel 'COMMAND' ::: $(seq FIRST STEP LAST) | faultline merge
        let command = line.split('\'').nth(1).unwrap();
        let (_, numbers) = line.split_once("$(seq ").unwrap();
        let numbers = numbers.split(')').next().unwrap().split(' ');
        let numbers: Vec<u64> = numbers.map(|number| number.parse().unwrap()).collect();
        let [first, step, last] = numbers[..] else {
            panic!("{line}");
        };
        let part = format!("{{}}..$(({{}} + {step}))");
        assert!(command.contains(&part), "{line}");
        let whole = command.replace(&part, &format!("{first}..{}", last + step));
        let whole = whole.replace("--jsonl", "--json");
        let words: Vec<&str> = whole.split(' ').skip(1).collect();
        let whole = with_input(&words, "");
        let spread = shell(&format!("parallel-{number}"), line, &[]);
        assert_eq!(spread.out, whole.out, "{line}: {}", spread.err);
        assert_eq!(spread.code, whole.code, "{line}: {}", spread.err);
        assert!(whole.out.contains("\"runs\":1000"), "{}", whole.out);
    }
}

#[test]
fn a_hunt_spread_by_a_slurm_array_is_one_hunt() {
    let blocks = blocks();
    let script = blocks.iter().find(|block| block.contains("#SBATCH"));
    let script = script.expect("the README has a script for Slurm");
    // Without the language behind the fence.
    let (_, script) = script.split_once('\n').unwrap();
    // What Slurm does with it, for two of its tasks.
    for task in ["0", "1"] {
        let given = [("SLURM_ARRAY_TASK_ID", task), ("SLURM_CPUS_PER_TASK", "2")];
        let answer = shell("slurm", script, &given);
        assert_eq!((answer.code, answer.err.as_str()), (0, ""), "{task}");
    }
    let merged = shell("slurm", "faultline merge part-*.jsonl", &[]);
    assert_eq!(merged.err, "");
    let report = merged.json();
    assert_eq!(report["runs"], 2000);
    let words: Vec<&str> = script.split_whitespace().collect();
    let invariant = words
        .iter()
        .position(|word| *word == "--invariant")
        .unwrap();
    assert_eq!(report["invariant"], words[invariant + 1]);
}
