//! The rows of the curriculum that are served: what a learner does in a scenario, and what is
//! measured then. `docs/checklist` names these tests by the row they serve.

mod basics;
mod elections;
mod listings;

use faultline_protocols::CATALOGUE;
use faultline_sim::descriptor::Recipe;
use faultline_sim::process::NodeId;
use faultline_sim::time::Time;
use faultline_sim::timeline::Timeline;

/// A scenario with whatever a person turns and does in it.
struct Row(Recipe);

impl Row {
    fn of(scenario: &str) -> Self {
        Self(Recipe::new(scenario, 1))
    }

    fn preset(mut self, name: &str) -> Self {
        self.0.preset = Some(name.to_owned());
        self
    }

    fn param(mut self, name: &str, value: &str) -> Self {
        self.0.params.insert(name.to_owned(), value.to_owned());
        self
    }

    fn switch(mut self, name: &str, on: bool) -> Self {
        self.0.switches.insert(name.to_owned(), on);
        self
    }

    fn does(mut self, command: &str) -> Self {
        self.0.commands.push(command.to_owned());
        self
    }

    /// Played for so many milliseconds.
    fn at(&self, ms: u64) -> Played {
        let setup = CATALOGUE
            .setup(&self.0)
            .unwrap_or_else(|why| panic!("{why}"));
        let mut run = Timeline::new(setup).unwrap();
        assert!(run.run_until(Time(ms * 1_000), u64::MAX), "{:?}", self.0);
        Played(run)
    }

    /// Played to its end.
    fn ended(&self) -> Played {
        let (_, scenario) = CATALOGUE.find(&self.0.scenario).unwrap();
        self.at(scenario.until.0 / 1_000)
    }
}

struct Played(Timeline);

impl Played {
    /// What a probe reads; none where there is nothing to read.
    fn reads(&self, probe: &str) -> Option<f64> {
        let mut probes = self.0.world().probes();
        let found = probes.find(|(spec, _)| spec.name == probe);
        found.unwrap_or_else(|| panic!("no probe {probe}")).1
    }

    fn read(&self, probe: &str) -> f64 {
        self.reads(probe)
            .unwrap_or_else(|| panic!("{probe} reads nothing"))
    }

    fn sent(&self, kind: &str) -> u64 {
        self.0.world().sent().get(kind).copied().unwrap_or(0)
    }

    /// Whom each node that runs follows.
    fn leaders(&self) -> Vec<Option<u32>> {
        let world = self.0.world();
        let live = world.live();
        live.map(|id| world.believed_leader(id).map(|leader| leader.0))
            .collect()
    }

    fn state(&self, id: u32) -> serde_json::Value {
        self.0.world().state(NodeId(id))
    }
}
