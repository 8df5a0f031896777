//! What coordinator and workers say of the job.

use faultline_sim::mark::Mark;
use faultline_sim::moment::Moment;

pub const BEGINS: Mark = Mark::new(
    "begins",
    "begins to count the primes below {}, in {} {part|parts}",
);
pub const GIVES: Mark = Mark::new("gives", "hands part {} to {}");
pub const COPIES: Mark = Mark::new("copies", "hands a backup copy of part {} to {}");
pub const ANSWERS: Mark = Mark::new("answers", "has computed part {}: {} {prime|primes}");
pub const COUNTS: Mark = Mark::new("counts", "counts the result of part {}: {} {prime|primes}");
pub const DROPS: Mark = Mark::new("drops", "has part {} already and drops the result of {}");
pub const COUNTS_AGAIN: Mark = Mark::new("counts-again", "counts part {} once more, from {}");
pub const TAKES_AWAY: Mark = Mark::new(
    "takes-away",
    "will hand part {} to another worker: {} does not compute it any more",
)
.moment(Moment::Conflict);
pub const FINISHES: Mark =
    Mark::new("finishes", "has all results: {} {prime|primes} below {}").moment(Moment::Commit);
