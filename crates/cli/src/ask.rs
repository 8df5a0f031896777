//! `faultline ask`: what is asked of a scenario, and what the run answers.

use std::fs;

use faultline_protocols::questions;
use faultline_sim::descriptor::{Catalogue, Protocol, Setup};
use faultline_sim::question::{
    self, Answer, Found, Kind, Question, Settled, Wrong, check, settle, sweep,
};
use faultline_sim::text::did_you_mean;
use faultline_sim::time::Time;
use serde_json::{Value as Json, json};

use crate::arguments::{flag, read, with_value};
use crate::choice::{Choice, FLAGS};
use crate::output::Output;
use crate::{BROKEN, FINE, Outcome};

pub fn run(catalogue: Catalogue, words: &[String], out: &mut Output) -> Outcome<u8> {
    let own = [
        with_value("--question", "NAME"),
        with_value("--file", "FILE"),
        with_value("--seed", "1"),
        flag("--check"),
    ];
    let given = read(words, &[&FLAGS[..], &own[..]].concat())?;
    if given.has("--check") {
        return check_all(catalogue, out);
    }
    let choice = Choice::read(catalogue, "ask", &given)?;
    let seed = given.value("--seed").unwrap_or("1");
    let seed = seed
        .parse()
        .map_err(|_| format!("the seed `{seed}` is not a whole number"))?;
    let setup = choice.setup_with(seed);
    let asked = asked(&setup, given.value("--question"), given.value("--file"))?;
    let mut open = false;
    for question in &asked {
        let settled = answer(catalogue, &setup, question, choice.until)?;
        open |= settled.is_none();
        if given.has("--json") {
            out.line(&to_json(question, settled.as_ref()).to_string())?;
        } else {
            out.text(&in_words(question, settled.as_ref()))?;
        }
    }
    Ok(if open { BROKEN } else { FINE })
}

/// Whether all files can be read, and name what there is.
fn check_all(catalogue: Catalogue, out: &mut Output) -> Outcome<u8> {
    let mut count = 0;
    for protocol in catalogue.0 {
        count += questions(protocol)?.len();
    }
    out.line(&format!("{count} questions can be asked"))?;
    Ok(FINE)
}

/// The questions of a scenario, or one of them.
fn asked(setup: &Setup, name: Option<&str>, file: Option<&str>) -> Outcome<Vec<Question>> {
    let (protocol, scenario) = (setup.protocol, setup.scenario.id);
    let all = match file {
        None => questions(protocol)?,
        Some(file) => of_file(file, protocol)?,
    };
    let here = |question: &&Question| question.scenario == scenario;
    let mut found: Vec<Question> = all.iter().filter(here).cloned().collect();
    if found.is_empty() {
        return Err(format!("nothing is asked about {}/{scenario}", protocol.id));
    }
    if let Some(name) = name {
        found.retain(|question| question.id == name);
        if found.is_empty() {
            let names = all.iter().filter(here).map(|question| question.id.as_str());
            return Err(format!(
                "there is no question `{name}`; {}",
                did_you_mean(name, names)
            ));
        }
    }
    Ok(found)
}

/// The questions of a teacher's own file.
fn of_file(file: &str, protocol: &Protocol) -> Outcome<Vec<Question>> {
    let text = fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
    let at = |wrong: Wrong| format!("{file}:{}: {}", wrong.line, wrong.why);
    let found = question::read(&text).map_err(at)?;
    found
        .iter()
        .try_for_each(|question| check(question, protocol))
        .map_err(at)?;
    Ok(found)
}

/// A run with what the person does, or many for a curve.
fn answer(
    catalogue: Catalogue,
    setup: &Setup,
    question: &Question,
    until: Time,
) -> Outcome<Option<Settled>> {
    if let Answer::Sweep { .. } = question.answer {
        let found = sweep(catalogue, &setup.recipe, question)?;
        return Ok(Some(Settled {
            time: Time::ZERO,
            seq: 0,
            moves: 0,
            found,
        }));
    }
    let mut recipe = setup.recipe.clone();
    recipe.commands.extend(question.does.iter().cloned());
    settle(&catalogue.setup(&recipe)?, question, until)
}

fn in_words(question: &Question, settled: Option<&Settled>) -> String {
    let mut text = format!(
        "{}  ({})\n  {}\n",
        question.id,
        question.rows.join(", "),
        question.ask
    );
    for command in &question.does {
        text.push_str(&format!("  with {command}\n"));
    }
    match settled {
        None => text.push_str("  the run does not decide it\n"),
        Some(Settled {
            time, seq, found, ..
        }) => {
            let found = found_in_words(question, found);
            text.push_str(&format!("  at {time}, record {seq}: {found}\n"));
        }
    }
    text
}

fn found_in_words(question: &Question, found: &Found) -> String {
    match (found, &question.kind) {
        (Found::Number(value), Kind::Number { unit, .. }) => format!("{} {unit}", value),
        (Found::Number(value), _) => value.to_string(),
        (Found::Word(word), Kind::Choice(options)) => {
            let label = options.iter().find(|(key, _)| key == word);
            label.map_or_else(|| word.clone(), |(_, label)| format!("{word} ({label})"))
        }
        (Found::Word(word), _) => word.clone(),
        (Found::Node(node), _) => node.to_string(),
        (Found::Message(message), _) => message.to_string(),
        (Found::Event(seq), _) => format!("record {seq}"),
        (Found::Line(line), _) => format!("line {line}"),
        (Found::Order(order), Kind::Order(cards)) => {
            let labels = order.iter().filter_map(|at| cards.get(*at));
            let labels: Vec<&str> = labels.map(|(_, label)| label.as_str()).collect();
            labels.join(", then ")
        }
        (Found::Order(order), _) => format!("{order:?}"),
        (Found::Curve(points), _) => {
            let points = points.iter().map(|(x, y)| format!("{}: {}", x, y));
            points.collect::<Vec<_>>().join(", ")
        }
        (Found::Nothing, _) => "nothing".to_owned(),
    }
}

fn to_json(question: &Question, settled: Option<&Settled>) -> Json {
    let answer = settled.map(|settled| match &settled.found {
        Found::Number(value) => json!(value),
        Found::Word(word) => json!(word),
        Found::Node(node) => json!(node),
        Found::Message(message) => json!(message.to_string()),
        Found::Event(seq) => json!(seq),
        Found::Line(line) => json!(line),
        Found::Order(order) => json!(order),
        Found::Curve(points) => json!(points),
        Found::Nothing => Json::Null,
    });
    json!({
        "question": question.id,
        "rows": question.rows,
        "scenario": question.scenario,
        "ask": question.ask,
        "goal": question.is_goal(),
        "at_us": settled.map(|settled| settled.time.0),
        "record": settled.map(|settled| settled.seq),
        "answer": answer,
    })
}
