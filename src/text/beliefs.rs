//! Words about what nodes think of each other, and what is true.

use faultline_sim::frame::Life;
use faultline_sim::process::{NodeId, Opinion};

pub const TITLE: &str = "Who thinks what of whom";
/// Over the rows and beside the columns.
pub const CORNER: &str = "thinks of";
/// In the row of a node that is down.
pub const SILENT: &str = "down, thinks nothing";

/// How many opinions are not the truth.
#[must_use]
pub fn summary(wrong: usize) -> String {
    match wrong {
        0 => "Everybody is right now.".to_owned(),
        1 => "One opinion is wrong now. It has a corner.".to_owned(),
        many => format!("{many} opinions are wrong now. They have a corner."),
    }
}

/// The sign of an opinion in a small cell.
#[must_use]
pub fn sign(opinion: Opinion) -> &'static str {
    match opinion {
        Opinion::Alive => "\u{00b7}",
        Opinion::Suspected => "?",
        Opinion::Failed => "\u{2715}",
    }
}

/// The truth about a node, after its number.
#[must_use]
pub fn life(life: Life) -> &'static str {
    match life {
        Life::Up => " is up",
        Life::Down { .. } => " is down",
        Life::Paused { .. } => " is paused",
    }
}

/// The truth about a node as a sentence.
#[must_use]
pub fn truth(truth: Life, id: NodeId) -> String {
    format!("The truth: node {}{}", id.0, life(truth))
}

/// What one node thinks of another one.
#[must_use]
pub fn opinion(observer: NodeId, opinion: Opinion, subject: NodeId, wrong: bool) -> String {
    let thinks = match opinion {
        Opinion::Alive => "is alive",
        Opinion::Suspected => "may be down",
        Opinion::Failed => "has failed",
    };
    let judged = if wrong { ": wrong" } else { "" };
    format!(
        "Node {} thinks that node {} {thinks}{judged}",
        observer.0, subject.0
    )
}

/// How many are wrong about a node.
#[must_use]
pub fn misjudged(id: NodeId, truth: Life, wrong: usize) -> String {
    let nodes = if wrong == 1 { "node is" } else { "nodes are" };
    format!(
        "Node {}{}; {wrong} {nodes} wrong about it",
        id.0,
        life(truth)
    )
}
