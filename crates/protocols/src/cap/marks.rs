//! What nodes say about requests and copies.

use faultline_sim::mark::Mark;
use faultline_sim::moment::Moment;

pub const SETS: Mark = Mark::new("sets", "sets {} = {}");
pub const CONFIRMS: Mark = Mark::new("confirms", "confirms {} = {}").moment(Moment::Commit);
/// Its own clock is behind the one that wrote what is there.
pub const LOOKS_OLDER: Mark = Mark::new(
    "looks-older",
    "drops its own write of {}: by its clock it is older than the value there",
)
.moment(Moment::Conflict);
pub const STORES: Mark = Mark::new("stores", "now has {} = {} from {}");
pub const IGNORES: Mark = Mark::new(
    "ignores",
    "ignores {} from {}: its own version is not older",
);
pub const CONFLICTS: Mark = Mark::new(
    "conflicts",
    "finds a conflict: {} was written at {} and at {}, and neither write knew of the other",
)
.moment(Moment::Conflict);
pub const READS: Mark = Mark::new("reads", "reads {} = {}");
/// Before anything was stored.
pub const REFUSES: Mark = Mark::new(
    "refuses",
    "refuses a request for {}: {} of {} nodes that it needs",
);
pub const RESTS: Mark = Mark::new("rests", "refuses at once: too few answered a moment ago");
/// After it was stored here, and perhaps elsewhere.
pub const FAILS: Mark = Mark::new(
    "fails",
    "says that the write of {} failed: only {} {node has|nodes have} it",
);
pub const UNSURE: Mark = Mark::new(
    "unsure",
    "does not know what becomes of the write of {}: {} {node has|nodes have} it so far",
);
pub const ALONE: Mark = Mark::new(
    "alone",
    "has confirmed {} although only {} {node has|nodes have} it",
);
pub const DELETES: Mark =
    Mark::new("deletes", "takes the write back and deletes {}").moment(Moment::Conflict);
pub const PUTS_BACK: Mark = Mark::new("puts-back", "takes the write back: {} = {} again");
pub const ISOLATES: Mark = Mark::new("isolates", "is cut off").moment(Moment::Partition);
pub const HEALS: Mark = Mark::new("heals", "is connected again").moment(Moment::Heal);
pub const COMPARES: Mark = Mark::new(
    "compares",
    "compares {} {key|keys} with {}: {} {differs|differ}",
);
