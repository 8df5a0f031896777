//! What is asked of learners: every question is decided by its run, its answer follows the run, and every row of
//! the curriculum that is served has one.

use std::fs;
use std::path::Path;

use faultline_protocols::{CATALOGUE, questions};
use faultline_sim::command::{Command, Timed};
use faultline_sim::descriptor::{Protocol, Recipe};
use faultline_sim::question::{Again, Answer, Found, Kind, Question, Settled, settle, sweep};

/// Seeds under which an answer may differ.
const SEEDS: u64 = 8;

fn all() -> Vec<(&'static Protocol, Question)> {
    let of = |protocol: &&'static Protocol| {
        let found = questions(protocol).unwrap_or_else(|why| panic!("{why}"));
        found
            .into_iter()
            .map(|question| (*protocol, question))
            .collect::<Vec<_>>()
    };
    CATALOGUE.0.iter().flat_map(of).collect()
}

fn name(protocol: &Protocol, question: &Question) -> String {
    format!("{}: {}", protocol.id, question.id)
}

fn recipe(protocol: &Protocol, question: &Question) -> Recipe {
    let mut recipe = Recipe::new(&format!("{}/{}", protocol.id, question.scenario), 1);
    recipe.commands.clone_from(&question.does);
    recipe
}

fn changed(mut recipe: Recipe, again: &Again, protocol: &Protocol) -> Recipe {
    if again.seed {
        "2".clone_into(&mut recipe.seed);
    }
    for (name, value) in &again.settings {
        if name == "preset" {
            recipe.preset = Some(value.clone());
        } else if protocol.switches.iter().any(|switch| switch.name == name) {
            recipe.switches.insert(name.clone(), value == "on");
        } else {
            recipe.params.insert(name.clone(), value.clone());
        }
    }
    recipe
}

fn answer(recipe: &Recipe, question: &Question) -> Option<Settled> {
    let setup = CATALOGUE
        .setup(recipe)
        .unwrap_or_else(|why| panic!("{}: {why}", question.id));
    settle(&setup, question, setup.until()).unwrap_or_else(|why| panic!("{}: {why}", question.id))
}

#[test]
fn every_question_is_decided_and_can_be_answered() {
    let mut wrong: Vec<String> = Vec::new();
    for (protocol, question) in all() {
        let name = name(protocol, &question);
        if let Answer::Sweep { .. } = question.answer {
            continue;
        }
        let settled = answer(&recipe(protocol, &question), &question);
        let Some(settled) = settled else {
            wrong.push(format!("{name}: its run does not decide it"));
            continue;
        };
        if !possible(&question, &settled.found) {
            wrong.push(format!("{name}: nobody can say {:?}", settled.found));
        }
        if question.does.is_empty() {
            let scenario = protocol
                .scenarios
                .iter()
                .find(|one| one.id == question.scenario);
            let opens = scenario.map_or(0, |one| one.opens_at.0);
            if opens > 0 && settled.time.0 <= opens {
                wrong.push(format!("{name}: decided before the page opens"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Whether a person can give this answer, and a dial does not end at it.
fn possible(question: &Question, found: &Found) -> bool {
    match (&question.kind, found) {
        (Kind::Number { low, high, .. }, Found::Number(value)) => {
            *value >= *low && *value < low + 0.95 * (high - low)
        }
        (Kind::Choice(options), found) => {
            let key = match found {
                Found::Number(value) => value.to_string(),
                Found::Word(word) => word.clone(),
                Found::Node(node) => node.to_string(),
                _ => return false,
            };
            options.iter().any(|(own, _)| *own == key)
        }
        (Kind::Point(_), Found::Node(_) | Found::Message(_) | Found::Event(_) | Found::Line(_))
        | (Kind::Text, Found::Word(_) | Found::Number(_))
        | (Kind::Goal, _) => true,
        (Kind::Order(cards), Found::Order(order)) => order.len() == cards.len(),
        _ => false,
    }
}

#[test]
fn every_answer_follows_the_run() {
    let mut wrong: Vec<String> = Vec::new();
    for (protocol, question) in all() {
        if question.is_goal() || question.fixed.is_some() {
            continue;
        }
        let name = name(protocol, &question);
        let usual = recipe(protocol, &question);
        if let Answer::Sweep { .. } = question.answer {
            let Ok(Found::Curve(points)) = sweep(CATALOGUE, &usual, &question) else {
                panic!("{name}: there is no curve");
            };
            let (_, first) = points[0];
            assert!(points.len() > 2, "{name}: {points:?}");
            assert!(
                points.iter().any(|(_, y)| (y - first).abs() > 1e-9),
                "{name}: a flat curve"
            );
            continue;
        }
        let first = answer(&usual, &question).map(|settled| settled.found);
        let with = question
            .again
            .iter()
            .map(|again| changed(usual.clone(), again, protocol));
        let seeded = (2..=SEEDS).map(|seed| {
            let mut recipe = usual.clone();
            recipe.seed = seed.to_string();
            recipe
        });
        let mut others = with.chain(seeded);
        let differs = others.any(|recipe| {
            let found = answer(&recipe, &question).map(|settled| settled.found);
            found.is_some() && found != first
        });
        if !differs {
            wrong.push(format!("{name}: always {first:?}; say why in `fixed`"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_goal_is_not_reached_by_itself_and_can_be_reached() {
    let mut wrong: Vec<String> = Vec::new();
    for (protocol, question) in all().into_iter().filter(|(_, question)| question.is_goal()) {
        let name = name(protocol, &question);
        let mut untouched = recipe(protocol, &question);
        untouched.commands.clear();
        if answer(&untouched, &question).is_some() {
            wrong.push(format!("{name}: it is reached without a person"));
        }
        let commands = question
            .does
            .iter()
            .map(|text| Timed::parse(text).expect("a command"));
        let faults = commands
            .filter(|timed| matches!(timed.command, Command::Fault(_)))
            .count();
        let budget = question.budget.unwrap_or(u32::MAX) as usize;
        if faults > budget {
            wrong.push(format!("{name}: {faults} faults of {budget}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_row_that_is_served_is_asked_about() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/checklist");
    let asked: Vec<String> = all()
        .into_iter()
        .flat_map(|(_, question)| question.rows)
        .collect();
    let mut known = Vec::new();
    let mut missing = Vec::new();
    for file in fs::read_dir(folder).expect("the checklist") {
        let text = fs::read_to_string(file.expect("a file").path()).expect("a text");
        let mut row = "";
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if line.starts_with("= ") && !asked.iter().any(|asked| asked == row) {
                missing.push(row.to_owned());
            } else if let Some((id, _)) = line.split_once(" | ") {
                row = id.trim();
                known.push(row.to_owned());
            }
        }
    }
    let strange: Vec<&String> = asked.iter().filter(|row| !known.contains(row)).collect();
    assert!(strange.is_empty(), "no such row: {strange:?}");
    assert!(
        missing.is_empty(),
        "served, and nothing is asked: {missing:?}"
    );
}
