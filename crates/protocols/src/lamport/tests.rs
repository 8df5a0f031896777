//! Lamport's rules, the textbook's figure, and the limits of a number.

use faultline_sim::event::Event;
use faultline_sim::process::NodeId;
use faultline_sim::time::Time;
use faultline_sim::timeline::Timeline;

use crate::clocks::replay::{Played, broken, member, parts, play, probe, runs, scenario, seeded};
use crate::clocks::{Clock, EventKind};

const SECOND: u64 = 1_000_000;

fn run(name: &str) -> Timeline {
    scenario(&format!("lamport/{name}"), &[], &[], Time(8 * SECOND))
}

fn numbers(run: &Timeline) -> Vec<u64> {
    run.world().ids().map(|id| parts(run, id.0)[0]).collect()
}

fn stamps(run: &Timeline, id: u32) -> Vec<u64> {
    member(run, id)
        .latest
        .iter()
        .map(|event| event.stamp.parts()[0])
        .collect()
}

/// Coulouris et al., figure 14.6: a 1, b 2, c 3, d 4, e 1, f 5.
#[test]
fn the_textbook_figure() {
    let run = run("textbook-figure");
    assert_eq!(stamps(&run, 1), [1, 2]);
    assert_eq!(stamps(&run, 2), [3, 4]);
    assert_eq!(stamps(&run, 3), [1, 5]);
    // e is concurrent with a, b, c and d; with b, c and d its number is another one.
    assert_eq!(probe(&run, "conc"), 4.0);
    assert_eq!(probe(&run, "lower"), 3.0);
    assert_eq!(probe(&run, "ties"), 1.0);
}

/// Row F6: "jump to max + 1 on receive", step by step.
#[test]
fn a_receiver_jumps_to_the_larger_number_plus_one() {
    let run = run("counters-jump");
    let merge = member(&run, 1).merge.as_ref().unwrap();
    let step = [&merge.own, &merge.message, &merge.larger, &merge.after];
    assert_eq!(step, [1, 5, 5, 6].map(Clock::Number).each_ref());
    assert_eq!(numbers(&run), [7, 8, 5]);
    assert_eq!(broken(&run), []);
    let frame = run.world().node_frame(NodeId(1));
    let mut tables = frame
        .figures
        .iter()
        .map(|figure| figure.to_table().to_text());
    assert!(tables.any(|text| text.contains("clock | 1 | 5 | 5 | 6")));
}

#[test]
fn random_runs_get_the_numbers_that_reachability_gives() {
    for run in runs() {
        let Played {
            stamps,
            timeline: played,
            ..
        } = play("lamport", &run);
        for (i, event) in run.events.iter().enumerate() {
            assert_eq!(stamps[i], Clock::Number(event.number), "event {i}");
        }
        assert_eq!(probe(&played, "events"), run.events.len() as f64);
        assert_eq!(probe(&played, "conc"), run.concurrent as f64);
        assert_eq!(broken(&played), []);
        let lower = pairs(&run, |a, b| a != b);
        assert_eq!(probe(&played, "lower"), lower as f64);
    }
}

/// Concurrent pairs of a written run whose numbers fit.
fn pairs(run: &crate::clocks::replay::Run, fits: fn(u64, u64) -> bool) -> usize {
    let events = &run.events;
    let all = (0..events.len()).flat_map(|b| (0..b).map(move |a| (&events[a], &events[b])));
    let concurrent = |a: &[u64], b: &[u64]| {
        crate::vector::compare(a, b) == faultline_sim::stamps::Order::Concurrent
    };
    all.filter(|(a, b)| concurrent(&a.vector, &b.vector) && fits(a.number, b.number))
        .count()
}

#[test]
fn a_smaller_number_is_no_proof() {
    let run = run("smaller-is-not-earlier");
    // Four events beside one: all four pairs are concurrent, and one of them is a tie.
    assert_eq!(
        (
            probe(&run, "conc"),
            probe(&run, "lower"),
            probe(&run, "ties")
        ),
        (4.0, 3.0, 1.0)
    );
}

#[test]
fn without_the_larger_number_an_effect_comes_below_its_cause() {
    let laws = broken(&run("deaf-counters"));
    assert_eq!(laws.len(), 1);
    assert_eq!(laws[0].0, "clock-condition");
    assert!(laws[0].1.contains("event 5 of n3"), "{}", laws[0].1);
    let mended = [("look", true)];
    let run = scenario("lamport/deaf-counters", &mended, &[], Time(8 * SECOND));
    assert_eq!(broken(&run), []);
}

#[test]
fn the_tie_break_makes_one_order_of_all_events() {
    assert_eq!(broken(&run("who-was-first"))[0].0, "one-order");
    let on = [("tie-break", true)];
    let run = scenario("lamport/who-was-first", &on, &[], Time(8 * SECOND));
    assert_eq!(broken(&run), []);
    assert_eq!(probe(&run, "ties"), 3.0);
    for seed in 0..20 {
        let run = seeded("lamport/everybody-talks", seed, &[], &[], Time(20 * SECOND));
        assert_eq!(broken(&run), [], "seed {seed}");
        assert!(
            probe(&run, "ties") > 0.0 && probe(&run, "lower") > 0.0,
            "seed {seed}"
        );
    }
}

/// The other convention: a message carries the number of the latest event before it.
#[test]
fn sending_need_not_be_an_event() {
    let off = [("send-ticks", false)];
    let run = scenario("lamport/textbook-figure", &off, &[], Time(8 * SECOND));
    assert_eq!(numbers(&run), [1, 2, 3]);
    assert_eq!(broken(&run), []);
    assert!(
        member(&run, 1)
            .latest
            .iter()
            .all(|event| matches!(event.what, EventKind::Local))
    );
}

#[test]
fn an_impossible_receiver_is_refused_in_words() {
    for to in ["1", "9"] {
        let command = format!(r#"1s request n1 {{"send":{{"to":{to}}}}}"#);
        let run = scenario("lamport/who-was-first", &[], &[&command], Time(3 * SECOND));
        let mut records = run.trace().records();
        let told = |event: &Event| event.to_string().contains(&format!("and n{to} is not one"));
        assert!(records.any(|record| told(&record.event)), "to {to}");
        assert_eq!(member(&run, 1).sent, 0);
    }
}

#[test]
fn a_clock_survives_a_crash() {
    let commands = [
        "2s crash n3",
        "2500ms recover n3",
        "3s request n3 \"local\"",
    ];
    let run = scenario(
        "lamport/who-was-first",
        &[("tie-break", true)],
        &commands,
        Time(4 * SECOND),
    );
    assert_eq!(stamps(&run, 3), [1, 2]);
}
