//! Runs under names a teacher would use.

use faultline_sim::descriptor::Scenario;
use faultline_sim::network::{Latency, Link};
use faultline_sim::standing::{Panel, Stop, View};
use faultline_sim::time::Duration;

use super::marks::DELETES;
use super::skins::{APPS, STORES};

pub(super) const BASE: Scenario = Scenario {
    preset: "correct",
    ..Scenario::BASE
};

/// A data centre: a round trip takes 40 ms.
const NEAR: Option<Link> = Some(Link::new(Latency::Constant(Duration::millis(20))));

/// Everybody keeps asking while two of five nodes are cut off.
pub(super) const CUT: Scenario = Scenario {
    id: "cut",
    title: "Three nodes and two nodes, and requests on both sides",
    summary: "Clients read and write at all five nodes. The network is cut between three and two of them for \
              eight seconds. These nodes refuse what no majority stands behind.",
    params: &[("every", "900"), ("keys", "3"), ("reads", "75")],
    script: &["4s partition n1,n2,n3|n4,n5", "12s heal"],
    until: Duration::seconds(18),
    view: View::panel(Panel::Requests).stop(Stop::At(Duration::millis(3_900))),
    beside: Some("cap/cut-answer"),
    ..BASE
};

/// The listing's demo: nodes 1 and 2 refuse, 3 and 4 answer, and 1 and 3 are cut off.
const DEMO: Scenario = Scenario {
    id: "demo",
    title: "The curriculum's demo: two nodes are cut off, and each is asked twice",
    summary: "Nodes 1 and 2 refuse without a majority (CP), nodes 3 and 4 always answer (AP). Nodes 1 and 3 are \
              cut off. Each gets a write and a read. Then both are connected again.",
    preset: "as-written",
    params: &[("nodes", "4")],
    switches: &[("n3.answer", true), ("n4.answer", true)],
    script: &[
        r#"500ms request n1 {"set":{"key":"color","value":"red"}}"#,
        r#"2s request n1 {"isolate":true}"#,
        r#"2s request n3 {"isolate":true}"#,
        r#"3s request n1 {"set":{"key":"size","value":"large"}}"#,
        r#"4s request n3 {"set":{"key":"shape","value":"circle"}}"#,
        r#"5s request n1 {"get":{"key":"color"}}"#,
        r#"6s request n3 {"get":{"key":"color"}}"#,
        r#"7s request n1 {"heal":true}"#,
        r#"7s request n3 {"heal":true}"#,
    ],
    until: Duration::seconds(9),
    view: View::panel(Panel::Code),
    beside: Some("cap/revert"),
    ..BASE
};

/// One cut, then a write and a read at each of the first four nodes. Every node writes a key of its own.
macro_rules! asked_everywhere {
    ($($cut:expr),* $(; $($more:expr),*)?) => {
        &[
            r#"200ms request n1 {"set":{"key":"x","value":"A"}}"#,
            $($cut,)*
            r#"4s request n1 {"set":{"key":"k1","value":"a"}}"#,
            r#"4s request n2 {"set":{"key":"k2","value":"b"}}"#,
            r#"4s request n3 {"set":{"key":"k3","value":"c"}}"#,
            r#"4s request n4 {"set":{"key":"k4","value":"d"}}"#,
            $($($more,)*)?
            r#"7s request n1 {"get":{"key":"x"}}"#,
            r#"7s request n2 {"get":{"key":"x"}}"#,
            r#"7s request n3 {"get":{"key":"x"}}"#,
            r#"7s request n4 {"get":{"key":"x"}}"#,
            "10s heal",
        ]
    };
}
const FIFTH: &str = r#"4s request n5 {"set":{"key":"k5","value":"e"}}"#;
const FIFTH_READS: &str = r#"7s request n5 {"get":{"key":"x"}}"#;

const SHAPE: Scenario = Scenario {
    until: Duration::seconds(13),
    view: View::panel(Panel::Requests).stop(Stop::At(Duration::millis(3_500))),
    ..BASE
};

/// Six keys before the cut. During it, three are written on both sides, and one on one side only.
const BOTH_SIDES: &[&str] = &[
    r#"0s request n1 {"set":{"key":"k1","value":"old"}}"#,
    r#"0s request n2 {"set":{"key":"k2","value":"old"}}"#,
    r#"0s request n3 {"set":{"key":"k3","value":"old"}}"#,
    r#"0s request n1 {"set":{"key":"k4","value":"old"}}"#,
    r#"0s request n2 {"set":{"key":"k5","value":"old"}}"#,
    r#"0s request n3 {"set":{"key":"k6","value":"old"}}"#,
    "4s partition n1,n2,n3|n4,n5",
    r#"5s request n1 {"set":{"key":"k1","value":"left"}}"#,
    r#"5100ms request n4 {"set":{"key":"k1","value":"right"}}"#,
    r#"5500ms request n2 {"set":{"key":"k2","value":"left"}}"#,
    r#"5600ms request n5 {"set":{"key":"k2","value":"right"}}"#,
    r#"6s request n3 {"set":{"key":"k3","value":"left"}}"#,
    r#"6100ms request n4 {"set":{"key":"k3","value":"right"}}"#,
    r#"6500ms request n1 {"set":{"key":"k4","value":"left"}}"#,
    "9s heal",
];

/// After the heal, answering nodes find what both sides wrote.
const HEAL: Scenario = Scenario {
    id: "heal",
    title: "Both sides wrote, and the cut heals",
    summary: "Six keys. During a cut, some of them are written on both sides, and every write is confirmed. After \
              the heal, nodes compare digests of their copies.",
    preset: "available",
    script: BOTH_SIDES,
    until: Duration::seconds(16),
    view: View::BASE.stop(Stop::At(Duration::millis(8_500))),
    beside: Some("cap/heal-refuse"),
    ..BASE
};

const OWN: &[Scenario] = &[
    CUT,
    Scenario {
        id: "cut-answer",
        title: "The same cut, and every node answers",
        summary: "Clients read and write at all five nodes, and the same cut stands for eight seconds. These nodes \
                  answer from their own copies.",
        preset: "available",
        beside: Some("cap/cut"),
        ..CUT
    },
    DEMO,
    Scenario {
        id: "revert",
        title: "A write fails at a node that is cut off",
        summary: "Three refusing nodes have x = old. Node 1 is cut off and gets x = new, which it cannot confirm. It \
                  is connected again, and node 2 writes x = later.",
        params: &[("nodes", "3")],
        switches: &[],
        script: &[
            r#"500ms request n1 {"set":{"key":"x","value":"old"}}"#,
            r#"2s request n1 {"isolate":true}"#,
            r#"3s request n1 {"set":{"key":"x","value":"new"}}"#,
            r#"5s request n1 {"heal":true}"#,
            r#"6s request n1 {"get":{"key":"x"}}"#,
            r#"7s request n2 {"set":{"key":"x","value":"later"}}"#,
            r#"8s request n1 {"get":{"key":"x"}}"#,
        ],
        view: View::panel(Panel::Code).stop(Stop::Mark(&DELETES)),
        beside: Some("cap/demo"),
        ..DEMO
    },
    Scenario {
        id: "leak",
        title: "A write fails at a node that is not cut off",
        summary: "Five refusing nodes, and three of them are cut off. Node 1 is not, and gets y = 1. It finds no \
                  majority and says that the write failed. Then node 5 is asked for y.",
        params: &[("nodes", "5")],
        switches: &[],
        script: &[
            r#"1s request n2 {"isolate":true}"#,
            r#"1s request n3 {"isolate":true}"#,
            r#"1s request n4 {"isolate":true}"#,
            r#"3s request n1 {"set":{"key":"y","value":"1"}}"#,
            r#"5s request n5 {"get":{"key":"y"}}"#,
        ],
        until: Duration::seconds(7),
        view: View::panel(Panel::Code),
        beside: Some("cap/revert"),
        ..DEMO
    },
    Scenario {
        id: "failed-write",
        title: "Two writes are taken back, and then the network heals",
        summary: "Node 1 is cut off and takes two writes back that it cannot confirm. After the heal, node 2 writes \
                  the same key.",
        preset: "patched",
        params: &[("nodes", "3")],
        script: &[
            r#"0s request n1 {"set":{"key":"x","value":"old"}}"#,
            "2s partition n1|n2,n3",
            r#"3s request n1 {"set":{"key":"x","value":"new"}}"#,
            r#"6s request n1 {"set":{"key":"x","value":"newer"}}"#,
            "9s heal",
            r#"10s request n2 {"set":{"key":"x","value":"later"}}"#,
        ],
        until: Duration::seconds(13),
        view: View::BASE.stop(Stop::At(Duration::millis(2_500))),
        ..BASE
    },
    Scenario {
        id: "half-written",
        title: "A write reaches two of five nodes, and two clients read",
        summary: "All nodes have x = A. Node 1 writes x = B, and only node 2 gets it: the other messages are lost. \
                  Then x is read at node 1, and later at node 4.",
        switches: &[("compare", false)],
        script: &[
            r#"0s request n1 {"set":{"key":"x","value":"A"}}"#,
            "0s drop n1->n3#4",
            "0s drop n1->n4#4",
            "0s drop n1->n5#4",
            r#"3s request n1 {"set":{"key":"x","value":"B"}}"#,
            "3s slow n1->n4 600ms",
            "3s slow n2->n4 600ms",
            r#"7s request n1 {"get":{"key":"x"}}"#,
            r#"10s request n4 {"get":{"key":"x"}}"#,
        ],
        until: Duration::seconds(13),
        view: View::panel(Panel::Requests).stop(Stop::At(Duration::millis(9_500))),
        ..BASE
    },
    Scenario {
        id: "isolate-one",
        title: "A cut of three against one",
        summary: "Four refusing nodes. Node 4 is cut off, and then every node gets a write and a read.",
        params: &[("nodes", "4")],
        script: asked_everywhere!("2s partition n1,n2,n3|n4"),
        beside: Some("cap/two-and-two"),
        ..SHAPE
    },
    Scenario {
        id: "two-and-two",
        title: "A cut of two against two",
        summary: "Four refusing nodes. The cut leaves two on each side, and then every node gets a write and a read.",
        params: &[("nodes", "4")],
        script: asked_everywhere!("2s partition n1,n2|n3,n4"),
        beside: Some("cap/two-and-two-answer"),
        ..SHAPE
    },
    Scenario {
        id: "two-and-two-answer",
        title: "A cut of two against two, and every node answers",
        summary: "Four nodes that answer from their own copies. The cut leaves two on each side, and then every node \
                  gets a write and a read.",
        preset: "available",
        params: &[("nodes", "4")],
        script: asked_everywhere!("2s partition n1,n2|n3,n4"),
        beside: Some("cap/two-and-two"),
        ..SHAPE
    },
    Scenario {
        id: "isolate-one-answer",
        title: "A cut of three against one, and every node answers",
        summary: "Four nodes that answer from their own copies. Node 4 is cut off, and then every node gets a write \
                  and a read.",
        preset: "available",
        params: &[("nodes", "4")],
        script: asked_everywhere!("2s partition n1,n2,n3|n4"),
        beside: Some("cap/isolate-one"),
        ..SHAPE
    },
    Scenario {
        id: "three-and-two",
        title: "A cut of three against two",
        summary: "Five refusing nodes, three on one side and two on the other. Every node gets a write and a read.",
        script: asked_everywhere!("2s partition n1,n2,n3|n4,n5"; FIFTH, FIFTH_READS),
        beside: Some("cap/cut-answer"),
        ..SHAPE
    },
    Scenario {
        id: "one-way",
        title: "Node 1 hears all others, and nobody hears node 1",
        summary: "Five refusing nodes. Messages from node 1 get lost, and messages to node 1 arrive. Every node gets \
                  a write and a read.",
        script: asked_everywhere!("2s oneway n1->n2,n3,n4,n5"; FIFTH, FIFTH_READS),
        beside: Some("cap/three-and-two"),
        ..SHAPE
    },
    Scenario {
        id: "bridge",
        title: "One node still reaches both sides",
        summary: "Nodes 1 and 2 cannot reach nodes 4 and 5. Node 3 stands between them and reaches all. Every node \
                  gets a write and a read.",
        script: asked_everywhere!("2s cut n1-n4", "2s cut n1-n5", "2s cut n2-n4", "2s cut n2-n5"; FIFTH, FIFTH_READS),
        beside: Some("cap/three-and-two"),
        ..SHAPE
    },
    Scenario {
        id: "mixed",
        title: "Each node has its own choice",
        summary: "Nodes 2 and 4 answer (AP), the others refuse (CP). The cut leaves nodes 4 and 5 alone. Every node \
                  gets a write and a read.",
        switches: &[("n2.answer", true), ("n4.answer", true)],
        script: asked_everywhere!("2s partition n1,n2,n3|n4,n5"; FIFTH, FIFTH_READS),
        beside: Some("cap/three-and-two"),
        ..SHAPE
    },
    HEAL,
    Scenario {
        id: "heal-refuse",
        title: "The same writes at refusing nodes, and the cut heals",
        summary: "Six keys. During a cut, the same writes are asked for on both sides, and refusing nodes confirm what \
                  a majority has. After the heal, nodes compare digests of their copies.",
        preset: "correct",
        beside: Some("cap/heal"),
        ..HEAL
    },
    Scenario {
        id: "clock-behind",
        title: "One clock is two seconds behind during a cut",
        summary: "The latest time stamp wins. The clock of node 4 is two seconds behind. During a cut, node 1 writes \
                  x = first, and a second later node 4 writes x = second.",
        preset: "last-write",
        script: &[
            "0s skew n4 -2s",
            "1s partition n1,n2,n3|n4,n5",
            r#"3s request n1 {"set":{"key":"x","value":"first"}}"#,
            r#"4s request n4 {"set":{"key":"x","value":"second"}}"#,
            "6s heal",
            r#"11s request n5 {"get":{"key":"x"}}"#,
        ],
        until: Duration::seconds(12),
        view: View::BASE.stop(Stop::At(Duration::millis(5_500))),
        ..BASE
    },
    Scenario {
        id: "uncut",
        title: "Nothing is cut, and every answer waits for a majority",
        summary: "A data centre without any fault. Clients read and write one key at five refusing nodes.",
        params: &[("every", "300"), ("reads", "70")],
        until: Duration::seconds(10),
        pace: 0.1,
        link: NEAR,
        view: View::panel(Panel::Measures),
        beside: Some("cap/uncut-answer"),
        ..BASE
    },
    Scenario {
        id: "uncut-answer",
        title: "Nothing is cut, and every node answers at once",
        summary: "A data centre without any fault. Clients read and write one key at five nodes that answer from their \
                  own copies.",
        preset: "last-write",
        params: &[("every", "300"), ("reads", "70")],
        until: Duration::seconds(10),
        pace: 0.1,
        link: NEAR,
        view: View::panel(Panel::Measures),
        beside: Some("cap/uncut"),
        ..BASE
    },
    Scenario {
        id: "likes",
        title: "A page of likes is read during a cut",
        summary: "People read the likes of a page at five nodes, and sometimes press the button. The network is cut \
                  for eight seconds, and every node answers.",
        preset: "last-write",
        params: &[("every", "500"), ("reads", "80")],
        script: &["3s partition n1,n2,n3|n4,n5", "11s heal"],
        until: Duration::seconds(15),
        view: View::panel(Panel::Measures).stop(Stop::At(Duration::millis(2_900))),
        beside: Some("cap/likes-refuse"),
        ..BASE
    },
    Scenario {
        id: "likes-refuse",
        title: "A page of likes where nodes refuse",
        summary: "The same page and the same cut. A node without a majority shows an error instead of an old number.",
        params: &[("every", "500"), ("reads", "80")],
        script: &["3s partition n1,n2,n3|n4,n5", "11s heal"],
        until: Duration::seconds(15),
        view: View::panel(Panel::Measures).stop(Stop::At(Duration::millis(2_900))),
        beside: Some("cap/likes"),
        ..BASE
    },
    Scenario {
        id: "less-harm",
        title: "A cut that hurts, and settings that help",
        summary: "Mostly reads, at five refusing nodes, and two of them are cut off for ten seconds. Change settings, \
                  and look how many requests are answered, how old answers are, and how long clients wait.",
        params: &[("every", "600"), ("reads", "80")],
        script: &["2s partition n1,n2,n3|n4,n5", "12s heal"],
        until: Duration::seconds(15),
        view: View::panel(Panel::Settings),
        ..BASE
    },
];

/// What a scenario is called when none is named: the first.
pub const SCENARIOS: &[Scenario] = &joined();

const COUNT: usize = OWN.len() + APPS.len() + STORES.len();

const fn joined() -> [Scenario; COUNT] {
    let mut all = [BASE; COUNT];
    let lists = [OWN, APPS, STORES];
    let (mut at, mut list) = (0, 0);
    while list < lists.len() {
        let mut own = 0;
        while own < lists[list].len() {
            all[at] = lists[list][own];
            (at, own) = (at + 1, own + 1);
        }
        list += 1;
    }
    all
}
