//! The guarantees of the engine, tested through the page's interface: seeking, forking, playing at any
//! pace and links must never change a run.

use faultline_protocols::CATALOGUE;
use faultline_sim::command::Command;
use faultline_sim::descriptor::Recipe;
use faultline_sim::fault::Fault;
use faultline_sim::process::NodeId;
use faultline_sim::rng::Rng;
use faultline_sim::sorted::SortedMap;
use faultline_sim::time::Time;
use faultline_sim::timeline::Differ;
use faultline_sim::timeline::Target;

use super::{Engine, OpenedText};

/// Every scenario under its own preset, and every preset in the first scenario.
fn recipes() -> impl Iterator<Item = Recipe> {
    CATALOGUE.0.iter().flat_map(|protocol| {
        let scenarios = protocol.scenarios.iter();
        let scenarios = scenarios.map(|s| Recipe::new(&format!("{}/{}", protocol.id, s.id), 1));
        let presets = protocol.presets.iter().map(|preset| Recipe {
            preset: Some(preset.name.to_owned()),
            ..Recipe::new(protocol.id, 2)
        });
        scenarios.chain(presets)
    })
}

/// A run with two commands, played for a while.
fn played(recipe: &Recipe) -> Engine {
    let mut run = Engine::open(recipe, None).unwrap_or_else(|why| panic!("{recipe:?}: {why}"));
    for fault in [Fault::Crash(NodeId(2)), Fault::Recover(NodeId(2))] {
        play(&mut run, 40);
        run.apply(Command::Fault(fault))
            .expect("it makes sense anywhere");
    }
    play(&mut run, 40);
    run
}

/// Animation frames of a sixtieth of a second at high speed.
fn play(run: &mut Engine, frames: u32) {
    for _ in 0..frames {
        run.advance(16.7, 4.0);
    }
}

#[test]
fn law_2_seeking_anywhere_and_back_shows_the_same() {
    for recipe in recipes() {
        let mut run = played(&recipe);
        let (end, trace, state) = (run.now(), run.trace_hash(), run.state_hash());
        let frame = run.frame();
        let mut rng = Rng::stream(7, "seek", 0);
        for _ in 0..6 {
            run.go(Target::Time(Time(rng.below(end.0 + 1))));
            run.step(rng.between(0, 6) as i32 - 3);
        }
        run.go(Target::Time(end));
        assert_eq!(
            (run.trace_hash(), run.state_hash()),
            (trace, state),
            "{recipe:?}"
        );
        assert_eq!(run.frame(), frame, "{recipe:?}");
    }
}

#[test]
fn law_3_acting_in_the_past_equals_a_fresh_run() {
    for recipe in recipes() {
        let mut run = played(&recipe);
        let end = run.now();
        let before = run.keep();
        run.go(Target::Time(Time(end.0 / 2)));
        let applied = run.apply(Command::Fault(Fault::Crash(NodeId(1))));
        assert!(
            applied.expect("it makes sense anywhere").forked,
            "{recipe:?}"
        );
        assert_eq!(
            run.take_left(),
            Some(before),
            "{recipe:?}: the old future is kept"
        );
        run.go(Target::Time(end));
        let fresh = Engine::open(&run.recipe(), Some(end)).expect("the same run");
        assert_eq!(fresh.trace_hash(), run.trace_hash(), "{recipe:?}");
        assert_eq!(fresh.state_hash(), run.state_hash(), "{recipe:?}");
        // Undo returns to just before the command and leaves no trace of it.
        run.undo().expect("the crash");
        assert_eq!(run.now(), Time(end.0 / 2), "{recipe:?}");
        assert!(
            !run.in_past() && run.take_left().is_none(),
            "{recipe:?}: no fork"
        );
    }
}

#[test]
fn law_4_the_frame_rate_does_not_matter() {
    for recipe in recipes() {
        let mut slow = Engine::open(&recipe, Some(Time::ZERO)).expect("it opens");
        let mut rng = Rng::stream(11, "frames", 0);
        for _ in 0..120 {
            slow.advance(rng.between(1, 90) as f64 / 1.3, 2.0);
        }
        let whole = Engine::open(&recipe, Some(slow.now())).expect("it opens");
        assert_eq!(whole.trace_hash(), slow.trace_hash(), "{recipe:?}");
        assert_eq!(whole.state_hash(), slow.state_hash(), "{recipe:?}");
    }
}

#[test]
fn law_6_a_link_opens_the_same_instant_of_the_same_run() {
    for recipe in recipes() {
        let mut run = played(&recipe);
        run.go(Target::Time(Time(run.now().0 / 3 * 2)));
        let link = run.link(SortedMap::new()).encode();
        let arrival = Engine::open_text(&link).and_then(OpenedText::run);
        let arrival = arrival.unwrap_or_else(|why| panic!("{why}"));
        assert_eq!(arrival.remark, None, "{recipe:?}");
        let opened = arrival.engine;
        assert_eq!(opened.now(), run.now(), "{recipe:?}");
        assert_eq!(opened.trace_hash(), run.trace_hash(), "{recipe:?}");
        assert_eq!(opened.state_hash(), run.state_hash(), "{recipe:?}");
    }
}

// Two runs under one clock ------------------------------------------------------------------------

#[test]
fn two_runs_show_the_same_instant_however_they_are_played() {
    for recipe in recipes() {
        let mut left = Engine::open(&recipe, None).expect("it opens");
        let mut right = Engine::open(&Recipe::new("bully", 5), Some(left.now())).expect("it opens");
        for frame in 0..60 {
            left.advance_both(&mut right, 16.7, if frame < 30 { 1.0 } else { 4.0 });
            assert_eq!(left.now(), right.now(), "{recipe:?}");
        }
        let whole = Engine::open(&recipe, Some(left.now())).expect("it opens");
        assert_eq!(whole.trace_hash(), left.trace_hash(), "{recipe:?}");
    }
}

#[test]
fn stepping_takes_the_event_that_comes_first_and_back_the_one_that_came_last() {
    for recipe in recipes() {
        let mut left = Engine::open(&recipe, None).expect("it opens");
        let mut right = Engine::open(&Recipe::new("raft", 5), Some(left.now())).expect("it opens");
        let marks = |left: &Engine, right: &Engine| (left.trace_hash(), right.trace_hash());
        let mut seen = vec![marks(&left, &right)];
        for _ in 0..40 {
            if !left.step_both(&mut right, true) {
                break;
            }
            assert_eq!(left.now(), right.now(), "{recipe:?}");
            seen.push(marks(&left, &right));
        }
        let _ = seen.pop();
        while let Some(expected) = seen.pop() {
            assert!(left.step_both(&mut right, false), "{recipe:?}");
            assert_eq!(left.now(), right.now(), "{recipe:?}");
            assert_eq!(marks(&left, &right), expected, "{recipe:?}");
        }
    }
}

#[test]
fn a_mirrored_run_is_the_same_until_its_rule_matters() {
    let recipe = Recipe::new("bully/kill-the-leader", 1);
    let mut other = recipe.clone();
    other.preset = Some("as-written".into());
    let mut left = Engine::open(&recipe, None).expect("it opens");
    let mut right = Engine::open(&other, Some(left.now())).expect("it opens");
    let fairness = left.fairness(&right).expect("both can be set up");
    assert!(fairness.rules && !fairness.is_unfair());
    let mut differ = Differ::default();
    let found = left
        .difference(&mut right, &mut differ)
        .expect("they are not alike");
    assert!(found.time <= left.now());
}
