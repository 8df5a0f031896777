//! One crash in each run: of which node, and after how many events. The grid of what came of it shows the moments at
//! which an algorithm cannot bear a crash.

use serde::{Deserialize, Serialize};

use crate::descriptor::{Recipe, Setup};
use crate::frame::Light;
use crate::invariant::Expectation;
use crate::process::NodeId;
use crate::time::Time;
use crate::timeline::Run;
use crate::world::Limits;

/// More events than a person can look at.
pub const MOST_EVENTS: u64 = 64;

/// Which node crashes, and when: each node after each event, and one run in which none does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crashes {
    /// The rows.
    pub nodes: Vec<NodeId>,
    /// The columns: how many events of the run there have been.
    pub after: Vec<u64>,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ending {
    /// What the probe read.
    pub value: Option<f64>,
    /// The first law that must always hold and did not: its name, and how it broke.
    pub broken: Option<(String, String)>,
}

impl Crashes {
    /// Each node, after each event from one to another.
    ///
    /// # Errors
    /// One sentence that says what to write instead.
    pub fn new(nodes: Vec<NodeId>, from: u64, to: u64) -> Result<Self, String> {
        if to < from {
            return Err(format!(
                "the events go from {from} to {to}; the second number must be the larger one"
            ));
        }
        let count = (to - from).saturating_add(1);
        if count > MOST_EVENTS {
            return Err(format!(
                "that is a crash after each of {count} events; choose at most {MOST_EVENTS}"
            ));
        }
        if nodes.is_empty() {
            return Err("there is no node that can crash".into());
        }
        Ok(Self {
            nodes,
            after: (from..=to).collect(),
        })
    }

    /// How many runs there are.
    #[must_use]
    pub fn runs(&self) -> usize {
        1 + self.nodes.len() * self.after.len()
    }

    /// Who crashes in a run and after how many events; nobody does in the first run. Row by row.
    #[must_use]
    pub fn place(&self, run: usize) -> Option<(NodeId, u64)> {
        let at = run.checked_sub(1)?;
        let node = self.nodes.get(at / self.after.len())?;
        Some((*node, self.after[at % self.after.len()]))
    }

    /// The run as anybody can open it.
    #[must_use]
    pub fn recipe(&self, recipe: &Recipe, run: usize) -> Recipe {
        match self.place(run) {
            Some((node, after)) => crash_after(recipe, node, after),
            None => recipe.clone(),
        }
    }
}

/// The same run in which a node crashes after so many events.
#[must_use]
pub fn crash_after(recipe: &Recipe, node: NodeId, after: u64) -> Recipe {
    let mut recipe = recipe.clone();
    recipe.commands.push(format!("@{after} crash {node}"));
    recipe
}

/// What a probe reads at the end of a run, and whether a law broke by then.
///
/// # Errors
/// One sentence: there is no such run, or why it was cut off.
pub fn ending(setup: &Setup, until: Time, probe: &str) -> Result<Ending, String> {
    let mut run = Run::checked(setup, Limits::of_hunt())?;
    run.run_within(until, u64::MAX);
    let world = run.world();
    if let Some(why) = world.halted() {
        return Err(why.to_owned());
    }
    let value = world.probes().find(|(spec, _)| spec.name == probe);
    let value = value.and_then(|(_, value)| value);
    let broken = world.verdicts(true).into_iter().find_map(|verdict| {
        let always = verdict.kind == Expectation::Always;
        match verdict.light {
            Light::Broken { reason, .. } if always => Some((verdict.name.to_owned(), reason)),
            _ => None,
        }
    });
    Ok(Ending {
        value: value.filter(|value| value.is_finite()),
        broken,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_node_crashes_after_each_event_and_in_one_run_none_does() {
        let crashes = Crashes::new(vec![NodeId(1), NodeId(2)], 3, 5).expect("a grid");
        assert_eq!(crashes.runs(), 7);
        assert_eq!(crashes.place(0), None);
        assert_eq!(crashes.place(1), Some((NodeId(1), 3)));
        assert_eq!(crashes.place(6), Some((NodeId(2), 5)));
        assert_eq!(crashes.place(7), None);
        let recipe = crashes.recipe(&Recipe::new("bully/one-election", 1), 2);
        assert_eq!(recipe.commands, ["@4 crash n1"]);
    }

    #[test]
    fn a_grid_that_nobody_can_look_at_is_refused() {
        let one = || vec![NodeId(1)];
        assert!(Crashes::new(one(), 5, 3).unwrap_err().contains("larger"));
        assert!(
            Crashes::new(one(), 0, 900)
                .unwrap_err()
                .contains("at most 64")
        );
        assert!(Crashes::new(vec![], 0, 3).unwrap_err().contains("no node"));
    }
}
