//! `cargo xtask checklist`: the rows of the curriculum, what covers each, and which are open.

mod asked;
mod proof;
mod rows;

use std::collections::BTreeMap;

use lexopt::prelude::*;

use super::{Failure, project, usage};
use crate::Outcome;
use crate::project::Project;
use proof::{Catalogue, Results};
use rows::{Row, Section};

pub const HELP: &str = "\
cargo xtask checklist [--row ID] [--open] [--no-browser] [--no-run]
    Prints every row of the curriculum (docs/checklist) with the scenarios, probes and tests that
    cover it, what a learner is asked about it, and which rows are open. It runs the tests that rows name. A row is open if nothing
    covers it, if a scenario, probe or test that it names does not exist, if no test of its own
    mentions each scenario in its text (and, in Rust, each probe), or if one of its tests fails.
        --row ID      only this row
        --open        only open rows
        --no-browser  without browser tests; rows that need them say so
        --no-run      check names only, run no tests";

pub fn run(arguments: Vec<String>) -> Result<(), Failure> {
    let mut wanted = Wanted::default();
    let mut parser = lexopt::Parser::from_args(arguments);
    while let Some(argument) = parser.next().map_err(usage("checklist"))? {
        match argument {
            Long("row") => {
                let value = parser.value().map_err(usage("checklist"))?;
                wanted.row = Some(value.to_string_lossy().into_owned());
            }
            Long("open") => wanted.open = true,
            Long("no-browser") => wanted.no_browser = true,
            Long("no-run") => wanted.no_run = true,
            other => return Err(usage("checklist")(other.unexpected())),
        }
    }
    let project = project()?;
    let mut sections = rows::read(&project)?;
    if let Some(id) = &wanted.row {
        for section in &mut sections {
            section.rows.retain(|row| row.id == *id);
        }
        sections.retain(|section| !section.rows.is_empty());
        if sections.is_empty() {
            return Err(Failure::Failed(format!("the curriculum has no row `{id}`")));
        }
    }
    Ok(print(&project, &sections, &wanted)?)
}

/// The request of the person.
#[derive(Default)]
struct Wanted {
    row: Option<String>,
    open: bool,
    no_browser: bool,
    no_run: bool,
}

fn print(project: &Project, sections: &[Section], wanted: &Wanted) -> Outcome {
    let catalogue = Catalogue::read(project)?;
    let asked = asked::read(project)?;
    let all = || sections.iter().flat_map(|section| &section.rows);
    let mut results = Results::default();
    if !wanted.no_run {
        results.run_rust(project, all())?;
        if !wanted.no_browser {
            results.run_browser(project, all())?;
        }
    }
    let (mut served, mut open, mut failed) = (0, 0, Vec::new());
    for section in sections {
        let mut lines = Vec::new();
        for row in &section.rows {
            let missing = catalogue.missing(project, row)?;
            let missing = missing.or_else(|| results.failing(row));
            match &missing {
                None => served += 1,
                Some(_) => open += 1,
            }
            if results.failing(row).is_some() {
                failed.push(row.id.clone());
            }
            if missing.is_some() || !wanted.open {
                lines.push(line(row, missing.as_deref(), &results, &asked));
            }
        }
        if !lines.is_empty() {
            println!("\n{}", section.title);
            println!("{}", lines.join("\n"));
        }
    }
    let unproved = all().filter(|row| results.left_out(row).is_some()).count();
    let note = match unproved {
        0 => String::new(),
        some => format!(" ({some} of them name tests that were not run)"),
    };
    let with = all().filter(|row| asked.contains_key(&row.id)).count();
    println!(
        "\n{} rows: {served} served{note}, {with} with a question, {open} open",
        served + open
    );
    if failed.is_empty() {
        Ok(())
    } else {
        Err(format!("tests fail that cover {}", failed.join(", ")))
    }
}

fn line(
    row: &Row,
    missing: Option<&str>,
    results: &Results,
    asked: &BTreeMap<String, Vec<String>>,
) -> String {
    let head = format!("  {:<6} {}", row.id, row.title);
    let what = format!("         {}; measured: {}", row.does, row.measured);
    match missing {
        Some(why) => format!("{head}\n{what}\n         open: {why}"),
        None => {
            let left = results.left_out(row);
            let left = left.map(|why| format!(" ({why})")).unwrap_or_default();
            let asked = asked.get(&row.id).map(|asked| asked.join(", "));
            let asked = asked.unwrap_or_else(|| "nothing".to_owned());
            format!(
                "{head}\n{what}\n         covered by {} | {} | {}{left}\n         asked: {asked}",
                row.scenarios.join(", "),
                row.probes.join(", "),
                row.tests.join(", ")
            )
        }
    }
}

/// Rows grouped by what they name, so that each test runs once.
fn by_file<'a>(rows: impl Iterator<Item = &'a Row>) -> BTreeMap<String, Vec<String>> {
    let mut files: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for test in rows.flat_map(|row| &row.tests) {
        if let Some((file, title)) = proof::browser_test(test) {
            files
                .entry(file.to_owned())
                .or_default()
                .push(title.to_owned());
        }
    }
    files
}
