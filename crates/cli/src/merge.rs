//! `faultline merge`: combines the parts of a sweep or a hunt that several machines ran.

mod hunt;
mod orders;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::Read;

use serde_json::{Map, Value as Json};

use crate::arguments::{Given, flag, read, with_value};
use crate::output::Output;
use crate::summary::Summary;
use crate::sweep::{Line, Origin};
use crate::verdict::{exit_code, warn_unbroken};
use crate::{BROKEN, Outcome};

/// A line of a command that is spread by seeds.
trait Part: Sized {
    /// What all lines of one such command share.
    type Origin: PartialEq;
    /// The command, and the field of its lines that only they have.
    const COMMAND: &str;
    /// What a line's number is.
    const NUMBER: &str = "seed";

    /// Parses a line.
    ///
    /// # Errors
    /// What is missing, as the end of a sentence.
    fn parse(text: &str) -> Outcome<(Self, Self::Origin)>;

    fn number(&self) -> u64;

    /// Why two lines do not fit together.
    fn difference(first: (&Self::Origin, &str), other: (&Self::Origin, &str)) -> String;
}

/// All lines read so far by seed, each with its place.
struct Parts<L: Part> {
    origin: Option<(L::Origin, String)>,
    lines: BTreeMap<u64, (L, String)>,
}

/// What was read, by name.
type Texts = Vec<(String, String)>;

pub fn run(words: &[String], out: &mut Output) -> Outcome<u8> {
    let known = [
        flag("--allow-gaps"),
        with_value("--expect-violation", "INVARIANT"),
        flag("--json"),
    ];
    let given = read(words, &known)?;
    let names = match given.words.is_empty() {
        true => vec!["-"],
        false => given.words.iter().map(String::as_str).collect(),
    };
    let texts: Texts = names.into_iter().map(text_of).collect::<Outcome<_>>()?;
    // The first line tells what is merged.
    let lines = texts.iter().flat_map(|(_, text)| text.lines());
    match lines.filter_map(command_of).next() {
        Some(hunt::COMMAND) => hunt::merge(&texts, &given, out),
        Some(orders::COMMAND) => orders::merge(&texts, &given, out),
        _ => sweep(&texts, &given, out),
    }
}

/// Reads a file, or the input for `-`.
fn text_of(name: &str) -> Outcome<(String, String)> {
    let mut text = String::new();
    let (result, name) = if name == "-" {
        (std::io::stdin().read_to_string(&mut text), "standard input")
    } else {
        let file = std::fs::File::open(name);
        let read = |mut file: std::fs::File| file.read_to_string(&mut text);
        (file.and_then(read), name)
    };
    result.map_err(|error| format!("cannot read `{name}`: {error}"))?;
    Ok((name.to_owned(), text))
}

/// Which command wrote a line: it has a hash of that name.
fn command_of(line: &str) -> Option<&'static str> {
    let json: Map<String, Json> = serde_json::from_str(line).ok()?;
    let commands = [Line::COMMAND, hunt::COMMAND, orders::COMMAND];
    commands.into_iter().find(|name| json.contains_key(*name))
}

fn sweep(texts: &Texts, given: &Given, out: &mut Output) -> Outcome<u8> {
    let (origin, lines) = Parts::<Line>::of(texts, given)?;
    let summary = Summary::new(&origin.probes, &lines);
    out.line(&summary.json().to_string())?;
    for sentence in summary.remarks() {
        eprintln!("faultline: {sentence}");
    }
    let expected = given.value("--expect-violation");
    let code = exit_code(summary.is_cut(), summary.broken(true), expected);
    if let (Some(expected), BROKEN) = (expected, code) {
        warn_unbroken(expected, "in all these runs");
    }
    Ok(code)
}

impl Part for Line {
    type Origin = Origin;
    const COMMAND: &str = "sweep";

    fn parse(text: &str) -> Outcome<(Self, Origin)> {
        Self::parse(text)
    }

    fn number(&self) -> u64 {
        self.seed
    }

    fn difference((first, before): (&Origin, &str), (other, place): (&Origin, &str)) -> String {
        if first.probes == other.probes {
            return format!(
                "{place} comes from another sweep than {before}: scenario, settings, commands or \
                 end differ"
            );
        }
        format!(
            "{place} measures `{}`, but {before} measures `{}`",
            other.probes.join("`, `"),
            first.probes.join("`, `")
        )
    }
}

impl<L: Part> Parts<L> {
    fn new() -> Self {
        Self {
            origin: None,
            lines: BTreeMap::new(),
        }
    }

    /// All lines in the order of their seeds, with what they have in common.
    fn of(texts: &Texts, given: &Given) -> Outcome<(L::Origin, Vec<L>)> {
        let mut parts = Self::new();
        for (name, text) in texts {
            for (number, line) in text.lines().enumerate() {
                if !line.trim().is_empty() {
                    parts.add_line(line, format!("line {} of `{name}`", number + 1))?;
                }
            }
        }
        if !given.has("--allow-gaps") {
            parts.complete()?;
        }
        let Some((origin, _)) = parts.origin else {
            return Err(
                "there are no lines to merge; `faultline sweep … --jsonl` and `faultline hunt … \
                 --jsonl` print them"
                    .into(),
            );
        };
        let lines = parts.lines.into_values().map(|(line, _)| line);
        Ok((origin, lines.collect()))
    }

    fn add_line(&mut self, text: &str, place: String) -> Outcome {
        let (line, origin) = L::parse(text).map_err(|why| self.refusal(text, &place, &why))?;
        match &self.origin {
            None => self.origin = Some((origin, place.clone())),
            Some((first, _)) if *first == origin => {}
            Some((first, before)) => {
                return Err(L::difference((first, before), (&origin, &place)));
            }
        }
        match self.lines.entry(line.number()) {
            Entry::Vacant(free) => {
                free.insert((line, place));
                Ok(())
            }
            Entry::Occupied(taken) => Err(format!(
                "{} {} occurs twice: {} and {place}",
                L::NUMBER,
                line.number(),
                taken.get().1
            )),
        }
    }

    /// Why a line is not read.
    fn refusal(&self, text: &str, place: &str, why: &str) -> String {
        match (command_of(text), &self.origin) {
            (Some(command), Some((_, before))) if command != L::COMMAND => format!(
                "{place} is of a {command}, but {before} is of a {}; merge them separately",
                L::COMMAND
            ),
            _ => format!(
                "{place} is not a line of `faultline {} --jsonl`: {why}",
                L::COMMAND
            ),
        }
    }

    /// Refuses a range with gaps: a lost part would change the figures without notice.
    fn complete(&self) -> Outcome {
        let seeds = self.lines.keys();
        for (seed, next) in seeds.clone().zip(seeds.skip(1)) {
            if next - seed > 1 {
                return Err(format!(
                    "seeds {} to {} are missing; add them or use --allow-gaps",
                    seed + 1,
                    next - 1
                ));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(seed: u64, sweep: &str) -> String {
        format!(r#"{{"seed":"{seed}","value":1,"violations":[],"probe":"gap","sweep":"{sweep}"}}"#)
    }

    #[test]
    fn parts_must_fit_together() {
        let mut parts = Parts::<Line>::new();
        parts.add_line(&line(4, "a"), "line 1".into()).unwrap();
        let twice = parts.add_line(&line(4, "a"), "line 2".into()).unwrap_err();
        assert_eq!(twice, "seed 4 occurs twice: line 1 and line 2");
        let other = parts.add_line(&line(5, "b"), "line 3".into()).unwrap_err();
        assert!(
            other.contains("line 3") && other.contains("line 1"),
            "{other}"
        );
        parts.add_line(&line(7, "a"), "line 4".into()).unwrap();
        assert!(parts.complete().unwrap_err().contains("seeds 5 to 6"));
        let broken = parts.add_line("{}", "line 5".into()).unwrap_err();
        assert!(broken.starts_with("line 5 is not a line of"), "{broken}");
    }
}
