//! What an election must reach, and what it must never do.

use faultline_sim::frame::Life;
use faultline_sim::invariant::{Check, Expectation, InvariantSpec};
use faultline_sim::process::NodeId;
use faultline_sim::world::World;

use super::Bully;

/// Garcia-Molina's assertion 1 and 2, at rest: one coordinator, known to all who are up.
pub const AGREEMENT: InvariantSpec = InvariantSpec {
    name: "agreement",
    title: "In the end, all nodes that run follow one leader, the highest of them",
    kind: Expectation::Eventually,
    make: || Box::new(Check(agreement)),
};

/// Why the algorithm has its name.
pub const NO_LOWER_LEADER: InvariantSpec = InvariantSpec {
    name: "no-lower-leader",
    title: "No node follows a leader with a lower number than its own",
    kind: Expectation::Always,
    make: || Box::new(Check(no_lower_leader)),
};

fn running(world: &World) -> impl Iterator<Item = (NodeId, &Bully)> {
    world
        .ids()
        .filter(|id| world.life(*id) == Some(Life::Up))
        .filter_map(|id| world.node::<Bully>(id).map(|node| (id, node)))
}

fn agreement(world: &World) -> Result<(), String> {
    let Some((highest, _)) = running(world).last() else {
        return Ok(());
    };
    for (id, node) in running(world) {
        match node.leader {
            Some(leader) if leader == highest => {}
            Some(leader) => {
                return Err(format!(
                    "{id} follows {leader}, but the highest node up is {highest}"
                ));
            }
            None => return Err(format!("{id} knows no leader")),
        }
    }
    Ok(())
}

fn no_lower_leader(world: &World) -> Result<(), String> {
    for (id, node) in running(world) {
        if let Some(leader) = node.leader.filter(|leader| *leader < id) {
            return Err(format!("{id} follows {leader}, whose number is lower"));
        }
    }
    Ok(())
}
