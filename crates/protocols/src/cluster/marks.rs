//! Marks: events that a node reports.

use faultline_sim::mark::Mark;

pub const ASKS_AGAIN: Mark = Mark::new(
    "asks-again",
    "gets no answer from {} and retries, try {} of {}",
);
pub const GIVES_UP: Mark = Mark::new(
    "gives-up",
    "gives up on {} and cannot tell why {} is silent",
);
pub const TOO_LATE: Mark = Mark::new("too-late", "ignores a late answer to {}");
pub const REPEATS: Mark = Mark::new("repeats", "has already applied {} and repeats the answer");
pub const READS: Mark = Mark::new("reads", "gets a text from {}: {}");
pub const PAINTED: Mark = Mark::new("painted", "changes its colour to {}");
