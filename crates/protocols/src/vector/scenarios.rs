//! Scenarios: prepared runs under the names a teacher would use.

use faultline_sim::descriptor::Scenario;
use faultline_sim::network::{Latency, Link};
use faultline_sim::standing::{Stop, View};
use faultline_sim::time::Duration;

use crate::clocks::marks::HOLDS_BACK;

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

/// The first is the one that `vector` alone names.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "demo",
        title: "Three nodes with the curriculum's program",
        summary: "Nodes 1, 2 and 3 are the program's A, B and C. Sending does not tick. Which \
                  events are concurrent at the end?",
        preset: "as-written",
        script: DEMO,
        // The first message is under way.
        view: View::BASE.stop(Stop::At(Duration::millis(1_200))),
        beside: Some("vector/sending-ticks"),
        ..BASE
    },
    Scenario {
        id: "sending-ticks",
        title: "The same events when sending ticks",
        summary: "The same events under the textbook's rule: the clock ticks before a message \
                  leaves. The numbers differ, but before, after and concurrent stay the same.",
        script: DEMO,
        beside: Some("vector/demo"),
        ..BASE
    },
    Scenario {
        id: "textbook-figure",
        title: "The textbook's six events",
        summary: "Figure 14.7 of Coulouris et al.: a and b at node 1, c and d at node 2, e and f \
                  at node 3. Which events can have caused which?",
        script: &[
            "500ms request n1 \"local\"",
            "700ms request n3 \"local\"",
            r#"1s request n1 {"send":{"to":2}}"#,
            r#"2500ms request n2 {"send":{"to":3}}"#,
        ],
        view: View::BASE.diagram(),
        beside: Some("lamport/textbook-figure"),
        ..BASE
    },
    Scenario {
        id: "forgot-to-copy",
        title: "A program forgets to copy its vector",
        summary: "Node 1 sends its own array, not a copy, and goes on counting while the message \
                  is in flight.",
        preset: "no-copy",
        script: &[
            "300ms slow n1->n2 1s",
            "500ms request n1 \"local\"",
            r#"700ms request n1 {"send":{"to":2}}"#,
            "1100ms request n1 \"local\"",
            "1500ms request n1 \"local\"",
        ],
        view: View::BASE.stop(Stop::Broken),
        ..BASE
    },
    Scenario {
        id: "uncopied-demo",
        title: "The same events without the copy",
        summary: "The events of the demo, in a program that forgets to copy its vector before it \
                  sends it. Every rule holds, so far.",
        preset: "as-written",
        switches: &[("copy", false)],
        script: DEMO,
        beside: Some("vector/demo"),
        ..BASE
    },
    Scenario {
        id: "answer-before-question",
        title: "A question takes the slow link",
        summary: "Node 1 broadcasts a question, and node 2 broadcasts the answer. The link from \
                  node 1 to node 3 is slow. Turn on \u{201c}A message waits for the broadcasts \
                  that may have caused it\u{201d} and run again.",
        preset: "no-waiting",
        script: QUESTION,
        view: View::BASE.stop(Stop::Broken),
        beside: Some("vector/question-first"),
        ..BASE
    },
    Scenario {
        id: "question-first",
        title: "The answer waits for its question",
        summary: "The same events with causal delivery: node 3 receives the answer early and \
                  holds it back until the question arrives. Look at node 3: it shows which \
                  message waits, and for which broadcast.",
        script: QUESTION,
        view: View::BASE.stop(Stop::Mark(&HOLDS_BACK)),
        beside: Some("vector/answer-before-question"),
        ..BASE
    },
    Scenario {
        id: "everybody-talks",
        title: "Six nodes talk at random",
        summary: "Six nodes create events at random, over links of very different speed. Which \
                  events can have caused which? The stamps tell, and messages that arrive too \
                  early wait.",
        params: &[("nodes", "6"), ("chatter", "1500")],
        until: Duration::seconds(40),
        opens_at: Duration::seconds(3),
        link: Some(Link::new(Latency::Exponential {
            mean: Duration::millis(700),
        })),
        beside: Some("lamport/everybody-talks"),
        ..BASE
    },
];
