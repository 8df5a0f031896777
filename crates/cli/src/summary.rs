//! What a sweep comes to. All sums go in the order of seeds, so that the same runs give the same
//! bytes however they were spread over threads and machines.

mod histogram;

use std::fmt::Write;

use serde_json::{Value as Json, json};

use crate::report::{aligned, number, readable};
use crate::sweep::Line;
use histogram::{Bin, histogram};

/// Violations that a person is shown.
const SHOWN: usize = 10;
/// Characters of the longest bar.
const BAR: u64 = 40;

/// A sweep's figures.
pub struct Summary<'l> {
    probe: &'l str,
    lines: &'l [Line],
    /// In order of size.
    sorted: Vec<f64>,
    mean: Option<f64>,
    /// Invariants that must be true in some run, and were in none.
    never: Vec<&'l str>,
}

impl<'l> Summary<'l> {
    /// Sums lines up that lie in the order of their seeds.
    pub fn new(probe: &'l str, lines: &'l [Line]) -> Self {
        let values: Vec<f64> = lines.iter().filter_map(|line| line.value).collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let mut sorted = values;
        sorted.sort_by(f64::total_cmp);
        let candidates = lines.first().map_or(&[][..], |line| &line.open);
        let in_all = |name: &&String| lines.iter().all(|line| line.open.contains(name));
        Self {
            probe,
            lines,
            mean: (!sorted.is_empty()).then_some(mean),
            sorted,
            never: candidates
                .iter()
                .filter(in_all)
                .map(String::as_str)
                .collect(),
        }
    }

    /// The smallest value with at least this share of all values at or below it.
    fn percentile(&self, percent: usize) -> Option<f64> {
        let rank = (self.sorted.len() * percent).div_ceil(100);
        Some(self.sorted[rank.checked_sub(1)?])
    }

    fn never_reason(&self) -> String {
        format!("true in none of {} runs", self.lines.len())
    }

    fn without_value(&self) -> usize {
        self.lines.len() - self.sorted.len()
    }

    /// The names of broken invariants; on request also of those that were to be seen and were not.
    pub fn broken(&self, never: bool) -> impl Iterator<Item = &str> {
        let broken = self.lines.iter().flat_map(|line| &line.violations);
        let never = self.never.iter().copied().filter(move |_| never);
        broken.map(|(name, _)| name.as_str()).chain(never)
    }

    pub fn json(&self) -> Json {
        let or_null = |value: Option<f64>| value.map_or(Json::Null, number);
        let mut violations: Vec<Json> = self
            .lines
            .iter()
            .flat_map(|line| line.violations_json())
            .collect();
        let reason = self.never_reason();
        violations.extend(
            self.never
                .iter()
                .map(|name| json!({"seed": null, "invariant": name, "reason": reason})),
        );
        let bins = histogram(&self.sorted);
        let mut summary = json!({
            "probe": self.probe,
            "runs": self.lines.len(),
            "mean": or_null(self.mean),
            "min": or_null(self.sorted.first().copied()),
            "max": or_null(self.sorted.last().copied()),
            "p50": or_null(self.percentile(50)),
            "p95": or_null(self.percentile(95)),
            "histogram": bins.iter().map(Bin::json).collect::<Vec<_>>(),
            "violations": violations,
            "without_value": self.without_value(),
        });
        let halted: Vec<Json> = self
            .halted()
            .map(|(seed, why)| json!({"seed": seed.to_string(), "reason": why}))
            .collect();
        if let (false, Json::Object(summary)) = (halted.is_empty(), &mut summary) {
            summary.insert("halted".into(), halted.into());
        }
        summary
    }

    fn halted(&self) -> impl Iterator<Item = (u64, &str)> {
        self.lines
            .iter()
            .filter_map(|line| Some((line.seed, line.halted.as_deref()?)))
    }

    /// What must not go unnoticed, as sentences.
    pub fn remarks(&self) -> Vec<String> {
        let first = self.halted().next();
        let cut = first.map(|(seed, why)| {
            format!(
                "{} of {} runs were cut, seed {seed} first. {why}",
                self.halted().count(),
                self.lines.len()
            )
        });
        cut.into_iter().collect()
    }

    /// The figures for a person.
    pub fn text(&self) -> String {
        let mut text = format!("{} over {} runs\n", self.probe, self.lines.len());
        let figures = [
            ("mean", self.mean),
            ("min", self.sorted.first().copied()),
            ("p50", self.percentile(50)),
            ("p95", self.percentile(95)),
            ("max", self.sorted.last().copied()),
        ];
        let rows: Vec<Vec<String>> = figures
            .iter()
            .filter_map(|(name, value)| Some(vec![(*name).to_owned(), readable((*value)?)]))
            .collect();
        text.push_str(&aligned(2, &rows));
        if self.without_value() > 0 {
            let _ = writeln!(text, "  {} runs have no value", self.without_value());
        }
        let bins = histogram(&self.sorted);
        let most = bins.iter().map(|bin| bin.count).max().unwrap_or(1);
        let bars: Vec<Vec<String>> = bins.iter().map(|bin| bin.row(most, BAR)).collect();
        let _ = write!(text, "\n{}", aligned(2, &bars));
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
            let _ = writeln!(text, "  and {} runs more", broken.len() - SHOWN);
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

    fn lines(values: &[f64]) -> Vec<Line> {
        let line = |(seed, value): (usize, &f64)| Line {
            seed: seed as u64,
            value: Some(*value),
            ..Line::default()
        };
        values.iter().enumerate().map(line).collect()
    }

    #[test]
    fn percentiles_are_values_that_occurred() {
        let lines = lines(&(1..=20).rev().map(f64::from).collect::<Vec<_>>());
        let json = Summary::new("gap", &lines).json();
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
        let json = Summary::new("gap", &lines).json();
        assert_eq!(
            (&json["runs"], &json["without_value"], &json["mean"]),
            (&json!(2), &json!(1), &json!(4))
        );
        let json = Summary::new("gap", &lines[1..]).json();
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
        let summary = Summary::new("gap", &lines);
        assert_eq!(summary.broken(true).collect::<Vec<_>>(), ["b"]);
        assert_eq!(summary.broken(false).count(), 0);
        assert_eq!(summary.json()["violations"][0]["seed"], Json::Null);
        assert!(summary.text().contains("b: true in none of 2 runs"));
    }
}
