//! Runs under names a teacher would use.

use faultline_sim::descriptor::Scenario;
use faultline_sim::network::{Latency, Link};
use faultline_sim::standing::{Form, Panel, Stop, View};
use faultline_sim::time::Duration;

use super::marks;
use crate::parts::same_faults;

const BASE: Scenario = Scenario {
    preset: "correct",
    until: Duration::seconds(10),
    opens_at: Duration::millis(800),
    ..Scenario::BASE
};

/// Every message takes as long, so that a fault at an instant finds the same under every seed: each step takes
/// 800 ms, and the first is asked for at 1 s.
const STEADY: Scenario = Scenario {
    link: Some(Link::new(Latency::Constant(Duration::millis(400)))),
    ..BASE
};

const TRIP: &str = r#"1s request n1 "book""#;

/// The first is what `saga` alone means.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "all-book",
        title: "A flight, a hotel and a car, one after the other",
        summary: "Node 1 asks three services for a place, each when the one before has answered. All have one. Count \
                  the messages.",
        script: &[TRIP],
        view: View::BASE.stop(Stop::Mark(&marks::BOOKS)),
        beside: Some("saga/car-fails"),
        ..BASE
    },
    Scenario {
        id: "car-fails",
        title: "There is no car, and the rest is undone",
        summary: "The flight and the hotel are booked when the third step fails. Watch which way the messages go then.",
        params: &[("fails-at", "3")],
        script: &[TRIP],
        view: View::BASE.stop(Stop::Mark(&marks::REFUSES)),
        beside: Some("saga/all-book"),
        ..BASE
    },
    Scenario {
        id: "five-steps",
        title: "Five steps, and the fourth one fails",
        summary: "The steps are called T1 to T5, and what undoes them C1 to C5. T4 fails. Which of them will there be, \
                  and in which order?",
        params: &[("services", "5"), ("fails-at", "4")],
        script: &[TRIP],
        until: Duration::seconds(12),
        view: View::BASE.stop(Stop::Mark(&marks::REFUSES)),
        beside: Some("saga/choreography"),
        ..BASE
    },
    Scenario {
        id: "choreography",
        title: "The same failure, and nobody in the middle",
        summary: "Each service asks the next one. The fourth has no place, and tells the one before it. Compare the way \
                  of the messages, and how many there are.",
        preset: "choreography",
        params: &[("services", "5"), ("fails-at", "4")],
        script: &[TRIP],
        until: Duration::seconds(12),
        view: View::BASE.form(Form::Row).stop(Stop::Mark(&marks::REFUSES)),
        beside: Some("saga/five-steps"),
        ..BASE
    },
    Scenario {
        id: "answer-lost",
        title: "The hotel's answer is lost",
        summary: "The hotel has booked a room, and its answer is lost. Node 1 cannot know that, and asks again.",
        script: &[TRIP, "1s drop n3->n1#1"],
        view: View::BASE.stop(Stop::Mark(&marks::ASKS_AGAIN)),
        ..STEADY
    },
    Scenario {
        id: "undo-lost",
        title: "A compensation is lost on its way",
        summary: "There is no car. Node 1 asks the hotel to undo its step, and this message is lost.",
        params: &[("fails-at", "3")],
        script: &[TRIP, "1s drop n1->n3#2"],
        view: View::BASE.stop(Stop::Mark(&marks::ASKS_AGAIN)),
        beside: Some("saga/car-fails"),
        ..STEADY
    },
    Scenario {
        id: "late-step",
        title: "A step is late, and its compensation overtakes it",
        summary: "The question to the hotel is under way for so long that node 1 gives up and undoes that step as well. \
                  Then the question arrives.",
        params: &[("tries", "1")],
        script: &[TRIP, "1.9s delay n1->n3#1 4s"],
        view: View::BASE.stop(Stop::Mark(&marks::CANCELS)),
        ..STEADY
    },
    Scenario {
        id: "same-crash",
        title: "The same crash: nothing is locked, but half is booked",
        summary: "Node 1 crashes when the flight is booked, as the coordinator does under two-phase commit, and is back \
                  ten seconds later. Meanwhile somebody wants a flight.",
        script: &[
            TRIP,
            "1.8s crash n1",
            r#"4s request n2 "buy""#,
            "11.8s recover n1",
        ],
        until: Duration::seconds(20),
        view: View::panel(Panel::Measures).stop(Stop::At(Duration::millis(1_900))),
        beside: Some("two-phase-commit/coordinator-dies"),
        ..BASE
    },
    Scenario {
        id: "crash-in-undo",
        title: "The orchestrator crashes while it undoes",
        summary: "There is no car. The hotel is being undone when node 1 crashes. It is back some seconds later.",
        params: &[("fails-at", "3")],
        script: &[TRIP, "3.9s crash n1", "7s recover n1"],
        until: Duration::seconds(12),
        view: View::BASE.stop(Stop::Mark(&marks::GOES_ON)),
        beside: Some("saga/car-fails"),
        ..STEADY
    },
    Scenario {
        id: "last-seat",
        title: "The last seat is taken for a moment",
        summary: "There is one seat on the plane, and no car. The first trip has the seat when the second one asks for \
                  it. Watch how both end, and who has the seat.",
        params: &[("stock", "1"), ("fails-at", "3")],
        script: &[TRIP, r#"2s request n1 "book""#],
        view: View::panel(Panel::Measures).stop(Stop::Mark(&marks::REFUSES)),
        ..STEADY
    },
    Scenario {
        id: "five-services",
        title: "Five services, and one crashes on the way",
        summary: "Three of five steps are done when the service of the fourth crashes. It is back nine seconds later. \
                  Node 1 asks some times, and then?",
        params: &[("services", "5")],
        script: &[TRIP, "3s crash n5", "12s recover n5"],
        until: Duration::seconds(20),
        view: View::BASE.stop(Stop::Mark(&marks::ASKS_AGAIN)),
        ..STEADY
    },
    Scenario {
        id: "busy-services",
        title: "A trip every two seconds, while services crash",
        summary: "Trips over five services begin one after the other. Services and the orchestrator crash and come back. \
                  Watch how many trips end booked, undone, or half.",
        params: &[("services", "5"), ("every", "2000"), ("stock", "12")],
        script: &[
            "5s flaky n3 2s 6s",
            "9s crash n5",
            "16s recover n5",
            "22s crash n1",
            "26s recover n1",
            "40s recover n3",
            "45s set every=0",
        ],
        until: Duration::seconds(60),
        view: View::panel(Panel::Measures),
        ..BASE
    },
    Scenario {
        title: "Same faults, different algorithms: a saga",
        summary: "Trips over all services, one after the other. Node 1 crashes and comes back; then it is cut off with one \
                  service. The table below the measures gives the same to other algorithms.",
        preset: "correct",
        params: &[("services", "4"), ("stock", "30"), ("retry", "150")],
        script: same_faults::transactions![r#""book""#],
        ..same_faults::BASE
    },
];
