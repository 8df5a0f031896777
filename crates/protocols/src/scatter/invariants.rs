//! What must hold of the result.

use faultline_sim::event::Record;
use faultline_sim::invariant;
use faultline_sim::invariant::{Invariant, InvariantSpec};
use faultline_sim::world::World;

use super::probes::coordinator;
use super::{marks, primes};

pub const INVARIANTS: &[InvariantSpec] = &[
    invariant!(always "sum", "The gathered result is what one machine computes", new Sum),
    invariant!(eventually "ends", "No job stays open", ends),
];

#[derive(Clone, Default, Hash)]
struct Sum;

impl Invariant for Sum {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, _world: &World) -> Result<(), String> {
        let Some(told) = record.marked(&marks::FINISHES) else {
            return Ok(());
        };
        let below = told.number(1).unwrap_or(0) as u32;
        let (found, right) = (told.number(0).unwrap_or(0), primes::count(0, below));
        if found == u64::from(right) {
            return Ok(());
        }
        Err(format!(
            "the result is {found}, and there are {right} primes below {below}"
        ))
    }
}

fn ends(world: &World) -> Result<(), String> {
    match coordinator(world).and_then(|own| own.job.as_ref()) {
        Some(job) => Err(format!(
            "{} of {} parts are counted",
            job.counted.len(),
            job.parts
        )),
        None => Ok(()),
    }
}
