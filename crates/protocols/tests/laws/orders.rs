//! Searches through every order of events: what they find is a run like any other, and what they leave
//! out is not missed.

use std::collections::BTreeSet;

use faultline_protocols::CATALOGUE;
use faultline_sim::command::{Command, Timed};
use faultline_sim::descriptor::{Protocol, Recipe};
use faultline_sim::explore::{Bounds, Happening, Model, Orders, Stand, Worlds};
use faultline_sim::fault::Fault;
use faultline_sim::rng::Rng;
use faultline_sim::search::{Budget, Hit, broken};
use faultline_sim::time::Time;

use super::chaos::{is_long, timeline};

/// A search with its bounds.
struct Case {
    /// `protocol/scenario`.
    scenario: &'static str,
    params: &'static [(&'static str, &'static str)],
    crashes: u32,
    timers: Option<u32>,
    depth: u32,
}

/// Protocols whose states have no times, each with a space that is explored in about a second.
const SPACES: &[Case] = &[
    Case {
        scenario: "raft/kill-the-leader",
        params: &[("nodes", "3")],
        crashes: 1,
        timers: Some(2),
        depth: 9,
    },
    Case {
        scenario: "two-phase-commit/all-agree",
        params: &[],
        crashes: 1,
        timers: None,
        depth: 9,
    },
    Case {
        scenario: "paxos/second-proposer",
        params: &[],
        crashes: 1,
        timers: Some(1),
        depth: 9,
    },
    Case {
        scenario: "multi-paxos/steady",
        params: &[("nodes", "3")],
        crashes: 1,
        timers: Some(2),
        depth: 7,
    },
];

impl Case {
    fn recipe(&self, preset: &str) -> Recipe {
        let mut recipe = Recipe::new(self.scenario, 1);
        recipe.preset = Some(preset.to_owned());
        for (name, value) in self.params {
            recipe.params.insert((*name).into(), (*value).into());
        }
        recipe
    }

    fn bounds(&self) -> Bounds {
        Bounds {
            budget: Budget {
                crashes: self.crashes,
                ..Budget::NONE
            },
            timers: self.timers,
            depth: self.depth + u32::from(is_long()) * 2,
            ..Bounds::default()
        }
    }

    fn protocol(&self) -> &'static Protocol {
        CATALOGUE.find(self.scenario).expect("it is there").0
    }
}

fn search(recipe: &Recipe, law: Option<&'static str>, bounds: Bounds) -> Orders {
    let all = (256 << 20, (0, 1));
    let mut orders = Orders::new(CATALOGUE, recipe, (Time::ZERO, law), bounds, all)
        .unwrap_or_else(|why| panic!("{}: {why}", recipe.scenario));
    orders.advance(u64::MAX);
    orders
}

fn found(orders: &Orders) -> Hit {
    let found = orders.found().expect("the run repeats itself");
    found.unwrap_or_else(|| panic!("{}", orders.tried().sentence(orders.bounds())))
}

/// Presets with rules that decide by the time since something happened: states must be told apart by their times,
/// and there are too many. Random schedules try these.
const TIMED: &[&str] = &["steady"];

/// Law 8 for every order of events.
#[test]
fn correct_presets_keep_their_laws_in_every_order() {
    for case in SPACES {
        for preset in case
            .protocol()
            .presets
            .iter()
            .filter(|preset| preset.breaks.is_none() && !TIMED.contains(&preset.name))
        {
            let orders = search(&case.recipe(preset.name), None, case.bounds());
            let tried = orders.tried();
            let sentence = tried.sentence(orders.bounds());
            println!("{} ({}): {sentence}", case.scenario, preset.name);
            let broken = orders.found().expect("it repeats itself");
            assert_eq!(broken, None, "{}", case.scenario);
            assert!(tried.all && tried.timeless && tried.cut == 0, "{sentence}");
            assert!(sentence.contains("proved"), "{sentence}");
        }
    }
}

/// What flawed presets break, and the bounds within which a search must find it.
const FLAWS: &[(&str, &str, u32, &str)] = &[
    ("raft/kill-the-leader", "votes-twice", 0, "election-safety"),
    (
        "raft/kill-the-leader",
        "no-log-check",
        0,
        "leader-completeness",
    ),
    ("raft/kill-the-leader", "forgets-vote", 1, "election-safety"),
    ("two-phase-commit/all-agree", "decides-alone", 0, "money"),
    ("two-phase-commit/all-agree", "commits-early", 0, "money"),
    ("two-phase-commit/all-agree", "forgets-vote", 1, "money"),
    ("paxos/second-proposer", "half-is-enough", 0, "integrity"),
];

/// The runs that a search finds break the law for everybody, need all their steps, and break nothing
/// under the rules of the correct preset.
#[test]
fn a_flaw_is_found_by_a_run_that_anybody_can_play() {
    for (scenario, preset, crashes, law) in FLAWS {
        let (protocol, _) = CATALOGUE.find(scenario).expect("it is there");
        let mut recipe = Recipe::new(scenario, 1);
        recipe.preset = Some((*preset).to_owned());
        // Few nodes, and no requests but those of the script.
        let small = match protocol.id {
            "raft" => ("nodes", "3"),
            "paxos" => ("acceptors", "3"),
            _ => ("every", "0"),
        };
        recipe.params.insert(small.0.into(), small.1.into());
        let bounds = Bounds {
            budget: Budget {
                crashes: *crashes,
                ..Budget::NONE
            },
            timers: Some(2),
            ..Bounds::default()
        };
        let orders = search(&recipe, Some(law), bounds);
        let found = found(&orders);
        println!(
            "{}\n  {}\n  {found}",
            orders.tried().sentence(orders.bounds()),
            found.reason
        );
        assert_eq!(found.name(), *law);
        assert_eq!(found.cost(), *crashes, "a crash is needed, or none");
        assert!(breaks(&found.recipe, law), "{found}");
        for (at, command) in found.recipe.commands.iter().enumerate().skip(1) {
            let mut less = found.recipe.clone();
            less.commands.remove(at);
            assert!(!breaks(&less, law), "`{command}` is not needed: {found}");
        }
        let correct = protocol
            .presets
            .iter()
            .find(|preset| preset.breaks.is_none());
        let mut mended = found.recipe.clone();
        mended.preset = correct.map(|preset| preset.name.to_owned());
        assert!(!breaks(&mended, law), "not mended: {found}");
    }
}

fn breaks(recipe: &Recipe, law: &str) -> bool {
    let mut run = timeline(recipe);
    run.run_until(Time(60_000_000), super::BUDGET);
    broken(&run).iter().any(|broken| broken.name() == law)
}

/// No message is dropped, delayed or stopped in a search, and messages that change nothing are not
/// released. Yet runs in which all that happens come to no state of the nodes that it has not seen.
#[test]
fn what_is_left_out_leads_nowhere_new() {
    for case in SPACES {
        let preset = &case.protocol().presets[0];
        let bounds = Bounds {
            depth: 6,
            ..case.bounds()
        };
        let orders = search(&case.recipe(preset.name), None, bounds);
        let model = orders.exploration().model();
        let nodes = nodes_of_all(model, bounds.depth);
        for seed in 0..400 {
            let mut rng = Rng::stream(seed, "walk", 0);
            let mut place = model.first();
            for _ in 0..bounds.depth {
                let mut actions = Vec::new();
                model.actions(&place, &mut actions);
                let Some(action) = rng.pick(&actions) else {
                    break;
                };
                // Some messages are lost on the way, which costs no step.
                if let (Happening::Arrives(message), true) = (action, rng.chance(0.3)) {
                    let lost = Happening::IsLost(*message);
                    place = model.unreduced(&place, &lost).expect("it is under way");
                    continue;
                }
                let Some(next) = model.unreduced(&place, action) else {
                    break;
                };
                place = next;
                let print = model.nodes_of(&place);
                assert!(nodes.contains(&print), "{}, walk {seed}", case.scenario);
            }
        }
    }
}

/// The hashes of all nodes of all states, by a search of its own.
fn nodes_of_all(model: &Worlds, depth: u32) -> BTreeSet<u64> {
    let first = model.first();
    let mut seen = BTreeSet::from([model.fingerprint(&first)]);
    let mut nodes = BTreeSet::from([model.nodes_of(&first)]);
    let mut layer = vec![first];
    for _ in 0..depth {
        let mut next = Vec::new();
        for place in &layer {
            let mut actions = Vec::new();
            model.actions(place, &mut actions);
            for place in actions
                .iter()
                .filter_map(|action| model.next(place, action))
            {
                if seen.insert(model.fingerprint(&place)) {
                    nodes.insert(model.nodes_of(&place));
                    next.push(place);
                }
            }
        }
        layer = next;
    }
    nodes
}

/// Commands of a run by hand are those that a person may give.
#[test]
fn a_run_by_hand_needs_no_other_commands() {
    let case = &SPACES[0];
    let recipe = case.recipe("votes-twice");
    let found = found(&search(&recipe, Some("election-safety"), Bounds::default()));
    for text in &found.recipe.commands {
        let timed = Timed::parse(text).expect("a command");
        assert!(
            matches!(
                timed.command,
                Command::ByHand(true) | Command::Fault(Fault::Fire(..) | Fault::Release(_))
            ),
            "{text}"
        );
    }
}

/// Some protocols promise nothing about every order of events, and say so.
#[test]
fn what_cannot_be_explored_says_why() {
    let why = |scenario: &str, preset: &str| {
        let mut recipe = Recipe::new(scenario, 1);
        recipe.preset = Some(preset.to_owned());
        let all = (1 << 20, (0, 1));
        let orders = Orders::new(
            CATALOGUE,
            &recipe,
            (Time::ZERO, None),
            Bounds::default(),
            all,
        );
        orders.err().unwrap_or_default()
    };
    let nested = why("bully/one-election", "as-written");
    assert!(nested.contains("directly"), "{nested}");
    assert_eq!(why("raft/kill-the-leader", "correct"), "");
}

/// The same bounds give the same states in as many parts as anybody likes.
#[test]
fn parts_of_a_search_are_the_whole() {
    let case = &SPACES[1];
    let bounds = Bounds {
        depth: 7,
        ..case.bounds()
    };
    let recipe = case.recipe("correct");
    let whole = search(&recipe, None, bounds).exploration().fingerprints();
    let mut union: Vec<u64> = Vec::new();
    for part in 0..3 {
        let reach = (1 << 20, (part, 3));
        let orders = Orders::new(CATALOGUE, &recipe, (Time::ZERO, None), bounds, reach);
        let mut orders = orders.expect("it can be explored");
        assert_eq!(orders.advance(u64::MAX), Stand::Done { deeper: true });
        union.extend(orders.exploration().fingerprints());
    }
    union.sort_unstable();
    union.dedup();
    assert_eq!(union, whole);
}
