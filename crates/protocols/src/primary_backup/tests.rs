//! What each rule is for, and what copies are worth.

use faultline_sim::testing::{Play, Played};

use super::{Member, PROTOCOL, Server, Service, marks};
use crate::parts::roles::Is;

const SEEDS: u64 = 20;

fn play(scenario: &str) -> Play {
    Play::protocol(&PROTOCOL, scenario)
}

fn server(run: &Played, id: u32) -> &Server {
    run.node::<Member>(id).role().expect("a server")
}

fn service(run: &Played) -> &Service {
    run.node::<Member>(1).role().expect("the view service")
}

/// With f backups, f crashes lose nothing: one after the other, whatever the seed.
#[test]
fn f_backups_survive_f_crashes() {
    for backups in 1..=4 {
        for seed in 1..=SEEDS / 4 {
            let mut run = play("no-faults")
                .seed(seed)
                .param("nodes", backups + 1)
                .param("backups", backups);
            for crash in 1..=backups {
                run = run.does(&format!("{}ms crash n{}", 1_000 * crash, crash + 1));
            }
            let run = run.at(1_000 * u64::from(backups) + 2_000);
            assert_eq!(run.read("lost"), 0.0, "{backups} backups, seed {seed}");
            assert_eq!(run.read("view"), f64::from(backups) + 1.0);
            let last = server(&run, backups + 2);
            assert!(last.serves(faultline_sim::process::NodeId(backups + 2)));
            assert_eq!(run.all_broken(), Vec::<&str>::new());
        }
    }
}

/// All at once is more than any number of copies bears.
#[test]
fn who_loses_the_last_copy_stops() {
    for seed in 1..=SEEDS {
        let run = play("no-faults").seed(seed);
        let run = run
            .does("1s crash n2")
            .does("1s crash n3")
            .does("2s recover n2");
        let run = run.does("2s recover n3").at(4_000);
        assert_eq!(run.who(&marks::SERVES), Vec::<u32>::new(), "seed {seed}");
        assert!(run.read("lost") > 0.0);
        assert_eq!(run.all_broken(), Vec::<&str>::new());
    }
}

/// Alsberg and Day: two hops to the primary and back, two more to its backup, however many there are.
#[test]
fn waiting_costs_one_round_trip() {
    let mean = |wait: bool, backups: u32| {
        let run = play("no-faults").does("0s latency constant 25ms");
        let run = run.param("backups", backups).param("nodes", 5);
        run.switch("wait", wait).at(4_000).read("mean")
    };
    for backups in 1..=4 {
        // The first write of a client asks the view service before: two hops more, once.
        let (waits, goes_on) = (mean(true, backups), mean(false, backups));
        assert!(
            (waits - goes_on - 50.0).abs() < 1.0,
            "{waits} and {goes_on} ms"
        );
        assert!((50.0..53.0).contains(&goes_on), "{goes_on} ms");
    }
    assert_eq!(mean(true, 0), mean(false, 0));
}

#[test]
fn what_only_the_primary_has_is_lost_with_it() {
    let lost = |wait: bool, seed: u64| {
        let run = play("answers-first")
            .seed(seed)
            .switch("wait", wait)
            .ended();
        (run.read("lost"), run.broken("no-lost-write").is_some())
    };
    for seed in 1..=SEEDS {
        let (count, broken) = lost(false, seed);
        assert!(count >= 2.0 && broken, "seed {seed}: {count}");
        assert_eq!(lost(true, seed), (0.0, false), "seed {seed}");
    }
}

#[test]
fn two_servers_think_they_are_primary_and_one_answers() {
    for seed in 1..=SEEDS {
        let run = play("two-primaries").seed(seed);
        let both = run.at(2_000);
        assert_eq!(both.read("primaries"), 2.0, "seed {seed}");
        assert_eq!(service(&both).view.primary.id.0, 3);
        let run = run.ended();
        assert_eq!(run.all_broken(), Vec::<&str>::new(), "seed {seed}");
        assert_eq!(
            run.read("primaries"),
            1.0,
            "it steps down once it hears of it"
        );
        assert_eq!(run.who(&marks::STEPS_DOWN), [2]);
    }
}

/// Each rule alone, where it is needed.
#[test]
fn each_flaw_breaks_its_law_and_the_rule_mends_it() {
    let cases = [
        ("wait", "answers-first", "no-lost-write"),
        ("check-view", "two-primaries", "linearizable"),
        ("confirm-reads", "two-primaries", "linearizable"),
        ("transfer", "spare-joins", "no-lost-write"),
        ("complete", "last-copy", "no-lost-write"),
    ];
    for (rule, scenario, law) in cases {
        let broken = |on: bool, seed: u64| {
            let run = play(scenario).seed(seed).switch(rule, on).ended();
            run.broken(law).is_some()
        };
        let found = (1..=SEEDS).filter(|seed| broken(false, *seed)).count() as u64;
        assert!(
            2 * found >= SEEDS,
            "{rule} in {scenario}: {found} of {SEEDS}"
        );
        assert!(
            !(1..=SEEDS).any(|seed| broken(true, seed)),
            "{rule} in {scenario}"
        );
    }
}

/// A server that restarts within a ping is not taken for the one that had the state.
#[test]
fn a_server_that_restarts_is_a_new_one() {
    for after in [1, 20, 60, 99, 150] {
        let run = play("no-faults").param("nodes", 2);
        let run = run
            .does("1s crash n3")
            .does(&format!("{}ms recover n3", 1_000 + after))
            .does("2s crash n2")
            .ended();
        assert_eq!(run.all_broken(), Vec::<&str>::new(), "after {after} ms");
        assert_eq!(run.read("lost"), 0.0, "after {after} ms");
        assert_eq!(server(&run, 3).start, 2);
    }
}

/// The view service keeps its view on disk, and nobody needs it while nothing breaks.
#[test]
fn without_the_view_service_nobody_takes_over() {
    let run = play("no-faults").does("1s crash n1");
    let going = run.at(3_000);
    assert!(going.read("ok") > 99.0);
    let run = run.does("2s crash n2").does("4s recover n1");
    assert_eq!(run.at(3_900).who(&marks::SERVES), Vec::<u32>::new());
    let back = run.at(6_000);
    assert_eq!(back.who(&marks::SERVES), [3]);
    assert_eq!(back.read("lost"), 0.0);
}
