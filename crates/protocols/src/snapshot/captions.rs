//! The sentence on what matters now.

use faultline_sim::world::World;

use super::probes::{branches, complete, in_branches, on_its_way};
use super::total;

pub fn narrate(world: &World) -> Option<String> {
    if let Some(falls) = falling(world) {
        return Some(falls);
    }
    let open = branches(world).filter_map(|(_, branch)| branch.recordings.last_key_value());
    if let Some(snapshot) = open.map(|(snapshot, _)| *snapshot).max() {
        let (all, have) = (branches(world).count(), branches(world));
        let have = have.filter(|(_, branch)| branch.last >= snapshot).count();
        return Some(if have < all {
            format!("Snapshot {snapshot}: {have} of {all} branches have recorded their state.")
        } else {
            format!("Snapshot {snapshot}: all states are recorded. Markers are still on their way.")
        });
    }
    if let Some(complete) = complete(world) {
        let (snapshot, sum, all) = (complete.snapshot, complete.sum(), total(world.settings()));
        return Some(if sum == all {
            format!("Snapshot {snapshot} holds all the money there is: {sum}.")
        } else {
            format!("Snapshot {snapshot} holds {sum}, but there are {all}.")
        });
    }
    let (inside, way) = (in_branches(world), on_its_way(world));
    Some(format!(
        "The branches hold {inside} together, and {way} more is on its way."
    ))
}

/// A branch has gone back, and another one has not heard of it.
fn falling(world: &World) -> Option<String> {
    let deaf = |id, era: u32| {
        let mut live = branches(world).filter(|(other, _)| *other != id && world.is_live(*other));
        live.any(|(_, other)| other.channels.get(&id).is_some_and(|known| known.era < era))
    };
    let (id, branch) = branches(world).find(|(id, b)| world.is_live(*id) && deaf(*id, b.era))?;
    let made = branch.now.work;
    Some(format!(
        "Node {} is back at its state after {made} payments. A branch that got later money from it must follow.",
        id.0
    ))
}
