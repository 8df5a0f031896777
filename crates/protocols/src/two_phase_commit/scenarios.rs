//! Runs under names a teacher would use.

use faultline_sim::descriptor::Scenario;
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

/// Node 2 pays 2 to each of the others: every participant takes part, and the money lasts for 49.
const SHARE: &str = r#"1s request n1 {"share":{"from":2,"amount":2}}"#;

/// The first is what `two-phase-commit` alone means.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "all-agree",
        title: "All vote yes, and all commit",
        summary: "The coordinator asks three banks whether they can commit. All vote yes, it \
                  decides, and all apply the change. Count the messages.",
        script: &[SHARE],
        view: View::BASE.stop(Stop::Mark(&marks::DECIDES_COMMIT)),
        beside: Some("two-phase-commit/coordinator-dies"),
        ..BASE
    },
    Scenario {
        id: "one-votes-no",
        title: "One votes no, and nothing happens anywhere",
        summary: "Node 2 should pay 120 to each of the others and has only 100. It votes no, and \
                  the coordinator aborts the transaction for all.",
        script: &[r#"1s request n1 {"share":{"from":2,"amount":120}}"#],
        view: View::BASE.stop(Stop::Mark(&marks::VOTES_NO)),
        beside: Some("two-phase-commit/all-agree"),
        ..BASE
    },
    Scenario {
        id: "coordinator-dies",
        title: "The coordinator crashes after the votes",
        summary: "All three banks have voted yes when the coordinator crashes. It is back ten \
                  seconds later. What may the banks do until then?",
        script: &[SHARE, "1.8s crash n1", "11.8s recover n1"],
        until: Duration::seconds(20),
        view: View::panel(Panel::Measures).stop(Stop::At(Duration::millis(1_900))),
        beside: Some("two-phase-commit/all-agree"),
        ..BASE
    },
    Scenario {
        id: "ask-each-other",
        title: "One bank knows the decision",
        summary: "The coordinator decides and crashes when only node 2 has heard. Here the banks \
                  may ask each other (cooperative termination). Switch that off and run again.",
        preset: "cooperative",
        script: &[
            SHARE,
            "1s drop n1->n3#2",
            "1s drop n1->n4#2",
            "2.4s crash n1",
        ],
        until: Duration::seconds(20),
        view: View::BASE.stop(Stop::Mark(&marks::UNCERTAIN)),
        beside: Some("two-phase-commit/coordinator-dies"),
        ..BASE
    },
    Scenario {
        id: "two-want-one-row",
        title: "Two transfers want one row",
        summary: "Two transfers change the row of node 3, one shortly after the other. Each has \
                  to lock the row first.",
        script: &[
            r#"1s request n1 {"transfer":{"from":2,"to":3,"amount":10}}"#,
            r#"1.1s request n1 {"transfer":{"from":3,"to":4,"amount":20}}"#,
        ],
        view: View::BASE.stop(Stop::Mark(&marks::WAITS)),
        ..BASE
    },
    Scenario {
        id: "decides-alone",
        title: "A participant stops waiting",
        summary: "Node 2 is cut off after its yes. When it has waited for three seconds, it \
                  decides alone.",
        preset: "decides-alone",
        params: &[("every", "0")],
        script: &[
            SHARE,
            "1s drop n1->n2#2",
            "1s drop n1->n2#3",
            "1s drop n1->n2#4",
        ],
        until: Duration::seconds(15),
        view: View::BASE.stop(Stop::Broken),
        beside: Some("two-phase-commit/all-agree"),
        ..BASE
    },
    Scenario {
        id: "forgotten-yes",
        title: "A yes is forgotten in a crash",
        summary: "Node 3 votes yes, crashes and forgets its vote. The others know nothing about \
                  that.",
        preset: "forgets-vote",
        params: &[("every", "0")],
        script: &[SHARE, "1.7s crash n3", "1.9s recover n3"],
        until: Duration::seconds(12),
        view: View::BASE.stop(Stop::Broken),
        beside: Some("two-phase-commit/all-agree"),
        ..BASE
    },
    Scenario {
        id: "busy-banks",
        title: "Ten transfers a minute on crashing banks",
        summary: "Transfers go on while banks crash and restart. Watch how many are committed, \
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
        ..BASE
    },
    Scenario {
        id: "crash-points",
        title: "Twelve transactions, twelve crashes",
        summary: "In every transaction the coordinator crashes, each time a little later, and comes back a second \
                  later. Watch the measures: after how many crashes does a bank wait for it?",
        params: &[("uncertain", "300"), ("retry", "300")],
        script: bank::CRASH_POINTS,
        link: Some(bank::QUICK),
        pace: 0.1,
        until: Duration::seconds(26),
        view: View::panel(Panel::Measures),
        beside: Some("three-phase-commit/crash-points"),
        ..BASE
    },
    Scenario {
        title: "Same faults, different algorithms: two-phase commit",
        summary: "Transactions in which all banks take part, one after the other. The coordinator crashes and comes back; \
                  then it is cut off with one bank. The table below the measures gives the same to other algorithms.",
        preset: "correct",
        params: &[
            ("participants", "4"),
            ("votes", "100"),
            ("uncertain", "150"),
            ("retry", "150"),
        ],
        script: same_faults::shares![],
        ..same_faults::BASE
    },
];
