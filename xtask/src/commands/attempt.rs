//! `cargo xtask try`: one protocol's hunts, unit tests and laws, without the rest.

use std::fs;

use serde_json::Value as Json;

use super::{Failure, Steps, project};
use crate::Outcome;
use crate::job::{self, say};
use crate::project::Project;

pub const HELP: &str = "\
cargo xtask try NAME
    Hunts on each preset of one protocol, prints the shortest run that breaks a law, and checks that a
    flawed preset breaks one; then runs its unit tests, and the laws on it alone. Goes on after a step
    that fails. Writes no golden trace: `cargo xtask golden` does, when you are content.";

const PACKAGE: [&str; 4] = ["test", "--quiet", "--package", "faultline-protocols"];
const CLI: [&str; 5] = ["run", "--quiet", "--package", "faultline", "--"];
/// What `hunt` answers where it has found a broken law.
const FOUND: i32 = 1;

pub fn run(arguments: Vec<String>) -> Result<(), Failure> {
    let [id] = arguments.as_slice() else {
        return Err(Failure::Usage("write: cargo xtask try NAME".into()));
    };
    let project = project()?;
    let module = id.replace('-', "_");
    let mut steps = Steps::new();
    // By far the cheapest, and it says most about the algorithm.
    let mut presets = Vec::new();
    steps.run("compiling", || {
        presets = presets_of(&project, id)?;
        Ok(())
    })?;
    let mut failures: Vec<String> = Vec::new();
    let mut goes_on = |outcome: Outcome| failures.extend(outcome.err());
    for (preset, flawed) in &presets {
        let name = format!("hunt on {preset}");
        goes_on(steps.run(&name, || hunt(&project, id, preset, *flawed)));
    }
    goes_on(steps.run("unit tests", || {
        let mut command = project.cargo(&PACKAGE);
        command.args(["--lib", &format!("{module}::")]);
        job::show("unit tests", command)
    }));
    goes_on(steps.run("laws", || {
        let mut command = project.cargo(&PACKAGE);
        command.args(["--test", "laws"]).env("FAULTLINE_ONLY", id);
        // Its frames are those of the laws, not of the protocol.
        command.env("RUST_BACKTRACE", "0");
        job::show("laws", command)
    }));
    steps.summary();
    for left in left_of_template(&project, &module) {
        say(&format!("  still the template's: {left}"));
    }
    if failures.is_empty() {
        Ok(())
    } else {
        Err(Failure::Failed(failures.join("\n")))
    }
}

/// The protocol's presets, and whether each is flawed by design.
fn presets_of(project: &Project, id: &str) -> Outcome<Vec<(String, bool)>> {
    let mut command = project.cargo(&CLI);
    command.args(["list", "--json"]);
    let output = command.output().map_err(|e| format!("cargo: {e}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let all: Json = serde_json::from_slice(&output.stdout).map_err(|e| format!("list: {e}"))?;
    let all = all.as_array().cloned().unwrap_or_default();
    let ids: Vec<&str> = all.iter().filter_map(|p| p["id"].as_str()).collect();
    let protocol = all.iter().find(|protocol| protocol["id"] == *id);
    let protocol = protocol
        .ok_or_else(|| format!("there is no protocol `{id}`; there are {}", ids.join(", ")))?;
    let presets = protocol["presets"].as_array().cloned().unwrap_or_default();
    let named = |preset: &Json| {
        let name = preset["name"].as_str()?;
        Some((name.to_owned(), !preset["breaks"].is_null()))
    };
    Ok(presets.iter().filter_map(named).collect())
}

fn hunt(project: &Project, id: &str, preset: &str, flawed: bool) -> Outcome {
    let mut command = project.cargo(&CLI);
    command.args(["hunt", id, "--preset", preset]);
    let status = command.status().map_err(|e| format!("cargo: {e}"))?;
    match (status.code(), flawed) {
        (Some(0), false) | (Some(FOUND), true) => Ok(()),
        (Some(0), true) => Err(format!(
            "{preset} says that it breaks something, and no random schedule breaks it: name the law's \
             missing rule, or give its runs more to do"
        )),
        (Some(FOUND), false) => Err(format!(
            "{preset} breaks a law under faults that it should bear: mend it, or name those faults in \
             `unsupported_faults`"
        )),
        _ => Err(format!("the hunt ended with {status}")),
    }
}

/// Lines that `cargo xtask new` wrote and nobody has replaced.
fn left_of_template(project: &Project, module: &str) -> Vec<String> {
    let folder = project.root.join("crates/protocols/src").join(module);
    let marks = [
        "One sentence: what it does",
        "Author 1990",
        "What must work, and what may go wrong",
    ];
    let text = |name: &str| fs::read_to_string(folder.join(name)).unwrap_or_default();
    let all = text("mod.rs") + &text("lesson.md");
    let lines = all.lines().map(str::trim);
    lines
        .filter(|line| marks.iter().any(|mark| line.contains(mark)))
        .map(str::to_owned)
        .collect()
}
