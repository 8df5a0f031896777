//! What clients are told while the network is cut, held against one copy of the data.

use faultline_sim::descriptor::Scenario;
use faultline_sim::standing::{Panel, Stop, View};
use faultline_sim::time::Duration;

use super::{HOME, N1_LEADS, marks};

/// One client reads at the new leader, and then another one reads at the old leader.
pub(super) const SECOND_READ: Scenario = Scenario {
    id: "second-read",
    title: "Two reads, one after the other",
    summary: "Node 1 is cut off, and node 4 leads. A client at node 4 changes x from old to new and \
              reads it. Then a client at node 1 reads x.",
    script: &[
        N1_LEADS,
        r#"150ms request n1 {"write":{"key":"x","value":"old"}}"#,
        "300ms partition n1|n2,n3,n4,n5",
        "400ms fire n4 ElectionTimeout",
        r#"550ms request n4 {"write":{"key":"x","value":"new"}}"#,
        r#"620ms request n4 {"read":{"key":"x"}}"#,
        r#"700ms request n1 {"read":{"key":"x"}}"#,
    ],
    opens_at: Duration::millis(530),
    view: View::panel(Panel::Requests).stop(Stop::Mark(&marks::ASKS_AGAIN)),
    ..HOME
};

/// Three clients go on through a partition and a crash.
pub(super) const JUDGED: Scenario = Scenario {
    id: "judged",
    title: "Three clients, a partition, a crash and a judge",
    summary: "Three clients read and write x all the time. The leader is cut off with one of them, \
              the network heals, and another server crashes. A judge checks all answers.",
    params: &[
        ("clients", "3"),
        ("every", "60"),
        ("reads", "80"),
        ("compares", "10"),
        ("tries", "3"),
    ],
    script: &[
        N1_LEADS,
        "700ms partition n1,n6|n2,n3,n4,n5,n7,n8",
        "760ms fire n4 ElectionTimeout",
        "1500ms heal",
        "1900ms crash n3",
        "2400ms recover n3",
    ],
    until: Duration::seconds(3),
    opens_at: Duration::millis(600),
    view: View::panel(Panel::Requests).stop(Stop::At(Duration::millis(1_000))),
    beside: Some("raft/judged-at-once"),
    ..HOME
};

/// The same with reads that nobody confirms.
pub(super) const JUDGED_AT_ONCE: Scenario = Scenario {
    id: "judged-at-once",
    title: "The same three clients, and a leader that answers at once",
    summary: "The same partition and the same crash. A leader answers reads from its own memory and \
              asks nobody. The judge counts the answers that cannot be true.",
    preset: "unconfirmed-reads",
    view: View::panel(Panel::Measures),
    beside: Some("raft/judged"),
    ..JUDGED
};

/// The same clients, no fault yet, and a rule that nobody names.
pub(super) const WHICH_RULE: Scenario = Scenario {
    id: "which-rule",
    title: "One rule is missing",
    summary: "Three clients read and write x. One of five safety rules is off, and the page does not \
              say which. Break something until a law breaks, then work out which rule it was.",
    preset: "one-rule-off",
    script: &[N1_LEADS],
    beside: None,
    ..JUDGED
};
