//! What the nodes say of their clocks.

use faultline_sim::mark::Mark;
use faultline_sim::moment::Moment;

pub const SYNCS: Mark = Mark::new("syncs", "learns that its clock is {}, give or take {}");
pub const KEEPS: Mark = Mark::new("keeps", "trusts an earlier sample more");
pub const SETS: Mark = Mark::new("sets", "sets its clock forward by {}");
pub const SETS_BACK: Mark =
    Mark::new("sets-back", "sets its clock back by {}").moment(Moment::Conflict);
pub const HURRIES: Mark = Mark::new("hurries", "lets its clock run faster to gain {}");
pub const SLOWS: Mark = Mark::new("slows", "lets its clock run slower to lose {}");
pub const AVERAGES: Mark = Mark::new(
    "averages",
    "takes the average of {} {clock|clocks}: its own is {}",
)
.moment(Moment::Commit);
pub const LEAVES_OUT: Mark = Mark::new("leaves-out", "leaves the clock of {} out: it is {}");
pub const BACKWARDS: Mark =
    Mark::new("backwards", "measures that a piece of work took {}").moment(Moment::Conflict);
