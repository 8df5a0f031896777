//! Seeks to random instants of a long run.

use faultline_protocols::{CATALOGUE, HOME};
use faultline_sim::descriptor::Recipe;
use faultline_sim::rng::Rng;
use faultline_sim::time::{Duration, Time};
use faultline_sim::timeline::Timeline;

/// A run of so many events, with everything recorded.
///
/// # Errors
/// A sentence, if the home scenario cannot be opened.
pub fn long_run(events: u64) -> Result<Timeline, String> {
    let mut timeline = Timeline::new(CATALOGUE.setup(&Recipe::new(HOME, 1))?)?;
    while timeline.world().events() < events {
        let to = timeline.now() + Duration::millis(1_000);
        timeline.run_until(to, events);
    }
    Ok(timeline)
}

/// Instants of a run, the same in every measurement.
pub fn instants(timeline: &Timeline, count: u64) -> Vec<Time> {
    let mut rng = Rng::stream(1, "seek", 0);
    let edge = timeline.edge().0;
    (0..count).map(|_| Time(rng.below(edge + 1))).collect()
}
