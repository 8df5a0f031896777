//! `cargo xtask bench`: the speed of the engine compared with a bare heap of events, natively and in a
//! browser; and of the page compared with an empty page: seeking, frames, the first click, its size.

mod browser;
mod page;
mod table;

use serde_json::{Value as Json, json};

use super::{Failure, build, project, usage};
use crate::job::{self, say};
use crate::project::Project;
use crate::tools::{self, Tool};
use crate::{Outcome, sizes};
use browser::Browser;
use page::Page;
use table::Row;

pub const HELP: &str = "\
cargo xtask bench [--only PART]... [--rounds N] [--deliveries N] [--native] [--json FILE]
    Measures in several alternating rounds, and prints each figure with its target:
        engine  without and with a trace, compared with a bare heap with the same pushes and pops,
                natively and in headless Chromium
        seek    seeks to random instants of runs of 100,000 and of a million events, natively and in
                the page
        stage   script per frame and the interval between frames under three loads, and an empty page
        spacetime  script of one redraw of the space-time diagram of a run of 100,000 events
        search  random runs and states a second in the page's worker, and the page's frames meanwhile
        click   the time to the first working click with a CPU four times slower
        bytes   the release page: raw, gzip, brotli
        link    characters of the link to a run with 30 commands
    Only ratios inside a round count: machines are noisy.
        --only PART     only this part; may be repeated
        --rounds N      default 7
        --deliveries N  messages in each measurement of the engine; default one million
        --native        without the browser
        --json FILE     writes all figures for programs
    For one measurement: cargo run --release --package faultline -- bench w1 1000000";

pub const WORKLOADS: [&str; 3] = ["w1", "w2", "w3"];
pub const ENGINES: [&str; 3] = ["heap", "faultline", "faultline-recorded"];
const WASM: &str = "wasm32-unknown-unknown";

/// Nanoseconds per event, and an event's share of a delivery.
#[derive(Clone, Copy)]
pub struct Figure {
    pub ns: f64,
    pub events_per_delivery: f64,
}

const PARTS: [&str; 8] = [
    "engine",
    "link",
    "seek",
    "stage",
    "spacetime",
    "search",
    "click",
    "bytes",
];

struct Options {
    parts: Vec<String>,
    rounds: u32,
    deliveries: u64,
    native_only: bool,
    json: Option<std::path::PathBuf>,
}

impl Options {
    fn has(&self, part: &str) -> bool {
        self.parts.is_empty() || self.parts.iter().any(|own| own == part)
    }

    /// Whether anything needs the release page.
    fn page(&self) -> bool {
        !self.native_only && PARTS[2..].iter().any(|part| self.has(part))
    }
}

pub fn run(arguments: Vec<String>) -> Result<(), Failure> {
    let options = read(arguments)?;
    let project = project()?;
    let mut needed = Vec::new();
    if !options.native_only {
        needed.extend([Tool::WasmTarget, Tool::Browser, Tool::EndToEnd]);
    }
    if options.page() {
        needed.extend(build::TOOLS);
    }
    tools::ensure(&project, &needed)?;
    let mut report = json!({ "machine": machine(), "rounds": options.rounds });
    let mut texts = vec![machine()];
    if ["engine", "link", "seek"]
        .iter()
        .any(|part| options.has(part))
    {
        job::show(
            "building the command line",
            project.cargo(&["build", "--release", "--package", "faultline"]),
        )?;
    }
    if options.has("engine") {
        engine(&project, &options, &mut texts, &mut report)?;
    }
    if options.has("link") {
        let letters = link_size(&project)?;
        texts.push(format!(
            "link of a run with {LINK_COMMANDS} commands: {letters} characters (target under {LINK_TARGET})"
        ));
        report["link"] = letters.into();
    }
    if options.page() {
        build::release(&project)?;
        the_page(&project, &options, &mut texts, &mut report)?;
    } else if options.has("seek") {
        for events in page::SEEK_RUNS {
            texts.push(format!("native seek: {}", native_seek(&project, events)?));
        }
    }
    say(&format!("\n{}", texts.join("\n\n")));
    if let Some(file) = &options.json {
        let text = serde_json::to_string_pretty(&report).unwrap_or_default();
        crate::project::write(file, text)?;
    }
    Ok(())
}

fn engine(
    project: &Project,
    options: &Options,
    texts: &mut Vec<String>,
    report: &mut Json,
) -> Result<(), Failure> {
    let mut browser = None;
    if !options.native_only {
        job::show("building for the browser", wasm_build(project))?;
        let module = project.target.join(WASM).join("web/faultline_cli.wasm");
        let mut started = Browser::start(project, &module)?;
        say("warming the browser up");
        started.warm_up()?;
        browser = Some(started);
    }
    let mut rows = Row::all();
    for round in 1..=options.rounds {
        say(&format!("engine, round {round} of {}", options.rounds));
        for row in &mut rows {
            row.native.push(native(project, row, options.deliveries)?);
            if let Some(browser) = &mut browser {
                let figure = browser.measure(row.engine, row.workload, options.deliveries)?;
                row.browser.push(figure);
            }
        }
    }
    if let Some(browser) = &browser {
        texts.push(format!("{}, the page's build profile", browser.version()));
    }
    texts.push(format!(
        "engine, {} deliveries, medians of {} rounds\n{}",
        options.deliveries,
        options.rounds,
        table::table(&rows)
    ));
    report["engine"] = table::json(&rows);
    Ok(())
}

fn the_page(
    project: &Project,
    options: &Options,
    texts: &mut Vec<String>,
    report: &mut Json,
) -> Result<(), Failure> {
    if PARTS[2..7].iter().any(|part| options.has(part)) {
        let mut page = Page::start(project)?;
        page.warm_up()?;
        for round in 1..=options.rounds {
            say(&format!("page, round {round} of {}", options.rounds));
            if options.has("seek") {
                for events in page::SEEK_RUNS {
                    page.native_seek(events, &native_seek(project, events)?);
                    page.seek(events)?;
                }
            }
            if options.has("stage") {
                page.stage()?;
            }
            if options.has("spacetime") {
                page.spacetime()?;
            }
            if options.has("search") {
                page.search()?;
            }
            if options.has("click") {
                page.click()?;
            }
        }
        texts.push(format!(
            "page in {}, medians of {} rounds\n{}",
            page.version(),
            options.rounds,
            page.tables()
        ));
        report["page"] = page.json();
    }
    if options.has("bytes") {
        let files = sizes::measure(project, &project.dist())?;
        texts.push(sizes::table(&files));
        report["bytes"] = sizes::json(&files);
    }
    Ok(())
}

/// Commands of the run whose link is measured, and the budget of characters.
const LINK_COMMANDS: u32 = 30;
const LINK_TARGET: usize = 600;

/// Characters of a link to a run with a few commands.
fn link_size(project: &Project) -> Outcome<usize> {
    let mut command = project.command(program(project));
    command.args(["link", "raft", "--seed", "20260101", "--param", "nodes=7"]);
    for i in 0..LINK_COMMANDS {
        let (at, node, other) = (1_000 + 613 * i, i % 7 + 1, (i + 3) % 7 + 1);
        let verb = match i % 5 {
            0 => format!("crash n{node}"),
            1 => format!("recover n{}", (i + 6) % 7 + 1),
            2 => format!("cut n{node}-n{other}"),
            3 => format!("slow n{node}->n{other} {}ms", 10 + i),
            _ => "heal".to_owned(),
        };
        command.args(["--command", &format!("{at}ms {verb}")]);
    }
    let answer = job::answer(command).ok_or("`faultline link` failed")?;
    Ok(answer.trim().trim_start_matches('#').len())
}

/// Milliseconds of `faultline bench seek`.
fn native_seek(project: &Project, events: u64) -> Outcome<Json> {
    let mut command = project.command(program(project));
    command.args(["bench", "seek", &events.to_string(), "--json"]);
    let answer = job::answer(command).ok_or("`faultline bench seek` failed")?;
    serde_json::from_str(&answer)
        .map_err(|error| format!("`faultline bench seek` answered no JSON: {error}"))
}

/// The command line, compiled for speed.
fn program(project: &Project) -> std::path::PathBuf {
    let name = format!("faultline{}", std::env::consts::EXE_SUFFIX);
    project.target.join("release").join(name)
}

fn read(arguments: Vec<String>) -> Result<Options, Failure> {
    let mut options = Options {
        parts: Vec::new(),
        rounds: 7,
        deliveries: 1_000_000,
        native_only: false,
        json: None,
    };
    let mut parser = lexopt::Parser::from_args(arguments);
    while let Some(argument) = parser.next().map_err(usage("bench"))? {
        match argument {
            lexopt::Arg::Long("only") => {
                let part = parser.value().map_err(usage("bench"))?;
                let part = part.to_string_lossy().into_owned();
                if !PARTS.contains(&part.as_str()) {
                    let parts = PARTS.join(", ");
                    return Err(Failure::Usage(format!("`{part}` is none of: {parts}")));
                }
                options.parts.push(part);
            }
            lexopt::Arg::Long("rounds") => options.rounds = number(&mut parser)?,
            lexopt::Arg::Long("deliveries") => options.deliveries = number(&mut parser)?,
            lexopt::Arg::Long("native") => options.native_only = true,
            lexopt::Arg::Long("json") => {
                options.json = Some(parser.value().map_err(usage("bench"))?.into());
            }
            other => return Err(usage("bench")(other.unexpected())),
        }
    }
    Ok(options)
}

/// A whole number from 1.
fn number<T>(parser: &mut lexopt::Parser) -> Result<T, Failure>
where
    T: std::str::FromStr + PartialOrd + From<u8>,
{
    let word = parser.value().map_err(usage("bench"))?;
    let word = word.to_string_lossy();
    let number: Option<T> = word.parse().ok();
    number.filter(|n| *n >= T::from(1)).ok_or_else(|| {
        Failure::Usage(format!(
            "`{word}` is not a whole number from 1; see `cargo xtask help bench`"
        ))
    })
}

/// The page's profile, but with the bench's own processes optimised like the page's protocols.
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
    let mut command = project.command(program(project));
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

/// The name of the processor, and its number of cores.
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
