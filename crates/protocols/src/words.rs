//! Nodes as people name them in a sentence.

use faultline_sim::process::NodeId;
use faultline_sim::text::and_list;

/// At the start of a sentence: `Node 3`, `Nodes 1 and 2`.
pub fn nodes(ids: &[NodeId]) -> String {
    let noun = if ids.len() == 1 { "Node" } else { "Nodes" };
    format!("{noun} {}", and_list(ids.iter().map(|id| id.0)))
}

/// A role as a label: `candidate` is `Candidate`.
pub fn label(role: &str) -> String {
    let mut rest = role.chars();
    let first = rest.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(rest).collect()
}
