//! Many settings over the same seeds, ranked by a few probes.

use faultline_sim::descriptor::Recipe;
use faultline_sim::sweep::{all_at_end, recipe_at};
use serde::{Deserialize, Serialize};

use crate::engine::Engine;

/// Settings with a name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    pub title: String,
    pub recipe: Recipe,
}

impl Row {
    /// Whether it has these settings, whatever the seed.
    #[must_use]
    pub fn is_of(&self, recipe: &Recipe) -> bool {
        let own = &self.recipe;
        (&own.preset, &own.params, &own.switches)
            == (&recipe.preset, &recipe.params, &recipe.switches)
    }
}

/// What is measured: each row under seeds from 1 on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct League {
    pub rows: Vec<Row>,
    pub probes: Vec<String>,
    /// Runs of each row.
    pub seeds: u64,
}

/// What the probes read at the end of one run, in their order; or why there is no such run.
pub type Values = Result<Vec<Option<f64>>, String>;

impl League {
    #[must_use]
    pub fn runs(&self) -> usize {
        self.rows.len().saturating_mul(self.seeds as usize)
    }

    /// The row of a run, and what is read in it. One seed after another, so that all rows show soon.
    pub(super) fn read(&self, run: usize) -> (usize, Values) {
        let row = run % self.rows.len();
        let recipe = recipe_at(
            &self.rows[row].recipe,
            None,
            1 + (run / self.rows.len()) as u64,
        );
        let read = Engine::setup(&recipe).and_then(|setup| all_at_end(&setup, &self.probes));
        (row, read)
    }
}

/// What a row has come to so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Standing {
    pub runs: u64,
    /// For each probe the sum, and how many runs had a value.
    pub sums: Vec<(f64, u32)>,
    /// Why the first run that is missing could not be made.
    pub wrong: Option<String>,
}

impl Standing {
    /// One more run.
    pub fn add(&mut self, values: Values) {
        self.runs += 1;
        match values {
            Ok(values) => {
                self.sums.resize(values.len(), (0.0, 0));
                for (sum, value) in self.sums.iter_mut().zip(values) {
                    if let Some(value) = value {
                        *sum = (sum.0 + value, sum.1 + 1);
                    }
                }
            }
            Err(why) => self.wrong = self.wrong.take().or(Some(why)),
        }
    }

    /// The mean of a probe; none if no run had a value.
    #[must_use]
    pub fn mean(&self, probe: usize) -> Option<f64> {
        let (sum, count) = *self.sums.get(probe)?;
        (count > 0).then(|| sum / f64::from(count))
    }
}

#[cfg(test)]
mod tests {
    use faultline_protocols::CATALOGUE;

    use super::*;
    use crate::worker::{Answer, Job, Request};

    #[test]
    fn each_row_meets_the_same_seeds() {
        let recipe = Recipe::new("bully/one-election", 9);
        let row = |title: &str, nodes: &str| {
            let mut recipe = recipe.clone();
            recipe.params.insert("nodes".to_owned(), nodes.to_owned());
            Row {
                title: title.to_owned(),
                recipe,
            }
        };
        let league = League {
            rows: vec![row("three", "3"), row("six", "6")],
            probes: vec!["messages".to_owned()],
            seeds: 4,
        };
        let mut standings = vec![Standing::default(); 2];
        for answer in Job::new(Request::League(Box::new(league.clone()))) {
            let Answer::Ranked(row, values) = answer else {
                panic!("another answer");
            };
            standings[row].add(values);
        }
        assert_eq!((standings[0].runs, standings[1].runs), (4, 4));
        assert!(standings[0].mean(0) < standings[1].mean(0), "{standings:?}");
        assert!(league.rows[0].is_of(&row("any", "3").recipe));
        assert!(!league.rows[0].is_of(&league.rows[1].recipe));
        assert!(CATALOGUE.find("bully").is_ok());
        // A run that does not exist is told, and the others count.
        standings[0].add(Err("there is no such node".to_owned()));
        assert_eq!(standings[0].wrong.as_deref(), Some("there is no such node"));
    }
}
