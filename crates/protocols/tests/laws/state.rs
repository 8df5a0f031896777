//! The hash of a state covers everything that decides the future, and a run holds only past commands.

use faultline_sim::command::{Command, Timed};
use faultline_sim::event::{Event, Record};
use faultline_sim::rng::Rng;
use faultline_sim::time::{Duration, Time};
use faultline_sim::timeline::Target;
use faultline_sim::world::World;

use super::chaos::cases;
use super::{BUDGET, enough};

/// What happens within two seconds, with a crash on the way. What was done before, and verdicts on it,
/// is told by the past.
fn continuation(mut world: World) -> Vec<String> {
    world.take_records();
    let start = world.now();
    let mut lines = Vec::new();
    for (after, command) in [(300, "crash n1"), (900, "recover n1"), (2_000, "heal")] {
        let to = start + Duration::millis(after);
        while world.next_time().is_some_and(|next| next <= to) && lines.len() < 20_000 {
            world.step();
            let told = |record: &Record| !matches!(record.event, Event::Violated { .. });
            let records = world.take_records();
            lines.extend(records.iter().filter(|r| told(r)).map(Record::line));
        }
        world.advance_to(to.max(world.now()));
        let _ = world.apply(&Command::parse(command).expect("it reads"));
    }
    lines
}

/// Every change that matters later changes the hash.
#[test]
fn equal_hashes_have_equal_continuations() {
    let mut equal = 0;
    for case in cases().step_by(5) {
        let mut run = case.timeline();
        let mut rng = Rng::stream(case.seed, "state", 0);
        run.run_until(Time(rng.below(case.until.0)), BUDGET);
        let here = run.world();
        let (hash, mut without) = (here.state_hash(), None);
        for timed in &case.recipe.commands {
            let command = Timed::parse(timed).expect("it reads").command;
            let mut world = here.clone();
            if world.apply(&command).is_err() || world.state_hash() != hash {
                continue;
            }
            equal += 1;
            let without = without.get_or_insert_with(|| continuation(here.clone()));
            let with = continuation(world);
            let differ = without.iter().zip(&with).find(|(a, b)| a != b);
            assert!(
                differ.is_none() && without.len() == with.len(),
                "{case}\nat {} `{command}` left the hash as it was, and then {differ:?}",
                here.now()
            );
        }
    }
    assert!(equal > enough(100), "{equal} commands changed nothing");
}

/// A command that was stepped back over belongs to the future that is left, not to the run.
#[test]
fn acting_after_a_step_back_replays_nothing() {
    let mut tried = 0;
    for case in cases().step_by(3) {
        let mut run = case.timeline();
        run.run_until(case.until, BUDGET);
        let end = run.now();
        let faulted = |record: &Record| matches!(record.event, Event::Faulted { .. });
        let done: Vec<Record> = run
            .window(1, u64::MAX)
            .into_iter()
            .filter(faulted)
            .collect();
        let mut rng = Rng::stream(case.seed, "step back", 0);
        let Some(last) = rng.pick(&done).cloned() else {
            continue;
        };
        // At this instant the scenario does nothing of its own.
        if run
            .setup()
            .script
            .iter()
            .any(|own| own.at.time == Some(last.time))
        {
            continue;
        }
        tried += 1;
        run.go(Target::Record(last.seq));
        assert!(run.step_back(), "{case}");
        let before = run
            .window(1, run.records())
            .iter()
            .filter(|r| faulted(r))
            .count();
        run.apply(Command::parse("pause n1").expect("it reads"))
            .expect("it makes sense");
        let after = run.window(1, run.records());
        let commands = after.iter().filter(|r| faulted(r)).count();
        assert_eq!(commands, before + 1, "{case}\nat {}", last.line());
        run.run_until(end, BUDGET);
        let again = run.commands().iter().any(|timed| {
            timed.at.time == Some(last.time)
                && timed.command.to_string() != "pause n1"
                && Event::Faulted {
                    command: timed.command.clone().into(),
                    missed: None,
                }
                .to_string()
                    == last.event.to_string()
        });
        let twin = done.iter().filter(|r| r.time == last.time).count() > 1;
        assert!(twin || !again, "{case}\n{} is still done", last.line());
    }
    assert!(tried > enough(50), "{tried} runs");
}
