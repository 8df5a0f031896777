//! Marks: events that a node of the ring reports.

use faultline_sim::mark::Mark;

pub const NO_ANSWER: Mark = Mark::new("no-answer", "gets no answer from {}");
pub const STILL_HERE: Mark = Mark::new(
    "still-here",
    "was presumed dead and announces that it is alive",
);
pub const REMOVES: Mark = Mark::new(
    "removes",
    "hears nothing from {} and removes it from the ring",
);
pub const COMPARES: Mark = Mark::new("compares", "compares {} with {}, point {}: {}");
