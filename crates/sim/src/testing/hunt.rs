//! A hunt after broken laws: runs of a protocol under random faults, each from one seed.

use std::fmt;

use super::{Chaos, Swarm};
use crate::descriptor::{Catalogue, Preset, Protocol, Recipe};
use crate::frame::Light;
use crate::invariant::Expectation;
use crate::rng::Rng;
use crate::time::Time;
use crate::timeline::Timeline;

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
        let Recipe {
            scenario,
            preset,
            seed,
            params,
            switches,
            commands,
            ..
        } = &self.recipe;
        write!(f, "faultline run {scenario} --seed {seed}")?;
        if let Some(preset) = preset {
            write!(f, " --preset {preset}")?;
        }
        for (name, value) in params.iter() {
            write!(f, " --param {name}={value}")?;
        }
        for (name, on) in switches.iter() {
            write!(f, " --switch {name}={}", if *on { "on" } else { "off" })?;
        }
        // A little later than the instant itself, which may hold more events.
        write!(
            f,
            " --until {}us --expect-violation {}",
            self.at.0 + 1,
            self.law
        )?;
        commands
            .iter()
            .try_for_each(|command| write!(f, " --command '{command}'"))
    }
}

/// One run of a protocol under random faults within what it promises to bear. Half of the seeds
/// begin with the protocol's first scenario and three to five nodes, half with any scenario and its
/// script, since what authors show is near to what can go wrong.
///
/// # Errors
/// A sentence, if the catalogue's own scenario cannot be set up.
pub fn hunt(
    catalogue: Catalogue,
    protocol: &'static Protocol,
    preset: &Preset,
    seed: u64,
) -> Result<Timeline, String> {
    let mut rng = Rng::stream(seed, "hunt", 0);
    let any = rng.chance(0.5);
    let scenario = rng
        .pick(protocol.scenarios)
        .filter(|_| any)
        .unwrap_or(&protocol.scenarios[0]);
    let mut recipe = Recipe::new(&format!("{}/{}", protocol.id, scenario.id), seed);
    recipe.preset = Some(preset.name.to_owned());
    let sized = protocol.params.iter().any(|param| param.name == "nodes");
    if sized && scenario.params.is_empty() {
        let nodes = rng.between(3, 5);
        recipe.params.insert("nodes".into(), nodes.to_string());
    }
    let setup = catalogue.setup(&recipe)?;
    let hop = scenario.link.unwrap_or(protocol.link).latency.mean();
    let swarm = Swarm {
        chaos: Chaos {
            nodes: (protocol.nodes)(&setup.settings),
            // Time for several elections.
            until: Time(hop.0 * 150),
            commands: rng.between(1, 80) as u32,
            timers: protocol.aligns.into_iter().collect(),
            hop,
            forges: protocol.forges,
            without: protocol.beyond.to_vec(),
        },
        requests: protocol.requests.iter().map(|form| form.json).collect(),
    };
    let mut run = Timeline::new(setup)?;
    swarm.play(seed, &mut run, BUDGET);
    Ok(run)
}

/// The `Always` laws that a run has broken, in the order in which it broke them.
#[must_use]
pub fn broken(run: &Timeline) -> Vec<Broken> {
    let verdicts = run.world().verdicts(false).into_iter();
    let always = verdicts.filter(|verdict| verdict.kind == Expectation::Always);
    let mut found: Vec<Broken> = always
        .filter_map(|verdict| match verdict.light {
            Light::Broken { reason, at, seq } => Some(Broken {
                law: verdict.name,
                reason,
                recipe: run.recipe(),
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
