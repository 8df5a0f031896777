//! The listing as it runs in Node, and what its variables hold at a node of the run.

use faultline_sim::process::NodeId;
use faultline_sim::program::Program;
use faultline_sim::world::World;

use super::Bully;
use crate::elections::or_null;

pub static PROGRAM: Program = Program {
    source: include_str!("program.js"),
    values,
};

fn values(world: &World, id: NodeId) -> Vec<(&'static str, String)> {
    let Some(node) = world.node::<Bully>(id) else {
        return Vec::new();
    };
    let timeout = if node.claim.is_some() { "set" } else { "null" };
    vec![
        ("this.id", id.0.to_string()),
        ("this.leaderId", or_null(node.leader)),
        ("this.isLeader", node.is_leader.to_string()),
        (
            "this.electionInProgress",
            node.election_in_progress.to_string(),
        ),
        ("this.timeout", timeout.to_owned()),
    ]
}
