//! Laws of time travel.

use faultline_sim::command::{Command, Timed};
use faultline_sim::descriptor::Recipe;
use faultline_sim::fault::Fault;
use faultline_sim::process::NodeId;
use faultline_sim::rng::Rng;
use faultline_sim::time::Time;
use faultline_sim::timeline::{Budget, Target, Timeline};
use faultline_sim::world::Limits;

use crate::BUDGET;
use crate::chaos::{cases, timeline};

/// Law 2: going anywhere and back gives the same trace and the same frame.
#[test]
fn law_2_seeking_there_and_back_changes_nothing() {
    for case in cases() {
        let mut run = case.timeline();
        run.run_until(case.until, BUDGET);
        let (now, frame) = (run.now(), run.frame());
        let (trace, state) = (run.trace_hash(), run.state_hash());
        let mut rng = Rng::stream(case.seed, "seek", 0);
        for _ in 0..4 {
            let target = Time(rng.below(now.0 + 1));
            run.go(Target::Time(target));
            let seen = (run.frame(), run.state_hash(), run.trace_hash());
            run.go(Target::Time(now));
            run.go(Target::Time(target));
            assert_eq!(
                (run.frame(), run.state_hash(), run.trace_hash()),
                seen,
                "{case}"
            );
        }
        run.go(Target::Record(run.trace().len()));
        run.go(Target::Time(now));
        assert_eq!(run.state_hash(), state, "{case}");
        assert_eq!(run.trace_hash(), trace, "{case}");
        assert_eq!(run.frame(), frame, "{case}");
    }
}

/// Law 2, step by step: one event back is exactly where the run was before that event.
#[test]
fn law_2_stepping_back_undoes_exactly_one_step() {
    for case in cases().step_by(4) {
        let mut run = case.timeline();
        let mut seen = vec![(run.state_hash(), run.trace_hash())];
        for _ in 0..120 {
            if !run.step() {
                break;
            }
            seen.push((run.state_hash(), run.trace_hash()));
        }
        let last = seen.pop().expect("something happened");
        assert_eq!((run.state_hash(), run.trace_hash()), last);
        while let Some(expected) = seen.pop() {
            assert!(run.step_back(), "{case}");
            assert_eq!((run.state_hash(), run.trace_hash()), expected, "{case}");
        }
        assert!(!run.step_back(), "nothing lies before the beginning");
    }
}

/// Law 3: a command in the past equals a fresh run with the shortened list of commands.
#[test]
fn law_3_acting_in_the_past_equals_a_fresh_run() {
    for case in cases() {
        let mut run = case.timeline();
        run.run_until(case.until, BUDGET);
        let end = run.now();
        let mut rng = Rng::stream(case.seed, "fork", 0);
        run.go(Target::Time(Time(rng.below(end.0 + 1))));
        for _ in 0..rng.below(5) {
            run.step_back();
        }
        let left = run.keep();
        let forks = run.in_past();
        let command = Command::Fault(Fault::Crash(NodeId(rng.between(1, 4) as u32)));
        let applied = run.apply(command).expect("a crash makes sense anywhere");
        assert_eq!(applied.forked, forks, "{case}");
        assert_eq!(
            run.take_left(),
            forks.then_some(left),
            "the old future is kept"
        );
        run.run_until(end, BUDGET);

        let mut fresh = timeline(&run.recipe());
        fresh.run_until(run.now(), u64::MAX);
        assert_eq!(
            fresh.trace_hash(),
            run.trace_hash(),
            "{case}\nthen {:?}",
            run.recipe()
        );
        assert_eq!(fresh.state_hash(), run.state_hash(), "{case}");
    }
}

/// What is done instead of something else is seen, at the very instant.
#[test]
fn a_picture_follows_what_was_done_instead() {
    let command = |words: &str| Timed::parse(words).expect("words").command;
    for case in cases().step_by(7) {
        let mut run = timeline(&Recipe {
            commands: Vec::new(),
            ..case.recipe.clone()
        });
        run.run_until(Time(700_000), BUDGET);
        let before = run.frame().nodes[0].clock_error_us;
        for (words, off) in [
            ("1s skew n1 100ms", 100_000),
            ("1s skew n1 -100ms", -100_000),
        ] {
            run.apply(command(words)).expect("there is a node 1");
            assert_eq!(run.frame().nodes[0].clock_error_us, off, "{case}");
            assert!(run.undo().is_some());
            assert_eq!(run.frame().nodes[0].clock_error_us, before, "{case}");
        }
    }
}

/// Undo takes the last command back and stands just before it; redo brings it again.
#[test]
fn undo_and_redo_are_exact() {
    for case in cases().step_by(3) {
        let mut run = timeline(&Recipe {
            commands: Vec::new(),
            ..case.recipe.clone()
        });
        let mut rng = Rng::stream(case.seed, "undo", 0);
        let mut before = Vec::new();
        for command in &case.recipe.commands {
            let to = Time(run.now().0 + rng.below(900_000));
            run.run_until(to, BUDGET);
            let command = Timed::parse(command).expect("it was written by us").command;
            before.push((run.state_hash(), run.trace_hash()));
            run.apply(command).expect("it was drawn for this protocol");
        }
        let after = (run.state_hash(), run.trace_hash());
        let now = run.now();
        for expected in before.iter().rev() {
            assert!(run.undo().is_some());
            assert_eq!(&(run.state_hash(), run.trace_hash()), expected, "{case}");
        }
        assert!(run.undo().is_none());
        while run.redo().is_some() {}
        assert_eq!(run.now(), now, "{case}");
        assert_eq!((run.state_hash(), run.trace_hash()), after, "{case}");
    }
}

/// Memory stays flat: old parts of the trace are dropped, and made again when somebody looks.
#[test]
fn dropped_history_comes_back_the_same() {
    for case in cases().step_by(8) {
        let setup = || {
            faultline_protocols::CATALOGUE
                .setup(&case.recipe)
                .expect("as before")
        };
        let mut whole = Timeline::new(setup()).expect("as before");
        let mut lean =
            Timeline::with(setup(), Limits::default(), Budget { bytes: 0 }).expect("as before");
        for run in [&mut whole, &mut lean] {
            run.run_until(Time(case.until.0 * 12), BUDGET * 4);
        }
        assert_eq!(whole.trace_hash(), lean.trace_hash());
        let len = whole.trace().len();
        for (from, to) in [(1, 40), (len / 2, len / 2 + 30), (len - 5, len)] {
            let lines = |run: &mut Timeline| -> Vec<String> {
                run.window(from, to)
                    .iter()
                    .map(|record| record.line())
                    .collect()
            };
            assert_eq!(lines(&mut whole), lines(&mut lean), "{case}");
        }
        let early = Time(case.until.0 / 3);
        for run in [&mut whole, &mut lean] {
            run.go(Target::Time(early));
        }
        assert_eq!(whole.trace_hash(), lean.trace_hash(), "{case}");
    }
}
