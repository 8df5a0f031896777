//! Runs under names a teacher would use.

use faultline_sim::descriptor::Scenario;
use faultline_sim::network::{Latency, Link};
use faultline_sim::standing::{Panel, Stop, View};
use faultline_sim::time::Duration;

use super::marks::{FORGETS, UPDATES};

const BASE: Scenario = Scenario {
    preset: "correct",
    until: Duration::seconds(15),
    ..Scenario::BASE
};

/// A hop takes as long as between the servers of Raft.
const AS_RAFT: Link = Link::new(Latency::Uniform {
    min: Duration::millis(12),
    max: Duration::millis(24),
});

/// A rumour at node 1.
const RUMOUR: &[&str] = &[r#"0s request n1 {"set":{"key":"color","value":"red"}}"#];

/// The first is what `gossip` alone means.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "three-keys",
        title: "Three keys reach five nodes",
        summary: "Nodes 1, 3 and 5 write one key each. Once a second every node exchanges what it has with \
                  a random other one. How many seconds until all have all three?",
        script: &[
            r#"0s request n1 {"set":{"key":"color","value":"red"}}"#,
            r#"0s request n3 {"set":{"key":"size","value":"large"}}"#,
            r#"0s request n5 {"set":{"key":"shape","value":"circle"}}"#,
        ],
        view: View::BASE.stop(Stop::Mark(&UPDATES)),
        beside: Some("gossip/demo"),
        ..BASE
    },
    Scenario {
        id: "demo",
        title: "The curriculum's demo: three keys, then blue",
        summary: "Three keys start at nodes 1, 3 and 5. After three seconds node 2 writes color = blue. If red \
                  has not reached node 2 by then, both are version 1.",
        preset: "as-written",
        script: &[
            r#"0s request n1 {"set":{"key":"color","value":"red"}}"#,
            r#"0s request n3 {"set":{"key":"size","value":"large"}}"#,
            r#"0s request n5 {"set":{"key":"shape","value":"circle"}}"#,
            r#"3.001s request n2 {"set":{"key":"color","value":"blue"}}"#,
        ],
        until: Duration::millis(6_500),
        view: View::panel(Panel::Code).stop(Stop::Mark(&UPDATES)),
        beside: Some("gossip/three-keys"),
        ..BASE
    },
    Scenario {
        id: "two-writes-at-once",
        title: "Red and blue are written at once",
        summary: "Two nodes write the same key before either hears of the other, and both make \
                  version 1. Turn on \u{201c}Versions are vectors: writes that did not know of \
                  each other are both kept\u{201d} and run again.",
        preset: "as-written",
        params: &[("nodes", "2")],
        script: &[
            r#"0s request n1 {"set":{"key":"color","value":"red"}}"#,
            r#"0s request n2 {"set":{"key":"color","value":"blue"}}"#,
        ],
        until: Duration::seconds(100),
        view: View::panel(Panel::Code),
        beside: Some("gossip/split-writes"),
        ..BASE
    },
    Scenario {
        id: "rounds",
        title: "How many rounds until all 100 nodes know?",
        summary: "One node of a hundred knows a rumour. In each round every node that knows tells a random \
                  one. Try push, pull and both.",
        preset: "rounds",
        params: &[("nodes", "100")],
        script: RUMOUR,
        until: Duration::seconds(25),
        view: View::panel(Panel::Measures),
        ..BASE
    },
    Scenario {
        id: "rumour-of-a-thousand",
        title: "A rumour reaches 1,000 nodes",
        summary: "One node of a thousand knows. Every round each node exchanges what it has with a random \
                  one. Crash as many as you like: it goes around them.",
        preset: "rounds",
        params: &[("nodes", "1000"), ("mode", "push-pull")],
        script: RUMOUR,
        until: Duration::seconds(12),
        ..BASE
    },
    Scenario {
        id: "a-third-is-killed",
        title: "300 of 1,000 nodes are killed",
        summary: "The rumour has gone three rounds when 30 % of the nodes crash at once. Nobody has a list \
                  of who is left, and nobody needs one.",
        preset: "rounds",
        params: &[("nodes", "1000"), ("mode", "push-pull")],
        script: &[
            r#"0s request n1 {"set":{"key":"color","value":"red"}}"#,
            "3.5s crash 30%",
        ],
        until: Duration::seconds(15),
        ..BASE
    },
    Scenario {
        id: "split-of-a-thousand",
        title: "1,000 nodes are split 500 and 500",
        summary: "A rumour starts in one half of a split network, and that half soon knows all of it. Later the \
                  network is healed.",
        preset: "rounds",
        params: &[("nodes", "1000"), ("mode", "push-pull")],
        script: &[
            "0s partition n1..n500|n501..n1000",
            r#"0s request n1 {"set":{"key":"color","value":"red"}}"#,
            "21.5s heal",
        ],
        until: Duration::seconds(29),
        view: View::BASE.stop(Stop::At(Duration::millis(21_400))),
        ..BASE
    },
    Scenario {
        id: "five-writes",
        title: "A write is confirmed before anybody else has it",
        summary: "A client writes five times at node 1, which answers at once. The others hear of it in their next \
                  exchanges. Messages take as long as in the run with Raft beside it.",
        params: &[("every", "100")],
        script: &[
            r#"300ms request n1 {"set":{"key":"x","value":"1"}}"#,
            r#"450ms request n1 {"set":{"key":"x","value":"2"}}"#,
            r#"600ms request n1 {"set":{"key":"x","value":"3"}}"#,
            r#"750ms request n1 {"set":{"key":"x","value":"4"}}"#,
            r#"900ms request n1 {"set":{"key":"x","value":"5"}}"#,
        ],
        until: Duration::seconds(2),
        opens_at: Duration::millis(280),
        pace: 0.04,
        link: Some(AS_RAFT),
        view: View::panel(Panel::Measures).stop(Stop::At(Duration::millis(310))),
        beside: Some("raft/five-writes"),
        ..BASE
    },
    Scenario {
        id: "deleted-comes-back",
        title: "A deleted key comes back",
        summary: "All nodes have the key when node 1 deletes it. Without a tombstone the others think that \
                  node 1 lacks it, and give it back.",
        preset: "no-tombstones",
        script: &[
            r#"0s request n1 {"set":{"key":"color","value":"red"}}"#,
            r#"6s request n1 {"delete":{"key":"color"}}"#,
        ],
        view: View::BASE.stop(Stop::Mark(&FORGETS)),
        ..BASE
    },
    Scenario {
        id: "split-writes",
        title: "Both sides of a partition write",
        summary: "The network is split, and each side writes the same key. After the heal every node has both \
                  values, until a write that knows both replaces them.",
        script: &[
            "0s partition n1,n2|n3,n4,n5",
            r#"1s request n1 {"set":{"key":"color","value":"red"}}"#,
            r#"1s request n4 {"set":{"key":"color","value":"blue"}}"#,
            "6s heal",
            r#"11s request n2 {"set":{"key":"color","value":"purple"}}"#,
        ],
        until: Duration::seconds(18),
        view: View::BASE.stop(Stop::At(Duration::millis(1_500))),
        ..BASE
    },
];
