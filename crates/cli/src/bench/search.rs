//! The search for failures: how fast orders are explored and random schedules are tried.

use faultline_protocols::CATALOGUE;
use faultline_sim::descriptor::Recipe;
use faultline_sim::explore::{Bounds, Exploration, Orders, Reach, TwoPhase};
use faultline_sim::search::Hunt;
use faultline_sim::time::Time;
use faultline_sim::timeline::Run;

use crate::Outcome;

/// Resource managers of the specification that other checkers are measured by.
pub const MANAGERS: u32 = 7;

/// A bare specification of two-phase commit, to its end: its states.
pub fn model() -> u64 {
    let mut exploration = Exploration::new(TwoPhase { managers: MANAGERS }, Reach::BASE);
    exploration.finish();
    exploration.states()
}

/// Whole worlds: Raft with three servers, as it runs in the page. Its states.
///
/// # Errors
/// One sentence, if it cannot be explored.
pub fn worlds() -> Outcome<u64> {
    let mut recipe = Recipe::new("raft/kill-the-leader", 1);
    recipe.params.insert("nodes".into(), "3".into());
    let bounds = Bounds {
        timers: Some(3),
        depth: 10,
        ..Bounds::default()
    };
    let all = (1 << 30, (0, 1));
    let mut orders = Orders::new(CATALOGUE, &recipe, (Time::ZERO, None), bounds, all)?;
    orders.advance(u64::MAX);
    Ok(orders.tried().states)
}

/// Random schedules against Raft with five servers: how many.
///
/// # Errors
/// One sentence, if a run cannot be set up.
pub fn schedules() -> Outcome<u64> {
    let (protocol, scenario) = CATALOGUE.find("raft/kill-the-leader")?;
    let hunt = Hunt {
        scenario: Some(scenario),
        ..Hunt::new(CATALOGUE, protocol)
    };
    for seed in 0..200 {
        let run: Run = hunt.play(seed)?;
        std::hint::black_box(run.moves());
    }
    Ok(200)
}
