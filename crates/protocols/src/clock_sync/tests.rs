//! What the papers say, on any number of nodes.

use faultline_sim::frame::ClockFace;
use faultline_sim::process::NodeId;
use faultline_sim::testing::{Play, Played};

use super::berkeley::agreeing;
use super::{Estimate, Exchange, PROTOCOL, Timekeeper, figures, marks};

fn play(scenario: &str) -> Play {
    Play::protocol(&PROTOCOL, scenario)
}

fn face(run: &Played, id: u32) -> ClockFace {
    run.node::<Timekeeper>(id).clock.0
}

fn latest(run: &Played, id: u32) -> (Exchange, Estimate) {
    let node = run.node::<Timekeeper>(id);
    node.latest.expect("it has an answer")
}

/// Vectors for RFC 5905, section 8: timestamps, offset, delay.
const NTP: [([i64; 4], i64, u64); 6] = [
    ([0, 110, 120, 30], 100, 20),
    ([100, 160, 165, 125], 50, 20),
    ([1000, 1000, 1000, 1000], 0, 0),
    ([0, 50, 50, 100], 0, 100),
    ([0, 25, 26, 101], -25, 100),
    ([10, 5, 7, 32], -15, 20),
];

#[test]
fn four_timestamps_give_offset_and_delay() {
    for ([t1, t2, t3, t4], offset, delay) in NTP {
        let exchange = Exchange { t1, t2, t3, t4 };
        assert_eq!(exchange.ntp(), Estimate { offset, delay });
    }
}

#[test]
fn a_run_takes_the_four_timestamps_of_the_textbook() {
    let run = play("even-path").ended();
    let (exchange, estimate) = latest(&run, 2);
    let Exchange { t1, t2, t3, t4 } = exchange;
    assert_eq!([t1, t2, t3, t4], [0, 110_000, 120_000, 30_000]);
    assert_eq!((estimate.offset, estimate.delay), (100_000, 20_000));
    assert_eq!(run.read("error"), 0.0);
    assert_eq!(face(&run, 2).correction, 100_000);
}

/// The error is half of what the ways differ by, whatever else is measured.
#[test]
fn an_asymmetric_path_shifts_the_clock_by_half_the_difference() {
    for (out, back) in [(0, 0), (20, 0), (0, 20), (0, 60), (3, 90)] {
        let run = play("even-path")
            .does(&format!("0s slow n2->n1 {out}ms"))
            .does(&format!("0s slow n1->n2 {back}ms"))
            .ended();
        let shift = (out - back) * 500;
        let (_, estimate) = latest(&run, 2);
        assert_eq!(estimate.offset, 100_000 + shift, "{out} {back}");
        assert_eq!(run.read("error"), shift.abs() as f64 / 1e3);
        assert_eq!(run.all_broken(), [""; 0], "it stays within what it states");
    }
    let run = play("slow-answer").ended();
    assert_eq!(run.read("error"), 30.0, "10 ms out, 70 ms back");
}

/// Cristian: T + RTT/2, give or take RTT/2 - min.
#[test]
fn a_client_takes_the_answer_to_be_half_a_round_trip_old() {
    let run = play("one-sync")
        .param("least", 8)
        .param("drift_bound", 0)
        .does("0s latency constant 10ms")
        .does("0s skew n1 890ms")
        .ended();
    let (exchange, estimate) = latest(&run, 2);
    assert_eq!((exchange.t3, estimate.delay), (1_000_000, 20_000));
    let clock = face(&run, 2);
    assert_eq!(clock.since.0 + clock.correction, 1_010_000);
    assert_eq!(clock.doubt, Some(2_000));
}

/// As it is, the answer is as old as its own way; the two halves are on average right.
#[test]
fn a_time_taken_as_it_is_is_late_by_the_way_back() {
    for seed in 1..6 {
        let run = play("as-it-is").seed(seed).ended();
        assert!((5.0..=15.0).contains(&run.read("error")), "seed {seed}");
        assert!(run.broken("band").is_some(), "seed {seed}");
        let halved = play("one-sync").seed(seed).ended();
        assert!(halved.read("error") <= 5.0, "seed {seed}");
        assert_eq!(halved.all_broken(), [""; 0]);
    }
}

#[test]
fn three_clocks_take_their_average() {
    let run = play("three-clocks").ended();
    let minutes = [1, 2, 3].map(|id| face(&run, id).correction / 60_000_000);
    assert_eq!(minutes, [5, -20, 15]);
    assert_eq!(run.read("spread"), 0.0, "all show 3:05");
    assert_eq!(run.read("moved"), 300_000.0);
    assert_eq!(run.who(&marks::SETS_BACK), [2]);
}

#[test]
fn the_largest_group_of_clocks_that_agree_is_averaged() {
    let clocks = |all: &[i64]| {
        let ids = (1..).map(NodeId);
        ids.zip(all.iter().copied()).collect::<Vec<_>>()
    };
    let taken = |all: &[i64], apart| {
        let taken = agreeing(clocks(all), apart).into_iter();
        taken.map(|(_, ahead)| ahead).collect::<Vec<_>>()
    };
    assert_eq!(taken(&[0, 40, -30, 20, 60_000], 1_000), [-30, 0, 20, 40]);
    assert_eq!(taken(&[0, 40, -30, 20, 60_000], u64::MAX).len(), 5);
    assert_eq!(
        taken(&[0, 90, 100, 110], 20),
        [90, 100, 110],
        "not the master's"
    );
    assert_eq!(taken(&[0, 50], 10), [0], "of equal groups the first");
}

#[test]
fn one_clock_that_is_far_off_moves_no_other() {
    let run = play("one-far-off").ended();
    assert_eq!(run.read("left_out"), 1.0);
    assert!(run.read("moved").abs() < 20.0, "{}", run.read("moved"));
    let all = play("one-far-off").switch("outliers", false).ended();
    assert!(all.read("moved") > 10_000.0, "a fifth of a minute");
    assert_eq!(all.all_broken(), [""; 0]);
}

#[test]
fn a_clock_that_is_set_back_measures_less_than_nothing() {
    let run = play("set-back").ended();
    assert_eq!((run.read("backwards"), run.read("set_back")), (1.0, 1.0));
    assert!(run.broken("forwards").is_some());
    let slow = play("slowed-down").ended();
    assert_eq!((slow.read("backwards"), slow.read("set_back")), (0.0, 0.0));
    assert_eq!(slow.all_broken(), [""; 0]);
    assert!(
        slow.read("error") <= 5.0,
        "in the end it is as right as if it had been set"
    );
    let underway = play("slowed-down").at(600);
    let error = underway.read("error");
    assert!(
        (30.0..70.0).contains(&error),
        "half of it is worked off: {error}"
    );
}

/// NTP's way: what is small is worked off, what is larger than a bound is set.
#[test]
fn a_clock_that_is_far_behind_is_set_forward() {
    let step = |behind: &str| {
        let run = play("even-path").param("step", 128);
        let run = run.does(&format!("0s skew n2 -{behind}")).ended();
        (run.who(&marks::SETS).len(), run.who(&marks::HURRIES).len())
    };
    assert_eq!(step("127ms"), (0, 1));
    assert_eq!(step("129ms"), (1, 0));
}

#[test]
fn drift_makes_errors_that_clocks_state() {
    let run = play("drift");
    let just_before = run.at(1_090);
    assert!((18.0..21.0).contains(&just_before.read("error")));
    assert_eq!(run.ended().all_broken(), [""; 0]);
    let silent = run.switch("widen", false).ended();
    assert!(
        silent.broken("band").is_some(),
        "it does not state what it loses"
    );
}

#[test]
fn the_filter_trusts_short_round_trips() {
    let mean = |filter: bool| {
        let errors = (1..=20).map(|seed| {
            let run = play("busy-network").seed(seed).switch("filter", filter);
            run.ended().read("error")
        });
        errors.sum::<f64>() / 20.0
    };
    let (with, without) = (mean(true), mean(false));
    assert!(with * 2.0 < without, "{with} and {without}");
}

#[test]
fn all_follow_a_wrong_server() {
    let run = play("wrong-server").ended();
    assert!((4_990.0..=5_005.0).contains(&run.read("error")));
    assert!(run.read("spread") <= 10.0);
    assert_eq!(
        run.all_broken(),
        [""; 0],
        "no clock states anything about the truth"
    );
}

/// An answer counts once, and only if it is to the latest question.
#[test]
fn answers_that_come_twice_or_late_say_nothing() {
    let twice = play("one-sync").does("0s duplicate n1->n2#1").ended();
    assert_eq!(twice.read("syncs"), 1.0);
    let late = play("busy-network").does("0s delay n1->n2#1 150ms").ended();
    let usual = play("busy-network").ended();
    assert_eq!(late.read("syncs") + 1.0, usual.read("syncs"));
}

#[test]
fn a_correction_outlives_a_crash() {
    let run = play("even-path")
        .does("300ms crash n2")
        .does("400ms recover n2");
    let run = run.does("400ms cut n1-n2").ended();
    assert_eq!(run.read("error"), 0.0);
    assert_eq!(face(&run, 2).correction, 100_000);
}

#[test]
fn lengths_are_written_as_people_write_them() {
    let written = [100_000.0, -12_340.0, 5_000_000.0, 12_500_000.0, -1.2e9].map(figures::span);
    assert_eq!(
        written,
        ["100 ms", "-12.34 ms", "5000 ms", "12.5 s", "-20 min"]
    );
}
