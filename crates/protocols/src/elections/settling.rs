//! How soon the live nodes agree on a leader after faults: the same schedules for every election
//! protocol, each under 100 seeds.

use faultline_sim::descriptor::Recipe;
use faultline_sim::process::NodeId;
use faultline_sim::time::Time;
use faultline_sim::timeline::Timeline;

use crate::{CATALOGUE, lease};

const SEEDS: u64 = 100;
/// When the last fault is over and all nodes should agree again.
const SETTLED: Time = Time(25_000_000);

/// The faults of one run.
struct Schedule {
    /// Down from the start.
    crashed: &'static str,
    commands: &'static [&'static str],
}

const SCHEDULES: [Schedule; 5] = [
    // A bare majority: every node that is up has to support the leader.
    Schedule {
        crashed: "1,2",
        commands: &["5s crash n5", "12s recover n5"],
    },
    Schedule {
        crashed: "",
        commands: &[
            "1ms crash n1",
            "1ms crash n2",
            "5s crash n5",
            "12s recover n5",
        ],
    },
    Schedule {
        crashed: "",
        commands: &["5s crash n5", "12s recover n5"],
    },
    Schedule {
        crashed: "",
        commands: &[
            "5s crash n4",
            "5s crash n5",
            "12s recover n4",
            "12s recover n5",
        ],
    },
    Schedule {
        crashed: "",
        commands: &["5s partition n1,n2|n3,n4,n5", "15s heal"],
    },
];

fn play(scenario: &str, preset: &str, schedule: &Schedule, seed: u64) -> Timeline {
    let mut recipe = Recipe::new(scenario, seed);
    recipe.preset = Some(preset.to_owned());
    if !schedule.crashed.is_empty() {
        let crashed = schedule.crashed.to_owned();
        recipe.params.insert("crashed".to_owned(), crashed);
    }
    recipe.commands = schedule.commands.iter().map(|c| (*c).to_owned()).collect();
    let mut run = Timeline::new(CATALOGUE.setup(&recipe).unwrap()).unwrap();
    assert!(run.run_until(SETTLED, u64::MAX));
    run
}

/// The leader that every live node follows, if there is one. The lock service follows nobody.
fn agreed(run: &Timeline, scenario: &str) -> Option<NodeId> {
    let world = run.world();
    let service = |id: &NodeId| scenario.starts_with("lease") && *id == lease::SERVICE;
    let mut followed: Vec<_> = world
        .live()
        .filter(|id| !service(id))
        .map(|id| world.believed_leader(id))
        .collect();
    followed.dedup();
    match followed[..] {
        [leader] => leader.filter(|leader| world.live().any(|id| id == *leader)),
        _ => None,
    }
}

/// Plays the schedules and fails where more than one run in a hundred is still open.
fn settles(scenario: &str, preset: &str, schedules: &[Schedule]) {
    for schedule in schedules {
        let open = |seed: &u64| {
            let run = play(scenario, preset, schedule, *seed);
            let highest = run.world().live().last();
            match agreed(&run, scenario) {
                Some(_) if scenario.starts_with("lease") => false,
                leader => leader.is_none() || leader != highest,
            }
        };
        let open: Vec<u64> = (1..=SEEDS).filter(open).collect();
        assert!(
            open.len() <= 1,
            "{scenario} {preset}, nodes {:?} down, {:?}: no agreement in {} of {SEEDS} runs: \
             seeds {open:?}",
            schedule.crashed,
            schedule.commands,
            open.len()
        );
    }
}

#[test]
fn election_with_a_majority_settles() {
    settles("election/crowned-four-times", "correct", &SCHEDULES);
}

#[test]
fn bully_settles() {
    settles("bully/one-election", "textbook", &SCHEDULES);
    settles("bully/one-election", "self-healing", &SCHEDULES);
}

#[test]
fn ring_election_settles() {
    settles("ring-election/one-round", "correct", &SCHEDULES);
}

/// Without the schedules that crash the service for good: no node can lead then.
#[test]
fn leases_settle() {
    settles("lease/holder-crashes", "lock", &SCHEDULES[2..]);
    settles("lease/holder-crashes", "controller", &SCHEDULES[2..]);
}
