//! What the branches say.

use faultline_sim::mark::Mark;
use faultline_sim::moment::Moment;

/// The snapshot's number, and the balance.
pub const RECORDS: Mark =
    Mark::new("records", "records its state for snapshot {}: balance {}").moment(Moment::Commit);
/// The snapshot's number, the money in it, and the money there is.
pub const COMPLETES: Mark = Mark::new(
    "completes",
    "has all parts of snapshot {}: they hold {}, and there are {}",
)
.moment(Moment::Commit);
/// The checkpoint's number, and the payments so far.
pub const SAVES: Mark = Mark::new("saves", "saves checkpoint {} after {} {payment|payments}");
/// The checkpoint's number (0: the start), payments undone, and checkpoints given up.
pub const ROLLS_BACK: Mark = Mark::new(
    "rolls-back",
    "goes back to checkpoint {}: {} {payment|payments} undone, {} {checkpoint|checkpoints} given up",
)
.moment(Moment::Conflict);
/// The sender, and the number that is missing.
pub const HOLDS: Mark = Mark::new(
    "holds",
    "lets a message from {} wait: message {} is missing",
);
