//! The search through all orders of events of a run, from a recipe to the shortest run that breaks a law,
//! and what is said of it if there is none.

use serde::{Deserialize, Serialize};

use super::{Allowed, Exploration, Happening, Reach, Stand, Worlds};
use crate::descriptor::{Catalogue, Delivery, Recipe, Setup};
use crate::search::{Budget, BudgetKind, Hit, broken};
use crate::text::counted;
use crate::time::Time;
use crate::timeline::Run;
use crate::world::Limits;

/// What a search through all orders keeps within.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounds {
    /// Faults. Losses and delays need none: a message may be as late as can be.
    pub budget: Budget,
    /// Timers that run out; none: any number.
    pub timers: Option<u32>,
    /// Requests besides those of the script; none: one, if nothing would happen without it.
    pub requests: Option<u32>,
    /// Steps of a run.
    pub depth: u32,
    /// Different states.
    pub states: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            budget: Budget::NONE,
            timers: None,
            requests: None,
            depth: 12,
            states: 20_000_000,
        }
    }
}

/// A search under way.
pub struct Orders {
    exploration: Exploration<Worlds>,
    setup: Setup,
    bounds: Bounds,
    /// Whether states are told apart without their times.
    timeless: bool,
}

/// How far a search has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tried {
    /// Different states.
    pub states: u64,
    /// Steps that led to them.
    pub steps: u64,
    /// The faults and the depth that are tried now.
    pub at: (u32, u32),
    /// Whether all states within the bounds are known.
    pub all: bool,
    /// Whether there may be states beyond the depth.
    pub deeper: bool,
    /// Steps that led to runs which were cut off at a limit of the simulator.
    pub cut: u64,
    /// Whether states are told apart without their times: else few are equal.
    pub timeless: bool,
    /// Whether a state breaks a law.
    pub broken: bool,
}

impl Orders {
    /// Of a run that is played by itself up to `from` and by hand from there on. `law`: the only one that
    /// counts; none: all that hunts are after. `memory` in bytes and `part` as in [`Reach`].
    ///
    /// # Errors
    /// A sentence, if the run cannot be set up, or if its protocol makes no promise about any order of
    /// events.
    pub fn new(
        catalogue: Catalogue,
        recipe: &Recipe,
        (from, law): (Time, Option<&'static str>),
        bounds: Bounds,
        (memory, part): (usize, (u32, u32)),
    ) -> Result<Self, String> {
        let setup = catalogue.setup(recipe)?;
        explorable(&setup)?;
        let mut allowed = Allowed {
            budget: budget(&setup, bounds.budget),
            timers: bounds.timers,
            requests: bounds.requests.unwrap_or(0),
        };
        let worlds = Worlds::new(&setup, from, law, allowed)?;
        if !worlds.losses_count() {
            allowed.budget.drops = 0;
        }
        if bounds.requests.is_none() && !worlds.can_begin() {
            allowed.requests = 1;
        }
        let worlds = worlds.allowing(&setup, allowed);
        let reach = Reach {
            depth: bounds.depth,
            states: bounds.states,
            memory,
            part,
        };
        Ok(Self {
            timeless: worlds.is_timeless(),
            exploration: Exploration::new(worlds, reach),
            setup,
            bounds: Bounds {
                budget: allowed.budget,
                requests: Some(allowed.requests),
                ..bounds
            },
        })
    }

    /// Tries at least so many more steps, or all that are left.
    pub fn advance(&mut self, steps: u64) -> Stand {
        self.exploration.advance(steps)
    }

    /// What it keeps within: the faults that make no difference, or that the protocol does not promise to
    /// bear, are taken out.
    #[must_use]
    pub fn bounds(&self) -> &Bounds {
        &self.bounds
    }

    /// The exploration itself.
    #[must_use]
    pub fn exploration(&self) -> &Exploration<Worlds> {
        &self.exploration
    }

    /// How far it has come.
    #[must_use]
    pub fn tried(&self) -> Tried {
        let stand = self.exploration.stand();
        Tried {
            states: self.exploration.states(),
            steps: self.exploration.steps(),
            at: self.exploration.at(),
            all: matches!(stand, Stand::Done { .. }),
            deeper: stand != Stand::Done { deeper: false },
            cut: self.exploration.model().cut(),
            timeless: self.timeless,
            broken: matches!(stand, Stand::Broken(_)),
        }
    }

    /// The steps to the state that breaks a law, if one was found.
    #[must_use]
    pub fn steps(&self) -> Option<Vec<Happening>> {
        let path = self.exploration.path()?;
        Some(self.exploration.walk(&path).0)
    }

    /// The run that breaks a law, if one was found: by as few faults, and then steps, as any.
    ///
    /// # Errors
    /// A sentence, if the run does not repeat what was found: a mistake of the search.
    pub fn found(&self) -> Result<Option<Hit>, String> {
        let Some(steps) = self.steps() else {
            return Ok(None);
        };
        let (commands, until) = self.exploration.model().commands(&steps);
        let mut setup = self.setup.clone();
        setup.commands = commands;
        let mut run = Run::checked(&setup, Limits::of_hunt())?;
        run.run_until(Time(until.0 + 1));
        let law = self.exploration.stand();
        let same = |found: &Hit| found.sought.law().map(Stand::Broken) == Some(law);
        let found = broken(&run).into_iter().find(same);
        let found = found.ok_or("The run that was found does not repeat itself.")?;
        Ok(Some(found))
    }
}

/// Whether the protocol promises something about any order of events.
fn explorable(setup: &Setup) -> Result<(), String> {
    let protocol = setup.protocol;
    let title = protocol.title;
    let of_time = |verb: &&&str| ["delay", "hold", "fire"].contains(*verb);
    if let Some(verb) = protocol.unsupported_faults.iter().find(of_time) {
        return Err(format!(
            "{title} takes silence for failure and does not promise to tolerate `{verb}`. All orders of \
             events include late messages and early timers, so only random runs say something about it."
        ));
    }
    if setup.preset.delivery == Delivery::Nested {
        return Err(format!(
            "“{}” calls nodes directly: its messages have only one order. Random runs try its faults.",
            setup.preset.title
        ));
    }
    Ok(())
}

/// The faults that make a difference where every message may be as late as can be, and that the protocol
/// promises to bear.
fn budget(setup: &Setup, asked: Budget) -> Budget {
    let bears = |kind: BudgetKind| {
        let without = setup.protocol.unsupported_faults;
        !kind.verbs().iter().all(|verb| without.contains(verb))
    };
    let mut within = Budget::NONE;
    for (kind, count) in asked.kinds() {
        let counts = match kind {
            BudgetKind::Delay | BudgetKind::Partition => false,
            BudgetKind::Crash | BudgetKind::Drop | BudgetKind::Duplicate | BudgetKind::Liar => true,
        };
        if counts && bears(kind) {
            *within.of_mut(kind) = count;
        }
    }
    within.most = asked.most;
    within
}

impl Bounds {
    /// For people: `2 crashes, 1 request and 30 steps`.
    #[must_use]
    pub fn text(&self) -> String {
        let mut parts = vec![self.budget.text()];
        if let Some(timers) = self.timers {
            parts.push(counted(timers, "timer", "timers"));
        }
        if let Some(requests) = self.requests.filter(|requests| *requests > 0) {
            parts.push(counted(requests, "request", "requests"));
        }
        parts.push(counted(self.depth, "step", "steps"));
        crate::text::and_list(parts)
    }
}

impl Tried {
    /// What was tried, in a sentence or two.
    #[must_use]
    pub fn sentence(&self, bounds: &Bounds) -> String {
        let states = grouped(self.states);
        let within = bounds.text();
        let late = "any number of late or lost messages";
        let mut text = if self.broken {
            format!("{states} states were tried, those with fewer faults and steps first.")
        } else if self.all && self.cut == 0 {
            format!(
                "All {states} states within {within} were tried, with {late}: nothing breaks. That is \
                 proved within these bounds{}.",
                if self.deeper {
                    ""
                } else {
                    ", and there are no more steps"
                }
            )
        } else if self.all {
            format!("{states} states within {within} were tried, with {late}: nothing breaks.")
        } else {
            let (faults, depth) = self.at;
            format!(
                "{states} states were tried, with up to {} and {}: nothing breaks so far, and nothing is \
                 proved.",
                counted(faults, "fault", "faults"),
                counted(depth, "step", "steps")
            )
        };
        if self.cut > 0 {
            text += &format!(
                " {} led to a limit of the simulator and not further.",
                counted(self.cut, "step", "steps")
            );
        }
        if !self.timeless {
            text += " States are told apart by their times, too, so few are equal.";
        }
        text
    }
}

/// A number in groups of three digits: `41,233`.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
