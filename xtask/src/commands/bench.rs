//! `cargo xtask bench`: the speed of the engine beside a bare heap of events, natively and in a
//! browser.

mod browser;
mod table;

use super::{Failure, project, usage};
use crate::job::{self, say};
use crate::project::Project;
use crate::tools::{self, Tool};
use crate::{Outcome, browser as browsers};
use browser::Browser;
use table::Row;

pub const HELP: &str = "\
cargo xtask bench [--rounds N] [--deliveries N] [--native]
    Measures the engine with nothing recorded and with a trace, beside a bare heap with the same
    pushes and pops, natively and in headless Chromium, in turn, several rounds. Only ratios inside
    a round count: machines are noisy.
        --rounds N      7 if absent
        --deliveries N  messages in each measurement; a million if absent
        --native        leave the browser out
    For one measurement: cargo run --release --package faultline -- bench w1 1000000";

pub const WORKLOADS: [&str; 3] = ["w1", "w2", "w3"];
pub const ENGINES: [&str; 3] = ["heap", "faultline", "faultline-recorded"];
const WASM: &str = "wasm32-unknown-unknown";

/// Nanoseconds an event, and an event's share of a delivery.
#[derive(Clone, Copy)]
pub struct Figure {
    pub ns: f64,
    pub events_per_delivery: f64,
}

struct Wish {
    rounds: u32,
    deliveries: u64,
    native_only: bool,
}

pub fn run(arguments: Vec<String>) -> Result<(), Failure> {
    let wish = read(arguments)?;
    let project = project()?;
    let mut needed = Vec::new();
    if !wish.native_only {
        needed.extend([Tool::WasmTarget, Tool::Browser, Tool::EndToEnd]);
    }
    tools::ensure(&project, &needed)?;
    job::show(
        "building the command line",
        project.cargo(&["build", "--release", "--package", "faultline"]),
    )?;
    let mut browser = None;
    if !wish.native_only {
        job::show("building for the browser", wasm_build(&project))?;
        let module = project.target.join(WASM).join("web/faultline_cli.wasm");
        let mut started = Browser::start(&project, &module)?;
        say("warming the browser up");
        started.warm_up()?;
        browser = Some(started);
    }
    let mut rows = Row::all();
    for round in 1..=wish.rounds {
        say(&format!("round {round} of {}", wish.rounds));
        for row in &mut rows {
            row.native.push(native(&project, row, wish.deliveries)?);
            if let Some(browser) = &mut browser {
                let figure = browser.measure(row.engine, row.workload, wish.deliveries)?;
                row.browser.push(figure);
            }
        }
    }
    say(&format!("\n{}", machine()));
    if let Some(browser) = &browser {
        say(&format!("{}, the page's build profile", browser.version()));
    }
    say(&format!(
        "{} deliveries, medians of {} rounds\n",
        wish.deliveries, wish.rounds
    ));
    say(&table::table(&rows));
    Ok(())
}

fn read(arguments: Vec<String>) -> Result<Wish, Failure> {
    let mut wish = Wish {
        rounds: 7,
        deliveries: 1_000_000,
        native_only: false,
    };
    let mut parser = lexopt::Parser::from_args(arguments);
    while let Some(argument) = parser.next().map_err(usage("bench"))? {
        match argument {
            lexopt::Arg::Long("rounds") => wish.rounds = number(&mut parser)?,
            lexopt::Arg::Long("deliveries") => wish.deliveries = number(&mut parser)?,
            lexopt::Arg::Long("native") => wish.native_only = true,
            other => return Err(usage("bench")(other.unexpected())),
        }
    }
    Ok(wish)
}

/// A whole number from 1 on.
fn number<T>(parser: &mut lexopt::Parser) -> Result<T, Failure>
where
    T: std::str::FromStr + PartialOrd + From<u8>,
{
    let word = parser.value().map_err(usage("bench"))?;
    let word = word.to_string_lossy();
    let number: Option<T> = word.parse().ok();
    number.filter(|n| *n >= T::from(1)).ok_or_else(|| {
        Failure::Usage(format!(
            "`{word}` is not a whole number from 1 on; see `cargo xtask help bench`"
        ))
    })
}

/// The page's profile, with the bench's own processes compiled as the page's protocols are.
fn wasm_build(project: &Project) -> std::process::Command {
    project.cargo(&[
        "rustc",
        "--package",
        "faultline",
        "--lib",
        "--crate-type",
        "cdylib",
        "--target",
        WASM,
        "--profile",
        "web",
        "--config",
        "profile.web.package.faultline.opt-level=3",
    ])
}

fn native(project: &Project, row: &Row, deliveries: u64) -> Outcome<Figure> {
    let name = format!("faultline{}", std::env::consts::EXE_SUFFIX);
    let mut command = project.command(project.target.join("release").join(name));
    command.arg("bench");
    if row.engine == 0 {
        command.arg("heap");
    }
    command.args([WORKLOADS[row.workload], &deliveries.to_string(), "--json"]);
    if row.engine == 2 {
        command.arg("--record");
    }
    let answer = job::answer(command).ok_or("`faultline bench` failed")?;
    let answer: serde_json::Value = serde_json::from_str(&answer)
        .map_err(|error| format!("`faultline bench` answered no JSON: {error}"))?;
    let get = |key: &str| {
        let value = answer[key].as_f64();
        value.ok_or_else(|| format!("`faultline bench` answered no {key}"))
    };
    Ok(Figure {
        ns: get("seconds")? * 1e9 / get("events")?,
        events_per_delivery: get("events")? / get("deliveries")?,
    })
}

/// The processor by its own name, and how many of its cores there are.
fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let named = |text: String| {
        let line = text.lines().find(|line| line.starts_with("model name"))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    let linux = std::fs::read_to_string("/proc/cpuinfo")
        .ok()
        .and_then(named);
    let mac = || {
        let mut command = std::process::Command::new("sysctl");
        command.args(["-n", "machdep.cpu.brand_string"]);
        job::answer(command).map(|name| name.trim().to_owned())
    };
    let windows = || std::env::var("PROCESSOR_IDENTIFIER").ok();
    let name = linux.or_else(mac).or_else(windows);
    format!(
        "{}, {cores} cores",
        name.unwrap_or_else(|| "unknown processor".into())
    )
}

/// Where the browser is, for [`Browser::start`].
fn chromium() -> Outcome<std::path::PathBuf> {
    browsers::chromium().ok_or_else(browsers::by_hand)
}
