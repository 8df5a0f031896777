//! The faults and the load that other algorithms get as well.

use faultline_sim::descriptor::Scenario;

use super::N1_LEADS;
use crate::parts::same_faults;

pub const SAME_FAULTS: Scenario = Scenario {
    title: "Same faults, different algorithms: Raft",
    summary: "Clients write and read at one server after the other. Node 1, the leader, crashes and comes back; then it is cut off \
              with node 2. The table below the measures gives the same to other algorithms.",
    preset: "correct",
    script: same_faults::writes![N1_LEADS],
    ..same_faults::BASE
};
