//! What the nodes say about a transaction. The first value is its number.

use faultline_sim::mark::Mark;
use faultline_sim::moment::Moment;

pub const BEGINS: Mark = Mark::new("begins", "begins T{} and asks for votes");
pub const DECIDES_COMMIT: Mark =
    Mark::new("decides-commit", "has a yes from all: T{} commits").moment(Moment::Commit);
pub const DECIDES_ABORT: Mark =
    Mark::new("decides-abort", "aborts T{}: {}").moment(Moment::Conflict);
pub const FORGETS: Mark = Mark::new("forgets", "has every acknowledgement and forgets T{}");
pub const VOTES_YES: Mark = Mark::new("votes-yes", "locks its row and votes yes on T{}");
pub const VOTES_NO: Mark = Mark::new("votes-no", "votes no on T{}: it has only {}");
pub const WAITS: Mark = Mark::new("waits", "lets T{} wait: T{} holds the lock");
pub const UNCERTAIN: Mark = Mark::new("uncertain", "voted yes and may not decide T{} alone: asks");
pub const NEVER_VOTED: Mark =
    Mark::new("never-voted", "has not voted on T{}, so it may abort alone");
pub const DECIDES_ALONE: Mark = Mark::new("decides-alone", "stops waiting and aborts T{} alone");
pub const COMMITS: Mark = Mark::new("commits", "applies T{} and unlocks its row");
pub const ABORTS: Mark = Mark::new("aborts", "drops T{}");
