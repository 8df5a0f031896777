//! Runs under names a teacher would use.

use faultline_sim::descriptor::Scenario;
use faultline_sim::network::{Latency, Link};
use faultline_sim::standing::{Panel, Stop, View};
use faultline_sim::time::Duration;

use super::marks;
use crate::parts::{bank, same_faults};

const BASE: Scenario = Scenario {
    preset: "correct",
    until: Duration::seconds(10),
    opens_at: Duration::millis(800),
    ..Scenario::BASE
};

/// Node 2 pays 2 to each of the others: every participant takes part.
const SHARE: &str = r#"1s request n1 {"share":{"from":2,"amount":2}}"#;

/// Every message takes as long, so that a fault at an instant finds the same under every seed. The pre-commit
/// leaves for node 2 at 2 s, for the next ones after a gap each.
const STEADY: Scenario = Scenario {
    link: Some(Link::new(Latency::Constant(Duration::millis(400)))),
    until: Duration::seconds(20),
    ..BASE
};

/// The first is what `three-phase-commit` alone means.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "all-agree",
        title: "All vote yes, and all learn it before they commit",
        summary: "Three banks take part in one transaction. Between the votes and the commit there is one more \
                  phase. Count the messages.",
        script: &[SHARE],
        view: View::BASE.stop(Stop::Mark(&marks::PRE_COMMITS)),
        beside: Some("two-phase-commit/all-agree"),
        ..BASE
    },
    Scenario {
        id: "one-votes-no",
        title: "One votes no, and nothing happens anywhere",
        summary: "Node 2 should pay 120 to each of the others and has only 100. It votes no. Which of the phases \
                  are left out?",
        script: &[r#"1s request n1 {"share":{"from":2,"amount":120}}"#],
        view: View::BASE.stop(Stop::Mark(&marks::VOTES_NO)),
        beside: Some("two-phase-commit/one-votes-no"),
        ..BASE
    },
    Scenario {
        id: "coordinator-dies",
        title: "The same crash: no coordinator after the votes",
        summary: "All three banks have voted yes when the coordinator crashes, as in the run of two-phase commit. \
                  It is back ten seconds later. What can the banks do until then?",
        script: &[SHARE, "1.8s crash n1", "11.8s recover n1"],
        until: Duration::seconds(20),
        view: View::panel(Panel::Measures).stop(Stop::At(Duration::millis(1_900))),
        beside: Some("two-phase-commit/coordinator-dies"),
        ..BASE
    },
    Scenario {
        id: "one-knows-more",
        title: "The coordinator crashes when one bank knows more",
        summary: "All have voted yes. The coordinator has told only node 2 so when it crashes. Nodes 3 and 4 are \
                  still uncertain.",
        script: &[SHARE, "2.02s crash n1"],
        view: View::BASE.stop(Stop::Mark(&marks::PREPARES)),
        beside: Some("three-phase-commit/coordinator-dies"),
        ..STEADY
    },
    Scenario {
        id: "it-crashes-too",
        title: "The bank that knew more crashes, too",
        summary: "Only node 2 hears that all agreed. Then it crashes like the coordinator, and is back ten seconds \
                  later. It still knows what it heard.",
        script: &[SHARE, "2.02s crash n1", "2.6s crash n2", "13s recover n2"],
        view: View::BASE.stop(Stop::Mark(&marks::LEADS)),
        beside: Some("three-phase-commit/one-knows-more"),
        ..STEADY
    },
    Scenario {
        id: "back-and-asks",
        title: "A bank crashes after its vote and comes back",
        summary: "Node 3 votes yes, crashes, and is back four seconds later. It knows that it voted, and not what \
                  came of it.",
        script: &[SHARE, "1.8s crash n3", "6s recover n3"],
        view: View::BASE.stop(Stop::Mark(&marks::ASKS)),
        ..STEADY
    },
    Scenario {
        id: "partition",
        title: "A partition when two of three banks know more",
        summary: "The coordinator tells all banks that all agreed. A partition cuts off node 4 before it hears \
                  that. Nobody crashes.",
        script: &[SHARE, "2.2s partition n1,n2,n3|n4", "16s heal"],
        until: Duration::seconds(22),
        view: View::panel(Panel::Measures).stop(Stop::At(Duration::millis(2_250))),
        beside: Some("three-phase-commit/one-knows-more"),
        ..STEADY
    },
    Scenario {
        id: "one-commit",
        title: "Four lines, one commit, three banks",
        summary: "A program says: begin; node 2 pays 2 to node 3; node 2 pays 2 to node 4; commit. It reads as if \
                  there were one machine.",
        script: &[SHARE],
        view: View::panel(Panel::Requests),
        beside: Some("three-phase-commit/local"),
        ..BASE
    },
    Scenario {
        id: "local",
        title: "A transaction at one bank, then one at three",
        summary: "At 1 s somebody pays in 10 at node 3. At 2 s node 2 pays 2 to each of the others. Watch the messages \
                  of the first and of the second.",
        script: &[
            r#"1s request n3 {"deposit":{"amount":10}}"#,
            r#"2s request n1 {"share":{"from":2,"amount":2}}"#,
        ],
        view: View::panel(Panel::Measures).stop(Stop::Mark(&marks::PAYS_IN)),
        ..BASE
    },
    Scenario {
        id: "crash-points",
        title: "Twelve transactions, twelve crashes",
        summary: "In every transaction the coordinator crashes, each time a little later, and comes back a second \
                  later. The same run under two-phase commit is beside it.",
        params: &[
            ("answers", "200"),
            ("silence", "300"),
            ("retry", "200"),
            ("gap", "5"),
        ],
        script: bank::CRASH_POINTS,
        link: Some(bank::QUICK),
        pace: 0.1,
        until: Duration::seconds(26),
        view: View::panel(Panel::Measures),
        beside: Some("two-phase-commit/crash-points"),
        ..BASE
    },
    Scenario {
        id: "busy-banks",
        title: "Transfers on banks that crash and come back",
        summary: "Transfers go on while banks and the coordinator crash and restart. Watch how long rows stay locked, \
                  and the total.",
        params: &[("every", "2000"), ("participants", "4")],
        script: &[
            "5s flaky n3 2s 6s",
            "9s crash n1",
            "14s recover n1",
            "30s recover n3",
        ],
        until: Duration::seconds(60),
        view: View::panel(Panel::Measures),
        beside: Some("two-phase-commit/busy-banks"),
        ..BASE
    },
    Scenario {
        title: "Same faults, different algorithms: three-phase commit",
        summary: "Transactions in which all banks take part, one after the other. The coordinator crashes and comes back; \
                  then it is cut off with one bank. The table below the measures gives the same to other algorithms.",
        preset: "correct",
        params: &[
            ("participants", "4"),
            ("answers", "100"),
            ("silence", "150"),
            ("retry", "150"),
            ("gap", "5"),
        ],
        script: same_faults::shares![],
        ..same_faults::BASE
    },
];
