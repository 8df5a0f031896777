//! Playing a scenario in a test, as a person would, and reading what came of it.

use serde_json::Value as Json;

use crate::cost::Costs;
use crate::descriptor::{Catalogue, Protocol, Recipe};
use crate::event::{Event, Outcome};
use crate::frame::Light;
use crate::history::{Begun, End, History};
use crate::judge::{Kept, ladder};
use crate::mark::{Mark, Marked};
use crate::process::{NodeId, Process, Shared};
use crate::time::Time;
use crate::timeline::Timeline;

/// A scenario with what a person sets and does in it.
#[derive(Clone)]
pub struct Play {
    catalogue: Catalogue,
    /// The run as data.
    pub recipe: Recipe,
}

impl Play {
    /// A scenario (`protocol/scenario`) under seed 1.
    #[must_use]
    pub fn of(catalogue: Catalogue, scenario: &str) -> Self {
        let recipe = Recipe::new(scenario, 1);
        Self { catalogue, recipe }
    }

    /// A scenario of one protocol under seed 1.
    #[must_use]
    pub fn protocol(protocol: &'static Protocol, scenario: &str) -> Self {
        let only = Box::leak(Box::new([protocol]));
        Self::of(Catalogue(only), &format!("{}/{scenario}", protocol.id))
    }

    /// Under another seed.
    #[must_use]
    pub fn seed(&self, seed: u64) -> Self {
        let mut play = self.clone();
        play.recipe.seed = seed.to_string();
        play
    }

    /// Under another preset.
    #[must_use]
    pub fn preset(&self, name: &str) -> Self {
        let mut play = self.clone();
        play.recipe.preset = Some(name.to_owned());
        play
    }

    /// With a parameter set.
    #[must_use]
    pub fn param(&self, name: &str, value: impl ToString) -> Self {
        let mut play = self.clone();
        play.recipe
            .params
            .insert(name.to_owned(), value.to_string());
        play
    }

    /// With a rule on or off.
    #[must_use]
    pub fn switch(&self, name: &str, on: bool) -> Self {
        let mut play = self.clone();
        play.recipe.switches.insert(name.to_owned(), on);
        play
    }

    /// With a command, such as `5s crash n2`.
    #[must_use]
    pub fn does(&self, command: &str) -> Self {
        let mut play = self.clone();
        play.recipe.commands.push(command.to_owned());
        play
    }

    /// Played for so many milliseconds.
    ///
    /// # Panics
    /// If there is no such run, or it was cut.
    #[must_use]
    pub fn at(&self, ms: u64) -> Played {
        let setup = self.catalogue.setup(&self.recipe);
        let run = setup.and_then(Timeline::new);
        let mut run = run.unwrap_or_else(|why| panic!("{why}"));
        let there = run.run_until(Time(ms * 1_000), u64::MAX);
        assert!(there, "{:?}", self.recipe);
        Played(run)
    }

    /// Played to its end.
    ///
    /// # Panics
    /// As [`Play::at`].
    #[must_use]
    pub fn ended(&self) -> Played {
        let found = self.catalogue.find(&self.recipe.scenario);
        let (_, scenario) = found.unwrap_or_else(|why| panic!("{why}"));
        self.at(scenario.until.0 / 1_000)
    }
}

/// A run that was played.
pub struct Played(pub Timeline);

impl Played {
    /// What a probe reads; none where there is nothing to read.
    ///
    /// # Panics
    /// If there is no such probe.
    #[must_use]
    pub fn reads(&self, probe: &str) -> Option<f64> {
        let mut probes = self.0.world().probes();
        let found = probes.find(|(spec, _)| spec.name == probe);
        found.unwrap_or_else(|| panic!("no probe {probe}")).1
    }

    /// What a probe reads.
    ///
    /// # Panics
    /// If there is no such probe, or nothing to read.
    #[must_use]
    pub fn read(&self, probe: &str) -> f64 {
        self.reads(probe)
            .unwrap_or_else(|| panic!("{probe} reads nothing"))
    }

    /// How a law is broken by now, if it is.
    ///
    /// # Panics
    /// If there is no such law.
    #[must_use]
    pub fn broken(&self, law: &str) -> Option<String> {
        let verdicts = self.0.world().verdicts(true);
        let verdict = verdicts.into_iter().find(|verdict| verdict.name == law);
        match verdict.unwrap_or_else(|| panic!("no law {law}")).light {
            Light::Broken { reason, .. } => Some(reason),
            _ => None,
        }
    }

    /// The names of all laws that are broken by now.
    #[must_use]
    pub fn all_broken(&self) -> Vec<&'static str> {
        let verdicts = self.0.world().verdicts(true).into_iter();
        let broken = verdicts.filter(|verdict| matches!(verdict.light, Light::Broken { .. }));
        broken.map(|verdict| verdict.name).collect()
    }

    /// Whether what clients were told can be true of one copy of the data.
    ///
    /// # Panics
    /// If the protocol does not say what its clients share.
    #[must_use]
    pub fn linearizable(&self) -> Kept {
        let judge = self.0.world().judge().expect("a history");
        let [(_, kept), ..] = ladder(judge.history(), &mut 1_000_000);
        kept
    }

    /// Messages of a kind that were sent.
    #[must_use]
    pub fn sent(&self, kind: &str) -> u64 {
        self.0.world().sent().get(kind).copied().unwrap_or(0)
    }

    /// Whom each node that has not crashed follows.
    #[must_use]
    pub fn leaders(&self) -> Vec<Option<u32>> {
        let world = self.0.world();
        let live = world.live();
        live.map(|id| world.believed_leader(id).map(|leader| leader.0))
            .collect()
    }

    /// A node's state as JSON.
    #[must_use]
    pub fn state(&self, id: u32) -> Json {
        self.0.world().state(NodeId(id))
    }

    /// A node's state.
    ///
    /// # Panics
    /// If there is no such node, or it runs another process.
    #[must_use]
    pub fn node<P: Process>(&self, id: u32) -> &P {
        let node = self.0.world().node(NodeId(id));
        node.unwrap_or_else(|| panic!("no n{id}"))
    }

    /// What the run has cost so far.
    #[must_use]
    pub fn costs(&mut self) -> Costs {
        let mut costs = Costs::default();
        costs.follow(&mut self.0, u64::MAX);
        costs
    }

    /// Who made a mark, and when, in order.
    #[must_use]
    pub fn marked(&self, mark: &Mark) -> Vec<(Time, NodeId, Marked)> {
        let records = self.0.trace().records();
        records
            .filter_map(|record| Some((record.time, record.node?, record.marked(mark)?.clone())))
            .collect()
    }

    /// Who did something, in order.
    #[must_use]
    pub fn who(&self, mark: &Mark) -> Vec<u32> {
        let marked = self.marked(mark).into_iter();
        marked.map(|(_, node, _)| node.0).collect()
    }

    /// What clients asked for, in the order of the ends: how each operation ended, and its answer. Those
    /// that have not ended are left out.
    #[must_use]
    pub fn history(&self) -> Vec<(Begun<Shared>, End, Option<Shared>)> {
        let mut history = History::default();
        let records = self.0.trace().records();
        let read = |record| {
            let ended = history.read(record, self.0.world(), Shared::clone)?;
            Some((ended.begun, ended.end, ended.reply.cloned()))
        };
        records.filter_map(read).collect()
    }

    /// What client operations were answered, in order.
    #[must_use]
    pub fn replies(&self) -> Vec<Json> {
        let records = self.0.trace().records();
        records
            .filter_map(|record| match &record.event {
                Event::Completed {
                    outcome: Outcome::Replied(reply),
                    ..
                } => Some(reply.0.json()),
                _ => None,
            })
            .collect()
    }
}
