//! What the network allows right now, for those who measure: nodes only see who answers.

use faultline_sim::event::{Event, Record};
use faultline_sim::process::NodeId;
use faultline_sim::world::World;

use super::descriptor::{ANSWER, ASK_READS, NO_DIRTY_READS, NODES, QUORUM, RESOLVE};
use super::{Node, is_member, rules, told};
use crate::parts::versions::Entry;

/// Nodes that keep copies and are up.
pub fn live(world: &World) -> impl Iterator<Item = (NodeId, &Node)> {
    let members = world.live().filter(|id| is_member(world.settings(), *id));
    members.filter_map(|id| Some((id, world.node::<Node>(id)?)))
}

/// The nodes that can answer this one, itself among them.
pub fn reached(world: &World, id: NodeId) -> impl Iterator<Item = (NodeId, &Node)> {
    let alone = world.node::<Node>(id).is_none_or(|node| node.partitioned);
    let free = move |to: NodeId| {
        let wall = |a, b| world.network().wall(a, b).is_some();
        !wall(id, to) && !wall(to, id)
    };
    live(world).filter(move |(to, node)| *to == id || !alone && !node.partitioned && free(*to))
}

/// How many nodes of a run must stand behind an answer of this one, if it refuses.
fn needed(world: &World, id: NodeId) -> usize {
    let nodes = world.settings().count(&NODES);
    let needed = match world.settings().at(id).count(&QUORUM) {
        0 => nodes / 2 + 1,
        count => count.min(nodes),
    };
    needed as usize
}

/// Whether a node can reach a majority of all nodes.
pub fn has_majority(world: &World, id: NodeId) -> bool {
    reached(world, id).count() > world.settings().count(&NODES) as usize / 2
}

/// Whether a node refuses where too few nodes answer.
pub fn refuses(world: &World, id: NodeId) -> bool {
    !world.settings().at(id).switch(&ANSWER)
}

/// What a client of a node would get for a key now; none: it would be refused.
pub fn would_answer(world: &World, id: NodeId, node: &Node, key: &str) -> Option<String> {
    let settings = world.settings().at(id);
    let own = |entry: &Entry| told(&rules(&settings).values(entry));
    if !refuses(world, id) {
        return Some(own(&node.copy(key)));
    }
    if node.partitioned {
        return None;
    }
    if !settings.switch(&ASK_READS) && !settings.switch(&NO_DIRTY_READS) {
        return Some(own(&node.copy(key)));
    }
    if reached(world, id).count() < needed(world, id) {
        return None;
    }
    let mut newest = (*node.copy(key)).clone();
    for (_, other) in reached(world, id) {
        let other = other.copy(key);
        if settings.switch(&RESOLVE) {
            rules(&settings).merge(&mut newest, &other);
        } else if other.weight() > newest.weight() {
            newest = (*other).clone();
        }
    }
    Some(own(&newest))
}

/// Whether a node would confirm a write now.
pub fn would_confirm(world: &World, id: NodeId) -> bool {
    !refuses(world, id) || reached(world, id).count() >= needed(world, id)
}

/// Whether a record can change who reaches whom.
pub fn changes_reach(record: &Record) -> bool {
    matches!(
        record.event,
        Event::Faulted { .. }
            | Event::Crashed
            | Event::Recovered
            | Event::Removed
            | Event::Started
            | Event::Partitioned { .. }
            | Event::Healed
    ) || record.is(&super::marks::ISOLATES)
        || record.is(&super::marks::HEALS)
}
