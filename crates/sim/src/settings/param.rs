//! Parameters and switches: their names, bounds and values.

use std::hash::{Hash, Hasher};

use serde::{Serialize, Serializer};

use crate::process::NodeId;
use crate::search::Budget;

/// A run-wide number (or list of nodes) with a name, a unit and bounds.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Param {
    /// The word used in links, commands and `--param`.
    pub name: &'static str,
    /// One phrase for people.
    pub title: &'static str,
    /// `ms`, `nodes`, `1` … printed behind the number.
    pub unit: &'static str,
    /// What it is where nobody sets it.
    pub default: Initial,
    /// The smallest number allowed, in its unit; lists of nodes are not bounded.
    pub min: f64,
    /// The largest number allowed, in its unit.
    pub max: f64,
    /// Whether only whole numbers are allowed.
    pub whole: bool,
    /// The only numbers allowed; empty where every number between the bounds is.
    pub only: &'static [f64],
    /// Whether a change takes a new run (node count, starters), as opposed to acting at once.
    pub at_start: bool,
    /// Whether all nodes must agree on it, so that no node has a value of its own.
    pub shared: bool,
}

/// A parameter's value as a constant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Initial {
    /// In the parameter's unit.
    Number(f64),
    /// Node numbers, separated by commas; may be empty.
    Nodes(&'static str),
    /// One of these words; the first is the default.
    Choice(&'static [&'static str]),
}

impl Serialize for Initial {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Initial::Number(number) => serialize_number(*number, serializer),
            Initial::Nodes(text) => serializer.serialize_str(text),
            Initial::Choice(words) => serializer.serialize_str(first(words)),
        }
    }
}

/// What a choice is where nobody chooses.
pub(super) fn first(words: &[&'static str]) -> &'static str {
    words.first().copied().unwrap_or_default()
}

/// Whether a number has no fraction. Bounds are far smaller than 2^53.
const fn is_whole(number: f64) -> bool {
    number as i64 as f64 == number
}

/// Whole numbers are written without a fraction, as a person would.
fn serialize_number<S: Serializer>(number: f64, serializer: S) -> Result<S::Ok, S::Error> {
    if number.fract() == 0.0 && number.abs() < 9e15 {
        serializer.serialize_i64(number as i64)
    } else {
        serializer.serialize_f64(number)
    }
}

impl Param {
    /// A whole number between `min` and `max`; a real one if the default or a bound is no whole number.
    #[must_use]
    pub const fn number(
        name: &'static str,
        title: &'static str,
        unit: &'static str,
        default: f64,
        (min, max): (f64, f64),
    ) -> Self {
        Self {
            name,
            title,
            unit,
            default: Initial::Number(default),
            min,
            max,
            whole: is_whole(default) && is_whole(min) && is_whole(max),
            only: &[],
            at_start: false,
            shared: false,
        }
    }

    /// A length of time in milliseconds, which may have a fraction.
    #[must_use]
    pub const fn millis(
        name: &'static str,
        title: &'static str,
        default: f64,
        bounds: (f64, f64),
    ) -> Self {
        let mut param = Self::number(name, title, "ms", default, bounds);
        param.whole = false;
        param
    }

    /// A list of node numbers, such as `1,2`.
    #[must_use]
    pub const fn nodes(name: &'static str, title: &'static str, default: &'static str) -> Self {
        let default = Initial::Nodes(default);
        Self {
            name,
            title,
            unit: "nodes",
            default,
            min: 1.0,
            max: 1000.0,
            whole: true,
            only: &[],
            at_start: true,
            shared: true,
        }
    }

    /// One of several words; the first is the default.
    #[must_use]
    pub const fn choice(
        name: &'static str,
        title: &'static str,
        words: &'static [&'static str],
    ) -> Self {
        Self {
            name,
            title,
            unit: "1",
            default: Initial::Choice(words),
            min: 0.0,
            max: 0.0,
            whole: false,
            only: &[],
            at_start: false,
            shared: false,
        }
    }

    /// The same parameter, read only when a run begins.
    #[must_use]
    pub const fn at_start(mut self) -> Self {
        self.at_start = true;
        self
    }

    /// The same parameter, with one value for all nodes: protocols read it from `cx.settings()`.
    #[must_use]
    pub const fn shared(mut self) -> Self {
        self.shared = true;
        self
    }

    /// Whether it is the same for all nodes: what a run begins with, or what all must agree on.
    #[must_use]
    pub const fn is_shared(&self) -> bool {
        self.at_start || self.shared
    }

    /// The same parameter with a few numbers that it may be, and no others.
    #[must_use]
    pub const fn only(mut self, numbers: &'static [f64]) -> Self {
        self.only = numbers;
        self
    }

    /// Reads a value as typed.
    ///
    /// # Errors
    /// A sentence with the values allowed.
    pub fn parse(&self, text: &str) -> Result<Value, String> {
        let text = text.trim();
        match self.default {
            Initial::Number(_) => {
                let number: f64 = text
                    .parse()
                    .ok()
                    .filter(|n: &f64| n.is_finite())
                    .ok_or_else(|| format!("`{text}` is not a number for {}", self.name))?;
                self.check_number(number)
                    .map_err(|rule| format!("{} {rule}, not {text}", self.name))?;
                Ok(Value::Number(number))
            }
            Initial::Nodes(_) => {
                let ids = text
                    .split(',')
                    .filter(|word| !word.trim().is_empty())
                    .map(NodeId::parse)
                    .collect::<Result<Vec<_>, _>>()?;
                Ok(Value::Nodes(ids))
            }
            Initial::Choice(words) => match words.iter().find(|word| **word == text) {
                Some(word) => Ok(Value::Choice(word)),
                None => {
                    let (name, all) = (self.name, words.join(", "));
                    Err(format!("{name} must be one of {all}, not `{text}`"))
                }
            },
        }
    }

    /// Which rule a number breaks.
    fn check_number(&self, number: f64) -> Result<(), String> {
        let (min, max, unit) = (self.min, self.max, self.unit);
        if !self.only.is_empty() && !self.only.contains(&number) {
            let words: Vec<String> = self.only.iter().map(f64::to_string).collect();
            return Err(format!("must be one of {}", words.join(", ")));
        }
        if number < min || number > max {
            return Err(format!("must lie between {min} and {max} {unit}"));
        }
        if self.whole && !is_whole(number) {
            return Err(format!("must be a whole number from {min} to {max}"));
        }
        Ok(())
    }

    pub(super) fn default_value(&self) -> Value {
        match self.default {
            Initial::Number(number) => Value::Number(number),
            Initial::Nodes(text) => self.parse(text).unwrap_or(Value::Nodes(Vec::new())),
            Initial::Choice(words) => Value::Choice(first(words)),
        }
    }
}

/// A parameter's value in a run.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// In the parameter's unit.
    Number(f64),
    /// In the order they were typed.
    Nodes(Vec<NodeId>),
    /// One of the parameter's words.
    Choice(&'static str),
}

impl Hash for Value {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Value::Number(number) => number.to_bits().hash(state),
            Value::Nodes(ids) => ids.hash(state),
            Value::Choice(word) => word.hash(state),
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Number(number) => serialize_number(*number, serializer),
            Value::Nodes(_) => serializer.serialize_str(&self.to_string()),
            Value::Choice(word) => serializer.serialize_str(word),
        }
    }
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Number(number) => write!(f, "{number}"),
            Value::Nodes(ids) => {
                let words: Vec<String> = ids.iter().map(|id| id.0.to_string()).collect();
                f.write_str(&words.join(","))
            }
            Value::Choice(word) => f.write_str(word),
        }
    }
}

/// One rule of an algorithm that can be on or off.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Switch {
    /// The word used in links, commands and `--switch`.
    pub name: &'static str,
    /// What the algorithm does when it is on, as a phrase.
    pub title: &'static str,
    /// Whether it is on where nobody sets it.
    pub default: bool,
    /// What breaks without it, if it is a rule of safety: neither an option nor a rule that only makes
    /// progress.
    #[serde(skip)]
    pub guard: Option<&'static Guard>,
    /// If turning it off at one node is a fault and no choice of a rule: what breaks, and what is mended, in two words each.
    #[serde(skip)]
    pub fault: Option<(&'static str, &'static str)>,
}

/// What a rule of safety protects, and where a hunt finds the harm once the rule is off.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Guard {
    /// The law that breaks.
    pub law: &'static str,
    /// The scenario of the hunt; none: what hunts choose.
    pub scenario: Option<&'static str>,
    /// The preset; none: the scenario's own if it is correct and has the rule on, else the first such.
    pub preset: Option<&'static str>,
    /// Parameters other than theirs, as text.
    pub params: &'static [(&'static str, &'static str)],
    /// The faults that are enough.
    pub budget: Budget,
    /// How many seeds, from 0, are enough.
    pub seeds: u64,
}

impl Switch {
    /// A rule of the algorithm that is on unless somebody turns it off.
    #[must_use]
    pub const fn on(name: &'static str, title: &'static str) -> Self {
        Self::new(name, title, true)
    }

    /// A rule that is off unless somebody turns it on.
    #[must_use]
    pub const fn off(name: &'static str, title: &'static str) -> Self {
        Self::new(name, title, false)
    }

    const fn new(name: &'static str, title: &'static str, default: bool) -> Self {
        Self {
            name,
            title,
            default,
            guard: None,
            fault: None,
        }
    }

    /// Something that a node has while it is on, and that can fail at one node.
    #[must_use]
    pub const fn fails_as(self, lost: &'static str, back: &'static str) -> Self {
        let fault = Some((lost, back));
        Self { fault, ..self }
    }

    /// The same rule as one of safety.
    #[must_use]
    pub const fn guards(self, guard: &'static Guard) -> Self {
        let guard = Some(guard);
        Self { guard, ..self }
    }
}

impl Guard {
    /// Without its rule, a hunt of 20 seeds without faults breaks this law.
    #[must_use]
    pub const fn of(law: &'static str) -> Self {
        Self {
            law,
            scenario: None,
            preset: None,
            params: &[],
            budget: Budget::NONE,
            seeds: 20,
        }
    }

    /// The faults and seeds within which the hunt finds it.
    #[must_use]
    pub const fn within(self, budget: Budget, seeds: u64) -> Self {
        Self {
            budget,
            seeds,
            ..self
        }
    }

    /// The scenario in which the hunt finds it.
    #[must_use]
    pub const fn in_scenario(self, scenario: &'static str) -> Self {
        let scenario = Some(scenario);
        Self { scenario, ..self }
    }

    /// The preset under which the rule decides, where the first correct one has another that does as
    /// much.
    #[must_use]
    pub const fn under(self, preset: &'static str) -> Self {
        let preset = Some(preset);
        Self { preset, ..self }
    }

    /// Parameters of the hunt.
    #[must_use]
    pub const fn given(self, params: &'static [(&'static str, &'static str)]) -> Self {
        Self { params, ..self }
    }
}
