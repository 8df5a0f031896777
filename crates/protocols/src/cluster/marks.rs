//! What a node says about itself.

use faultline_sim::mark::Mark;

pub const ASKS_AGAIN: Mark = Mark::new(
    "asks-again",
    "hears nothing from {}: asks again, try {} of {}",
);
pub const GIVES_UP: Mark = Mark::new(
    "gives-up",
    "gives up on {}; it cannot tell why {} is silent",
);
pub const TOO_LATE: Mark = Mark::new("too-late", "no longer waits for the answer to {}");
pub const REPEATS: Mark = Mark::new("repeats", "has applied {} before: repeats the answer");
pub const READS: Mark = Mark::new("reads", "reads from {}: {}");
pub const PAINTED: Mark = Mark::new("painted", "is {} now");
