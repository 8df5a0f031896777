//! A program as a person would write it, beside the run that does the same: its lines, which of them
//! a rule adds or takes away, and which is at work.
//!
//! The source is plain code that runs as it is. What a machine must know stands behind `//@` at the
//! end of a line and is never shown:
//!
//! - `sent KIND`, `got KIND`, `timer NAME`, `mark NAME`, `asked BEGINNING`: the line is at work
//!   when a node sends, receives, and so on. The beginning of a request is that of its JSON.
//! - `+NAME` the line is there only if the switch is on, `-NAME` only if it is off; `+NAME=VALUE` and
//!   `-NAME=VALUE` the same for a parameter.
//!
//! Several stand with `;` between them. `/*=NAME*/` before a literal makes it the parameter's value.

mod differ;

pub use differ::{Side, differ};

use crate::event::{Event, Record};
use crate::process::NodeId;
use crate::settings::{Settings, Value};
use crate::world::World;

/// A protocol's program.
pub struct Program {
    /// The source with its marks.
    pub source: &'static str,
    /// What a node's variables hold, by the names they have in the source.
    pub values: fn(&World, NodeId) -> Vec<(&'static str, String)>,
}

/// One line as it is to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The code, without marks.
    pub text: String,
    /// What a rule has done to it.
    pub change: Change,
    /// When it is at work, as in the source.
    marks: Vec<&'static str>,
}

/// What a rule has done to a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is there in any case.
    None,
    /// A rule that is on has brought it in.
    Added,
    /// A rule that is on has taken it out: it is not a part of the program any more.
    Removed,
}

impl Program {
    /// The program under the rules in force, with the lines that they have taken out.
    #[must_use]
    pub fn lines(&self, settings: &Settings) -> Vec<Line> {
        let lines = self.source.lines();
        lines.filter_map(|line| read(line, settings)).collect()
    }

    /// Rules and parameters that are not as they are where nobody turns them, and of which this program
    /// knows nothing: by title, parameters with their values.
    #[must_use]
    pub fn left_out(&self, settings: &Settings) -> Vec<String> {
        let named = |begin: &[&str], name: &str, ends: &[char]| {
            begin.iter().any(|begin| {
                let wanted = format!("{begin}{name}");
                let mut at = self.source.match_indices(&wanted);
                at.any(|(at, found)| {
                    let next = self.source[at + found.len()..].chars().next();
                    next.is_none_or(|c| ends.contains(&c))
                })
            })
        };
        let params = settings.params().filter(|(param, value)| {
            let usual = Settings::new(std::slice::from_ref(*param), &[]);
            let usual = usual
                .params()
                .next()
                .is_some_and(|(_, usual)| usual == *value);
            !usual && !named(&["/*=", "+", "-"], param.name, &['*', '='])
        });
        let params = params.map(|(param, value)| format!("{}: {value}", param.title));
        let switches = settings.switches().filter(|(switch, on)| {
            *on != switch.default && !named(&["+", "-"], switch.name, &[';', '\n', ' '])
        });
        let switches = switches.map(|(switch, _)| switch.title.to_owned());
        params.chain(switches).collect()
    }
}

/// What is left of a program under the rules in force, to be copied and run.
#[must_use]
pub fn code(lines: &[Line]) -> String {
    let there = lines.iter().filter(|line| line.change != Change::Removed);
    there.map(|line| format!("{}\n", line.text)).collect()
}

impl Line {
    /// Whether this line is at work in a record.
    #[must_use]
    pub fn runs(&self, record: &Record) -> bool {
        self.change != Change::Removed && self.marks.iter().any(|mark| meets(mark, &record.event))
    }
}

/// A line of the source under the rules in force; none if they hide it.
fn read(line: &'static str, settings: &Settings) -> Option<Line> {
    let (code, marks) = line.split_once("//@").unwrap_or((line, ""));
    let mut change = Change::None;
    let mut at_work = Vec::new();
    for mark in marks
        .split(';')
        .map(str::trim)
        .filter(|mark| !mark.is_empty())
    {
        if let Some(rule) = mark.strip_prefix('+') {
            if !holds(rule, settings) {
                return None;
            }
            // What was taken out stays out, whatever else would have brought it in.
            if change == Change::None {
                change = Change::Added;
            }
        } else if let Some(rule) = mark.strip_prefix('-') {
            if holds(rule, settings) {
                change = Change::Removed;
            }
        } else {
            at_work.push(mark);
        }
    }
    Some(Line {
        text: with_values(code.trim_end(), settings),
        change,
        marks: at_work,
    })
}

/// Whether a switch is on, or a parameter has this value.
fn holds(rule: &str, settings: &Settings) -> bool {
    match rule.split_once('=') {
        Some((name, wanted)) => {
            let value = value_of(name, settings);
            value.is_some_and(|value| value.to_string() == wanted)
        }
        None => settings
            .switches()
            .any(|(switch, on)| switch.name == rule && on),
    }
}

fn value_of<'a>(name: &str, settings: &'a Settings) -> Option<&'a Value> {
    let mut params = settings.params();
    let found = params.find(|(param, _)| param.name == name);
    found.map(|(_, value)| value)
}

/// The code with the parameters' present values in place of marked literals.
fn with_values(code: &str, settings: &Settings) -> String {
    let mut out = String::new();
    let mut rest = code;
    while let Some((before, marked)) = rest.split_once("/*=") {
        out += before;
        let Some((name, after)) = marked.split_once("*/") else {
            return out + "/*=" + marked;
        };
        let end = literal(after);
        match value_of(name, settings) {
            Some(Value::Nodes(ids)) => {
                let ids: Vec<String> = ids.iter().map(|id| id.0.to_string()).collect();
                out += &format!("[{}]", ids.join(", "));
            }
            Some(Value::Choice(word)) => out += &format!("\"{word}\""),
            Some(number) => out += &number.to_string(),
            None => out += &after[..end],
        }
        rest = &after[end..];
    }
    out + rest
}

/// Where a number, a text or a list ends.
fn literal(code: &str) -> usize {
    let close = match code.chars().next() {
        Some('[') => ']',
        Some('"') => '"',
        _ => {
            return code
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(code.len());
        }
    };
    code[1..].find(close).map_or(code.len(), |at| at + 2)
}

/// Whether a mark is one for what happened.
fn meets(mark: &str, event: &Event) -> bool {
    let (verb, what) = mark.split_once(' ').unwrap_or((mark, ""));
    match event {
        Event::Sent { kind, .. } => verb == "sent" && *kind == what,
        Event::Delivered { kind, .. } => verb == "got" && *kind == what,
        Event::TimerFired { timer, .. } => verb == "timer" && *timer == what,
        Event::Marked(marked) => verb == "mark" && marked.mark.name == what,
        Event::Invoked { request, .. } => verb == "asked" && request.0.text().starts_with(what),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mark::{Mark, Marked};
    use crate::settings::{Param, Switch};

    const NODES: Param = Param::number("nodes", "", "nodes", 5.0, (1.0, 9.0));
    const WHO: Param = Param::nodes("who", "", "1,2");
    const HASH: Param = Param::choice("hash", "", &["plain", "mixed"]);
    const GUARD: Switch = Switch::off("guard", "");
    const STARTS: Mark = Mark::new("starts", "starts an election");
    const PROGRAM: Program = Program {
        source: "const N = /*=nodes*/5, WHO = /*=who*/[1], H = /*=hash*/\"plain\"; // how many\n\
                 if (!busy) start(); //@ -guard; mark starts\n\
                 if (!busy && !lately) start(); //@ +guard; mark starts\n\
                 mix(); //@+hash=mixed\n\
                 send(); //@ sent ELECTION",
        values: |_, _| Vec::new(),
    };

    fn settings(changes: &[(&str, &str)], guard: bool) -> Settings {
        let mut settings = Settings::new(const { &[NODES, WHO, HASH] }, const { &[GUARD] });
        for (name, value) in changes {
            settings.set_param(name, value).unwrap();
        }
        settings.set_switch("guard", guard).unwrap();
        settings
    }

    fn shown(settings: &Settings) -> Vec<(String, Change)> {
        let lines = PROGRAM.lines(settings).into_iter();
        lines.map(|line| (line.text, line.change)).collect()
    }

    #[test]
    fn values_take_the_place_of_literals() {
        let code = code(&PROGRAM.lines(&settings(
            &[("nodes", "7"), ("who", "3"), ("hash", "mixed")],
            false,
        )));
        let first = code.lines().next().unwrap();
        assert_eq!(first, "const N = 7, WHO = [3], H = \"mixed\"; // how many");
        assert!(code.contains("mix();"));
    }

    #[test]
    fn a_rule_shows_what_it_takes_out_and_what_it_brings_in() {
        let off = shown(&settings(&[], false));
        assert_eq!(off.len(), 3, "{off:?}");
        assert!(off.iter().all(|(_, change)| *change == Change::None));
        let on = shown(&settings(&[], true));
        let changes: Vec<Change> = on.iter().map(|(_, change)| *change).collect();
        assert_eq!(
            changes,
            [Change::None, Change::Removed, Change::Added, Change::None]
        );
        let code = code(&PROGRAM.lines(&settings(&[], true)));
        assert!(!code.contains("if (!busy) start"), "{code}");
    }

    #[test]
    fn what_it_does_not_speak_of_is_named() {
        const LOOK: Param = Param::number("look", "Look every", "ms", 5.0, (1.0, 9.0));
        let mut settings = Settings::new(const { &[NODES, WHO, HASH, LOOK] }, const { &[GUARD] });
        assert_eq!(PROGRAM.left_out(&settings), [] as [&str; 0]);
        settings.set_param("nodes", "7").unwrap();
        settings.set_param("hash", "mixed").unwrap();
        settings.set_switch("guard", true).unwrap();
        assert_eq!(PROGRAM.left_out(&settings), [] as [&str; 0]);
        settings.set_param("look", "7").unwrap();
        assert_eq!(PROGRAM.left_out(&settings), ["Look every: 7"]);
    }

    #[test]
    fn the_line_at_work_is_the_one_that_is_there() {
        let record = |event| Record {
            seq: 1,
            time: crate::time::Time(0),
            node: Some(NodeId(1)),
            event,
            caused_by: 0,
            lamport: 1,
            wrote: false,
        };
        let starts = record(Event::Marked(Marked::new(&STARTS, ())));
        for (guard, wanted) in [
            (false, "if (!busy) start();"),
            (true, "if (!busy && !lately) start();"),
        ] {
            let lines = PROGRAM.lines(&settings(&[], guard));
            let at: Vec<&str> = (lines.iter().filter(|line| line.runs(&starts)))
                .map(|line| line.text.as_str())
                .collect();
            assert_eq!(at, [wanted]);
        }
    }
}
