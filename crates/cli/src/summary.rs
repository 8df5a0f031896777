//! The result of a sweep. All sums follow the order of seeds, so that the same runs give the same
//! bytes on any number of threads and machines.

mod figures;
mod histogram;

use std::fmt::Write;

use serde_json::{Map, Value as Json, json};

use crate::report::aligned;
use crate::sweep::Line;
pub use figures::Figures;

/// The most violations listed for a person.
const SHOWN: usize = 10;

/// A sweep's figures.
pub struct Summary<'l> {
    lines: &'l [Line],
    /// One for each probe.
    figures: Vec<Figures<'l>>,
    /// Invariants that must be true in some run, but were true in none.
    never: Vec<&'l str>,
}

impl<'l> Summary<'l> {
    /// Sums up lines in the order of their seeds.
    pub fn new(probes: &'l [String], lines: &'l [Line]) -> Self {
        let of = |(place, probe): (usize, &'l String)| {
            let value = move |line: &Line| line.values.get(place).copied().flatten();
            Figures::new(probe, lines.iter().map(value))
        };
        let candidates = lines.first().map_or(&[][..], |line| &line.open);
        let in_all = |name: &&String| lines.iter().all(|line| line.open.contains(name));
        Self {
            lines,
            figures: probes.iter().enumerate().map(of).collect(),
            never: candidates
                .iter()
                .filter(in_all)
                .map(String::as_str)
                .collect(),
        }
    }

    fn never_reason(&self) -> String {
        format!("true in none of {} runs", self.lines.len())
    }

    /// Whether a run was cut off at a limit.
    pub fn is_cut(&self) -> bool {
        self.halted().next().is_some()
    }

    /// The names of broken invariants; on request also of those that were never true.
    pub fn broken(&self, never: bool) -> impl Iterator<Item = &str> {
        let broken = self.lines.iter().flat_map(|line| &line.violations);
        let never = self.never.iter().copied().filter(move |_| never);
        broken.map(|(name, _)| name.as_str()).chain(never)
    }

    /// One object: flat for one probe, with a list `probes` for several.
    pub fn json(&self) -> Json {
        let violations = self.violations_json();
        let mut summary = match self.figures.as_slice() {
            [only] => {
                let mut summary = only.json(Some(self.lines.len()));
                summary.insert("violations".into(), violations);
                summary.insert("without_value".into(), only.without_value().into());
                summary
            }
            several => {
                let probes = several.iter().map(|probe| Json::from(probe.json(None)));
                let mut summary = Map::new();
                summary.insert("runs".into(), self.lines.len().into());
                summary.insert("probes".into(), probes.collect());
                summary.insert("violations".into(), violations);
                summary
            }
        };
        let halted = |(seed, why): (u64, &str)| json!({"seed": seed.to_string(), "reason": why});
        let halted: Vec<Json> = self.halted().map(halted).collect();
        if !halted.is_empty() {
            summary.insert("halted".into(), halted.into());
        }
        summary.into()
    }

    fn violations_json(&self) -> Json {
        let broken = self.lines.iter().flat_map(Line::violations_json);
        let reason = self.never_reason();
        let never = self
            .never
            .iter()
            .map(|name| json!({"seed": null, "invariant": name, "reason": reason}));
        broken.chain(never).collect()
    }

    fn halted(&self) -> impl Iterator<Item = (u64, &str)> {
        self.lines
            .iter()
            .filter_map(|line| Some((line.seed, line.halted.as_deref()?)))
    }

    /// Warnings, as sentences.
    pub fn remarks(&self) -> Vec<String> {
        let runs = self.lines.len();
        let mut remarks = self.missed();
        if let Some((seed, why)) = self.halted().next() {
            remarks.push(format!(
                "{} of {runs} runs were cut off, seed {seed} first. {why}",
                self.halted().count(),
            ));
        }
        remarks
    }

    /// Commands without effect, each with the first seed in which that happened.
    fn missed(&self) -> Vec<String> {
        let mut commands: Vec<&str> = Vec::new();
        for (command, _) in self.lines.iter().flat_map(|line| &line.missed) {
            if !commands.contains(&command.as_str()) {
                commands.push(command);
            }
        }
        let sentence = |command: &str| {
            let why = |line: &'l Line| {
                let found = line.missed.iter().find(|(missed, _)| missed == command);
                found.map(|(_, why)| (line.seed, why))
            };
            let (count, runs) = (self.lines.iter().filter_map(why).count(), self.lines.len());
            let (seed, why) = self.lines.iter().find_map(why)?;
            Some(format!(
                "`{command}` had no effect in {count} of {runs} runs, seed {seed} first: {why}"
            ))
        };
        commands.into_iter().filter_map(sentence).collect()
    }

    /// The figures of each probe.
    pub fn figures(&self) -> &[Figures<'l>] {
        &self.figures
    }

    /// Runs that broke an invariant.
    pub fn broken_runs(&self) -> usize {
        let broken = self.lines.iter().filter(|line| !line.violations.is_empty());
        broken.count()
    }

    /// The figures for a person.
    pub fn text(&self) -> String {
        let figures: Vec<String> = self.figures.iter().map(Figures::text).collect();
        let mut text = figures.join("\n");
        let broken: Vec<_> = self
            .lines
            .iter()
            .filter(|line| !line.violations.is_empty())
            .collect();
        if broken.is_empty() && self.never.is_empty() {
            text.push_str("\nno invariant broken\n");
            return text;
        }
        let _ = writeln!(text, "\ninvariants broken in {} runs", broken.len());
        let shown = broken.iter().take(SHOWN).flat_map(|line| {
            let row = |(name, why): &(String, String)| {
                vec![format!("seed {}", line.seed), name.clone(), why.clone()]
            };
            line.violations.iter().map(row)
        });
        text.push_str(&aligned(2, &shown.collect::<Vec<_>>()));
        if broken.len() > SHOWN {
            let _ = writeln!(text, "  and {} more runs", broken.len() - SHOWN);
        }
        for name in &self.never {
            let _ = writeln!(text, "  {name}: {}", self.never_reason());
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gap() -> Vec<String> {
        vec!["gap".into()]
    }

    fn lines(values: &[f64]) -> Vec<Line> {
        let line = |(seed, value): (usize, &f64)| Line {
            seed: seed as u64,
            values: vec![Some(*value)],
            ..Line::default()
        };
        values.iter().enumerate().map(line).collect()
    }

    #[test]
    fn percentiles_are_values_that_occurred() {
        let lines = lines(&(1..=20).rev().map(f64::from).collect::<Vec<_>>());
        let gap = gap();
        let json = Summary::new(&gap, &lines).json();
        let keys: Vec<&String> = json.as_object().unwrap().keys().collect();
        let wanted = [
            "probe",
            "runs",
            "mean",
            "min",
            "max",
            "p50",
            "p95",
            "histogram",
            "violations",
            "without_value",
        ];
        assert_eq!(keys, wanted);
        assert_eq!((&json["p50"], &json["p95"]), (&json!(10), &json!(19)));
        assert_eq!(
            (&json["min"], &json["mean"], &json["max"]),
            (&json!(1), &json!(10.5), &json!(20))
        );
    }

    #[test]
    fn runs_without_a_value_are_counted_apart() {
        let mut lines = lines(&[4.0]);
        lines.push(Line::default());
        let gap = gap();
        let json = Summary::new(&gap, &lines).json();
        assert_eq!(
            (&json["runs"], &json["without_value"], &json["mean"]),
            (&json!(2), &json!(1), &json!(4))
        );
        let json = Summary::new(&gap, &lines[1..]).json();
        assert_eq!(
            (&json["mean"], &json["p50"], &json["histogram"]),
            (&Json::Null, &Json::Null, &json!([]))
        );
    }

    #[test]
    fn what_must_be_seen_once_is_broken_when_it_never_was() {
        let mut lines = lines(&[1.0, 2.0]);
        lines[0].open = vec!["a".into(), "b".into()];
        lines[1].open = vec!["b".into()];
        let gap = gap();
        let summary = Summary::new(&gap, &lines);
        assert_eq!(summary.broken(true).collect::<Vec<_>>(), ["b"]);
        assert_eq!(summary.broken(false).count(), 0);
        assert_eq!(summary.json()["violations"][0]["seed"], Json::Null);
        assert!(summary.text().contains("b: true in none of 2 runs"));
    }
}
