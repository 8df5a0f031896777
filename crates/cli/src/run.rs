//! `faultline run`: one run and its result.

mod history;
mod human;
mod picture;
mod trace;

use faultline_sim::command::Timed;
use faultline_sim::descriptor::Catalogue;
use faultline_sim::judge::files::write;
use faultline_sim::process::NodeId;
use faultline_sim::time::Time;
use faultline_sim::timeline::{Miss, Pass};
use faultline_sim::world::World;
use serde_json::{Map, Value as Json, json};

use crate::Outcome;
use crate::arguments::{Flag, Given, read, with_value};
use crate::choice::{self, Choice, FLAGS};
use crate::output::Output;
use crate::report::number;
use crate::verdict::{Verdict, exit_code, judge, warn_unbroken};

use history::history_of;

pub fn run(catalogue: Catalogue, words: &[String], out: &mut Output) -> Outcome<u8> {
    let own = [
        with_value("--seed", "N"),
        with_value("--history", "FILE"),
        TRACE[0],
        TRACE[1],
        TRACE[2],
    ];
    let given = read(words, &[&own[..], &FLAGS].concat())?;
    let choice = Choice::read(catalogue, "run", &given)?;
    let seed = given.value("--seed").map_or(Ok(1), choice::seed)?;
    let mut telling = Telling::read(&given)?;
    let mut pass = Pass::new(&choice.setup_with(seed))?;
    play(&mut pass, choice.until);
    telling.tell(&pass, choice.expected, out)
}

/// Flags for the trace of a run.
pub const TRACE: [Flag; 3] = [
    with_value("--trace", "FILE"),
    with_value("--format", "text|json|shiviz|marks|history|mermaid|svg"),
    with_value("--window", "4s..6s"),
];

/// How to report a run after its end.
pub struct Telling {
    json: bool,
    /// Trace or history go to standard output, so a summary would mix with them.
    quiet: bool,
    trace: Option<(Output, trace::Form)>,
    history: Option<Output>,
}

impl Telling {
    /// Opens the trace file before the run, so that an error shows without a long wait.
    ///
    /// # Errors
    /// One sentence naming the wrong word, or the file.
    pub fn read(given: &Given) -> Outcome<Self> {
        let trace = match requested_trace(given)? {
            Some((name, form)) => Some((Output::file(name)?, form)),
            None => None,
        };
        let to_stdout = |flag: &str| given.value(flag) == Some("-");
        if to_stdout("--history") && (to_stdout("--trace") || given.has("--json")) {
            let other = if given.has("--json") {
                "--json"
            } else {
                "--trace -"
            };
            return Err(format!(
                "`--history -` and `{other}` both use standard output; give the history a file"
            ));
        }
        Ok(Self {
            json: given.has("--json"),
            quiet: to_stdout("--trace") || to_stdout("--history"),
            trace,
            history: given.value("--history").map(Output::file).transpose()?,
        })
    }

    /// Writes trace and report, and returns the exit code.
    ///
    /// # Errors
    /// One sentence, if something cannot be written.
    pub fn tell(
        &mut self,
        pass: &Pass,
        expected: Option<&'static str>,
        out: &mut Output,
    ) -> Outcome<u8> {
        let verdicts = judge(pass.world());
        if let Some((file, form)) = &mut self.trace {
            form.write(pass, file)?;
            file.finish()?;
        }
        if let Some(file) = &mut self.history {
            let mut text = String::new();
            write(history_of(pass)?, &mut text);
            file.text(&text)?;
            file.finish()?;
        }
        if self.json {
            out.line(&report(pass, &verdicts).to_string())?;
        } else if !self.quiet {
            out.text(&human::summary(pass, &verdicts))?;
        }
        say_remarks(pass);
        let cut = pass.world().halted().is_some();
        let broken = verdicts.iter().filter(|v| v.broken().is_some());
        let code = exit_code(cut, broken.map(|v| v.name), expected);
        if let (Some(expected), crate::BROKEN) = (expected, code) {
            warn_unbroken(expected, "in this run");
        }
        Ok(code)
    }
}

fn requested_trace(given: &Given) -> Outcome<Option<(&str, trace::Form)>> {
    let format = given.value("--format").unwrap_or("text");
    let Some((_, format)) = trace::FORMATS.iter().find(|(name, _)| *name == format) else {
        let names = trace::FORMATS.map(|(name, _)| name).join(", ");
        return Err(format!(
            "there is no format `{format}`; use one of: {names}"
        ));
    };
    for flag in ["--format", "--window"] {
        if given.has(flag) && !given.has("--trace") {
            return Err(format!("`{flag}` needs a trace; add --trace FILE"));
        }
    }
    let window = given.value("--window").map(trace::window).transpose()?;
    if window.is_some() && !format.has_window() {
        return Err(
            "`--window` works with pictures only (--format mermaid or svg); other formats hold the whole run"
                .into(),
        );
    }
    if given.value("--trace") == Some("-") && given.has("--json") {
        return Err(
            "`--trace -` and `--json` both use standard output; give the trace a file".into(),
        );
    }
    let form = trace::Form {
        format: *format,
        window,
    };
    Ok(given.value("--trace").map(|name| (name, form)))
}

/// Runs to the end.
pub fn play(pass: &mut Pass, until: Time) {
    if pass.world().now() < until {
        pass.run_until(until, u64::MAX);
    }
}

/// Warns on standard error which of the person's commands did nothing, and why the run was cut off.
pub fn say_remarks(pass: &Pass) {
    for miss in pass.misses() {
        let Miss { at, command, why } = miss;
        eprintln!("faultline: `{command}` at {at} had no effect: {why}");
    }
    for timed in pass.pending() {
        let why = why_too_late(&timed, pass.world());
        eprintln!("faultline: `{timed}` had no effect: {why}");
    }
    if let Some(why) = pass.world().halted() {
        eprintln!("faultline: {why}");
    }
}

/// Why a run did not reach a command.
pub fn why_too_late(timed: &Timed, world: &World) -> String {
    let (now, events) = (world.now(), world.events());
    match (timed.at.time, world.halted()) {
        (_, Some(_)) => format!("the run was cut off at {now}, after {events} events"),
        (Some(_), None) => format!("the run ends before that, at {now}"),
        (None, None) => format!("the run ends before that, after {events} events"),
    }
}

fn report(pass: &Pass, verdicts: &[Verdict]) -> Json {
    let (world, setup) = (pass.world(), pass.setup());
    let probes = world.probes();
    let probes: Map<String, Json> = probes
        .map(|(spec, value)| (spec.name.into(), value.map_or(Json::Null, number)))
        .collect();
    let nodes: Vec<Json> = world.ids().map(|id| node_json(world, id)).collect();
    let mut report = json!({
        "scenario": setup.name(),
        "seed": setup.seed.to_string(),
        "params": in_order(world.settings().params().map(|(p, v)| (p.name, json!(v)))),
        "switches": in_order(world.settings().switches().map(|(s, on)| (s.name, on.into()))),
        "end_us": world.now().0,
        "events": world.events(),
        "trace_hash": pass.trace_hash(),
        "messages": world.sent(),
        "probes": probes,
        "invariants": verdicts.iter().map(Verdict::json).collect::<Vec<_>>(),
        "nodes": nodes,
    });
    if let (Some(why), Json::Object(report)) = (world.halted(), &mut report) {
        report.insert("halted".into(), why.into());
    }
    report
}

fn in_order<'n>(rows: impl Iterator<Item = (&'n str, Json)>) -> Map<String, Json> {
    rows.map(|(name, value)| (name.to_owned(), value)).collect()
}

fn node_json(world: &World, id: NodeId) -> Json {
    json!({
        "id": id,
        "up": world.is_live(id),
        "role": world.node_frame(id).role,
        "state": world.state(id),
    })
}
