//! Words of the curve that shows how news spreads.

use faultline_sim::time::{Duration, Time};

use super::length;

/// "194 of 700".
#[must_use]
pub fn count(have: u32, live: u32) -> String {
    format!("{have} of {live}")
}

/// "half after 6.3 s".
#[must_use]
pub fn half_after(time: Time) -> String {
    format!("half after {}", length(Duration(time.0)))
}

/// The whole curve in one sentence.
#[must_use]
pub fn course(have: u32, live: u32, title: &str, half: Option<Time>) -> String {
    let half = half.map_or_else(String::new, |time| format!(", {}", half_after(time)));
    format!("{have} of {live} {title}{half}")
}
