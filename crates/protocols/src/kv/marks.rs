//! What nodes say about their copies.

use faultline_sim::mark::Mark;
use faultline_sim::moment::Moment;

pub const SETS: Mark = Mark::new("sets", "sets {} = {}").moment(Moment::Commit);
/// Its own clock is behind the one that wrote what is there.
pub const LOOKS_OLDER: Mark = Mark::new(
    "looks-older",
    "drops its own write of {}: by its clock it is older than the value there",
)
.moment(Moment::Conflict);
pub const STORES: Mark = Mark::new("stores", "now has {} = {} from {}");
pub const CONFLICTS: Mark = Mark::new(
    "conflicts",
    "finds a conflict: {} was written at {} and at {}, and neither write knew of the other",
)
.moment(Moment::Conflict);
pub const READS: Mark = Mark::new("reads", "reads {} = {}");
pub const WAITS: Mark = Mark::new("waits", "holds {} back until {} has arrived");
pub const CATCHES_UP: Mark = Mark::new("catches-up", "shows {}: what it depends on has arrived");
pub const BEHIND: Mark = Mark::new(
    "behind",
    "sends the client on: it lacks {} as the client knows it",
);
pub const REPAIRS: Mark = Mark::new("repairs", "repairs the old copy of {} at {}");
pub const HINTS: Mark = Mark::new("hints", "keeps {} for {}, which does not answer");
pub const HANDS_OVER: Mark = Mark::new("hands-over", "has handed {} over to {}");
pub const COMPARES: Mark = Mark::new("compares", "compares {} {hash|hashes} with {}: {}");
pub const JOINS: Mark = Mark::new("joins", "asks {} for the data");
pub const JOINED: Mark = Mark::new("joined", "got {} {key|keys} from {}");
pub const MOVES: Mark = Mark::new("moves", "talks to {} from now on");
pub const GIVES_UP: Mark = Mark::new("gives-up", "gives up: {}");
