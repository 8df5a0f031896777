//! `faultline hunt --goal`: the shortest way to a goal, or what was tried.

use std::fmt::Write;

use faultline_protocols::questions;
use faultline_sim::descriptor::{Catalogue, Protocol, Recipe};
use faultline_sim::explore::{Orders, Stand};
use faultline_sim::question::Question;
use faultline_sim::search::{Budget, Goal, Hit, Hunt, shortest};
use faultline_sim::text::{counted, did_you_mean};
use faultline_sim::time::Time;
use serde_json::{Map, Value as Json, json};

use super::line::Shrunk;
use super::{BUDGET, orders};
use crate::arguments::Given;
use crate::choice::{instant, params, seed, switches};
use crate::output::Output;
use crate::progress::Progress;
use crate::{BROKEN, FINE, Outcome, sweep, workers};

/// The default number of schedules.
const SEEDS: &str = "0..400";
/// Bytes for the states of an exploration that wait.
const MEMORY: usize = 1 << 30;

/// Flags of other hunts, and why they mean nothing here.
const FOREIGN: [(&str, &str); 4] = [
    ("--invariant", "the goal says what to look for"),
    ("--expect-violation", "the goal says what to look for"),
    ("--jsonl", "a search for a goal has no parts; use --json"),
    ("--exhaustive", "the orders of events follow by themselves"),
];

/// A search for a way to a goal.
///
/// # Errors
/// One sentence naming the wrong word.
pub fn run(catalogue: Catalogue, given: &Given, out: &mut Output) -> Outcome<u8> {
    refuse(given)?;
    let (recipe, goal) = wanted(catalogue, given)?;
    let sought = Goal::of(&goal).ok_or_else(|| format!("`{}` is no goal", goal.id))?;
    let mut hunt = Hunt::of_goal(catalogue, &recipe, sought)?;
    if let Some(text) = given.value("--until") {
        hunt.until = Some(instant(text)?);
    }
    let seeds = sweep::seeds(Some(given.value("--seeds").unwrap_or(SEEDS)))?;
    let threads = workers::threads(given.value("--threads"))?;
    let runs = seeds.end - seeds.start;
    let mut progress = Progress::start(runs);
    let mut hits: Vec<(u64, Hit)> = Vec::new();
    let one = |seed| hunt.seek(seed).map(|seen| (seed, seen.hits));
    workers::in_order(seeds, threads, one, |found| {
        progress.advance();
        let (seed, found) = found?;
        hits.extend(found.into_iter().map(|hit| (seed, hit)));
        Ok(!out.is_closed())
    })?;
    progress.end();
    let told = Told {
        recipe: &recipe,
        goal: &goal,
        hunt: &hunt,
        runs,
        first: hits.first().map(|(seed, _)| *seed),
        reached: hits.len(),
        way: way(catalogue, hits)?,
        orders: None,
    };
    let told = Told {
        orders: told
            .way
            .is_none()
            .then(|| explored(catalogue, &hunt, &recipe)),
        ..told
    };
    match given.has("--json") {
        true => out.line(&told.json().to_string())?,
        false => out.text(&told.text())?,
    }
    let found = told.way.is_some();
    Ok(if found == goal.never.is_none() {
        FINE
    } else {
        BROKEN
    })
}

fn refuse(given: &Given) -> Outcome {
    if let Some((name, why)) = FOREIGN.iter().find(|(name, _)| given.has(name)) {
        return Err(format!("`{name}` does not go with --goal: {why}"));
    }
    let budget = BUDGET.iter().map(|(_, name)| *name);
    if let Some(name) = budget.clone().find(|name| given.has(name)) {
        return Err(format!(
            "`{name}` does not go with --goal: the goal says how many faults there may be"
        ));
    }
    let own = orders::FLAGS.iter().map(|flag| flag.name);
    match own
        .into_iter()
        .find(|name| *name != "--seed" && given.has(name))
    {
        Some(name) => Err(format!("`{name}` needs --exhaustive")),
        None => Ok(()),
    }
}

/// The goal and its run.
fn wanted(catalogue: Catalogue, given: &Given) -> Outcome<(Recipe, Question)> {
    given.at_most(1, "hunt takes one protocol or scenario")?;
    let name = given.words.first().ok_or(
        "hunt needs a scenario, for example: faultline hunt raft/kill-the-leader --goal two-at-once",
    )?;
    let (protocol, scenario) = catalogue.find(name)?;
    let here = name.contains('/').then_some(scenario.id);
    let goal = goal(protocol, here, given.value("--goal").unwrap_or_default())?;
    let mut recipe = Recipe::new(&format!("{}/{}", protocol.id, goal.scenario), 1);
    recipe.preset = given.value("--preset").map(str::to_owned);
    recipe.params = params(given)?;
    recipe.switches = switches(given)?;
    if let Some(text) = given.value("--seed") {
        recipe.seed = seed(text)?.to_string();
    }
    Ok((recipe, goal))
}

/// The goal of this name, of one scenario or of any.
fn goal(protocol: &Protocol, here: Option<&str>, name: &str) -> Outcome<Question> {
    let all = questions(protocol)?;
    let is_here = |question: &&Question| here.is_none_or(|here| question.scenario == here);
    let goals = || all.iter().filter(|question| question.is_goal());
    if let Some(found) = goals().filter(is_here).find(|goal| goal.id == name) {
        return Ok(found.clone());
    }
    let of = here.map_or(protocol.id.to_owned(), |here| {
        format!("{}/{here}", protocol.id)
    });
    match all.iter().find(|question| question.id == name) {
        Some(other) if other.is_goal() => Err(format!(
            "`{name}` is a goal of {}/{}",
            protocol.id, other.scenario
        )),
        Some(_) => Err(format!(
            "`{name}` is a question and no goal: `faultline ask` answers it"
        )),
        None if goals().filter(is_here).count() == 0 => Err(format!("{of} has no goals")),
        None => {
            let names = goals().filter(is_here).map(|goal| goal.id.as_str());
            Err(format!(
                "{of} has no goal `{name}`; {}",
                did_you_mean(name, names)
            ))
        }
    }
}

/// The best of the runs that reached it: of those with the fewest faults, the first few are shrunk.
fn way(catalogue: Catalogue, mut hits: Vec<(u64, Hit)>) -> Outcome<Option<Way>> {
    hits.sort_by_key(|(_, hit)| hit.cost());
    let all: Vec<Hit> = hits.iter().map(|(_, hit)| hit.clone()).collect();
    if all.is_empty() {
        return Ok(None);
    }
    let hit = shortest(catalogue, &all)?;
    let used = Budget::used(hit.commands().iter().map(|timed| &timed.command), 0);
    let run = Shrunk::new(catalogue, &hit, hit.recipe.commands.len())?;
    Ok(Some(Way { used, run }))
}

/// What trying every order of events says about the goal.
fn explored(catalogue: Catalogue, hunt: &Hunt, recipe: &Recipe) -> Outcome<String> {
    let law = (Time::ZERO, hunt.explored_law()?);
    let bounds = hunt.bounds();
    let mut orders = Orders::new(catalogue, recipe, law, bounds, (MEMORY, (0, 1)))?;
    while orders.advance(5_000) == Stand::Open {}
    let mut text = orders.tried().sentence(orders.bounds());
    if let Some(found) = orders.found()? {
        write!(text, "\n  {found}").map_err(|error| error.to_string())?;
    }
    Ok(text)
}

/// The best way.
struct Way {
    used: Budget,
    run: Shrunk,
}

/// What is told about a search.
struct Told<'t> {
    recipe: &'t Recipe,
    goal: &'t Question,
    hunt: &'t Hunt,
    runs: u64,
    first: Option<u64>,
    reached: usize,
    way: Option<Way>,
    /// What all orders of events say, or why they say nothing.
    orders: Option<Outcome<String>>,
}

impl Told<'_> {
    fn text(&self) -> String {
        let Self { goal, hunt, .. } = self;
        let mut text = format!("{}: {}\n{}\n", self.recipe.scenario, goal.id, goal.ask);
        text += &hunt.runs_text(self.runs);
        match (&self.way, self.first) {
            (Some(way), Some(first)) => {
                let runs = counted(self.reached as u64, "run", "runs");
                text += &format!(
                    ": reached in {runs}, first with seed {first}.\n\n  {}\n  {}\n",
                    way.length(),
                    way.run.command
                );
            }
            _ => text += ": not reached.\n",
        }
        for sentence in hunt.left_out().iter().chain(self.orders()) {
            text += &format!("{sentence}\n");
        }
        if let Some(never) = goal.never.as_ref().filter(|_| self.way.is_none()) {
            text += &format!("\n{never}\n");
        }
        text
    }

    fn orders(&self) -> Option<&String> {
        match self.orders.as_ref()? {
            Ok(text) | Err(text) => Some(text),
        }
    }

    fn json(&self) -> Json {
        let mut told = Map::new();
        let mut say = |key: &str, value: Json| told.insert(key.to_owned(), value);
        say("scenario", self.recipe.scenario.as_str().into());
        say("goal", self.goal.id.as_str().into());
        say("ask", self.goal.ask.as_str().into());
        say("allowed", self.goal.budget.into());
        say("runs", self.runs.into());
        say("reached", self.reached.into());
        if let (Some(way), Some(first)) = (&self.way, self.first) {
            say("seed", first.to_string().into());
            say("faults", way.run.faults.into());
            say("budget", json!(way.used));
            say("commands", json!(way.run.commands));
            say("at_us", way.run.at_us.into());
            say("command", way.run.command.as_str().into());
            say("link", way.run.link.as_str().into());
        }
        if let Some(left_out) = self.hunt.left_out() {
            say("left_out", left_out.into());
        }
        if let Some(orders) = self.orders() {
            say("orders", orders.as_str().into());
        }
        if let Some(never) = &self.goal.never {
            say("never", never.as_str().into());
        }
        told.into()
    }
}

impl Way {
    fn length(&self) -> String {
        let commands = match self.run.commands.len() {
            0 => "no commands".into(),
            kept => counted(kept as u64, "command", "commands"),
        };
        let at = Time(self.run.at_us);
        format!("Shortest way: {}, {commands}, at {at}.", self.used.text())
    }
}
