//! `faultline list`: all protocols and scenarios.

use faultline_sim::descriptor::{Catalogue, Protocol};
use faultline_sim::search::Hunt;
use faultline_sim::settings::{Initial, Param, Switch};
use serde_json::{Map, Value as Json, json};

use crate::arguments::{flag, read};
use crate::output::Output;
use crate::report::{aligned, number};
use crate::verbs::{default, requests, requests_json, verbs_json};
use crate::{FINE, Outcome};

pub fn run(catalogue: Catalogue, words: &[String], out: &mut Output) -> Outcome<u8> {
    let given = read(words, &[flag("--json")])?;
    given.at_most(0, "list takes no arguments")?;
    if given.has("--json") {
        let protocols = catalogue.0.iter();
        let all: Vec<Json> = protocols.map(|p| protocol_json(catalogue, p)).collect();
        out.line(&Json::Array(all).to_string())?;
        return Ok(FINE);
    }
    for (place, protocol) in catalogue.0.iter().enumerate() {
        if place > 0 {
            out.text("\n")?;
        }
        out.text(&protocol_text(protocol))?;
    }
    Ok(FINE)
}

fn protocol_json(catalogue: Catalogue, protocol: &'static Protocol) -> Json {
    let list = |items: Vec<Json>| Json::Array(items);
    let scenarios = protocol.scenarios.iter();
    let params = protocol.params.iter();
    let switches = protocol.switches.iter();
    let presets = protocol.presets.iter();
    let probes = protocol.probes.iter();
    let invariants = protocol.invariants.iter();
    json!({
        "id": protocol.id,
        "title": protocol.title,
        "shelf": protocol.shelf.title(),
        "scenarios": list(scenarios
            .map(|s| json!({"id": s.id, "title": s.title, "preset": s.preset}))
            .collect()),
        "params": list(params
            .map(param_json)
            .collect()),
        "switches": list(switches
            .map(|s| json!({
                "name": s.name,
                "default": s.default,
                "title": s.title,
                "guards": guard_json(catalogue, protocol, s),
            }))
            .collect()),
        "presets": list(presets
            .map(|p| json!({"name": p.name, "title": p.title, "breaks": p.breaks}))
            .collect()),
        "commands": verbs_json(protocol),
        "requests": requests_json(protocol),
        "timers": protocol.timers,
        "probes": list(probes.map(|p| json!({"name": p.name, "unit": p.unit})).collect()),
        "invariants": list(invariants
            .map(|i| json!({"name": i.name, "kind": i.kind}))
            .collect()),
    })
}

/// What breaks without a rule of safety, and the hunt that finds it.
fn guard_json(catalogue: Catalogue, protocol: &'static Protocol, rule: &Switch) -> Option<Json> {
    let (guard, hunt) = (rule.guard?, Hunt::of_guard(catalogue, protocol, rule)?);
    let params = hunt.params.iter();
    let params: Map<String, Json> = params.map(|(n, v)| (n.clone(), (**v).into())).collect();
    Some(json!({
        "invariant": guard.law,
        "scenario": guard.scenario,
        "preset": hunt.preset.map(|preset| preset.name),
        "params": params,
        "budget": guard.budget,
        "seeds": guard.seeds,
    }))
}

/// A parameter has bounds, or a list of its possible values.
fn param_json(param: &Param) -> Json {
    let choices: Vec<Json> = match param.default {
        Initial::Choice(words) => words.iter().map(|word| json!(word)).collect(),
        _ => param.only.iter().copied().map(number).collect(),
    };
    let bound = |bound| match choices.is_empty() {
        true => number(bound),
        false => Json::Null,
    };
    let mut row = json!({
        "name": param.name,
        "unit": param.unit,
        "default": param.default,
        "min": bound(param.min),
        "max": bound(param.max),
    });
    if !choices.is_empty() {
        row["choices"] = choices.into();
    }
    row
}

fn protocol_text(protocol: &Protocol) -> String {
    let mut text = format!(
        "{}: {} ({})\n",
        protocol.id,
        protocol.title,
        protocol.shelf.title()
    );
    let mut part = |name: &str, rows: Vec<Vec<String>>| {
        if !rows.is_empty() {
            text.push_str(&format!("  {name}\n{}", aligned(4, &rows)));
        }
    };
    let owned = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect();
    let scenarios = protocol.scenarios.iter();
    part(
        "scenarios",
        scenarios
            .map(|s| owned(&[&format!("{}/{}", protocol.id, s.id), s.title, s.preset]))
            .collect(),
    );
    let presets = protocol.presets.iter();
    part(
        "presets",
        presets.map(|p| owned(&[p.name, p.title])).collect(),
    );
    let params = protocol.params.iter();
    part(
        "parameters",
        params
            .map(|p| {
                let default = default(&p.default);
                let bounds = match p.default {
                    Initial::Choice(words) => format!("{default} ({})", words.join(", ")),
                    _ if !p.only.is_empty() => {
                        let numbers: Vec<String> = p.only.iter().map(f64::to_string).collect();
                        format!("{default} ({})", numbers.join(", "))
                    }
                    _ => format!("{default} ({} to {} {})", p.min, p.max, p.unit),
                };
                owned(&[p.name, &bounds, p.title])
            })
            .collect(),
    );
    let switches = protocol.switches.iter();
    part(
        "switches",
        switches
            .map(|s| owned(&[s.name, if s.default { "on" } else { "off" }, s.title]))
            .collect(),
    );
    let requests = requests(protocol).into_iter();
    part(
        "requests",
        requests
            .map(|(command, title)| owned(&[&command, title]))
            .collect(),
    );
    let timers = protocol.timers.iter();
    part("timers", timers.map(|timer| owned(&[timer])).collect());
    let probes = protocol.probes.iter();
    part(
        "probes",
        probes.map(|p| owned(&[p.name, p.unit, p.title])).collect(),
    );
    let invariants = protocol.invariants.iter();
    part(
        "invariants",
        invariants
            .map(|i| {
                let kind = json!(i.kind);
                owned(&[i.name, kind.as_str().unwrap_or(""), i.title])
            })
            .collect(),
    );
    text
}
