//! `cargo xtask e2e`: tests of the page in a real browser.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Failure, Steps, build, project, usage};
use crate::project::Project;
use crate::server::Server;
use crate::tools::{self, Tool};
use crate::watch::Sources;
use crate::{Outcome, browser, job, page, policy};

pub const HELP: &str = "\
cargo xtask e2e [FILTER] [--serve-build] [--pictures]
    Runs the browser tests of tests/e2e against dist/, which is built if it is missing. Pictures go
    to target/screenshots.
        FILTER         only test files whose name contains it; if there are none, tests whose name
                       matches it; FILE/NAME means those tests of those files
        --serve-build  test the page as `serve` builds it, not dist/
        --pictures     no tests: pictures of every scenario at four sizes, and contact sheets of them,
                       go to target/screenshots/sheets; FILTER is a comma list of parts of names";

/// How many of the slowest tests are named.
const SLOWEST: usize = 10;
/// A hanging test fails after this many minutes; the long soak takes eleven.
const PATIENCE: u32 = 4;
const LONG_PATIENCE: u32 = 15;
/// How many test files run at once, if there are enough cores. Each has its own browser.
const AT_ONCE: usize = 2;

/// The tools that browser tests need besides a page.
pub const TOOLS: [Tool; 2] = [Tool::Browser, Tool::EndToEnd];
/// The page is served under a path, as GitHub Pages does for project pages.
const MOUNT: &str = "/faultline/";

pub fn run(arguments: Vec<String>) -> Result<(), Failure> {
    let (mut filter, mut development, mut pictures) = (None, false, false);
    let mut parser = lexopt::Parser::from_args(arguments);
    while let Some(argument) = parser.next().map_err(usage("e2e"))? {
        match argument {
            lexopt::Arg::Value(word) if filter.is_none() => {
                filter = Some(word.to_string_lossy().into_owned());
            }
            lexopt::Arg::Long("serve-build") => development = true,
            lexopt::Arg::Long("pictures") => pictures = true,
            other => return Err(usage("e2e")(other.unexpected())),
        }
    }
    let project = project()?;
    let missing = !development && !project.dist().join("index.html").exists();
    let mut needed = TOOLS.to_vec();
    if development {
        needed.extend([Tool::WasmTarget, Tool::Glue]);
    } else if missing {
        needed.extend(build::TOOLS);
    }
    tools::ensure(&project, &needed)?;
    let mut steps = Steps::new();
    if development {
        steps.run("page as served", || page::build(&project))?;
    } else if missing {
        steps.run("release page", || build::release(&project))?;
    }
    if !development && Sources::now(&project).are_younger_than(&project.dist().join("index.html")) {
        job::say("Note: dist/ is older than the sources; `cargo xtask build` builds it again.");
    }
    let folder = if development {
        page::folder(&project)
    } else {
        project.dist()
    };
    if pictures {
        let made = || contact_sheets(&project, &folder, filter.as_deref());
        return Ok(steps.run("pictures", made)?);
    }
    Ok(steps.run("browser tests", || {
        browser_tests(&project, folder, filter.as_deref())
    })?)
}

/// Serves a folder and runs the tests against it. The tools must be there.
pub fn browser_tests(project: &Project, folder: PathBuf, filter: Option<&str>) -> Outcome {
    let server = Server::start(&folder, MOUNT, 0)?;
    let (files, pattern) = select(test_files(project)?, filter);
    let mut command = node_tests(project, &folder, &server.address())?;
    if let Some(pattern) = pattern {
        command.arg(format!("--test-name-pattern={pattern}"));
    }
    command.args(files);
    let outcome = job::show("browser tests", command);
    say_slowest(project);
    outcome
}

/// Takes a picture of every scenario, and makes contact sheets of them.
fn contact_sheets(project: &Project, folder: &Path, filter: Option<&str>) -> Outcome {
    let server = Server::start(folder, MOUNT, 0)?;
    let mut command = node(project, folder, &server.address())?;
    command.arg(project.end_to_end().join("sheets.mjs"));
    command.env("FAULTLINE_FILTER", filter.unwrap_or_default());
    job::show("pictures of all scenarios", command)
}

/// The file in which the reporter writes the durations of tests.
fn durations(project: &Project) -> PathBuf {
    project.target.join("e2e-durations.txt")
}

/// Names the slowest tests of the last run: a slow suite is a defect.
fn say_slowest(project: &Project) {
    let Ok(text) = std::fs::read_to_string(durations(project)) else {
        return;
    };
    let line = |line: &str| {
        let (ms, name) = line.split_once('\t')?;
        Some((ms.parse::<u64>().ok()?, name.to_owned()))
    };
    let mut took: Vec<(u64, String)> = text.lines().filter_map(line).collect();
    took.sort_by_key(|(ms, _)| std::cmp::Reverse(*ms));
    if took.len() > SLOWEST {
        job::say("The slowest:");
    }
    for (ms, name) in took.iter().take(SLOWEST) {
        job::say(&format!("  {:>6.1} s  {name}", *ms as f64 / 1e3));
    }
}

/// Runs one test file against a folder; returns its output, whether or not it passed.
pub fn told(project: &Project, folder: &Path, file: &Path) -> Outcome<String> {
    let server = Server::start(folder, MOUNT, 0)?;
    let mut command = node_tests(project, folder, &server.address())?;
    let out = command.arg(file).output();
    let out = out.map_err(|e| format!("{}: {e}", file.display()))?;
    Ok(String::from_utf8_lossy(&out.stdout).into_owned())
}

fn node_tests(project: &Project, folder: &Path, address: &str) -> Outcome<Command> {
    let reporter = project.end_to_end().join("durations.mjs");
    // A test waits for conditions, never for a time, so two files at once do not change results.
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let is_long = project
        .environment
        .iter()
        .any(|(name, _)| *name == "FAULTLINE_LONG");
    let minutes = if is_long { LONG_PATIENCE } else { PATIENCE };
    let mut command = node(project, folder, address)?;
    command
        .args(["--test", "--test-reporter=spec"])
        .arg(format!("--test-concurrency={}", cores.min(AT_ONCE)))
        .arg(format!("--test-timeout={}", minutes * 60 * 1000))
        .arg("--test-reporter-destination=stdout")
        .arg(format!("--test-reporter={}", reporter.display()))
        .arg(format!(
            "--test-reporter-destination={}",
            durations(project).display()
        ));
    Ok(command)
}

/// Node with what its scripts must know of the page and the browser.
fn node(project: &Project, folder: &Path, address: &str) -> Outcome<Command> {
    let node = tools::find(project, "node").ok_or("node is not installed (https://nodejs.org)")?;
    let chromium = browser::chromium().ok_or_else(browser::by_hand)?;
    let mut command = project.command(node);
    command
        .env("FAULTLINE_URL", address)
        .env("FAULTLINE_FOLDER", folder)
        .env("FAULTLINE_POLICY", policy::value(project, folder)?)
        .env("FAULTLINE_CHROMIUM", chromium)
        .env("FAULTLINE_SCREENSHOTS", project.target.join("screenshots"));
    Ok(command)
}

fn test_files(project: &Project) -> Outcome<Vec<PathBuf>> {
    let folder = project.end_to_end();
    let entries = std::fs::read_dir(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.to_string_lossy().ends_with(".test.mjs"));
    files.sort();
    Ok(files)
}

/// The files to run, and the pattern of test names.
fn select(files: Vec<PathBuf>, filter: Option<&str>) -> (Vec<PathBuf>, Option<String>) {
    let Some(filter) = filter else {
        return (files, None);
    };
    if let Some((file, name)) = filter.split_once('/') {
        let (chosen, _) = select(files, Some(file));
        return (chosen, Some(name.to_owned()));
    }
    let named = |path: &&PathBuf| {
        path.file_name()
            .is_some_and(|name| name.to_string_lossy().contains(filter))
    };
    let chosen: Vec<PathBuf> = files.iter().filter(named).cloned().collect();
    if chosen.is_empty() {
        (files, Some(filter.to_string()))
    } else {
        (chosen, None)
    }
}

#[cfg(test)]
mod tests {
    use super::select;

    #[test]
    fn a_filter_names_files_before_tests() {
        let files = || vec!["e2e/page.test.mjs".into(), "e2e/raft.test.mjs".into()];
        assert_eq!(select(files(), None), (files(), None));
        assert_eq!(
            select(files(), Some("raft")),
            (vec!["e2e/raft.test.mjs".into()], None)
        );
        assert_eq!(
            select(files(), Some("opens")),
            (files(), Some("opens".into()))
        );
        assert_eq!(
            select(files(), Some("raft/opens")),
            (vec!["e2e/raft.test.mjs".into()], Some("opens".into()))
        );
    }
}
