//! The listing as it runs in Node, and what its variables hold at a node of the run.

use faultline_sim::process::NodeId;
use faultline_sim::program::Program;
use faultline_sim::world::World;

use super::descriptor::TWO_COUNTERS;
use super::{Count, Counter, Role};

pub static PROGRAM: Program = Program {
    source: include_str!("program.js"),
    values,
};

fn values(world: &World, id: NodeId) -> Vec<(&'static str, String)> {
    let node = world.node::<Counter>(id);
    let Some(node) = node.filter(|node| node.role == Role::Node) else {
        return Vec::new();
    };
    let seen = |of: fn(&Count) -> i64| {
        let each = node
            .seen
            .iter()
            .map(|(id, count)| format!("{}: {}", id.0, of(count)));
        each.collect::<Vec<_>>().join(", ")
    };
    let mut all = vec![
        ("this.nodeId", id.0.to_string()),
        ("this.localCount", node.local.up.to_string()),
        ("this.lastSeen", seen(|count| count.up)),
    ];
    if world.settings().switch(&TWO_COUNTERS) {
        all.push(("this.localDowns", node.local.down.to_string()));
        all.push(("this.lastDowns", seen(|count| count.down)));
    }
    all
}
