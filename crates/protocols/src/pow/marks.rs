//! What miners say. Where a block is named, its name comes first and its height second.

use faultline_sim::mark::Mark;
use faultline_sim::moment::Moment;

/// The third value is how many nonces it tried.
pub const FOUND: Mark = Mark::new("found", "finds block {} at height {} after {} {try|tries}");
/// The third value is the height of the lowest block that is new on its chain.
pub const EXTENDS: Mark = Mark::new("extends", "builds on block {} at height {}");
/// The third value is how many blocks it gives up, the fourth the height of the lowest new one.
pub const REORGS: Mark = Mark::new(
    "reorgs",
    "moves to block {} at height {} and gives up {} {block|blocks}",
)
.moment(Moment::Conflict);
/// The third value is the work of the chain that ends there.
pub const ASIDE: Mark = Mark::new("aside", "sets block {} at height {} aside");
pub const REFUSES: Mark =
    Mark::new("refuses", "refuses block {} of {}: {}").moment(Moment::Conflict);
pub const ASKS: Mark = Mark::new("asks", "asks {} for block {} and those before it");
pub const EDITED: Mark =
    Mark::new("edited", "has block {} at height {} changed by hand").moment(Moment::Fault);
pub const BREAKS: Mark =
    Mark::new("breaks", "sees that {} {block|blocks} no longer fit").moment(Moment::Conflict);

// Payments: the payment in words first.
pub const ACCEPTS: Mark = Mark::new(
    "accepts",
    "counts on it: {}, with {} {confirmation|confirmations}",
)
.moment(Moment::Commit);
pub const REVERSED: Mark =
    Mark::new("reversed", "has lost a payment that it counted on: {}").moment(Moment::Conflict);

// Attackers.
pub const WITHHOLDS: Mark = Mark::new("withholds", "keeps block {} secret: {} now");
pub const PUBLISHES: Mark = Mark::new("publishes", "shows {} secret {block|blocks}");
pub const GIVES_UP: Mark = Mark::new("gives-up", "gives up {} secret {block|blocks}");
pub const PAYS: Mark = Mark::new("pays", "pays with a coin that it has spent in secret: {}");
