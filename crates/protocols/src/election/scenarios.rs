//! Runs under names a teacher would use.

use faultline_sim::descriptor::Scenario;
use faultline_sim::time::Duration;

const BASE: Scenario = Scenario {
    preset: "as-written",
    until: Duration::seconds(5),
    pace: 0.1,
    ..Scenario::BASE
};

/// The first is what `election` alone means.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "crowned-four-times",
        title: "Crowned four times",
        summary: "As written, node 2 of five starts. Each node that is asked starts an election of its \
                  own, once for every time it was asked: 5 is crowned four times, with 30 messages.",
        params: &[("starter", "2")],
        ..BASE
    },
    Scenario {
        id: "all-start",
        title: "All start at once",
        summary: "Five nodes start together: sixteen coronations and 116 messages, where 62 come from \
                  node 1 alone.",
        params: &[("starter", "1,2,3,4,5")],
        ..BASE
    },
    Scenario {
        id: "two-crowns",
        title: "Two crowns",
        summary: "The network is split 2|3, and one node on each side starts. 2 leads here, 5 leads \
                  there, and when the wall falls nothing happens. Turn on \u{201c}majority\u{201d} and \
                  run again.",
        params: &[("starter", "1,3")],
        script: &["0s partition n1,n2|n3,n4,n5", "2s heal"],
        ..BASE
    },
    Scenario {
        id: "says-yes-and-dies",
        title: "It said yes, and died",
        summary: "4 asks 5, and the call returns yes. Before its own election begins, 5 crashes: nobody \
                  leads. As written nobody can wait for an answer, because a call has one at once. \
                  Turn on \u{201c}wait\u{201d} and run again.",
        params: &[("starter", "4")],
        script: &["50ms crash n5"],
        ..BASE
    },
    Scenario {
        id: "fewest-messages",
        title: "Six messages",
        summary: "With a guard, and the highest asked first: one question, one yes, four announcements.",
        switches: &[("guard", true), ("ask-highest-first", true)],
        ..BASE
    },
    Scenario {
        id: "nobody-waits",
        title: "The same lines, over a network",
        summary: "A message returns no value. The line behind it finds no answer and crowns node 1, then \
                  2, 3, 4: everybody leads for a moment.",
        preset: "over-a-network",
        pace: 1.0,
        ..BASE
    },
    Scenario {
        id: "kill-the-leader",
        title: "The leader dies and comes back",
        summary: "With signs of life the others notice, and 4 gets the support of a majority. When 5 is \
                  back it takes over, in a new term.",
        preset: "correct",
        script: &["8s crash n5", "24s recover n5"],
        until: Duration::seconds(40),
        opens_at: Duration::seconds(7),
        pace: 1.0,
        ..BASE
    },
    Scenario {
        id: "one-crown",
        title: "One crown",
        summary: "The same split, made right: only the side with more than half of the nodes gets a \
                  leader. 1 and 2 miss it and ask for support in vain; after the heal they follow 5.",
        preset: "correct",
        script: &["8s partition n1,n2|n3,n4,n5", "24s heal"],
        until: Duration::seconds(45),
        opens_at: Duration::seconds(7),
        pace: 1.0,
        ..BASE
    },
    Scenario {
        id: "two-histories",
        title: "Two histories",
        summary: "Without a majority each side of a split has its leader, and both confirm what clients \
                  write. When the wall falls, 2 follows 5 and gives up its history: a confirmed write is \
                  lost. Turn on \u{201c}majority\u{201d} and run again: 2 confirms nothing.",
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
        ..BASE
    },
];
