//! Raft against its paper, and against what other implementations publish as expected.

mod batches;
mod bounds;
mod clients;
mod handing;
mod hunted;
mod judged;
mod leases;
mod paper_figures;
mod runs;
mod seen;
mod snapshots;
mod steady;
mod tables;
mod voters;

use faultline_sim::descriptor::{Catalogue, Recipe};
use faultline_sim::event::{Event, Record};
use faultline_sim::frame::Light;
use faultline_sim::process::NodeId;
use faultline_sim::settings::Settings;
use faultline_sim::testing::Solo;
use faultline_sim::time::Time;
use faultline_sim::timeline::Timeline;

use super::{Command, Entry, Index, PROTOCOL, Role, Server, Term};

const ONLY: Catalogue = Catalogue(&[&PROTOCOL]);

/// A run of a scenario, with parameters, switches (`name=on`) and commands of its own.
struct Play {
    recipe: Recipe,
}

impl Play {
    fn of(scenario: &str) -> Self {
        Self {
            recipe: Recipe::new(&format!("raft/{scenario}"), 1),
        }
    }

    fn seed(mut self, seed: u64) -> Self {
        self.recipe.seed = seed.to_string();
        self
    }

    fn param(mut self, name: &str, value: impl ToString) -> Self {
        self.recipe.params.insert(name.into(), value.to_string());
        self
    }

    fn switch(mut self, name: &str, on: bool) -> Self {
        self.recipe.switches.insert(name.into(), on);
        self
    }

    fn commands(mut self, commands: &[&str]) -> Self {
        self.recipe.commands = commands.iter().map(|c| (*c).to_owned()).collect();
        self
    }

    fn until(&self, millis: u64) -> Timeline {
        let mut run = Timeline::new(ONLY.setup(&self.recipe).unwrap()).unwrap();
        assert!(run.run_until(ms(millis), 5_000_000));
        run
    }
}

fn ms(millis: u64) -> Time {
    Time(millis * 1_000)
}

fn node(run: &Timeline, id: u32) -> &Server {
    run.world().node(NodeId(id)).unwrap()
}

fn terms(server: &Server) -> Vec<Term> {
    server.log.iter().map(|entry| entry.term).collect()
}

fn logs(run: &Timeline, nodes: u32) -> Vec<Vec<Term>> {
    (1..=nodes).map(|id| terms(node(run, id))).collect()
}

fn leaders(run: &Timeline) -> Vec<u32> {
    let leads = |id: &NodeId| node(run, id.0).role == Role::Leader;
    run.world().live().filter(leads).map(|id| id.0).collect()
}

fn probe(run: &Timeline, name: &str) -> Option<f64> {
    let (_, value) = run
        .world()
        .probes()
        .find(|(spec, _)| spec.name == name)
        .unwrap();
    value
}

/// The broken invariants, with their reasons.
fn broken(run: &Timeline) -> Vec<(&'static str, String)> {
    let lights = run.world().verdicts(true).into_iter();
    let reason = |light| match light {
        Light::Broken { reason, .. } => Some(reason),
        _ => None,
    };
    lights
        .filter_map(|v| Some((v.name, reason(v.light)?)))
        .collect()
}

fn count(run: &Timeline, picks: impl Fn(&Record) -> bool) -> usize {
    run.trace().records().filter(|record| picks(record)).count()
}

fn sent<'a>(record: &'a Record, kind: &str) -> Option<(NodeId, NodeId, &'a Event)> {
    match &record.event {
        event @ Event::Sent {
            address, kind: k, ..
        } if *k == kind => Some((address.from, address.to, event)),
        _ => None,
    }
}

/// One server of several, with a log of these terms.
fn solo(nodes: u32, log: &[Term]) -> Solo<Server> {
    solo_given(nodes, log, &[])
}

/// The same with other parameters.
fn solo_given(nodes: u32, log: &[Term], params: &[(&str, &str)]) -> Solo<Server> {
    let mut settings = Settings::new(PROTOCOL.params, PROTOCOL.switches);
    settings.set_param("nodes", &nodes.to_string()).unwrap();
    for (name, value) in params {
        settings.set_param(name, value).unwrap();
    }
    let mut solo = Solo::<Server>::new(1, nodes, settings);
    solo.node.log = log.iter().map(|term| entry(*term)).collect();
    solo.node.current_term = log.last().copied().unwrap_or(0);
    solo
}

fn entry(term: Term) -> Entry {
    Entry::new(term, Command::NoOp, None)
}

/// The same as the leader of a term.
fn solo_leader(nodes: u32, log: &[Term], term: Term) -> Solo<Server> {
    solo_leader_given(nodes, log, term, &[])
}

/// The same with other parameters.
fn solo_leader_given(
    nodes: u32,
    log: &[Term],
    term: Term,
    params: &[(&str, &str)],
) -> Solo<Server> {
    let mut solo = solo_given(nodes, log, params);
    let next = log.len() as Index + 1;
    solo.node.role = Role::Leader;
    solo.node.current_term = term;
    solo.node.leader = Some(NodeId(1));
    solo.node.next_index = (2..=nodes).map(|id| (NodeId(id), next)).collect();
    solo.node.match_index = (2..=nodes).map(|id| (NodeId(id), 0)).collect();
    solo
}
