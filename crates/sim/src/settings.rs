//! Run-wide values that a person may change: parameters and switches.

mod param;

use std::borrow::Cow;
use std::hash::{Hash, Hasher};

use serde::Serialize;

use crate::process::NodeId;
use crate::sorted::SortedMap;
use crate::text::did_you_mean;
use crate::time::Duration;

use param::first;
pub use param::{Guard, Initial, Param, Switch, Value};

/// The values of one run: what `cx.param` and `cx.switch` read.
#[derive(Debug, Clone)]
pub struct Settings {
    params: &'static [Param],
    values: Vec<Value>,
    switches: &'static [Switch],
    on: Vec<bool>,
    seed: u64,
    /// What single nodes have in place of it: in the order of nodes and of settings, so that equal
    /// settings have equal hashes.
    own: Vec<(NodeId, Own)>,
}

/// A value that one node has for itself, with the place of its parameter or switch.
#[derive(Debug, Clone, PartialEq, Hash)]
enum Own {
    Param(usize, Value),
    Switch(usize, bool),
}

impl Own {
    /// Parameters before switches, each in the order of the protocol.
    fn place(&self) -> (bool, usize) {
        match self {
            Own::Param(at, _) => (false, *at),
            Own::Switch(at, _) => (true, *at),
        }
    }
}

/// Takes the node off a name: `n3.timeout` is node 3's own timeout.
fn of_node(name: &str) -> Result<(Option<NodeId>, &str), String> {
    match name.split_once('.') {
        Some((node, name)) => Ok((Some(NodeId::parse(node)?), name)),
        None => Ok((None, name)),
    }
}

impl Settings {
    /// Everything at its default.
    #[must_use]
    pub fn new(params: &'static [Param], switches: &'static [Switch]) -> Self {
        Self {
            params,
            values: params.iter().map(Param::default_value).collect(),
            switches,
            on: switches.iter().map(|s| s.default).collect(),
            seed: 0,
            own: Vec::new(),
        }
    }

    /// The run's seed, for what all nodes know alike before the run begins, such as their names. What
    /// a node draws while it runs comes from its own stream.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The same settings in a run of this seed.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    fn param_at(&self, name: &str) -> Option<usize> {
        self.params.iter().position(|p| p.name == name)
    }

    /// What nobody has for itself.
    const fn common(&self) -> OfNode<'_> {
        self.of_node(NodeId(0))
    }

    /// The settings as one node has them, to be read.
    #[must_use]
    pub const fn of_node(&self, node: NodeId) -> OfNode<'_> {
        OfNode {
            settings: self,
            node,
        }
    }

    /// The value of a numeric parameter. A parameter that this protocol does not have reads as its
    /// own default, so that shared helpers may ask.
    #[must_use]
    pub fn param(&self, param: &Param) -> f64 {
        self.common().param(param)
    }

    /// A numeric parameter as a whole number.
    #[must_use]
    pub fn count(&self, param: &Param) -> u32 {
        self.common().count(param)
    }

    /// A parameter in milliseconds as a length of time.
    #[must_use]
    pub fn duration(&self, param: &Param) -> Duration {
        self.common().duration(param)
    }

    /// The whole number that the parameter of this name holds; 0 if there is no such parameter.
    #[must_use]
    pub fn count_named(&self, name: &str) -> u32 {
        let found = self.params.iter().find(|param| param.name == name);
        found.map_or(0, |param| self.count(param))
    }

    /// The word of a parameter that is a choice.
    #[must_use]
    pub fn choice(&self, param: &Param) -> &'static str {
        self.common().choice(param)
    }

    /// The nodes that a list parameter names.
    #[must_use]
    pub fn nodes(&self, param: &Param) -> &[NodeId] {
        self.nodes_named(param.name)
    }

    /// The nodes that the list parameter of this name holds; none if there is no such parameter.
    #[must_use]
    pub fn nodes_named(&self, name: &str) -> &[NodeId] {
        match self.param_at(name).map(|at| &self.values[at]) {
            Some(Value::Nodes(ids)) => ids,
            _ => &[],
        }
    }

    /// Whether a rule is on.
    #[must_use]
    pub fn switch(&self, switch: &Switch) -> bool {
        self.common().switch(switch)
    }

    /// The settings as one node has them: its own values in place of the run's.
    #[must_use]
    pub fn at(&self, node: NodeId) -> Cow<'_, Settings> {
        if !self.own.iter().any(|(id, _)| *id == node) {
            return Cow::Borrowed(self);
        }
        let mut settings = self.clone();
        for (_, own) in self.own.iter().filter(|(id, _)| *id == node) {
            match own {
                Own::Param(at, value) => settings.values[*at] = value.clone(),
                Own::Switch(at, on) => settings.on[*at] = *on,
            }
        }
        Cow::Owned(settings)
    }

    /// What single nodes have for themselves: the node, the name and the value.
    pub fn own(&self) -> impl Iterator<Item = (NodeId, &'static str, String)> + '_ {
        self.own.iter().map(|(node, own)| match own {
            Own::Param(at, value) => (*node, self.params[*at].name, value.to_string()),
            Own::Switch(at, on) => {
                let word = if *on { "on" } else { "off" };
                (*node, self.switches[*at].name, word.to_owned())
            }
        })
    }

    /// The last node that has a value of its own.
    #[must_use]
    pub fn last_with_own(&self) -> Option<NodeId> {
        self.own.last().map(|(node, _)| *node)
    }

    fn is_common(&self, own: &Own) -> bool {
        match own {
            Own::Param(at, value) => self.values[*at] == *value,
            Own::Switch(at, on) => self.on[*at] == *on,
        }
    }

    /// The common value is the way back: the node follows all others again.
    fn set_own(&mut self, node: NodeId, own: Own) {
        let key = |(id, own): &(NodeId, Own)| (*id, own.place());
        let place = (node, own.place());
        self.own.retain(|other| key(other) != place);
        if self.is_common(&own) {
            return;
        }
        let at = self.own.partition_point(|other| key(other) < place);
        self.own.insert(at, (node, own));
    }

    /// Sets a parameter from its text, of the run or of one node (`n3.timeout`).
    ///
    /// # Errors
    /// A sentence naming the wrong word and the nearest right ones.
    pub fn set_param(&mut self, name: &str, text: &str) -> Result<(), String> {
        let (node, name) = of_node(name)?;
        let at = self.param_at(name).ok_or_else(|| {
            let hint = did_you_mean(name, self.params.iter().map(|p| p.name));
            format!("there is no parameter `{name}`; {hint}")
        })?;
        let value = self.params[at].parse(text)?;
        match node {
            Some(_) if self.params[at].is_shared() => {
                return Err(format!("{name} is the same for all nodes"));
            }
            Some(node) => self.set_own(node, Own::Param(at, value)),
            None => self.values[at] = value,
        }
        Ok(())
    }

    /// Turns a rule on or off, in the run or at one node (`n3.guard`).
    ///
    /// # Errors
    /// A sentence naming the wrong word and the nearest right ones.
    pub fn set_switch(&mut self, name: &str, on: bool) -> Result<(), String> {
        let (node, name) = of_node(name)?;
        let at = self
            .switches
            .iter()
            .position(|s| s.name == name)
            .ok_or_else(|| {
                if self.switches.is_empty() {
                    return format!("there is no switch `{name}`: this protocol has none");
                }
                let hint = did_you_mean(name, self.switches.iter().map(|s| s.name));
                format!("there is no switch `{name}`; {hint}")
            })?;
        match node {
            Some(node) => self.set_own(node, Own::Switch(at, on)),
            None => self.on[at] = on,
        }
        Ok(())
    }

    /// Parameters with their present values, in order.
    pub fn params(&self) -> impl Iterator<Item = (&'static Param, &Value)> {
        self.params.iter().zip(&self.values)
    }

    /// Switches with their present positions, in order.
    pub fn switches(&self) -> impl Iterator<Item = (&'static Switch, bool)> + '_ {
        self.switches.iter().zip(self.on.iter().copied())
    }

    /// Parameters by name, for JSON.
    #[must_use]
    pub fn params_by_name(&self) -> SortedMap<&'static str, Value> {
        self.params().map(|(p, v)| (p.name, v.clone())).collect()
    }

    /// Switches by name, for JSON.
    #[must_use]
    pub fn switches_by_name(&self) -> SortedMap<&'static str, bool> {
        self.switches().map(|(s, on)| (s.name, on)).collect()
    }
}

/// The settings as one node has them: its own values in place of the run's. Nothing is copied, so handlers
/// may ask at each event.
#[derive(Clone, Copy, Debug)]
pub struct OfNode<'s> {
    settings: &'s Settings,
    node: NodeId,
}

impl<'s> OfNode<'s> {
    fn own(self, at: usize, is_param: bool) -> Option<&'s Own> {
        let key = (self.node, (!is_param, at));
        let own = &self.settings.own;
        let found = own.binary_search_by_key(&key, |(id, own)| (*id, own.place()));
        found.ok().map(|at| &own[at].1)
    }

    fn value(self, param: &Param) -> Option<&'s Value> {
        let at = self.settings.param_at(param.name)?;
        match self.own(at, true) {
            Some(Own::Param(_, value)) => Some(value),
            _ => self.settings.values.get(at),
        }
    }

    /// The value of a numeric parameter.
    #[must_use]
    pub fn param(self, param: &Param) -> f64 {
        match self.value(param) {
            Some(Value::Number(number)) => *number,
            _ => match param.default {
                Initial::Number(number) => number,
                Initial::Nodes(_) | Initial::Choice(_) => 0.0,
            },
        }
    }

    /// A numeric parameter as a whole number.
    #[must_use]
    pub fn count(self, param: &Param) -> u32 {
        self.param(param).round().clamp(0.0, 1e9) as u32
    }

    /// A parameter in milliseconds as a length of time.
    #[must_use]
    pub fn duration(self, param: &Param) -> Duration {
        Duration((self.param(param) * 1_000.0).round().clamp(0.0, 9e15) as u64)
    }

    /// The word of a parameter that is a choice.
    #[must_use]
    pub fn choice(self, param: &Param) -> &'static str {
        match (self.value(param), param.default) {
            (Some(Value::Choice(word)), _) => word,
            (_, Initial::Choice(words)) => first(words),
            _ => "",
        }
    }

    /// The nodes that a list parameter names.
    #[must_use]
    pub fn nodes(self, param: &Param) -> &'s [NodeId] {
        match self.value(param) {
            Some(Value::Nodes(ids)) => ids,
            _ => &[],
        }
    }

    /// Whether a rule is on.
    #[must_use]
    pub fn switch(self, switch: &Switch) -> bool {
        let rules = &self.settings.switches;
        let Some(at) = rules.iter().position(|rule| rule.name == switch.name) else {
            return switch.default;
        };
        match self.own(at, false) {
            Some(Own::Switch(_, on)) => *on,
            _ => self.settings.on[at],
        }
    }
}

impl Hash for Settings {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.values.hash(state);
        self.on.hash(state);
        self.own.hash(state);
    }
}

/// A real number in a process's state: equal and hashed by its bits.
#[derive(Debug, Clone, Copy, Default, Serialize)]
#[serde(transparent)]
pub struct Real(pub f64);

impl PartialEq for Real {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_bits() == other.0.to_bits()
    }
}
impl Eq for Real {}
impl Hash for Real {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_bits().hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_must_be_one_that_is_allowed() {
        let nodes = Param::number("nodes", "Nodes", "nodes", 5.0, (1.0, 50.0));
        for (text, rule) in [
            ("2.5", "must be a whole number from 1 to 50, not 2.5"),
            ("0", "must lie between 1 and 50 nodes, not 0"),
            ("51", "must lie between 1 and 50 nodes, not 51"),
        ] {
            assert_eq!(nodes.parse(text).unwrap_err(), format!("nodes {rule}"));
        }
        for text in ["3", "3.0", " 3 "] {
            assert_eq!(nodes.parse(text).unwrap(), Value::Number(3.0));
        }
        let figure = Param::number("figure", "Figure", "7 or 0", 0.0, (0.0, 7.0)).only(&[0.0, 7.0]);
        assert_eq!(
            figure.parse("3").unwrap_err(),
            "figure must be one of 0, 7, not 3"
        );
        assert_eq!(figure.parse("7").unwrap(), Value::Number(7.0));
        // A length of time and what is a share may have a fraction.
        let wait = Param::millis("wait", "Wait", 100.0, (0.0, 1000.0));
        assert!(wait.parse("0.5").is_ok());
        let share = Param::number("share", "Share", "1", 0.5, (0.0, 1.0));
        assert!(share.parse("0.25").is_ok());
    }

    #[test]
    fn a_node_may_have_values_of_its_own() {
        const WAIT: Param = Param::millis("wait", "Wait", 100.0, (0.0, 1000.0));
        const NODES: Param = Param::number("nodes", "Nodes", "nodes", 5.0, (1.0, 9.0)).at_start();
        const GUARD: Switch = Switch::off("guard", "Guard");
        let mut settings = Settings::new(const { &[WAIT, NODES] }, const { &[GUARD] });
        settings.set_param("n3.wait", "500").unwrap();
        settings.set_param("n3.wait", "600").unwrap();
        settings.set_switch("n2.guard", true).unwrap();
        settings.set_param("wait", "50").unwrap();
        let waits = [2, 3].map(|id| settings.at(NodeId(id)).param(&WAIT));
        assert_eq!((waits, settings.param(&WAIT)), ([50.0, 600.0], 50.0));
        let guards = [2, 3].map(|id| settings.at(NodeId(id)).switch(&GUARD));
        assert_eq!((guards, settings.switch(&GUARD)), ([true, false], false));
        let own: Vec<_> = settings
            .own()
            .map(|(id, name, value)| (id.0, name, value))
            .collect();
        assert_eq!(own, [(2, "guard", "on".into()), (3, "wait", "600".into())]);
        for (name, why) in [
            ("n3.nodes", "the same for all"),
            ("x.wait", "not a node"),
            ("n3.wai", "wait"),
        ] {
            assert!(
                settings.set_param(name, "3").unwrap_err().contains(why),
                "{name}"
            );
        }
    }

    #[test]
    fn the_common_value_takes_a_value_of_one_node_back() {
        const WAIT: Param = Param::millis("wait", "Wait", 100.0, (0.0, 1000.0));
        const GUARD: Switch = Switch::off("guard", "Guard");
        let mut settings = Settings::new(const { &[WAIT] }, const { &[GUARD] });
        let wait = |settings: &Settings| settings.at(NodeId(3)).param(&WAIT);
        settings.set_param("n3.wait", "500").unwrap();
        settings.set_switch("n3.guard", true).unwrap();
        settings.set_param("n3.wait", "100").unwrap();
        settings.set_switch("n3.guard", false).unwrap();
        assert_eq!(settings.own().count(), 0);
        settings.set_param("wait", "50").unwrap();
        assert_eq!(wait(&settings), 50.0, "it follows all others again");
        // Only the node's own command ends it: others may pass its value.
        settings.set_param("n3.wait", "500").unwrap();
        settings.set_param("wait", "500").unwrap();
        settings.set_param("wait", "900").unwrap();
        assert_eq!(wait(&settings), 500.0);
    }

    #[test]
    fn what_all_nodes_share_is_refused_for_one() {
        const KEYS: Param = Param::number("keys", "Keys", "keys", 5.0, (1.0, 9.0)).shared();
        let mut settings = Settings::new(const { &[KEYS] }, &[]);
        let why = settings.set_param("n3.keys", "7").unwrap_err();
        assert_eq!(why, "keys is the same for all nodes");
        settings.set_param("keys", "7").unwrap();
        assert_eq!(settings.count(&KEYS), 7);
    }

    #[test]
    fn a_choice_takes_its_words_only() {
        const PARAMS: &[Param] = &[Param::choice("scheme", "Scheme", &["ring", "jump"])];
        let mut settings = Settings::new(PARAMS, &[]);
        assert_eq!(
            settings.choice(&PARAMS[0]),
            "ring",
            "the first word is the default"
        );
        settings.set_param("scheme", " jump ").unwrap();
        assert_eq!(settings.choice(&PARAMS[0]), "jump");
        let (_, value) = settings.params().next().unwrap();
        assert_eq!(value.to_string(), "jump");
        let why = settings.set_param("scheme", "square").unwrap_err();
        assert_eq!(why, "scheme must be one of ring, jump, not `square`");
        assert_eq!(
            settings.choice(&PARAMS[0]),
            "jump",
            "a wrong word changes nothing"
        );
    }
}
