//! `cargo xtask test`: everything that must hold before a change lands.

use std::path::{Path, PathBuf};

use super::{Failure, Steps, build, e2e, project, usage};
use crate::job::say;
use crate::project::Project;
use crate::tools::{self, Tool};
use crate::{Outcome, browser, job, page, parts, sizes};

pub const HELP: &str = "\
cargo xtask test [--native] [--long]
    Everything: formatting, clippy without warnings (native and wasm), native tests, wasm tests in
    headless Chromium, the release page within its size budget and divided by a list that is up to date,
    and browser tests against that page and against the one that `serve` builds. Installs what is missing; as root on Debian also Chromium.
        --native   only what needs no browser and no tool from outside
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
        native(&project, &mut steps)?;
    } else {
        // First of all, because nobody should learn after half an hour that a tool is missing.
        let mut needed = build::TOOLS.to_vec();
        needed.push(Tool::WasmPack);
        needed.extend(e2e::TOOLS);
        steps.run("tools", || tools::ensure(&project, &needed))?;
        native(&project, &mut steps)?;
        in_browsers(&project, &mut steps, long)?;
    }
    steps.summary();
    say("\nEverything holds.");
    Ok(())
}

fn native(project: &Project, steps: &mut Steps) -> Outcome {
    let cargo = |what: &str, arguments: &[&str]| job::show(what, project.cargo(arguments));
    steps.run("formatting", || {
        cargo("cargo fmt", &["fmt", "--all", "--check"])?;
        // Protocols are modules that a macro declares, and cargo fmt does not look into macros.
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
        // The generator has no tests and would be compiled a second time, with optimisation.
        cargo(
            "native tests",
            &["test", "--workspace", "--exclude", "faultline-glue"],
        )
    })
}

/// Where each protocol begins.
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
    // The page of `serve` is put together by other code: one look is enough to see that it lives.
    steps.run("page as served", || page::build(project))?;
    steps.run("browser tests, page as served", || {
        e2e::browser_tests(project, page::folder(project), Some("smoke/opens clean"))
    })
}

/// wasm-pack in one browser; `driver` is `chrome` or `gecko`.
fn wasm_tests(project: &Project, driver: &str, program: &Path) -> Outcome {
    let wasm_pack = tools::find(project, "wasm-pack").ok_or("wasm-pack has disappeared")?;
    let browser = if driver == "gecko" {
        "--firefox"
    } else {
        "--chrome"
    };
    let mut command = project.command(wasm_pack);
    command
        .args(["test", "--headless", browser, &format!("--{driver}driver")])
        .arg(program);
    // The tools are here and nothing may be fetched behind the person's back.
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
