//! Law 8: every `Always` law holds on every correct preset under random faults that the protocol
//! promises to bear, and the same faults find what each flawed preset breaks.

use faultline_protocols::CATALOGUE;
use faultline_sim::descriptor::{Preset, Protocol, Recipe};
use faultline_sim::frame::Light;
use faultline_sim::invariant::Expectation;
use faultline_sim::rng::Rng;
use faultline_sim::testing::{Chaos, Swarm};
use faultline_sim::time::Time;
use faultline_sim::timeline::Timeline;

use super::chaos::{Case, timeline, timer_names};

/// Random schedules for each correct preset.
const CORRECT: u64 = 1_000;
/// Some laws break only together with others, and seldom.
const RARE: u64 = 1_000;
/// Each flaw is found within this many schedules.
const WITHIN: u64 = 200;
/// Events of one run.
const BUDGET: u64 = 20_000;

/// A run under random faults within what the protocol bears.
fn hunt(
    protocol: &'static Protocol,
    preset: &Preset,
    timers: &[&'static str],
    seed: u64,
) -> Timeline {
    let mut rng = Rng::stream(seed, "safety", 0);
    // Half of the runs begin from nothing, half with a scenario's own script.
    let scenario = if rng.chance(0.5) {
        &protocol.scenarios[0]
    } else {
        rng.pick(protocol.scenarios)
            .unwrap_or(&protocol.scenarios[0])
    };
    let mut recipe = Recipe::new(&format!("{}/{}", protocol.id, scenario.id), seed);
    recipe.preset = Some(preset.name.to_owned());
    if scenario.params.is_empty() {
        let nodes = rng.between(3, 5);
        recipe.params.insert("nodes".into(), nodes.to_string());
    }
    let settings = CATALOGUE
        .setup(&recipe)
        .expect("the recipe is sound")
        .settings;
    let hop = scenario.link.unwrap_or(protocol.link).latency.mean();
    let swarm = Swarm {
        chaos: Chaos {
            nodes: (protocol.nodes)(&settings),
            // Time for several elections.
            until: Time(hop.0 * 150),
            commands: rng.between(1, 80) as u32,
            timers: protocol.aligns.map_or(timers.to_vec(), |timer| vec![timer]),
            hop,
            forges: protocol.forges,
            without: protocol.beyond.to_vec(),
        },
        requests: protocol.requests.iter().map(|form| form.json).collect(),
    };
    let mut run = timeline(&recipe);
    swarm.play(seed, &mut run, BUDGET);
    run
}

/// The `Always` law that a run breaks first, with the reason.
fn broken(run: &Timeline) -> Option<(&'static str, String)> {
    let mut found = Vec::new();
    for verdict in run.world().verdicts(false) {
        if let (Expectation::Always, Light::Broken { reason, seq, .. }) =
            (verdict.kind, verdict.light)
        {
            found.push((seq, verdict.name, reason));
        }
    }
    let (_, name, reason) = found.into_iter().min()?;
    Some((name, reason))
}

/// The first run under a flawed preset that breaks a law.
struct Found {
    case: Case,
    /// Events and commands up to its end.
    moves: u64,
    law: &'static str,
    reason: String,
}

fn search(protocol: &'static Protocol, preset: &Preset, timers: &[&'static str]) -> Option<Found> {
    (0..WITHIN).find_map(|seed| {
        let run = hunt(protocol, preset, timers, seed);
        let (law, reason) = broken(&run)?;
        let case = Case {
            seed,
            recipe: run.recipe(),
            until: run.now(),
        };
        let moves = run.world().events() + run.commands().len() as u64;
        Some(Found {
            case,
            moves,
            law,
            reason,
        })
    })
}

fn replay(recipe: &Recipe, until: Time, moves: u64) -> Timeline {
    let mut run = timeline(recipe);
    run.run_until(until, moves);
    run
}

/// Law 8, first half.
#[test]
fn law_8_correct_presets_keep_their_laws() {
    for protocol in CATALOGUE.0 {
        let timers = timer_names(protocol);
        for preset in protocol.presets.iter().filter(|p| p.breaks.is_none()) {
            for seed in 0..CORRECT {
                let run = hunt(protocol, preset, &timers, seed);
                let Some((law, reason)) = broken(&run) else {
                    continue;
                };
                let case = Case {
                    seed,
                    recipe: run.recipe(),
                    until: run.now(),
                };
                panic!("{law}: {reason}\n{case}");
            }
            println!(
                "{} {}: {CORRECT} schedules, nothing broken",
                protocol.id, preset.name
            );
        }
    }
}

/// Law 8, second half: the counterexample is a run that anybody can repeat, and with the rules of a
/// correct preset the same faults break nothing.
#[test]
fn law_8_the_same_faults_find_every_flaw() {
    for protocol in CATALOGUE.0 {
        let timers = timer_names(protocol);
        let correct = protocol.presets.iter().find(|p| p.breaks.is_none());
        for preset in protocol.presets.iter().filter(|p| p.breaks.is_some()) {
            let found = search(protocol, preset, &timers);
            let Some(Found {
                case,
                moves,
                law,
                reason,
            }) = found
            else {
                panic!(
                    "{} {}: nothing broken in {WITHIN} schedules",
                    protocol.id, preset.name
                );
            };
            println!(
                "{} {}, seed {}: {law}: {reason}\n  {case}",
                protocol.id, preset.name, case.seed
            );
            let again = broken(&replay(&case.recipe, case.until, moves));
            assert_eq!(again, Some((law, reason)), "not repeated: {case}");
            let mut mended = case.recipe.clone();
            mended.preset = correct.map(|preset| preset.name.to_owned());
            assert_eq!(
                broken(&replay(&mended, case.until, moves)),
                None,
                "not mended: {case}"
            );
        }
    }
}

/// Each `Always` law is broken by some flawed preset: none of them is true whatever one does.
#[test]
fn law_8_every_law_can_be_broken() {
    for protocol in CATALOGUE.0 {
        let timers = timer_names(protocol);
        let mut unbroken: Vec<&str> = protocol
            .invariants
            .iter()
            .filter(|law| law.kind == Expectation::Always)
            .map(|law| law.name)
            .collect();
        let flawed = || protocol.presets.iter().filter(|p| p.breaks.is_some());
        let hunts = (0..RARE).flat_map(|seed| flawed().map(move |preset| (seed, preset)));
        for (seed, preset) in hunts {
            if unbroken.is_empty() {
                break;
            }
            let run = hunt(protocol, preset, &timers, seed);
            for verdict in run.world().verdicts(false) {
                if matches!(verdict.light, Light::Broken { .. }) {
                    unbroken.retain(|law| *law != verdict.name);
                }
            }
        }
        assert!(
            unbroken.is_empty(),
            "{}: nothing breaks {unbroken:?}",
            protocol.id
        );
    }
}
