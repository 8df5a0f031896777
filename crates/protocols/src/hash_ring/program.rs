//! The listing as it runs in Node, and what its variables hold at a node of the run.

use faultline_sim::process::NodeId;
use faultline_sim::program::Program;
use faultline_sim::world::World;

use super::HashRing;

pub static PROGRAM: Program = Program {
    source: include_str!("program.js"),
    values,
};

fn values(world: &World, id: NodeId) -> Vec<(&'static str, String)> {
    let Some(node) = world.node::<HashRing>(id) else {
        return Vec::new();
    };
    let mut values = vec![
        ("this.nodes.size", node.ring.members.len().to_string()),
        ("this.sortedKeys.length", node.ring.points.len().to_string()),
    ];
    let Some(search) = &node.search else {
        return values;
    };
    values.push(("hash", search.hash.to_string()));
    let latest = search.done.checked_sub(1);
    if let Some(look) = latest.and_then(|at| search.looks.get(at as usize)) {
        let point = search.ring.points[look.middle as usize].0;
        values.extend([
            ("left", look.left.to_string()),
            ("right", look.right.to_string()),
            ("mid", look.middle.to_string()),
            ("this.sortedKeys[mid]", point.to_string()),
        ]);
    }
    values
}
