//! Help for tests: a scenario played with questions to it, one process alone.

mod play;
mod solo;

use crate::event::Event;
use crate::mark::{Mark, Marked};

pub use play::{Play, Played};
pub use solo::Solo;

/// A mark in free words, for tests of what reads records.
#[must_use]
pub fn remark(text: &str) -> Event {
    const REMARK: Mark = Mark::new("remark", "{}");
    Event::Marked(Marked::new(&REMARK, text))
}
