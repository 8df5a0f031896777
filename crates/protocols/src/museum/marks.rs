//! What nodes say about themselves.

use faultline_sim::mark::Mark;
use faultline_sim::moment::Moment;

pub const FAILS: Mark = Mark::new("fails", "thinks {} has failed: its count has stopped");
pub const LIVES: Mark = Mark::new("lives", "thinks {} is alive: its count has grown");
pub const ORDERS: Mark = Mark::new("orders", "orders copies for {} {member|members}");
pub const REPAIRED: Mark = Mark::new("repaired", "knows that all copies are in place");
pub const RETRIES: Mark = Mark::new(
    "retries",
    "gets no answer for {} from {}, and tries the next owner, {}",
);
pub const WRITES: Mark = Mark::new("writes", "writes {} = {}").moment(Moment::Commit);
pub const STORES: Mark = Mark::new("stores", "now has {} = {} from {}");
/// The same for an order of a leader.
pub const COPIES: Mark = Mark::new("copies", "gets a copy of {} = {} from {}");
pub const CONFLICTS: Mark = Mark::new(
    "conflicts",
    "finds two writes of {} that did not know of each other: {} and {}",
)
.moment(Moment::Conflict);
