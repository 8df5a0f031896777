//! What one seed of a hunt found, as a line that another machine can read.

use faultline_sim::descriptor::Catalogue;
use faultline_sim::hash::{hex, stable_hash};
use faultline_sim::link::Link;
use faultline_sim::search::{Budget, Hit, Hunt};
use faultline_sim::timeline::Pass;
use serde::{Deserialize, Serialize};

use crate::Outcome;
use crate::run::play;
use faultline_sim::KERNEL;

/// The hunt of a line, so that lines of different hunts are not mixed up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Origin {
    pub protocol: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scenario: Option<String>,
    pub preset: String,
    /// The only invariant that counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invariant: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<Budget>,
    /// Which faults of the budget were left out, as a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_out: Option<String>,
    /// A hash of everything but the seed.
    pub hunt: String,
}

impl Origin {
    /// The origin of all lines of a hunt.
    pub fn of(hunt: &Hunt) -> Self {
        let text = |text: &'static str| text.to_owned();
        Self {
            protocol: text(hunt.protocol.id),
            scenario: hunt.scenario.map(|scenario| text(scenario.id)),
            preset: text(hunt.chosen_preset().name),
            invariant: hunt.sought.law().map(text),
            budget: hunt.budget,
            left_out: hunt.left_out(),
            hunt: digest(hunt),
        }
    }
}

/// Identifies a hunt by everything except the seed. Another revision may find something else.
fn digest(hunt: &Hunt) -> String {
    let protocol = hunt.protocol;
    let params: Vec<(&String, &String)> = hunt.params.iter().collect();
    let switches: Vec<(&String, &bool)> = hunt.switches.iter().collect();
    let settings = (hunt.preset.map(|preset| preset.name), params, switches);
    let scenario = hunt.scenario.map(|scenario| scenario.id);
    let bounds = (hunt.budget, hunt.sought.law(), hunt.until);
    let revisions = (KERNEL, protocol.revision);
    let all = (protocol.id, revisions, scenario, settings, bounds);
    hex(stable_hash(&all))
}

/// What one seed found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// As text, because JavaScript's numbers cannot hold 64 bits.
    #[serde(with = "as_text")]
    pub seed: u64,
    /// In the order in which the run broke them.
    pub violations: Vec<Violation>,
    /// Why the run was cut off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub halted: Option<String>,
    #[serde(flatten)]
    pub origin: Origin,
}

/// An invariant that a run broke.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Violation {
    pub invariant: String,
    /// The run that shows it, for the first few seeds that break it: only they are shrunk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<Shrunk>,
}

/// A run that breaks an invariant, with nothing that it does not need.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shrunk {
    /// How many faults it has besides those of its scenario.
    pub faults: u32,
    pub commands: Vec<String>,
    /// How many commands it had before it was shrunk.
    pub drawn: u64,
    pub reason: String,
    pub at_us: u64,
    /// The line that shows it on the command line.
    pub command: String,
    /// The same for the page: the part of its address after `#`.
    pub link: String,
}

impl Shrunk {
    /// A shrunk run in the words of a report.
    ///
    /// # Errors
    /// One sentence, if the run cannot be set up.
    pub fn new(catalogue: Catalogue, broken: &Hit, drawn: usize) -> Outcome<Self> {
        let mut pass = Pass::new(&catalogue.setup(&broken.recipe)?)?;
        play(&mut pass, broken.at);
        Ok(Self {
            faults: broken.cost(),
            commands: broken.recipe.commands.clone(),
            drawn: drawn as u64,
            reason: broken.reason.clone(),
            at_us: broken.at.0,
            command: broken.to_string(),
            link: Link::of_pass(&pass).encode(),
        })
    }

    /// The smaller, the better, as [`Hit::rank`] has it.
    pub fn rank(&self) -> (u32, usize, u64) {
        (self.faults, self.commands.len(), self.at_us)
    }
}

impl Line {
    /// Parses a line.
    ///
    /// # Errors
    /// What is missing, as the end of a sentence.
    pub fn parse(text: &str) -> Outcome<Self> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// A seed as text.
mod as_text {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(seed: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(seed)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        let text = String::deserialize(deserializer)?;
        let wrong = |_| D::Error::custom(format!("the seed `{text}` is not a whole number"));
        text.parse().map_err(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_reads_back_what_it_wrote() {
        let shrunk = Shrunk {
            faults: 1,
            commands: vec!["1s crash n1".into()],
            drawn: 40,
            reason: "two \"leaders\"".into(),
            at_us: u64::MAX,
            command: "faultline run x".into(),
            link: "AbC".into(),
        };
        let violation = |run| Violation {
            invariant: "one".into(),
            run,
        };
        for (budget, text) in [(None, None), (Some(Budget::NONE), Some("x".to_owned()))] {
            let line = Line {
                seed: u64::MAX,
                violations: vec![violation(Some(shrunk.clone())), violation(None)],
                halted: text.clone(),
                origin: Origin {
                    protocol: "p".into(),
                    scenario: text.clone(),
                    preset: "q".into(),
                    invariant: text.clone(),
                    budget,
                    left_out: text,
                    hunt: "00ff".into(),
                },
            };
            assert_eq!(Line::parse(&line.text()).unwrap(), line, "{}", line.text());
        }
        assert!(Line::parse("{}").unwrap_err().contains("`seed`"));
        assert!(Line::parse(r#"{"seed":"x"}"#).unwrap_err().contains("`x`"));
    }
}
