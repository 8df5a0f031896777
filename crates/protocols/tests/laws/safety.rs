//! Law 8: every `Always` law holds on every correct preset under random faults that the protocol
//! promises to bear, the same faults find what each flawed preset breaks, and each rule of safety
//! guards a law: the law of the flaws.

use faultline_protocols::CATALOGUE;
use faultline_sim::descriptor::{Preset, Protocol, Recipe};
use faultline_sim::invariant::{Expectation, InvariantSpec};
use faultline_sim::search::{Budget, Hit, Hunt, broken, hunt, hunted_law, shrink};
use faultline_sim::settings::{Guard, Switch};
use faultline_sim::timeline::Timeline;

use super::chaos::{is_long, timeline};

/// Random schedules for all correct presets together; in the long version, a thousand for each.
const CORRECT: u64 = 4_000;
/// Each flaw is found within this many schedules.
const WITHIN: u64 = 200;
/// Some laws break only together with others, and seldom.
const RARE: u64 = 1_000;

fn play(protocol: &'static Protocol, preset: &Preset, seed: u64) -> Timeline {
    hunt(CATALOGUE, protocol, preset, seed).expect("the catalogue is sound")
}

fn first_broken(protocol: &'static Protocol, preset: &Preset, seed: u64) -> Option<Hit> {
    broken(&play(protocol, preset, seed)).into_iter().next()
}

fn presets(protocol: &Protocol, flawed: bool) -> impl Iterator<Item = &'static Preset> {
    let all = protocol.presets.iter();
    all.filter(move |preset| preset.breaks.is_some() == flawed)
}

/// The run of a counterexample up to the event that broke the law.
fn replay(recipe: &Recipe, found: &Hit) -> Timeline {
    let mut run = timeline(recipe);
    while run.records() < found.seq && run.step() {}
    run
}

#[test]
fn law_8_correct_presets_keep_their_laws() {
    let all = super::protocols().map(|protocol| presets(protocol, false).count() as u64);
    let each = if is_long() {
        1_000
    } else {
        (CORRECT / all.sum::<u64>()).max(60)
    };
    for protocol in super::protocols() {
        for preset in presets(protocol, false) {
            let found = (0..each).find_map(|seed| first_broken(protocol, preset, seed));
            if let Some(found) = found {
                panic!("{}: {}\n{found}", found.name(), found.reason);
            }
            println!(
                "{} {}: {each} schedules, nothing broken",
                protocol.id, preset.name
            );
        }
    }
}

/// Everyone can repeat the counterexample, and under the rules of the correct preset the
/// same faults break nothing.
#[test]
fn law_8_the_same_faults_find_every_flaw() {
    for protocol in super::protocols() {
        let correct = presets(protocol, false).next();
        for preset in presets(protocol, true) {
            let mut seeds = 0..WITHIN;
            let Some(found) = seeds.find_map(|seed| first_broken(protocol, preset, seed)) else {
                panic!(
                    "{} {}: nothing broken in {WITHIN} schedules. A preset that says what it `breaks` \
                     must break an `Always` law under random faults and requests: give it something \
                     to do (a parameter such as `every`), write the law that it breaks, or drop \
                     `breaks`.",
                    protocol.id, preset.name
                );
            };
            let (name, law) = (preset.name, found.name());
            println!(
                "{} {name}, seed {}: {law}: {}\n  {found}",
                protocol.id, found.recipe.seed, found.reason
            );
            let again = broken(&replay(&found.recipe, &found));
            let again = again.first().map(|again| (again.name(), &again.reason));
            assert_eq!(again, Some((law, &found.reason)), "not repeated: {found}");
            let mut mended = found.recipe.clone();
            mended.preset = correct.map(|preset| preset.name.to_owned());
            assert_eq!(broken(&replay(&mended, &found)), [], "not mended: {found}");
        }
    }
}

/// The rules of safety of a protocol.
fn guards(protocol: &'static Protocol) -> impl Iterator<Item = (&'static Switch, &'static Guard)> {
    let rules = protocol.switches.iter();
    rules.filter_map(|rule| Some((rule, rule.guard?)))
}

/// A rule of safety names the law that it guards. With this one rule off, a hunt within the faults and
/// seeds that it states finds the law broken; with the rule on, the same commands break nothing.
#[test]
fn law_8_without_a_rule_of_safety_its_law_breaks() {
    let mut met = 0;
    for protocol in super::protocols() {
        for (rule, guard) in guards(protocol) {
            let (id, name, law) = (protocol.id, rule.name, guard.law);
            let faults = guard.budget.text();
            assert_eq!(hunted_law(protocol, law), Ok(law), "{id} {name}");
            let hunt = Hunt::of_guard(CATALOGUE, protocol, rule).unwrap_or_else(|| {
                panic!("{id} {name}: no correct preset has it on, or its scenario is not there")
            });
            let found = (0..guard.seeds).find_map(|seed| {
                let run: Timeline = hunt.play(seed).expect("the guard names what there is");
                hunt.broken(&run).into_iter().next()
            });
            let Some(found) = found else {
                panic!(
                    "{id}: with {name} off, {law} holds in {} schedules with {faults}",
                    guard.seeds
                );
            };
            let shortest = shrink(CATALOGUE, &found).expect("it ran");
            println!(
                "{id} without {name}, seed {} of {} with {faults}: {law}: {}\n  {shortest}",
                shortest.recipe.seed, guard.seeds, shortest.reason
            );
            let used = Budget::used(shortest.commands().iter().map(|timed| &timed.command), 0);
            assert!(guard.budget.covers(&used), "{shortest}");
            let again = broken(&replay(&shortest.recipe, &shortest));
            let again = again.iter().find(|again| again.name() == law);
            let again = again.map(|again| &again.reason);
            assert_eq!(again, Some(&shortest.reason), "not repeated: {shortest}");
            for found in [&found, &shortest] {
                let mut mended = found.recipe.clone();
                mended.switches.insert(name.to_owned(), true);
                assert_eq!(broken(&replay(&mended, found)), [], "not mended: {found}");
            }
            met += 1;
        }
    }
    assert!(met >= super::enough(20), "{met}");
}

/// Some flawed preset breaks each `Always` law, or a missing rule that guards it: none of them is
/// trivially true.
#[test]
fn law_8_every_law_can_be_broken() {
    for protocol in super::protocols() {
        let laws = protocol.invariants.iter();
        // What is known to break needs no proof that it can.
        let known = |law: &&InvariantSpec| law.breaks_under.is_some();
        let always = laws.filter(|law| law.kind == Expectation::Always && !known(law));
        let guarded = |law: &&str| guards(protocol).any(|(_, guard)| guard.law == *law);
        let names = always.map(|law| law.name);
        // Another test breaks what a rule guards.
        let mut unbroken: Vec<&str> = names.filter(|law| !guarded(law)).collect();
        let mut hunts = (0..RARE).flat_map(|seed| presets(protocol, true).map(move |p| (seed, p)));
        while let (false, Some((seed, preset))) = (unbroken.is_empty(), hunts.next()) {
            for found in broken(&play(protocol, preset, seed)) {
                unbroken.retain(|law| *law != found.name());
            }
        }
        assert!(
            unbroken.is_empty(),
            "{}: nothing breaks {unbroken:?}. Each `Always` law needs a rule that `guards` it, or a preset \
             with `breaks` that turns off the rule it rests on; a law that no missing rule breaks says \
             nothing.",
            protocol.id
        );
    }
}
