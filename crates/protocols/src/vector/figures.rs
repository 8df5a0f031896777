//! One sentence that compares the clocks.

use faultline_sim::process::NodeId;
use faultline_sim::stamps::Order;
use faultline_sim::world::World;

use super::compare;
use crate::clocks::figures::counts;
use crate::clocks::{Clock, Member};
use crate::words::nodes;

/// Clocks of up to this many nodes are compared one by one.
const PAIRS_OF: usize = 3;

pub(super) fn narrate(world: &World) -> Option<String> {
    waiting(world)
        .or_else(|| pairs(world))
        .or_else(|| counts(world))
}

fn waiting(world: &World) -> Option<String> {
    let waits = |id: &NodeId| {
        world
            .node::<Member>(*id)
            .is_some_and(|member| !member.held.is_empty())
    };
    let who: Vec<NodeId> = world.ids().filter(waits).collect();
    let verb = if who.len() == 1 { "holds" } else { "hold" };
    (!who.is_empty()).then(|| {
        let names = nodes(&who);
        format!("{names} {verb} back a message: a broadcast that may have caused it is missing.")
    })
}

/// "nodes 1 and 2 are concurrent; node 1 is after node 3": the latest event of each node with that of each other.
fn pairs(world: &World) -> Option<String> {
    let parts = |id: NodeId| match world.node::<Member>(id)?.clock {
        Clock::Vector(ref parts) => Some((id, parts.as_slice())),
        Clock::Number(_) => None,
    };
    let clocks: Vec<(NodeId, &[u64])> = world.ids().filter_map(parts).collect();
    if clocks.len() < 2 || clocks.len() > PAIRS_OF {
        return None;
    }
    let mut found = Vec::new();
    for (i, (a, first)) in clocks.iter().enumerate() {
        for (b, second) in &clocks[i + 1..] {
            found.push(match compare(first, second) {
                Order::Before => format!("node {} is before node {}", a.0, b.0),
                Order::After => format!("node {} is after node {}", a.0, b.0),
                Order::Same => format!("nodes {} and {} are equal", a.0, b.0),
                Order::Concurrent => format!("nodes {} and {} are concurrent", a.0, b.0),
            });
        }
    }
    Some(format!("By their clocks, {}.", found.join("; ")))
}
