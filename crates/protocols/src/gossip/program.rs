//! The listing as it runs in Node, and what its variables hold at a node of the run.

use faultline_sim::process::NodeId;
use faultline_sim::program::Program;
use faultline_sim::world::World;

use super::Gossip;

pub static PROGRAM: Program = Program {
    source: include_str!("program.js"),
    values,
};

fn values(world: &World, id: NodeId) -> Vec<(&'static str, String)> {
    let Some(node) = world.node::<Gossip>(id) else {
        return Vec::new();
    };
    let each = node.data.0.iter().flat_map(|(key, writes)| {
        writes.iter().map(move |write| {
            let value = write.value.as_deref().unwrap_or("undefined");
            format!("{key} = {value} ({})", write.version.number())
        })
    });
    let timer = if node.stopped { "null" } else { "set" };
    vec![
        ("this.id", id.0.to_string()),
        ("this.data", each.collect::<Vec<_>>().join(", ")),
        ("this.timer", timer.to_owned()),
    ]
}
