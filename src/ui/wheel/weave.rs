//! The fill of an owner's stretch: one of eight patterns, so that neighbours differ without colour.
//! With more than eight owners, patterns repeat and letters tell owners apart.

use faultline_sim::process::NodeId;
use yew::prelude::*;

/// Lines over the colour, in a tile of eight by eight pixels.
const WEAVES: [&str; 8] = [
    "",
    "M0 8L8 0M-1 1L1 -1M7 9L9 7",
    "M0 0L8 8M7 -1L9 1M-1 7L1 9",
    "M0 4H8M4 0V8",
    "M2 2h.01M6 6h.01",
    "M0 3q2 -3 4 0t4 0M0 7q2 -3 4 0t4 0",
    "M0 0H8M0 4H8M2 0V4M6 4V8",
    "M0 5L4 1L8 5M0 9L4 5L8 9",
];

/// The number of a node's pattern.
pub fn number(node: NodeId) -> usize {
    (node.0.max(1) as usize - 1) % WEAVES.len()
}

/// The paint of a node's stretches.
pub fn weave_of(node: NodeId) -> String {
    format!("url(#weave-{})", number(node))
}

/// The patterns.
pub fn weaves() -> Html {
    let weave = |(i, d): (usize, &&'static str)| {
        html! {
            <pattern id={format!("weave-{i}")} patternUnits="userSpaceOnUse" width="8" height="8">
                <rect class={format!("weave-fill colour-{i}")} width="8" height="8" />
                <path class={if i == 4 { "weave-line dots" } else { "weave-line" }} d={*d} />
            </pattern>
        }
    };
    html! { <defs>{ for WEAVES.iter().enumerate().map(weave) }</defs> }
}
