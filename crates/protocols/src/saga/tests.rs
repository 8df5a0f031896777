//! Facts of the literature, and what each rule is for.

use faultline_sim::testing::{Play, Played};

use super::service::Place;
use super::{Message, Node, PROTOCOL, Service, Trip, marks};

fn play(scenario: &str) -> Play {
    Play::protocol(&PROTOCOL, scenario)
}

fn service(run: &Played, id: u32) -> &Service {
    match run.node::<Node>(id) {
        Node::Service(service) => service,
        Node::Orchestrator(_) => panic!("n{id} orchestrates"),
    }
}

/// What became of the first trip at the services from node 2 on.
fn places(run: &Played, services: u32) -> Vec<Option<Place>> {
    let place = |id| service(run, id).trips.get(&Trip(1)).copied();
    (2..=services + 1).map(place).collect()
}

/// Whether a run breaks no law.
fn sound(run: &Played) {
    assert!(run.all_broken().is_empty(), "{:?}", run.all_broken());
}

/// What services do, in order: `T1`, `(T4)` for a step that fails, `C1`.
fn path(run: &Played) -> Vec<String> {
    let mut found = Vec::new();
    let mut add = |mark, form: fn(u64) -> String| {
        for (time, _, marked) in run.marked(mark) {
            found.push((time, form(marked.number(1).expect("a step"))));
        }
    };
    add(&marks::BOOKS, |step| format!("T{step}"));
    add(&marks::REFUSES, |step| format!("(T{step})"));
    for step in 1..=6 {
        add(marks::undoes(step), |step| format!("C{step}"));
    }
    found.sort();
    found.into_iter().map(|(_, step)| step).collect()
}

fn begun(run: &Played) -> f64 {
    run.marked(&marks::BEGINS).len() as f64
}

fn ended(run: &Played) -> f64 {
    run.read("booked") + run.read("undone")
}

/// T-SAGA: T1 … T5, and T4 fails: three compensations in reverse. Others may see T1 to T3 in between.
#[test]
fn a_failed_step_undoes_those_before_it_in_reverse() {
    for scenario in ["five-steps", "choreography"] {
        for seed in 1..=10 {
            let run = play(scenario).seed(seed).ended();
            let expected = ["T1", "T2", "T3", "(T4)", "C3", "C2", "C1"];
            assert_eq!(path(&run), expected, "{scenario} seed {seed}");
            assert_eq!((run.read("steps-undone"), run.read("undone")), (3.0, 1.0));
            assert!(run.read("between") > 2.0, "{}", run.read("between"));
            let given = Some(Place::GivenBack(4));
            let expected = [given, given, given, Some(Place::Refused), None];
            assert_eq!(places(&run, 5), expected);
            sound(&run);
        }
    }
}

/// Either T1 … Tn, or T1 … Tj, Cj … C1: for each step that may fail, and none.
#[test]
fn every_step_may_fail() {
    for services in [1, 2, 3, 6, 12] {
        for fails in 0..=services {
            for led_by in ["orchestrator", "services"] {
                let run = play("all-book")
                    .param("services", services)
                    .param("fails-at", fails)
                    .param("led-by", led_by)
                    .at(30_000);
                let done = if fails == 0 { services } else { fails - 1 };
                let undone = if fails == 0 { 0 } else { done };
                let read = (run.read("booked"), run.read("steps-undone"));
                let booked = if fails == 0 { 1.0 } else { 0.0 };
                assert_eq!(
                    read,
                    (booked, f64::from(undone)),
                    "{services} {fails} {led_by}"
                );
                assert_eq!(run.marked(&marks::BOOKS).len() as u32, done);
                let failed = u32::from(fails > 0);
                let messages = match led_by {
                    "services" => done + failed + undone + 1,
                    _ => 2 * (done + failed + undone),
                };
                assert_eq!(run.read("messages"), f64::from(messages));
                sound(&run);
            }
        }
    }
}

/// A node crashes behind each single event, and comes back. Every trip ends, whole.
#[test]
fn a_crash_behind_any_event_leaves_nothing_half() {
    for (scenario, led_by) in [
        ("all-book", "orchestrator"),
        ("car-fails", "orchestrator"),
        ("all-book", "services"),
        ("car-fails", "services"),
    ] {
        let usual = play(scenario).param("led-by", led_by);
        let steps = usual.ended().0.world().events();
        for after in 1..=steps {
            for node in 1..=4 {
                let crash = usual.does(&format!("@{after} crash n{node}"));
                let run = crash.does(&format!("15s recover n{node}")).at(60_000);
                let broken = run.all_broken();
                assert!(
                    broken.is_empty(),
                    "{scenario} {led_by} n{node} @{after}: {broken:?}"
                );
                assert_eq!(ended(&run), begun(&run), "n{node} @{after}");
            }
        }
    }
}

/// Each message is lost once, and each is there twice: it makes no difference to what is booked.
#[test]
fn lost_and_doubled_messages_do_no_harm() {
    for (scenario, led_by) in [("all-book", "orchestrator"), ("car-fails", "services")] {
        for deed in ["drop", "duplicate"] {
            for (from, to) in [
                (1, 2),
                (2, 1),
                (1, 3),
                (3, 1),
                (1, 4),
                (4, 1),
                (2, 3),
                (3, 4),
                (4, 3),
            ] {
                for k in 1..=2 {
                    let deed = format!("0s {deed} n{from}->n{to}#{k}");
                    let run = play(scenario)
                        .param("led-by", led_by)
                        .does(&deed)
                        .at(40_000);
                    assert_eq!(run.read("booked") + run.read("undone"), 1.0, "{deed}");
                    assert_eq!(run.read("booked") == 1.0, scenario == "all-book", "{deed}");
                    sound(&run);
                }
            }
        }
    }
}

/// A crash of the orchestrator in the middle locks nothing, and the trip goes on as soon as it is back.
#[test]
fn the_same_crash_locks_nothing() {
    for seed in 1..=20 {
        let down = play("same-crash").seed(seed).at(11_000);
        assert_eq!((down.read("locked"), down.read("booked")), (0.0, 0.0));
        assert!(down.read("between") > 9.0, "half booked");
        assert!(!service(&down, 2).holds(Trip(2)));
        assert_eq!(service(&down, 2).sold, 1, "others are served meanwhile");
        let run = play("same-crash").seed(seed).ended();
        assert_eq!((run.read("booked"), run.read("locked")), (1.0, 0.0));
        assert_eq!(
            run.read("unanswered"),
            0.0,
            "the customer waits, and gets one answer"
        );
        sound(&run);
    }
    let two = Play::of(crate::CATALOGUE, "two-phase-commit/coordinator-dies");
    assert!(two.ended().read("locked") > 9.0);
}

/// Without the log nobody knows what is half booked.
#[test]
fn without_a_log_a_trip_stays_half_booked() {
    let run = play("same-crash").switch("log", false).ended();
    assert!(run.broken("known").is_some());
    assert!(service(&run, 2).holds(Trip(1)) && !service(&run, 4).holds(Trip(1)));
    let goes_on = play("crash-in-undo").ended();
    assert_eq!(goes_on.who(&marks::GOES_ON), [1]);
    assert_eq!(
        path(&goes_on),
        ["T1", "T2", "(T3)", "C2", "C1"],
        "C2 is not done twice"
    );
    sound(&goes_on);
}

/// Each rule that is left out breaks its law in a run that one can follow, and the rule mends it.
#[test]
fn each_flaw_breaks_its_law_and_the_rule_mends_it() {
    for (scenario, rule, law) in [
        ("same-crash", "log", "known"),
        ("answer-lost", "once", "adds-up"),
        ("undo-lost", "until-done", "whole"),
        ("late-step", "remember", "whole"),
    ] {
        sound(&play(scenario).ended());
        let without = play(scenario).switch(rule, false).ended();
        assert_eq!(without.all_broken(), [law], "{scenario}");
    }
}

/// An orchestrator that gives up undoes the step, too, since it may have been done.
#[test]
fn a_step_without_an_answer_is_undone_too() {
    let run = play("five-services").ended();
    assert_eq!(run.marked(&marks::GIVES_UP).len(), 1);
    assert_eq!(run.marked(&marks::CANCELS).len(), 1, "it was never done");
    assert_eq!((run.read("undone"), run.read("steps-undone")), (1.0, 3.0));
    sound(&run);
    let patient = play("five-services").param("tries", 20).ended();
    assert_eq!(patient.read("booked"), 1.0);
    // Its answers are lost: the step was done, and is undone.
    let done = play("all-book").does("1s oneway n3->n1").does("12s heal");
    let run = done.at(30_000);
    assert_eq!(path(&run), ["T1", "T2", "C2", "C1"]);
    sound(&run);
}

/// No isolation: a trip is refused because of a place that is free again a moment later.
#[test]
fn others_see_what_is_undone_later() {
    let run = play("last-seat").ended();
    assert_eq!((run.read("seen-between"), run.read("undone")), (1.0, 2.0));
    assert_eq!(service(&run, 2).left, 1, "the seat flies empty");
    sound(&run);
    let later = play("last-seat").param("stock", 2).ended();
    assert_eq!(later.read("seen-between"), 0.0);
    let other = play("last-seat").param("fails-at", 0).ended();
    assert_eq!(
        (other.read("booked"), other.read("seen-between")),
        (1.0, 0.0)
    );
}

/// X-B3: crashes at random times, and no trip is half booked at the end.
#[test]
fn busy_services_leave_no_trip_half_booked() {
    for seed in 1..=10 {
        let run = play("busy-services").seed(seed).at(90_000);
        assert!(
            run.read("booked") >= 3.0,
            "seed {seed}: {}",
            run.read("booked")
        );
        assert!(run.read("undone") >= 1.0, "seed {seed}");
        assert_eq!(ended(&run), begun(&run), "seed {seed}");
        sound(&run);
    }
}

/// The path is drawn as the paper writes it.
#[test]
fn steps_and_compensations_are_drawn() {
    use faultline_sim::frame::Figure;

    let mut run = play("five-steps").ended();
    let frame = run.0.frame();
    let drawn = frame.nodes[0]
        .figures
        .iter()
        .find_map(|figure| match figure {
            Figure::Phases { steps, at } => Some((steps.join(" "), *at)),
            _ => None,
        });
    assert_eq!(drawn, Some(("T1 T2 T3 (T4) C3 C2 C1".to_owned(), 7)));
    assert_eq!(
        frame.narration.as_deref(),
        Some("Trip 1 is undone, because T4 failed.")
    );
    assert_eq!(frame.nodes[2].label, "hotel");
    let mut run = play("same-crash").at(5_000);
    let said = run.0.frame().narration.expect("a sentence");
    assert!(said.ends_with("and nothing is locked."), "{said}");
    let undo = Message::Undo {
        trip: Trip(1),
        along: [].into(),
        failed: 3,
    };
    assert_eq!(super::shape_of(&undo).expect("a shape").1, "C");
    assert_eq!(super::figures::name(7), "service 6");
}
