//! The rows of the curriculum that are served: what a learner does in a scenario, and what is
//! measured then. `docs/checklist` names these tests by the row they serve.

mod basics;
mod board_chaos;
mod board_load;
mod board_trouble;
mod consensus;
mod copies;
mod counter;
mod cut;
mod deadlock;
mod elections;
mod gossip;
mod heartbeats;
mod listings;
mod many;
mod museum;
mod scatter;
mod shard_range;
mod snapshots;
mod store;
mod swim;
mod transactions;
mod truetime;

use faultline_protocols::CATALOGUE;
use faultline_sim::testing::{Play, Played};

/// A scenario of the catalogue.
struct Row;

impl Row {
    fn of(scenario: &str) -> Play {
        Play::of(CATALOGUE, scenario)
    }
}
