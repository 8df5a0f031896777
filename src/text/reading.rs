//! Words for logs of other systems.

use super::counted;
use faultline_sim::shiviz::{DEFAULT_PARSER, Execution, GOVECTOR_PARSER, passed_over_sentence};

pub const TITLE: &str = "Log of another system";
pub const CLOSE: &str = "Close log";
pub const EXECUTION: &str = "Execution";
pub const FORM: &str = "How to find events";
pub const FORM_ABOUT: &str = "Regular expressions, as in ShiViz. The parser needs the groups (?<host>…), \
    (?<clock>…) and (?<event>…). A delimiter separates executions and names them with (?<trace>…). \
    Both may be empty.";
pub const PARSER: &str = "Parser";
pub const DELIMITER: &str = "Delimiter";
pub const AGAIN: &str = "Read the log";
/// Parsers of common logs, offered while the person types.
pub const PARSERS: [&str; 3] = [
    DEFAULT_PARSER,
    GOVECTOR_PARSER,
    r"(?<host>\S*) (?<clock>{.*?}) (?<event>.*)",
];
pub const FIT: &str = "Show the whole log";

/// The name of an execution in the list.
#[must_use]
pub fn execution(name: &str) -> String {
    if name.is_empty() {
        "before the first delimiter".into()
    } else {
        name.to_owned()
    }
}

/// The figures of an execution.
#[must_use]
pub fn summary(log: &Execution) -> String {
    let hosts = log.hosts.iter().enumerate();
    let hosts = hosts.map(|(at, host)| format!("{host} {}", log.events_of(at)));
    format!(
        "{} ({}), {}. {} of events are ordered, {} are concurrent. The longest chain of causes has \
         {}.",
        counted(log.events.len(), "event", "events"),
        hosts.collect::<Vec<_>>().join(", "),
        counted(log.edges.len(), "direct message", "direct messages"),
        counted(log.happened_before_pairs(), "pair", "pairs"),
        log.concurrent_pairs(),
        counted(log.max_lamport_time(), "event", "events")
    )
}

/// The lines of an execution that the parser did not understand.
#[must_use]
pub fn passed_over(log: &Execution) -> Option<String> {
    Some(format!("{}.", passed_over_sentence(&log.passed_over)?))
}

/// An event in the log's own words, with its other fields.
#[must_use]
pub fn event(log: &Execution, seq: u64) -> Option<String> {
    let event = log.events.get((seq as usize).checked_sub(1)?)?;
    let host = log.hosts.get(event.host as usize)?;
    let mut told = format!("{host}: {}", event.text);
    for (name, value) in &event.fields {
        told.push_str(&format!(" · {name} {value}"));
    }
    told.push_str(&format!(" (line {})", event.line));
    Some(told)
}
