//! Runs under names a teacher would use.

use faultline_sim::descriptor::Scenario;
use faultline_sim::standing::{Panel, Stop, View};
use faultline_sim::time::Duration;

use super::marks;

const BASE: Scenario = Scenario {
    preset: "correct",
    params: &[("interval", "0")],
    until: Duration::seconds(8),
    opens_at: Duration::millis(1_500),
    ..Scenario::BASE
};

/// Checkpoints while money flies, and one crash.
const CRASH: Scenario = Scenario {
    params: &[],
    script: &["14s crash n3", "16s recover n3"],
    until: Duration::seconds(30),
    opens_at: Duration::seconds(13),
    view: View::panel(Panel::Measures)
        .diagram()
        .stop(Stop::Mark(&marks::ROLLS_BACK)),
    ..BASE
};

const BEGIN: &str = r#"2s request n2 "begin""#;

/// The first is what `snapshot` alone means.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "money-flies",
        title: "A snapshot while money is on its way",
        summary: "Four branches send money to each other all the time. Node 2 begins a snapshot. Follow the \
                  markers, and see what node 1 counts in the end.",
        script: &[BEGIN],
        view: View::BASE.diagram().stop(Stop::Mark(&marks::RECORDS)),
        beside: Some("snapshot/balances-only"),
        ..BASE
    },
    Scenario {
        id: "balances-only",
        title: "Only the balances are added up",
        summary: "The same snapshot, but no branch records what is on its way to it.",
        preset: "balances-only",
        script: &[BEGIN],
        view: View::BASE.diagram().stop(Stop::Broken),
        beside: Some("snapshot/money-flies"),
        ..BASE
    },
    Scenario {
        id: "overtaken",
        title: "A payment overtakes a marker",
        summary: "Node 2 records its state and sends its markers. Then it pays 20 to node 3, and this money is \
                  faster than the marker. Channels do not keep the order here.",
        preset: "out-of-order",
        params: &[("interval", "0"), ("every", "0")],
        script: &[
            BEGIN,
            r#"2010ms request n2 {"pay":{"to":3,"amount":20}}"#,
            "2015ms delay n2->n3#1 600ms",
        ],
        view: View::BASE.diagram().stop(Stop::Mark(&marks::RECORDS)),
        beside: Some("snapshot/late-markers"),
        ..BASE
    },
    Scenario {
        id: "late-markers",
        title: "The markers leave a second late",
        summary: "Each branch records its state at once, but sends its markers only a second later. Payments go on in between.",
        preset: "late-markers",
        script: &[BEGIN],
        view: View::BASE.diagram().stop(Stop::Broken),
        beside: Some("snapshot/money-flies"),
        ..BASE
    },
    Scenario {
        id: "two-begin",
        title: "Two branches begin at once",
        summary: "Nodes 2 and 4 begin a snapshot at the same instant, and neither knows of the other.",
        script: &[BEGIN, r#"2s request n4 "begin""#],
        view: View::BASE.diagram().stop(Stop::Mark(&marks::RECORDS)),
        beside: Some("snapshot/money-flies"),
        ..BASE
    },
    Scenario {
        id: "checkpoints",
        title: "A branch crashes and goes back to a snapshot",
        summary: "After each ten payments of node 1, a snapshot saves the state of all. Node 3 crashes, comes \
                  back and returns to its checkpoint. Who must follow, and how much work is undone?",
        beside: Some("snapshot/no-plan"),
        ..CRASH
    },
    Scenario {
        id: "no-plan",
        title: "Each branch saves when it likes, and one crashes",
        summary: "The same crash. But every branch saves after ten payments of its own, and they do not agree on a \
                  moment. How far back do they go?",
        preset: "independent",
        beside: Some("snapshot/checkpoints"),
        ..CRASH
    },
    Scenario {
        id: "seldom",
        title: "Few checkpoints, and one crash",
        summary: "The same crash, with thirty payments from one checkpoint to the next.",
        params: &[("interval", "30")],
        beside: Some("snapshot/often"),
        ..CRASH
    },
    Scenario {
        id: "often",
        title: "Many checkpoints, and one crash",
        summary: "The same crash, with three payments from one checkpoint to the next. Count the messages, too.",
        params: &[("interval", "3")],
        beside: Some("snapshot/seldom"),
        ..CRASH
    },
    Scenario {
        id: "alone",
        title: "Only the crashed branch goes back",
        summary: "Node 3 goes back to its checkpoint, and the others go on as if nothing had happened. Watch the \
                  total.",
        preset: "alone",
        view: View::panel(Panel::Measures).diagram().stop(Stop::Broken),
        beside: Some("snapshot/checkpoints"),
        ..CRASH
    },
];
