//! What is measured: clocks against the truth, which no node can see, and against each other.

use faultline_sim::frame::Reading;
use faultline_sim::probe;
use faultline_sim::probe::{BROKEN, BYTES, DROPPED, LIVE, MESSAGES, ProbeSpec};
use faultline_sim::process::NodeId;
use faultline_sim::world::World;

use super::{SERVER, Timekeeper, marks};

pub const PROBES: &[ProbeSpec] = &[
    probe!("error", "Largest error of a clock", "ms", look error),
    probe!("spread", "Largest difference between two clocks", "ms", look spread),
    probe!("doubt", "Largest error that a client states", "ms", look doubt),
    probe!("backwards", "Times that a program measured less than nothing", "times", marks marks::BACKWARDS),
    probe!("set_back", "Times that a clock was set back", "times", marks marks::SETS_BACK),
    probe!("syncs", "Measurements by clients", "times", marks marks::SYNCS),
    probe!("moved", "Correction of node 1's clock", "ms", look moved),
    probe!("left_out", "Clocks left out of an average", "times", marks marks::LEAVES_OUT),
    MESSAGES,
    BYTES,
    BROKEN,
    DROPPED,
    LIVE,
];

/// What a node's clock shows to programs now.
pub fn reading(world: &World, id: NodeId) -> Option<Reading> {
    let node = world.node::<Timekeeper>(id)?;
    Some(node.clock.read(world.local_time(id)))
}

/// What the clocks of all live nodes show.
pub fn readings(world: &World) -> impl Iterator<Item = (NodeId, Reading)> + '_ {
    let read = move |id| Some((id, reading(world, id)?));
    world.live().filter_map(read)
}

fn error(world: &World) -> Option<f64> {
    let now = world.now().0 as i64;
    let off = readings(world).map(|(_, shown)| shown.time.abs_diff(now));
    Some(off.max()? as f64 / 1e3)
}

fn spread(world: &World) -> Option<f64> {
    let times = || readings(world).map(|(_, shown)| shown.time);
    Some((times().max()? - times().min()?) as f64 / 1e3)
}

fn doubt(world: &World) -> Option<f64> {
    let clients = readings(world).filter(|(id, _)| *id != SERVER);
    let stated = clients.filter_map(|(_, shown)| shown.doubt).max()?;
    Some(stated as f64 / 1e3)
}

/// By how much an average has moved the master's clock.
fn moved(world: &World) -> Option<f64> {
    let node = world.node::<Timekeeper>(SERVER)?;
    Some(node.clock.total() as f64 / 1e3)
}
