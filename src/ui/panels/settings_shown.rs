//! The parameters and switches of a run as data: of all nodes, and of single nodes.

use faultline_protocols::CATALOGUE;
use faultline_sim::descriptor::{CASE, Recipe};
use faultline_sim::process::NodeId;
use faultline_sim::settings::{Param, Settings, Switch, Value};

use super::param::unit;
use crate::text::settings as text;

/// The present parameters and switches of a run.
#[derive(Clone, Debug, Default)]
pub struct SettingsShown {
    pub params: Vec<(&'static Param, Value)>,
    pub switches: Vec<(&'static Switch, bool)>,
    /// What single nodes have in place of it: node, name and value.
    pub own: Vec<(NodeId, &'static str, String)>,
}

/// A value that one node has for itself, beside the one of all nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnValue {
    pub node: NodeId,
    pub name: &'static str,
    pub title: &'static str,
    pub value: String,
    pub common: String,
    pub unit: &'static str,
    pub is_switch: bool,
}

impl SettingsShown {
    /// The content of the settings panel.
    #[must_use]
    pub fn of(settings: &Settings) -> Self {
        Self {
            params: settings
                .params()
                .map(|(param, value)| (param, value.clone()))
                .collect(),
            switches: settings.switches().collect(),
            own: settings.own().collect(),
        }
    }

    /// What a person may see: rules that are hidden are left out, and so is the number of the case where
    /// none is.
    #[must_use]
    pub fn seen(&self, recipe: &Recipe, hides: &[&str]) -> Self {
        let hiding = CATALOGUE.setup(recipe).map(|setup| setup.preset.hides);
        let has_cases = hiding.is_ok_and(|hides| !hides.is_empty());
        let mut seen = self.clone();
        seen.params
            .retain(|(param, _)| has_cases || param.name != CASE);
        seen.switches
            .retain(|(switch, _)| !hides.contains(&switch.name));
        seen.own.retain(|(_, name, _)| !hides.contains(name));
        seen
    }

    /// What can be set for one node, with the values that it has.
    #[must_use]
    pub fn at(&self, node: NodeId) -> Self {
        let own = |name: &str| {
            let mut all = self.own.iter();
            all.find(|(id, own, _)| *id == node && *own == name)
                .map(|(.., value)| value.as_str())
        };
        let single = self.params.iter().filter(|(param, _)| !param.is_shared());
        Self {
            params: single
                .map(|(param, common)| {
                    let value = own(param.name).and_then(|text| param.parse(text).ok());
                    (*param, value.unwrap_or_else(|| common.clone()))
                })
                .collect(),
            switches: self
                .switches
                .iter()
                .map(|(switch, on)| {
                    let own = own(switch.name).map(|word| word == text::position(true));
                    (*switch, own.unwrap_or(*on))
                })
                .collect(),
            own: Vec::new(),
        }
    }

    /// Only the parameters and rules with these names.
    #[must_use]
    pub fn only(&self, names: &[&str]) -> Self {
        let mut only = self.clone();
        only.params.retain(|(param, _)| names.contains(&param.name));
        only.switches
            .retain(|(switch, _)| names.contains(&switch.name));
        only
    }

    /// Whether anything can be set for one node.
    #[must_use]
    pub fn has_single(&self) -> bool {
        !self.switches.is_empty() || self.params.iter().any(|(param, _)| !param.is_shared())
    }

    /// The values that a node has for itself; without a node, those of all.
    pub fn own_values(&self, of: Option<NodeId>) -> impl Iterator<Item = OwnValue> + '_ {
        let wanted = move |id: NodeId| of.is_none_or(|of| of == id);
        let own = self.own.iter().filter(move |(id, ..)| wanted(*id));
        own.filter_map(|(node, name, value)| self.own_value(*node, name, Some(value.clone())))
    }

    /// A value of one node beside the present one of all nodes, which is the default.
    pub fn own_value(
        &self,
        node: NodeId,
        name: &'static str,
        value: Option<String>,
    ) -> Option<OwnValue> {
        let param = self.params.iter().find(|(param, _)| param.name == name);
        let (title, common, unit) = match param {
            Some((param, common)) => (param.title, common.to_string(), unit(param)),
            None => {
                let mut switches = self.switches.iter();
                let (switch, on) = switches.find(|(switch, _)| switch.name == name)?;
                (switch.title, text::position(*on).to_owned(), "")
            }
        };
        Some(OwnValue {
            node,
            name,
            title,
            value: value.unwrap_or_else(|| common.clone()),
            common,
            unit,
            is_switch: param.is_none(),
        })
    }
}

/// Compares by name and value: if two protocols share a parameter's name, the value decides.
impl PartialEq for SettingsShown {
    fn eq(&self, other: &Self) -> bool {
        let params = |shown: &Self| -> Vec<(&'static str, Value)> {
            shown
                .params
                .iter()
                .map(|(param, value)| (param.name, value.clone()))
                .collect()
        };
        let switches = |shown: &Self| -> Vec<(&'static str, bool)> {
            shown
                .switches
                .iter()
                .map(|(switch, on)| (switch.name, *on))
                .collect()
        };
        params(self) == params(other) && switches(self) == switches(other) && self.own == other.own
    }
}

#[cfg(test)]
mod tests {
    use faultline_sim::command::Command;

    use super::*;

    fn recipe(scenario: &str, own: &[(&str, &str)]) -> Recipe {
        let mut recipe = Recipe::new(scenario, 1);
        for (name, value) in own {
            let _ = recipe.params.insert((*name).into(), (*value).into());
        }
        recipe
    }

    #[test]
    fn one_node_is_offered_exactly_what_the_kernel_accepts_for_it() {
        for protocol in CATALOGUE.0 {
            let setup = CATALOGUE.setup(&recipe(protocol.id, &[])).unwrap();
            let world = setup.world();
            let shown = SettingsShown::of(world.settings());
            let single = shown.at(NodeId(1));
            for (param, value) in &shown.params {
                let set = Command::SetParam(format!("n1.{}", param.name), value.to_string());
                let accepted = world.check(&set).is_ok();
                let offered = single.params.iter().any(|(own, _)| own.name == param.name);
                assert_eq!(offered, accepted, "{}: {}", protocol.id, param.name);
            }
            for (switch, on) in &shown.switches {
                let set = Command::SetSwitch(format!("n1.{}", switch.name), !on);
                let accepted = world.check(&set).is_ok();
                let mut offered = single.switches.iter();
                let offered = offered.any(|(own, _)| own.name == switch.name);
                assert_eq!(offered, accepted, "{}: {}", protocol.id, switch.name);
            }
            let offers = !single.params.is_empty() || !single.switches.is_empty();
            assert_eq!(shown.has_single(), offers, "{}", protocol.id);
        }
    }

    #[test]
    fn hidden_rules_are_left_out_and_cases_are_only_where_one_is_off() {
        let mut hiding = 0;
        for protocol in CATALOGUE.0 {
            for scenario in protocol.scenarios {
                let recipe = recipe(&format!("{}/{}", protocol.id, scenario.id), &[]);
                let setup = CATALOGUE.setup(&recipe).unwrap();
                let shown = SettingsShown::of(&setup.settings);
                let hides = setup.preset.hides;
                let seen = shown.seen(&recipe, hides);
                let case = seen.params.iter().any(|(param, _)| param.name == CASE);
                assert_eq!(case, !hides.is_empty(), "{}", setup.name());
                let left = seen.switches.len() + hides.len();
                assert_eq!(left, shown.switches.len(), "{}", setup.name());
                let all = shown.seen(&recipe, &[]).switches;
                assert_eq!(all.len(), shown.switches.len());
                hiding += hides.len();
            }
        }
        assert!(hiding > 0);
    }

    #[test]
    fn a_name_is_of_one_setting() {
        for protocol in CATALOGUE.0 {
            for param in protocol.params {
                let mut switches = protocol.switches.iter();
                assert!(
                    switches.all(|switch| switch.name != param.name),
                    "{}: {} is a parameter and a switch",
                    protocol.id,
                    param.name
                );
            }
        }
    }

    #[test]
    fn a_node_shows_its_own_values_beside_those_of_all() {
        let mut run = recipe("raft", &[("n3.timeout", "400"), ("n2.heartbeat", "90")]);
        let _ = run.switches.insert("n3.vote-once".into(), false);
        let setup = CATALOGUE.setup(&run).unwrap();
        let shown = SettingsShown::of(&setup.settings);
        let own: Vec<_> = shown.own_values(Some(NodeId(3))).collect();
        let told: Vec<_> = own
            .iter()
            .map(|own| {
                let words = text::instead(&own.value, &own.common, own.unit);
                format!("{}: {words}", own.title)
            })
            .collect();
        assert_eq!(
            told,
            [
                "Election timeout (random, up to twice this): 400 ms instead of 150 ms",
                "A server votes once per term: off instead of on"
            ]
        );
        assert_eq!(shown.own_values(None).count(), 3);
        let timeout = |shown: &SettingsShown| {
            let mut params = shown.params.iter();
            params
                .find(|(param, _)| param.name == "timeout")
                .unwrap()
                .1
                .to_string()
        };
        assert_eq!(timeout(&shown.at(NodeId(3))), "400");
        assert_eq!(timeout(&shown.at(NodeId(2))), timeout(&shown));
    }
}
