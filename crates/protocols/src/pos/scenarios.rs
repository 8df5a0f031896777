//! Runs under names a teacher would use. Without other settings four validators have equal stakes.

use faultline_sim::descriptor::Scenario;
use faultline_sim::standing::{Panel, Stop, View};
use faultline_sim::time::Duration;

use super::marks;

const BASE: Scenario = Scenario {
    preset: "correct",
    until: Duration::seconds(45),
    opens_at: Duration::millis(0),
    ..Scenario::BASE
};

/// The first is what `pos` alone means.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "blocks-become-final",
        title: "Votes make blocks final",
        summary: "Four validators take turns. In each epoch everyone attests once. Watch how a block becomes \
                  justified, and then final.",
        view: View::BASE.stop(Stop::Mark(&marks::JUSTIFIES)),
        beside: Some("pbft/normal-case"),
        ..BASE
    },
    Scenario {
        id: "unequal-stakes",
        title: "Three validators with unequal stakes",
        summary: "The proposer of each slot is drawn by stake. Count who makes how many blocks.",
        params: &[
            ("nodes", "3"),
            ("stake-1", "50"),
            ("stake-2", "30"),
            ("stake-3", "20"),
        ],
        until: Duration::seconds(155),
        view: View::panel(Panel::Measures),
        beside: Some("pos/blocks-become-final"),
        ..BASE
    },
    Scenario {
        id: "one-offline",
        title: "One of four validators is offline",
        summary: "Node 4 is down from the start. Its slots stay empty, and its votes are missing. Later it is back \
                  and fetches the chain.",
        script: &["0s crash n4", "36s recover n4"],
        until: Duration::seconds(60),
        view: View::BASE.stop(Stop::Mark(&marks::JUSTIFIES)),
        beside: Some("pos/half-offline"),
        ..BASE
    },
    Scenario {
        id: "half-offline",
        title: "Two of four validators go offline",
        summary: "Nodes 3 and 4 crash after the first epochs. Blocks go on. Later node 3 is back.",
        script: &["20s crash n3", "20s crash n4", "48s recover n3"],
        until: Duration::seconds(80),
        view: View::BASE.stop(Stop::Mark(&marks::FINALIZES)),
        beside: Some("pos/one-offline"),
        ..BASE
    },
    Scenario {
        id: "two-blocks",
        title: "A proposer makes two blocks for one slot",
        summary: "Node 1 has most of the slots, but not a third of the stake. It lies: nodes 1 and 2 get one block, and \
                  the others another one.",
        params: &[("nodes", "6"), ("stake-1", "24")],
        script: &["0s lie n1 forge"],
        view: View::BASE.stop(Stop::Mark(&marks::PROVES_BLOCKS)),
        beside: Some("pos/two-votes"),
        ..BASE
    },
    Scenario {
        id: "two-votes",
        title: "A validator signs different votes",
        summary: "Node 4 lies: it tells each node what suits the chain of this node. Sooner or later somebody has \
                  two of its votes for one epoch.",
        script: &["5s lie n4 forge"],
        until: Duration::seconds(60),
        view: View::BASE.stop(Stop::Mark(&marks::CONVICTS)),
        beside: Some("pos/crash-after-vote"),
        ..BASE
    },
    Scenario {
        id: "crash-after-vote",
        title: "Two validators crash just after their votes",
        summary: "Nodes 3 and 4 attest, crash, and are back in the same epoch. May they attest again?",
        script: &[
            "10s crash n3",
            "10s crash n4",
            "10300ms recover n3",
            "10300ms recover n4",
        ],
        view: View::BASE.stop(Stop::At(Duration::seconds(10))),
        beside: Some("pos/two-votes"),
        ..BASE
    },
    Scenario {
        id: "made-up-votes",
        title: "A liar makes up votes of others",
        summary: "Node 1 puts votes into its blocks that node 2 never signed.",
        script: &["5s lie n1 forge"],
        view: View::BASE.stop(Stop::Mark(&marks::REFUSES)),
        beside: Some("pos/two-votes"),
        ..BASE
    },
    Scenario {
        id: "split-in-half",
        title: "A split in half, and its end",
        summary: "Two validators on each side. Each side makes a chain of its own. After 40 seconds the network is \
                  whole again.",
        params: &[("nodes", "4")],
        script: &["5s partition n1,n2|n3,n4", "40s heal"],
        until: Duration::seconds(70),
        view: View::BASE.stop(Stop::At(Duration::seconds(20))),
        beside: Some("raft/kill-the-leader"),
        ..BASE
    },
    Scenario {
        id: "longer-chain",
        title: "A longer chain without votes",
        summary: "Node 4 is cut off and goes on alone. The others have two thirds of the stake and make blocks \
                  final; then they are down for long. When all are together again, the chain of node 4 is longer.",
        params: &[
            ("epoch", "2"),
            ("stake-1", "23"),
            ("stake-2", "22"),
            ("stake-3", "22"),
            ("stake", "33"),
        ],
        script: &[
            "1s partition n4|n1,n2,n3",
            "14s crash n1",
            "14s crash n2",
            "14s crash n3",
            "46s recover n1",
            "46s recover n2",
            "46s recover n3",
            "46s heal",
        ],
        until: Duration::seconds(70),
        view: View::BASE.stop(Stop::Mark(&marks::FINALIZES)),
        beside: Some("pos/split-in-half"),
        ..BASE
    },
    Scenario {
        id: "a-third-lies",
        title: "A liar has a third of the stake, and the network is split",
        summary: "Nodes 1 and 3 do not hear each other. Node 2 has a little more than a third of the stake. It lies and \
                  tells each side what suits it. Later the two sides meet.",
        params: &[
            ("nodes", "3"),
            ("stake-1", "33"),
            ("stake-2", "34"),
            ("stake-3", "33"),
        ],
        script: &["0s partition n1|n3", "0s lie n2 forge", "60s heal"],
        until: Duration::seconds(90),
        view: View::BASE.stop(Stop::Mark(&marks::FINALIZES)),
        beside: Some("pos/split-in-half"),
        ..BASE
    },
];
