//! The findings of a hunt, as data and as text.

use std::fmt::Write;

use faultline_sim::command::Timed;
use faultline_sim::search::{Budget, CANDIDATES, Hunt};
use faultline_sim::text::counted;
use serde_json::{Map, Value as Json, json};

use super::line::{Line, Origin, Shrunk};
use crate::verdict::exit_code;

/// A broken invariant.
struct Catch {
    invariant: String,
    /// How many runs broke it.
    runs: u64,
    /// How many of them were shrunk.
    shrunk: usize,
    /// The first seed that broke it.
    first: u64,
    /// The best of the shrunk ones, with its seed.
    best: Option<(u64, Shrunk)>,
}

/// All findings, in the order of seeds.
#[derive(Default)]
pub struct Catches {
    runs: u64,
    all: Vec<Catch>,
    /// Seeds of runs that were cut off at a limit, and why.
    cut: Vec<(u64, String)>,
}

impl Catches {
    /// Adds the line of the next seed.
    pub fn add(&mut self, line: Line) {
        self.runs += 1;
        self.cut.extend(line.halted.map(|why| (line.seed, why)));
        for violation in line.violations {
            let same = |catch: &&mut Catch| catch.invariant == violation.invariant;
            let catch = match self.all.iter_mut().find(same) {
                Some(catch) => catch,
                None => {
                    self.all.push(Catch {
                        invariant: violation.invariant,
                        runs: 0,
                        shrunk: 0,
                        first: line.seed,
                        best: None,
                    });
                    self.all.last_mut().expect("it was just added")
                }
            };
            catch.runs += 1;
            // Parts of a hunt shrink the first few of their own: together these are more.
            let Some(run) = violation.run.filter(|_| catch.shrunk < CANDIDATES) else {
                continue;
            };
            catch.shrunk += 1;
            let better = |(_, best): &(u64, Shrunk)| run.rank() < best.rank();
            if catch.best.as_ref().is_none_or(better) {
                catch.best = Some((line.seed, run));
            }
        }
    }

    /// The next line without runs that came too late to be shown, so that lines do not depend on which
    /// worker was faster.
    pub fn without_more(&self, mut line: Line) -> Line {
        for violation in &mut line.violations {
            let mut all = self.all.iter();
            let found = all.find(|catch| catch.invariant == violation.invariant);
            if found.is_some_and(|catch| catch.shrunk >= CANDIDATES) {
                violation.run = None;
            }
        }
        line
    }

    /// An invariant that some runs broke, none of which is there.
    pub fn unshown(&self) -> Option<&str> {
        let mut all = self.all.iter();
        let found = all.find(|catch| catch.best.is_none());
        found.map(|catch| catch.invariant.as_str())
    }

    pub fn json(&self, origin: &Origin) -> Json {
        let found = self.all.iter().filter_map(|catch| {
            let (seed, best) = catch.best.as_ref()?;
            Some(json!({
                "invariant": catch.invariant,
                "runs": catch.runs,
                "seed": seed.to_string(),
                "faults": best.faults,
                "commands": best.commands,
                "reason": best.reason,
                "at_us": best.at_us,
                "command": best.command,
                "link": best.link,
            }))
        });
        let mut summary = Map::new();
        summary.insert("protocol".into(), origin.protocol.as_str().into());
        let mut some = |key: &str, value: Option<Json>| {
            summary.extend(value.map(|value| (key.to_owned(), value)));
        };
        some("scenario", origin.scenario.clone().map(Json::from));
        some("preset", Some(origin.preset.as_str().into()));
        some("invariant", origin.invariant.clone().map(Json::from));
        some("budget", origin.budget.map(|budget| json!(budget)));
        some("left_out", origin.left_out.clone().map(Json::from));
        some("runs", Some(self.runs.into()));
        some("violations", Some(found.collect()));
        if !self.cut.is_empty() {
            let cut = self.cut.iter();
            let cut = cut.map(|(seed, why)| json!({"seed": seed.to_string(), "reason": why}));
            some("halted", Some(cut.collect()));
        }
        summary.into()
    }

    /// The report for a person.
    pub fn text(&self, hunt: &Hunt) -> String {
        let scenario = hunt.scenario.map(|s| format!("/{}", s.id));
        let mut text = format!(
            "{}{} ({}): {} {}\n",
            hunt.protocol.id,
            scenario.unwrap_or_default(),
            hunt.chosen_preset().title,
            counted(self.runs, "run", "runs"),
            match &hunt.budget {
                None => "under random faults".into(),
                Some(budget) if budget.total() == 0 => "without faults".into(),
                Some(budget) => format!("with at most {}", budget.text()),
            },
        );
        if let Some(sentence) = hunt.left_out() {
            let _ = writeln!(text, "{sentence}");
        }
        if self.all.is_empty() {
            match hunt.sought.law() {
                Some(law) => text.push_str(&format!("{law}: not broken\n")),
                None => text.push_str("nothing broken\n"),
            }
        }
        for catch in &self.all {
            let Some((seed, best)) = &catch.best else {
                continue;
            };
            let Catch {
                invariant,
                runs,
                first,
                ..
            } = catch;
            let runs = counted(*runs, "run", "runs");
            let _ = writeln!(
                text,
                "\n{invariant}: broken in {runs}, first with seed {first}."
            );
            let _ = writeln!(text, "  {}", best.length(*seed));
            let _ = writeln!(text, "  {}\n  {}", best.reason, best.command);
        }
        text
    }

    /// Warnings, as sentences.
    pub fn cut_sentence(&self) -> Option<String> {
        let (seed, why) = self.cut.first()?;
        let (cut, runs) = (self.cut.len(), self.runs);
        Some(format!(
            "{cut} of {runs} runs were cut off, seed {seed} first. {why}"
        ))
    }

    /// The exit code. A violation counts even if other runs were cut off. Without one, a cut run might
    /// have had it.
    pub fn code(&self, expected: Option<&str>) -> u8 {
        let broken = self.all.iter().map(|catch| catch.invariant.as_str());
        let found = match expected {
            Some(name) => broken.clone().any(|own| own == name),
            None => !self.all.is_empty(),
        };
        exit_code(!found && !self.cut.is_empty(), broken, expected)
    }
}

impl Shrunk {
    /// How short the run is, as a sentence.
    fn length(&self, seed: u64) -> String {
        let texts = self.commands.iter();
        let timed: Vec<Timed> = texts.filter_map(|text| Timed::parse(text).ok()).collect();
        let faults = Budget::used(timed.iter().map(|timed| &timed.command), 0).text();
        let commands = match self.commands.len() {
            0 => "no commands".into(),
            kept => format!("{kept} of {}", counted(self.drawn, "command", "commands")),
        };
        format!("Shortest run: seed {seed}, {faults}, {commands}.")
    }
}
