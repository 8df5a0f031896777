//! Runs under names a teacher would use.

use faultline_sim::descriptor::Scenario;
use faultline_sim::network::{Latency, Link};
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

/// The first is what `lamport` alone means.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "counters-jump",
        title: "Counters that jump",
        summary: "n3 has counted to 5 when it sends to n1, whose counter stands at 1. What will it \
                  show next? The larger of both, plus one.",
        script: JUMP,
        ..BASE
    },
    Scenario {
        id: "textbook-figure",
        title: "Six events of the textbook",
        summary: "Figure 14.6 of Coulouris et al.: a and b at n1, c and d at n2, e and f at n3 get 1, \
                  2, 3, 4, 1 and 5. Event e has a smaller number than b, and did not lead to it.",
        script: &[
            "500ms request n1 \"local\"",
            "700ms request n3 \"local\"",
            r#"1s request n1 {"send":{"to":2}}"#,
            r#"2500ms request n2 {"send":{"to":3}}"#,
        ],
        ..BASE
    },
    Scenario {
        id: "smaller-is-not-earlier",
        title: "A smaller number is no proof",
        summary: "n1 does one thing, n2 does four, and they never talk. The numbers still differ: how \
                  many pairs look ordered and are not?",
        params: &[("nodes", "2")],
        script: &[
            "500ms request n2 \"local\"",
            "900ms request n2 \"local\"",
            "1300ms request n2 \"local\"",
            "1700ms request n2 \"local\"",
            "2100ms request n1 \"local\"",
        ],
        ..BASE
    },
    Scenario {
        id: "who-was-first",
        title: "Two events with one number",
        summary: "Each node does one thing, and all get number 1. Without a tie-break nothing says \
                  whose turn it is; turn on \u{201c}tie-break\u{201d} and run again.",
        preset: "no-tie-break",
        script: &[
            "800ms request n3 \"local\"",
            "1400ms request n1 \"local\"",
            "2s request n2 \"local\"",
        ],
        ..BASE
    },
    Scenario {
        id: "deaf-counters",
        title: "Counters that never look at messages",
        summary: "The same acts as in the first run, but a receiver only adds one to its own counter. \
                  The effect gets a smaller number than its cause.",
        preset: "own-events-only",
        script: JUMP,
        ..BASE
    },
    Scenario {
        id: "everybody-talks",
        title: "Everybody talks",
        summary: "Six nodes act at random over links of very uneven speed. Watch the counters run \
                  together, and how many concurrent pairs have different numbers.",
        params: &[("nodes", "6"), ("chatter", "1500")],
        until: Duration::seconds(40),
        opens_at: Duration::seconds(3),
        link: Some(Link::new(Latency::Exponential {
            mean: Duration::millis(700),
        })),
        ..BASE
    },
];
