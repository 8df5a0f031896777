//! The findings of a hunt, as data and as text.

use std::fmt::Write;

use faultline_sim::testing::{Broken, Hunt};
use serde_json::{Map, Value as Json, json};

use super::Found;

/// A broken invariant.
pub struct Catch {
    /// The violation in the first seed that broke it.
    pub first: Broken,
    /// How many commands that run had before it was shrunk.
    drawn: usize,
    /// How many runs broke it.
    runs: u64,
}

impl Catch {
    /// How far shrinking reduced the commands.
    fn shrunk(&self) -> String {
        let kept = self.first.recipe.commands.len();
        match self.drawn {
            _ if kept == 0 => "It needs no command.".into(),
            1 => "It needs its command.".into(),
            drawn if drawn == kept => format!("It needs all {drawn} commands."),
            drawn if kept == 1 => format!("1 of {drawn} commands is enough."),
            drawn => format!("{kept} of {drawn} commands are enough."),
        }
    }
}

/// A number with its noun.
fn counted(count: u64, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

/// All findings, in the order of seeds.
#[derive(Default)]
pub struct Catches {
    runs: u64,
    pub invariants: Vec<Catch>,
    /// Seeds of runs that were cut off at a limit, and why.
    pub cut: Vec<(u64, String)>,
}

impl Catches {
    /// Adds the result of the next seed.
    pub fn add(&mut self, found: Found) {
        self.runs += 1;
        self.cut.extend(found.halted.map(|why| (found.seed, why)));
        for broken in found.broken {
            match self
                .invariants
                .iter_mut()
                .find(|c| c.first.law == broken.law)
            {
                Some(catch) => catch.runs += 1,
                None => self.invariants.push(Catch {
                    drawn: broken.recipe.commands.len(),
                    first: broken,
                    runs: 1,
                }),
            }
        }
    }

    pub fn json(&self, hunt: &Hunt) -> Json {
        let found = self.invariants.iter().map(|catch| {
            let first = &catch.first;
            json!({
                "invariant": first.law,
                "runs": catch.runs,
                "seed": first.recipe.seed,
                "reason": first.reason,
                "at_us": first.at.0,
                "command": first.to_string(),
            })
        });
        let mut summary = Map::new();
        summary.insert("protocol".into(), hunt.protocol.id.into());
        if let Some(scenario) = hunt.scenario {
            summary.insert("scenario".into(), scenario.id.into());
        }
        summary.insert("preset".into(), hunt.chosen_preset().name.into());
        summary.insert("runs".into(), self.runs.into());
        summary.insert("violations".into(), found.collect());
        if !self.cut.is_empty() {
            let cut = self.cut.iter();
            let cut = cut.map(|(seed, why)| json!({"seed": seed.to_string(), "reason": why}));
            summary.insert("halted".into(), cut.collect());
        }
        summary.into()
    }

    /// The report for a person.
    pub fn text(&self, hunt: &Hunt) -> String {
        let scenario = hunt.scenario.map(|s| format!("/{}", s.id));
        let mut text = format!(
            "{}{} ({}): {} runs under random faults\n",
            hunt.protocol.id,
            scenario.unwrap_or_default(),
            hunt.chosen_preset().title,
            self.runs
        );
        if self.invariants.is_empty() {
            text.push_str("nothing broken\n");
        }
        for catch in &self.invariants {
            let first = &catch.first;
            let _ = writeln!(
                text,
                "\n{}: broken in {}, first with seed {}. {}",
                first.law,
                counted(catch.runs, "run"),
                first.recipe.seed,
                catch.shrunk()
            );
            let _ = writeln!(text, "  {}\n  {first}", first.reason);
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
}
