//! A sweep along a parameter: a summary for each of its values.

use std::ops::Range;

use faultline_sim::descriptor::Catalogue;
use faultline_sim::sweep::{Span, recipe_at};
use serde_json::{Map, Value as Json, json};

use super::{Line, one, seeds};
use crate::arguments::Given;
use crate::check::check_commands;
use crate::choice::Choice;
use crate::output::Output;
use crate::progress::Progress;
use crate::report::{aligned, readable};
use crate::summary::Summary;
use crate::verdict::{exit_code, warn_unbroken};
use crate::{BROKEN, Outcome, workers};

/// Seeds where nobody asks for others.
const ONE_SEED: Range<u64> = 1..2;

/// How the summaries are printed.
#[derive(Clone, Copy, PartialEq)]
pub enum Shape {
    Table,
    /// One object with all values.
    Object,
    /// One line for each value.
    Lines,
}

impl Shape {
    pub fn of(given: &Given) -> Self {
        match (given.has("--json"), given.has("--jsonl")) {
            (true, _) => Self::Object,
            (_, true) => Self::Lines,
            _ => Self::Table,
        }
    }
}

/// A sweep along a parameter, checked.
pub struct Sweep {
    /// One for each value.
    choices: Vec<Choice>,
    span: Span,
    probes: Vec<&'static str>,
    seeds: Range<u64>,
}

impl Sweep {
    /// Reads the range and makes the run of each value.
    ///
    /// # Errors
    /// One sentence naming the wrong word, or the first value that makes no run.
    pub fn read(
        catalogue: Catalogue,
        choice: Choice,
        probes: Vec<&'static str>,
        range: &str,
        text: Option<&str>,
    ) -> Outcome<Self> {
        let span = Span::parse(range, choice.setup.protocol)?;
        let name = span.param.as_str();
        if choice.setup.recipe.params.get(name).is_some() {
            return Err(format!(
                "{name} is given twice, by --param and by --vary; keep one"
            ));
        }
        let at = |value: &f64| {
            let recipe = recipe_at(&choice.setup.recipe, Some((name, *value)), 1);
            let setup = catalogue.setup(&recipe)?;
            check_commands(&setup)?;
            Ok(Choice { setup, ..choice })
        };
        let named = |value: &f64| {
            at(value).map_err(|why: String| format!("there is no run with {name}={value}: {why}"))
        };
        let choices = span.values.iter().map(named).collect::<Outcome<_>>()?;
        let seeds = text.map_or(Ok(ONE_SEED), |text| seeds(Some(text)))?;
        Ok(Self {
            choices,
            span,
            probes,
            seeds,
        })
    }

    /// Runs all of it, prints the summaries and returns the exit code.
    pub fn run(&self, threads: usize, shape: Shape, out: &mut Output) -> Outcome<u8> {
        let each = self.seeds.end - self.seeds.start;
        let all = each
            .checked_mul(self.choices.len() as u64)
            .ok_or("there are too many runs; use fewer seeds")?;
        let place = |at: u64| ((at / each) as usize, self.seeds.start + at % each);
        let names: Vec<String> = self.probes.iter().map(|probe| (*probe).into()).collect();
        let name = |at| {
            let (value, seed) = place(at);
            let (param, value) = (&self.span.param, self.span.values[value]);
            format!("{param}={value} with seed {seed}")
        };
        let one = |at| {
            let (value, seed) = place(at);
            one::one(&self.choices[value], &self.probes, seed)
        };
        let mut lines: Vec<Line> = Vec::new();
        let mut progress = Progress::start(all);
        workers::in_order_as(name, 0..all, threads, one, |line| {
            progress.advance();
            lines.push(line);
            if shape == Shape::Lines && (lines.len() as u64).is_multiple_of(each) {
                let from = lines.len() - each as usize;
                let summary = self.object(from / each as usize, &names, &lines[from..]);
                out.line(&Json::from(summary).to_string())?;
            }
            Ok(!out.is_closed())
        })?;
        progress.end();
        let parts: Vec<&[Line]> = lines.chunks(each as usize).collect();
        match shape {
            Shape::Table => out.text(&self.table(&names, &parts))?,
            Shape::Object => {
                let parts = parts.iter().enumerate();
                let values: Vec<Json> = parts
                    .map(|(at, lines)| self.object(at, &names, lines).into())
                    .collect();
                let whole = json!({"vary": self.span.param, "values": values});
                out.line(&whole.to_string())?;
            }
            Shape::Lines => {}
        }
        self.judge(&Summary::new(&names, &lines))
    }

    /// What all runs say of the invariants.
    fn judge(&self, whole: &Summary) -> Outcome<u8> {
        for sentence in whole.remarks() {
            eprintln!("faultline: {sentence}");
        }
        let expected = self.choices.first().and_then(|choice| choice.expected);
        let code = exit_code(whole.is_cut(), whole.broken(true), expected);
        if let (Some(expected), BROKEN) = (expected, code) {
            warn_unbroken(expected, "in all these runs");
        }
        Ok(code)
    }

    /// The summary of one value.
    fn object(&self, at: usize, names: &[String], lines: &[Line]) -> Map<String, Json> {
        let mut object = Map::new();
        object.insert("vary".into(), self.span.param.as_str().into());
        let value = crate::report::number(self.span.values[at]);
        object.insert("at".into(), value);
        if let Json::Object(summary) = Summary::new(names, lines).json() {
            object.extend(summary);
        }
        object
    }

    /// A table for each probe, with a row for each value.
    fn table(&self, names: &[String], parts: &[&[Line]]) -> String {
        let summaries: Vec<Summary> = parts
            .iter()
            .map(|lines| Summary::new(names, lines))
            .collect();
        let runs = parts.first().map_or(0, |lines| lines.len());
        let broken = summaries.iter().any(|summary| summary.broken_runs() > 0);
        let mut text = String::new();
        for (place, name) in names.iter().enumerate() {
            let figures = summaries.iter().map(|summary| &summary.figures()[place]);
            let bare = figures.clone().any(|figures| figures.without_value() > 0);
            let mut rows = vec![self.heads(runs, name, bare, broken)];
            for ((value, figures), summary) in self.span.values.iter().zip(figures).zip(&summaries)
            {
                let shown = figures.named();
                let shown = shown.iter().take(if runs == 1 { 1 } else { shown.len() });
                let mut row = vec![readable(*value)];
                row.extend(shown.map(|(_, value)| value.map_or("-".to_owned(), readable)));
                if bare {
                    row.push(figures.without_value().to_string());
                }
                if broken {
                    row.push(summary.broken_runs().to_string());
                }
                rows.push(row);
            }
            if place > 0 {
                text.push('\n');
            }
            let runs = if runs == 1 {
                "1 run".to_owned()
            } else {
                format!("{runs} runs")
            };
            text += &format!("{name} along {}, {runs} each\n", self.span.param);
            text += &aligned(2, &rows);
        }
        text
    }

    fn heads(&self, runs: usize, probe: &str, bare: bool, broken: bool) -> Vec<String> {
        let mut heads = vec![self.span.param.as_str()];
        match runs {
            1 => heads.push(probe),
            _ => heads.extend(["mean", "min", "p50", "p95", "max"]),
        }
        heads.extend(bare.then_some("without a value"));
        heads.extend(broken.then_some("broken runs"));
        heads.into_iter().map(str::to_owned).collect()
    }
}

#[cfg(test)]
mod tests {
    use faultline_protocols::CATALOGUE;

    use super::*;

    fn span(protocol: &str, text: &str) -> Outcome<Vec<f64>> {
        let (protocol, _) = CATALOGUE.find(protocol)?;
        Span::parse(text, protocol).map(|span| span.values)
    }

    #[test]
    fn a_range_holds_both_ends() {
        assert_eq!(span("bully", "nodes=3..6"), Ok(vec![3.0, 4.0, 5.0, 6.0]));
        assert_eq!(span("bully", "nodes=3..8:2"), Ok(vec![3.0, 5.0, 7.0]));
        assert_eq!(span("raft", "figure=0..7"), Ok(vec![0.0, 7.0]));
    }

    #[test]
    fn a_wrong_range_says_what_to_write() {
        for (text, says) in [
            ("nodes", "NAME=FROM..TO"),
            ("nodes=3", "NAME=FROM..TO"),
            ("node=3..5", "did you mean nodes?"),
            ("starter=1..2", "not a number"),
            ("nodes=x..5", "`x` is not a number"),
            ("nodes=5..3", "the larger one"),
            ("nodes=3..5:0", "above 0"),
            ("nodes=3..5:0.5", "whole number"),
            ("nodes=3..999", "must lie between"),
        ] {
            let why = span("bully", text).unwrap_err();
            assert!(why.contains(says), "{text}: {why}");
        }
        let why = span("bully", "timeout=1..2000:0.5").unwrap_err();
        assert!(
            why.contains("larger step") || why.contains("timeout"),
            "{why}"
        );
    }
}
