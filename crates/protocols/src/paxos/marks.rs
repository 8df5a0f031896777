//! What the nodes say of a ballot. The first value is the ballot, if there is one.

use faultline_sim::mark::Mark;
use faultline_sim::moment::Moment;

// Proposers.
pub const PREPARES: Mark = Mark::new("prepares", "starts ballot {} and asks for promises");
pub const ADOPTS: Mark = Mark::new(
    "adopts",
    "must take {} in ballot {}: ballot {} may have chosen it",
);
pub const PROPOSES: Mark = Mark::new(
    "proposes",
    "has enough promises for ballot {} and proposes {}",
);
pub const OVERTAKEN: Mark =
    Mark::new("overtaken", "gives up ballot {}: {} is higher").moment(Moment::Conflict);
pub const TOO_FEW: Mark = Mark::new("too-few", "has too few promises for ballot {}");
pub const NOTHING: Mark = Mark::new("nothing", "has no value for ballot {} and stops");

// Acceptors.
pub const PROMISES: Mark = Mark::new("promises", "promises ballot {}");
pub const ACCEPTS: Mark = Mark::new("accepts", "accepts in ballot {}: {}");
pub const REFUSES: Mark = Mark::new("refuses", "refuses ballot {}: it promised {}");

// Learners.
pub const LEARNS: Mark =
    Mark::new("learns", "learns that ballot {} chose {}").moment(Moment::Commit);
pub const ASKS: Mark = Mark::new("asks", "has not learned a value and asks");
