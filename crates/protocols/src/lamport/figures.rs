//! One sentence on what the numbers say.

use faultline_sim::world::World;

use crate::clocks::figures::counts;

pub(super) fn narrate(world: &World) -> Option<String> {
    let mut sentence = counts(world)?;
    let lower = world.probes().find(|(spec, _)| spec.name == "lower")?.1?;
    if lower > 0.0 {
        sentence += &format!(" {lower} of those pairs still have different numbers.");
    }
    Some(sentence)
}
