//! The sentence on what matters now.

use faultline_sim::text::counted;
use faultline_sim::world::World;

use super::invariants::shards;
use super::table::text;
use super::{MASTER, Node};

pub fn narrate(world: &World) -> Option<String> {
    let Some(Node::Master(master)) = world.node::<Node>(MASTER) else {
        return None;
    };
    let mut down = shards(world).filter(|(id, _)| !world.is_live(*id));
    if let Some((id, _)) = down.next() {
        return Some(format!(
            "Node {} is down, and nobody serves its ranges.",
            id.0
        ));
    }
    if let Some((source, moved)) = &master.moving {
        return Some(format!(
            "The range from {} on moves from node {} to node {}.",
            text(moved.from),
            source.0,
            moved.target.0
        ));
    }
    let all: u64 = shards(world).map(|(_, own)| own.writes).sum();
    let busiest = shards(world).max_by_key(|(id, own)| (own.writes, u32::MAX - id.0));
    let ranges = counted(master.table.starts.len() as u64, "range", "ranges");
    Some(match busiest {
        Some((id, own)) if all > 0 => {
            format!(
                "Node {} has stored {} of {all} writes. There are {ranges}.",
                id.0, own.writes
            )
        }
        _ => format!("The rows are cut into {ranges}."),
    })
}
