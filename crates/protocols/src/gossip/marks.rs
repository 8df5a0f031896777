//! What a node says about its data.

use faultline_sim::mark::Mark;
use faultline_sim::moment::Moment;

pub const SETS: Mark = Mark::new("sets", "sets {} = {}").moment(Moment::Commit);
pub const DELETES: Mark = Mark::new("deletes", "deletes {} and keeps a tombstone");
pub const FORGETS: Mark = Mark::new("forgets", "deletes {} and forgets it");
pub const READS: Mark = Mark::new("reads", "reads {}");
pub const UPDATES: Mark = Mark::new("updates", "updates {} {key|keys} from {}");
