//! The sentence on what matters now.

use faultline_sim::process::NodeId;
use faultline_sim::text::counted;
use faultline_sim::time::Duration;
use faultline_sim::world::World;

use super::invariants::boxes;
use super::params::{SERVERS, TO};
use super::{Kind, Node};

/// A queue of so many requests is worth a sentence.
const LONG: usize = super::server::MANY;
/// So is a link that messages wait for so long.
const SLOW: Duration = Duration::millis(100);

/// The link with the longest queue, in its direction.
pub fn slowest_link(world: &World) -> Option<(NodeId, NodeId, Duration)> {
    let mut slowest = None;
    for (id, _) in boxes(world) {
        for to in world.settings().of_node(id).nodes(&TO) {
            for (from, to) in [(id, *to), (*to, id)] {
                let wait = world.network().backlog(from, to, world.now());
                if slowest.is_none_or(|(_, _, longest)| wait > longest) {
                    slowest = Some((from, to, wait));
                }
            }
        }
    }
    slowest
}

/// What has come to a standstill, or is as good as that.
fn trouble(world: &World) -> Option<String> {
    let all = || boxes(world);
    // The last one of a chain is where the others wait.
    let open = all().filter(|(_, node)| node.caller.breaker.since.is_some());
    if let Some((id, _)) = open.last() {
        return Some(format!(
            "The breaker of node {} is open: calls fail at once, and nobody waits.",
            id.0
        ));
    }
    let full = |(id, node): &(NodeId, &Node)| {
        node.server.stuck() >= world.settings().of_node(*id).count(&SERVERS)
    };
    if let Some((id, _)) = all().filter(full).last() {
        return Some(format!(
            "All workers of node {} wait for another box.",
            id.0
        ));
    }
    let (from, to, wait) = slowest_link(world)?;
    (wait >= SLOW).then(|| {
        format!(
            "Messages wait {} ms before they leave from node {} to node {}.",
            wait.0 / 1_000,
            from.0,
            to.0
        )
    })
}

/// An event that somebody has for another time.
fn again(world: &World) -> Option<String> {
    boxes(world).find_map(|(_, node)| {
        let mut handed = node.events.handed.iter();
        handed.find_map(|(number, handed)| {
            let attempts = node.events.kept.get(number)?.attempts;
            (attempts > 1).then(|| {
                format!(
                    "Node {} gets event {} once more: nobody acknowledged it.",
                    handed.to.0,
                    number + 1
                )
            })
        })
    })
}

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
    if let Some(sentence) = trouble(world) {
        return Some(sentence);
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
    if let Some(sentence) = again(world) {
        return Some(sentence);
    }
    let (id, crowd) = all().find(|(_, node)| node.kind == Kind::Crowd)?;
    let Some([p95]) = crowd.meter.percentiles([95]) else {
        return Some(unanswered(world, id));
    };
    Some(format!(
        "Of the latest requests of node {}, 95 of 100 were answered within {} ms.",
        id.0,
        p95.0.div_ceil(1_000)
    ))
}

/// Before the first answer.
fn unanswered(world: &World, crowd: NodeId) -> String {
    let calls =
        |(_, node): (NodeId, &Node)| node.caller.tries.saturating_sub(node.caller.first_tries);
    let calls: u64 = boxes(world).map(calls).sum();
    if calls == 0 {
        return format!("No request of node {} is answered yet.", crowd.0);
    }
    let calls = counted(calls, "call was", "calls were");
    format!("No request is answered yet, and {calls} tried again.")
}

/// Whether it has asked for more servers than its balancer uses yet.
fn is_booting(world: &World, node: &Node) -> bool {
    let all = boxes(world).filter(|(_, other)| other.kind == Kind::Balancer);
    let used = all.map(|(_, balancer)| balancer.balancer.used).max();
    node.kind == Kind::Autoscaler && used.is_some_and(|used| node.scaler.wanted > used)
}
