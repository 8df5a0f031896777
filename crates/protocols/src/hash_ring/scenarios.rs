//! Scenarios: prepared runs under the names a teacher would use.

use faultline_sim::descriptor::Scenario;
use faultline_sim::standing::{Panel, Stop, View};
use faultline_sim::time::Duration;

const BASE: Scenario = Scenario {
    preset: "correct",
    until: Duration::seconds(20),
    ..Scenario::BASE
};

/// The first is the one that `hash-ring` alone names.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "not-round",
        title: "Three nodes share 100 keys",
        summary: "Three nodes and 100 keys, as written. One node holds most of them: why? See how \
                  close together the points of a node lie. Then add a node, remove one, and count \
                  how many keys move.",
        preset: "as-written",
        until: Duration::seconds(10),
        view: View::panel(Panel::Code),
        beside: Some("hash-ring/hand-over"),
        ..BASE
    },
    Scenario {
        id: "add-and-remove",
        title: "A node joins, then another leaves",
        summary: "As written: node4 joins, then node2 leaves. Count the keys that move, and see \
                  where they go.",
        preset: "as-written",
        script: &["3s add", "6s remove n2"],
        until: Duration::seconds(10),
        view: View::panel(Panel::Measures),
        beside: Some("hash-ring/hand-over"),
        ..BASE
    },
    Scenario {
        id: "shared-point",
        title: "Removing one node empties the ring",
        summary: "As written, node85 falls on the same points as node1. When node85 leaves, the \
                  ring is empty, although node1 is still a member: no node owns key0. Turn on \
                  \u{201c}Two nodes can share a point, and each removes only its own\u{201d} \
                  before that and run again.",
        preset: "as-written",
        params: &[("nodes", "1"), ("apart", "84")],
        script: &[
            "3s add",
            "6s remove n2",
            "8s request n1 {\"get\":{\"key\":\"key0\"}}",
        ],
        until: Duration::seconds(10),
        view: View::BASE.stop(Stop::Broken),
        ..BASE
    },
    Scenario {
        id: "mixed",
        title: "A better hash, then more points per node",
        summary: "Three nodes as written get a better hash at 3 s and 50 points each at 6 s. Then \
                  a fourth node joins. Watch the busiest node.",
        preset: "as-written",
        script: &["3s set hash=mixed", "6s set virtual_nodes=50", "9s add"],
        until: Duration::seconds(12),
        view: View::panel(Panel::Measures),
        ..BASE
    },
    Scenario {
        id: "hand-over",
        title: "A node joins and gets its keys",
        summary: "A fourth node joins. Each other node hands over the keys that now belong to it, \
                  and deletes them only after it has an acknowledgement.",
        script: &["2s add", "10s remove n2"],
        view: View::BASE.stop(Stop::At(Duration::millis(2_600))),
        beside: Some("hash-ring/mod-n"),
        ..BASE
    },
    Scenario {
        id: "crash",
        title: "A node crashes, and copies take over",
        summary: "Each key is stored on three of five nodes. Node 3 crashes. Its neighbour \
                  notices, and the next nodes on the ring take over. When node 3 restarts, it \
                  gets its keys back.",
        preset: "replicated",
        params: &[("nodes", "5")],
        script: &[
            "2s crash n3",
            "9s request n1 {\"get\":{\"key\":\"key7\"}}",
            "12s recover n3",
        ],
        until: Duration::seconds(25),
        view: View::panel(Panel::Requests),
        ..BASE
    },
    Scenario {
        id: "mod-n",
        title: "Hash mod N: a node joins",
        summary: "Hash mod N instead of a ring: a fourth node joins. Count the keys that move, \
                  also between nodes that were there before.",
        params: &[("scheme", "mod-n")],
        script: &["2s add"],
        until: Duration::seconds(10),
        view: View::BASE.stop(Stop::At(Duration::millis(2_600))),
        beside: Some("hash-ring/hand-over"),
        ..BASE
    },
    Scenario {
        id: "ask",
        title: "A read, a search and a count",
        summary: "A value is stored on one node and read from it. Then a node searches for the \
                  owner of a key, and a client counts all keys with the same beginning.",
        params: &[("virtual_nodes", "3")],
        script: &[
            "1s request n1 {\"put\":{\"key\":\"apple\",\"value\":\"red\"}}",
            "4s request n2 {\"get\":{\"key\":\"apple\"}}",
            "7s request n1 {\"lookup\":{\"key\":\"key42\"}}",
            "12s request n3 {\"count\":{\"prefix\":\"key1\"}}",
        ],
        view: View::panel(Panel::Requests).stop(Stop::At(Duration::millis(1_200))),
        ..BASE
    },
    Scenario {
        id: "search",
        title: "Binary search for a key's owner",
        summary: "Nine points in order. Each comparison halves what is left, until the search \
                  finds the next point clockwise. The first search is for key7, the second for \
                  key42.",
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
        title: "Keys are deleted before they arrive",
        summary: "A node deletes keys as soon as it has sent them. The network loses half of all \
                  messages, so keys are lost. Turn on \u{201c}A key is deleted only after its new \
                  owner acknowledges it\u{201d} and run again.",
        preset: "hasty",
        script: &["1s loss 0.5", "2s add"],
        view: View::BASE.stop(Stop::Broken),
        beside: Some("hash-ring/hand-over"),
        ..BASE
    },
];
