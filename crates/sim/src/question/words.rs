//! The closed lists of words in a file of questions.

use super::{Comparison, Thing};
use crate::moment::Moment;

/// Moments and their words.
pub(super) const MOMENTS: [(&str, Moment); 12] = [
    ("crash", Moment::Crash),
    ("recover", Moment::Recover),
    ("partition", Moment::Partition),
    ("heal", Moment::Heal),
    ("fault", Moment::Fault),
    ("election", Moment::Election),
    ("leader", Moment::Leader),
    ("commit", Moment::Commit),
    ("conflict", Moment::Conflict),
    ("drop", Moment::Drop),
    ("violation", Moment::Violation),
    ("request", Moment::Request),
];

/// Comparisons; the longer ones first.
pub(super) const COMPARISONS: [(&str, Comparison); 5] = [
    ("<=", Comparison::AtMost),
    (">=", Comparison::AtLeast),
    ("<", Comparison::Below),
    (">", Comparison::Above),
    ("=", Comparison::Equal),
];

/// What can be pointed at.
pub(super) const THINGS: [(&str, Thing); 4] = [
    ("node", Thing::Node),
    ("message", Thing::Message),
    ("event", Thing::Event),
    ("line", Thing::Line),
];

impl Comparison {
    /// Whether it holds between two numbers.
    #[must_use]
    pub fn holds(self, a: f64, b: f64) -> bool {
        match self {
            Self::Below => a < b,
            Self::AtMost => a <= b,
            Self::Equal => (a - b).abs() < 1e-9,
            Self::AtLeast => a >= b,
            Self::Above => a > b,
        }
    }
}
