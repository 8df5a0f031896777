//! A sweep over crashes: each node after each event, and what a probe reads at the end.

use faultline_sim::descriptor::Catalogue;
use faultline_sim::sweep::{Crashes, Ending, ending};
use serde_json::{Value as Json, json};

use crate::arguments::Given;
use crate::check::check_commands;
use crate::choice::Choice;
use crate::output::Output;
use crate::progress::Progress;
use crate::report::{aligned, number, readable};
use crate::verdict::exit_code;
use crate::{Outcome, workers};

/// Reads `FROM..TO`, runs all crashes, prints the grid and returns the exit code.
///
/// # Errors
/// One sentence: what is wrong with the range, or with a run.
pub fn run(
    catalogue: Catalogue,
    choice: &Choice,
    probes: &[&'static str],
    range: &str,
    given: &Given,
    threads: usize,
    out: &mut Output,
) -> Outcome<u8> {
    let [probe] = probes else {
        return Err("a sweep over crashes reads one probe; name it by --probe".into());
    };
    if given.value("--seeds").is_some() || given.has("--jsonl") {
        return Err("--crashes goes with --seed, and neither with --seeds nor with --jsonl".into());
    }
    let (from, to) = events(range)?;
    let crashes = Crashes::new(choice.setup.world().ids().collect(), from, to)?;
    check_commands(&choice.setup)?;
    let recipe = &choice.setup.recipe;
    let one = |run: u64| {
        let setup = catalogue.setup(&crashes.recipe(recipe, run as usize))?;
        ending(&setup, choice.until, probe)
    };
    let name = |run: u64| match crashes.place(run as usize) {
        Some((node, after)) => format!("the crash of {node} after event {after}"),
        None => "the run without a crash".to_owned(),
    };
    let runs = crashes.runs() as u64;
    let mut progress = Progress::start(runs);
    let mut endings: Vec<Ending> = Vec::new();
    workers::in_order_as(name, 0..runs, threads, one, |ended: Outcome<Ending>| {
        progress.advance();
        endings.push(ended?);
        Ok(!out.is_closed())
    })?;
    progress.end();
    if given.has("--json") {
        out.line(&as_json(&crashes, probe, &endings).to_string())?;
    } else {
        out.text(&as_table(&crashes, probe, &endings))?;
    }
    let broken = endings.iter().filter_map(|ending| ending.broken.as_ref());
    let broken = broken.map(|(law, _)| law.as_str());
    Ok(exit_code(false, broken, choice.expected))
}

fn events(range: &str) -> Outcome<(u64, u64)> {
    let form = || format!("`{range}` is not a range of events; write FROM..TO, for example 1..16");
    let (from, to) = range.split_once("..").ok_or_else(form)?;
    let number = |text: &str| text.trim().parse::<u64>().map_err(|_| form());
    Ok((number(from)?, number(to)?))
}

fn as_json(crashes: &Crashes, probe: &str, endings: &[Ending]) -> Json {
    let runs = endings.iter().enumerate().map(|(run, ending)| {
        let (node, after) = crashes.place(run).unzip();
        let value = ending.value.map(number);
        let broken = ending.broken.as_ref().map(|(law, _)| law);
        json!({"node": node, "after": after, "value": value, "broken": broken})
    });
    json!({"probe": probe, "runs": runs.collect::<Vec<_>>()})
}

/// A row for each node, a column for each event; ✕ where a law broke.
fn as_table(crashes: &Crashes, probe: &str, endings: &[Ending]) -> String {
    let cell = |ending: &Ending| match (&ending.broken, ending.value) {
        (Some(_), _) => "✕".to_owned(),
        (None, Some(value)) => readable(value),
        (None, None) => "-".to_owned(),
    };
    let mut heads = vec!["crash after event".to_owned()];
    heads.extend(crashes.after.iter().map(u64::to_string));
    let mut rows = vec![heads];
    for (id, ended) in crashes
        .nodes
        .iter()
        .zip(endings[1..].chunks(crashes.after.len()))
    {
        let mut row = vec![id.to_string()];
        row.extend(ended.iter().map(cell));
        rows.push(row);
    }
    let usual = cell(&endings[0]);
    format!(
        "{probe} after one crash; without a crash {usual}\n{}",
        aligned(2, &rows)
    )
}
