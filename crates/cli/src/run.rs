//! `faultline run`: one run, and what came of it.

mod human;
mod trace;

use faultline_sim::command::Command;
use faultline_sim::descriptor::Catalogue;
use faultline_sim::event::Event;
use faultline_sim::process::NodeId;
use faultline_sim::time::Time;
use faultline_sim::timeline::Timeline;
use serde_json::{Map, Value as Json, json};

use crate::Outcome;
use crate::arguments::{Flag, Given, read, with_value};
use crate::choice::{self, Choice, FLAGS};
use crate::output::Output;
use crate::report::number;
use crate::verdict::{Verdict, exit_code, judge, say_unbroken};

/// Moves between two looks at the records.
const SLICE: u64 = 4_096;

pub fn run(catalogue: Catalogue, words: &[String], out: &mut Output) -> Outcome<u8> {
    let own = [with_value("--seed", "N"), TRACE[0], TRACE[1], TRACE[2]];
    let given = read(words, &[&own[..], &FLAGS].concat())?;
    let choice = Choice::read(catalogue, "run", &given)?;
    let seed = given.value("--seed").map_or(Ok(1), choice::seed)?;
    let mut telling = Telling::read(&given)?;
    let mut timeline = Timeline::new(choice.setup_with(seed))?;
    let missed = play(&mut timeline, choice.until);
    telling.tell(&mut timeline, missed, choice.expected, out)
}

/// Flags about what is written down of a run.
pub const TRACE: [Flag; 3] = [
    with_value("--trace", "FILE"),
    with_value("--format", "text|json|shiviz|mermaid|svg"),
    with_value("--window", "4s..6s"),
];

/// How a run is told of once it is over.
pub struct Telling {
    json: bool,
    /// The trace goes to the output, and a summary would be in its way.
    quiet: bool,
    trace: Option<(Output, trace::Form)>,
}

impl Telling {
    /// Opens the file for the trace before the run, so that one that cannot be written costs nobody
    /// a long wait.
    ///
    /// # Errors
    /// One sentence naming the wrong word, or the file.
    pub fn read(given: &Given) -> Outcome<Self> {
        let trace = match trace_wish(given)? {
            Some((name, form)) => Some((Output::file(name)?, form)),
            None => None,
        };
        Ok(Self {
            json: given.has("--json"),
            quiet: given.value("--trace") == Some("-"),
            trace,
        })
    }

    /// Writes trace and report, and answers the exit code.
    ///
    /// # Errors
    /// One sentence, if something cannot be written.
    pub fn tell(
        &mut self,
        timeline: &mut Timeline,
        missed: Vec<String>,
        expected: Option<&'static str>,
        out: &mut Output,
    ) -> Outcome<u8> {
        let verdicts = judge(timeline.world());
        if let Some((file, form)) = &mut self.trace {
            form.write(timeline, file)?;
            file.finish()?;
        }
        if self.json {
            out.line(&report(timeline, &verdicts).to_string())?;
        } else if !self.quiet {
            out.text(&human::summary(timeline, &verdicts))?;
        }
        for sentence in missed {
            eprintln!("faultline: {sentence}");
        }
        if let Some(why) = timeline.world().halted() {
            eprintln!("faultline: {why}");
        }
        let broken = verdicts.iter().filter(|v| v.broken().is_some());
        let code = exit_code(broken.map(|v| v.name), expected);
        if let (Some(expected), crate::BROKEN) = (expected, code) {
            say_unbroken(expected, "in this run");
        }
        Ok(code)
    }
}

fn trace_wish(given: &Given) -> Outcome<Option<(&str, trace::Form)>> {
    let format = given.value("--format").unwrap_or("text");
    let Some((_, format)) = trace::FORMATS.iter().find(|(name, _)| *name == format) else {
        let names = trace::FORMATS.map(|(name, _)| name).join(", ");
        return Err(format!(
            "there is no format `{format}`; use one of: {names}"
        ));
    };
    for flag in ["--format", "--window"] {
        if given.has(flag) && !given.has("--trace") {
            return Err(format!("`{flag}` is about a trace; add --trace FILE"));
        }
    }
    let window = given.value("--window").map(trace::window).transpose()?;
    if window.is_some() && !format.has_window() {
        return Err(
            "`--window` is for a picture: --format mermaid or svg; other forms are of the whole run"
                .into(),
        );
    }
    if given.value("--trace") == Some("-") && given.has("--json") {
        return Err("`--trace -` and `--json` would both go to the output; name a file".into());
    }
    let form = trace::Form {
        format: *format,
        window,
    };
    Ok(given.value("--trace").map(|name| (name, form)))
}

/// Lets the run go to its end. Answers which of the person's commands found nothing to act on.
pub fn play(timeline: &mut Timeline, until: Time) -> Vec<String> {
    let own: Vec<Command> = timeline.commands().into_iter().map(|c| c.command).collect();
    let mut missed = Vec::new();
    let mut seen = 0;
    loop {
        let over = timeline.now() >= until || timeline.run_until(until, SLICE);
        for record in timeline.trace().from(seen + 1) {
            let Event::Faulted {
                command,
                missed: Some(why),
            } = &record.event
            else {
                continue;
            };
            if own.iter().any(|own| own.to_string() == *command) {
                let at = record.time;
                missed.push(format!(
                    "`{command}` at {at} found nothing to act on: {why}"
                ));
            }
        }
        seen = timeline.trace().len();
        if over || timeline.world().halted().is_some() {
            return missed;
        }
    }
}

fn report(timeline: &Timeline, verdicts: &[Verdict]) -> Json {
    let world = timeline.world();
    let setup = timeline.setup();
    let probes = world.probes();
    let probes: Map<String, Json> = probes
        .map(|(spec, value)| (spec.name.into(), value.map_or(Json::Null, number)))
        .collect();
    let nodes: Vec<Json> = world.ids().map(|id| node_json(timeline, id)).collect();
    let mut report = json!({
        "scenario": setup.name(),
        "seed": setup.seed.to_string(),
        "params": in_order(world.settings().params().map(|(p, v)| (p.name, json!(v)))),
        "switches": in_order(world.settings().switches().map(|(s, on)| (s.name, on.into()))),
        "end_us": world.now().0,
        "events": world.events(),
        "trace_hash": timeline.trace_hash(),
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

fn node_json(timeline: &Timeline, id: NodeId) -> Json {
    let world = timeline.world();
    json!({
        "id": id,
        "up": world.is_live(id),
        "role": world.node_frame(id).role,
        "state": world.state(id),
    })
}
