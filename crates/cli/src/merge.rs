//! `faultline merge`: combines the parts of a sweep that several machines ran.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::Read;

use crate::arguments::{flag, read, with_value};
use crate::output::Output;
use crate::summary::Summary;
use crate::sweep::{Line, Origin};
use crate::verdict::{exit_code, warn_unbroken};
use crate::{BROKEN, Outcome};

/// All lines read so far by seed, each with its place.
#[derive(Default)]
struct Parts {
    origin: Option<(Origin, String)>,
    lines: BTreeMap<u64, (Line, String)>,
}

pub fn run(words: &[String], out: &mut Output) -> Outcome<u8> {
    let known = [
        flag("--allow-gaps"),
        with_value("--expect-violation", "INVARIANT"),
        flag("--json"),
    ];
    let given = read(words, &known)?;
    let mut parts = Parts::default();
    if given.words.is_empty() {
        parts.add("-")?;
    }
    given.words.iter().try_for_each(|name| parts.add(name))?;
    let Some((origin, _)) = &parts.origin else {
        return Err("there are no lines to merge; `faultline sweep … --jsonl` prints them".into());
    };
    if !given.has("--allow-gaps") {
        parts.complete()?;
    }
    let lines: Vec<Line> = parts.lines.into_values().map(|(line, _)| line).collect();
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

impl Parts {
    /// Reads a file, or the input for `-`.
    fn add(&mut self, name: &str) -> Outcome {
        let mut text = String::new();
        let (result, name) = if name == "-" {
            (std::io::stdin().read_to_string(&mut text), "standard input")
        } else {
            let file = std::fs::File::open(name);
            (
                file.and_then(|mut file| file.read_to_string(&mut text)),
                name,
            )
        };
        result.map_err(|error| format!("cannot read `{name}`: {error}"))?;
        for (number, line) in text.lines().enumerate() {
            if !line.trim().is_empty() {
                self.add_line(line, format!("line {} of `{name}`", number + 1))?;
            }
        }
        Ok(())
    }

    fn add_line(&mut self, text: &str, place: String) -> Outcome {
        let (line, origin) = Line::parse(text)
            .map_err(|why| format!("{place} is not a line of `faultline sweep --jsonl`: {why}"))?;
        match &self.origin {
            None => self.origin = Some((origin, place.clone())),
            Some((first, _)) if *first == origin => {}
            Some((first, before)) if first.probes != origin.probes => {
                return Err(format!(
                    "{place} measures `{}`, but {before} measures `{}`",
                    origin.probes.join("`, `"),
                    first.probes.join("`, `")
                ));
            }
            Some((_, before)) => {
                return Err(format!(
                    "{place} comes from another sweep than {before}: scenario, settings, commands \
                     or end differ"
                ));
            }
        }
        match self.lines.entry(line.seed) {
            Entry::Vacant(free) => {
                free.insert((line, place));
                Ok(())
            }
            Entry::Occupied(taken) => Err(format!(
                "seed {} occurs twice: {} and {place}",
                line.seed,
                taken.get().1
            )),
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
        let mut parts = Parts::default();
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
