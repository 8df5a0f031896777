//! Load, and what divides it: balancers, queues, caches, an autoscaler.

use faultline_sim::descriptor::Scenario;
use faultline_sim::time::Duration;

use super::BASE;

/// Node 4 takes four times as long as the others.
const ONE_SLOW: &[(&str, &str)] = &[
    ("nodes", "5"),
    ("n1.kind", "crowd"),
    ("n1.to", "2"),
    ("n1.patience", "0"),
    ("n2.kind", "balancer"),
    ("n2.to", "3,4,5"),
    ("n2.patience", "0"),
    ("servers", "2"),
    ("n4.time", "200"),
    ("rate", "25"),
];

pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "one-slow",
        title: "Three servers, and one of them is slow",
        summary: "A balancer gives requests to three servers in turn. Node 4 takes four times as long as the \
                  others. Choose another policy of the balancer, and look at the slowest answers.",
        params: ONE_SLOW,
        beside: Some("board/one-slow-two-choices"),
        ..BASE
    },
    Scenario {
        id: "one-slow-two-choices",
        title: "The same three servers, and two choices",
        summary: "The balancer looks at two servers at random and takes the one with fewer open requests. Node 4 \
                  is as slow as before.",
        params: &[
            ("nodes", "5"),
            ("n1.kind", "crowd"),
            ("n1.to", "2"),
            ("n1.patience", "0"),
            ("n2.kind", "balancer"),
            ("n2.to", "3,4,5"),
            ("n2.patience", "0"),
            ("n2.policy", "two-choices"),
            ("servers", "2"),
            ("n4.time", "200"),
            ("rate", "25"),
        ],
        beside: Some("board/one-slow"),
        ..BASE
    },
    Scenario {
        id: "one-queue",
        title: "One queue and one server",
        summary: "Requests arrive at random, and one worker takes them in order. It is busy three quarters of the \
                  time. How many requests are there, and for how long?",
        params: &[
            ("nodes", "2"),
            ("n1.kind", "crowd"),
            ("n1.to", "2"),
            ("n1.patience", "0"),
            ("rate", "3"),
            ("servers", "1"),
            ("time", "250"),
            ("writes", "0"),
        ],
        until: Duration::seconds(600),
        pace: 1.0,
        ..BASE
    },
    Scenario {
        id: "cache",
        title: "A cache before a database",
        summary: "Most requests are about few keys. A cache keeps the latest answers, so the database has less \
                  to do. Crash the cache and look at the database.",
        params: &[
            ("nodes", "3"),
            ("n1.kind", "crowd"),
            ("n1.to", "2"),
            ("n2.kind", "cache"),
            ("n2.to", "3"),
            ("n3.kind", "database"),
            ("rate", "40"),
            ("favourites", "100"),
            ("writes", "5"),
            ("places", "40"),
        ],
        script: &["20s crash n2", "21s recover n2"],
        ..BASE
    },
    Scenario {
        id: "autoscale",
        title: "More servers as the load rises",
        summary: "The load rises in steps. An autoscaler measures how busy the servers are and has the balancer use \
                  more of them, when they have booted.",
        params: &[
            ("nodes", "9"),
            ("n1.kind", "crowd"),
            ("n1.to", "2"),
            ("n1.patience", "0"),
            ("n2.kind", "balancer"),
            ("n2.to", "3,4,5,6,7,8"),
            ("n2.policy", "least-busy"),
            ("n9.kind", "autoscaler"),
            ("n9.to", "2"),
            ("servers", "2"),
            ("rate", "10"),
        ],
        script: &[
            "10s set rate=40",
            "30s set rate=80",
            "50s set rate=120",
            "70s set rate=20",
        ],
        until: Duration::seconds(90),
        ..BASE
    },
];
