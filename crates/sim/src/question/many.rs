//! Questions about many runs: what is counted, and the count, one part of the work after another.

use serde::{Deserialize, Serialize};

use super::{Answer, Clause, Found, Kind, Question, Until, probe_when};
use crate::descriptor::{Catalogue, Recipe, Setup};
use crate::entries::{Parsed, list};
use crate::explore::{Bounds, NO_LAW, Orders, Stand};
use crate::frame::Life;
use crate::hash::stable_hash;
use crate::process::NodeId;
use crate::search::{Budget, BudgetKind, Hit, Hunt, Sought, hunted_law};
use crate::sorted::sort_by;
use crate::sweep::{MOST_EVENTS, crash_after, ending, recipe_at};
use crate::text::did_you_mean;
use crate::time::{Duration, Time};
use crate::timeline::Run;
use crate::world::{Limits, World};

/// More runs than a person waits for.
const MOST_RUNS: u64 = 10_000;
/// More steps than any exploration gets through.
const MOST_STEPS: u32 = 60;
/// States that an exploration may have, and the memory for those that wait, in bytes.
const STATES: u64 = 2_000_000;
const MEMORY: usize = 64 << 20;
/// Steps of an exploration between two looks at it.
const AT_ONCE: u64 = 100_000;

/// What is counted over many runs of a scenario. The list is closed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Many {
    /// How many random runs break a law.
    Broken {
        /// The law.
        law: String,
        /// Their number: seeds 1 and up of a hunt.
        runs: u64,
        /// The faults that each may have.
        budget: Budget,
    },
    /// Under how many seeds the nodes look different at the scenario's end.
    Endings {
        /// Seeds 1 and up.
        seeds: u64,
    },
    /// Which of several switches, turned on alone, adds most states.
    MostStates(Bounds),
    /// After how many events of a run a crash of one node leaves a probe above a number at the end.
    CrashPoints {
        /// Who crashes.
        node: NodeId,
        /// The probe.
        probe: String,
        /// The number; 0 where none is named.
        above: f64,
        /// Events 1 and up.
        events: u64,
    },
    /// Several scenarios by what a probe reads, the largest mean first.
    Ranked {
        /// The probe.
        probe: String,
        /// The instant.
        at: Duration,
        /// Seeds of each scenario, 1 and up.
        seeds: u64,
    },
}

impl Many {
    /// What follows `broken`, `endings`, `ranked`, `crash-points` or `most-states` in a file.
    pub(super) fn read(word: &str, rest: &str) -> Parsed<Self> {
        Ok(match word {
            "broken" => {
                let form = "write `broken LAW of 200 runs within 1 crash, 2 drops`";
                let (count, within) = rest.split_once(" within ").ok_or(form)?;
                let (law, runs) = count.split_once(" of ").ok_or(form)?;
                Self::Broken {
                    law: law.trim().to_owned(),
                    runs: runs_of(runs, [" runs", " run"], form)?,
                    budget: budget(within)?,
                }
            }
            "endings" => {
                let form = "write `endings of 200 seeds`";
                let seeds = rest.strip_prefix("of ").ok_or(form)?;
                let seeds = runs_of(seeds, [" seeds", " seed"], form)?;
                Self::Endings { seeds }
            }
            "crash-points" => {
                let form = "write `crash-points of n1 with PROBE > 1 among 16 events`";
                let rest = rest.strip_prefix("of ").ok_or(form)?;
                let (node, rest) = rest.split_once(" with ").ok_or(form)?;
                let (probe, events) = rest.split_once(" among ").ok_or(form)?;
                let events = runs_of(events, [" events", " event"], form)?;
                let (probe, above) = probe.split_once('>').unwrap_or((probe, "0"));
                let above = above.trim().parse::<f64>().map_err(|_| form)?;
                if events > MOST_EVENTS {
                    return Err(format!("{events} are not 1 to {MOST_EVENTS} events"));
                }
                Self::CrashPoints {
                    node: NodeId::parse(node.trim())?,
                    probe: probe.trim().to_owned(),
                    above,
                    events,
                }
            }
            "ranked" => {
                let form = "write `ranked PROBE at 10s over 5 seeds`";
                let (what, seeds) = rest.split_once(" over ").ok_or(form)?;
                let (probe, at) = what.split_once(" at ").ok_or(form)?;
                Self::Ranked {
                    probe: probe.trim().to_owned(),
                    at: Duration::parse(at.trim())?,
                    seeds: runs_of(seeds, [" seeds", " seed"], form)?,
                }
            }
            _ => {
                let form = "write `most-states within 1 crash, depth 8`";
                Self::MostStates(bounds(rest.strip_prefix("within ").ok_or(form)?)?)
            }
        })
    }

    /// How many runs there are, of each scenario if there are several; none where states are counted.
    #[must_use]
    pub fn runs(&self) -> Option<u64> {
        match self {
            Self::Broken { runs: count, .. }
            | Self::Endings { seeds: count }
            | Self::Ranked { seeds: count, .. }
            | Self::CrashPoints { events: count, .. } => Some(*count),
            Self::MostStates(_) => None,
        }
    }

    /// The same with at most so many runs: enough to see that it works.
    #[must_use]
    pub fn at_most(mut self, most: u64) -> Self {
        if let Self::Broken { runs: count, .. }
        | Self::Endings { seeds: count }
        | Self::Ranked { seeds: count, .. }
        | Self::CrashPoints { events: count, .. } = &mut self
        {
            *count = most.min(*count);
        }
        self
    }
}

fn runs_of(text: &str, words: [&str; 2], form: &str) -> Parsed<u64> {
    let count = words.iter().find_map(|word| text.trim().strip_suffix(word));
    let count: u64 = count.and_then(|count| count.parse().ok()).ok_or(form)?;
    if (1..=MOST_RUNS).contains(&count) {
        Ok(count)
    } else {
        Err(format!("{count} are not 1 to {MOST_RUNS} runs"))
    }
}

/// `1 crash, 2 drops`
fn budget(text: &str) -> Parsed<Budget> {
    let mut budget = Budget::NONE;
    for part in list(text, ",") {
        let (count, kind) = part.split_once(' ').ok_or("write `1 crash, 2 drops`")?;
        let count: u32 = number(count)?;
        *budget.of_mut(fault(kind.trim())?) = count;
    }
    Ok(budget)
}

fn fault(word: &str) -> Parsed<BudgetKind> {
    let all = BudgetKind::ALL.iter();
    let found = all
        .clone()
        .find(|(_, one, many)| [*one, *many].contains(&word));
    found.map(|(kind, ..)| *kind).ok_or_else(|| {
        let hint = did_you_mean(word, all.map(|(.., many)| *many));
        format!("`{word}` is no fault of a budget; {hint}")
    })
}

/// `1 crash, depth 8, 2 timers, 1 request`
fn bounds(text: &str) -> Parsed<Bounds> {
    let mut bounds = Bounds {
        states: STATES,
        ..Bounds::default()
    };
    let mut deep = false;
    for part in list(text, ",") {
        match part.split_once(' ') {
            Some(("depth", depth)) => {
                bounds.depth = number(depth)?;
                deep = (1..=MOST_STEPS).contains(&bounds.depth);
            }
            Some((count, "timer" | "timers")) => bounds.timers = Some(number(count)?),
            Some((count, "request" | "requests")) => bounds.requests = Some(number(count)?),
            Some((count, kind)) => *bounds.budget.of_mut(fault(kind)?) = number(count)?,
            None => return Err(format!("`{part}` is no bound: write `1 crash, depth 8`")),
        }
    }
    match deep {
        true => Ok(bounds),
        false => Err(format!("say how deep: `depth 8`, from 1 to {MOST_STEPS}")),
    }
}

fn number(text: &str) -> Parsed<u32> {
    let number = text.trim().parse();
    number.map_err(|_| format!("`{text}` is no whole number"))
}

/// A count, as data that a worker can take up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tally {
    /// The run, up to what differs.
    pub recipe: Recipe,
    /// What is counted.
    pub many: Many,
    /// The switches or scenarios that are compared, if any are.
    pub compared: Vec<String>,
}

/// A part of a count.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Part {
    /// A random run, and whether it broke the law.
    Run {
        /// Its seed.
        seed: u64,
        /// Whether it did.
        broken: bool,
    },
    /// How a run ended.
    Ending {
        /// Its seed.
        seed: u64,
        /// Equal where the nodes look the same.
        picture: u64,
    },
    /// A run with one crash.
    Crash {
        /// After so many events.
        after: u64,
        /// Whether the probe was above the number at the end.
        above: bool,
    },
    /// An exploration.
    States {
        /// The switch that was on; none: all were off.
        switch: Option<String>,
        /// Different states within the bounds.
        states: u64,
        /// Whether these are all.
        all: bool,
    },
    /// What a probe read in a run of a scenario.
    Measured {
        /// The scenario, without its protocol.
        scenario: String,
        /// Its seed.
        seed: u64,
        /// None: it had no value.
        value: Option<f64>,
    },
}

impl Tally {
    /// The count that a question asks for; none if it asks for something else.
    #[must_use]
    pub fn of(recipe: &Recipe, question: &Question) -> Option<Self> {
        let Answer::Many(many) = &question.answer else {
            return None;
        };
        let compared = match (many, &question.kind) {
            (Many::MostStates(_), Kind::Choice(options)) => {
                options.iter().map(|(key, _)| key.clone()).collect()
            }
            (Many::Ranked { .. }, Kind::Order(cards)) => {
                let scenario = |clause: &Clause| match clause {
                    Clause::Run(scenario) => Some(scenario.clone()),
                    _ => None,
                };
                cards.iter().filter_map(|(of, _)| scenario(of)).collect()
            }
            _ => Vec::new(),
        };
        Some(Self {
            recipe: recipe.clone(),
            many: many.clone(),
            compared,
        })
    }

    /// How many parts there are.
    #[must_use]
    pub fn parts(&self) -> u64 {
        let compared = self.compared.len() as u64;
        match (&self.many, self.many.runs()) {
            (Many::Ranked { .. }, Some(seeds)) => seeds * compared,
            (_, Some(runs)) => runs,
            (_, None) => 1 + compared,
        }
    }

    /// One of them, from 0.
    ///
    /// # Errors
    /// One sentence: there is no such run, or it was cut off.
    pub fn part(&self, catalogue: Catalogue, at: u64) -> Result<Part, String> {
        let seed = at + 1;
        match &self.many {
            Many::Broken { .. } => {
                let broken = self.broken(catalogue, seed)?.1.is_some();
                Ok(Part::Run { seed, broken })
            }
            Many::Endings { .. } => {
                let setup = catalogue.setup(&recipe_at(&self.recipe, None, seed))?;
                let picture = picture(&setup)?;
                Ok(Part::Ending { seed, picture })
            }
            Many::CrashPoints {
                node, probe, above, ..
            } => {
                let after = at + 1;
                let setup = catalogue.setup(&crash_after(&self.recipe, *node, after))?;
                let above = ending(&setup, setup.until(), probe)?
                    .value
                    .is_some_and(|value| value > *above);
                Ok(Part::Crash { after, above })
            }
            Many::MostStates(bounds) => {
                let on = at.checked_sub(1).map(|at| at as usize);
                let on = on.and_then(|at| self.compared.get(at));
                self.states(catalogue, on, *bounds)
            }
            Many::Ranked { probe, at, seeds } => {
                let (nth, seed) = ((seed - 1) / seeds, (seed - 1) % seeds + 1);
                let scenario = self.compared.get(nth as usize).ok_or("no such scenario")?;
                self.measured(catalogue, scenario, seed, (probe, *at))
            }
        }
    }

    /// A random run as anybody can open it, and how it broke the law, if it did.
    ///
    /// # Errors
    /// One sentence, if there is no such run or no law is asked for.
    pub fn broken(&self, catalogue: Catalogue, seed: u64) -> Result<(Recipe, Option<Hit>), String> {
        let Many::Broken { law, budget, .. } = &self.many else {
            return Err("no law is asked for".into());
        };
        let (protocol, scenario) = catalogue.find(&self.recipe.scenario)?;
        let preset = self.recipe.preset.as_deref();
        let hunt = Hunt {
            scenario: Some(scenario),
            preset: preset.map(|name| protocol.preset(name)).transpose()?,
            params: self.recipe.params.clone(),
            switches: self.recipe.switches.clone(),
            budget: Some(*budget),
            sought: Sought::Law(hunted_law(protocol, law)?),
            ..Hunt::new(catalogue, protocol)
        };
        let run: Run = hunt.play(seed)?;
        let recipe = run.setup().recipe_with(&run.commands());
        Ok((recipe, hunt.broken(&run).into_iter().next()))
    }

    fn states(
        &self,
        catalogue: Catalogue,
        on: Option<&String>,
        bounds: Bounds,
    ) -> Result<Part, String> {
        let mut recipe = self.recipe.clone();
        for switch in &self.compared {
            recipe.switches.insert(switch.clone(), on == Some(switch));
        }
        let from = (Time::ZERO, Some(NO_LAW));
        let mut orders = Orders::new(catalogue, &recipe, from, bounds, (MEMORY, (0, 1)))?;
        while orders.advance(AT_ONCE) == Stand::Open {}
        let tried = orders.tried();
        Ok(Part::States {
            switch: on.cloned(),
            states: tried.states,
            all: tried.all && tried.cut == 0,
        })
    }

    /// Each scenario has settings of its own, so those of the present run say nothing about it.
    fn measured(
        &self,
        catalogue: Catalogue,
        scenario: &str,
        seed: u64,
        (probe, at): (&str, Duration),
    ) -> Result<Part, String> {
        let protocol = self.recipe.scenario.split('/').next().unwrap_or_default();
        let setup = catalogue.setup(&Recipe::new(&format!("{protocol}/{scenario}"), seed))?;
        let until = Until(vec![vec![Clause::At(at)]]);
        Ok(Part::Measured {
            scenario: scenario.to_owned(),
            seed,
            value: probe_when(&setup, (&Until::default(), &until), probe)?,
        })
    }

    /// The scenarios that are compared with their means, in the order of the question.
    #[must_use]
    pub fn means(&self, parts: &[Part]) -> Vec<(String, Option<f64>)> {
        let mean = |name: &String| {
            let own = parts.iter().filter_map(|part| match part {
                Part::Measured {
                    scenario, value, ..
                } if scenario == name => *value,
                _ => None,
            });
            let own: Vec<f64> = own.collect();
            let mean = own.iter().sum::<f64>() / own.len() as f64;
            (name.clone(), (!own.is_empty()).then_some(mean))
        };
        self.compared.iter().map(mean).collect()
    }

    /// The run behind a part, by its seed, or by the events before its crash.
    #[must_use]
    pub fn run_of(&self, number: u64) -> Recipe {
        match &self.many {
            Many::CrashPoints { node, .. } => crash_after(&self.recipe, *node, number),
            _ => recipe_at(&self.recipe, None, number),
        }
    }

    /// What so many parts say.
    #[must_use]
    pub fn found(&self, parts: &[Part]) -> Found {
        match self.many {
            Many::Broken { .. } => {
                let broken = parts.iter().filter(|part| part.is_broken());
                Found::Number(broken.count() as f64)
            }
            Many::Endings { .. } => Found::Number(endings(parts).len() as f64),
            Many::CrashPoints { .. } => Found::Number(crash_points(parts).len() as f64),
            Many::MostStates(_) => most_states(parts),
            Many::Ranked { .. } => {
                let means = self.means(parts).into_iter().enumerate();
                let mut cards: Vec<(usize, f64)> = means
                    .filter_map(|(card, (_, mean))| Some((card, mean?)))
                    .collect();
                sort_by(&mut cards, |(_, a), (_, b)| b.total_cmp(a));
                Found::Order(cards.into_iter().map(|(card, _)| card).collect())
            }
        }
    }

    /// Counts all parts.
    ///
    /// # Errors
    /// The sentence of the first part that cannot be had.
    pub fn count(&self, catalogue: Catalogue) -> Result<Vec<Part>, String> {
        (0..self.parts())
            .map(|at| self.part(catalogue, at))
            .collect()
    }
}

impl Part {
    /// Whether it is a run that broke the law.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        matches!(self, Self::Run { broken: true, .. })
    }
}

/// The events after which a crash left the probe above the number.
#[must_use]
pub fn crash_points(parts: &[Part]) -> Vec<u64> {
    let points = parts.iter().filter_map(|part| match part {
        Part::Crash { after, above: true } => Some(*after),
        _ => None,
    });
    points.collect()
}

/// The endings in the order in which they were first met, each with its seeds.
#[must_use]
pub fn endings(parts: &[Part]) -> Vec<Vec<u64>> {
    let mut found: Vec<(u64, Vec<u64>)> = Vec::new();
    for part in parts {
        let Part::Ending { seed, picture } = part else {
            continue;
        };
        match found.iter_mut().find(|(known, _)| known == picture) {
            Some((_, seeds)) => seeds.push(*seed),
            None => found.push((*picture, vec![*seed])),
        }
    }
    found.into_iter().map(|(_, seeds)| seeds).collect()
}

/// The switch that adds more states than any other; nothing if none does, or if some states are missing.
fn most_states(parts: &[Part]) -> Found {
    let mut counted: Vec<(Option<&String>, u64)> = Vec::new();
    for part in parts {
        match part {
            Part::States {
                switch,
                states,
                all: true,
            } => counted.push((switch.as_ref(), *states)),
            _ => return Found::Nothing,
        }
    }
    let most = counted.iter().map(|(_, states)| *states).max();
    let mut best = counted.iter().filter(|(_, states)| Some(*states) == most);
    match (best.next(), best.next()) {
        (Some((Some(switch), _)), None) => Found::Word((*switch).clone()),
        _ => Found::Nothing,
    }
}

/// A number for what the nodes show on the stage at the scenario's end.
fn picture(setup: &Setup) -> Result<u64, String> {
    let mut run = Run::checked(setup, Limits::of_hunt())?;
    run.run_within(setup.until(), u64::MAX);
    match run.world().halted() {
        Some(why) => Err(why.to_owned()),
        None => Ok(stable_hash(&shown(run.world()))),
    }
}

/// What a person sees of each node at a glance: whether it is up, its label, the words in it and beside
/// it, and its colour. Times, timers and counts of messages are no part of it.
fn shown(world: &World) -> Vec<impl std::hash::Hash> {
    let node = |id| {
        let frame = world.node_frame(id);
        let life = match frame.life {
            Life::Up => 0_u8,
            Life::Down { .. } => 1,
            Life::Paused { .. } => 2,
        };
        let inside = frame.inside.map(|word| word.as_str().to_owned());
        let words = (frame.label, inside, frame.chips);
        (frame.id, life, words, frame.colour)
    };
    world.ids().map(node).collect()
}

/// What many runs answer.
///
/// # Errors
/// One sentence, if the question is about one run, or there is no such run.
pub fn count(catalogue: Catalogue, recipe: &Recipe, question: &Question) -> Result<Found, String> {
    let tally = Tally::of(recipe, question).ok_or("nothing is counted over many runs")?;
    Ok(tally.found(&tally.count(catalogue)?))
}
