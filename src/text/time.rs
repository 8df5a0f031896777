//! Words for the transport and the timeline.

pub const TITLE: &str = "Time";
pub const CLOSE: &str = "Close time";
pub const GO_TO: &str = "Go to a time or an event";
pub const GO: &str = "Go";
pub const STOP_AT: &str = "Stop at";
pub const BEGIN: &str = "Start again";
pub const RESTART: &str = "Restart run";
pub const RESET: &str = "Reset scenario";
pub const NEW_SEED: &str = "New seed";
pub const MORE: &str = "Go to, stop at";
pub const NEXT: &str = "Next moment";
pub const PREVIOUS: &str = "Previous moment";

/// What the person may type.
#[must_use]
pub fn hint(events: u64) -> String {
    format!("Type seconds, such as 4.2, or an event number. This is event #{events}.")
}

/// The same, in the empty field.
#[must_use]
pub fn example(events: u64) -> String {
    format!("4.2 or #{events}")
}
