//! What nodes say of rows, ranges and moves. Rows are named in words.

use faultline_sim::mark::Mark;
use faultline_sim::moment::Moment;

// The master.
pub const SPLITS: Mark = Mark::new(
    "splits",
    "splits a full range of {}: from {} on, it will be at {}",
)
.moment(Moment::Election);
pub const ASSIGNS: Mark = Mark::new(
    "assigns",
    "writes into the table: the range from {} on is at {} (epoch {})",
)
.moment(Moment::Commit);

// Shards.
pub const STORES: Mark = Mark::new("stores", "stores row {}");
pub const MOVES: Mark = Mark::new("moves", "sends {} {key|keys} to {}");
/// Behind the words: the first row as a number, and the row behind the last.
pub const SERVES: Mark = Mark::new(
    "serves",
    "serves the range from {} on, with {} {key|keys} in it",
);

// Clients.
pub const REFUSED: Mark = Mark::new("refused", "is refused by {}: its table is old (epoch {})");
/// Behind the word: the row as a number.
pub const CONFIRMED: Mark = Mark::new("confirmed", "knows that row {} is stored");
pub const SCANNED: Mark = Mark::new("scanned", "has {} {key|keys} from {} {shard|shards}");
