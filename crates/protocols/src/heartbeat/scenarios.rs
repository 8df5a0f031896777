//! Runs under names a teacher would use.

use faultline_sim::descriptor::Scenario;
use faultline_sim::network::{Latency, Link};
use faultline_sim::standing::{Panel, Stop, View};
use faultline_sim::time::Duration;

use super::marks::{DECLARES, STOPS, SUSPECTS};
use super::skins::{CASSANDRA, CDN, KUBERNETES, PACEMAKER, ZOOKEEPER};

pub(super) const BASE: Scenario = Scenario {
    preset: "correct",
    until: Duration::seconds(20),
    pace: 0.5,
    ..Scenario::BASE
};

/// Five nodes, and a majority makes the verdict.
const ONE_CRASH: Scenario = Scenario {
    id: "one-crash",
    title: "One of five nodes crashes and comes back",
    summary: "Five nodes send each other heartbeats once a second. Node 2 crashes at 5 s and is back at 14 s. Watch \
              the others suspect it, agree, and take it back.",
    script: &["5s crash n2", "14s recover n2"],
    opens_at: Duration::seconds(3),
    view: View::BASE.stop(Stop::At(Duration::millis(4_900))),
    beside: Some("heartbeat/demo"),
    ..BASE
};

/// The listing's demo. Its failure and a heartbeat are due at one instant; here the failure comes first, by
/// a microsecond.
const DEMO: Scenario = Scenario {
    id: "demo",
    title: "The curriculum's demo: node 2 falls silent and comes back",
    summary: "Three nodes, heartbeats every second, checks every two. At 5 s node 2 stops sending, at the very \
              instant at which a heartbeat is due. Here the failure comes first. At 10 s it sends again.",
    preset: "as-written",
    params: &[("nodes", "3")],
    script: &[
        r#"4999999us request n2 "simulate_failure""#,
        r#"10s request n2 "simulate_recovery""#,
        r#"15s request n1 "stop""#,
        r#"15s request n2 "stop""#,
        r#"15s request n3 "stop""#,
    ],
    until: Duration::seconds(16),
    pace: 1.0,
    view: View::panel(Panel::Code).stop(Stop::Mark(&STOPS)),
    beside: Some("heartbeat/demo-late"),
    ..BASE
};

/// Two observers of one peer, each for itself.
const SEEN: Scenario = Scenario {
    id: "crash-seen",
    title: "Node 2 crashes, and node 1 looks",
    summary: "Three nodes that decide each for itself. Node 2 crashes at 5 s. Look at what node 1 receives, and at \
              nothing else. Beside it, the link between them is cut instead.",
    preset: "alone",
    params: &[("nodes", "3")],
    script: &["5s crash n2"],
    view: View::BASE.diagram().stop(Stop::At(Duration::millis(4_900))),
    beside: Some("heartbeat/cut-seen"),
    ..BASE
};

const ONE_LINK: Scenario = Scenario {
    id: "one-link",
    title: "One link is cut, and each node decides for itself",
    summary: "Three healthy nodes. At 5 s the link between nodes 1 and 2 is cut. Node 3 hears both.",
    preset: "alone",
    params: &[("nodes", "3")],
    script: &["5s cut n1-n2", "15s join n1-n2"],
    view: View::BASE.stop(Stop::At(Duration::millis(4_900))),
    beside: Some("heartbeat/one-link-majority"),
    ..BASE
};

/// A connection keeps messages in order: a late one holds up those behind it.
pub(super) const IN_ORDER: Option<Link> = Some(Link {
    fifo: true,
    ..Link::new(Latency::Uniform {
        min: Duration::millis(100),
        max: Duration::millis(300),
    })
});

/// Heartbeats take up to four seconds longer.
const SLOW: Scenario = Scenario {
    id: "slow-network",
    title: "A slow network, and all nodes are alive",
    summary: "Three healthy nodes. A message takes up to four seconds longer than usual. Nobody crashes in this \
              minute.",
    preset: "alone",
    params: &[("nodes", "3"), ("jitter", "4000"), ("check", "500")],
    until: Duration::seconds(65),
    link: IN_ORDER,
    view: View::panel(Panel::Measures),
    beside: Some("heartbeat/slow-network-adaptive"),
    ..BASE
};

const TWO_OF_FIVE: Scenario = Scenario {
    id: "two-of-five",
    title: "Two of five nodes crash at once",
    summary: "Nodes 2 and 3 crash at the same moment. Three observers are left.",
    script: &["5s crash n2", "5s crash n3"],
    view: View::BASE.stop(Stop::At(Duration::millis(4_900))),
    beside: Some("heartbeat/three-of-five"),
    ..BASE
};

const FLAKY: Scenario = Scenario {
    id: "flaky",
    title: "Node 2 is down for five seconds, up for five, and so on",
    summary: "Node 2 alternates between working and failing. Five nodes watch each other with a fixed timeout.",
    script: &["3s flaky n2 5s 5s"],
    until: Duration::seconds(65),
    view: View::panel(Panel::Measures),
    beside: Some("heartbeat/flaky-phi"),
    ..BASE
};

/// Node 2 stops at a random moment of two seconds; timers of all nodes run in step, as in the listing.
const RANDOM_CRASH: Scenario = Scenario {
    id: "random-crash",
    title: "Node 2 stops at a random moment",
    summary: "The curriculum's rules over a network with 50 ms latency. Node 2 stops at a random moment between 6 and \
              8 s. The seed decides when.",
    preset: "as-messages",
    params: &[("nodes", "3"), ("stops", "6000")],
    until: Duration::seconds(40),
    pace: 0.2,
    link: Some(Link::new(Latency::Constant(Duration::millis(50)))),
    view: View::panel(Panel::Measures),
    ..BASE
};

const LEVELS: Scenario = Scenario {
    id: "missed",
    title: "A level of suspicion: missed heartbeats are counted",
    summary: "Each check counts the heartbeats that should have come. Node 2 crashes at 8 s, and its level rises at \
              each observer.",
    preset: "alone",
    params: &[
        ("nodes", "3"),
        ("detector", "missed"),
        ("check", "500"),
        ("missed", "4"),
    ],
    script: &["8s crash n2"],
    view: View::BASE.stop(Stop::At(Duration::millis(7_900))),
    beside: Some("heartbeat/phi-level"),
    ..BASE
};

pub const SCENARIOS: &[Scenario] = &[
    ONE_CRASH,
    DEMO,
    // The same program. Events that are due at one instant come in the order in which they were planned: the
    // heartbeat of 5 s was planned at 4 s. A real timer may be late, and then the failure is first.
    Scenario {
        id: "demo-late",
        title: "The same demo, and a heartbeat leaves just before the failure",
        summary: "The same program. At 5 s a heartbeat and the failure are due at once, and nothing says which comes \
                  first. Here the heartbeat does.",
        script: &[
            r#"5s request n2 "simulate_failure""#,
            r#"10s request n2 "simulate_recovery""#,
            r#"15s request n1 "stop""#,
            r#"15s request n2 "stop""#,
            r#"15s request n3 "stop""#,
        ],
        beside: Some("heartbeat/demo"),
        ..DEMO
    },
    Scenario {
        id: "never-heard",
        title: "Node 2 is down from the start",
        summary: "The curriculum's program, and node 2 never sends a heartbeat. Nodes 1 and 3 check every two seconds.",
        params: &[("nodes", "3"), ("crashed", "2")],
        script: &[],
        view: View::panel(Panel::Code).stop(Stop::At(Duration::millis(1_900))),
        beside: Some("heartbeat/never-heard-counts"),
        ..DEMO
    },
    Scenario {
        id: "never-heard-counts",
        title: "Node 2 is down from the start, and silence counts from then",
        summary: "The same start. Here a peer that was never heard counts as silent from the start.",
        params: &[("nodes", "3"), ("crashed", "2")],
        until: Duration::seconds(16),
        view: View::BASE.stop(Stop::Mark(&SUSPECTS)),
        beside: Some("heartbeat/never-heard"),
        ..BASE
    },
    LEVELS,
    Scenario {
        id: "phi-level",
        title: "A level of suspicion: how unlikely is this silence?",
        summary: "Phi compares the silence of a peer with its earlier gaps. Node 2 crashes at 20 s. How fast does the \
                  level rise?",
        params: &[
            ("nodes", "3"),
            ("detector", "phi"),
            ("check", "100"),
            ("jitter", "300"),
        ],
        script: &["20s crash n2"],
        until: Duration::seconds(30),
        view: View::BASE.stop(Stop::At(Duration::millis(19_900))),
        beside: Some("heartbeat/missed"),
        ..LEVELS
    },
    ONE_LINK,
    Scenario {
        id: "one-link-majority",
        title: "One link is cut, and a majority decides",
        summary: "The same cut between nodes 1 and 2. Here a verdict needs a majority of the three nodes, and \
                  heartbeats say whom their sender suspects.",
        preset: "correct",
        beside: Some("heartbeat/one-link"),
        ..ONE_LINK
    },
    Scenario {
        id: "one-way",
        title: "Node 2 hears everybody, and nobody hears node 2",
        summary: "From 5 s on, everything that node 2 sends is lost. It receives all heartbeats. Node 2 is alive, and \
                  who knows it?",
        script: &["5s oneway n2->n1,n3,n4,n5", "15s heal"],
        view: View::BASE.stop(Stop::At(Duration::millis(4_900))),
        beside: Some("heartbeat/one-crash"),
        ..BASE
    },
    SLOW,
    Scenario {
        id: "slow-network-adaptive",
        title: "A slow network, and timeouts that follow it",
        summary: "The same slow network. Each node keeps the gaps between heartbeats, and waits for their mean and four \
                  deviations.",
        params: &[
            ("nodes", "3"),
            ("jitter", "4000"),
            ("check", "500"),
            ("detector", "deviation"),
        ],
        beside: Some("heartbeat/slow-network"),
        ..SLOW
    },
    TWO_OF_FIVE,
    Scenario {
        id: "three-of-five",
        title: "Three of five nodes crash at once",
        summary: "Nodes 2, 3 and 4 crash at the same moment. Two observers are left, and a verdict needs a majority of \
                  all five.",
        script: &["5s crash n2", "5s crash n3", "5s crash n4"],
        beside: Some("heartbeat/two-of-five"),
        ..TWO_OF_FIVE
    },
    FLAKY,
    Scenario {
        id: "flaky-phi",
        title: "The same flaky node, and phi",
        summary: "Node 2 is down for five seconds, up for five, and so on. Phi learns the usual gaps and reacts to \
                  unusual ones.",
        preset: "phi",
        beside: Some("heartbeat/flaky"),
        ..FLAKY
    },
    SEEN,
    Scenario {
        id: "cut-seen",
        title: "The link to node 2 is cut, and node 1 looks",
        summary: "Three nodes that decide each for itself. At 5 s the link between nodes 1 and 2 is cut. Look at what \
                  node 1 receives, and at nothing else.",
        script: &["5s cut n1-n2"],
        beside: Some("heartbeat/crash-seen"),
        ..SEEN
    },
    Scenario {
        id: "pause-seen",
        title: "Node 2 is frozen for ten seconds",
        summary: "A long garbage collection: node 2 stands still from 5 to 15 s. It is not dead, and its messages wait \
                  for it.",
        script: &["5s pause n2", "15s resume n2"],
        beside: Some("heartbeat/crash-seen"),
        ..SEEN
    },
    Scenario {
        id: "crash-and-cut",
        title: "One node has crashed, one is cut off from node 1",
        summary: "At 5 s node 2 crashes, and the link between nodes 1 and 3 is cut. Node 3 is alive. Can node 1 tell \
                  which is which?",
        params: &[("nodes", "4")],
        script: &["5s crash n2", "5s cut n1-n3"],
        beside: Some("heartbeat/crash-seen"),
        ..SEEN
    },
    RANDOM_CRASH,
    Scenario {
        id: "healthy",
        title: "Five healthy nodes",
        summary: "Five nodes send each other heartbeats, and a majority makes the verdict. Nothing happens by itself.",
        opens_at: Duration::seconds(2),
        ..BASE
    },
    PACEMAKER,
    CDN,
    Scenario {
        id: "your-detector",
        title: "Your own detector on a bad network",
        summary: "Messages take up to three seconds longer, and one of ten is lost. Node 2 crashes at 40 s. Choose a detector \
                  in Settings: its kind, its window, k, the law, the majority.",
        preset: "alone",
        params: &[("jitter", "3000"), ("loss", "10"), ("check", "500")],
        link: IN_ORDER,
        script: &["40s crash n2"],
        until: Duration::seconds(62),
        view: View::panel(Panel::Settings).stop(Stop::Mark(&DECLARES)),
        ..BASE
    },
    KUBERNETES,
    ZOOKEEPER,
    CASSANDRA,
];
