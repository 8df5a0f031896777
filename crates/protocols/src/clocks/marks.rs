//! Marks: events that a node reports.

use faultline_sim::mark::Mark;

pub const HAS_IT: Mark = Mark::new(
    "has-it",
    "ignores this broadcast from {}: it already has it",
);
pub const HOLDS_BACK: Mark = Mark::new(
    "holds-back",
    "holds back the message from {}: broadcast {} from {} is missing",
);
pub const LOCAL: Mark = Mark::new("local", "has a local event, clock {}");
pub const TAKES: Mark = Mark::new(
    "takes",
    "accepts the message from {}: own clock {}, message {}, larger {}, plus one {}",
);
