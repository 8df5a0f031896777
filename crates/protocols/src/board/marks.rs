//! What boxes say of themselves.

use faultline_sim::mark::Mark;
use faultline_sim::moment::Moment;

pub const TWICE: Mark =
    Mark::new("twice", "does request {}.{} a second time").moment(Moment::Conflict);
/// So many wait that a person should look.
pub const PILES_UP: Mark =
    Mark::new("piles-up", "has {} requests that wait").moment(Moment::Conflict);
pub const OPENS: Mark =
    Mark::new("opens", "opens its breaker after {} {failure|failures}").moment(Moment::Conflict);
pub const SCALES: Mark =
    Mark::new("scales", "wants {} {server|servers} no longer, but {}").moment(Moment::Commit);
pub const FLUSHES: Mark = Mark::new("flushes", "writes {} gathered {value|values}");
pub const REDELIVERS: Mark = Mark::new("redelivers", "hands event {} on, attempt {}");
pub const SETS_ASIDE: Mark = Mark::new(
    "sets-aside",
    "puts event {} aside after {} {attempt|attempts}",
)
.moment(Moment::Conflict);
