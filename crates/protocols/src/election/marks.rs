//! Marks: events that a node of the activity reports.

use faultline_sim::mark::Mark;
use faultline_sim::moment::Moment;

pub const ASKS_SUPPORT: Mark = Mark::new("asks-support", "asks for support in term {}");
pub const NO_SUPPORT: Mark = Mark::new("no-support", "refuses to support {}: term {} is over");
pub const ASKS_AGAIN: Mark = Mark::new("asks-again", "hears no announcement in time and retries");
pub const MISSES: Mark = Mark::new("misses", "suspects that the leader has failed");
pub const DROPS: Mark =
    Mark::new("drops", "deletes writes that {} does not have: {}").moment(Moment::Conflict);
