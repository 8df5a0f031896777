//! Words for settings: of all nodes, and of one node.

use faultline_sim::process::NodeId;

use super::{capital, node};

pub const PICTURE: &str = "Picture";
pub const STAND: &str = "Nodes stand";

/// The choice that takes no choice: "As the scenario has it (in a row)".
#[must_use]
pub fn usual(form: &str) -> String {
    format!("As usual ({})", form.to_lowercase())
}

pub const FOR: &str = "Set for";
pub const ALL_NODES: &str = "All nodes";
pub const OWN: &str = "Own settings";

/// A node as a choice: "Node 3".
#[must_use]
pub fn choice(id: NodeId) -> String {
    capital(&node(id))
}

#[must_use]
pub fn parameters(of: Option<NodeId>) -> String {
    of.map_or_else(
        || "Parameters".into(),
        |id| format!("Parameters of {}", node(id)),
    )
}

#[must_use]
pub fn rules(of: Option<NodeId>) -> String {
    of.map_or_else(
        || "Rules of the algorithm".into(),
        |id| format!("Rules of {}", node(id)),
    )
}

/// Rules whose positions are not told, one of which is off.
#[must_use]
pub fn hidden(count: usize) -> String {
    format!("{count} rules are hidden, and one of them is off.")
}

pub const SHOW_RULES: &str = "Show";

/// What opens the settings of one node.
#[must_use]
pub fn settings_of(id: NodeId) -> String {
    format!("Settings of {}", node(id))
}

/// The name of a setting, with the node that has it: "Election timeout, node 3".
#[must_use]
pub fn named(title: &str, of: Option<NodeId>) -> String {
    of.map_or_else(|| title.to_owned(), |id| format!("{title}, {}", node(id)))
}

#[must_use]
pub fn position(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

/// A value that differs from that of all nodes: "400 ms instead of 150 ms".
#[must_use]
pub fn instead(value: &str, common: &str, unit: &str) -> String {
    let gap = if unit.is_empty() { "" } else { " " };
    format!("{value}{gap}{unit} instead of {common}{gap}{unit}")
}
