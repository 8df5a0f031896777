//! Scenarios: prepared runs under the names a teacher would use.

use faultline_sim::descriptor::Scenario;
use faultline_sim::standing::{Form, Panel, Stop, View};
use faultline_sim::time::Duration;

use super::marks::{CONFLICTS, LIVES};

/// Six writes, the crash of the leader, a write for a key of the crashed node, two writes of one key at
/// once, a read of both, and a write that knows both. All lenses look at this run.
const CRASH: &[&str] = &[
    r#"1s request n1 {"put":{"key":"vase","value":"red"}}"#,
    r#"1.5s request n2 {"put":{"key":"coin","value":"gold"}}"#,
    r#"2s request n3 {"put":{"key":"mask","value":"white"}}"#,
    r#"2.5s request n4 {"put":{"key":"clock","value":"brass"}}"#,
    r#"3s request n5 {"put":{"key":"ship","value":"blue"}}"#,
    r#"3.5s request n1 {"put":{"key":"flag","value":"green"}}"#,
    "6s crash n5",
    r#"6.3s request n3 {"put":{"key":"vase","value":"blue"}}"#,
    r#"6.6s request n1 {"put":{"key":"coin","value":"silver"}}"#,
    r#"6.6s request n3 {"put":{"key":"coin","value":"bronze"}}"#,
    r#"15s request n2 {"get":{"key":"coin"}}"#,
    r#"18s request n2 {"put":{"key":"coin","value":"copper"}}"#,
];

const BASE: Scenario = Scenario {
    preset: "correct",
    until: Duration::seconds(22),
    opens_at: Duration::millis(5_500),
    ..Scenario::BASE
};

const LENS: Scenario = Scenario {
    script: CRASH,
    ..BASE
};

/// The first is what `museum` alone names.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "four-lenses",
        title: "The leader crashes while clients write",
        summary: "Five nodes gossip, elect a leader, place keys on a ring and compare writes by vectors. The \
                  leader crashes. Which mechanism acts first?",
        view: View::panel(Panel::Measures),
        beside: Some("museum/by-gossip"),
        ..LENS
    },
    Scenario {
        id: "by-gossip",
        title: "The leader crashes, seen by gossip",
        summary: "The same run. Each node shows its own heartbeat count and whom it thinks failed. The count \
                  of node 5 stops, and each node has to notice that for itself.",
        params: &[("lens", "dissemination")],
        view: View::BASE,
        beside: Some("museum/by-election"),
        ..LENS
    },
    Scenario {
        id: "by-election",
        title: "The leader crashes, seen by the election",
        summary: "The same run. Each node shows whom it follows. No node holds an election before gossip says \
                  that node 5 has failed.",
        params: &[("lens", "election")],
        view: View::BASE.form(Form::Row),
        beside: Some("museum/by-ring"),
        ..LENS
    },
    Scenario {
        id: "by-ring",
        title: "The leader crashes, seen on the ring",
        summary: "The same run. Each node shows the keys that it owns on its own ring. Keys of node 5 get new \
                  owners, and the new leader orders the missing copies.",
        params: &[("lens", "partitioning")],
        view: View::panel(Panel::Inspect),
        beside: Some("museum/by-vectors"),
        ..LENS
    },
    Scenario {
        id: "by-vectors",
        title: "The leader crashes, seen by vectors",
        summary: "The same run. Each node shows values with their vectors. Two clients write coin at the same \
                  moment, and a later write that knows both replaces both.",
        params: &[("lens", "causality")],
        view: View::BASE.stop(Stop::Mark(&CONFLICTS)),
        beside: Some("museum/by-gossip"),
        ..LENS
    },
    Scenario {
        id: "two-crashes",
        title: "Two crashes before the repair lose a key",
        summary: "Only two copies of each key, and two nodes crash within two seconds. The nodes that are \
                  left have not noticed the first crash yet, so no copy is made in time.",
        params: &[("copies", "2")],
        script: &[
            r#"1s request n1 {"put":{"key":"vase","value":"red"}}"#,
            r#"1.5s request n2 {"put":{"key":"crown","value":"gold"}}"#,
            r#"2s request n3 {"put":{"key":"mask","value":"white"}}"#,
            "6s crash n5",
            "8s crash n4",
            r#"21s request n1 {"get":{"key":"crown"}}"#,
        ],
        view: View::panel(Panel::Measures),
        beside: Some("museum/slow-crashes"),
        ..BASE
    },
    Scenario {
        id: "slow-crashes",
        title: "Two crashes far apart lose no key",
        summary: "Two copies of each key again. But the second node crashes after the leader has ordered new \
                  copies, so the key is already on another node.",
        params: &[("copies", "2")],
        script: &[
            r#"1s request n1 {"put":{"key":"vase","value":"red"}}"#,
            r#"1.5s request n2 {"put":{"key":"crown","value":"gold"}}"#,
            r#"2s request n3 {"put":{"key":"mask","value":"white"}}"#,
            "6s crash n5",
            "18s crash n4",
            r#"30s request n1 {"get":{"key":"crown"}}"#,
        ],
        until: Duration::seconds(34),
        view: View::panel(Panel::Measures),
        beside: Some("museum/two-crashes"),
        ..BASE
    },
    Scenario {
        id: "split",
        title: "Two leaders and two rings after a split",
        summary: "A partition splits the cluster 2|3. Each side has its own view, leader and ring, and both \
                  accept a write of coin. After the heal one leader is left, and vectors keep both values.",
        script: &[
            r#"1s request n2 {"put":{"key":"coin","value":"gold"}}"#,
            r#"2s request n4 {"put":{"key":"mask","value":"white"}}"#,
            "5s partition n1,n2|n3,n4,n5",
            r#"15s request n1 {"put":{"key":"coin","value":"silver"}}"#,
            r#"15s request n4 {"put":{"key":"coin","value":"bronze"}}"#,
            "18s heal",
            r#"26s request n2 {"get":{"key":"coin"}}"#,
            r#"28s request n2 {"put":{"key":"coin","value":"copper"}}"#,
        ],
        until: Duration::seconds(32),
        opens_at: Duration::millis(4_500),
        beside: Some("raft/same-split"),
        ..BASE
    },
    Scenario {
        id: "join",
        title: "A sixth node joins and takes over",
        summary: "Six keys are stored when node 6 joins. It has the highest number, so it leads. On the ring \
                  only its share of the keys gets a new owner.",
        params: &[("lens", "partitioning")],
        script: &[
            CRASH[0], CRASH[1], CRASH[2], CRASH[3], CRASH[4], CRASH[5], "6s add",
        ],
        until: Duration::seconds(14),
        view: View::panel(Panel::Measures),
        beside: Some("hash-ring/hand-over"),
        ..BASE
    },
    Scenario {
        id: "last-arrival",
        title: "Without vectors the last arrival wins",
        summary: "Two clients write coin at the same moment at nodes 1 and 3. Without vectors each copy keeps \
                  what arrives last. Turn on \u{201c}Copies have version vectors: writes that did not know of \
                  each other are both kept\u{201d} and run again.",
        preset: "last-arrival",
        params: &[("lens", "causality")],
        script: CRASH,
        view: View::BASE.stop(Stop::Broken),
        beside: Some("museum/by-vectors"),
        ..BASE
    },
    Scenario {
        id: "old-counts",
        title: "Old gossip brings a dead node back",
        summary: "Nodes take over any other count, also an older one. Old counts of node 5 go round after its \
                  crash, look like news, and make it seem alive.",
        preset: "any-count",
        params: &[("lens", "dissemination"), ("nodes", "9"), ("fail", "3000")],
        script: &["6s crash n5"],
        until: Duration::seconds(30),
        view: View::BASE.stop(Stop::Mark(&LIVES)),
        beside: Some("museum/by-gossip"),
        ..BASE
    },
];
