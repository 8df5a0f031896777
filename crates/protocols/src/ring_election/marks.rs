//! Marks: events that a node of the ring reports.

use faultline_sim::mark::Mark;

pub const SILENT_OWNER: Mark = Mark::new(
    "silent-owner",
    "gets no acknowledgement from {}, the owner of this number",
);
pub const SKIPS: Mark = Mark::new("skips", "gets no acknowledgement from {} and skips it");
pub const HEARS_NO_LEADER: Mark = Mark::new("hears-no-leader", "hears from no leader in time");
pub const SWALLOWS: Mark = Mark::new("swallows", "discards number {}: its own is larger");
pub const STOPS: Mark = Mark::new("stops", "discards the number of {}, which has left");
