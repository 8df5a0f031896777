//! What a node of the ring says about itself.

use faultline_sim::mark::Mark;

pub const SILENT_OWNER: Mark = Mark::new(
    "silent-owner",
    "hears nothing from {}, who is waiting for this number",
);
pub const SKIPS: Mark = Mark::new("skips", "hears nothing from {} and skips it");
pub const HEARS_NO_LEADER: Mark = Mark::new("hears-no-leader", "hears from no leader");
pub const SWALLOWS: Mark = Mark::new("swallows", "swallows number {}: its own is larger");
pub const STOPS: Mark = Mark::new("stops", "stops the number of {}, which is gone");
