//! The words of logs of other systems.

use faultline_sim::shiviz::{DEFAULT_PARSER, Execution, GOVECTOR_PARSER, passed_over_sentence};

pub const TITLE: &str = "A log of another system";
pub const CLOSE: &str = "Close log";
pub const EXECUTION: &str = "Execution";
pub const FORM: &str = "How events are found";
pub const FORM_ABOUT: &str = "Regular expressions, as ShiViz takes them. The parser needs the groups \
    (?<host>…), (?<clock>…) and (?<event>…). A delimiter stands between executions and names them \
    by (?<trace>…). Both may stay empty.";
pub const PARSER: &str = "Parser";
pub const DELIMITER: &str = "Delimiter";
pub const AGAIN: &str = "Read the log";
/// Parsers of usual logs, offered while one is typed.
pub const PARSERS: [&str; 3] = [
    DEFAULT_PARSER,
    GOVECTOR_PARSER,
    r"(?<host>\S*) (?<clock>{.*?}) (?<event>.*)",
];
pub const FIT: &str = "Show the whole log";

/// What an execution is called in the choice.
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
        "{} events ({}), {} direct messages. {} pairs of events are in order, {} concurrent. The \
         longest chain of causes has {} events.",
        log.events.len(),
        hosts.collect::<Vec<_>>().join(", "),
        log.edges.len(),
        log.happened_before_pairs(),
        log.concurrent_pairs(),
        log.max_lamport_time()
    )
}

/// Which lines of an execution were not understood.
#[must_use]
pub fn passed_over(log: &Execution) -> Option<String> {
    Some(format!("{}.", passed_over_sentence(&log.passed_over)?))
}

/// An event in the log's own words, with what else stands there.
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
