//! What validators say.

use faultline_sim::mark::Mark;
use faultline_sim::moment::Moment;

pub const PROPOSES: Mark = Mark::new("proposes", "makes block {} with {} {vote|votes}");
pub const ATTESTS: Mark = Mark::new("attests", "attests: from epoch {} to epoch {}, head {}");
pub const HOLDS: Mark = Mark::new(
    "holds",
    "does not attest for epoch {}: its earlier vote forbids it",
);
pub const JUSTIFIES: Mark = Mark::new("justifies", "sees epoch {} justified at block {}");
/// The third value is the slot of the block.
pub const FINALIZES: Mark =
    Mark::new("finalizes", "sees epoch {} final at block {}").moment(Moment::Commit);
pub const SWITCHES: Mark =
    Mark::new("switches", "leaves block {} and follows block {}").moment(Moment::Conflict);
pub const ASKS: Mark = Mark::new("asks", "lacks block {} and asks {}");

// Liars.
pub const PROVES_BLOCKS: Mark =
    Mark::new("proves-blocks", "has proof against {}: {}").moment(Moment::Conflict);
pub const PROVES_VOTES: Mark =
    Mark::new("proves-votes", "has proof against {}: {}").moment(Moment::Conflict);
pub const CONVICTS: Mark =
    Mark::new("convicts", "puts the proof against {} into block {}").moment(Moment::Conflict);
pub const REFUSES: Mark = Mark::new(
    "refuses",
    "refuses a vote in the name of {}: it is not signed",
);
