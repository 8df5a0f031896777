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
        title: "Node 5 becomes leader 4 times",
        summary: "As written, node 2 of five starts. Each node starts its own election every time \
                  it is asked, so node 5 becomes leader 4 times, with 30 messages.",
        params: &[("starter", "2")],
        view: View::panel(Panel::Code).stop(Stop::Mark(&LEADS)),
        beside: Some("election/fewest-messages"),
        ..BASE
    },
    Scenario {
        id: "all-start",
        title: "All five nodes start at once",
        summary: "Five nodes start an election together. Node 5 becomes leader 16 times, with 116 \
                  messages. Node 1 alone causes 62 of them.",
        params: &[("starter", "1,2,3,4,5")],
        view: View::panel(Panel::Code).stop(Stop::Mark(&LEADS)),
        ..BASE
    },
    Scenario {
        id: "two-crowns",
        title: "A split leaves two leaders",
        summary: "A partition splits the network 2|3, and one node on each side starts an \
                  election. Node 2 leads one side and node 5 the other. When the partition heals, \
                  nothing changes. Turn on \u{201c}A node leads only with the support of a \
                  majority\u{201d} and run again.",
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
                  election starts, so no node leads. As written no node can wait for an answer, \
                  because a call returns at once. Turn on \u{201c}A node waits for answers and \
                  for the announcement, and retries if none comes\u{201d} and run again.",
        params: &[("starter", "4")],
        script: &["50ms crash n5"],
        view: View::panel(Panel::Code),
        ..BASE
    },
    Scenario {
        id: "fewest-messages",
        title: "Six messages: the highest node is asked first",
        summary: "With a guard, and with the highest node asked first: one question, one yes, \
                  four announcements.",
        switches: &[("guard", true), ("ask-highest-first", true)],
        view: View::panel(Panel::Code),
        ..BASE
    },
    Scenario {
        id: "nobody-waits",
        title: "Messages instead of calls: every node leads",
        summary: "A message returns no value. The next line of the program finds no answer yet, \
                  so node 1 becomes leader, then nodes 2, 3 and 4. Each of them leads for a \
                  moment.",
        preset: "over-a-network",
        pace: 1.0,
        view: View::panel(Panel::Code).stop(Stop::Broken),
        beside: Some("election/crowned-four-times"),
        ..BASE
    },
    Scenario {
        id: "kill-the-leader",
        title: "The leader crashes and comes back",
        summary: "The other nodes miss its heartbeats, and node 4 gets the support of a majority. \
                  When node 5 restarts, it leads again, in a new term.",
        preset: "correct",
        script: &["8s crash n5", "24s recover n5"],
        until: Duration::seconds(40),
        opens_at: Duration::seconds(7),
        pace: 1.0,
        ..BASE
    },
    Scenario {
        id: "one-crown",
        title: "A split with a majority rule: one leader",
        summary: "The same split, but a leader needs a majority, so only the larger side gets \
                  one. Nodes 1 and 2 ask for support and do not get enough. After the partition \
                  heals they follow node 5.",
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
                  what clients write. When the partition heals, node 2 follows node 5 and deletes \
                  its own writes: a confirmed write is lost. Turn on \u{201c}A node leads only \
                  with the support of a majority\u{201d} and run again: node 2 confirms nothing.",
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
