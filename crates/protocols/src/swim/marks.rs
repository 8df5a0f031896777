//! Marks: what a member says of itself.

use faultline_sim::mark::Mark;
use faultline_sim::moment::Moment;

pub const ASKS_OTHERS: Mark = Mark::new(
    "asks-others",
    "gets no ack and asks {} {other|others} to ping {}",
);
/// Behind the member, its incarnation.
pub const SUSPECTS: Mark = Mark::new("suspects", "suspects {} (incarnation {})");
pub const DECLARES: Mark =
    Mark::new("declares", "declares {} dead (incarnation {})").moment(Moment::Conflict);
/// It hears that a member is dead or has left.
pub const DROPS: Mark = Mark::new("drops", "takes {} off its list");
/// A new member, or one that it took for dead.
pub const MEETS: Mark = Mark::new("meets", "puts {} on its list (incarnation {})");
pub const REFUTES: Mark = Mark::new("refutes", "proves that it is alive: incarnation {}");
pub const RAISES: Mark = Mark::new("raises", "is in incarnation {} now");
/// Only with the switch `precedence` off.
pub const GOES_BACK: Mark = Mark::new("goes-back", "goes back to older news about {}");
pub const ASKS_TO_JOIN: Mark = Mark::new("asks-to-join", "asks {} for the list of members");
pub const JOINS: Mark = Mark::new("joins", "joins: {} members");
