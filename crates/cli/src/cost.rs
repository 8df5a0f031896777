//! `faultline cost`: what runs cost, in one table.

use std::fmt::Write;

use faultline_sim::cost::{Costs, Line};
use faultline_sim::descriptor::Catalogue;
use faultline_sim::timeline::Timeline;
use serde_json::{Value as Json, json};

use crate::arguments::{Flag, flag, read, with_value, with_values};
use crate::choice::{self, Choice};
use crate::output::Output;
use crate::report::{aligned, readable};
use crate::{CUT, FINE, Outcome};

const FLAGS: [Flag; 7] = [
    with_value("--seed", "N"),
    with_value("--until", "10s"),
    with_values("--param", "NAME=VALUE"),
    with_values("--switch", "NAME=on|off"),
    with_value("--preset", "NAME"),
    with_values("--command", "\"5s crash n2\""),
    flag("--json"),
];

/// A run and what it has cost.
struct Bill {
    name: String,
    costs: Costs,
    lines: Vec<Line>,
    cut: bool,
}

pub fn run(catalogue: Catalogue, words: &[String], out: &mut Output) -> Outcome<u8> {
    let given = read(words, &FLAGS)?;
    if given.words.is_empty() {
        return Err("cost needs one scenario or several: PROTOCOL/SCENARIO".into());
    }
    let seed = given.value("--seed").map_or(Ok(1), choice::seed)?;
    let choices = given.words.iter();
    let choices = choices.map(|name| Choice::of(catalogue, name, &given));
    let choices: Vec<Choice> = choices.collect::<Outcome<_>>()?;
    let bills = choices.iter().map(|choice| bill(choice, seed));
    let bills: Vec<Bill> = bills.collect::<Outcome<_>>()?;
    if given.has("--json") {
        for bill in &bills {
            out.line(&bill.json().to_string())?;
        }
    } else {
        out.text(&table(&bills))?;
    }
    let cut = bills.iter().any(|bill| bill.cut);
    Ok(if cut { CUT } else { FINE })
}

fn bill(choice: &Choice, seed: u64) -> Outcome<Bill> {
    let setup = choice.setup_with(seed);
    let name = setup.name();
    let formulas = setup.protocol.formulas;
    let mut run = Timeline::new(setup)?;
    let there = run.run_until(choice.until, u64::MAX);
    let mut costs = Costs::default();
    costs.follow(&mut run, u64::MAX);
    let lines = costs.lines(formulas, run.world().settings());
    Ok(Bill {
        name,
        costs,
        lines,
        cut: !there,
    })
}

impl Bill {
    fn json(&self) -> Json {
        let kinds = self.costs.kinds();
        let kinds: serde_json::Map<String, Json> = kinds
            .map(|(kind, sent)| (kind.to_owned(), json!(sent)))
            .collect();
        json!({ "scenario": self.name, "sent": self.costs.total(), "kinds": kinds, "costs": self.lines })
    }
}

/// One row for each cost, one column for each run; the textbook of a run stands behind its number.
fn table(bills: &[Bill]) -> String {
    let mut text = String::new();
    let mut titles: Vec<&str> = Vec::new();
    for line in bills.iter().flat_map(|bill| &bill.lines) {
        if !titles.contains(&&*line.title) {
            titles.push(&line.title);
        }
    }
    let heads = bills.iter().map(|bill| bill.name.clone());
    let mut rows = vec![[String::new()].into_iter().chain(heads).collect::<Vec<_>>()];
    let total = bills.iter().map(|bill| bill.costs.total());
    let (messages, bytes): (Vec<_>, Vec<_>) = total
        .map(|sent| (sent.messages.to_string(), sent.bytes.to_string()))
        .unzip();
    let row = |title: &str, cells: Vec<String>| {
        let mut row = vec![title.to_owned()];
        row.extend(cells);
        row
    };
    rows.push(row("all messages", messages));
    rows.push(row("all bytes", bytes));
    for title in titles {
        let cell = |bill: &Bill| {
            let line = bill.lines.iter().find(|line| line.title == title);
            line.map_or("-".into(), cell)
        };
        rows.push(row(title, bills.iter().map(cell).collect()));
    }
    text.push_str(&aligned(0, &rows));
    for bill in bills {
        let mut said: Vec<&str> = Vec::new();
        for book in bill.lines.iter().filter_map(|line| line.textbook.as_ref()) {
            if !said.contains(&book.convention) {
                said.push(book.convention);
                let _ = writeln!(text, "\n{}: {}", bill.name, book.convention);
            }
        }
    }
    text
}

/// "8 (textbook 2(n − 1) = 8)".
fn cell(line: &Line) -> String {
    let measured = line.measured.map_or("none".into(), readable);
    let Some(book) = &line.textbook else {
        return measured;
    };
    match book.value {
        Some(value) => format!(
            "{measured} (textbook {} = {})",
            book.letters,
            readable(value)
        ),
        None => format!("{measured} (textbook {})", book.letters),
    }
}
