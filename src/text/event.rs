//! The words of one event in the inspector.

use faultline_sim::process::NodeId;
use faultline_sim::time::Time;

pub const NONE: &str = "none";
pub const NOBODY: &str = "nobody";
pub const IT_IS: &str = "It is";
pub const ROLE: &str = "Role";
pub const LEADER: &str = "Leader, as it believes";
pub const QUEUE: &str = "In its queue";
pub const LOG: &str = "Log";
pub const COMMITTED: &str = "Committed up to";
pub const PHASE: &str = "Phase";
pub const STATE: &str = "State";
pub const WHEN: &str = "When";
pub const CHANGED: &str = "What it changed";
pub const UNCHANGED: &str = "Nothing that can be seen of the node.";
pub const BEFORE: &str = "before";
pub const AFTER: &str = "after";
pub const CAUSE: &str = "Brought about by";
pub const EFFECTS: &str = "What came of it";
pub const LATEST: &str = "Latest events of this node";
pub const SENT_BY: &str = "Sent when";
pub const NOTHING_KNOWN: &str = "Go to it first: click it in the event log.";
pub const INSPECT: &str = "Inspect this event";

#[must_use]
pub fn of_peer(peer: NodeId) -> String {
    format!("Holds node {} for", peer.0)
}

#[must_use]
pub fn log(entries: usize, latest: Option<&str>) -> String {
    match (entries, latest) {
        (1, Some(text)) => format!("1 entry: {text}"),
        (n, Some(text)) => format!("{n} entries, the last: {text}"),
        _ => "empty".into(),
    }
}

#[must_use]
pub fn timer(text: &str) -> String {
    format!("Timer {text}")
}

#[must_use]
pub fn due(at: Time) -> String {
    format!("due at {:.3} s", at.seconds())
}
