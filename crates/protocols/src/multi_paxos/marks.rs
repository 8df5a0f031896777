//! What the servers say of ballots and slots.

use faultline_sim::mark::Mark;
use faultline_sim::moment::Moment;

// Proposers.
pub const PREPARES: Mark = Mark::new(
    "prepares",
    "starts ballot {} for all slots from {} on and asks for promises",
);
pub const LEADS: Mark = Mark::new("leads", "leads ballot {} with {} promises");
pub const ADOPTS: Mark = Mark::new("adopts", "takes over slot {} from ballot {}: {}");
pub const FILLS: Mark = Mark::new("fills", "fills slot {} with a no-op").moment(Moment::Conflict);
pub const PROPOSES: Mark = Mark::new("proposes", "proposes for slot {} in ballot {}: {}");
pub const CHOOSES: Mark = Mark::new(
    "chooses",
    "hears from a majority that slot {} is chosen in ballot {}: {}",
)
.moment(Moment::Commit);
pub const OVERTAKEN: Mark =
    Mark::new("overtaken", "gives up ballot {}: {} is higher").moment(Moment::Conflict);

// Acceptors.
pub const PROMISES: Mark = Mark::new("promises", "promises ballot {} for all slots");
pub const ACCEPTS: Mark = Mark::new("accepts", "accepts in slot {}, ballot {}: {}");
pub const REFUSES: Mark = Mark::new("refuses", "refuses ballot {}: it promised {}");

// Learners.
pub const LEARNS: Mark = Mark::new("learns", "learns what slot {} holds: {}");
pub const ASKS: Mark = Mark::new("asks", "lacks slots from {} to {} and asks for them");
pub const EXECUTES: Mark = Mark::new("executes", "executes slot {}: {}");
pub const SKIPS: Mark = Mark::new(
    "skips",
    "does not execute slot {} again, because it was executed before: {}",
);

// Clients.
pub const ASKS_AGAIN: Mark = Mark::new("asks-again", "gets no answer and retries, try {} of {}");
pub const REPEATS: Mark = Mark::new("repeats", "has already executed {} and repeats the answer");
