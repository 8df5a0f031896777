//! Scenarios: prepared runs under the names a teacher would use.

use faultline_sim::descriptor::Scenario;
use faultline_sim::standing::{Stop, View};
use faultline_sim::time::Duration;

use super::marks::{SKIPS, SWALLOWS};

const BASE: Scenario = Scenario {
    preset: "as-published",
    until: Duration::seconds(12),
    ..Scenario::BASE
};

/// The first is the one that `ring-election` alone names.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "one-round",
        title: "The largest number goes round and wins",
        summary: "Node 1 starts. Each node passes on the larger number, until node 5 gets its own \
                  number back. A second lap tells all nodes.",
        beside: Some("bully/worst-case"),
        ..BASE
    },
    Scenario {
        id: "all-start",
        title: "All start at once, in the worst order",
        summary: "All five nodes send their numbers, against the order of the ring. A node that \
                  knows a larger number discards what it gets.",
        params: &[("starter", "1,2,3,4,5"), ("order", "5,4,3,2,1")],
        view: View::BASE.stop(Stop::Mark(&SWALLOWS)),
        beside: Some("ring-election/best-case"),
        ..BASE
    },
    Scenario {
        id: "best-case",
        title: "The highest node starts",
        summary: "No node has a larger number than node 5, and node 5 starts the election.",
        params: &[("starter", "5")],
        ..BASE
    },
    Scenario {
        id: "token-lost",
        title: "One message is lost, and no node ever leads",
        summary: "The published algorithm assumes that no message is lost. Here the number 4 is \
                  lost, and the participants wait for it. When node 1 tries again, they discard \
                  its number. Turn on \u{201c}Messages are acknowledged, and a neighbour that \
                  does not answer is skipped\u{201d} and run again.",
        script: &["0s drop n4->n5#1", "6s request n1 \"Start\""],
        view: View::BASE.stop(Stop::Mark(&SWALLOWS)),
        ..BASE
    },
    Scenario {
        id: "kill-the-leader",
        title: "The leader crashes and comes back",
        summary: "The other nodes miss its heartbeats. They skip it on the ring, because it does \
                  not acknowledge messages. When node 5 restarts, it leads again.",
        preset: "correct",
        script: &["10s crash n5", "55s recover n5"],
        until: Duration::seconds(80),
        opens_at: Duration::millis(9_000),
        pace: 2.0,
        view: View::BASE.stop(Stop::Mark(&SKIPS)),
        ..BASE
    },
    Scenario {
        id: "two-rings",
        title: "Two rings after a split",
        summary: "A partition splits the network 2|3. Each side skips the nodes it cannot reach \
                  and closes a ring of its own. Later the partition heals.",
        preset: "correct",
        script: &["10s partition n1,n2|n3,n4,n5", "60s heal"],
        until: Duration::seconds(110),
        opens_at: Duration::millis(9_000),
        pace: 2.0,
        view: View::BASE.stop(Stop::Mark(&SKIPS)),
        ..BASE
    },
];
