//! What a run keeps in memory, measured by the allocator: copies that do not grow with the run, a
//! past within its budget, and a run without end that is cut with a sentence.

use faultline_protocols::CATALOGUE;
use faultline_sim::descriptor::Recipe;
use faultline_sim::memory::held;
use faultline_sim::time::{MAX_TIME, Time};
use faultline_sim::timeline::{Budget, Run, Target, Timeline};
use faultline_sim::world::Limits;

faultline_sim::counting_allocator!();

fn recipe(scenario: &str, params: &[(&str, &str)], commands: &[&str]) -> Recipe {
    let mut recipe = Recipe::new(scenario, 1);
    for (name, value) in params {
        recipe.params.insert((*name).into(), (*value).into());
    }
    recipe.commands = commands.iter().map(|text| (*text).to_owned()).collect();
    recipe
}

fn timeline(recipe: &Recipe, history: Budget) -> Timeline {
    let setup = CATALOGUE.setup(recipe).expect("it sets up");
    Timeline::with(setup, Limits::default(), history).expect("it opens")
}

fn every_scenario() -> impl Iterator<Item = String> {
    let only = std::env::var("FAULTLINE_ONLY").ok();
    let all = CATALOGUE
        .0
        .iter()
        .filter(move |protocol| only.as_ref().is_none_or(|id| id == protocol.id));
    all.flat_map(|protocol| {
        let name = |s: &faultline_sim::descriptor::Scenario| format!("{}/{}", protocol.id, s.id);
        protocol.scenarios.iter().map(name)
    })
}

/// The bytes that a copy of the world costs now.
fn copy_costs(run: &Run) -> usize {
    let before = held();
    let _copy = run.world().clone();
    held() - before
}

/// How early and how late in a run its copies are compared, in moves.
const EARLY: u64 = 10_000;
const LATE: u64 = 40_000;

/// Every other scenario, from the first or from the second on: two tests share two processors.
fn copies_cost_the_same(first: usize) {
    let mut recipes: Vec<Recipe> = every_scenario()
        .map(|name| recipe(&name, &[], &[]))
        .collect();
    // Reads with several values, and requests that are refused for ever: the judge keeps nothing of them.
    recipes.push(recipe("kv/any-replica", &[("keys", "2")], &[]));
    recipes.push(recipe(
        "cap/cut",
        &[("reads", "0")],
        &["15s partition n1,n2,n3|n4,n5"],
    ));
    for recipe in recipes.iter().skip(first).step_by(2) {
        let name = &recipe.scenario;
        // A run without a past: what a copy costs does not depend on it.
        let mut run = Run::new(&CATALOGUE.setup(recipe).expect("it sets up"));
        run.run_within(MAX_TIME, EARLY);
        let early = copy_costs(&run);
        run.run_within(MAX_TIME, LATE - EARLY);
        let late = copy_costs(&run);
        assert!(
            late < early + early / 2 + 4_096,
            "{name}: {early} bytes after {EARLY} moves, {late} after {LATE}"
        );
    }
}

/// Whatever grows with a run is shared by its copies, not copied.
#[test]
fn a_copy_costs_no_more_late_in_a_run_than_early() {
    copies_cost_the_same(0);
}

#[test]
fn nor_does_it_in_the_other_half_of_the_scenarios() {
    copies_cost_the_same(1);
}

/// A run, its past included, holds no more than its live state and the budget, however long it is and
/// however much a state weighs; and each of its seconds can still be reached.
#[test]
fn a_past_stays_within_its_budget() {
    let cases = [
        ("raft/service-of-three", vec![], vec![]),
        ("raft/service-of-three", vec![], vec!["10s pause n3"]),
        (
            "raft/kill-the-leader",
            vec![("clients", "5"), ("every", "50")],
            vec!["1s crash n2"],
        ),
        ("lamport/everybody-talks", vec![("nodes", "20")], vec![]),
        ("hash-ring/hand-over", vec![("keys", "5000")], vec![]),
        (
            "vector/everybody-talks",
            vec![("nodes", "50"), ("chatter", "50")],
            vec![],
        ),
    ];
    let history = Budget { bytes: 8 << 20 };
    for (name, params, commands) in cases {
        let recipe = recipe(name, &params, &commands);
        let moves = if name.starts_with("vector") {
            30_000
        } else {
            100_000
        };
        let empty = held();
        let mut run = timeline(&recipe, history);
        run.run_to_move(moves, MAX_TIME, u64::MAX);
        let all = held() - empty;
        let live = {
            // The same run without a past.
            let empty = held();
            let mut alone = Run::new(&CATALOGUE.setup(&recipe).expect("it sets up"));
            alone.run_until(run.now());
            held() - empty
        };
        assert!(
            all < live + history.bytes + (2 << 20),
            "{name} {commands:?}: {all} bytes with its past, {live} without, {} counted",
            run.history_bytes()
        );
        let end = run.now();
        run.go(Target::Time(end));
        let hash = run.state_hash();
        for part in 1..8 {
            run.go(Target::Time(Time(end.0 / 8 * part)));
            assert_eq!(run.now(), Time(end.0 / 8 * part), "{name}");
        }
        run.go(Target::Time(end));
        assert_eq!(run.state_hash(), hash, "{name}");
    }
}

/// What cannot fit ends with a sentence that says where it grew.
#[test]
fn a_run_without_end_is_cut_with_a_reason() {
    let cases = [
        (
            "election/crowned-four-times",
            vec![("nodes", "20")],
            vec![],
            "happened at one instant",
        ),
        (
            "cluster/hello",
            vec![],
            vec!["1s flaky n1 1us 1us"],
            "after 20000 events",
        ),
        (
            "raft/kill-the-leader",
            vec![("clients", "10"), ("every", "5")],
            vec![],
            "MB of memory",
        ),
        (
            "raft/service-of-three",
            vec![],
            vec!["1s latency constant 9000s"],
            "messages to n",
        ),
    ];
    for (name, params, commands, reason) in cases {
        let setup = CATALOGUE
            .setup(&recipe(name, &params, &commands))
            .expect("it sets up");
        let limits = Limits {
            events: if reason.contains("events") {
                20_000
            } else {
                u64::MAX
            },
            instant: 5_000,
            queue: 5_000,
            memory: if reason.contains("memory") {
                held() + (1 << 20)
            } else {
                usize::MAX
            },
            ..Limits::default()
        };
        let history = Budget { bytes: 0 };
        let mut run = Timeline::with(setup, limits, history).expect("it opens");
        run.run_until(MAX_TIME, 10_000_000);
        let said = run.world().halted().unwrap_or("nothing");
        assert!(said.contains(reason), "{name} {commands:?}: {said}");
    }
}
