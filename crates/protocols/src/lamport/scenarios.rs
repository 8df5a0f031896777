//! Scenarios: prepared runs under the names a teacher would use.

use faultline_sim::descriptor::Scenario;
use faultline_sim::network::{Latency, Link};
use faultline_sim::standing::{Stop, View};
use faultline_sim::time::Duration;

const BASE: Scenario = Scenario {
    preset: "textbook",
    until: Duration::seconds(8),
    opens_at: Duration::millis(400),
    ..Scenario::BASE
};

/// n3 counts far ahead before it tells n1, and n1 tells n2.
const JUMP: &[&str] = &[
    "500ms request n1 \"local\"",
    "600ms request n3 \"local\"",
    "800ms request n3 \"local\"",
    "1s request n3 \"local\"",
    "1200ms request n3 \"local\"",
    r#"1400ms request n3 {"send":{"to":1}}"#,
    "2500ms request n2 \"local\"",
    r#"2800ms request n1 {"send":{"to":2}}"#,
];

/// The first is the one that `lamport` alone names.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "counters-jump",
        title: "A message makes a counter jump",
        summary: "Node 3 has counted to 5 when it sends to node 1, whose counter is at 1. What \
                  will node 1 show next?",
        script: JUMP,
        // The message is under way: what will node 1 show?
        view: View::BASE.stop(Stop::At(Duration::millis(1_600))),
        beside: Some("lamport/deaf-counters"),
        ..BASE
    },
    Scenario {
        id: "textbook-figure",
        title: "The textbook's six events",
        summary: "Figure 14.6 of Coulouris et al.: events a and b at node 1, c and d at node 2, e \
                  and f at node 3 get the numbers 1, 2, 3, 4, 1 and 5. Event e has a smaller \
                  number than b, but did not cause it.",
        script: &[
            "500ms request n1 \"local\"",
            "700ms request n3 \"local\"",
            r#"1s request n1 {"send":{"to":2}}"#,
            r#"2500ms request n2 {"send":{"to":3}}"#,
        ],
        view: View::BASE.diagram(),
        beside: Some("vector/textbook-figure"),
        ..BASE
    },
    Scenario {
        id: "smaller-is-not-earlier",
        title: "A smaller number does not mean earlier",
        summary: "Node 1 has one event, node 2 has four, and they never communicate. Their \
                  numbers still differ: how many pairs look ordered but are concurrent?",
        params: &[("nodes", "2")],
        script: &[
            "500ms request n2 \"local\"",
            "900ms request n2 \"local\"",
            "1300ms request n2 \"local\"",
            "1700ms request n2 \"local\"",
            "2100ms request n1 \"local\"",
        ],
        view: View::BASE.diagram(),
        ..BASE
    },
    Scenario {
        id: "who-was-first",
        title: "Events with equal numbers",
        summary: "Each node has one event, and all get the number 1. Which comes first? Turn on \
                  \u{201c}Events with equal numbers are ordered by node\u{201d} and run again.",
        preset: "no-tie-break",
        script: &[
            "800ms request n3 \"local\"",
            "1400ms request n1 \"local\"",
            "2s request n2 \"local\"",
        ],
        view: View::BASE.stop(Stop::Broken),
        ..BASE
    },
    Scenario {
        id: "deaf-counters",
        title: "Receivers ignore the message's number",
        summary: "The same events as in the first run, but a receiver only adds one to its own \
                  counter, whatever number the message carries.",
        preset: "own-events-only",
        script: JUMP,
        view: View::BASE.stop(Stop::Broken),
        beside: Some("lamport/counters-jump"),
        ..BASE
    },
    Scenario {
        id: "everybody-talks",
        title: "Six nodes talk at random",
        summary: "Six nodes create events at random, over links of very different speed. Watch \
                  the counters pull each other along, and how many concurrent pairs have \
                  different numbers.",
        params: &[("nodes", "6"), ("chatter", "1500")],
        until: Duration::seconds(40),
        opens_at: Duration::seconds(3),
        link: Some(Link::new(Latency::Exponential {
            mean: Duration::millis(700),
        })),
        beside: Some("vector/everybody-talks"),
        ..BASE
    },
];
