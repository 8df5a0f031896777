//! What a search makes of the goals: it finds a way that needs no more faults than the one beside the goal, and
//! none to a goal that nobody can reach.

use faultline_protocols::{CATALOGUE, questions};
use faultline_sim::command::Timed;
use faultline_sim::descriptor::{Protocol, Recipe, Setup};
use faultline_sim::question::{Question, Used, settle};
use faultline_sim::search::{Budget, Goal, Hit, Hunt, Sought, shrink};

/// Runs of a search that a person waits for.
const RUNS: u64 = 400;
/// A thousand nodes take a hundred times as long as five.
const RUNS_OF_MANY: u64 = 2;
/// Runs after which a goal that nobody can reach counts as such.
const RUNS_OF_NEVER: u64 = 150;

/// Goals to which random runs find no such way: protocol, goal, and why.
const UNFOUND: [(&str, &str, &str); 1] = [(
    "gossip",
    "stop-the-rumour",
    "a run of a thousand nodes takes a second, and only what hits the first node at once stops the rumour",
)];

fn goals() -> Vec<(&'static Protocol, Question)> {
    let of = |protocol: &&'static Protocol| {
        let found = questions(protocol).unwrap_or_else(|why| panic!("{why}"));
        let goals = found.into_iter().filter(Question::is_goal);
        goals.map(|goal| (*protocol, goal)).collect::<Vec<_>>()
    };
    CATALOGUE.0.iter().flat_map(of).collect()
}

fn recipe(protocol: &Protocol, goal: &Question) -> Recipe {
    Recipe::new(&format!("{}/{}", protocol.id, goal.scenario), 1)
}

fn setup(recipe: &Recipe) -> Setup {
    CATALOGUE.setup(recipe).expect("the catalogue is sound")
}

fn hunt(protocol: &Protocol, goal: &Question) -> Hunt {
    let sought = Goal::of(goal).expect("a goal");
    Hunt::of_goal(CATALOGUE, &recipe(protocol, goal), sought).expect("a run")
}

/// What the way beside the goal uses.
fn used(protocol: &Protocol, goal: &Question) -> Used {
    let recipe = recipe(protocol, goal);
    let deeds = goal.deeds(CATALOGUE, &recipe).expect("a way");
    let deeds: Vec<Timed> = deeds
        .iter()
        .map(|text| Timed::parse(text).expect("a command"))
        .collect();
    Used::of(CATALOGUE, &setup(&recipe), &deeds).expect("a run")
}

/// A found way does what the goal asks for, for whoever opens it, and breaks none of its rules.
fn check(name: &str, goal: &Question, hit: &Hit) {
    let setup = setup(&hit.recipe);
    let settled = settle(&setup, goal, setup.until()).expect("a run");
    let settled = settled.unwrap_or_else(|| panic!("{name}: not reached again\n{hit}"));
    assert_eq!(settled.time, hit.at, "{name}\n{hit}");
    let used = Used::of(CATALOGUE, &setup, &hit.commands()).expect("a run");
    assert_eq!(used.faults, hit.cost(), "{name}\n{hit}");
    assert_eq!(goal.foul(&used), None, "{name}\n{hit}");
}

/// The best way that a search finds before it has one with so few faults.
fn best(name: &str, hunt: &Hunt, goal: &Question, (runs, enough): (u64, u32)) -> Option<Hit> {
    let mut best: Option<Hit> = None;
    for seed in 0..runs {
        let seen = hunt.seek(seed).expect("the catalogue is sound");
        for hit in seen.hits {
            assert!(matches!(hit.sought, Sought::Goal(_)), "{name}");
            let shrunk = shrink(CATALOGUE, &hit).expect("a run");
            assert!(shrunk.rank() <= hit.rank(), "{name}, seed {seed}");
            check(name, goal, &hit);
            check(name, goal, &shrunk);
            if best.as_ref().is_none_or(|best| shrunk.rank() < best.rank()) {
                best = Some(shrunk);
            }
        }
        if best.as_ref().is_some_and(|best| best.cost() <= enough) {
            break;
        }
    }
    best
}

#[test]
fn a_search_finds_a_way_with_no_more_faults_than_the_one_that_is_known() {
    let mut wrong: Vec<String> = Vec::new();
    let mut found = 0;
    for (protocol, goal) in goals() {
        // A search changes no settings.
        if goal.never.is_some() || goal.changes_settings() {
            continue;
        }
        let name = format!("{}/{}", protocol.id, goal.id);
        let known = used(protocol, &goal).faults;
        let unfound = UNFOUND
            .iter()
            .any(|(of, id, _)| *of == protocol.id && *id == goal.id);
        let nodes = (protocol.nodes)(&setup(&recipe(protocol, &goal)).settings);
        let runs = if nodes > 100 { RUNS_OF_MANY } else { RUNS };
        let best = best(&name, &hunt(protocol, &goal), &goal, (runs, known));
        match best.filter(|best| best.cost() <= known) {
            None if unfound => {}
            None => wrong.push(format!("{name}: no way with {known} faults")),
            Some(best) if unfound => wrong.push(format!("{name}: found after all\n{best}")),
            Some(_) => found += 1,
        }
    }
    assert!(found > 10 && wrong.is_empty(), "{found} {wrong:#?}");
}

#[test]
fn no_search_reaches_a_goal_that_nobody_can_reach() {
    let mut tried = 0;
    for (protocol, goal) in goals() {
        if goal.never.is_none() {
            continue;
        }
        let hunt = hunt(protocol, &goal);
        for seed in 0..RUNS_OF_NEVER {
            let seen = hunt.seek(seed).expect("the catalogue is sound");
            let hit = seen.hits.first();
            assert!(hit.is_none(), "{}\n{}", goal.id, hit.expect("it is there"));
        }
        tried += 1;
    }
    assert!(tried > 0);
}

/// Other rules, an untouched run or a budget that is used up are told from a way that counts.
#[test]
fn each_way_beside_a_goal_counts() {
    for (protocol, goal) in goals() {
        let used = used(protocol, &goal);
        let name = format!("{}/{}", protocol.id, goal.id);
        assert_eq!(goal.foul(&used), None, "{name}: {used:?}");
        let Some(budget) = goal.budget else {
            continue;
        };
        let hunt = hunt(protocol, &goal);
        assert_eq!(hunt.budget, Some(Budget::any(budget)), "{name}");
        let over = Used {
            faults: budget + 1,
            ..used
        };
        assert!(goal.foul(&over).is_some(), "{name}");
    }
}

/// What has to hold at an instant is looked at there, also if nothing happens any more.
#[test]
fn what_holds_at_an_instant_decides_then() {
    let (protocol, goal) = goals()
        .into_iter()
        .find(|(protocol, goal)| protocol.id == "vector" && goal.id == "wait-for-ever")
        .expect("it is there");
    let mut recipe = recipe(protocol, &goal);
    recipe.commands = goal.deeds(CATALOGUE, &recipe).expect("a way");
    let setup = setup(&recipe);
    let settled = settle(&setup, &goal, setup.until()).expect("a run");
    assert_eq!(settled.map(|settled| settled.time.0), Some(6_000_000));
}
