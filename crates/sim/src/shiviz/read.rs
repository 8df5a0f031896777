//! From the text of a log to its executions.

use std::fmt;

use serde_json::Value as Json;

use super::Execution;
use super::order::{Raw, execution};
use super::passed::passed_over;
use super::pattern::{Found, Pattern, check_parser};

/// Why a log cannot be read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// From 1; 0 for what is on no line of the log.
    pub line: u32,
    /// One clause that says what is wrong there.
    pub reason: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str(&self.reason),
            line => write!(f, "line {line}: {}", self.reason),
        }
    }
}

/// What a log that was written for upload says about itself on its first two lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head<'t> {
    /// The parser, on the first line.
    pub parser: &'t str,
    /// The delimiter, on the second; empty for none.
    pub delimiter: &'t str,
    /// The log with both lines left empty, so that numbers of lines stay what they are.
    pub log: String,
}

/// The head of a log, if its first line is a parser.
#[must_use]
pub fn split_head(text: &str) -> Option<Head<'_>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = text.splitn(3, '\n');
    let parser = lines.next()?.trim();
    check_parser(parser).ok()?;
    let delimiter = lines.next().unwrap_or("").trim();
    let log = format!("\n\n{}", lines.next().unwrap_or(""));
    Some(Head {
        parser,
        delimiter,
        log,
    })
}

/// Reads a log. The parser must have the groups of [`check_parser`]; the delimiter, if there is one,
/// stands between executions, and its group `trace` names the one behind it.
///
/// # Errors
/// The first line that breaks a rule, and how.
pub fn read(
    text: &str,
    parser: &dyn Pattern,
    delimiter: Option<&dyn Pattern>,
) -> Result<Vec<Execution>, Refusal> {
    // As a browser gives it to a script: one letter for the end of a line, no mark before the first.
    let text = text.replace("\r\n", "\n");
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let mut executions: Vec<Execution> = Vec::new();
    let mut lines = Lines {
        text,
        at: 0,
        line: 1,
    };
    for part in parts(text, delimiter) {
        let line = lines.of(part.names_at);
        if executions.iter().any(|before| before.name == part.name) {
            return Err(Refusal {
                line,
                reason: twice(&part.name),
            });
        }
        let (raws, passed) = raws(text, &part, parser, &mut lines)?;
        if raws.is_empty() {
            let what = match part.name.as_str() {
                "" => "this log".to_owned(),
                name => format!("the execution `{name}`"),
            };
            return Err(Refusal {
                line,
                reason: format!("the parser finds no event in {what}; it may be of another form"),
            });
        }
        let mut execution = execution(part.name, raws)?;
        execution.passed_over = passed;
        executions.push(execution);
    }
    if executions.is_empty() {
        let reason = "there is nothing in this log".into();
        return Err(Refusal { line: 1, reason });
    }
    Ok(executions)
}

fn twice(name: &str) -> String {
    if name.is_empty() {
        return "an execution has no name, and neither has one before it; let the delimiter name \
                them by a group (?<trace>…)"
            .into();
    }
    format!("there are two executions named `{name}`; each needs its own name")
}

/// The text of one execution.
struct Part {
    name: String,
    /// Where its delimiter begins, or itself.
    names_at: usize,
    from: usize,
    to: usize,
}

fn parts(text: &str, delimiter: Option<&dyn Pattern>) -> Vec<Part> {
    let cuts: Vec<Found> = delimiter.map_or_else(Vec::new, |pattern| pattern.matches(text));
    let mut parts = Vec::new();
    let mut part = Part {
        name: String::new(),
        names_at: 0,
        from: 0,
        to: text.len(),
    };
    for cut in &cuts {
        part.to = cut.start;
        parts.push(part);
        part = Part {
            name: cut.group("trace").to_owned(),
            names_at: cut.start,
            from: cut.end,
            to: text.len(),
        };
    }
    parts.push(part);
    parts.retain(|part| !text[part.from..part.to].trim().is_empty());
    parts
}

/// Counts lines while going forward through a text.
struct Lines<'t> {
    text: &'t str,
    at: usize,
    line: u32,
}

impl Lines<'_> {
    /// The line of a place. Asking for one that lies behind starts over.
    fn of(&mut self, at: usize) -> u32 {
        if at < self.at {
            (self.at, self.line) = (0, 1);
        }
        let between = &self.text.as_bytes()[self.at..at];
        self.line += between.iter().filter(|byte| **byte == b'\n').count() as u32;
        self.at = at;
        self.line
    }
}

/// The events of a part, and the lines in which there is none.
fn raws(
    text: &str,
    part: &Part,
    parser: &dyn Pattern,
    lines: &mut Lines<'_>,
) -> Result<(Vec<Raw>, Vec<u32>), Refusal> {
    let part_text = &text[part.from..part.to];
    let mut raws = Vec::new();
    let first = lines.of(part.from);
    let mut places = Vec::new();
    for found in parser.matches(part_text) {
        places.push(part.from + found.start..part.from + found.end);
        let whole = &part_text[found.start..found.end];
        let line = lines.of(part.from + found.start);
        let clock_text = found.group("clock");
        let down = whole.find(clock_text).map_or(0, |at| {
            whole[..at].bytes().filter(|byte| *byte == b'\n').count()
        });
        let clock_line = line + down as u32;
        let refuse = |reason| Refusal {
            line: clock_line,
            reason,
        };
        let host = found.group("host").to_owned();
        let (own, clock) = clock(clock_text, &host).map_err(refuse)?;
        let named = |name: &str| ["host", "clock", "event"].contains(&name);
        let text = found.group("event").to_owned();
        raws.push(Raw {
            host,
            own,
            clock,
            line,
            clock_line,
            text,
            fields: (found.groups.into_iter())
                .filter(|(name, _)| !named(name))
                .collect(),
        });
    }
    let passed = passed_over(text, &(part.from..part.to), &places).into_iter();
    Ok((raws, passed.map(|line| first + line).collect()))
}

/// Reads a clock: the entry of the event's own host, which must be there, and those of others that
/// are not zero.
fn clock(text: &str, host: &str) -> Result<(u32, Vec<(String, u32)>), String> {
    let json = clock_json(text).map_err(|why| {
        // The place it ends with is one in the clock; the line of the log is said already.
        let why = why.to_string();
        let why = why.split(" at line ").next().unwrap_or_default();
        format!("the clock {} is not JSON: {why}", shown(text))
    })?;
    let Json::Object(entries) = json else {
        return Err(format!(
            "the clock {} is not an object such as {{\"a\":1}}",
            shown(text)
        ));
    };
    let mut own = None;
    let mut others = Vec::new();
    for (name, value) in entries {
        let count = value.as_f64().unwrap_or(-1.0);
        if !(0.0..=f64::from(u32::MAX)).contains(&count) || count != f64::from(count as u32) {
            return Err(format!(
                "the clock counts {value} events of `{name}`; it needs a whole number"
            ));
        }
        if name == host {
            own = Some(count as u32);
        } else if count > 0.0 {
            others.push((name, count as u32));
        }
    }
    let own = own.ok_or_else(|| {
        format!(
            "the clock {} does not count the event's own host `{host}`",
            shown(text)
        )
    })?;
    Ok((own, others))
}

/// The JSON of a clock. Some systems write it as a text inside another one, with its quotes escaped
/// (TLC prints `Clock = "{\"a\":1}"` for TLA+).
fn clock_json(text: &str) -> Result<Json, serde_json::Error> {
    match serde_json::from_str(text) {
        Ok(Json::String(inner)) => serde_json::from_str(&inner),
        Err(_) if text.contains(r#"\""#) => serde_json::from_str(&text.replace(r#"\""#, "\"")),
        read => read,
    }
}

/// The beginning of a text that may be long.
fn shown(text: &str) -> String {
    const LETTERS: usize = 60;
    let mut short: String = text.chars().take(LETTERS).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
