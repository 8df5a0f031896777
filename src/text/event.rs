//! Words for one event in the inspector.

use faultline_sim::process::NodeId;
use faultline_sim::time::Time;

pub const NONE: &str = "none";
pub const NOBODY: &str = "no one";
pub const STATUS: &str = "Status";
pub const ROLE: &str = "Role";
pub const LEADER: &str = "Leader (its belief)";
pub const QUEUE: &str = "Queue";
pub const LOG: &str = "Log";
pub const COMMITTED: &str = "Committed up to";
pub const PHASE: &str = "Phase";
pub const STATE: &str = "State";
pub const WHEN: &str = "When";
pub const CHANGED: &str = "What it changed";
pub const UNCHANGED: &str = "Nothing visible changed.";
pub const BEFORE: &str = "before";
pub const AFTER: &str = "after";
pub const CAUSE: &str = "Caused by";
pub const EFFECTS: &str = "Effects";
pub const LATEST: &str = "Latest events of this node";
pub const SENT_BY: &str = "Sent when";
pub const NOTHING_KNOWN: &str = "Click this event in the event log first.";
pub const INSPECT: &str = "Inspect this event";

/// The row of an answer that breaks a law: a stale read, and what it should have been.
#[must_use]
pub fn wrong_answer(sentence: &str, why: &str) -> String {
    format!("{} Wrong: {why}.", sentence.trim_end())
}

#[must_use]
pub fn of_peer(peer: NodeId) -> String {
    format!("Opinion of node {}", peer.0)
}

#[must_use]
pub fn log(entries: usize, latest: Option<&str>) -> String {
    match (entries, latest) {
        (1, Some(text)) => format!("1 entry: {text}"),
        (n, Some(text)) => format!("{n} entries, the last is {text}"),
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
