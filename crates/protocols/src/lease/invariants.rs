//! What must hold of a leader by lease.

use faultline_sim::invariant::{Check, Expectation, InvariantSpec};
use faultline_sim::judge::ONE_HOLDER;
use faultline_sim::process::NodeId;
use faultline_sim::world::World;

use super::{Lease, SERVICE};

pub const INVARIANTS: &[InvariantSpec] = &[ONE_PER_LEASE, FENCED, LED, NEVER_TWO];

const ONE_PER_LEASE: InvariantSpec = InvariantSpec {
    name: "one-per-lease",
    title: "No two nodes lead with the same lease",
    kind: Expectation::Always,
    breaks_under: None,
    make: || Box::new(Check(one_per_lease)),
};

const FENCED: InvariantSpec = InvariantSpec {
    name: "fenced",
    title: "No node obeys an older lease after a newer one",
    kind: Expectation::Always,
    breaks_under: None,
    make: || Box::new(Check(fenced)),
};

/// From the answers alone. A paused leader cannot stop, and a clock that is wrong tells it too late: what
/// is left then is that nobody obeys (`FENCED`).
const NEVER_TWO: InvariantSpec = ONE_HOLDER.known_to_break_under("a pause or a wrong clock");

const LED: InvariantSpec = InvariantSpec {
    name: "led",
    title: "Eventually a node leads, if the lock service and another node are running",
    kind: Expectation::Eventually,
    breaks_under: None,
    make: || Box::new(Check(led)),
};

fn one_per_lease(world: &World) -> Result<(), String> {
    let mut seen: Vec<(u64, NodeId)> = Vec::new();
    for id in world.live() {
        let epoch = world.node::<Lease>(id).and_then(|node| node.leads);
        let Some(epoch) = epoch else { continue };
        if let Some((_, other)) = seen.iter().find(|(own, _)| *own == epoch) {
            return Err(format!("{other} and {id} both lead with lease {epoch}"));
        }
        seen.push((epoch, id));
    }
    Ok(())
}

fn fenced(world: &World) -> Result<(), String> {
    for id in world.live() {
        if world.node::<Lease>(id).is_some_and(|node| node.went_back) {
            return Err(format!("{id} obeyed a leader whose lease had expired"));
        }
    }
    Ok(())
}

fn led(world: &World) -> Result<(), String> {
    let mut live = world.live();
    if !live.any(|id| id == SERVICE) || world.live().count() < 2 {
        return Ok(());
    }
    let leads = |id| {
        world
            .node::<Lease>(id)
            .is_some_and(|node| node.leads.is_some())
    };
    if world.live().any(leads) {
        Ok(())
    } else {
        Err("no node leads".to_owned())
    }
}
