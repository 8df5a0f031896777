//! One sentence on how the clocks stand to each other.

use faultline_sim::process::NodeId;
use faultline_sim::stamps::Order;
use faultline_sim::text::and_list;
use faultline_sim::world::World;

use super::compare;
use crate::clocks::figures::counts;
use crate::clocks::{Clock, Member};

/// Clocks of up to so many nodes are compared one by one.
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
    let names = and_list(who.iter().copied());
    (!who.is_empty()).then(|| {
        format!("{names} {verb} a message back: a broadcast that may have caused it is missing.")
    })
}

/// "n1 and n2 are concurrent; n1 is after n3": the latest event of each node with that of each other.
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
                Order::Before => format!("{a} is before {b}"),
                Order::After => format!("{a} is after {b}"),
                Order::Same => format!("{a} and {b} are equal"),
                Order::Concurrent => format!("{a} and {b} are concurrent"),
            });
        }
    }
    Some(format!("By their clocks now, {}.", found.join("; ")))
}
