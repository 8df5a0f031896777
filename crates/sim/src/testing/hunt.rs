//! A hunt after broken laws: runs of a protocol under random faults, each from one seed.

use std::fmt;

use super::{Chaos, Playable, Swarm};
use crate::descriptor::{Catalogue, Preset, Protocol, Recipe, Scenario, Setup};
use crate::frame::{Light, VerdictFrame};
use crate::invariant::Expectation;
use crate::rng::Rng;
use crate::sorted::SortedMap;
use crate::time::Time;
use crate::world::{Limits, World};

/// Events that one command of a hunt may be followed by.
const BUDGET: u64 = 20_000;

/// A law that a run broke, and the run as anybody can repeat it.
#[derive(Clone, Debug, PartialEq)]
pub struct Broken {
    /// The law's word.
    pub law: &'static str,
    /// The sentence that says how.
    pub reason: String,
    /// The whole run.
    pub recipe: Recipe,
    /// The record that broke it.
    pub seq: u64,
    /// When it was broken.
    pub at: Time,
}

impl fmt::Display for Broken {
    /// The line to type to see it again.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A little later than the instant itself, which may hold more events.
        let until = Time(self.at.0 + 1);
        let line = run_line(&self.recipe, until);
        write!(f, "{line} --expect-violation {}", self.law)
    }
}

/// The line that makes a run again on the command line, up to an instant.
#[must_use]
pub fn run_line(recipe: &Recipe, until: Time) -> String {
    let Recipe {
        scenario,
        preset,
        seed,
        params,
        switches,
        commands,
        ..
    } = recipe;
    let mut line = format!("faultline run {scenario} --seed {seed}");
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
            until: None,
        }
    }

    /// The preset of all runs.
    #[must_use]
    pub fn chosen_preset(&self) -> &'static Preset {
        let of_scenario = || self.protocol.preset(self.scenario?.preset).ok();
        let chosen = self.preset.or_else(of_scenario);
        chosen.unwrap_or(&self.protocol.presets[0])
    }

    /// One run under random faults within what the protocol promises to bear.
    ///
    /// # Errors
    /// A sentence, if the run cannot be set up.
    pub fn play<R: Playable>(&self, seed: u64) -> Result<R, String> {
        let mut rng = Rng::stream(seed, "hunt", 0);
        let setup = self.setup(seed, &mut rng)?;
        let protocol = self.protocol;
        let hop = setup.scenario.link.unwrap_or(protocol.link).latency.mean();
        let swarm = Swarm {
            chaos: Chaos {
                nodes: (protocol.nodes)(&setup.settings),
                until: self.until.unwrap_or(Time(hop.0 * 150)),
                commands: rng.between(1, 80) as u32,
                timers: protocol.aligns.into_iter().collect(),
                hop,
                forges: protocol.forges,
                without: protocol.unsupported_faults.to_vec(),
            },
            requests: protocol
                .requests
                .iter()
                .map(|form| (form.example)())
                .collect(),
        };
        let mut run = R::begin(setup, Limits::of_hunt())?;
        swarm.play_while(seed, &mut run, BUDGET, |world| !all_broken(world));
        Ok(run)
    }

    fn setup(&self, seed: u64, rng: &mut Rng) -> Result<Setup, String> {
        let protocol = self.protocol;
        let any = rng.chance(0.5);
        let drawn = rng.pick(protocol.scenarios).filter(|_| any);
        let scenario = self.scenario.or(drawn).unwrap_or(&protocol.scenarios[0]);
        let mut recipe = Recipe::new(&format!("{}/{}", protocol.id, scenario.id), seed);
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
pub fn hunt<R: Playable>(
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

/// Whether a hunt is after a law: one that must always hold, and is not known to break.
#[must_use]
pub fn is_hunted(verdict: &VerdictFrame) -> bool {
    verdict.kind == Expectation::Always && verdict.breaks_under.is_none()
}

/// The `Always` laws that a run has broken, in the order in which it broke them.
#[must_use]
pub fn broken(run: &impl Playable) -> Vec<Broken> {
    let verdicts = run.world().verdicts(false).into_iter();
    let always = verdicts.filter(is_hunted);
    let mut found: Vec<Broken> = always
        .filter_map(|verdict| match verdict.light {
            Light::Broken {
                reason, at, seq, ..
            } => Some(Broken {
                law: verdict.name,
                reason,
                recipe: run.setup().recipe_with(&[]),
                seq,
                at,
            }),
            _ => None,
        })
        .collect();
    found.sort_by_key(|broken| broken.seq);
    // What was done afterwards has no part in it.
    for broken in &mut found {
        let earlier = run.commands();
        let earlier = earlier
            .iter()
            .filter(|timed| timed.at.time <= Some(broken.at));
        broken.recipe.commands = earlier.map(ToString::to_string).collect();
    }
    found
}
