//! One sentence that compares the clocks.

use faultline_sim::process::NodeId;
use faultline_sim::stamps::Order;
use faultline_sim::world::World;

use super::compare;
use crate::clocks::figures::{counts, under_way};
use crate::clocks::{Clock, Member};
use crate::words::{label, nodes};

/// Clocks of up to this many nodes are compared one by one.
const PAIRS_OF: usize = 3;

pub(super) fn narrate(world: &World) -> Option<String> {
    waiting(world)
        .or_else(|| carried(world))
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
        format!("{names} {verb} back a message: its cause has not arrived.")
    })
}

/// The latest message under way, and what it will do.
fn carried(world: &World) -> Option<String> {
    let (to, letter) = under_way(world)?;
    let own = &world.node::<Member>(to)?.clock;
    let to = to.0;
    if own.parts().len() > PAIRS_OF {
        return None;
    }
    let stamp = &letter.stamp;
    Some(match (&letter.sent_as, letter.text.as_str()) {
        (Some(sent_as), _) => format!(
            "The message to node {to} was sent with {sent_as} and now says {stamp}. \
             It is the sender's own array, not a copy."
        ),
        (None, "") => format!(
            "A message carries {stamp} to node {to}, whose clock is {own}. \
             Each part becomes the larger one, and node {to} adds one to its own."
        ),
        (None, text) => format!(
            "{} travels to node {to}, with the stamp {stamp}.",
            label(text)
        ),
    })
}

/// How the latest events of the nodes stand to each other: first two that are concurrent, because only
/// a vector can tell, then two that are not.
fn pairs(world: &World) -> Option<String> {
    let parts = |id: NodeId| match world.node::<Member>(id)?.clock {
        Clock::Vector(ref parts) => Some((id, parts.as_slice())),
        Clock::Number(_) => None,
    };
    let clocks: Vec<(NodeId, &[u64])> = world.ids().filter_map(parts).collect();
    let silent = clocks
        .iter()
        .all(|(_, parts)| parts.iter().all(|part| *part == 0));
    if silent || clocks.len() < 2 || clocks.len() > PAIRS_OF {
        return None;
    }
    let (mut concurrent, mut ordered) = (None, None);
    for (i, (a, first)) in clocks.iter().enumerate() {
        for (b, second) in &clocks[i + 1..] {
            let (a, b) = (a.0, b.0);
            match compare(first, second) {
                Order::Concurrent => concurrent = concurrent.or(Some((a, b))),
                // A node without events comes before everything, which says nothing.
                Order::After if second.iter().any(|part| *part > 0) => {
                    ordered = ordered.or(Some((a, b)));
                }
                Order::Before if first.iter().any(|part| *part > 0) => {
                    ordered = ordered.or(Some((b, a)));
                }
                Order::After | Order::Before | Order::Same => {}
            }
        }
    }
    let concurrent = concurrent.map(|(a, b)| {
        format!("Nodes {a} and {b} are concurrent: neither knows the other's latest event.")
    });
    let ordered = ordered
        .map(|(later, earlier)| format!("By its clock, node {later} is after node {earlier}."));
    let told: Vec<String> = concurrent.into_iter().chain(ordered).collect();
    (!told.is_empty()).then(|| told.join(" "))
}
