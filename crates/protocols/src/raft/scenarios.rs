//! Scenarios under the names a teacher would use.

mod batches;
mod deaf;
mod figure_8;
mod handing;
mod judged;
mod leases;
mod mirrored;
mod presets;
mod rolling;
mod snapshots;
mod voters;

use faultline_sim::descriptor::Scenario;
use faultline_sim::network::{Latency, Link};
use faultline_sim::standing::{Panel, Stop, View};
use faultline_sim::time::Duration;

use super::marks;

pub(super) use presets::PRESETS;

/// A hop of 12 to 24 ms takes half a second to look at.
const HOME: Scenario = Scenario {
    id: "kill-the-leader",
    title: "Crash the leader",
    summary: "Five servers, one leader. Crash it: the others miss its heartbeats, and one of them \
              asks for votes.",
    preset: "correct",
    until: Duration::seconds(3),
    opens_at: Duration::millis(520),
    pace: 0.04,
    ..Scenario::BASE
};

/// The usual start: node 1 leads term 1.
const N1_LEADS: &str = "10ms fire n1 ElectionTimeout";

/// Every hop takes the same time, and no timeout comes between the steps of a script.
const STEADY: Link = Link::new(Latency::Constant(Duration::millis(5)));

/// A hop takes as long as in the bully election, so that both runs move at one pace.
const AS_BULLY: Link = Link::new(Latency::Uniform {
    min: Duration::millis(400),
    max: Duration::millis(600),
});

/// A leader that was replaced is asked for a value that was replaced, too.
const STALE_READ: &[&str] = &[
    N1_LEADS,
    r#"150ms request n1 {"write":{"key":"x","value":"old"}}"#,
    "300ms partition n1|n2,n3,n4,n5",
    "400ms fire n4 ElectionTimeout",
    r#"550ms request n4 {"write":{"key":"x","value":"new"}}"#,
    r#"700ms request n1 {"read":{"key":"x"}}"#,
];

pub(super) const SCENARIOS: &[Scenario] = &[
    HOME,
    Scenario {
        id: "split-vote",
        title: "A split vote",
        summary: "The leader crashes, and the election timers of the others go off together. Each \
                  votes for itself and nobody wins, until random timeouts break the tie.",
        script: &[N1_LEADS, "300ms crash n1", "330ms align ElectionTimeout"],
        opens_at: Duration::millis(240),
        view: View::BASE.stop(Stop::Mark(&marks::HAS_VOTED)),
        ..HOME
    },
    Scenario {
        id: "leader-cut-off",
        title: "The leader is cut off",
        summary: "Node 1 leads but can no longer reach the others. They elect a new leader in a \
                  later term. Then the partition heals.",
        script: &[
            N1_LEADS,
            "300ms partition n1|n2,n3,n4,n5",
            r#"400ms request n1 {"write":{"key":"x","value":"lonely"}}"#,
            "1200ms heal",
        ],
        opens_at: Duration::millis(240),
        view: View::BASE.stop(Stop::Mark(&marks::WINS)),
        ..HOME
    },
    Scenario {
        id: "same-split",
        title: "A split without a second leader",
        summary: "Node 5 leads when a partition splits the network 2|3, as in the bully election. \
                  Nodes 1 and 2 have lost their leader, and a new one would need 3 of 5 votes.",
        params: &[("timeout", "3000"), ("heartbeat", "1000")],
        script: &[
            "500ms fire n5 ElectionTimeout",
            "6s partition n1,n2|n3,n4,n5",
            "18s heal",
        ],
        until: Duration::seconds(28),
        opens_at: Duration::millis(4_200),
        pace: 1.0,
        link: Some(AS_BULLY),
        view: View::BASE.stop(Stop::Mark(&marks::ASKS_VOTES)),
        beside: Some("bully/two-leaders"),
        ..HOME
    },
    Scenario {
        id: "write-and-heal",
        title: "Writes on both sides of a partition",
        summary: "The old leader keeps one follower and accepts writes that it cannot commit. The \
                  other side elects a leader and commits its own writes. Then the partition \
                  heals.",
        script: &[
            N1_LEADS,
            r#"150ms request n1 {"write":{"key":"x","value":"1"}}"#,
            "300ms partition n1,n2|n3,n4,n5",
            r#"350ms request n1 {"write":{"key":"x","value":"2"}}"#,
            r#"400ms request n1 {"write":{"key":"x","value":"3"}}"#,
            "450ms fire n4 ElectionTimeout",
            r#"650ms request n4 {"write":{"key":"x","value":"4"}}"#,
            r#"700ms request n3 {"write":{"key":"x","value":"5"}}"#,
            "1100ms heal",
        ],
        opens_at: Duration::millis(280),
        view: View::panel(Panel::Requests).stop(Stop::Mark(&marks::DELETES)),
        ..HOME
    },
    Scenario {
        id: "two-of-five-crash",
        title: "Two of five servers crash",
        summary: "Two of five servers crash while a client writes. They catch up when they \
                  restart.",
        params: &[("clients", "1"), ("every", "120")],
        script: &[
            N1_LEADS,
            "500ms crash n4",
            "700ms crash n5",
            "1600ms recover n4",
            "1700ms recover n5",
        ],
        opens_at: Duration::millis(440),
        view: View::panel(Panel::Requests).stop(Stop::At(Duration::millis(750))),
        beside: Some("raft/three-of-five-crash"),
        ..HOME
    },
    Scenario {
        id: "three-of-five-crash",
        title: "Three of five servers crash",
        summary: "One server crashes, then a second and a third, while a client writes. Then one \
                  restarts.",
        params: &[("clients", "1"), ("every", "120")],
        script: &[
            N1_LEADS,
            "500ms crash n5",
            "800ms crash n4",
            "1100ms crash n1",
            "2200ms recover n4",
        ],
        until: Duration::seconds(4),
        opens_at: Duration::millis(440),
        view: View::panel(Panel::Requests).stop(Stop::At(Duration::millis(1_150))),
        beside: Some("raft/two-of-five-crash"),
        ..HOME
    },
    Scenario {
        id: "slow-follower",
        title: "A slow follower",
        summary: "Messages between node 1 and node 5 take 80 ms longer. A client writes, and node \
                  5 catches up later.",
        params: &[("clients", "1"), ("every", "90")],
        script: &[N1_LEADS, "200ms slow n1->n5 80ms", "200ms slow n5->n1 80ms"],
        opens_at: Duration::millis(440),
        view: View::BASE.diagram(),
        ..HOME
    },
    deaf::FOLLOWER,
    deaf::FOLLOWER_STEADY,
    deaf::LEADER,
    deaf::LEADER_STEADY,
    Scenario {
        id: "five-writes",
        title: "Each write waits for a majority",
        summary: "A client writes five times at node 1, the leader. It answers when a majority has the entry. With gossip, \
                  beside it, the answer comes at once.",
        script: &[
            N1_LEADS,
            r#"300ms request n1 {"write":{"key":"x","value":"1"}}"#,
            r#"450ms request n1 {"write":{"key":"x","value":"2"}}"#,
            r#"600ms request n1 {"write":{"key":"x","value":"3"}}"#,
            r#"750ms request n1 {"write":{"key":"x","value":"4"}}"#,
            r#"900ms request n1 {"write":{"key":"x","value":"5"}}"#,
        ],
        until: Duration::seconds(2),
        opens_at: Duration::millis(280),
        view: View::panel(Panel::Measures).stop(Stop::At(Duration::millis(310))),
        beside: Some("gossip/five-writes"),
        ..HOME
    },
    Scenario {
        id: "two-machines",
        title: "One log feeds a store and a ledger",
        summary: "Every server gives its log to two machines. For a store, each entry is the new value; for a ledger it is \
                  money that comes in. Node 4 is down for a while and catches up.",
        switches: &[("ledger", true)],
        script: &[
            N1_LEADS,
            r#"300ms request n1 {"write":{"key":"ada","value":"30"}}"#,
            r#"400ms request n1 {"write":{"key":"bob","value":"20"}}"#,
            "500ms crash n4",
            r#"600ms request n1 {"write":{"key":"ada","value":"5"}}"#,
            r#"700ms request n1 {"write":{"key":"bob","value":"-20"}}"#,
            "1200ms recover n4",
            r#"1400ms request n1 {"write":{"key":"ada","value":"1"}}"#,
        ],
        until: Duration::seconds(2),
        opens_at: Duration::millis(280),
        view: View::panel(Panel::Requests).stop(Stop::At(Duration::millis(750))),
        ..HOME
    },
    Scenario {
        id: "figure-7",
        title: "Figure 7: six logs differ from the leader's",
        summary: "Seven servers start with the logs of the paper's Figure 7. Node 1 wins term 8 \
                  without the votes of nodes 4 and 5, and brings all six logs in line with its \
                  own, one index per refusal.",
        params: &[("nodes", "7"), ("figure", "7"), ("heartbeat", "100")],
        script: &[N1_LEADS],
        until: Duration::seconds(1),
        opens_at: Duration::millis(9),
        pace: 0.006,
        link: Some(Link::new(Latency::Constant(Duration::millis(3)))),
        view: View::BASE.stop(Stop::Mark(&marks::REFUSES_ENTRIES)),
        ..HOME
    },
    Scenario {
        id: "figure-8",
        title: "Figure 8: an old entry on a majority",
        summary: "Node 1 (S1) finds its entry of term 2 on a majority while it leads term 4. It \
                  crashes, and node 5, which misses the entry, asks for votes. Turn off \u{201c}A \
                  leader counts copies only for entries of its own term\u{201d} and run again.",
        params: &[("timeout", "2000")],
        switches: &[("no-op", false)],
        script: &figure_8::FIGURE_8_D,
        until: Duration::seconds(1),
        opens_at: Duration::millis(118),
        pace: 0.012,
        link: Some(STEADY),
        view: View::BASE.stop(Stop::Mark(&marks::DELETES)),
        beside: Some("raft/figure-8-saved"),
        ..HOME
    },
    Scenario {
        id: "figure-8-saved",
        title: "Figure 8, with one more entry",
        summary: "As in Figure 8, but node 1 (S1) replicates an entry of term 4 to a majority \
                  before it crashes. Then node 5 asks for votes.",
        params: &[("timeout", "2000")],
        switches: &[("no-op", false)],
        script: &figure_8::FIGURE_8_E,
        until: Duration::seconds(1),
        opens_at: Duration::millis(370),
        pace: 0.012,
        link: Some(STEADY),
        view: View::BASE.stop(Stop::Mark(&marks::LOG_BEHIND)),
        beside: Some("raft/figure-8"),
        ..HOME
    },
    Scenario {
        id: "forgotten-vote",
        title: "A server forgets its vote",
        summary: "Node 3 votes for node 1, crashes, restarts, and node 2 asks for its vote in the \
                  same term. The vote was not on disk. Turn on \u{201c}A server remembers its \
                  vote after a crash\u{201d} and run again.",
        preset: "forgets-vote",
        params: &[("nodes", "3")],
        script: &[
            "0s cut n1-n2",
            N1_LEADS,
            "30ms crash n3",
            "80ms recover n3",
            "82ms fire n2 ElectionTimeout",
        ],
        until: Duration::seconds(1),
        opens_at: Duration::millis(8),
        pace: 0.03,
        link: Some(Link::new(Latency::Constant(Duration::millis(15)))),
        view: View::BASE.stop(Stop::Broken),
        ..HOME
    },
    Scenario {
        id: "crash-in-mid-write",
        title: "A crash during a disk write",
        summary: "Node 3 votes for node 1 and answers at once, while its disk is still writing \
                  the vote. It crashes and restarts without the vote, and node 2 asks for it in \
                  the same term. Turn on \u{201c}A node answers only after its disk write is \
                  done\u{201d} and run again.",
        preset: "answers-first",
        params: &[("nodes", "3")],
        script: &[
            "0s cut n1-n2",
            "0s disk n3 200ms",
            N1_LEADS,
            "60ms crash n3",
            "80ms recover n3",
            "82ms fire n2 ElectionTimeout",
        ],
        until: Duration::seconds(1),
        opens_at: Duration::millis(8),
        pace: 0.03,
        link: Some(Link::new(Latency::Constant(Duration::millis(15)))),
        view: View::BASE.stop(Stop::Broken),
        ..HOME
    },
    Scenario {
        id: "figure-8-seen",
        title: "Figure 8 as a client sees it",
        summary: "The same trap, and a client beside node 2 that asks again until its write is \
                  confirmed. Later a client reads x. A leader counts copies of old terms here.",
        preset: "counts-old-terms",
        params: &[("timeout", "2000"), ("retry", "30"), ("tries", "20")],
        script: &figure_8::FIGURE_8_SEEN,
        until: Duration::seconds(1),
        opens_at: Duration::millis(350),
        pace: 0.03,
        link: Some(STEADY),
        view: View::panel(Panel::Requests).stop(Stop::Broken),
        beside: Some("raft/figure-8-saved"),
        ..HOME
    },
    Scenario {
        id: "stale-read",
        title: "A read at a replaced leader",
        summary: "Node 1 is cut off and does not know that node 4 leads now. A client asks it to \
                  read x. Turn on \u{201c}A leader confirms that it still leads before it answers \
                  a read\u{201d} and run again.",
        preset: "unconfirmed-reads",
        script: STALE_READ,
        opens_at: Duration::millis(380),
        view: View::panel(Panel::Requests).stop(Stop::Broken),
        beside: Some("raft/confirmed-read"),
        ..HOME
    },
    Scenario {
        id: "confirmed-read",
        title: "A leader that confirms before it answers",
        summary: "The same partition and the same read. Node 1 asks the others first whether it \
                  still leads.",
        script: STALE_READ,
        opens_at: Duration::millis(380),
        view: View::panel(Panel::Requests).stop(Stop::At(Duration::millis(720))),
        beside: Some("raft/stale-read"),
        ..HOME
    },
    judged::SECOND_READ,
    judged::JUDGED,
    judged::JUDGED_AT_ONCE,
    judged::WHICH_RULE,
    mirrored::SAME_FAULTS,
    Scenario {
        id: "etcd",
        title: "etcd: Kubernetes keeps its state in Raft",
        summary: "Kubernetes stores what should run in etcd, which uses Raft. A pod is written, \
                  the leader crashes, and a client reads the pod.",
        params: &[("clients", "1")],
        script: &[
            N1_LEADS,
            r#"200ms request n6 {"write":{"key":"pod/web","value":"pending"}}"#,
            r#"400ms request n6 {"write":{"key":"pod/web","value":"running"}}"#,
            "600ms crash n1",
            r#"640ms request n6 {"read":{"key":"pod/web"}}"#,
            "1500ms recover n1",
        ],
        opens_at: Duration::millis(180),
        view: View::panel(Panel::Requests).stop(Stop::Mark(&marks::WINS)),
        ..HOME
    },
    Scenario {
        id: "three-zones",
        title: "Three zones, and one is cut off",
        summary: "Five servers and three clients in three zones. The smallest zone, node 5 with \
                  client node 8, is cut off. Its client waits, and the other clients are served \
                  as before.",
        params: &[("clients", "3"), ("every", "150")],
        script: &[
            N1_LEADS,
            "600ms partition n1,n2,n3,n4,n6,n7|n5,n8",
            "2400ms heal",
        ],
        until: Duration::seconds(4),
        opens_at: Duration::millis(540),
        view: View::panel(Panel::Requests).stop(Stop::At(Duration::millis(650))),
        ..HOME
    },
    Scenario {
        id: "service-of-one",
        title: "One server: a single point of failure",
        summary: "One server, one client, one crash: no request is answered until the server \
                  restarts. Compare the share of answered requests with three servers.",
        params: &[
            ("nodes", "1"),
            ("clients", "1"),
            ("every", "150"),
            ("tries", "1"),
        ],
        script: &["1s crash n1", "2s recover n1"],
        until: Duration::seconds(4),
        opens_at: Duration::millis(900),
        view: View::panel(Panel::Measures),
        beside: Some("raft/service-of-three"),
        ..HOME
    },
    Scenario {
        id: "service-of-three",
        title: "One crash, and three servers",
        summary: "The same crash and the same client, with three servers: the other two elect a \
                  new leader.",
        params: &[
            ("nodes", "3"),
            ("clients", "1"),
            ("every", "150"),
            ("tries", "1"),
        ],
        script: &[N1_LEADS, "1s crash n1", "2s recover n1"],
        until: Duration::seconds(4),
        opens_at: Duration::millis(900),
        view: View::panel(Panel::Measures),
        beside: Some("raft/service-of-one"),
        ..HOME
    },
    voters::FOURTH,
    voters::REMOVED,
    voters::REMOVED_ASKS_FIRST,
    voters::TWO_CHANGES,
    voters::ONE_BY_ONE,
    voters::ALL_AT_ONCE,
    snapshots::WHOLE_LOG,
    snapshots::SNAPSHOT,
    handing::CRASH,
    handing::HAND_OVER,
    batches::EACH,
    batches::GATHERED,
    leases::ALIKE,
    leases::SLOW_CLOCK,
    rolling::RESTART,
];
