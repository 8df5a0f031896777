//! `cargo xtask first`: records which functions the first picture needs.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::json;

use super::{Failure, build, project, usage};
use crate::Outcome;
use crate::job::say;
use crate::project::{self as files, Project};
use crate::script::Script;
use crate::server::Server;
use crate::tools::{self, Tool};

pub const HELP: &str = "\
cargo xtask first
    Opens the page in a browser and records which functions run until its first click has worked. The
    published page is divided by that list (xtask/split/first.txt): what is on it comes at once, the
    rest a moment later. Run it when the page's beginning has changed much.";

const SCRIPT: &str = include_str!("first.mjs");
/// A laptop and a phone, because their stages differ.
const SIZES: [(u32, u32); 2] = [(1280, 720), (390, 844)];
const SPLIT: &str = "faultline-split";

pub fn run(arguments: Vec<String>) -> Result<(), Failure> {
    if let Some(word) = arguments.first() {
        return Err(usage("first")(lexopt::Error::UnexpectedOption(
            word.clone(),
        )));
    }
    let project = project()?;
    let browser = [Tool::Browser, Tool::EndToEnd];
    tools::ensure(&project, &[&build::TOOLS[..], &browser].concat())?;
    let folder = project.target.join("whole");
    build::whole(&project, &folder)?;
    let numbers = record(&project, &folder)?;
    let names = names(&project, &wasm(&folder)?, &numbers)?;
    files::write(&project.root.join("xtask/split/first.txt"), &names)?;
    say(&format!(
        "xtask/split/first.txt: {} functions",
        names.lines().filter(|line| !line.starts_with('#')).count()
    ));
    Ok(())
}

/// The numbers of the functions, separated by spaces.
fn record(project: &Project, folder: &Path) -> Outcome<String> {
    let page = Server::start(folder, "/", 0)?;
    let mut script = Script::start(project, SCRIPT, &[])?;
    let mut numbers = String::new();
    for (width, height) in SIZES {
        // A person who clicks before the page is complete takes another path than one who waits.
        for (hurried, throttle) in [(true, 1), (true, 4), (false, 1)] {
            let question = json!({
                "url": page.address(), "width": width, "height": height, "hurried": hurried,
                "throttle": throttle,
            });
            numbers += &script.ask(&question.to_string())?;
            numbers.push(' ');
        }
    }
    Ok(numbers)
}

/// The text of first.txt for functions with these numbers.
fn names(project: &Project, wasm: &Path, numbers: &str) -> Outcome<String> {
    let failed = |error: std::io::Error| format!("{SPLIT} could not be asked: {error}");
    let mut command = project.cargo(&["run", "--quiet", "--profile", "glue", "--package", SPLIT]);
    command.args(["--", "names"]).arg(wasm);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().map_err(failed)?;
    if let Some(mut input) = child.stdin.take() {
        input.write_all(numbers.as_bytes()).map_err(failed)?;
    }
    let output = child.wait_with_output().map_err(failed)?;
    if !output.status.success() {
        return Err(format!("{SPLIT} has failed; its words are above"));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("{SPLIT} wrote no text"))
}

fn wasm(folder: &Path) -> Outcome<PathBuf> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths = entries.flatten().map(|entry| entry.path());
    paths
        .find(|path| path.extension().is_some_and(|ending| ending == "wasm"))
        .ok_or_else(|| format!("{} has no page", folder.display()))
}
