//! The choice of a run: the arguments that `run`, `sweep` and others share.

use std::fmt::Display;
use std::num::{IntErrorKind, ParseIntError};

use faultline_sim::descriptor::{Catalogue, Protocol, Recipe, Setup};
use faultline_sim::sorted::SortedMap;
use faultline_sim::text::did_you_mean;
use faultline_sim::time::{Duration, Time};

use crate::Outcome;
use crate::arguments::{Flag, Given, flag, with_value, with_values};
use crate::check::check_commands;

/// Flags of every command that runs a scenario.
pub const FLAGS: [Flag; 7] = [
    with_value("--until", "10s"),
    with_values("--param", "NAME=VALUE"),
    with_values("--switch", "NAME=on|off"),
    with_value("--preset", "NAME"),
    with_values("--command", "\"5s crash n2\""),
    with_value("--expect-violation", "INVARIANT"),
    flag("--json"),
];

/// A checked run, up to its seed.
pub struct Choice {
    pub setup: Setup,
    pub until: Time,
    /// The invariant that should break.
    pub expected: Option<&'static str>,
}

impl Choice {
    /// Reads the arguments.
    ///
    /// # Errors
    /// One sentence naming the wrong word and the nearest right ones.
    pub fn read(catalogue: Catalogue, command: &str, given: &Given) -> Outcome<Self> {
        let names = || {
            let ids: Vec<&str> = catalogue.0.iter().map(|protocol| protocol.id).collect();
            ids.join(", ")
        };
        let Some(name) = given.words.first() else {
            return Err(format!(
                "{command} needs a scenario: PROTOCOL/SCENARIO, or a protocol for its first; use \
                 one of: {}",
                names()
            ));
        };
        given.at_most(1, &format!("{command} takes one scenario"))?;
        Self::of(catalogue, name, given)
    }

    /// Reads the arguments for one of several scenarios.
    ///
    /// # Errors
    /// As [`Choice::read`].
    pub fn of(catalogue: Catalogue, name: &str, given: &Given) -> Outcome<Self> {
        let (protocol, scenario) = catalogue.find(name)?;
        let mut recipe = Recipe::new(&format!("{}/{}", protocol.id, scenario.id), 1);
        recipe.preset = given.value("--preset").map(str::to_owned);
        recipe.params = params(given)?;
        recipe.switches = switches(given)?;
        recipe.commands = given.all("--command").map(str::to_owned).collect();
        let setup = catalogue.setup(&recipe)?;
        check_commands(&setup)?;
        let until = match given.value("--until") {
            Some(text) => instant(text)?,
            None => setup.until(),
        };
        let expected = match given.value("--expect-violation") {
            Some(name) => Some(invariant(setup.protocol, name)?),
            None => None,
        };
        Ok(Self {
            setup,
            until,
            expected,
        })
    }

    /// The same run with another seed.
    #[must_use]
    pub fn setup_with(&self, seed: u64) -> Setup {
        self.setup.clone().with_seed(seed)
    }

    /// The probes of these names, in their order.
    ///
    /// # Errors
    /// One sentence naming the wrong word and the nearest right ones.
    pub fn probes<'n>(&self, wanted: impl Iterator<Item = &'n str>) -> Outcome<Vec<&'static str>> {
        let protocol = self.setup.protocol;
        let names = || protocol.probes.iter().map(|probe| probe.name);
        let mut found = Vec::new();
        for name in wanted {
            let probe = names().find(|probe| *probe == name).ok_or_else(|| {
                let hint = did_you_mean(name, names());
                format!("{} has no probe `{name}`; {hint}", protocol.id)
            })?;
            if found.contains(&probe) {
                return Err(format!("the probe {name} is given twice; once is enough"));
            }
            found.push(probe);
        }
        if found.is_empty() {
            let names: Vec<&str> = names().collect();
            return Err(format!(
                "sweep needs --probe NAME; {} has {}",
                protocol.id,
                names.join(", ")
            ));
        }
        Ok(found)
    }
}

/// The parameters from the arguments.
///
/// # Errors
/// One sentence, if one has no value or two.
pub fn params(given: &Given) -> Outcome<SortedMap<String, String>> {
    let mut params = SortedMap::new();
    for text in given.all("--param") {
        let (name, value) = split(text, "a parameter", "--param nodes=5")?;
        let before = params.insert(name.to_owned(), value.to_owned());
        once("parameter", name, before, value)?;
    }
    Ok(params)
}

/// The switches from the arguments.
///
/// # Errors
/// One sentence, if one has no position or two.
pub fn switches(given: &Given) -> Outcome<SortedMap<String, bool>> {
    let mut switches = SortedMap::new();
    for text in given.all("--switch") {
        let (name, position) = split(text, "a switch", "--switch guard=on")?;
        let on = match position {
            "on" => true,
            "off" => false,
            other => {
                return Err(format!(
                    "`{other}` is not a value of switch {name}; write {name}=on or {name}=off"
                ));
            }
        };
        let word = |on| if on { "on" } else { "off" };
        let before = switches.insert(name.to_owned(), on);
        once("switch", name, before.map(word), position)?;
    }
    Ok(switches)
}

/// Reads an instant such as 10s.
///
/// # Errors
/// One sentence naming the wrong word.
pub fn instant(text: &str) -> Outcome<Time> {
    Ok(Time(Duration::parse(text)?.0))
}

/// Refuses a second value for the same name.
fn once(what: &str, name: &str, before: Option<impl Display>, now: &str) -> Outcome {
    match before {
        None => Ok(()),
        Some(before) => Err(format!(
            "the {what} {name} is given twice, as {before} and {now}; keep one"
        )),
    }
}

/// The invariant of this name.
///
/// # Errors
/// One sentence naming the wrong word and the nearest right ones.
pub fn invariant(protocol: &Protocol, name: &str) -> Outcome<&'static str> {
    let names = || protocol.invariants.iter().map(|spec| spec.name);
    names().find(|known| *known == name).ok_or_else(|| {
        let hint = did_you_mean(name, names());
        format!("{} has no invariant `{name}`; {hint}", protocol.id)
    })
}

fn split<'t>(text: &'t str, what: &str, example: &str) -> Outcome<(&'t str, &'t str)> {
    text.split_once('=')
        .ok_or_else(|| format!("`{text}` is not {what} with its value; write {example}"))
}

/// Reads a seed.
///
/// # Errors
/// One sentence naming the wrong word.
pub fn seed(text: &str) -> Outcome<u64> {
    text.parse().map_err(|error: ParseIntError| {
        if *error.kind() == IntErrorKind::PosOverflow {
            format!("the seed `{text}` is too long; the largest is {}", u64::MAX)
        } else {
            format!("the seed `{text}` is not a whole number")
        }
    })
}
