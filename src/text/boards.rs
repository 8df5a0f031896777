//! Words of the board: boxes that a person adds, connects and sets.

use faultline_sim::kit::BoxKind;
use faultline_sim::process::NodeId;

/// The palette's button: name, words, words where there is little room.
pub const BUILD: (&str, &str, &str) = ("Build: add and connect boxes", "Build", "Build");
pub const TITLE: &str = "Add a box";
pub const ABOUT: &str =
    "A new box is part of the run: Undo takes it back, and a link to the run has it.";
pub const CALLED_BY: &str = "Called by";
pub const CALLS: &str = "Calls";
pub const NOBODY: &str = "nobody";
pub const CONNECT: &str = "Connect two boxes";
pub const THIS_BOX: &str = "This box";
pub const IS: &str = "It is";
pub const CALLS_NOBODY: &str = "It calls nobody.";
pub const CONNECT_TO: &str = "Connect it to another box";
pub const PICK_SECOND: &str =
    "Now pick the box that it calls. A box that it calls already is disconnected. Esc cancels.";
pub const ITSELF: &str = "A box cannot call itself.";

/// What a kind is, in a list: "Cache: keeps answers for the next time".
#[must_use]
pub fn kind(kind: &BoxKind) -> String {
    format!("{}: {}", kind.title, lower(kind.says))
}

/// A phrase within a sentence.
fn lower(phrase: &str) -> String {
    let mut letters = phrase.chars();
    let first = letters.next().map(|first| first.to_lowercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

/// The row of a box that is called: "Node 4, a cache".
#[must_use]
pub fn called(id: NodeId, role: &str) -> String {
    if role.is_empty() {
        format!("Node {}, which is not there", id.0)
    } else {
        format!("Node {}, a {role}", id.0)
    }
}

/// The button that ends a connection.
#[must_use]
pub fn disconnect(from: NodeId, to: NodeId) -> String {
    format!("Node {} calls node {} no longer", from.0, to.0)
}

/// What the palette says while the second box is chosen.
#[must_use]
pub fn joining(first: NodeId) -> String {
    format!("Node {} calls …", first.0)
}

/// An option in a list of boxes.
#[must_use]
pub fn option(id: NodeId, role: &str) -> String {
    format!("{} {role}", id.0)
}

/// What was added, for readers: "A cache was added; it calls node 3".
#[must_use]
pub fn added(own: &[(String, String)]) -> String {
    let value = |name: &str| own.iter().find(|(own, _)| own == name);
    let what = value("kind").map_or("node", |(_, kind)| kind.as_str());
    let calls = value("to").filter(|(_, to)| !to.is_empty());
    let article = if what.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "An"
    } else {
        "A"
    };
    match calls {
        Some((_, to)) => format!(
            "{article} {what} was added; it calls {}",
            to.replace(',', ", ")
        ),
        None => format!("{article} {what} was added"),
    }
}
