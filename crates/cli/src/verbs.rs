//! `faultline help commands`: all verbs, and the names that each protocol adds.

use faultline_sim::command::OTHER_VERBS;
use faultline_sim::descriptor::{Catalogue, Protocol};
use faultline_sim::fault::VERBS;
use faultline_sim::settings::Initial;
use serde_json::{Value as Json, json};

use crate::Outcome;
use crate::report::aligned;

const HEAD: &str = "\
Commands act on a run at a chosen time:

  faultline run raft --command \"5s crash n2\" --command \"@123 heal\"

A command starts with its time:

  5s     before all other events at 5 s
  5s@57  at 5 s, after the first 57 events of the run
  @123   after the first 123 events of the run

NODE is n1, NODES is n1,n2. MESSAGE is n1->n2#3, the third message from node 1 to node 2. LENGTH is 5s,
200ms or 50us. LAW is a distribution: constant, uniform, normal or exponential with its lengths.

";

/// The help on commands, for all protocols or for one.
///
/// # Errors
/// One sentence, if there is no such protocol.
pub fn help(catalogue: Catalogue, wanted: Option<&str>) -> Outcome<String> {
    let mut text = HEAD.to_owned();
    let all = all();
    let rows = all.iter().map(|(_, form, example)| {
        let cells = [*form, *example];
        cells.map(str::to_owned).to_vec()
    });
    text.push_str("verbs, each with an example\n");
    text.push_str(&aligned(2, &rows.collect::<Vec<_>>()));
    let one = wanted.map(|name| catalogue.find(name)).transpose()?;
    for protocol in catalogue.0 {
        if one.is_none_or(|(one, _)| one.id == protocol.id) {
            text.push('\n');
            text.push_str(&words_of(protocol));
        }
    }
    Ok(text)
}

/// All verbs with syntax and example.
fn all() -> Vec<(&'static str, &'static str, &'static str)> {
    VERBS.into_iter().chain(OTHER_VERBS).collect()
}

/// The names that a protocol adds to the verbs.
fn words_of(protocol: &Protocol) -> String {
    let mut text = format!("{}: {}\n", protocol.id, protocol.title);
    let mut part = |name: &str, rows: Vec<Vec<String>>| {
        if !rows.is_empty() {
            text.push_str(&format!("  {name}\n{}", aligned(4, &rows)));
        }
    };
    let requests = requests(protocol).into_iter();
    part(
        "requests",
        requests
            .map(|(request, title)| vec![request, title.into()])
            .collect(),
    );
    let timers = protocol.timers.iter();
    part(
        "timers, for fire, align and spread",
        timers.map(|timer| vec![(*timer).into()]).collect(),
    );
    let switches = protocol.switches.iter();
    part(
        "switches",
        switches
            .map(|s| vec![format!("switch {}=on|off", s.name), s.title.into()])
            .collect(),
    );
    // The others need a new run.
    let params = protocol.params.iter().filter(|param| !param.at_start);
    part(
        "parameters",
        params
            .map(|p| {
                vec![
                    format!("set {}={}", p.name, default(&p.default)),
                    p.title.into(),
                ]
            })
            .collect(),
    );
    text
}

/// A protocol's requests as commands, each with what it does.
pub fn requests(protocol: &Protocol) -> Vec<(String, &'static str)> {
    let forms = protocol.requests.iter();
    forms
        .map(|form| (format!("request n1 {}", (form.example)()), form.title))
        .collect()
}

/// A protocol's verbs for scripts.
pub fn verbs_json(protocol: &Protocol) -> Json {
    let known = |(verb, ..): &(&str, &str, &str)| match *verb {
        "request" => !protocol.requests.is_empty(),
        "fire" | "align" | "spread" => !protocol.timers.is_empty(),
        "switch" => !protocol.switches.is_empty(),
        _ => true,
    };
    let verbs = all().into_iter().filter(known);
    verbs
        .map(|(verb, form, _)| json!({"verb": verb, "form": form}))
        .collect()
}

/// A protocol's requests for scripts.
pub fn requests_json(protocol: &Protocol) -> Json {
    let forms = protocol.requests.iter();
    forms
        .map(|form| json!({"title": form.title, "request": (form.example)(), "role": form.role}))
        .collect()
}

/// A parameter's default as a person types it.
pub fn default(default: &Initial) -> String {
    let json = json!(default);
    json.as_str().map_or(json.to_string(), str::to_owned)
}
