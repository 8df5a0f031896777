//! The activity's program as it runs in Node, and what its variables hold at a node of the run.

use faultline_sim::process::NodeId;
use faultline_sim::program::Program;
use faultline_sim::world::World;

use super::Election;
use crate::elections::or_null;

pub static PROGRAM: Program = Program {
    source: include_str!("program.js"),
    values,
};

fn values(world: &World, id: NodeId) -> Vec<(&'static str, String)> {
    let Some(node) = world.node::<Election>(id) else {
        return Vec::new();
    };
    vec![
        ("this.id", id.0.to_string()),
        ("this.leaderId", or_null(node.leader)),
        ("elections pending", node.to_come.to_string()),
    ]
}
