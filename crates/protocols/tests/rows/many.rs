//! What only many runs tell: how often a law breaks, how many endings there are, how many states.

use faultline_protocols::{CATALOGUE, questions};
use faultline_sim::descriptor::Recipe;
use faultline_sim::question::{Found, Part, Question, Tally, endings, settle};
use faultline_sim::sorted::SortedSet;
use faultline_sim::testing::Play;

use super::Row;

/// A question of the catalogue, by its scenario and name.
fn question(scenario: &str, id: &str) -> Question {
    let (protocol, _) = CATALOGUE.find(scenario).expect("a scenario");
    let mut all = questions(protocol).expect("good questions").into_iter();
    all.find(|question| question.id == id).expect("it is asked")
}

/// What is counted for a question, with these settings.
fn parts(scenario: &str, id: &str, settings: &[(&str, &str)]) -> (Found, Vec<Part>) {
    let mut recipe = Recipe::new(scenario, 1);
    for (name, value) in settings {
        match *value {
            "on" | "off" => drop(recipe.switches.insert((*name).into(), *value == "on")),
            _ => drop(recipe.params.insert((*name).into(), (*value).into())),
        }
    }
    let tally = Tally::of(&recipe, &question(scenario, id)).expect("many runs answer it");
    let parts = tally.count(CATALOGUE).expect("the catalogue is sound");
    (tally.found(&parts), parts)
}

fn number(found: Found) -> f64 {
    match found {
        Found::Number(number) => number,
        other => panic!("{other:?} is no number"),
    }
}

#[test]
fn c_b1() {
    let disagreements = |settings: &[(&str, &str)]| {
        let asked = ("raft/kill-the-leader", "disagreements-in-200-runs");
        number(parts(asked.0, asked.1, settings).0)
    };
    assert_eq!(disagreements(&[]), 0.0, "agreement in 200 of 200 runs");
    for rule in ["log-check", "prev-check", "vote-once"] {
        assert!(disagreements(&[(rule, "off")]) > 0.0, "without {rule}");
    }
}

#[test]
fn c_t3() {
    let which = question("raft/which-rule", "which-rule-is-missing");
    let (protocol, scenario) = CATALOGUE.find("raft/which-rule").expect("a scenario");
    let hides = protocol.preset(scenario.preset).expect("a preset").hides;
    let mut missing = SortedSet::new();
    for case in 1..=9 {
        let mut recipe = Recipe::new("raft/which-rule", 1);
        recipe.params.insert("case".into(), case.to_string());
        let setup = CATALOGUE.setup(&recipe).expect("a run");
        let rules = setup.settings.switches();
        let off = rules.filter(|(rule, on)| !on && hides.contains(&rule.name));
        let off: Vec<&str> = off.map(|(switch, _)| switch.name).collect();
        assert_eq!(off.len(), 1, "case {case}: {off:?}");
        // The seed is for the run alone.
        let other = CATALOGUE.setup(&Recipe {
            seed: "7".into(),
            ..recipe.clone()
        });
        let other = other.expect("a run").settings.switches_by_name();
        assert_eq!(other, setup.settings.switches_by_name(), "case {case}");
        missing.insert(off[0]);
        recipe.commands = which.deeds(CATALOGUE, &recipe).expect("a way");
        let setup = CATALOGUE.setup(&recipe).expect("a run");
        if let Some(settled) = settle(&setup, &which, setup.until()).expect("a run") {
            assert_eq!(settled.found, Found::Word(off[0].to_owned()), "case {case}");
        }
    }
    let all: SortedSet<&str> = hides.iter().copied().collect();
    assert_eq!(missing, all, "each rule is missing in some case");
    let row = Row::of("raft/which-rule");
    let row = which.does.iter().fold(row, |row, deed| row.does(deed));
    let broken = row.ended().all_broken();
    assert!(!broken.is_empty(), "without the rule, a law breaks");
    let violations = |row: Play| row.ended().read("violations");
    let cases = (1..=9).map(|case| violations(row.param("case", case)));
    assert!(cases.sum::<f64>() > 0.0, "clients see it in some case");
    assert_eq!(violations(row.preset("correct")), 0.0, "with all rules on");
}

#[test]
fn m7() {
    // The test that everybody makes: it runs, and nothing is wrong.
    assert_eq!(Row::of("cluster/tested").ended().read("applied-twice"), 0.0);
    let by_hand = Row::of("cluster/tested").does("0s drop n1->n6#1").ended();
    assert!(by_hand.read("applied-twice") > 0.0);
    let (found, parts) = parts("cluster/tested", "red-runs-of-1000", &[]);
    let red = number(found);
    assert_eq!(parts.len(), 1_000);
    assert!(red > 0.0 && red < 50.0, "{red} of 1,000 runs are red");
}

#[test]
fn f_t1() {
    let job = |servers: u32| {
        let run = Row::of("bare-service/one-write")
            .param("nodes", servers)
            .ended();
        assert_eq!(run.read("answers"), 1.0, "the same job is done");
        (run.read("messages"), run.read("orders"))
    };
    assert_eq!(job(1), (2.0, 1.0));
    assert_eq!(job(4), (8.0, 24.0));
    assert_eq!(job(5), (10.0, 120.0));
}

#[test]
fn f_t3() {
    let met = |settings: &[(&str, &str)]| {
        let (found, parts) = parts("cluster/same-start", "endings-of-200-seeds", settings);
        let all = endings(&parts);
        assert_eq!(number(found), all.len() as f64);
        let first: Vec<u64> = all.iter().take(3).map(|seeds| seeds[0]).collect();
        (all.len(), first)
    };
    let (endings, first) = met(&[]);
    assert!(endings > 100, "{endings}");
    assert_eq!(first, [1, 2, 3], "three seeds, three endings");
    assert_eq!(met(&[("decider", "on")]).0, 1, "one server decides");
    assert!(Row::of("cluster/same-start").ended().read("colours") > 1.0);
}

#[test]
fn t_t2() {
    let asked = ("two-phase-commit/all-agree", "which-adds-most-states");
    let states = |banks: &str| {
        let (found, parts) = parts(asked.0, asked.1, &[("participants", banks)]);
        let states = parts.into_iter().map(|part| match part {
            Part::States { states, all, .. } => {
                assert!(all, "the whole space is known");
                states
            }
            other => panic!("{other:?}"),
        });
        (found, states.collect::<Vec<u64>>())
    };
    let (found, counts) = states("3");
    assert_eq!(found, Found::Word("acks".into()));
    assert_eq!(counts.len(), 4, "none of them, and each alone");
    assert!(counts[1] > counts[0] && counts[2] > counts[0], "{counts:?}");
    assert!(
        counts[3] < counts[0],
        "presumed abort leaves steps out: {counts:?}"
    );
    assert_eq!(states("4").0, Found::Word("cooperative".into()));
}
