//! Hunts within a budget, and how short their counterexamples are.

use faultline_protocols::CATALOGUE;
use faultline_sim::command::Timed;
use faultline_sim::descriptor::{Preset, Protocol};
use faultline_sim::search::{
    Budget, BudgetKind, Hit, Hunt, Sought, broken, cost, hunted_laws, shortest, shrink,
};
use faultline_sim::time::Time;
use faultline_sim::timeline::Run;
use faultline_sim::world::Limits;

use super::{enough, protocols};

/// Budgets of every kind: one fault, several, many, none.
const BUDGETS: [Budget; 4] = [
    Budget::NONE,
    Budget {
        crashes: 2,
        drops: 1,
        ..Budget::NONE
    },
    Budget {
        delays: 3,
        duplicates: 1,
        partitions: 2,
        ..Budget::NONE
    },
    Budget {
        crashes: 9,
        drops: 9,
        delays: 9,
        duplicates: 9,
        partitions: 9,
        liars: 9,
        most: None,
    },
];

fn flawed(protocol: &Protocol) -> impl Iterator<Item = &'static Preset> + Clone {
    let all = protocol.presets.iter();
    all.filter(|preset| preset.breaks.is_some())
}

#[test]
fn no_run_exceeds_its_budget() {
    let mut met = [0_u32; BudgetKind::ALL.len()];
    for protocol in protocols() {
        for (seed, budget) in (0..24).zip(BUDGETS.into_iter().cycle()) {
            let hunt = Hunt {
                budget: Some(budget),
                ..Hunt::new(CATALOGUE, protocol)
            };
            let run: Run = hunt.play(seed).expect("the catalogue is sound");
            let commands = run.commands();
            let case = format!("{} seed {seed}: {commands:?}", protocol.id);
            let used = Budget::used(commands.iter().map(|timed| &timed.command), 0);
            assert!(
                budget.covers(&used),
                "{} of {}, {case}",
                used.text(),
                budget.text()
            );
            for command in commands.iter().map(|timed| &timed.command) {
                let text = command.to_string();
                let verb = text.split(' ').next().unwrap_or_default();
                assert!(
                    !protocol.unsupported_faults.contains(&verb),
                    "{text}, {case}"
                );
                let Some(kind) = Budget::kind(command) else {
                    let free = ["request", "recover", "resume", "release", "join", "heal"];
                    assert!(free.contains(&verb), "{text}, {case}");
                    continue;
                };
                assert!(kind.verbs().contains(&verb), "{text}, {case}");
                met[kind as usize] += 1;
            }
        }
    }
    for (kind, ..) in BudgetKind::ALL {
        // Few algorithms tolerate liars.
        let least = if kind == BudgetKind::Liar { 0 } else { 50 };
        assert!(
            met[kind as usize] >= enough(least) as u32,
            "{kind:?}: {met:?}"
        );
    }
}

/// With a law named, a run goes on until that law breaks, and no other one is told.
#[test]
fn a_hunt_for_one_law_tells_only_that_law() {
    for protocol in protocols() {
        for (law, preset) in hunted_laws(protocol).zip(flawed(protocol).cycle()) {
            let hunt = Hunt {
                preset: Some(preset),
                sought: Sought::Law(law),
                ..Hunt::new(CATALOGUE, protocol)
            };
            for seed in 0..10 {
                let run: Run = hunt.play(seed).expect("the catalogue is sound");
                let told = hunt.broken(&run);
                let all = broken(&run);
                let one = all.iter().find(|broken| broken.name() == law);
                assert_eq!(told.first(), one, "{} {law}", protocol.id);
                assert!(told.len() <= 1);
            }
        }
    }
}

/// What removal of one command after the other makes of a run, from the first to the last, until
/// none can go.
fn naively(found: &Hit) -> Vec<Timed> {
    let commands = |broken: &Hit| -> Vec<Timed> {
        let texts = broken.recipe.commands.iter();
        texts.map(|text| Timed::parse(text).unwrap()).collect()
    };
    let breaks = |commands: &[Timed]| {
        let mut recipe = found.recipe.clone();
        recipe.commands = commands.iter().map(Timed::to_string).collect();
        let setup = CATALOGUE.setup(&recipe).ok()?;
        let mut run = Run::checked(&setup, Limits::of_hunt()).ok()?;
        run.run_within(Time(found.at.0 * 2), 1_000_000);
        let mut all = broken(&run).into_iter();
        all.find(|again| again.sought == found.sought)
    };
    let mut best = breaks(&commands(found)).map_or_else(|| commands(found), |b| commands(&b));
    loop {
        let before = best.len();
        let mut at = 0;
        while at < best.len() {
            let mut rest = best.clone();
            rest.remove(at);
            match breaks(&rest) {
                Some(less) => best = commands(&less),
                None => at += 1,
            }
        }
        if best.len() == before {
            return best;
        }
    }
}

#[test]
fn a_shrunk_run_is_as_short_as_naive_removal_makes_it() {
    let mut met = 0;
    for protocol in protocols() {
        for preset in flawed(protocol) {
            let hunt = Hunt {
                preset: Some(preset),
                ..Hunt::new(CATALOGUE, protocol)
            };
            let runs = (0..200).map(|seed| hunt.play::<Run>(seed).expect("the catalogue is sound"));
            let caught = runs
                .map(|run| hunt.broken(&run))
                .filter(|all| !all.is_empty());
            for found in caught.take(2).filter_map(|all| all.into_iter().next()) {
                let shrunk = shrink(CATALOGUE, &found).unwrap();
                let naive = naively(&found);
                let (ours, theirs) = (shrunk.commands(), naive);
                let rank = |commands: &[Timed]| (cost(commands), commands.len());
                assert!(
                    rank(&ours) <= rank(&theirs),
                    "{shrunk}\nby removal of one after the other: {theirs:?}"
                );
                met += 1;
            }
        }
    }
    assert!(met >= enough(20), "{met}");
}

/// Of several runs that broke one law, the one with the fewest faults is told.
#[test]
fn the_best_of_the_first_few_runs_is_kept() {
    for protocol in protocols() {
        for preset in flawed(protocol).take(1) {
            let hunt = Hunt {
                preset: Some(preset),
                ..Hunt::new(CATALOGUE, protocol)
            };
            let runs = (0..100).map(|seed| hunt.play::<Run>(seed).expect("the catalogue is sound"));
            let all: Vec<Hit> = runs.flat_map(|run| hunt.broken(&run)).collect();
            let Some(law) = all.first().map(|found| found.sought.clone()) else {
                continue;
            };
            let same = all.into_iter().filter(|found| found.sought == law);
            let same: Vec<Hit> = same.take(3).collect();
            let best = shortest(CATALOGUE, &same).unwrap();
            for found in &same {
                assert!(
                    best.rank() <= shrink(CATALOGUE, found).unwrap().rank(),
                    "{best}"
                );
            }
        }
    }
}
