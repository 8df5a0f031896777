//! `faultline shiviz-check`: a log of any system, read by the rules of ShiViz.

mod expression;

use std::io::Read;

use faultline_sim::shiviz::{Execution, Form, Pattern, passed_over_sentence, read_as};
use serde_json::{Map, Value as Json, json};

use crate::arguments::{flag, read as read_words, with_value};
use crate::output::Output;
use crate::report::aligned;
use crate::{BROKEN, FINE, Outcome};

use expression::Expression;

pub fn run(words: &[String], out: &mut Output) -> Outcome<u8> {
    let known = [
        with_value("--parser", "RE"),
        with_value("--delimiter", "RE"),
        flag("--strict"),
        flag("--json"),
    ];
    let given = read_words(words, &known)?;
    let Some(name) = given.words.first() else {
        return Err("shiviz-check needs a log: a file, or `-` for standard input".into());
    };
    given.at_most(1, "shiviz-check takes one log")?;
    let form = Form {
        parser: given.value("--parser"),
        delimiter: given.value("--delimiter"),
    };
    let text = contents(name)?;
    let executions = match read_as(&text, form, &compile) {
        Ok(executions) => executions,
        // The arguments are wrong, not the log.
        Err(why) if why.line == 0 => return Err(why.reason),
        Err(why) => {
            // Nothing was written yet; the reason is the answer.
            eprintln!("faultline: `{name}`, {why}");
            return Ok(BROKEN);
        }
    };
    if given.has("--json") {
        out.line(&report(&executions).to_string())?;
    } else {
        out.text(&table(&executions))?;
    }
    let passed = executions.iter().flat_map(|e| &e.passed_over).copied();
    let Some(sentence) = passed_over_sentence(&passed.collect::<Vec<_>>()) else {
        return Ok(FINE);
    };
    eprintln!("faultline: `{name}`, {sentence}");
    Ok(if given.has("--strict") { BROKEN } else { FINE })
}

fn compile(what: &str, text: &str) -> Outcome<Box<dyn Pattern>> {
    Ok(Box::new(Expression::new(what, text)?))
}

fn contents(name: &str) -> Outcome<String> {
    let mut bytes = Vec::new();
    let result = match name {
        "-" => std::io::stdin().read_to_end(&mut bytes).map(|_| ()),
        name => std::fs::read(name).map(|all| bytes = all),
    };
    result.map_err(|error| format!("cannot read `{name}`: {error}"))?;
    // An invalid byte in one text does not make a log unreadable.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The figures of each execution by its name.
fn report(executions: &[Execution]) -> Json {
    let row = |execution: &Execution| {
        let hosts: Map<String, Json> = (execution.hosts.iter().enumerate())
            .map(|(at, host)| (host.clone(), execution.events_of(at).into()))
            .collect();
        let figures = json!({
            "hosts": hosts,
            "events": execution.events.len(),
            "happened_before_pairs": execution.happened_before_pairs(),
            "concurrent_pairs": execution.concurrent_pairs(),
            "direct_message_edges": execution.edges.len(),
            "max_lamport_time": execution.max_lamport_time(),
        });
        (execution.name.clone(), figures)
    };
    Json::Object(executions.iter().map(row).collect())
}

fn table(executions: &[Execution]) -> String {
    let mut text = String::new();
    for execution in executions {
        if executions.len() > 1 {
            let name = match execution.name.as_str() {
                "" => "(before the first delimiter)",
                name => name,
            };
            text.push_str(&format!("{name}\n"));
        }
        let mut rows: Vec<Vec<String>> = (execution.hosts.iter().enumerate())
            .map(|(at, host)| vec![execution.events_of(at).to_string(), format!("at {host}")])
            .collect();
        for (figure, what) in [
            (execution.events.len() as u64, "events"),
            (execution.happened_before_pairs(), "ordered pairs"),
            (execution.concurrent_pairs(), "concurrent pairs"),
            (execution.edges.len() as u64, "direct messages"),
            (
                u64::from(execution.max_lamport_time()),
                "events in the longest chain",
            ),
        ] {
            rows.push(vec![figure.to_string(), what.into()]);
        }
        text.push_str(&aligned(2, &rows));
    }
    text
}
