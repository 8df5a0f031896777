//! `cargo xtask test`: all checks that a change must pass.

use std::path::{Path, PathBuf};

use super::{Failure, Steps, build, e2e, project, usage};
use crate::job::say;
use crate::project::Project;
use crate::tools::{self, Tool};
use crate::{Outcome, browser, job, page, parts, sizes};

pub const HELP: &str = "\
cargo xtask test [--native] [--long]
    Runs all checks: formatting, clippy without warnings (native and wasm), native tests, wasm tests
    in headless Chromium, the size budget and the up-to-date division of the release page, and browser
    tests against that page and against the one that `serve` builds. Installs missing tools; as root on
    Debian also Chromium and GNU parallel.
        --native   only checks without a browser and without installed tools
        --long     takes its time: a thousand random schedules for every correct preset, every seed for
                   every protocol, stories and accessibility in all their forms, ten minutes of soak,
                   and the wasm tests in Firefox, too, where it is found with geckodriver
                   (`cargo install geckodriver`)";

const WASM: &str = "wasm32-unknown-unknown";

pub fn run(arguments: Vec<String>) -> Result<(), Failure> {
    let (mut native_only, mut long) = (false, false);
    let mut parser = lexopt::Parser::from_args(arguments);
    while let Some(argument) = parser.next().map_err(usage("test"))? {
        match argument {
            lexopt::Arg::Long("native") => native_only = true,
            lexopt::Arg::Long("long") => long = true,
            other => return Err(usage("test")(other.unexpected())),
        }
    }
    let mut project = project()?;
    if long {
        project
            .environment
            .extend([("FAULTLINE_LONG", "1"), ("FAULTLINE_SOAK", "10")]);
    }
    let mut steps = Steps::new();
    if native_only {
        // Tests do without what would have been installed.
        project.environment.push(("FAULTLINE_NO_TOOLS", "1"));
        native(&project, &mut steps)?;
    } else {
        // Comes first, so that a missing tool does not show after half an hour.
        let mut needed = build::TOOLS.to_vec();
        needed.extend([Tool::WasmPack, Tool::Parallel]);
        needed.extend(e2e::TOOLS);
        steps.run("tools", || tools::ensure(&project, &needed))?;
        native(&project, &mut steps)?;
        in_browsers(&project, &mut steps, long)?;
    }
    steps.summary();
    say("\nAll checks passed.");
    Ok(())
}

fn native(project: &Project, steps: &mut Steps) -> Outcome {
    let cargo = |what: &str, arguments: &[&str]| job::show(what, project.cargo(arguments));
    steps.run("formatting", || {
        cargo("cargo fmt", &["fmt", "--all", "--check"])?;
        // A macro declares the protocols as modules, and cargo fmt does not look into macros.
        let mut command = project.command("rustfmt");
        command
            .args(["--check", "--edition", "2024"])
            .args(protocols(project)?);
        job::show("rustfmt", command)
    })?;
    steps.run("clippy", || {
        let arguments = [
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ];
        cargo("clippy", &arguments)
    })?;
    steps.run("native tests", || {
        // The generator has no tests and would be compiled a second time with optimisation.
        cargo(
            "native tests",
            &["test", "--workspace", "--exclude", "faultline-glue"],
        )
    })
}

/// The root file of each protocol.
fn protocols(project: &Project) -> Outcome<Vec<PathBuf>> {
    let folder = project.root.join("crates/protocols/src");
    let entries = std::fs::read_dir(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let begins = entries
        .flatten()
        .map(|entry| entry.path().join("mod.rs"))
        .filter(|path| path.exists());
    let mut begins: Vec<PathBuf> = begins.collect();
    begins.sort();
    Ok(begins)
}

fn in_browsers(project: &Project, steps: &mut Steps, long: bool) -> Outcome {
    steps.run("clippy for the browser", || {
        let package = [
            "clippy",
            "--package",
            "faultline-web",
            "--all-targets",
            "--target",
            WASM,
        ];
        job::show(
            "clippy",
            project.cargo(&[&package[..], &["--", "-D", "warnings"]].concat()),
        )
    })?;
    let chromedriver = browser::chromedriver().ok_or_else(browser::by_hand)?;
    steps.run("wasm tests in Chromium", || {
        wasm_tests(project, "chrome", &chromedriver)
    })?;
    if let Some(geckodriver) = browser::geckodriver().filter(|_| long) {
        steps.run("wasm tests in Firefox", || {
            wasm_tests(project, "gecko", &geckodriver)
        })?;
    }
    steps.run("release page", || build::release(project))?;
    steps.run("sizes", || sizes::check(project, &project.dist()))?;
    steps.run("list of early functions", || parts::check(project))?;
    steps.run("browser tests, release page", || {
        e2e::browser_tests(project, project.dist(), None)
    })?;
    // Other code assembles the page of `serve`: one test is enough to see that it works.
    steps.run("page as served", || page::build(project))?;
    steps.run("browser tests, page as served", || {
        e2e::browser_tests(project, page::folder(project), Some("smoke/opens clean"))
    })
}

/// wasm-pack in one browser; `driver` is `chrome` or `gecko`.
fn wasm_tests(project: &Project, driver: &str, program: &Path) -> Outcome {
    let wasm_pack =
        tools::find(project, "wasm-pack").ok_or("wasm-pack is not on the path any more")?;
    let browser = if driver == "gecko" {
        "--firefox"
    } else {
        "--chrome"
    };
    let mut command = project.command(wasm_pack);
    command
        .args(["test", "--headless", browser, &format!("--{driver}driver")])
        .arg(program);
    // The tools are installed, and nothing may be downloaded without the person's knowledge.
    command.args(["--mode", "no-install"]);
    command
        .env("PATH", tools::path(project))
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120")
        .env(
            "WASM_BINDGEN_TEST_WEBDRIVER_JSON",
            browser::webdriver_json(project)?,
        );
    job::show("wasm tests", command)
}
