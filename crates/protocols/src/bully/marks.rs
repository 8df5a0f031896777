//! Marks: events that a node reports.

use faultline_sim::mark::Mark;

pub const ASKS_AGAIN: Mark = Mark::new("asks-again", "hears no announcement in time and retries");
pub const DETECTS: Mark = Mark::new("detects", "detects that the leader failed");
