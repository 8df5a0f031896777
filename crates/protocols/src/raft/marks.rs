//! Marks: events that a server reports.

use faultline_sim::mark::Mark;
use faultline_sim::moment::Moment;

pub const REFUSES_ENTRIES: Mark = Mark::new(
    "refuses-entries",
    "refuses the entries: it has no entry of term {} at index {}",
);
pub const DELETES: Mark = Mark::new(
    "deletes",
    "deletes {} {entry|entries} from index {}: the log of {} differs",
)
.moment(Moment::Conflict);
pub const COMMITS: Mark = Mark::new("commits", "commits entries up to {}").moment(Moment::Commit);
pub const APPLIES: Mark = Mark::new("applies", "applies entry {}: {}");
pub const ASKS_AGAIN: Mark = Mark::new("asks-again", "gets no answer and retries, try {} of {}");
pub const REPEATS: Mark = Mark::new("repeats", "has already executed {} and repeats the answer");
pub const STEPS_DOWN: Mark = Mark::new("steps-down", "learns of term {} and steps down");
pub const ASKS_VOTES: Mark = Mark::new(
    "asks-votes",
    "hears from no leader and asks for votes in term {}",
);
pub const ASKS_FIRST: Mark = Mark::new(
    "asks-first",
    "hears from no leader and asks whether it could win term {}",
);
pub const HEARS_LEADER: Mark =
    Mark::new("hears-leader", "would not vote for {}: it hears its leader");
pub const LOSES_QUORUM: Mark = Mark::new(
    "loses-quorum",
    "has heard from {} of {} servers, itself included, and steps down",
);
pub const LOG_BEHIND: Mark = Mark::new(
    "log-behind",
    "refuses to vote for {}, whose log is behind its own",
);
pub const HAS_VOTED: Mark = Mark::new(
    "has-voted",
    "refuses to vote for {}: it has voted for {} in term {}",
);
pub const WINS: Mark = Mark::new("wins", "gets {} of {} votes and leads term {}");
pub const TAKES_SNAPSHOT: Mark = Mark::new(
    "takes-snapshot",
    "takes a snapshot after entry {} and drops old entries",
);
pub const SENDS_SNAPSHOT: Mark = Mark::new(
    "sends-snapshot",
    "no longer has the entries that {} lacks and sends its snapshot up to entry {}",
);
pub const INSTALLS: Mark = Mark::new(
    "installs",
    "takes over the state after entry {} from {}, which saves it {} {entry|entries}",
);
pub const CHANGES_VOTERS: Mark = Mark::new(
    "changes-voters",
    "appends entry {}: from now on, it counts the votes of {}",
)
.moment(Moment::Election);
pub const MAY_VOTE: Mark = Mark::new("may-vote", "has entry {}, by which it votes");
pub const LEAVES_VOTE: Mark = Mark::new(
    "leaves-vote",
    "commits entry {}, by which it no longer votes",
);
pub const HANDS_OVER: Mark = Mark::new(
    "hands-over",
    "takes no more requests and hands its lead over to {}",
);
pub const KEEPS_LEAD: Mark = Mark::new(
    "keeps-lead",
    "has waited too long for {} to lead and takes requests again",
);
