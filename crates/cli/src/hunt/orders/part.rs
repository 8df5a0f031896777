//! What one machine found of an exhaustive hunt, as a line that another one can read.
//!
//! Each part knows the same first steps and goes on from states of its own, so the parts overlap. A line
//! therefore carries which states it has seen: only so can anybody say how many there are in all.

use std::cmp::Ordering;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use faultline_sim::KERNEL;
use faultline_sim::descriptor::Recipe;
use faultline_sim::explore::{Bounds, FAULT, Orders, grouped};
use faultline_sim::hash::{hex, stable_hash};
use faultline_sim::search::Hunt;
use faultline_sim::time::Time;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

use crate::Outcome;
use crate::hunt::line::Shrunk;

/// The hunt of a part, so that parts of different hunts are not mixed up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Origin {
    pub protocol: String,
    pub scenario: String,
    pub preset: String,
    /// The only invariant that counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invariant: Option<String>,
    pub bounds: Bounds,
    /// How many parts there are.
    pub parts: u32,
    /// A hash of all that decides what is found.
    pub orders: String,
}

impl Origin {
    /// The origin of all parts of a hunt.
    pub fn of(hunt: &Hunt, recipe: &Recipe, (from, parts): (Time, u32), orders: &Orders) -> Self {
        let protocol = hunt.protocol;
        let revisions = (KERNEL, protocol.revision);
        let bounds = serde_json::to_string(orders.bounds()).unwrap_or_default();
        let all = (recipe, revisions, from, hunt.sought.law(), bounds);
        Self {
            protocol: protocol.id.to_owned(),
            scenario: hunt
                .scenario
                .unwrap_or(&protocol.scenarios[0])
                .id
                .to_owned(),
            preset: hunt.chosen_preset().name.to_owned(),
            invariant: hunt.sought.law().map(str::to_owned),
            bounds: *orders.bounds(),
            parts,
            orders: hex(stable_hash(&all)),
        }
    }
}

/// A run that breaks an invariant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Found {
    pub invariant: String,
    /// The place of each step among all that can happen then, and whether it is a fault.
    path: Vec<(u32, bool)>,
    pub run: Shrunk,
}

impl Found {
    pub fn new(invariant: &str, run: Shrunk, orders: &Orders) -> Self {
        let places = orders.exploration().path().unwrap_or_default();
        let steps = orders.steps().unwrap_or_default();
        let faults = steps.iter().map(|step| step.is_fault());
        Self {
            invariant: invariant.to_owned(),
            path: places.into_iter().zip(faults).collect(),
            run,
        }
    }

    /// How many steps lead to it.
    pub fn steps(&self) -> u32 {
        self.path.len() as u32
    }
}

/// Which of two paths an exploration of the whole comes to first.
fn first(a: &[(u32, bool)], b: &[(u32, bool)]) -> Ordering {
    let layer = |path: &[(u32, bool)]| {
        let faults = path.iter().filter(|(_, fault)| *fault).count() as u32;
        path.len() as u32 + FAULT * faults
    };
    let by_layer = layer(a).cmp(&layer(b));
    by_layer.then_with(|| match (a.split_last(), b.split_last()) {
        (Some(((a, _), before_a)), Some(((b, _), before_b))) => {
            first(before_a, before_b).then(a.cmp(b))
        }
        _ => Ordering::Equal,
    })
}

/// What one part of a hunt has found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// From 1.
    pub part: u32,
    /// The fingerprints of all states, the smallest first, eight bytes each.
    states: String,
    /// Whether there may be states beyond the depth.
    deeper: bool,
    /// Whether it ended at the greatest number of states.
    full: bool,
    /// Whether some runs were cut off at a limit.
    cut: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<Found>,
    #[serde(flatten)]
    pub origin: Origin,
}

impl Part {
    pub fn new(origin: Origin, part: u32, found: Option<Found>, orders: &Orders) -> Self {
        let tried = orders.tried();
        let prints = orders.exploration().fingerprints();
        let bytes: Vec<u8> = prints
            .iter()
            .flat_map(|print| print.to_le_bytes())
            .collect();
        Self {
            part: part + 1,
            states: URL_SAFE_NO_PAD.encode(bytes),
            deeper: tried.deeper,
            full: !tried.all && found.is_none(),
            cut: tried.cut > 0,
            found,
            origin,
        }
    }

    /// Parses a line.
    ///
    /// # Errors
    /// What is missing, as the end of a sentence.
    pub fn parse(text: &str) -> Outcome<Self> {
        let part: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        part.prints()?;
        Ok(part)
    }

    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Whether all states within the bounds are known.
    pub fn is_whole(&self) -> bool {
        !self.full && !self.cut
    }

    fn prints(&self) -> Outcome<Vec<u64>> {
        let wrong = || "its states are damaged".to_owned();
        let bytes = URL_SAFE_NO_PAD.decode(&self.states).map_err(|_| wrong())?;
        let (words, rest) = bytes.as_chunks::<8>();
        if !rest.is_empty() {
            return Err(wrong());
        }
        Ok(words.iter().map(|word| u64::from_le_bytes(*word)).collect())
    }
}

/// What all parts of a hunt have found together: the same however many there are. Where an invariant is
/// broken, each part ends somewhere else, so the number of states is left out.
pub fn summary(parts: &[Part]) -> Json {
    let mut json = Map::new();
    let Some(Part { origin, .. }) = parts.first() else {
        return json.into();
    };
    let mut say = |key: &str, value: Json| drop(json.insert(key.to_owned(), value));
    say("protocol", origin.protocol.as_str().into());
    say("scenario", origin.scenario.as_str().into());
    say("preset", origin.preset.as_str().into());
    if let Some(invariant) = &origin.invariant {
        say("invariant", invariant.as_str().into());
    }
    say("bounds", json!(origin.bounds));
    let found = parts.iter().filter_map(|part| part.found.as_ref());
    let found = found.min_by(|a, b| first(&a.path, &b.path));
    let whole = parts.iter().all(Part::is_whole);
    if found.is_none() {
        let prints = parts
            .iter()
            .flat_map(|part| part.prints().unwrap_or_default());
        let mut all: Vec<u64> = prints.collect();
        all.sort_unstable();
        all.dedup();
        let deeper = parts.iter().any(|part| part.deeper);
        say("states", all.len().into());
        say("all", whole.into());
        say("deeper", deeper.into());
        say(
            "tried",
            sentence(all.len() as u64, whole, &origin.bounds).into(),
        );
    }
    let violations = found.iter().map(|found| {
        json!({
            "invariant": found.invariant,
            "faults": found.run.faults,
            "steps": found.steps(),
            "commands": found.run.commands,
            "reason": found.run.reason,
            "at_us": found.run.at_us,
            "command": found.run.command,
            "link": found.run.link,
        })
    });
    say("violations", violations.collect());
    json.into()
}

fn sentence(states: u64, whole: bool, bounds: &Bounds) -> String {
    let (states, within) = (grouped(states), bounds.text());
    match whole {
        true => format!("all {states} states within {within}"),
        false => format!("{states} of the states within {within}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_path_is_the_one_an_exploration_comes_to_first() {
        let path = |steps: &[i32]| -> Vec<(u32, bool)> {
            steps
                .iter()
                .map(|step| (step.unsigned_abs(), *step < 0))
                .collect()
        };
        // Shorter ones first, a fault counts as three steps; then by the states that led there.
        let sorted: [&[i32]; 7] = [
            &[1, 2],
            &[2, 1],
            &[1, 1, 1],
            &[1, 2, 0],
            &[-1, 5],
            &[1, 1, 1, 9],
            &[-2],
        ];
        for (a, b) in [(0, 1), (0, 2), (2, 3), (2, 5), (6, 5), (4, 5)] {
            assert_eq!(
                first(&path(sorted[a]), &path(sorted[b])),
                Ordering::Less,
                "{a} {b}"
            );
        }
    }
}
