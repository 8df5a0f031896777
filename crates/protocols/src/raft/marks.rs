//! What a server says about itself.

use faultline_sim::mark::Mark;
use faultline_sim::moment::Moment;

pub const REFUSES_ENTRIES: Mark = Mark::new(
    "refuses-entries",
    "refuses: has no entry of term {} at index {}",
);
pub const DELETES: Mark = Mark::new(
    "deletes",
    "deletes {} {entry|entries} from index {}: {}'s log differs",
)
.moment(Moment::Conflict);
pub const COMMITS: Mark = Mark::new("commits", "commits up to entry {}").moment(Moment::Commit);
pub const APPLIES: Mark = Mark::new("applies", "applies entry {}: {}");
pub const ASKS_AGAIN: Mark = Mark::new("asks-again", "gets no answer: asks again, try {} of {}");
pub const REPEATS: Mark = Mark::new("repeats", "has executed {} before: repeats the answer");
pub const STEPS_DOWN: Mark = Mark::new("steps-down", "hears of term {} and steps down");
pub const ASKS_VOTES: Mark = Mark::new("asks-votes", "hears no leader: asks for votes in term {}");
pub const LOG_BEHIND: Mark = Mark::new("log-behind", "refuses {}, whose log is behind its own");
pub const HAS_VOTED: Mark = Mark::new("has-voted", "refuses {}: has voted for {} in term {}");
pub const WINS: Mark = Mark::new("wins", "has {} of {} votes and leads term {}");
