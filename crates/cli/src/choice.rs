//! Which run is meant: the words that `run` and `sweep` share.

use faultline_sim::descriptor::{Catalogue, Recipe, Setup};
use faultline_sim::text::did_you_mean;
use faultline_sim::time::{Duration, Time};

use crate::Outcome;
use crate::arguments::{Flag, Given, flag, with_value};
use crate::check::check_commands;

/// Flags of every command that runs a scenario.
pub const FLAGS: [Flag; 7] = [
    with_value("--until", "10s"),
    with_value("--param", "NAME=VALUE"),
    with_value("--switch", "NAME=on|off"),
    with_value("--preset", "NAME"),
    with_value("--command", "\"5s crash n2\""),
    with_value("--expect-violation", "INVARIANT"),
    flag("--json"),
];

/// A checked run, up to its seed.
pub struct Choice {
    pub setup: Setup,
    pub until: Time,
    /// The invariant that is to break.
    pub expected: Option<&'static str>,
}

impl Choice {
    /// Reads what was typed.
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
        let (protocol, scenario) = catalogue.find(name)?;
        let mut recipe = Recipe::new(&format!("{}/{}", protocol.id, scenario.id), 1);
        recipe.preset = given.value("--preset").map(str::to_owned);
        for text in given.all("--param") {
            let (name, value) = split(text, "a parameter", "--param nodes=5")?;
            recipe.params.insert(name.to_owned(), value.to_owned());
        }
        for text in given.all("--switch") {
            let (name, position) = split(text, "a switch", "--switch guard=on")?;
            let on = match position {
                "on" => true,
                "off" => false,
                other => {
                    return Err(format!(
                        "`{other}` is not a position of switch {name}; write {name}=on or \
                         {name}=off"
                    ));
                }
            };
            recipe.switches.insert(name.to_owned(), on);
        }
        recipe.commands = given.all("--command").map(str::to_owned).collect();
        let setup = catalogue.setup(&recipe)?;
        check_commands(&setup)?;
        let until = match given.value("--until") {
            Some(text) => Time(Duration::parse(text)?.0),
            None => setup.until(),
        };
        let expected = match given.value("--expect-violation") {
            Some(name) => Some(invariant(&setup, name)?),
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
        let mut setup = self.setup.clone();
        setup.seed = seed;
        setup.recipe.seed = seed.to_string();
        setup
    }

    /// The probe of this name.
    ///
    /// # Errors
    /// One sentence naming the wrong word and the nearest right ones.
    pub fn probe(&self, name: Option<&str>) -> Outcome<&'static str> {
        let protocol = self.setup.protocol;
        let names = || protocol.probes.iter().map(|probe| probe.name);
        let Some(name) = name else {
            let names: Vec<&str> = names().collect();
            return Err(format!(
                "sweep needs --probe NAME; {} has {}",
                protocol.id,
                names.join(", ")
            ));
        };
        names().find(|probe| *probe == name).ok_or_else(|| {
            let hint = did_you_mean(name, names());
            format!("{} has no probe `{name}`; {hint}", protocol.id)
        })
    }
}

/// The invariant of this name.
///
/// # Errors
/// One sentence naming the wrong word and the nearest right ones.
pub fn invariant(setup: &Setup, name: &str) -> Outcome<&'static str> {
    let names = || setup.protocol.invariants.iter().map(|spec| spec.name);
    names().find(|known| *known == name).ok_or_else(|| {
        let hint = did_you_mean(name, names());
        format!("{} has no invariant `{name}`; {hint}", setup.protocol.id)
    })
}

fn split<'t>(text: &'t str, what: &str, example: &str) -> Outcome<(&'t str, &'t str)> {
    text.split_once('=')
        .ok_or_else(|| format!("`{text}` is not {what} with its value; write {example}"))
}

/// Reads a seed.
///
/// # Errors
/// One sentence naming the word that is no seed.
pub fn seed(text: &str) -> Outcome<u64> {
    text.parse()
        .map_err(|_| format!("the seed `{text}` is not a whole number"))
}
