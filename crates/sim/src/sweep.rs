//! Sweeps: what a probe reads at the end of many runs, along the values of a parameter or along seeds.

mod crashes;

use serde::{Deserialize, Serialize};

use crate::descriptor::{Protocol, Recipe, Setup};
use crate::settings::{Initial, Param};
use crate::text::did_you_mean;
use crate::timeline::Run;
use crate::world::Limits;

pub use crashes::{Crashes, Ending, MOST_EVENTS, crash_after, ending};

/// More values than a person can look at.
const MOST: usize = 1_000;
/// A parameter with fractions has so many steps where nobody says how far apart its values lie.
const STEPS: f64 = 10.0;

/// The values of one parameter, in order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Span {
    /// The parameter's name.
    pub param: String,
    /// Its values, each allowed.
    pub values: Vec<f64>,
}

impl Span {
    /// Reads `nodes=3..20` or `timeout=100..500:50`; both ends belong to it.
    ///
    /// # Errors
    /// One sentence that says what to write instead.
    pub fn parse(text: &str, protocol: &Protocol) -> Result<Self, String> {
        let form = || {
            let example = numbers(protocol).next().map_or("nodes", |param| param.name);
            format!(
                "`{text}` is not a range; write NAME=FROM..TO or NAME=FROM..TO:STEP, such as {example}=3..9:2"
            )
        };
        let (name, range) = text.split_once('=').ok_or_else(form)?;
        let (from, to) = range.split_once("..").ok_or_else(form)?;
        let (to, step) = match to.split_once(':') {
            Some((to, step)) => (to, Some(number(step)?)),
            None => (to, None),
        };
        Self::new(protocol, name.trim(), (number(from)?, number(to)?), step)
    }

    /// The values of a parameter from one to another, both included. Without a step, whole numbers are
    /// one apart, and others a tenth of the range.
    ///
    /// # Errors
    /// One sentence that says what to do instead.
    pub fn new(
        protocol: &Protocol,
        name: &str,
        (from, to): (f64, f64),
        step: Option<f64>,
    ) -> Result<Self, String> {
        let param = param(protocol, name)?;
        for end in [from, to] {
            // Only some of the numbers between the ends may be allowed, so these are chosen below.
            if param.only.is_empty() {
                param.parse(&end.to_string())?;
            }
        }
        if to <= from {
            return Err(format!(
                "{name} goes from {from} to {to}; the second number must be the larger one"
            ));
        }
        let step = step.unwrap_or(if param.whole {
            1.0
        } else {
            (to - from) / STEPS
        });
        if step <= 0.0 {
            return Err(format!("the step of {name} must be above 0, not {step}"));
        }
        let count = ((to - from) / step + 1e-9).floor() as usize + 1;
        if count > MOST {
            return Err(format!(
                "{name} would have {count} values; use a larger step, for at most {MOST}"
            ));
        }
        let values: Vec<f64> = if param.only.is_empty() {
            (0..count)
                .map(|at| rounded(from + at as f64 * step))
                .collect()
        } else {
            let between = |value: &f64| (from..=to).contains(value);
            param.only.iter().copied().filter(between).collect()
        };
        for value in &values {
            param.parse(&value.to_string())?;
        }
        if values.is_empty() {
            return Err(format!("{name} has no value between {from} and {to}"));
        }
        Ok(Self {
            param: name.to_owned(),
            values,
        })
    }
}

/// The parameters that are numbers: those that a curve can follow.
pub fn numbers(protocol: &Protocol) -> impl Iterator<Item = &'static Param> {
    let params = protocol.params.iter();
    params.filter(|param| matches!(param.default, Initial::Number(_)))
}

fn param(protocol: &Protocol, name: &str) -> Result<&'static Param, String> {
    if let Some(found) = numbers(protocol).find(|param| param.name == name) {
        return Ok(found);
    }
    let names = numbers(protocol).map(|param| param.name);
    if protocol.params.iter().any(|param| param.name == name) {
        let names: Vec<&str> = names.collect();
        let names = names.join(", ");
        return Err(format!("{name} is not a number; use one of: {names}"));
    }
    let hint = did_you_mean(name, names);
    Err(format!("{} has no parameter `{name}`; {hint}", protocol.id))
}

fn number(text: &str) -> Result<f64, String> {
    let number = text.trim().parse::<f64>().ok();
    number
        .filter(|number| number.is_finite())
        .ok_or_else(|| format!("`{text}` is not a number"))
}

/// Sums of steps without the noise behind the ninth digit: 0.3, not 0.30000000000000004.
fn rounded(value: f64) -> f64 {
    (value * 1e9).round() / 1e9
}

/// The recipe of one run of a sweep.
#[must_use]
pub fn recipe_at(recipe: &Recipe, value: Option<(&str, f64)>, seed: u64) -> Recipe {
    let mut recipe = recipe.clone();
    if let Some((param, value)) = value {
        recipe.params.insert(param.to_owned(), value.to_string());
    }
    recipe.seed = seed.to_string();
    recipe
}

/// What a probe reads where a run ends; nothing if it has no value then. A run that takes too many events
/// is cut off, as in a hunt.
///
/// # Errors
/// One sentence: there is no such run, or why it was cut off.
pub fn at_end(setup: &Setup, probe: &str) -> Result<Option<f64>, String> {
    let values = all_at_end(setup, &[probe.to_owned()])?;
    Ok(values.into_iter().next().flatten())
}

/// What several probes read where a run ends, in the order in which they are named.
///
/// # Errors
/// As for one probe.
pub fn all_at_end(setup: &Setup, probes: &[String]) -> Result<Vec<Option<f64>>, String> {
    let mut run = Run::checked(setup, Limits::of_hunt())?;
    run.run_within(setup.until(), u64::MAX);
    if let Some(why) = run.world().halted() {
        return Err(why.to_owned());
    }
    let read = |name: &String| {
        let value = run.world().probes().find(|(spec, _)| spec.name == name);
        let value = value.and_then(|(_, value)| value);
        value.filter(|value| value.is_finite())
    };
    Ok(probes.iter().map(read).collect())
}
