//! Three servers. Nodes 1 and 2 cannot reach each other, so node 3 is in both of their majorities: what it
//! forgets, nobody else knows. Heartbeats are rare, so that nothing else comes between.

use faultline_sim::descriptor::Scenario;
use faultline_sim::standing::{Stop, View};
use faultline_sim::time::Duration;

use super::{BASE, N1_LEADS, STEADY, marks};

/// Node 1's first message to node 3 is its prepare, the second a heartbeat, the third its accept.
pub const FORGOTTEN_PROMISE: Scenario = Scenario {
    id: "forgotten-promise",
    title: "A promise is forgotten in a crash",
    summary: "Node 1 proposes red for slot 1, and that message is late. Meanwhile node 3 promises the \
              higher ballot of node 2, crashes, restarts, and has forgotten its promise. Turn on \u{201c}A \
              server remembers its promise after a crash\u{201d} and run again.",
    preset: "forgets-promise",
    params: &[("nodes", "3"), ("timeout", "2500"), ("heartbeat", "1000")],
    script: &[
        "0s cut n1-n2",
        N1_LEADS,
        "42ms delay n1->n3#3 25ms",
        r#"45ms request n1 {"write":{"key":"x","value":"red"}}"#,
        "50ms fire n2 ElectionTimeout",
        "70ms crash n3",
        "80ms recover n3",
        r#"105ms request n2 {"write":{"key":"x","value":"blue"}}"#,
    ],
    until: Duration::seconds(1),
    opens_at: Duration::millis(38),
    link: Some(STEADY),
    view: View::BASE.stop(Stop::Broken),
    beside: Some("multi-paxos/kept-promise"),
    ..BASE
};

pub const KEPT_PROMISE: Scenario = Scenario {
    id: "kept-promise",
    title: "The same crash, and the promise is on disk",
    summary: "Node 3 promises the ballot of node 2, crashes and restarts. Then the late message of node 1 \
              arrives, in a lower ballot.",
    preset: "correct",
    view: View::BASE.stop(Stop::Mark(&marks::REFUSES)),
    beside: Some("multi-paxos/forgotten-promise"),
    ..FORGOTTEN_PROMISE
};

pub const FORGOTTEN_SLOT: Scenario = Scenario {
    id: "forgotten-slot",
    title: "A confirmed write is forgotten in a crash",
    summary: "Nodes 1 and 3 have accepted red in slot 1, and the client has its answer. Node 3 crashes and \
              restarts without it, and node 1 crashes. Node 2 leads next. Turn on \u{201c}A server remembers \
              after a crash what it has accepted\u{201d} and run again.",
    preset: "forgets-slots",
    script: &[
        "0s cut n1-n2",
        N1_LEADS,
        r#"45ms request n1 {"write":{"key":"x","value":"red"}}"#,
        "80ms crash n3",
        "90ms recover n3",
        "95ms crash n1",
        "100ms fire n2 ElectionTimeout",
        r#"135ms request n2 {"write":{"key":"x","value":"blue"}}"#,
    ],
    beside: Some("multi-paxos/half-done"),
    ..FORGOTTEN_PROMISE
};

pub const CRASH_IN_MID_WRITE: Scenario = Scenario {
    id: "crash-in-mid-write",
    title: "A crash during a disk write",
    summary: "The disk of node 3 is slow. It tells node 1 that it has accepted red, while it is still writing \
              that. Then it crashes and restarts without it. Turn on \u{201c}A node answers only after its \
              disk write is done\u{201d} and run again.",
    preset: "answers-first",
    script: &[
        "0s cut n1-n2",
        "0s disk n3 200ms",
        N1_LEADS,
        r#"45ms request n1 {"write":{"key":"x","value":"red"}}"#,
        "80ms crash n3",
        "90ms recover n3",
        "95ms crash n1",
        "100ms fire n2 ElectionTimeout",
        r#"135ms request n2 {"write":{"key":"x","value":"blue"}}"#,
    ],
    beside: Some("multi-paxos/half-done"),
    ..FORGOTTEN_PROMISE
};
