//! Voters that change: one at a time, all at once, and too early.

use faultline_sim::descriptor::Scenario;
use faultline_sim::standing::{Panel, Stop, View};
use faultline_sim::time::Duration;

use super::{HOME, N1_LEADS, STEADY, marks};

/// A server joins, and the majority grows with it.
pub(super) const FOURTH: Scenario = Scenario {
    id: "fourth-server",
    title: "A fourth server joins, and two crash",
    summary: "Three servers, and a fourth one is added: first it gets the log, then it votes. Later two servers crash, \
              and one of them restarts.",
    params: &[
        ("nodes", "3"),
        ("clients", "1"),
        ("every", "100"),
        ("membership", "single"),
    ],
    script: &[
        N1_LEADS,
        "500ms add",
        "1500ms crash n2",
        "2000ms crash n3",
        "3000ms recover n3",
    ],
    until: Duration::seconds(4),
    opens_at: Duration::millis(460),
    view: View::panel(Panel::Requests).stop(Stop::Mark(&marks::CHANGES_VOTERS)),
    ..HOME
};

/// A server that is voted out while it cannot hear of it.
pub(super) const REMOVED: Scenario = Scenario {
    id: "removed-server",
    title: "A removed server does not know and starts elections",
    summary: "Node 5 takes the place of node 3 while node 3 is cut off. After the heal, nobody sends node 3 heartbeats \
              any more. Turn on \u{201c}A server asks whether it could win before it starts a term (PreVote)\u{201d} \
              and run again.",
    params: &[
        ("nodes", "3"),
        ("clients", "1"),
        ("every", "150"),
        ("membership", "single"),
    ],
    script: &[
        N1_LEADS,
        "200ms add",
        "600ms partition n1,n2,n4,n5|n3",
        "700ms set voters=1,2,5",
        "1500ms heal",
    ],
    until: Duration::seconds(5),
    opens_at: Duration::millis(560),
    view: View::panel(Panel::Measures).stop(Stop::Mark(&marks::STEPS_DOWN)),
    beside: Some("raft/removed-server-asks"),
    ..HOME
};

pub(super) const REMOVED_ASKS_FIRST: Scenario = Scenario {
    id: "removed-server-asks",
    title: "PreVote: a removed server disturbs nobody",
    summary: "The same change while node 3 is cut off, and PreVote. Node 3 asks the others first whether it could win.",
    preset: "steady",
    view: View::panel(Panel::Measures).stop(Stop::Mark(&marks::ASKS_FIRST)),
    beside: Some("raft/removed-server"),
    ..REMOVED
};

/// The schedule that showed the missing rule in 2015: each of two leaders changes one server, and their majorities
/// share nobody.
pub(super) const TWO_CHANGES: Scenario = Scenario {
    id: "two-changes",
    title: "Two leaders change the voters",
    summary: "Node 1 adds node 5 and is cut off with it. Node 2 is elected and wants to remove node 1. Turn off \
              \u{201c}A leader changes the voters only after it has committed an entry of its own term\u{201d} and \
              run again.",
    params: &[
        ("nodes", "4"),
        ("membership", "single"),
        ("timeout", "2000"),
    ],
    script: &[
        "10ms fire n1 ElectionTimeout",
        "100ms add",
        "160ms partition n1,n5|n2,n3,n4",
        "220ms set voters=2,3,4",
        "230ms fire n2 ElectionTimeout",
        "241ms partition n1,n5|n2,n3|n4",
        r#"270ms request n2 {"write":{"key":"x","value":"two"}}"#,
        "315ms partition n1,n4,n5|n2,n3",
        "340ms fire n1 ElectionTimeout",
        r#"365ms request n1 {"write":{"key":"x","value":"one"}}"#,
    ],
    until: Duration::seconds(1),
    opens_at: Duration::millis(95),
    pace: 0.012,
    link: Some(STEADY),
    view: View::BASE.stop(Stop::Mark(&marks::CHANGES_VOTERS)),
    ..HOME
};

/// Three servers take the place of three others, by six changes.
pub(super) const ONE_BY_ONE: Scenario = Scenario {
    id: "replace-one-by-one",
    title: "Three servers are replaced, one at a time",
    summary: "Nodes 5, 6 and 7 take the place of nodes 1, 2 and 3 while a client writes. Each change adds or removes \
              one voter and is committed before the next one.",
    params: &[
        ("nodes", "3"),
        ("clients", "1"),
        ("every", "100"),
        ("membership", "single"),
        ("voters", "1,2,3"),
    ],
    script: &[
        N1_LEADS,
        "200ms add",
        "200ms add",
        "200ms add",
        "600ms set voters=5,6,7",
        "2500ms remove n2",
        "2500ms remove n3",
        "2600ms remove n1",
    ],
    until: Duration::seconds(4),
    opens_at: Duration::millis(560),
    view: View::panel(Panel::Measures).stop(Stop::Mark(&marks::CHANGES_VOTERS)),
    beside: Some("raft/replace-jointly"),
    ..HOME
};

/// The same by joint consensus.
pub(super) const ALL_AT_ONCE: Scenario = Scenario {
    id: "replace-jointly",
    title: "Three servers are replaced at once, by joint consensus",
    summary: "The same nodes are replaced. For a while the leader needs a majority of the old voters and a majority of \
              the new ones.",
    params: &[
        ("nodes", "3"),
        ("clients", "1"),
        ("every", "100"),
        ("membership", "joint"),
        ("voters", "1,2,3"),
    ],
    beside: Some("raft/replace-one-by-one"),
    ..ONE_BY_ONE
};
