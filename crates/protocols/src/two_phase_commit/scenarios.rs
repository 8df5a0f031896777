//! Runs under names a teacher would use.

use faultline_sim::descriptor::Scenario;
use faultline_sim::standing::{Panel, Stop, View};
use faultline_sim::time::Duration;

use super::marks;

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
        summary: "The coordinator asks three banks whether they can commit. All vote yes, it decides, and \
                  all apply the change. Count the messages: four for each participant.",
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
        title: "The coordinator dies, and the participants are blocked",
        summary: "All have voted yes when the coordinator crashes. Nobody else may decide, so three rows \
                  stay locked for the ten seconds until it is back.",
        script: &[SHARE, "1.8s crash n1", "11.8s recover n1"],
        until: Duration::seconds(20),
        view: View::panel(Panel::Measures).stop(Stop::At(Duration::millis(1_900))),
        beside: Some("two-phase-commit/all-agree"),
        ..BASE
    },
    Scenario {
        id: "ask-each-other",
        title: "One participant knows the decision and tells the others",
        summary: "The coordinator decides to commit and crashes when only node 2 has heard. With \
                  cooperative termination the others ask node 2. Switch it off: they wait.",
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
        title: "Two transfers want one row: the second waits",
        summary: "Two transfers change the row of node 3. The first one locks it; the second waits until \
                  the first is decided.",
        script: &[
            r#"1s request n1 {"transfer":{"from":2,"to":3,"amount":10}}"#,
            r#"1.1s request n1 {"transfer":{"from":3,"to":4,"amount":20}}"#,
        ],
        view: View::BASE.stop(Stop::Mark(&marks::WAITS)),
        ..BASE
    },
    Scenario {
        id: "decides-alone",
        title: "A participant stops waiting, and money appears",
        summary: "Node 2 is cut off after its yes. It does not wait for the decision and aborts alone, while \
                  the others commit.",
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
        summary: "Node 3 votes yes, crashes and forgets its vote. The others commit; its part of the transfer \
                  is lost.",
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
        summary: "Transfers go on while banks crash and restart. However many fail, the total stays the \
                  same.",
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
];
