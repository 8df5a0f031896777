//! Real systems as simplified models, and two applications with prices. Every number is a parameter.

use faultline_sim::descriptor::Scenario;
use faultline_sim::network::{Latency, Link};
use faultline_sim::standing::{Panel, Stop, View};
use faultline_sim::time::Duration;

use super::marks::{DECLARES, DELETES, MOVES};
use super::scenarios::{BASE, IN_ORDER};

/// A data centre.
const NEAR: Option<Link> = Some(Link::new(Latency::Uniform {
    min: Duration::millis(1),
    max: Duration::millis(20),
}));

// Kubernetes documentation, "Nodes" and "Leases": a kubelet renews its lease every 10 s; the node controller
// looks every 5 s (node-monitor-period) and waits 40 s (node-monitor-grace-period, 50 s since version 1.32);
// "Taints and Tolerations": pods stay for 300 s on a node that is unreachable (tolerationSeconds).
pub(super) const KUBERNETES: Scenario = Scenario {
    id: "kubernetes",
    title: "A simplified model of Kubernetes: a node's lease",
    summary: "Node 1 is the controller. The others renew their lease every 10 s, and each runs a pod. Node 3 crashes. \
              The controller waits 40 s, and the pod moves 300 s later.",
    preset: "central",
    params: &[
        ("nodes", "4"),
        ("heartbeat", "10000"),
        ("check", "5000"),
        ("timeout", "40000"),
        ("work", "pod"),
        ("evict", "300000"),
    ],
    script: &["60s crash n3"],
    until: Duration::seconds(460),
    opens_at: Duration::seconds(50),
    pace: 10.0,
    link: NEAR,
    view: View::BASE.stop(Stop::Mark(&MOVES)),
    beside: Some("heartbeat/zookeeper"),
    ..BASE
};

// ZooKeeper Administrator's Guide: tickTime 2000 ms, sessions of 2 to 20 ticks; Programmer's Guide: ephemeral
// nodes live as long as the session. Clients ping after a third of the timeout; the server expires sessions
// at multiples of its tick (SessionTrackerImpl).
pub(super) const ZOOKEEPER: Scenario = Scenario {
    id: "zookeeper",
    title: "A simplified model of ZooKeeper: a session expires",
    summary: "Node 1 is the server, with a tick of 2 s. The others are clients with sessions of 6 s, and each has an \
              ephemeral node. Client 3 crashes.",
    preset: "central",
    params: &[
        ("nodes", "4"),
        ("heartbeat", "2000"),
        ("check", "2000"),
        ("timeout", "6000"),
        ("work", "ephemeral node"),
    ],
    script: &["11s crash n3"],
    until: Duration::seconds(30),
    opens_at: Duration::seconds(9),
    pace: 1.0,
    link: NEAR,
    view: View::BASE.stop(Stop::Mark(&DELETES)),
    beside: Some("heartbeat/kubernetes"),
    ..BASE
};

// Cassandra documentation, "Dynamo: gossip, failure detection"; cassandra.yaml: phi_convict_threshold 8; gossip
// once a second; FailureDetector.java: 1,000 gaps, phi as the silence in means divided by ln 10.
pub(super) const CASSANDRA: Scenario = Scenario {
    id: "cassandra",
    title: "A simplified model of Cassandra: phi 8",
    summary: "Five nodes tell each other once a second that they live, by heartbeats in place of gossip. Each convicts \
              a peer when phi reaches 8. Node 3 crashes.",
    preset: "alone",
    params: &[
        ("detector", "phi"),
        ("law", "exponential"),
        ("window", "1000"),
        ("check", "1000"),
        ("longest", "120000"),
    ],
    script: &["30s crash n3"],
    until: Duration::seconds(60),
    opens_at: Duration::seconds(28),
    link: NEAR,
    view: View::BASE.stop(Stop::Mark(&DECLARES)),
    beside: Some("heartbeat/one-crash"),
    ..BASE
};

/// Three observers with three timeouts on one bad network; nodes 4 and 5 are watched, and node 5 crashes.
pub(super) const PACEMAKER: Scenario = Scenario {
    id: "pacemaker",
    title: "A pacemaker: every second of silence is dear",
    summary: "Nodes 1, 2 and 3 wait 2, 4 and 8 s. Messages take up to 5 s longer. A second in which a crash goes \
              unnoticed costs 1,000 euros, a false alarm 10. Node 5 crashes at 40 s.",
    preset: "alone",
    params: &[
        ("jitter", "5000"),
        ("check", "500"),
        ("n1.timeout", "2000"),
        ("n2.timeout", "4000"),
        ("n3.timeout", "8000"),
        ("price-late", "1000"),
        ("price-false", "10"),
    ],
    script: &["40s crash n5"],
    until: Duration::seconds(62),
    link: IN_ORDER,
    view: View::panel(Panel::Measures).stop(Stop::At(Duration::seconds(39))),
    beside: Some("heartbeat/cdn"),
    ..BASE
};

pub(super) const CDN: Scenario = Scenario {
    id: "cdn",
    title: "A network of caches: false alarms are dear",
    summary: "The same three observers. A second in which a crash goes unnoticed costs 1 euro, and a false alarm 50: \
              all users of that cache are sent far away.",
    params: &[
        ("jitter", "5000"),
        ("check", "500"),
        ("n1.timeout", "2000"),
        ("n2.timeout", "4000"),
        ("n3.timeout", "8000"),
        ("price-late", "1"),
        ("price-false", "50"),
    ],
    beside: Some("heartbeat/pacemaker"),
    ..PACEMAKER
};
