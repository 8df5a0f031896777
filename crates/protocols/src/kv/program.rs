//! The listing as it runs in Node, and what its variables hold at a node of the run.

use faultline_sim::process::NodeId;
use faultline_sim::program::Program;
use faultline_sim::world::World;

use super::{Store, shown};

pub static PROGRAM: Program = Program {
    source: include_str!("program.js"),
    values,
};

fn values(world: &World, id: NodeId) -> Vec<(&'static str, String)> {
    let Some(node) = world.node::<Store>(id).filter(|node| !node.client) else {
        return Vec::new();
    };
    let each = node
        .data
        .iter()
        .map(|(key, entry)| format!("{key}: '{}'", shown(world.settings(), entry)));
    let peers = world.ids().filter(|peer| *peer != id);
    let peers: Vec<String> = peers.map(|peer| peer.0.to_string()).collect();
    vec![
        ("this.nodeId", id.0.to_string()),
        (
            "this.data",
            format!("{{ {} }}", each.collect::<Vec<_>>().join(", ")),
        ),
        ("this.peers", peers.join(", ")),
    ]
}
