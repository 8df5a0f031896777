//! Scenarios: prepared runs under the names a teacher would use.

use faultline_sim::descriptor::Scenario;
use faultline_sim::standing::{Form, Panel, Stop, View};
use faultline_sim::time::Duration;

use super::marks::DROPS;
use crate::elections::LEADS;

const BASE: Scenario = Scenario {
    preset: "as-written",
    until: Duration::seconds(5),
    pace: 0.1,
    ..Scenario::BASE
};

/// The first is the one that `election` alone names.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "crowned-four-times",
        title: "Node 2 starts one election",
        summary: "As written, node 2 of five starts, and each call returns at once. Follow the \
                  program line by line, and count.",
        params: &[("starter", "2")],
        view: View::panel(Panel::Code).stop(Stop::Mark(&LEADS)),
        beside: Some("election/fewest-messages"),
        ..BASE
    },
    Scenario {
        id: "all-start",
        title: "All five nodes start at once",
        summary: "Five nodes start an election together, and each call returns at once. Count the \
                  messages, and how often a node becomes the leader.",
        params: &[("starter", "1,2,3,4,5")],
        view: View::panel(Panel::Code).stop(Stop::Mark(&LEADS)),
        ..BASE
    },
    Scenario {
        id: "two-crowns",
        title: "A split, two elections, and a heal",
        summary: "A partition splits the network 2|3, and one node on each side starts an \
                  election. Later the partition heals. Turn on \u{201c}A node leads only with the \
                  support of a majority\u{201d} and run again.",
        params: &[("starter", "1,3")],
        script: &["0s partition n1,n2|n3,n4,n5", "2s heal"],
        // The sides of a split move apart in a circle.
        view: View::BASE.form(Form::Circle).stop(Stop::Broken),
        beside: Some("election/one-crown"),
        ..BASE
    },
    Scenario {
        id: "says-yes-and-dies",
        title: "A node says yes and crashes before it leads",
        summary: "Node 4 asks node 5, and the call returns yes. Node 5 crashes before its own \
                  election starts. As written no node can wait for an answer, because a call \
                  returns at once. Turn on \u{201c}A node waits for answers and for the \
                  announcement, and retries if none comes\u{201d} and run again.",
        params: &[("starter", "4")],
        script: &["50ms crash n5"],
        view: View::panel(Panel::Code),
        ..BASE
    },
    Scenario {
        id: "fewest-messages",
        title: "The highest node is asked first",
        summary: "With a guard, and with the highest node asked first. Count the messages of one \
                  election.",
        switches: &[("guard", true), ("ask-highest-first", true)],
        view: View::panel(Panel::Code),
        ..BASE
    },
    Scenario {
        id: "nobody-waits",
        title: "Messages instead of calls",
        summary: "A message returns no value, so the next line of the program finds no answer \
                  yet. Node 1 starts an election.",
        preset: "over-a-network",
        pace: 1.0,
        view: View::panel(Panel::Code).stop(Stop::Broken),
        beside: Some("election/crowned-four-times"),
        ..BASE
    },
    Scenario {
        id: "kill-the-leader",
        title: "The leader crashes and comes back",
        summary: "Node 5 leads and crashes. The other nodes miss its heartbeats and elect a new \
                  leader by majority. Then node 5 restarts.",
        preset: "correct",
        script: &["8s crash n5", "24s recover n5"],
        until: Duration::seconds(40),
        opens_at: Duration::seconds(7),
        pace: 1.0,
        ..BASE
    },
    Scenario {
        id: "one-crown",
        title: "A split with a majority rule",
        summary: "The same split, but a node leads only with the support of a majority. Later the \
                  partition heals.",
        preset: "correct",
        script: &["8s partition n1,n2|n3,n4,n5", "24s heal"],
        until: Duration::seconds(45),
        opens_at: Duration::seconds(7),
        pace: 1.0,
        view: View::BASE.form(Form::Circle),
        beside: Some("election/two-histories"),
        ..BASE
    },
    Scenario {
        id: "two-histories",
        title: "Split brain: a confirmed write is lost",
        summary: "Without a majority rule each side of a split has a leader, and both confirm \
                  what clients write. When the partition heals, one side follows the other and \
                  deletes its own writes. Turn on \u{201c}A node leads only with the support of a \
                  majority\u{201d} and run again.",
        preset: "correct",
        switches: &[("majority", false)],
        script: &[
            "8s partition n1,n2|n3,n4,n5",
            "20s request n2 {\"Write\":\"blue\"}",
            "20s request n5 {\"Write\":\"red\"}",
            "26s heal",
        ],
        until: Duration::seconds(40),
        opens_at: Duration::seconds(7),
        pace: 1.0,
        view: View::panel(Panel::Requests)
            .form(Form::Circle)
            .stop(Stop::Mark(&DROPS)),
        beside: Some("election/one-crown"),
        ..BASE
    },
];
