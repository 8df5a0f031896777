//! What is asked of learners: every question is decided by its run, its answer follows the run, and every row of
//! the curriculum that is served has one.

use std::fs;
use std::path::Path;

use faultline_protocols::{CATALOGUE, questions};
use faultline_sim::descriptor::{Protocol, Recipe};
use faultline_sim::invariant::Expectation;
use faultline_sim::lesson;
use faultline_sim::question::{
    Again, Answer, Clause, Found, Kind, Many, Question, Settled, Tally, settle, sweep,
};
use faultline_sim::search::broken as broken_laws;
use faultline_sim::timeline::Timeline;

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
    let recipe = Recipe::new(&format!("{}/{}", protocol.id, question.scenario), 1);
    with_deeds(recipe, question)
}

/// The run with what a person does in it.
fn with_deeds(mut recipe: Recipe, question: &Question) -> Recipe {
    recipe.commands.clear();
    recipe.commands = question
        .deeds(CATALOGUE, &recipe)
        .unwrap_or_else(|why| panic!("{}: {why}", question.id));
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

/// Runs of a count that are enough to see that it works.
const RUNS: u64 = 200;

/// What many runs answer; none if one run does.
fn counted(recipe: &Recipe, question: &Question) -> Option<Found> {
    let mut tally = Tally::of(recipe, question)?;
    tally.many = tally.many.at_most(RUNS);
    let parts = tally
        .count(CATALOGUE)
        .unwrap_or_else(|why| panic!("{}: {why}", question.id));
    Some(tally.found(&parts))
}

/// What the run says, or many runs.
fn found(recipe: &Recipe, question: &Question) -> Option<Found> {
    counted(recipe, question).or_else(|| answer(recipe, question).map(|settled| settled.found))
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
        if question.never.is_some() {
            continue;
        }
        if let Some(found) = counted(&recipe(protocol, &question), &question) {
            if !possible(&question, &found) {
                wrong.push(format!("{name}: nobody can say {found:?}"));
            }
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

/// What many runs answer follows from the recipe and from nothing else, and where a person opens one of
/// them, it is the run that was counted.
#[test]
fn each_counted_run_can_be_opened() {
    let mut broken = 0;
    for (protocol, question) in all() {
        let Some(mut tally) = Tally::of(&recipe(protocol, &question), &question) else {
            continue;
        };
        let name = name(protocol, &question);
        tally.many = tally.many.at_most(100);
        let parts = tally.count(CATALOGUE).expect("the catalogue is sound");
        assert_eq!(parts.len() as u64, tally.parts(), "{name}");
        assert_eq!(tally.count(CATALOGUE), Ok(parts.clone()), "{name}");
        let Many::Broken { law, .. } = &tally.many else {
            continue;
        };
        for seed in (1..)
            .zip(&parts)
            .filter(|(_, part)| part.is_broken())
            .map(|(seed, _)| seed)
        {
            let (recipe, found) = tally.broken(CATALOGUE, seed).expect("a run");
            let found = found.expect("it breaks the law");
            let mut run = Timeline::new(CATALOGUE.setup(&recipe).expect("a run")).expect("a run");
            run.run_until(found.at, u64::MAX);
            let again = broken_laws(&run)
                .into_iter()
                .find(|again| again.name() == *law);
            assert_eq!(
                again.map(|again| again.seq),
                Some(found.seq),
                "{name}, seed {seed}"
            );
            broken += 1;
        }
    }
    assert!(broken > 0);
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
        let first = found(&usual, &question);
        let with = question
            .again
            .iter()
            .map(|again| with_deeds(changed(usual.clone(), again, protocol), &question));
        let seeded = (2..=SEEDS).map(|seed| {
            let mut recipe = usual.clone();
            recipe.seed = seed.to_string();
            with_deeds(recipe, &question)
        });
        // Seeds are what many runs differ in already.
        let seeds = if question.is_of_many() {
            0
        } else {
            SEEDS as usize
        };
        let mut others = with.chain(seeded.take(seeds));
        let differs = others.any(|recipe| {
            let found = found(&recipe, &question);
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
        if question.never.is_some() && !breaks_a_hunted_law(protocol, &question) {
            wrong.push(format!("{name}: no hunt shows that it cannot be reached"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Whether a goal is to break an `Always` law of a preset that keeps it: hunts try just that.
fn breaks_a_hunted_law(protocol: &Protocol, question: &Question) -> bool {
    let [step] = question.until.0.as_slice() else {
        return false;
    };
    let scenario = protocol
        .scenarios
        .iter()
        .find(|one| one.id == question.scenario);
    let preset = scenario.and_then(|one| protocol.preset(one.preset).ok());
    let keeps = preset.is_some_and(|preset| preset.breaks.is_none());
    let hunted = |name: &str| {
        let mut laws = protocol.invariants.iter();
        laws.any(|law| law.name == name && law.kind == Expectation::Always)
    };
    keeps
        && step
            .iter()
            .all(|clause| matches!(clause, Clause::Broken(name) if hunted(name)))
}

/// Rows of steps that ask people to write.
fn written_about() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../course");
    let mut rows = Vec::new();
    for file in fs::read_dir(folder).expect("the course") {
        let path = file.expect("a file").path();
        if path.ends_with("glossary.txt") {
            continue;
        }
        let lessons = lesson::read(&fs::read_to_string(path).expect("a text")).expect("lessons");
        let steps = lessons.into_iter().flat_map(|lesson| lesson.steps);
        rows.extend(
            steps
                .filter(|step| step.write.is_some())
                .flat_map(|step| step.rows),
        );
    }
    rows
}

#[test]
fn every_row_that_is_served_is_asked_about() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/checklist");
    let mut asked: Vec<String> = all()
        .into_iter()
        .flat_map(|(_, question)| question.rows)
        .collect();
    asked.extend(written_about());
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

/// What a person does names the leader, so one way to a goal is one under every seed.
#[test]
fn a_way_that_names_the_leader_works_under_every_seed() {
    let mut wrong: Vec<String> = Vec::new();
    let mut tried = 0;
    for (protocol, question) in all() {
        let leads = |deed: &String| deed.ends_with(" leader");
        if !question.is_goal() || !question.does.iter().any(leads) {
            continue;
        }
        for seed in 1..=SEEDS {
            let recipe = Recipe::new(&format!("{}/{}", protocol.id, question.scenario), seed);
            if answer(&with_deeds(recipe, &question), &question).is_none() {
                wrong.push(format!("{}, seed {seed}", name(protocol, &question)));
            }
            tried += 1;
        }
    }
    assert!(tried > 0 && wrong.is_empty(), "{wrong:#?}");
}
