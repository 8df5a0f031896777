//! Load, and what divides it: balancers, queues, caches, an autoscaler.

use faultline_sim::descriptor::Scenario;
use faultline_sim::network::{Latency, Link};
use faultline_sim::time::Duration;

use super::BASE;

/// Node 4 takes four times as long as the others.
macro_rules! one_slow {
    ($policy:literal) => {
        &[
            ("nodes", "5"),
            ("n1.kind", "crowd"),
            ("n1.to", "2"),
            ("n2.kind", "balancer"),
            ("n2.to", "3,4,5"),
            ("n2.policy", $policy),
            ("patience", "0"),
            ("servers", "2"),
            ("n4.time", "200"),
            ("rate", "25"),
        ]
    };
}

/// Inside of one region.
const NEAR: Option<Link> = Some(Link::new(Latency::Uniform {
    min: Duration::millis(5),
    max: Duration::millis(15),
}));

pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "one-slow",
        title: "Three servers, and one of them is slow",
        summary: "A balancer gives requests to three servers in turn. Node 4 takes four times as long as the \
                  others. Choose another policy of the balancer, and look at the slowest answers.",
        params: one_slow!("round-robin"),
        beside: Some("board/one-slow-two-choices"),
        ..BASE
    },
    Scenario {
        id: "one-slow-random",
        title: "The same three servers, chosen at random",
        summary: "The balancer draws one of the three servers for each request. Node 4 is as slow as before.",
        params: one_slow!("random"),
        beside: Some("board/one-slow"),
        ..BASE
    },
    Scenario {
        id: "one-slow-two-choices",
        title: "The same three servers, and two choices",
        summary: "The balancer looks at two servers at random and takes the one with fewer open requests. Node 4 \
                  is as slow as before.",
        params: one_slow!("two-choices"),
        beside: Some("board/one-slow"),
        ..BASE
    },
    Scenario {
        id: "one-slow-least-busy",
        title: "The same three servers, and always the least busy",
        summary: "The balancer compares all three servers and takes the one with the fewest open requests. Node 4 \
                  is as slow as before.",
        params: one_slow!("least-busy"),
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
        id: "more-users",
        title: "Users who wait, and one server",
        summary: "Each user asks, waits for the answer, thinks, and asks again. Raise the number of users, from ten \
                  to thousands, and look at the slowest answers.",
        params: &[
            ("nodes", "2"),
            ("n1.kind", "crowd"),
            ("n1.to", "2"),
            ("n1.patience", "0"),
            ("users", "20"),
        ],
        until: Duration::seconds(40),
        ..BASE
    },
    Scenario {
        id: "server-after-server",
        title: "A hundred users, and one more server each time",
        summary: "A balancer has one server for a hundred users, and answers are late. Every six seconds it gets \
                  another server.",
        params: &[
            ("nodes", "9"),
            ("n1.kind", "crowd"),
            ("n1.to", "2"),
            ("n2.kind", "balancer"),
            ("n2.to", "3"),
            ("n2.policy", "least-busy"),
            ("patience", "0"),
            ("servers", "1"),
            ("law", "uniform"),
            ("users", "100"),
        ],
        script: &[
            "6s set n2.to=3,4",
            "12s set n2.to=3,4,5",
            "18s set n2.to=3,4,5,6",
            "24s set n2.to=3,4,5,6,7",
            "30s set n2.to=3,4,5,6,7,8",
            "36s set n2.to=3,4,5,6,7,8,9",
        ],
        opens_at: Duration::seconds(2),
        until: Duration::seconds(45),
        pace: 0.5,
        ..BASE
    },
    Scenario {
        id: "queue-drains",
        title: "Two servers are too few, and others join",
        summary: "Requests come at the same rate all the time, and two servers cannot do them all. After ten \
                  seconds, a third server joins, and another one every five seconds.",
        params: &[
            ("nodes", "4"),
            ("n1.kind", "crowd"),
            ("n1.to", "2"),
            ("n2.kind", "balancer"),
            ("n2.to", "3,4"),
            ("n2.policy", "least-busy"),
            ("patience", "0"),
            ("servers", "1"),
            ("rate", "50"),
        ],
        script: &[
            "10s add kind=service",
            "10s set n2.to=3,4,5",
            "15s add kind=service",
            "15s set n2.to=3,4,5,6",
            "20s add kind=service",
            "20s set n2.to=3,4,5,6,7",
            "25s add kind=service",
            "25s set n2.to=3,4,5,6,7,8",
        ],
        until: Duration::seconds(40),
        pace: 0.5,
        ..BASE
    },
    Scenario {
        id: "bottleneck",
        title: "Three services in a row, and one holds all up",
        summary: "Nodes 2 and 3 have thirty workers each. Node 3 takes longest for a request. Node 4 is quicker and \
                  has two workers. Where do requests pile up?",
        params: &[
            ("nodes", "4"),
            ("n1.kind", "crowd"),
            ("n1.to", "2"),
            ("n2.to", "3"),
            ("n3.to", "4"),
            ("n4.kind", "database"),
            ("servers", "30"),
            ("n4.servers", "2"),
            ("n2.time", "20"),
            ("n3.time", "150"),
            ("n4.time", "80"),
            ("patience", "0"),
            ("rate", "30"),
        ],
        // Later there is less to do, so that a run that is left alone does not pile up for ever.
        script: &["35s set rate=15"],
        opens_at: Duration::millis(500),
        until: Duration::seconds(30),
        ..BASE
    },
    Scenario {
        id: "cache",
        title: "A cache before a database",
        summary: "Most requests are about few keys. A cache keeps the latest answers, so the database has less \
                  to do. Then the cache crashes, and a second later it is back.",
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
            ("places", "80"),
        ],
        script: &["20s crash n2", "21s recover n2"],
        ..BASE
    },
    Scenario {
        id: "popular-answer",
        title: "A popular answer gets too old",
        summary: "All requests are about one key. The cache drops the answer after five seconds. All who ask then \
                  find nothing in the cache, until the database has answered.",
        params: &[
            ("nodes", "3"),
            ("n1.kind", "crowd"),
            ("n1.to", "2"),
            ("n2.kind", "cache"),
            ("n2.to", "3"),
            ("n3.kind", "database"),
            ("patience", "0"),
            ("rate", "50"),
            ("keys", "1"),
            ("writes", "0"),
            ("age", "5000"),
            ("servers", "2"),
            ("time", "300"),
            ("law", "fixed"),
        ],
        switches: &[("one-fill", false)],
        until: Duration::seconds(20),
        ..BASE
    },
    Scenario {
        id: "written-elsewhere",
        title: "Somebody writes past the cache",
        summary: "The crowd of node 1 reads through a cache. The crowd of node 4 writes to the database, and the \
                  cache does not hear of it.",
        params: &[
            ("nodes", "4"),
            ("n1.kind", "crowd"),
            ("n1.to", "2"),
            ("n1.writes", "0"),
            ("n2.kind", "cache"),
            ("n2.to", "3"),
            ("n3.kind", "database"),
            ("n4.kind", "crowd"),
            ("n4.to", "3"),
            ("n4.rate", "2"),
            ("n4.writes", "100"),
            ("keys", "20"),
            ("age", "4000"),
            ("time", "20"),
        ],
        until: Duration::seconds(40),
        ..BASE
    },
    Scenario {
        id: "three-regions",
        title: "Films: three regions, three caches, one origin",
        summary: "Viewers in three regions ask the cache near them. What a cache does not have comes from the origin, \
                  far away from all of them. In the end, about nine of ten requests find their film nearby.",
        params: &[
            ("nodes", "7"),
            ("n1.kind", "crowd"),
            ("n1.to", "4"),
            ("n2.kind", "crowd"),
            ("n2.to", "5"),
            ("n3.kind", "crowd"),
            ("n3.to", "6"),
            ("n4.kind", "cache"),
            ("n4.to", "7"),
            ("n5.kind", "cache"),
            ("n5.to", "7"),
            ("n6.kind", "cache"),
            ("n6.to", "7"),
            ("n7.kind", "database"),
            ("rate", "10"),
            ("writes", "0"),
            ("keys", "60"),
            ("favourites", "100"),
            ("places", "60"),
            ("servers", "10"),
            ("time", "10"),
        ],
        script: &[
            "0s latency n4->n7 constant 120ms",
            "0s latency n7->n4 constant 120ms",
            "0s latency n5->n7 constant 120ms",
            "0s latency n7->n5 constant 120ms",
            "0s latency n6->n7 constant 120ms",
            "0s latency n7->n6 constant 120ms",
        ],
        link: NEAR,
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
            "20s set rate=40",
            "35s set rate=80",
            "50s set rate=120",
            "65s set rate=20",
        ],
        opens_at: Duration::seconds(12),
        until: Duration::seconds(90),
        ..BASE
    },
    Scenario {
        id: "autoscaled",
        title: "Six servers and an autoscaler",
        summary: "An autoscaler decides how many of six servers a balancer uses. Set the rate of requests higher and \
                  higher, and look at the slowest of the latest answers.",
        params: &[
            ("nodes", "9"),
            ("n1.kind", "crowd"),
            ("n1.to", "2"),
            ("n2.kind", "balancer"),
            ("n2.to", "3,4,5,6,7,8"),
            ("n2.policy", "least-busy"),
            ("n9.kind", "autoscaler"),
            ("n9.to", "2"),
            ("patience", "0"),
            ("servers", "2"),
            ("time", "100"),
            ("law", "uniform"),
            ("rate", "30"),
        ],
        until: Duration::seconds(40),
        ..BASE
    },
    Scenario {
        id: "idle-servers",
        title: "Six servers for a small crowd",
        summary: "Six servers share a load that fewer could do, and all of them are paid for. After 15 seconds an \
                  autoscaler joins, which wants every server to be busy.",
        params: &[
            ("nodes", "8"),
            ("n1.kind", "crowd"),
            ("n1.to", "2"),
            ("n2.kind", "balancer"),
            ("n2.to", "3,4,5,6,7,8"),
            ("patience", "0"),
            ("servers", "4"),
            ("time", "100"),
            ("law", "uniform"),
            ("rate", "60"),
        ],
        script: &["15s add kind=autoscaler to=2"],
        until: Duration::seconds(45),
        pace: 0.5,
        ..BASE
    },
];
