//! `faultline ask`: what is asked of a scenario, and what the run answers.

use std::fs;

use faultline_protocols::questions;
use faultline_sim::descriptor::{Catalogue, Protocol, Setup};
use faultline_sim::explore::grouped;
use faultline_sim::question::{
    self, Found, Kind, Many, Part, Question, Settled, Tally, Wrong, check, crash_points, endings,
    settle, sweep,
};
use faultline_sim::search::shrink;
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
        let answer = answer(catalogue, &setup, question, choice.until)?;
        open |= matches!(answer, Answer::Run(None));
        if given.has("--json") {
            out.line(&to_json(question, &answer).to_string())?;
        } else {
            out.text(&in_words(catalogue, question, &answer))?;
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

/// Who answers.
enum Answer {
    /// The run; none: it does not decide it.
    Run(Option<Settled>),
    /// Many runs: what they say, and what was counted, if anything was.
    Many(Found, Option<Box<(Tally, Vec<Part>)>>),
}

impl Answer {
    fn found(&self) -> Option<&Found> {
        match self {
            Self::Run(settled) => settled.as_ref().map(|settled| &settled.found),
            Self::Many(found, _) => Some(found),
        }
    }
}

/// A run with what the person does, or many runs.
fn answer(
    catalogue: Catalogue,
    setup: &Setup,
    question: &Question,
    until: Time,
) -> Outcome<Answer> {
    if let Some(tally) = Tally::of(&setup.recipe, question) {
        let parts = tally.count(catalogue)?;
        return Ok(Answer::Many(
            tally.found(&parts),
            Some(Box::new((tally, parts))),
        ));
    }
    if question.is_of_many() {
        let found = sweep(catalogue, &setup.recipe, question)?;
        return Ok(Answer::Many(found, None));
    }
    let mut recipe = setup.recipe.clone();
    // What a person gives is their own way.
    if recipe.commands.is_empty() {
        recipe.commands = question.deeds(catalogue, &recipe)?;
    }
    let settled = settle(&catalogue.setup(&recipe)?, question, until)?;
    Ok(Answer::Run(settled))
}

fn in_words(catalogue: Catalogue, question: &Question, answer: &Answer) -> String {
    let mut text = format!(
        "{}  ({})\n  {}\n",
        question.id,
        question.rows.join(", "),
        question.ask
    );
    for command in &question.does {
        text.push_str(&format!("  with {command}\n"));
    }
    match answer {
        Answer::Run(None) => text.push_str("  the run does not decide it\n"),
        Answer::Run(Some(Settled {
            time, seq, found, ..
        })) => {
            let found = found_in_words(question, found);
            text.push_str(&format!("  at {time}, record {seq}: {found}\n"));
        }
        Answer::Many(found, counts) => {
            let found = found_in_words(question, found);
            text.push_str(&format!("  {found}\n"));
            if let Some(counts) = counts {
                text.push_str(&counted(catalogue, &counts.0, &counts.1));
            }
        }
    }
    text
}

/// What was counted: the seeds that broke a law and the first of these runs as a line, the seeds at which
/// a new ending came, or the states with each switch.
fn counted(catalogue: Catalogue, tally: &Tally, parts: &[Part]) -> String {
    match &tally.many {
        Many::Broken { .. } => {
            let seeds = broken_seeds(parts);
            let first = seeds.first().map(|seed| tally.broken(catalogue, *seed));
            match first {
                Some(Ok((_, Some(broken)))) => {
                    let broken = shrink(catalogue, &broken).unwrap_or(broken);
                    format!("  broken with {}\n  {broken}\n", of_seeds(&seeds))
                }
                _ => String::new(),
            }
        }
        Many::Endings { .. } => {
            let firsts: Vec<u64> = endings(parts).iter().map(|seeds| seeds[0]).collect();
            format!("  a new one with {}\n", of_seeds(&firsts))
        }
        Many::CrashPoints {
            node, probe, above, ..
        } => {
            let points: Vec<String> = crash_points(parts).iter().map(u64::to_string).collect();
            let points = points.join(", ");
            format!("  {probe} above {above} where {node} crashes after event {points}\n")
        }
        Many::Ranked { probe, seeds, .. } => {
            let line = |(scenario, mean): (String, Option<f64>)| {
                let mean = mean.map_or_else(|| "nothing".to_owned(), |mean| format!("{mean:.1}"));
                format!("  {scenario}: {mean}\n")
            };
            let lines: String = tally.means(parts).into_iter().map(line).collect();
            format!("{lines}  {probe}, the mean of seeds 1 to {seeds}\n")
        }
        Many::MostStates(bounds) => {
            let lines: String = parts.iter().map(line_of_states).collect();
            format!("{lines}  within {}\n", bounds.text())
        }
    }
}

fn broken_seeds(parts: &[Part]) -> Vec<u64> {
    let broken = parts.iter().filter_map(|part| match part {
        Part::Run { seed, broken: true } => Some(*seed),
        _ => None,
    });
    broken.collect()
}

fn counts_as_json(tally: &Tally, parts: &[Part]) -> Json {
    match &tally.many {
        Many::Broken { law, runs, .. } => {
            json!({"invariant": law, "runs": runs, "seeds": broken_seeds(parts)})
        }
        Many::Endings { seeds } => json!({"runs": seeds, "seeds_by_ending": endings(parts)}),
        Many::CrashPoints {
            node,
            probe,
            above,
            events,
        } => {
            let after = crash_points(parts);
            json!({"probe": probe, "above": above, "node": node, "events": events, "after": after})
        }
        Many::Ranked { probe, seeds, .. } => {
            json!({"probe": probe, "seeds": seeds, "means": tally.means(parts)})
        }
        Many::MostStates(_) => {
            let states = parts.iter().filter_map(|part| match part {
                Part::States {
                    switch,
                    states,
                    all,
                } => Some(json!({"switch": switch, "states": states, "all": all})),
                _ => None,
            });
            Json::Array(states.collect())
        }
    }
}

/// Seeds that are named; the others are counted.
const NAMED: usize = 12;

fn of_seeds(seeds: &[u64]) -> String {
    let named = seeds.iter().take(NAMED).map(u64::to_string);
    let named = named.collect::<Vec<_>>().join(", ");
    match seeds.len() {
        1 => format!("seed {named}"),
        count if count > NAMED => format!("seeds {named} and {} more", count - NAMED),
        _ => format!("seeds {named}"),
    }
}

fn line_of_states(part: &Part) -> String {
    let Part::States {
        switch,
        states,
        all,
    } = part
    else {
        return String::new();
    };
    let switch = switch.as_deref().unwrap_or("none of them");
    let word = if *states == 1 { "state" } else { "states" };
    let more = if *all { "" } else { ", and more" };
    format!("  {switch}: {} {word}{more}\n", grouped(*states))
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

fn to_json(question: &Question, answer: &Answer) -> Json {
    let settled = match answer {
        Answer::Run(settled) => settled.as_ref(),
        Answer::Many(..) => None,
    };
    let found = answer.found().map(|found| match found {
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
        "answer": found,
        "counted": match answer {
            Answer::Many(_, Some(counts)) => counts_as_json(&counts.0, &counts.1),
            _ => Json::Null,
        },
    })
}
