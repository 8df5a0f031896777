//! Runs under names a teacher would use.

use faultline_sim::descriptor::Scenario;
use faultline_sim::time::Duration;

const BASE: Scenario = Scenario {
    preset: "correct",
    until: Duration::seconds(20),
    ..Scenario::BASE
};

/// The first is what `hash-ring` alone means.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "not-round",
        title: "The ring that is not round",
        summary: "Three nodes and a hundred keys, as written. Who has most of them, and why? Look how \
                  close a node's points lie. Then add a node, take one away, and count what moves.",
        preset: "as-written",
        until: Duration::seconds(10),
        ..BASE
    },
    Scenario {
        id: "add-and-remove",
        title: "One comes, one goes",
        summary: "As written: node4 joins, then node2 leaves. Half of all keys move to the newcomer; \
                  what leaves node2 goes to one node only.",
        preset: "as-written",
        script: &["3s add", "6s remove n2"],
        until: Duration::seconds(10),
        ..BASE
    },
    Scenario {
        id: "shared-point",
        title: "Taken away with somebody else's points",
        summary: "As written, node85 falls on the very points of node1, and takes them. When it leaves, \
                  the ring is empty, although node1 is still a member: nobody owns key0. Turn on \
                  \u{201c}share-points\u{201d} before that and run again.",
        preset: "as-written",
        params: &[("nodes", "1"), ("apart", "84")],
        script: &[
            "3s add",
            "6s remove n2",
            "8s request n1 {\"get\":{\"key\":\"key0\"}}",
        ],
        until: Duration::seconds(10),
        ..BASE
    },
    Scenario {
        id: "mixed",
        title: "Mix the hash, then give each node many points",
        summary: "Three nodes as written get a better hash at 3 s, which alone does not help, and fifty \
                  points each at 6 s. A fourth node then takes a quarter, a little from each.",
        preset: "as-written",
        script: &["3s set hash=mixed", "6s set virtual_nodes=50", "9s add"],
        until: Duration::seconds(12),
        ..BASE
    },
    Scenario {
        id: "hand-over",
        title: "A node joins, over a network",
        summary: "A fourth node says that it is here; each of the others hands over the keys that are \
                  now the newcomer's, and deletes them only when it has the receipt.",
        script: &["2s add", "10s remove n2"],
        ..BASE
    },
    Scenario {
        id: "crash",
        title: "A node falls silent",
        summary: "Each key lies at three of five nodes. One crashes: its neighbour notices, those who \
                  are next on the ring take over, and when it comes back it gets its keys again.",
        preset: "replicated",
        params: &[("nodes", "5")],
        script: &[
            "2s crash n3",
            "9s request n1 {\"get\":{\"key\":\"key7\"}}",
            "12s recover n3",
        ],
        until: Duration::seconds(25),
        ..BASE
    },
    Scenario {
        id: "mod-n",
        title: "Dealt out by the remainder",
        summary: "Hash mod N instead of a ring: when a fourth node comes, nearly every key moves, also \
                  between nodes that were there all the time.",
        params: &[("scheme", "mod-n")],
        script: &["2s add"],
        until: Duration::seconds(10),
        ..BASE
    },
    Scenario {
        id: "ask",
        title: "One key, or all of them",
        summary: "A value is stored and read at one node. A search goes through the points in steps \
                  that halve what is left. A question about all keys must go to every node.",
        params: &[("virtual_nodes", "3")],
        script: &[
            "1s request n1 {\"put\":{\"key\":\"apple\",\"value\":\"red\"}}",
            "4s request n2 {\"get\":{\"key\":\"apple\"}}",
            "7s request n1 {\"lookup\":{\"key\":\"key42\"}}",
            "12s request n3 {\"count\":{\"prefix\":\"key1\"}}",
        ],
        ..BASE
    },
    Scenario {
        id: "search",
        title: "Three looks are enough",
        summary: "Nine points in order. Each look at one of them halves what is left, until the next \
                  point clockwise from key7 is found. key42 lies beyond the last point: its search is \
                  over before it begins, because the ring goes on at 0.",
        params: &[("virtual_nodes", "3")],
        script: &[
            "1s request n1 {\"lookup\":{\"key\":\"key7\"}}",
            "6s request n1 {\"lookup\":{\"key\":\"key42\"}}",
        ],
        until: Duration::seconds(9),
        ..BASE
    },
    Scenario {
        id: "lost-on-the-way",
        title: "Deleted too soon",
        summary: "A node in a hurry deletes keys as soon as they are sent. The link to the newcomer \
                  loses half of what it carries: keys are gone. Turn on \u{201c}wait-ack\u{201d} and \
                  run again.",
        preset: "hasty",
        script: &["1s loss 0.5", "2s add"],
        ..BASE
    },
];
