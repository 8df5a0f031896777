//! The sentence on what matters now: the clock that is furthest off.

use faultline_sim::world::World;

use super::SERVER;
use super::figures::{first, span};
use super::probes::{reading, readings};

/// Clocks that differ less are called equal, in microseconds.
const EQUAL: u64 = 500;

pub fn narrate(world: &World) -> Option<String> {
    let server = reading(world, SERVER)?;
    let first = first(world.settings());
    let clients = readings(world).filter(|(id, _)| *id != SERVER);
    let (id, shown) = clients.max_by_key(|(_, shown)| shown.time.abs_diff(server.time))?;
    let off = shown.time - server.time;
    let way = if off > 0 { "ahead of" } else { "behind" };
    let size = span(off.unsigned_abs() as f64);
    let states = match shown.doubt {
        _ if off.unsigned_abs() < EQUAL => {
            return Some(format!("All clocks agree with the {first}."));
        }
        Some(doubt) => format!("and states at most {}", span(doubt as f64)),
        None => "and has not synchronized yet".to_owned(),
    };
    Some(format!(
        "Node {} is {size} {way} the {first}, {states}.",
        id.0
    ))
}
