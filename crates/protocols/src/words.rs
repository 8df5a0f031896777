//! Nodes as people name them in a sentence.

use faultline_sim::process::NodeId;
use faultline_sim::text::and_list;

/// At the start of a sentence: `Node 3`, `Nodes 1 and 2`.
pub fn nodes(ids: &[NodeId]) -> String {
    let noun = if ids.len() == 1 { "Node" } else { "Nodes" };
    format!("{noun} {}", and_list(ids.iter().map(|id| id.0)))
}
