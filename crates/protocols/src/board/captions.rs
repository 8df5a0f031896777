//! The sentence on what matters now.

use faultline_sim::process::NodeId;
use faultline_sim::text::counted;
use faultline_sim::world::World;

use super::invariants::boxes;
use super::params::TO;
use super::{Kind, Node};

/// A queue of so many requests is worth a sentence.
const LONG: usize = super::server::MANY;

pub fn narrate(world: &World) -> Option<String> {
    let all = || boxes(world);
    if !all().any(|(_, node)| node.kind == Kind::Crowd) {
        return Some("There is no crowd on the board, so nobody asks anything.".to_owned());
    }
    let lonely = |(id, node): &(NodeId, &Node)| {
        node.kind == Kind::Crowd && world.settings().of_node(*id).nodes(&TO).is_empty()
    };
    if let Some((id, _)) = all().find(lonely) {
        return Some(format!(
            "The crowd, node {}, calls nobody. Connect it to a box.",
            id.0
        ));
    }
    if let Some((id, node)) = all().find(|(id, _)| !world.is_live(*id)) {
        return Some(format!(
            "Node {} ({}) is down. Calls to it get no answer.",
            id.0,
            node.kind.word()
        ));
    }
    if let Some((id, _)) = all().find(|(_, node)| node.caller.breaker.since.is_some()) {
        return Some(format!(
            "The breaker of node {} is open: calls fail at once, and nobody waits.",
            id.0
        ));
    }
    let longest = all().max_by_key(|(_, node)| node.server.waiting.len());
    if let Some((id, node)) = longest
        && node.server.waiting.len() >= LONG
    {
        let waiting = node.server.waiting.len();
        return Some(format!(
            "{waiting} requests wait at node {}, a {}.",
            id.0,
            node.kind.word()
        ));
    }
    if let Some((id, node)) = all().find(|(_, node)| node.events.len() >= LONG as u64) {
        return Some(format!(
            "{} wait in the queue of node {}.",
            counted(node.events.len(), "event", "events"),
            id.0
        ));
    }
    if let Some((id, node)) = all().find(|(_, node)| is_booting(world, node)) {
        return Some(format!(
            "The autoscaler, node {}, wants {}. They are booting.",
            id.0,
            counted(node.scaler.wanted, "server", "servers")
        ));
    }
    let (id, crowd) = all().find(|(_, node)| node.kind == Kind::Crowd)?;
    let Some([p95]) = crowd.meter.percentiles([95]) else {
        return Some(format!("No request of node {} is answered yet.", id.0));
    };
    Some(format!(
        "Of the latest requests of node {}, 95 of 100 were answered within {} ms.",
        id.0,
        p95.0.div_ceil(1_000)
    ))
}

/// Whether it has asked for more servers than its balancer uses yet.
fn is_booting(world: &World, node: &Node) -> bool {
    let all = boxes(world).filter(|(_, other)| other.kind == Kind::Balancer);
    let used = all.map(|(_, balancer)| balancer.balancer.used).max();
    node.kind == Kind::Autoscaler && used.is_some_and(|used| node.scaler.wanted > used)
}
