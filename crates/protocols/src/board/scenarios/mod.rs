//! Small systems under load, under names a teacher would use. A board is data: what each box is, whom it
//! calls, and its numbers.

mod load;
mod trouble;

use faultline_sim::descriptor::Scenario;
use faultline_sim::standing::{Panel, View};
use faultline_sim::time::Duration;

/// A few requests a second of screen time, and each hop can be followed.
const BASE: Scenario = Scenario {
    preset: "correct",
    until: Duration::seconds(60),
    opens_at: Duration::seconds(3),
    pace: 0.2,
    hunted: false,
    view: View::panel(Panel::Measures),
    ..Scenario::BASE
};

const ALL: [Scenario; load::SCENARIOS.len() + trouble::SCENARIOS.len()] = {
    let mut all = [BASE; load::SCENARIOS.len() + trouble::SCENARIOS.len()];
    let mut at = 0;
    while at < all.len() {
        all[at] = match at < load::SCENARIOS.len() {
            true => load::SCENARIOS[at],
            false => trouble::SCENARIOS[at - load::SCENARIOS.len()],
        };
        at += 1;
    }
    all
};

/// Those of load alone.
#[cfg(test)]
pub const LOAD: &[Scenario] = load::SCENARIOS;

/// The first is what `board` alone means.
pub const SCENARIOS: &[Scenario] = &ALL;
