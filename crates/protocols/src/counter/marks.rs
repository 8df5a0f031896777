//! What a node says about its count. Behind the words of a count stands the request that it belongs to, if it
//! came from a client.

use faultline_sim::mark::Mark;
use faultline_sim::moment::Moment;

pub const INCREMENTS: Mark =
    Mark::new("increments", "increments its counter to {}").moment(Moment::Commit);
pub const DECREMENTS: Mark =
    Mark::new("decrements", "decrements its counter to {}").moment(Moment::Commit);
pub const TAKES: Mark = Mark::new("takes", "now has count {} for {}");
/// It has just taken an older count in the place of a newer one.
pub const GOES_BACK: Mark =
    Mark::new("goes-back", "goes back from count {} to {} for {}").moment(Moment::Conflict);
/// Values: the count, whose it is, and the numbers of the change that came and of the one that is known.
pub const IGNORES: Mark = Mark::new("ignores", "ignores count {} for {}");
pub const TOTALS: Mark = Mark::new("totals", "has total {}");
pub const REFUSES: Mark = Mark::new("refuses", "refuses to count beyond {}");
pub const REPEATS: Mark = Mark::new("repeats", "has counted request {} and answers again");
pub const ASKS_AGAIN: Mark = Mark::new("asks-again", "gets no answer and asks {} again, try {}");
pub const GIVES_UP: Mark = Mark::new("gives-up", "gives up a request to {} after {} {try|tries}");
