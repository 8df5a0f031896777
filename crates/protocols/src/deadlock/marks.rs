//! What nodes say of their rows and transactions. Rows and transactions are named in words.

use faultline_sim::mark::Mark;
use faultline_sim::moment::Moment;

// Transactions, by the node where they began.
pub const BEGINS: Mark = Mark::new("begins", "begins {}, which will lock {}");
pub const HOLDS: Mark = Mark::new("holds", "has the lock for {}: row {}");
pub const COMMITS: Mark =
    Mark::new("commits", "commits {} and releases its rows").moment(Moment::Commit);
pub const ABORTS: Mark =
    Mark::new("aborts", "aborts {} and releases its rows").moment(Moment::Conflict);
pub const TIMES_OUT: Mark = Mark::new(
    "times-out",
    "takes it for a deadlock: {} has waited long for row {}",
);

// Rows, by the node where they lie.
pub const GRANTS: Mark = Mark::new("grants", "gives row {} to {}");
pub const WAITS: Mark = Mark::new("waits", "lets {} wait for row {}: {} holds it");
pub const DIES: Mark = Mark::new("dies", "sends {} away from row {}: it is younger than {}");
pub const WOUNDS: Mark = Mark::new("wounds", "lets {} push {} off row {}: it is older");

// Searches for a deadlock.
pub const LOOKS: Mark = Mark::new("looks", "starts a search: {} has waited for long");
pub const ENDS: Mark = Mark::new("ends", "stops the probe of {}: {} does not wait");
pub const DECLARES: Mark = Mark::new(
    "declares",
    "declares a deadlock: the search for {} has come home",
)
.moment(Moment::Conflict);
