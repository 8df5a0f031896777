//! What the nodes say about a transaction. The first value is its number.

use faultline_sim::mark::Mark;
use faultline_sim::moment::Moment;

pub const BEGINS: Mark = Mark::new("begins", "begins T{} and asks for votes");
pub const PRE_COMMITS: Mark = Mark::new(
    "pre-commits",
    "has a yes from all and tells them so: T{} is in its second phase",
);
pub const DECIDES_COMMIT: Mark =
    Mark::new("decides-commit", "decides to commit T{}").moment(Moment::Commit);
pub const DECIDES_ABORT: Mark =
    Mark::new("decides-abort", "decides to abort T{}: {}").moment(Moment::Conflict);
pub const LEARNS: Mark = Mark::new("learns", "learns how T{} ended: it {}");
pub const FORGETS: Mark = Mark::new("forgets", "knows that all have committed and forgets T{}");
pub const VOTES_YES: Mark = Mark::new("votes-yes", "locks its row and votes yes on T{}");
pub const VOTES_NO: Mark = Mark::new("votes-no", "votes no on T{}: it has only {}");
pub const WAITS: Mark = Mark::new("waits", "lets T{} wait: T{} holds the lock");
pub const PREPARES: Mark = Mark::new("prepares", "knows that all agreed on T{}");
pub const UNCERTAIN: Mark = Mark::new(
    "uncertain",
    "hears nothing about T{} and asks {} to take over",
);
pub const LEADS: Mark = Mark::new(
    "leads",
    "takes over T{} and asks the others for their states",
);
pub const STUCK: Mark = Mark::new(
    "stuck",
    "may not decide T{}: only {} of {} participants are on its side",
);
pub const ASKS: Mark = Mark::new("asks", "was down and may not decide T{} alone: asks");
pub const NEVER_VOTED: Mark =
    Mark::new("never-voted", "has not voted on T{}, so it may abort alone");
pub const DECIDES_ALONE: Mark =
    Mark::new("decides-alone", "asks nobody: from its own state, T{} {}");
pub const COMMITS: Mark = Mark::new("commits", "applies T{} and unlocks its row");
pub const ABORTS: Mark = Mark::new("aborts", "drops T{}");
pub const FORGOT: Mark = Mark::new(
    "forgot",
    "is told to commit T{} and knows nothing of its part",
);
pub const PAYS_IN: Mark = Mark::new("pays-in", "pays in {} in one step, and asks nobody");

/// All by which a node ends a transaction.
pub const ENDS: [&Mark; 5] = [&COMMITS, &ABORTS, &DECIDES_COMMIT, &DECIDES_ABORT, &LEARNS];
