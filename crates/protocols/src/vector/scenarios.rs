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

/// The curriculum's program: A is n1, B is n2, C is n3.
const DEMO: &[&str] = &[
    "500ms request n1 \"local\"",
    r#"1s request n1 {"send":{"to":2}}"#,
    "2200ms request n2 \"local\"",
    "2600ms request n3 \"local\"",
    "3s request n3 \"local\"",
    r#"3400ms request n3 {"send":{"to":1}}"#,
];

/// n1 asks all; n2 answers all as soon as it has the question; the way from n1 to n3 is slow.
const QUESTION: &[&str] = &[
    "0s slow n1->n3 2500ms",
    r#"500ms request n1 {"broadcast":{"text":"the question"}}"#,
    r#"1500ms request n2 {"broadcast":{"text":"the answer"}}"#,
];

/// The first is what `vector` alone means.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "demo",
        title: "Three nodes, as written",
        summary: "The curriculum's program: n1, n2 and n3 are its A, B and C. Sending does not tick. \
                  In the end n1 and n2 are concurrent, and n1 is after n3.",
        preset: "as-written",
        script: DEMO,
        ..BASE
    },
    Scenario {
        id: "sending-ticks",
        title: "The same with sending as an event",
        summary: "The same acts under the textbook's rule: the clock ticks before a message leaves. \
                  The numbers differ, the answers do not.",
        script: DEMO,
        ..BASE
    },
    Scenario {
        id: "textbook-figure",
        title: "Six events of the textbook",
        summary: "Figure 14.7 of Coulouris et al.: a and b at n1, c and d at n2, e and f at n3. Event \
                  e is concurrent with a, b, c and d; f comes after all five.",
        script: &[
            "500ms request n1 \"local\"",
            "700ms request n3 \"local\"",
            r#"1s request n1 {"send":{"to":2}}"#,
            r#"2500ms request n2 {"send":{"to":3}}"#,
        ],
        ..BASE
    },
    Scenario {
        id: "forgot-to-copy",
        title: "The program that forgot to copy",
        summary: "n1 sends its own array and then counts on. The message changes while it is under \
                  way, and n2 claims to know of events that nothing has told it of.",
        preset: "no-copy",
        script: &[
            "300ms slow n1->n2 1s",
            "500ms request n1 \"local\"",
            r#"700ms request n1 {"send":{"to":2}}"#,
            "1100ms request n1 \"local\"",
            "1500ms request n1 \"local\"",
        ],
        ..BASE
    },
    Scenario {
        id: "answer-before-question",
        title: "The answer comes before the question",
        summary: "n1 asks all, n2 answers all. The way from n1 to n3 is slow, so n3 hears the answer \
                  first and takes it. Turn on \u{201c}causal\u{201d} and run again.",
        preset: "no-waiting",
        script: QUESTION,
        ..BASE
    },
    Scenario {
        id: "question-first",
        title: "The answer waits for its question",
        summary: "The same acts with causal delivery: n3 has the answer and holds it back until the \
                  question has come. Look at what n3 keeps waiting, and for which broadcast.",
        script: QUESTION,
        ..BASE
    },
    Scenario {
        id: "everybody-talks",
        title: "Everybody talks",
        summary: "Six nodes act at random over links of very uneven speed. Which events can have \
                  caused which? The stamps know, and messages that come too early wait.",
        params: &[("nodes", "6"), ("chatter", "1500")],
        until: Duration::seconds(40),
        opens_at: Duration::seconds(3),
        link: Some(Link::new(Latency::Exponential {
            mean: Duration::millis(700),
        })),
        ..BASE
    },
];
