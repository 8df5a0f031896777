//! The sentence on what matters now.

use faultline_sim::text::counted;
use faultline_sim::world::World;

use super::coordinator::Step;
use super::probes::{computing, coordinator};

pub fn narrate(world: &World) -> Option<String> {
    let own = coordinator(world)?;
    if !world.is_live(super::COORDINATOR) {
        return Some("The coordinator is down, and the job is lost.".to_owned());
    }
    let Some(job) = &own.job else {
        return Some(match own.found {
            Some(primes) => format!("The job is done: there are {primes} primes."),
            None => "No job is under way.".to_owned(),
        });
    };
    let done = format!("{} of {} parts are done", job.counted.len(), job.parts);
    Some(match (&job.step, computing(world)) {
        (Some(Step::Prepare), _) => {
            "Node 1 does what cannot be divided. The workers wait.".to_owned()
        }
        (Some(_), 0) => format!("Nobody computes. Node 1 coordinates. {done}."),
        (None, 0) => format!("Nobody computes. {done}."),
        (_, busy) => {
            let busy = counted(busy as u64, "worker computes", "workers compute");
            format!("{busy}, and {done}.")
        }
    })
}
