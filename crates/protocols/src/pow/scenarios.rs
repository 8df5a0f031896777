//! Runs under names a teacher would use. Without other settings, eight miners are equally strong.

use faultline_sim::descriptor::Scenario;
use faultline_sim::network::{Latency, Link};
use faultline_sim::standing::{Panel, Stop, View};
use faultline_sim::time::Duration;

use super::marks;

const BASE: Scenario = Scenario {
    preset: "correct",
    until: Duration::seconds(90),
    opens_at: Duration::millis(0),
    ..Scenario::BASE
};

/// A block takes about as long on its way as it takes to find the next one.
const SLOW: Link = Link::new(Latency::Uniform {
    min: Duration::millis(1_500),
    max: Duration::millis(4_500),
});

/// Blocks seldom cross here, so that only the attacker makes forks. Half an hour is enough to catch up or not.
const ATTACK: Scenario = Scenario {
    until: Duration::seconds(1_800),
    view: View::BASE.stop(Stop::Mark(&marks::PAYS)),
    ..BASE
};

/// The first is what `pow` alone means.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "chain-grows",
        title: "Eight miners build one chain",
        summary: "Each miner looks for a nonce. The first one that finds one announces its block, and the others \
                  build on it.",
        view: View::BASE.stop(Stop::Mark(&marks::FOUND)),
        beside: Some("raft/kill-the-leader"),
        ..BASE
    },
    Scenario {
        id: "slow-network",
        title: "Two miners find a block at the same time",
        summary: "Blocks travel for seconds here. Before one has arrived everywhere, another miner may find a block \
                  at the same height.",
        link: Some(SLOW),
        view: View::BASE.stop(Stop::Mark(&marks::ASIDE)),
        beside: Some("pow/chain-grows"),
        ..BASE
    },
    Scenario {
        id: "fork-rate",
        title: "How often the chain forks",
        summary: "A long run. Change how much longer messages take, or how long it takes to find a block, and look \
                  at the fork rate in Measures.",
        params: &[("bits", "6"), ("jitter", "1000")],
        until: Duration::seconds(1_000),
        view: View::panel(Panel::Measures),
        beside: Some("pow/slow-network"),
        ..BASE
    },
    Scenario {
        id: "split-heals",
        title: "The network splits, and two chains grow",
        summary: "Nodes 1 to 3 hear nothing from nodes 4 to 8 for a minute. Both sides go on. Then the split heals.",
        script: &["10s partition n1,n2,n3|n4,n5,n6,n7,n8", "70s heal"],
        until: Duration::seconds(120),
        view: View::BASE.stop(Stop::Mark(&marks::REORGS)),
        beside: Some("raft/write-and-heal"),
        ..BASE
    },
    Scenario {
        id: "payment",
        title: "A payment waits for confirmations",
        summary: "Node 2 pays node 3. The payment gets into a block, and each block behind it makes it more certain.",
        params: &[("confirmations", "6")],
        script: &[r#"2s request n2 {"pay":{"to":3,"amount":5}}"#],
        view: View::panel(Panel::Requests).stop(Stop::Mark(&marks::EXTENDS)),
        beside: Some("pow/double-spend"),
        ..BASE
    },
    Scenario {
        id: "edit-a-block",
        params: &[("interval", "2500")],
        title: "Somebody changes an old block",
        summary: "After 40 seconds somebody writes into the copy of block 2 at node 4, that node 1 or 2 made it and \
                  gets its reward.",
        script: &[
            r#"40s request n4 {"edit":{"height":2,"by":1}}"#,
            r#"60s request n4 {"edit":{"height":2,"by":2}}"#,
        ],
        view: View::BASE.stop(Stop::Mark(&marks::EDITED)),
        beside: Some("pow/chain-grows"),
        ..BASE
    },
    Scenario {
        id: "no-work",
        title: "A miner sends blocks without work",
        summary: "Node 3 lies: in the place of each block that it finds, it sends one for which it has not searched.",
        script: &["0s lie n3 forge"],
        until: Duration::seconds(120),
        view: View::BASE.stop(Stop::Mark(&marks::REFUSES)),
        beside: Some("pbft/made-up"),
        ..BASE
    },
    Scenario {
        id: "too-much",
        title: "A node pays more than it has",
        summary: "Node 2 owns 10 at the start. It pays 8 to node 3, and at the same time 8 to node 4.",
        script: &[
            r#"100ms request n2 {"pay":{"to":3,"amount":8}}"#,
            r#"100ms request n2 {"pay":{"to":4,"amount":8}}"#,
        ],
        view: View::panel(Panel::Requests).stop(Stop::Mark(&marks::FOUND)),
        beside: Some("pow/payment"),
        ..BASE
    },
    Scenario {
        id: "late-payment",
        title: "A payment arrives after it is on the chain",
        summary: "Node 2 pays node 3. To five miners the payment takes half a minute, and by then it is in a block.",
        script: &[
            r#"100ms request n2 {"pay":{"to":3,"amount":5}}"#,
            "100ms delay n2->n4#1 30s",
            "100ms delay n2->n5#1 30s",
            "100ms delay n2->n6#1 30s",
            "100ms delay n2->n7#1 30s",
            "100ms delay n2->n8#1 30s",
        ],
        view: View::BASE.stop(Stop::Mark(&marks::FOUND)),
        beside: Some("pow/payment"),
        ..BASE
    },
    Scenario {
        id: "miners-leave",
        title: "Half of the miners leave",
        summary: "Four of eight miners crash. Blocks take longer, until the target changes. Every eighth block may \
                  change it.",
        params: &[("retarget", "8")],
        script: &[
            "80s crash n5",
            "80s crash n6",
            "80s crash n7",
            "80s crash n8",
        ],
        until: Duration::seconds(400),
        view: View::panel(Panel::Measures).stop(Stop::At(Duration::seconds(80))),
        beside: Some("pow/chain-grows"),
        ..BASE
    },
    Scenario {
        id: "double-spend",
        title: "An attacker with three tenths of the power pays twice",
        summary: "Node 1 pays node 2 with a coin that it has spent in a secret block. It shows its chain once node 2 \
                  counts on the payment, if its chain is longer.",
        params: &[
            ("attacker", "double-spend"),
            ("share", "30"),
            ("interval", "30000"),
            ("bits", "6"),
        ],
        beside: Some("pow/payment"),
        ..ATTACK
    },
    Scenario {
        id: "weak-attacker",
        title: "An attacker with a tenth of the power pays twice",
        summary: "The same attack with little hash power. The merchant waits for only one confirmation.",
        params: &[
            ("attacker", "double-spend"),
            ("share", "10"),
            ("interval", "30000"),
            ("bits", "6"),
            ("confirmations", "1"),
        ],
        beside: Some("pow/double-spend"),
        ..ATTACK
    },
    Scenario {
        id: "majority",
        title: "An attacker with more than half of the power pays twice",
        summary: "Node 1 finds more blocks than all others together. The merchant waits for six confirmations.",
        params: &[
            ("attacker", "double-spend"),
            ("share", "60"),
            ("interval", "30000"),
            ("bits", "6"),
            ("confirmations", "6"),
        ],
        beside: Some("pow/double-spend"),
        ..ATTACK
    },
    Scenario {
        id: "selfish",
        title: "A miner keeps its blocks secret",
        summary: "Node 1 has two fifths of the hash power. It shows its blocks only when the others have nearly caught \
                  up, so that their work is lost.",
        params: &[
            ("attacker", "selfish"),
            ("share", "40"),
            ("interval", "10000"),
            ("bits", "6"),
        ],
        until: Duration::seconds(2_000),
        view: View::BASE.stop(Stop::Mark(&marks::WITHHOLDS)),
        beside: Some("pow/chain-grows"),
        ..BASE
    },
    Scenario {
        id: "fork-it",
        title: "Make a deep fork yourself",
        summary: "All miners agree. Split them, or hold their blocks back, and see how many blocks they give up in \
                  the end.",
        until: Duration::seconds(120),
        beside: Some("pow/split-heals"),
        ..BASE
    },
    Scenario {
        id: "withhold",
        title: "Keep blocks back yourself",
        summary: "Node 1 has about a third of the hash power, and it is honest. Keep news from others, so that it makes \
                  more than its part of the chain.",
        params: &[("share", "35")],
        until: Duration::seconds(120),
        view: View::panel(Panel::Measures),
        beside: Some("pow/selfish"),
        ..BASE
    },
];
