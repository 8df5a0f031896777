//! What a search is after, and a run that has it.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::cost;
use super::hunt::{line, run_line};
use crate::command::Timed;
use crate::descriptor::Recipe;
use crate::question::{Clause, Question, Until, Watch};
use crate::time::Time;

/// What a search is after.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Sought {
    /// Any law that must always hold, broken.
    #[default]
    AnyLaw,
    /// This law, broken.
    Law(&'static str),
    /// A goal, reached.
    Goal(Arc<Goal>),
}

/// What a goal asks for, and what may be used.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Goal {
    /// The goal's word.
    pub id: String,
    /// What has to happen before it counts.
    pub from: Until,
    /// What has to happen.
    pub reach: Until,
    /// Nobody can reach it as long as the protocol is not asked for more than it promises.
    pub never: bool,
    /// Faults, at most; none: any number.
    pub budget: Option<u32>,
    /// Whether requests may be made besides those of the scenario.
    pub asks: bool,
}

impl Goal {
    /// What a question asks for; none if it is no goal.
    #[must_use]
    pub fn of(question: &Question) -> Option<Self> {
        question.is_goal().then(|| Self {
            id: question.id.clone(),
            from: question.from.clone(),
            reach: question.until.clone(),
            never: question.never.is_some(),
            budget: question.budget,
            asks: !question.no_requests,
        })
    }

    /// The goal before its run begins.
    #[must_use]
    pub fn watch(&self) -> Watch {
        Watch::of_goal(self)
    }

    /// The law, if all that it asks for is that this law breaks.
    #[must_use]
    pub fn law(&self) -> Option<&str> {
        match (self.from.0.as_slice(), self.reach.0.as_slice()) {
            ([], [step]) => match step.as_slice() {
                [Clause::Broken(law)] => Some(law),
                _ => None,
            },
            _ => None,
        }
    }
}

impl Sought {
    /// A law, or any.
    #[must_use]
    pub fn law_or_any(law: Option<&'static str>) -> Self {
        law.map_or(Self::AnyLaw, Self::Law)
    }

    /// The law, if it is one.
    #[must_use]
    pub fn law(&self) -> Option<&'static str> {
        match self {
            Self::Law(law) => Some(law),
            Self::AnyLaw | Self::Goal(_) => None,
        }
    }
}

/// A run that has what was sought, as anybody can repeat it.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The law that it breaks, or the goal that it reaches.
    pub sought: Sought,
    /// The sentence that says how.
    pub reason: String,
    /// The whole run.
    pub recipe: Recipe,
    /// The deciding record.
    pub seq: u64,
    /// The deciding instant.
    pub at: Time,
    /// Where runs of its hunt end, if a person said so: a shorter run may not take longer.
    pub end: Option<Time>,
}

impl Hit {
    /// The word of the law or the goal.
    #[must_use]
    pub fn name(&self) -> &str {
        match &self.sought {
            Sought::AnyLaw => "",
            Sought::Law(law) => law,
            Sought::Goal(goal) => &goal.id,
        }
    }

    /// How many faults the run has besides those of its scenario.
    #[must_use]
    pub fn cost(&self) -> u32 {
        cost(&self.commands())
    }

    /// Its commands.
    #[must_use]
    pub fn commands(&self) -> Vec<Timed> {
        let texts = self.recipe.commands.iter();
        texts.filter_map(|text| Timed::parse(text).ok()).collect()
    }

    /// The smaller, the better: few faults, then few commands, then an early end.
    #[must_use]
    pub fn rank(&self) -> (u32, usize, Time) {
        (self.cost(), self.recipe.commands.len(), self.at)
    }
}

impl fmt::Display for Hit {
    /// The line to type to see it again.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A little later than the instant itself, which may hold more events.
        let until = Time(self.at.0 + 1);
        match &self.sought {
            Sought::Goal(goal) => {
                let line = line("ask", &self.recipe, until);
                write!(f, "{line} --question {}", goal.id)
            }
            _ => {
                let line = run_line(&self.recipe, until);
                write!(f, "{line} --expect-violation {}", self.name())
            }
        }
    }
}
