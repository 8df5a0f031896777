//! What a node says about its clock.

use faultline_sim::mark::Mark;

pub const HAS_IT: Mark = Mark::new("has-it", "has already had this broadcast from {}");
pub const HOLDS_BACK: Mark = Mark::new(
    "holds-back",
    "holds back the message from {}: broadcast {} from {} is missing",
);
pub const LOCAL: Mark = Mark::new("local", "does something of its own, at {}");
pub const TAKES: Mark = Mark::new(
    "takes",
    "takes the message from {}: own clock {}, the message's {}, the larger {}, plus one {}",
);
