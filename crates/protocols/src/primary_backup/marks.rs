//! Marks: what nodes report.

use faultline_sim::mark::Mark;

pub const NEW_VIEW: Mark = Mark::new("new-view", "begins view {}: {} is the primary");
pub const TAKES_OVER: Mark = Mark::new("takes-over", "learns that it is the primary of view {}");
pub const SERVES: Mark = Mark::new("serves", "answers clients in view {}");
pub const STEPS_DOWN: Mark = Mark::new("steps-down", "learns that view {} has another primary");
pub const GETS_STATE: Mark = Mark::new("gets-state", "gets {} {entry|entries} from {}");
pub const REFUSES: Mark = Mark::new("refuses", "refuses a message of {}: view {} is over");
pub const ASKS_AGAIN: Mark = Mark::new("asks-again", "gets no answer and asks again, try {} of {}");
