//! `faultline shiviz-check`: a log of any system, read by the rules of ShiViz.

mod expression;

use std::io::Read;

use faultline_sim::shiviz::{
    DEFAULT_PARSER, Execution, GOVECTOR_PARSER, HostLine, Pattern, Refusal, check_parser, read,
    split_head,
};
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
        flag("--json"),
    ];
    let given = read_words(words, &known)?;
    let Some(name) = given.words.first() else {
        return Err("shiviz-check needs a log: a file, or `-` for the input".into());
    };
    given.at_most(1, "shiviz-check takes one log")?;
    if let Some(parser) = given.value("--parser") {
        check_parser(parser)?;
    }
    let parser = given.value("--parser").map(pattern).transpose()?;
    let delimiter = given.value("--delimiter").map(delimiter).transpose()?;
    let text = contents(name)?;
    match executions(&text, parser, delimiter) {
        Ok(executions) if given.has("--json") => out.line(&report(&executions).to_string())?,
        Ok(executions) => out.text(&table(&executions))?,
        Err(why) => {
            // What is already written is nothing; the reason is the answer.
            eprintln!("faultline: `{name}`, {why}");
            return Ok(BROKEN);
        }
    }
    Ok(FINE)
}

/// The usual parsers need no engine.
fn pattern(text: &str) -> Outcome<Box<dyn Pattern>> {
    Ok(match text {
        DEFAULT_PARSER => Box::new(HostLine::BelowText),
        GOVECTOR_PARSER => Box::new(HostLine::AboveText),
        text => Box::new(Expression::new("parser", text)?),
    })
}

/// An empty delimiter is none.
fn delimiter(text: &str) -> Outcome<Option<Expression>> {
    match text {
        "" => Ok(None),
        text => Expression::new("delimiter", text).map(Some),
    }
}

fn contents(name: &str) -> Outcome<String> {
    let mut bytes = Vec::new();
    let result = match name {
        "-" => std::io::stdin().read_to_end(&mut bytes).map(|_| ()),
        name => std::fs::read(name).map(|all| bytes = all),
    };
    result.map_err(|error| format!("cannot read `{name}`: {error}"))?;
    // One odd letter in somebody's text does not make a log unreadable.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Reads a log as the person says, else as its first two lines say, else in ShiViz's own form.
fn executions(
    text: &str,
    parser: Option<Box<dyn Pattern>>,
    delimiter: Option<Option<Expression>>,
) -> Result<Vec<Execution>, Refusal> {
    let head = split_head(text).filter(|_| parser.is_none());
    let (log, parser, own_delimiter) = match (&head, parser) {
        (_, Some(parser)) => (text, parser, None),
        (None, None) => (text, Box::new(HostLine::BelowText) as _, None),
        (Some(head), None) => {
            let refuse = |line| move |reason| Refusal { line, reason };
            let parser = pattern(head.parser).map_err(refuse(1))?;
            let own = self::delimiter(head.delimiter).map_err(refuse(2))?;
            (head.log.as_str(), parser, own)
        }
    };
    let delimiter = delimiter.unwrap_or(own_delimiter);
    let delimiter = delimiter.as_ref().map(|delimiter| delimiter as _);
    read(log, parser.as_ref(), delimiter)
}

/// For each execution, by its name, its figures.
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
            (execution.happened_before_pairs(), "pairs in order"),
            (execution.concurrent_pairs(), "pairs that are concurrent"),
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
