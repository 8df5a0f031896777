//! The sentence on what matters now.

use faultline_sim::text::counted;
use faultline_sim::world::World;

use super::invariants::{orchestrator, services};
use super::orchestrator::Outcome;
use super::{ORCHESTRATOR, Trip};

/// How far the latest trip is, or how it ended.
pub fn narrate(world: &World) -> Option<String> {
    let own = orchestrator(world)?;
    let live = world.is_live(ORCHESTRATOR);
    let Some((trip, open)) = own.open.last_key_value() else {
        let ended = own.ended.get(&Trip(own.last)).map(|ended| ended.outcome);
        return Some(match ended {
            _ if !live => {
                "Node 1 is down. No trip can begin, but services still sell places.".into()
            }
            None if own.last == 0 => "No trip has begun.".into(),
            None => format!("Node 1 knows nothing of {} any more.", Trip(own.last)),
            Some(Outcome::Booked) => format!("Trip {} is booked at every service.", own.last),
            Some(Outcome::Undone(failure)) => {
                format!(
                    "Trip {} is undone, because T{} failed.",
                    own.last, failure.step
                )
            }
        });
    };
    let held = services(world).filter(|(_, own)| own.holds(*trip)).count() as u64;
    let hold = if held == 1 { "holds" } else { "hold" };
    let hold = format!(
        "{} of {} {hold} a place for {trip}",
        held,
        counted(open.along.len() as u64, "service", "services")
    );
    Some(match open.failure {
        _ if !live => format!("Node 1 is down. {hold}, and nothing is locked."),
        None => format!("{hold}."),
        Some(failure) => format!("T{} failed. {hold}, and these are undone.", failure.step),
    })
}
