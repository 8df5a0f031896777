//! Words for the transport and the timeline.

use super::trimmed;
use crate::engine::{Gait, Unfold};
use faultline_sim::time::Duration;

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

pub const GAIT: &str = "Pace";
pub const REAL: &str = "Constant speed (real time)";
pub const REAL_SHORT: &str = "real time";
pub const PAUSES: &str = "Pause where there is something to see";
pub const TO_LOOK: &str = "Paused so that you can look. Press Play.";
pub const SKIP: &str = "Skip";
pub const SKIP_ABOUT: &str = "Skip to the end of this instant (End)";
pub const SKIPPED: &str = "Skipped to the end of this instant.";

/// What a person hears who chooses between constant speed and the gait.
#[must_use]
pub fn real_said(on: bool) -> &'static str {
    if on {
        "Time runs at a constant speed."
    } else {
        "Time slows down for messages."
    }
}

/// The gait at work.
#[must_use]
pub fn gait(gait: Gait) -> String {
    match gait {
        Gait::Plain => String::new(),
        Gait::Slow(factor) => format!("{}× slow motion", trimmed(factor)),
        Gait::Fast(factor) => format!("{}× fast-forward", trimmed(factor)),
        Gait::Forward(length) => format!("fast-forward {}", super::length(about(length))),
        Gait::Calls => "one message at a time".into(),
    }
}

/// A length with two digits.
fn about(length: Duration) -> Duration {
    let mut unit = 1;
    while length.0 / unit >= 100 {
        unit *= 10;
    }
    Duration((length.0 + unit / 2) / unit * unit)
}

/// The present message of an instant that is shown message by message.
#[must_use]
pub fn call(unfold: &Unfold) -> String {
    let more = if unfold.more { "more than " } else { "" };
    let present = (unfold.done + 1).min(unfold.total);
    format!("message {present} of {more}{}", unfold.total)
}

/// The end of the timeline, while it shows the messages of an instant.
#[must_use]
pub fn calls(total: u64) -> String {
    super::counted(total, "message", "messages")
}

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
