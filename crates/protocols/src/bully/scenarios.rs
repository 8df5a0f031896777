//! Scenarios: prepared runs under the names a teacher would use.

use faultline_sim::descriptor::Scenario;
use faultline_sim::standing::{Form, Panel, Stop, View};
use faultline_sim::time::Duration;

use crate::elections::LEADS;

const BASE: Scenario = Scenario {
    preset: "self-healing",
    ..Scenario::BASE
};

/// The first is the one that `bully` alone names.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "one-election",
        title: "One election with the curriculum's program",
        summary: "Node 1, the lowest of five, starts one election. Messages are direct calls \
                  here, so everything happens at one instant. Step through it and count the \
                  messages.",
        preset: "as-written",
        // Node 5 leads, and most of the messages are still to come.
        view: View::panel(Panel::Code).stop(Stop::Mark(&LEADS)),
        beside: Some("bully/worst-case"),
        ..BASE
    },
    Scenario {
        id: "kill-the-leader",
        title: "Crash the leader",
        summary: "Five nodes, and the highest leads. Crash it: the others miss its heartbeats and \
                  elect another one.",
        until: Duration::seconds(30),
        opens_at: Duration::millis(4_200),
        ..BASE
    },
    Scenario {
        id: "dies-after-ok",
        title: "A node answers OK and crashes before it leads",
        summary: "Node 4 asks node 5, which answers OK and crashes before it announces itself. \
                  Turn on \u{201c}After an OK, a node waits for the announcement and retries if \
                  none comes\u{201d} and run again.",
        preset: "as-written",
        params: &[("starter", "4")],
        script: &["@7 crash n5"],
        view: View::panel(Panel::Code),
        ..BASE
    },
    Scenario {
        id: "worst-case",
        title: "The textbook's worst case",
        summary: "The lowest node starts the election, and all nodes are alive. The messages go \
                  over a network, and the guard is on.",
        preset: "textbook",
        beside: Some("bully/best-case"),
        ..BASE
    },
    Scenario {
        id: "best-case",
        title: "The textbook's best case",
        summary: "Node 5 is down. Node 4, the highest of the others, notices first.",
        preset: "textbook",
        params: &[("starter", "4"), ("crashed", "5")],
        ..BASE
    },
    Scenario {
        id: "two-leaders",
        title: "Two leaders after a split",
        summary: "A partition splits the network 2|3, and each side elects its own leader. When \
                  the partition heals, the lower leader steps down.",
        script: &["6s partition n1,n2|n3,n4,n5", "18s heal"],
        until: Duration::seconds(28),
        opens_at: Duration::millis(4_200),
        view: View::BASE.form(Form::Circle).stop(Stop::Broken),
        beside: Some("raft/same-split"),
        ..BASE
    },
];
