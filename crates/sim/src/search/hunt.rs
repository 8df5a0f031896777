//! A hunt after broken laws or ways to a goal: runs of a protocol under random faults, each from one seed.

use super::goals;
use super::{Beginning, Budget, BudgetKind, Chaos, Goal, Hit, Playable, Sought, Swarm, Watched};
use crate::descriptor::{Catalogue, Preset, Protocol, Recipe, Scenario, Setup};
use crate::frame::{Light, VerdictFrame};
use crate::invariant::Expectation;
use crate::rng::Rng;
use crate::settings::Switch;
use crate::sorted::SortedMap;
use crate::text::{and_list, did_you_mean};
use crate::time::Time;
use crate::timeline::Run;
use crate::world::{Limits, World};

/// Events that one command of a hunt may be followed by.
const MOVES: u64 = 20_000;

/// The line that makes a run again on the command line, up to an instant.
#[must_use]
pub fn run_line(recipe: &Recipe, until: Time) -> String {
    line("run", recipe, until)
}

/// The same for another verb of `faultline`.
pub(super) fn line(verb: &str, recipe: &Recipe, until: Time) -> String {
    let Recipe {
        scenario,
        preset,
        seed,
        params,
        switches,
        commands,
        ..
    } = recipe;
    let mut line = format!("faultline {verb} {scenario} --seed {seed}");
    if let Some(preset) = preset {
        line += &format!(" --preset {preset}");
    }
    for (name, value) in params.iter() {
        line += &format!(" --param {name}={value}");
    }
    for (name, on) in switches.iter() {
        line += &format!(" --switch {name}={}", if *on { "on" } else { "off" });
    }
    line += &format!(" --until {}us", until.0);
    for command in commands {
        line += &format!(" --command '{command}'");
    }
    line
}

/// A run of a hunt.
pub struct Seen {
    /// What was found in it: broken laws in the order in which they broke, or a goal.
    pub hits: Vec<Hit>,
    /// The run at its end.
    pub run: Run,
}

/// What is hunted: a protocol, and as much of its runs as the person fixes.
#[derive(Clone)]
pub struct Hunt {
    /// All protocols.
    pub catalogue: Catalogue,
    /// The one that is tried.
    pub protocol: &'static Protocol,
    /// The scenario of all runs. If none, half of the seeds begin with the protocol's first one and
    /// three to five nodes, half with any scenario and its script, since what authors show is near to
    /// what can go wrong.
    pub scenario: Option<&'static Scenario>,
    /// The position of all switches; if none, that of the scenario, or the protocol's first.
    pub preset: Option<&'static Preset>,
    /// Parameters in the place of what a seed would draw.
    pub params: SortedMap<String, String>,
    /// Switches other than the preset's.
    pub switches: SortedMap<String, bool>,
    /// The faults that a run may have besides those of its scenario; if none, any number of any kind.
    pub budget: Option<Budget>,
    /// Whether requests may be made besides those of the scenario.
    pub asks: bool,
    /// What it is after: a run goes on until it has that.
    pub sought: Sought,
    /// The seed of all worlds; if none, each has that of its faults.
    pub world: Option<u64>,
    /// Where runs end; if none, after some 150 messages one after another: time for several elections.
    pub until: Option<Time>,
}

impl Hunt {
    /// A protocol with nothing fixed.
    #[must_use]
    pub fn new(catalogue: Catalogue, protocol: &'static Protocol) -> Self {
        Self {
            catalogue,
            protocol,
            scenario: None,
            preset: None,
            params: SortedMap::new(),
            switches: SortedMap::new(),
            budget: None,
            asks: true,
            sought: Sought::AnyLaw,
            world: None,
            until: None,
        }
    }

    /// The hunt that shows what a rule protects: with the rule off, or as it is otherwise. None if the
    /// rule is not one of safety, or no correct preset has it on.
    #[must_use]
    pub fn of_guard(
        catalogue: Catalogue,
        protocol: &'static Protocol,
        rule: &Switch,
    ) -> Option<Self> {
        let guard = rule.guard?;
        let find = |id| protocol.scenarios.iter().find(|scenario| scenario.id == id);
        let scenario = match guard.scenario {
            Some(id) => Some(find(id)?),
            None => None,
        };
        let correct = |preset: &&Preset| preset.breaks.is_none() && protocol.switched(preset, rule);
        let own = scenario.and_then(|scenario| protocol.preset(scenario.preset).ok());
        let preset = match guard.preset {
            Some(name) => Some(protocol.preset(name).ok()?),
            // Its switches are the scenario's own, too.
            None if own.as_ref().is_some_and(correct) => None,
            None => Some(protocol.presets.iter().find(correct)?),
        };
        let text = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Some(Self {
            scenario,
            preset,
            params: guard.params.iter().map(text).collect(),
            switches: [(rule.name.to_owned(), false)].into_iter().collect(),
            budget: Some(guard.budget),
            sought: Sought::Law(guard.law),
            ..Self::new(catalogue, protocol)
        })
    }

    /// The preset of all runs.
    #[must_use]
    pub fn chosen_preset(&self) -> &'static Preset {
        let of_scenario = || self.protocol.preset(self.scenario?.preset).ok();
        let chosen = self.preset.or_else(of_scenario);
        chosen.unwrap_or(&self.protocol.presets[0])
    }

    /// One run under random faults, and what was found in it.
    ///
    /// # Errors
    /// A sentence, if the run cannot be set up.
    pub fn seek(&self, seed: u64) -> Result<Seen, String> {
        let Sought::Goal(goal) = &self.sought else {
            let run: Run = self.play(seed)?;
            let hits = self.broken(&run);
            return Ok(Seen { hits, run });
        };
        let (setup, swarm) = self.prepare(seed)?;
        let mut run = Watched::begin(&setup, Limits::of_hunt(), goal)?;
        // A goal may lie at an instant, which all runs have to reach.
        self.drive(&swarm, seed, &mut run, (u64::MAX, |run| !run.is_over()));
        Ok(Seen {
            hits: run.hit().into_iter().collect(),
            run: run.into_run(),
        })
    }

    /// One run under random faults, whatever is found in it; no goal is watched for.
    ///
    /// # Errors
    /// A sentence, if the run cannot be set up.
    pub fn play<R: Beginning>(&self, seed: u64) -> Result<R, String> {
        let (setup, swarm) = self.prepare(seed)?;
        let mut run = R::begin(setup, Limits::of_hunt())?;
        let goes_on = |run: &R| match self.sought {
            Sought::Law(law) => !is_broken(run.world(), law),
            Sought::AnyLaw => !all_broken(run.world()),
            Sought::Goal(_) => true,
        };
        self.drive(&swarm, seed, &mut run, (MOVES, goes_on));
        Ok(run)
    }

    /// A run before anything has happened, and what will be done to it.
    fn prepare(&self, seed: u64) -> Result<(Setup, Swarm), String> {
        let mut rng = Rng::stream(seed, "hunt", 0);
        let setup = self.setup(seed, &mut rng)?;
        let protocol = self.protocol;
        let hop = setup.scenario.link.unwrap_or(protocol.link).latency.mean();
        let wide = self.goal().is_some() && self.budget.is_some();
        let swarm = Swarm {
            chaos: Chaos {
                nodes: (protocol.nodes)(&setup.settings),
                until: self.until.unwrap_or(Time(hop.0 * 150)),
                commands: rng.between(1, 80) as u32,
                timers: protocol.aligns.into_iter().collect(),
                hop,
                forges: protocol.forges,
                without: self.without().to_vec(),
                wide,
            },
            requests: match self.asks {
                true => protocol.requests,
                false => &[],
            },
            script: Vec::new(),
            actors: Vec::new(),
            moments: Vec::new(),
        };
        let swarm = match wide {
            true => goals::of_script(swarm, &setup),
            false => swarm,
        };
        Ok((setup, swarm))
    }

    pub(super) fn goal(&self) -> Option<&Goal> {
        match &self.sought {
            Sought::Goal(goal) => Some(goal),
            Sought::AnyLaw | Sought::Law(_) => None,
        }
    }

    /// The verbs that are left out. A law holds within what was promised; what a person does for a goal is
    /// theirs to choose.
    fn without(&self) -> &'static [&'static str] {
        match self.goal() {
            Some(goal) if !goal.never => &[],
            _ => self.protocol.unsupported_faults,
        }
    }

    /// Plays a run to its end by at most so many moves between two commands, as long as it is one of
    /// interest.
    fn drive<R: Playable>(
        &self,
        swarm: &Swarm,
        seed: u64,
        run: &mut R,
        (moves, goes_on): (u64, impl Fn(&R) -> bool),
    ) {
        match &self.budget {
            Some(budget) => swarm.play_within(budget, seed, run, moves, goes_on),
            None => swarm.play_while(seed, run, moves, goes_on),
        }
    }

    /// The laws that count here and that a run has broken, in the order in which it broke them.
    #[must_use]
    pub fn broken(&self, run: &impl Playable) -> Vec<Hit> {
        let mut found = match self.sought.law() {
            // One that is asked for by name may be known to break.
            Some(law) => hits(run, |verdict| verdict.name == law),
            None => broken(run),
        };
        for hit in &mut found {
            hit.end = self.until;
        }
        found
    }

    /// A remark if the budget names faults that the protocol does not promise to bear: the hunt leaves
    /// them out.
    #[must_use]
    pub fn left_out(&self) -> Option<String> {
        let without = self.without();
        let in_vain = |kind: &BudgetKind| kind.verbs().iter().all(|verb| without.contains(verb));
        let budget = match self.budget {
            None if self.goal().is_some() => Some(Budget::any(1)),
            budget => budget,
        };
        let kinds = budget.iter().flat_map(Budget::kinds);
        let kinds: Vec<BudgetKind> = kinds.map(|(kind, _)| kind).filter(in_vain).collect();
        if kinds.is_empty() {
            return None;
        }
        let words = and_list(kinds.into_iter().map(BudgetKind::plural));
        let title = self.protocol.title;
        Some(format!(
            "{title} does not promise to tolerate {words}, so the hunt leaves them out."
        ))
    }

    fn setup(&self, seed: u64, rng: &mut Rng) -> Result<Setup, String> {
        let protocol = self.protocol;
        let any = rng.chance(0.5);
        let own = protocol.scenarios.iter();
        let own = own.filter(|own| own.hunted && own.among.is_empty());
        let own: Vec<&Scenario> = own.collect();
        let drawn = rng.pick(&own).copied().filter(|_| any);
        let scenario = self.scenario.or(drawn).unwrap_or(&protocol.scenarios[0]);
        let name = format!("{}/{}", protocol.id, scenario.id);
        let mut recipe = Recipe::new(&name, self.world.unwrap_or(seed));
        let preset = match (self.preset, self.scenario) {
            (None, None) => Some(&protocol.presets[0]),
            (preset, _) => preset,
        };
        recipe.preset = preset.map(|preset| preset.name.to_owned());
        recipe.params = self.params.clone();
        recipe.switches = self.switches.clone();
        let size = protocol.sized_by;
        let sized = protocol.params.iter().any(|param| param.name == size);
        // A thousand nodes break nothing that five do not, and take two hundred times as long.
        let large = self.catalogue.setup(&recipe)?;
        let large = (protocol.nodes)(&large.settings) > MOST_NODES;
        if sized && (scenario.params.is_empty() || large) {
            let nodes = rng.between(3, 5).to_string();
            if self.scenario.is_none() && !recipe.params.contains_key(size) {
                let mut smaller = recipe.clone();
                smaller.params.insert(size.into(), nodes);
                // What the person fixes may name a node that so few do not have.
                if let Ok(setup) = self.catalogue.setup(&smaller) {
                    return Ok(setup);
                }
            }
        }
        self.catalogue.setup(&recipe)
    }
}

/// A scenario with more nodes is hunted with fewer.
const MOST_NODES: u32 = 12;

/// One run of a protocol with this preset and nothing else fixed.
///
/// # Errors
/// A sentence, if the catalogue's own scenario cannot be set up.
pub fn hunt<R: Beginning>(
    catalogue: Catalogue,
    protocol: &'static Protocol,
    preset: &Preset,
    seed: u64,
) -> Result<R, String> {
    let hunt = Hunt {
        preset: Some(protocol.preset(preset.name)?),
        ..Hunt::new(catalogue, protocol)
    };
    hunt.play(seed)
}

/// Whether there are `Always` laws, and none is left to break.
fn all_broken(world: &World) -> bool {
    let verdicts = world.verdicts(false);
    let mut always = verdicts.iter().filter(|verdict| is_hunted(verdict));
    let broken = |verdict: &VerdictFrame| matches!(verdict.light, Light::Broken { .. });
    always.next().is_some_and(broken) && always.all(broken)
}

/// Whether a law is broken.
fn is_broken(world: &World, law: &str) -> bool {
    let mut verdicts = world.verdicts(false).into_iter();
    verdicts.any(|verdict| verdict.name == law && matches!(verdict.light, Light::Broken { .. }))
}

/// The laws of a protocol that a hunt is after.
pub fn hunted_laws(protocol: &Protocol) -> impl Iterator<Item = &'static str> {
    let all = protocol.invariants.iter();
    all.filter(|law| why_not(law.kind).is_none() && law.breaks_under.is_none())
        .map(|law| law.name)
}

/// The laws that a hunt can be asked to break by name: also those that are known to break under more than was
/// promised, to see how.
pub fn breakable_laws(protocol: &Protocol) -> impl Iterator<Item = &'static str> {
    let all = protocol.invariants.iter();
    all.filter(|law| why_not(law.kind).is_none())
        .map(|law| law.name)
}

/// The law of this name, if a hunt can be after it.
///
/// # Errors
/// A sentence that says why not, with the nearest names that can.
pub fn hunted_law(protocol: &Protocol, name: &str) -> Result<&'static str, String> {
    let offer = || did_you_mean(name, breakable_laws(protocol));
    let Some(law) = protocol.invariants.iter().find(|law| law.name == name) else {
        return Err(format!(
            "{} has no invariant `{name}`; {}",
            protocol.id,
            offer()
        ));
    };
    match why_not(law.kind) {
        None => Ok(law.name),
        Some(why) => Err(format!("`{name}` {why}; {}", offer())),
    }
}

/// Why no hunt is after a law.
fn why_not(kind: Expectation) -> Option<&'static str> {
    match kind {
        Expectation::Always => None,
        Expectation::Eventually => {
            Some("only has to hold at the end of a run, so faults in the middle cannot break it")
        }
        Expectation::Sometimes => {
            Some("only has to be true in one of many runs, so no single run breaks it")
        }
    }
}

/// Whether a hunt is after a law: one that must always hold, and is not known to break.
#[must_use]
pub fn is_hunted(verdict: &VerdictFrame) -> bool {
    verdict.kind == Expectation::Always && verdict.breaks_under.is_none()
}

/// The `Always` laws that a run has broken, in the order in which it broke them.
#[must_use]
pub fn broken(run: &impl Playable) -> Vec<Hit> {
    hits(run, is_hunted)
}

/// The broken laws among some.
pub(super) fn hits(run: &impl Playable, which: impl Fn(&VerdictFrame) -> bool) -> Vec<Hit> {
    let verdicts = run.world().verdicts(false).into_iter();
    let always = verdicts.filter(which);
    let mut found: Vec<Hit> = always
        .filter_map(|verdict| match verdict.light {
            Light::Broken {
                reason, at, seq, ..
            } => Some(Hit {
                sought: Sought::Law(verdict.name),
                reason,
                recipe: run.setup().recipe_with(&[]),
                seq,
                at,
                end: None,
            }),
            _ => None,
        })
        .collect();
    found.sort_by_key(|hit| hit.seq);
    // What was done afterwards has no part in it.
    for hit in &mut found {
        let earlier = run.commands();
        let earlier = earlier.iter().filter(|timed| timed.at.time <= Some(hit.at));
        hit.recipe.commands = earlier.map(ToString::to_string).collect();
    }
    found
}
