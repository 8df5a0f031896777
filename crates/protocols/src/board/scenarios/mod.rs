//! Small systems under load, under names a teacher would use. A board is data: what each box is, whom it
//! calls, and its numbers.

mod build;
mod chaos;
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

const LISTS: [&[Scenario]; 4] = [
    load::SCENARIOS,
    trouble::SCENARIOS,
    chaos::SCENARIOS,
    build::SCENARIOS,
];
const COUNT: usize = LISTS[0].len() + LISTS[1].len() + LISTS[2].len() + LISTS[3].len();

const ALL: [Scenario; COUNT] = {
    let mut all = [BASE; COUNT];
    let (mut list, mut at, mut filled) = (0, 0, 0);
    while filled < COUNT {
        if at == LISTS[list].len() {
            (list, at) = (list + 1, 0);
        } else {
            all[filled] = LISTS[list][at];
            (at, filled) = (at + 1, filled + 1);
        }
    }
    all
};

/// Those of load alone.
#[cfg(test)]
pub const LOAD: &[Scenario] = load::SCENARIOS;

/// The first is what `board` alone means.
pub const SCENARIOS: &[Scenario] = &ALL;
