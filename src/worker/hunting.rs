//! The search for a run that breaks a law: random runs, each from a seed, then all orders of events.

use std::collections::VecDeque;

use faultline_protocols::CATALOGUE;
use faultline_sim::command::{Command, Timed};
use faultline_sim::descriptor::Recipe;
use faultline_sim::explore::{Bounds, Orders, Stand, Tried};
use faultline_sim::question::{Answer as Answered, Many, Question};
use faultline_sim::search::{
    Budget, CANDIDATES, Goal, Hit, Hunt, Shrinking, Sought, cost, hunted_law,
};
use faultline_sim::sorted::SortedMap;
use faultline_sim::time::Time;
use serde::{Deserialize, Serialize};

use super::clock_us;

/// Bytes for the states that wait to be gone on from: a page has less room than a command line.
const MEMORY: usize = 64 << 20;
/// Different states of a search in a page.
pub const MOST_STATES: u64 = 2_000_000;
/// Steps of the search through all orders between two looks at the clock.
const STEPS: u64 = 50;
/// The longest time between two answers, in microseconds, as far as one run or a few steps allow: a page
/// that does the work itself stays alive.
const SLICE_US: u64 = 8_000;
/// Random runs of a search for a goal: seconds, with a few nodes.
const RUNS: u64 = 400;
/// With more nodes than this, a run takes as long as a hundred others.
const MANY_NODES: u32 = 100;
const RUNS_OF_MANY: u64 = 40;

/// What is searched for, and where.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Search {
    /// The scenario with its settings. The seeds of random runs are other ones.
    pub recipe: Recipe,
    /// The only law that counts; none: all that hunts are after.
    pub law: Option<String>,
    /// A goal in the place of laws; then it says which faults there may be.
    pub goal: Option<Box<Goal>>,
    /// Faults of a random run.
    pub budget: Budget,
    pub first_seed: u64,
    /// How many random runs.
    pub runs: u64,
    /// Afterwards all orders of events, within these bounds.
    pub bounds: Option<Bounds>,
}

/// How a random run ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Ending {
    Kept,
    /// It broke this law first.
    Broke {
        law: String,
        at: Time,
    },
    /// It reached a limit of the simulator before it broke anything.
    Cut(String),
}

/// A random run. Their order is that of the seeds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    pub ending: Ending,
    /// How long it took, in microseconds.
    pub took: u64,
}

impl Mark {
    /// Whether the run broke a law.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        matches!(self.ending, Ending::Broke { .. })
    }
}

/// A run that breaks a law.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    pub law: String,
    /// The sentence that says how.
    pub reason: String,
    pub recipe: Recipe,
    pub at: Time,
    /// How many steps it has, if it is played by hand.
    pub by_hand: Option<u32>,
}

/// How far the search through all orders has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    pub tried: Tried,
    pub bounds: Bounds,
    /// Microseconds so far.
    pub took: u64,
}

/// A part of a search's answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Clue {
    /// The next random run.
    Run(Mark),
    /// A shorter run that breaks a law than any before: among random runs, or among runs by hand.
    Shorter(Box<Failure>),
    /// All random runs are over; what they found is still made shorter.
    Shrinking,
    /// All orders of events, so far.
    Orders(Progress),
    /// The search cannot go on, and why.
    Refused(String),
}

/// A run again, as the page opens it.
#[derive(Clone, Debug, PartialEq)]
pub struct Replayed {
    pub recipe: Recipe,
    /// When it breaks the law.
    pub at: Option<Time>,
}

impl Search {
    /// The random runs of a question; none if it asks for something else.
    #[must_use]
    pub fn of_question(mut recipe: Recipe, question: &Question) -> Option<Self> {
        let Answered::Many(Many::Broken { law, runs, budget }) = &question.answer else {
            return None;
        };
        recipe.commands.clear();
        Some(Self {
            recipe,
            law: Some(law.clone()),
            goal: None,
            budget: *budget,
            first_seed: 1,
            runs: *runs,
            bounds: None,
        })
    }

    /// The search for a way to a goal. Where that is a rule that breaks, every order of events follows if
    /// random runs find nothing.
    ///
    /// # Errors
    /// A sentence, if there is no such run.
    pub fn of_goal(mut recipe: Recipe, goal: Goal) -> Result<Self, String> {
        recipe.commands.clear();
        let hunt = Hunt::of_goal(CATALOGUE, &recipe, goal.clone())?;
        let setup = CATALOGUE.setup(&recipe)?;
        let many = (setup.protocol.nodes)(&setup.settings) > MANY_NODES;
        Ok(Self {
            law: None,
            budget: hunt.budget.unwrap_or_default(),
            first_seed: 1,
            runs: if many { RUNS_OF_MANY } else { RUNS },
            bounds: hunt.explored_law().is_ok().then(|| hunt.bounds()),
            goal: Some(Box::new(goal)),
            recipe,
        })
    }

    /// What searches make of it.
    ///
    /// # Errors
    /// A sentence, if there is no such run.
    pub fn hunt(&self) -> Result<Hunt, String> {
        if let Some(goal) = &self.goal {
            return Hunt::of_goal(CATALOGUE, &self.recipe, (**goal).clone());
        }
        let (protocol, scenario) = CATALOGUE.find(&self.recipe.scenario)?;
        let preset = self.recipe.preset.as_deref();
        let preset = preset.map(|name| protocol.preset(name)).transpose()?;
        let law = self.law.as_deref();
        let law = law.map(|name| hunted_law(protocol, name)).transpose()?;
        Ok(Hunt {
            scenario: Some(scenario),
            preset,
            params: self.recipe.params.clone(),
            switches: self.recipe.switches.clone(),
            budget: Some(self.budget),
            sought: Sought::law_or_any(law),
            ..Hunt::new(CATALOGUE, protocol)
        })
    }

    /// The seed of a random run.
    #[must_use]
    pub fn seed(&self, run: u64) -> u64 {
        self.first_seed.wrapping_add(run)
    }

    /// A random run again: as far as it broke a law, or the whole of it.
    ///
    /// # Errors
    /// A sentence, if the run cannot be set up.
    #[inline(never)]
    pub fn replay(&self, run: u64) -> Result<Replayed, String> {
        let hunt = self.hunt()?;
        let seen = hunt.seek(self.seed(run))?;
        Ok(match seen.hits.into_iter().next() {
            Some(hit) => Replayed {
                recipe: hit.recipe,
                at: Some(hit.at),
            },
            None => Replayed {
                recipe: seen.run.recipe(),
                at: None,
            },
        })
    }

    fn orders(&self, hunt: &Hunt, bounds: Bounds) -> Result<Orders, String> {
        let mut recipe = self.recipe.clone();
        recipe.commands.clear();
        let law = (Time::ZERO, hunt.explored_law()?);
        Orders::new(CATALOGUE, &recipe, law, bounds, (MEMORY, (0, 1)))
    }
}

impl From<Hit> for Failure {
    fn from(broken: Hit) -> Self {
        let by_hand = steps_by_hand(&broken.commands());
        Self {
            law: broken.name().to_owned(),
            reason: broken.reason,
            recipe: broken.recipe,
            at: broken.at,
            by_hand,
        }
    }
}

impl Failure {
    /// Its commands.
    #[must_use]
    pub fn commands(&self) -> Vec<Timed> {
        let texts = self.recipe.commands.iter();
        texts.filter_map(|text| Timed::parse(text).ok()).collect()
    }

    /// The faults that it needs.
    #[must_use]
    pub fn used(&self) -> Budget {
        Budget::used(self.commands().iter().map(|timed| &timed.command), 0)
    }

    /// The smaller, the better as a counterexample.
    #[must_use]
    pub fn rank(&self) -> (u32, usize, Time) {
        (cost(&self.commands()), self.recipe.commands.len(), self.at)
    }
}

/// The steps after a run began to be played by hand; none if it never does.
fn steps_by_hand(commands: &[Timed]) -> Option<u32> {
    let by_hand = |timed: &Timed| timed.command == Command::ByHand(true);
    let from = commands.iter().position(by_hand)?;
    let step = |timed: &&Timed| !is_preparation(&timed.command);
    Some(commands[from..].iter().filter(step).count() as u32)
}

/// What only makes sure that nothing happens by itself.
#[must_use]
pub fn is_preparation(command: &Command) -> bool {
    use faultline_sim::fault::Fault;
    matches!(
        command,
        Command::ByHand(true)
            | Command::Fault(Fault::Loss(None, 0.0) | Fault::Duplication(None, 0.0))
    )
}

/// A search under way.
pub(super) struct Searching {
    search: Search,
    stage: Stage,
    next: u64,
    /// Runs that are still to be shrunk, and the one that is being shrunk.
    found: VecDeque<Hit>,
    shrinking: Option<Shrinking>,
    /// How many runs that broke each law have been found, up to enough.
    candidates: SortedMap<String, usize>,
    best: Option<(u32, usize, Time)>,
    took: u64,
}

enum Stage {
    Begin,
    Random(Box<Hunt>),
    Orders(Box<Orders>),
    Over,
}

impl Searching {
    pub fn new(search: Search) -> Self {
        Self {
            search,
            stage: Stage::Begin,
            next: 0,
            found: VecDeque::new(),
            shrinking: None,
            candidates: SortedMap::new(),
            best: None,
            took: 0,
        }
    }

    fn refused(&mut self, why: String) -> Option<Clue> {
        self.stage = Stage::Over;
        Some(Clue::Refused(why))
    }

    /// One random run.
    fn run(&mut self, hunt: &Hunt) -> Result<Mark, String> {
        let began = clock_us();
        let seen = hunt.seek(self.search.seed(self.next))?;
        let took = clock_us().saturating_sub(began);
        self.next += 1;
        let ending = match (seen.hits.first(), seen.run.world().halted()) {
            (Some(broken), _) => Ending::Broke {
                law: broken.name().to_owned(),
                at: broken.at,
            },
            (None, Some(why)) => Ending::Cut(why.to_owned()),
            (None, None) => Ending::Kept,
        };
        for hit in seen.hits {
            let so_far = self.candidates.get(hit.name()).copied().unwrap_or(0);
            // Faults are the score of a goal: what has fewer than the best is worth a look, too.
            let fewer =
                self.search.goal.is_some() && self.best.is_some_and(|(cost, ..)| hit.cost() < cost);
            if so_far < CANDIDATES || fewer {
                self.candidates.insert(hit.name().to_owned(), so_far + 1);
                self.found.push_back(hit);
            }
        }
        Ok(Mark { ending, took })
    }

    /// Shrinks for a moment what was found: a run that is better than any before, if that makes one.
    fn shrink(&mut self) -> Option<Failure> {
        if self.shrinking.is_none() {
            let found = self.found.pop_front()?;
            self.shrinking = Shrinking::new(CATALOGUE, &found).ok();
        }
        let shrinking = self.shrinking.as_mut()?;
        let goes_on = for_a_moment(|| shrinking.step());
        let best = shrinking.best();
        let better = self.best.is_none_or(|rank| best.rank() < rank);
        let better = better.then(|| best.clone());
        if !goes_on {
            self.shrinking = None;
        }
        better.map(|best| {
            self.best = Some(best.rank());
            best.into()
        })
    }

    /// Whether a way to a goal needs no fault at all: there is no better one to look for.
    fn is_unbeatable(&self) -> bool {
        self.search.goal.is_some() && self.best.is_some_and(|(cost, ..)| cost == 0)
    }

    fn shrinks(&self) -> bool {
        self.shrinking.is_some() || !self.found.is_empty()
    }

    fn begin_orders(&mut self, hunt: &Hunt) -> Option<Clue> {
        // A goal that was reached needs no other way.
        let reached = self.search.goal.is_some() && self.best.is_some();
        let Some(bounds) = self.search.bounds.filter(|_| !reached) else {
            self.stage = Stage::Over;
            return None;
        };
        match self.search.orders(hunt, bounds) {
            Err(why) => self.refused(why),
            Ok(orders) => {
                let progress = progress(&orders, 0);
                self.stage = Stage::Orders(Box::new(orders));
                Some(Clue::Orders(progress))
            }
        }
    }

    fn more_orders(&mut self, mut orders: Box<Orders>) -> Option<Clue> {
        match orders.exploration().stand() {
            Stand::Open => {
                let began = clock_us();
                for_a_moment(|| orders.advance(STEPS) == Stand::Open);
                self.took += clock_us().saturating_sub(began);
                let progress = progress(&orders, self.took);
                self.stage = Stage::Orders(orders);
                Some(Clue::Orders(progress))
            }
            Stand::Broken(_) => match orders.found() {
                Ok(found) => found.map(|found| Clue::Shorter(Box::new(found.into()))),
                Err(why) => self.refused(why),
            },
            Stand::Done { .. } | Stand::Full => None,
        }
    }
}

/// Goes on for a moment, or once where there is no clock; false if there is nothing more to do.
fn for_a_moment(mut step: impl FnMut() -> bool) -> bool {
    let began = clock_us();
    loop {
        if !step() {
            return false;
        }
        if began == 0 || clock_us() - began >= SLICE_US {
            return true;
        }
    }
}

fn progress(orders: &Orders, took: u64) -> Progress {
    Progress {
        tried: orders.tried(),
        bounds: *orders.bounds(),
        took,
    }
}

impl Iterator for Searching {
    type Item = Clue;

    #[inline(never)]
    fn next(&mut self) -> Option<Clue> {
        loop {
            if let Some(failure) = self.shrink() {
                return Some(Clue::Shorter(Box::new(failure)));
            }
            match std::mem::replace(&mut self.stage, Stage::Over) {
                Stage::Begin => match self.search.hunt() {
                    Ok(hunt) => self.stage = Stage::Random(Box::new(hunt)),
                    Err(why) => return self.refused(why),
                },
                Stage::Random(hunt) if self.next < self.search.runs && !self.is_unbeatable() => {
                    let mark = self.run(&hunt);
                    self.stage = Stage::Random(hunt);
                    return match mark {
                        Ok(mark) => Some(Clue::Run(mark)),
                        Err(why) => self.refused(why),
                    };
                }
                Stage::Random(hunt) if self.shrinks() => {
                    self.stage = Stage::Random(hunt);
                    return Some(Clue::Shrinking);
                }
                Stage::Random(hunt) => return self.begin_orders(&hunt),
                Stage::Orders(orders) => return self.more_orders(orders),
                Stage::Over => return None,
            }
        }
    }
}

#[cfg(test)]
mod tests;
