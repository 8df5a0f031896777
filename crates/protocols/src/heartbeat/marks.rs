//! What a node says about its peers and about itself.

use faultline_sim::mark::Mark;
use faultline_sim::moment::Moment;

/// Its own opinion: the peer, and the level of its silence.
pub const SUSPECTS: Mark = Mark::new("suspects", "suspects {} at level {}");
/// The verdict: the peer, and how many observers suspect it.
pub const DECLARES: Mark =
    Mark::new("declares", "declares {} failed, {} {suspects|suspect} it").moment(Moment::Commit);
pub const WITHDRAWS: Mark = Mark::new("withdraws", "no longer declares {} failed");
pub const REVIVES: Mark = Mark::new("revives", "takes {} for alive again");
pub const STOPS: Mark = Mark::new("stops", "stops sending heartbeats").moment(Moment::Crash);
pub const RESUMES: Mark = Mark::new("resumes", "sends heartbeats again").moment(Moment::Recover);
pub const MOVES: Mark = Mark::new("moves", "moves the pod of {} to {}");
pub const DELETES: Mark = Mark::new("deletes", "deletes the ephemeral node of {}");
