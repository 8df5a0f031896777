//! What nodes say about time and transactions.

use faultline_sim::mark::Mark;
use faultline_sim::moment::Moment;

/// Behind the text: ε in microseconds.
pub const PICKS: Mark = Mark::new("picks", "gives T{} the timestamp {}");
/// Behind the text: microseconds waited, and how far a hybrid clock is ahead of the wall clock.
pub const COMMITS: Mark = Mark::new("commits", "commits T{} at {}").moment(Moment::Commit);
pub const TWICE: Mark = Mark::new("twice", "applies T{} a second time").moment(Moment::Conflict);
pub const AGAIN: Mark = Mark::new("again", "has applied T{} already and answers again");
/// Behind the text: ε in microseconds.
pub const SYNCS: Mark = Mark::new(
    "syncs",
    "hears the time master: its clock is right within {}",
);
pub const NO_SIGNAL: Mark = Mark::new("no-signal", "cannot hear a time master");
pub const REFUSES: Mark =
    Mark::new("refuses", "refuses the clock of {}: it is ahead by {}").moment(Moment::Conflict);
pub const FOLLOWS_FAR: Mark = Mark::new("follows-far", "follows the clock of {}, ahead by {}");
pub const READS: Mark = Mark::new("reads", "reads its value at {}");
pub const ANSWERED: Mark = Mark::new("answered", "is told that T{} is committed at {}");
pub const ASKS_AGAIN: Mark = Mark::new("asks-again", "asks again for T{}, under the same number");
