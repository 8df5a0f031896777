//! The listing's facts per key, the literature's promises, and how keys travel.

mod balance;
mod counts;
mod listing;
mod travel;

use faultline_sim::descriptor::Recipe;
use faultline_sim::frame::Light;
use faultline_sim::process::NodeId;
use faultline_sim::time::Time;
use faultline_sim::timeline::Timeline;

use super::HashRing;
use crate::CATALOGUE;

/// A run of a scenario under a preset, with parameters and commands, to an instant.
fn play(
    scenario: &str,
    preset: &str,
    params: &[(&str, &str)],
    commands: &[&str],
    seconds: u64,
) -> Timeline {
    let mut recipe = Recipe::new(&format!("hash-ring/{scenario}"), 1);
    recipe.preset = Some(preset.to_owned());
    for (name, value) in params {
        recipe
            .params
            .insert((*name).to_owned(), (*value).to_owned());
    }
    recipe.commands = commands.iter().map(|c| (*c).to_owned()).collect();
    let mut run = Timeline::new(CATALOGUE.setup(&recipe).unwrap()).unwrap();
    assert!(run.run_until(Time(seconds * 1_000_000), u64::MAX));
    run
}

fn node(run: &Timeline, id: u32) -> &HashRing {
    run.world().node::<HashRing>(NodeId(id)).unwrap()
}

fn probe(run: &Timeline, name: &str) -> f64 {
    let mut probes = run.world().probes();
    let found = probes.find(|(spec, _)| spec.name == name);
    found.unwrap().1.unwrap_or(f64::NAN)
}

/// Invariants that are broken now; eventual ones are judged as if the run ended here.
fn broken(run: &Timeline) -> Vec<&'static str> {
    let verdicts = run.world().verdicts(true).into_iter();
    let broken = verdicts.filter(|verdict| matches!(verdict.light, Light::Broken { .. }));
    broken.map(|verdict| verdict.name).collect()
}

/// Keys in the stores of the nodes that run, each counted where it belongs.
fn loads(run: &Timeline) -> Vec<u32> {
    let live = run.world().live();
    live.map(|id| node(run, id.0).own).collect()
}

/// Replies to requests, in order.
fn replies(run: &Timeline) -> Vec<String> {
    use faultline_sim::event::{Event, Outcome};
    let records = run.trace().records();
    let replies = records.filter_map(|record| match &record.event {
        Event::Completed {
            outcome: Outcome::Replied(reply),
            ..
        } => Some(reply.0.text()),
        _ => None,
    });
    replies.collect()
}
