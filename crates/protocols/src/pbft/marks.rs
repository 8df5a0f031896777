//! What replicas and clients say. Of a sequence number, the number comes first and the request second.

use faultline_sim::mark::Mark;
use faultline_sim::moment::Moment;

// The three phases.
pub const ASSIGNS: Mark = Mark::new("assigns", "gives number {} to {}");
pub const PREPARED: Mark = Mark::new("prepared", "has enough prepares for number {}: {}");
pub const COMMITTED: Mark = Mark::new("committed", "has enough commits for number {}: {}");
/// The third value is the request's id.
pub const EXECUTES: Mark = Mark::new("executes", "executes number {}: {}").moment(Moment::Commit);
pub const REPEATS: Mark = Mark::new("repeats", "skips number {}: {} has run already");
pub const SECOND: Mark =
    Mark::new("second", "refuses a second request for number {}: {}").moment(Moment::Conflict);
pub const REFUSES: Mark =
    Mark::new("refuses", "refuses {}: its client did not sign it").moment(Moment::Conflict);
pub const FORWARDS: Mark = Mark::new("forwards", "passes {} on to {}");
pub const FULL: Mark = Mark::new(
    "full",
    "keeps {} back: number {} is above the high watermark",
);

// Checkpoints.
pub const STABLE: Mark = Mark::new("stable", "has a stable checkpoint at number {}, digest {}");
pub const BEHIND: Mark = Mark::new("behind", "lacks the state of number {} and asks {}");
pub const FETCHED: Mark = Mark::new("fetched", "takes over the state of number {}, digest {}");

// View changes.
pub const SUSPECTS: Mark =
    Mark::new("suspects", "has waited too long for {} and wants view {}").moment(Moment::Election);
pub const ASKS_FOR_VIEW: Mark = Mark::new(
    "asks-for-view",
    "asks for view {} and shows {} {proof|proofs}",
);
pub const LEADS: Mark = Mark::new("leads", "begins view {} as its primary");
pub const ENTERS: Mark = Mark::new("enters", "enters view {}: {} is its primary");
pub const BAD_VIEW: Mark = Mark::new(
    "bad-view",
    "refuses view {} of {}: it leaves out what is proved",
)
.moment(Moment::Conflict);

// Clients.
pub const ASKS_ALL: Mark = Mark::new("asks-all", "asks all replicas: try {} of {}");
pub const BELIEVES: Mark = Mark::new("believes", "has {} equal {answer|answers} to {}");
