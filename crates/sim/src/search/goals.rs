//! The search for a way to a goal: which runs it tries, and what it says about them.

use std::sync::Arc;

use super::{Budget, Goal, Hunt, Sought, Swarm, hunted_law};
use crate::command::Command;
use crate::descriptor::{Catalogue, Recipe, Setup};
use crate::explore::Bounds;
use crate::text::counted;

/// The faults of a goal that names no number of them.
const MOST_FAULTS: u32 = 3;
/// The faults of an exploration for a goal with any number of them.
const ANY_EXPLORED: u32 = 2;
/// How far an exploration for a goal goes: a person waits for it.
const EXPLORED_DEPTH: u32 = 6;
const EXPLORED_STATES: u64 = 100_000;

impl Hunt {
    /// The search for a way to a goal of this run: the same world with other faults and requests. A goal
    /// that nobody can reach is sought in other worlds, too, with all faults that the protocol promises to
    /// bear.
    ///
    /// # Errors
    /// One sentence, if there is no such run.
    pub fn of_goal(catalogue: Catalogue, recipe: &Recipe, goal: Goal) -> Result<Self, String> {
        let setup = catalogue.setup(recipe)?;
        let never = goal.never;
        let budget = match goal.budget {
            None if never => None,
            count => Some(Budget::any(count.unwrap_or(MOST_FAULTS))),
        };
        Ok(Self {
            scenario: Some(setup.scenario),
            preset: recipe.preset.is_some().then_some(setup.preset),
            params: recipe.params.clone(),
            switches: recipe.switches.clone(),
            budget,
            asks: goal.asks,
            sought: Sought::Goal(Arc::new(goal)),
            world: (!never).then_some(setup.seed),
            until: Some(setup.until()),
            ..Self::new(catalogue, setup.protocol)
        })
    }

    /// The law that every order of events can be tried for: that of a goal that asks for nothing else.
    ///
    /// # Errors
    /// Why only random runs can look for the goal, as a sentence.
    pub fn explored_law(&self) -> Result<Option<&'static str>, String> {
        let Some(goal) = self.goal() else {
            return Ok(self.sought.law());
        };
        let law = goal.law().ok_or_else(|| {
            "All orders of events can only be tried for a rule that breaks, so only random runs looked for \
             this goal."
                .to_owned()
        })?;
        hunted_law(self.protocol, law).map(Some)
    }

    /// What an exploration in the place of this hunt keeps within, where it is small enough to wait for.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        Bounds {
            budget: self.budget.unwrap_or(Budget::any(ANY_EXPLORED)),
            depth: EXPLORED_DEPTH,
            states: EXPLORED_STATES,
            ..Bounds::default()
        }
    }

    /// How many random runs there were, and with which faults: `400 random runs with at most 2 faults of
    /// any kind`.
    #[must_use]
    pub fn runs_text(&self, runs: u64) -> String {
        let runs = counted(runs, "random run", "random runs");
        match &self.budget {
            None => format!("{runs} with any number of faults"),
            Some(budget) if budget.total() == 0 => format!("{runs} without faults"),
            Some(budget) => format!("{runs} with at most {}", budget.text()),
        }
    }
}

/// The same with what the script does: whom it asks for what, and when.
pub(super) fn of_script(mut swarm: Swarm, setup: &Setup) -> Swarm {
    for timed in &setup.script {
        swarm.moments.extend(timed.at.time);
        if let Command::Request(node, json) = &timed.command {
            swarm.script.push(json.clone());
            swarm.actors.push(*node);
        }
    }
    swarm
}
