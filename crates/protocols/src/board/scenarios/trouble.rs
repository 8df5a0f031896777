//! What goes wrong under load: chains, retries, breakers, events that come again; and what a system's parts are
//! good for then.

use faultline_sim::descriptor::Scenario;
use faultline_sim::network::{Latency, Link};
use faultline_sim::time::Duration;

use super::BASE;

/// Every message takes the same time, so that a crash hits the same instant in each run.
const EVEN: Option<Link> = Some(Link::new(Latency::Constant(Duration::millis(20))));

type Values = &'static [(&'static str, &'static str)];

/// A crowd and four services that call each other in a row.
const CHAIN_OF_FOUR: Values = &[
    ("nodes", "5"),
    ("n1.kind", "crowd"),
    ("n1.to", "2"),
    ("n2.to", "3"),
    ("n3.to", "4"),
    ("n4.to", "5"),
    ("n5.law", "fixed"),
    ("patience", "2000"),
    ("servers", "8"),
    ("time", "20"),
    ("rate", "10"),
];
const SLOW_FOR_A_WHILE: &[&str] = &["10s set n5.time=5000", "30s set n5.time=20"];

/// A queue, a reader, and the database that the reader writes to.
const READER: Values = &[
    ("nodes", "4"),
    ("n1.kind", "crowd"),
    ("n1.to", "2"),
    ("n2.kind", "queue"),
    ("n2.to", "3"),
    ("n3.to", "4"),
    ("n4.kind", "database"),
    ("time", "100"),
    ("law", "fixed"),
    ("rate", "0"),
    ("patience", "0"),
];

/// One box for all, or a box for each of four features; key 1 is the first feature.
const ONE_FOR_ALL: Values = &[
    ("nodes", "2"),
    ("n1.kind", "crowd"),
    ("n1.to", "2"),
    ("keys", "4"),
    ("servers", "4"),
    ("rate", "20"),
];
const ONE_FOR_EACH: Values = &[
    ("nodes", "6"),
    ("n1.kind", "crowd"),
    ("n1.to", "2"),
    ("n2.kind", "balancer"),
    ("n2.to", "3,4,5,6"),
    ("n2.policy", "by-part"),
    ("keys", "4"),
    ("servers", "1"),
    ("rate", "20"),
];

pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "chain",
        title: "A chain of four services",
        summary: "Each service works on a request and then asks the next one. Its worker waits for the answer \
                  and does nothing else meanwhile.",
        params: &[
            ("nodes", "5"),
            ("n1.kind", "crowd"),
            ("n1.to", "2"),
            ("n2.to", "3"),
            ("n3.to", "4"),
            ("n4.to", "5"),
            ("time", "20"),
            ("rate", "10"),
        ],
        ..BASE
    },
    Scenario {
        id: "queue",
        title: "A burst, and an event queue before a slow reader",
        summary: "Forty requests a second come for five seconds, and the reader can do ten. The queue accepts \
                  all of them at once, and the reader works on.",
        params: &[
            ("nodes", "3"),
            ("n1.kind", "crowd"),
            ("n1.to", "2"),
            ("n2.kind", "queue"),
            ("n2.to", "3"),
            ("n2.at-once", "2"),
            ("servers", "1"),
            ("time", "80"),
            ("writes", "100"),
            ("rate", "5"),
        ],
        script: &["5s set rate=40", "10s set rate=5"],
        hunted: true,
        ..BASE
    },
    Scenario {
        id: "impatient",
        title: "Callers that do not wait long",
        summary: "A service takes its time, and its callers try again after a while. The service recognises a \
                  write that it has done already.",
        params: &[
            ("nodes", "3"),
            ("n1.kind", "crowd"),
            ("n1.to", "2"),
            ("n2.to", "3"),
            ("n3.kind", "database"),
            ("writes", "60"),
            ("rate", "10"),
            ("patience", "300"),
            ("retries", "2"),
        ],
        until: Duration::seconds(20),
        hunted: true,
        ..BASE
    },
    Scenario {
        id: "retry-storm",
        title: "Three tiers that all try three times",
        summary: "The last box answers with errors. Each tier before it tries three times before it gives up. \
                  Count the calls at the last box.",
        params: &[
            ("nodes", "4"),
            ("n1.kind", "crowd"),
            ("n1.to", "2"),
            ("n2.to", "3"),
            ("n3.to", "4"),
            ("n4.faulty", "100"),
            ("patience", "0"),
            ("retries", "2"),
            ("rate", "0"),
            ("time", "10"),
        ],
        script: &[r#"1s request n1 {"read":{"key":1}}"#],
        opens_at: Duration::millis(900),
        until: Duration::seconds(10),
        ..BASE
    },
    Scenario {
        id: "breaker",
        title: "A breaker in a chain of four",
        summary: "After 10 seconds the last service is slow. Node 4 calls it through a breaker. Watch the workers \
                  of the services before it.",
        params: CHAIN_OF_FOUR,
        switches: &[("n4.breaker", true)],
        script: SLOW_FOR_A_WHILE,
        beside: Some("board/no-breaker"),
        ..BASE
    },
    Scenario {
        id: "no-breaker",
        title: "The same chain without a breaker",
        summary: "After 10 seconds the last service is slow, and each service before it waits. Watch their \
                  workers, from right to left.",
        params: CHAIN_OF_FOUR,
        script: SLOW_FOR_A_WHILE,
        beside: Some("board/breaker"),
        ..BASE
    },
    Scenario {
        id: "crash-before-ack",
        title: "The reader crashes before it acknowledges",
        summary: "A queue hands an event to node 3, which writes it to a database. Node 3 crashes when the \
                  database has written, but before it can say so to the queue.",
        params: READER,
        script: &[
            r#"1s request n1 {"write":{"key":1}}"#,
            "1270ms crash n3",
            "2s recover n3",
        ],
        link: EVEN,
        opens_at: Duration::millis(900),
        until: Duration::seconds(8),
        pace: 0.1,
        ..BASE
    },
    Scenario {
        id: "put-aside",
        title: "Events that the reader cannot handle",
        summary: "A new version of the reader fails at every event. After 6 seconds it is repaired. The queue puts \
                  an event aside after a few attempts.",
        params: &[
            ("nodes", "3"),
            ("n1.kind", "crowd"),
            ("n1.to", "2"),
            ("n2.kind", "queue"),
            ("n2.to", "3"),
            ("n2.attempts", "3"),
            ("n3.faulty", "100"),
            ("rate", "1"),
            ("arrivals", "regular"),
            ("writes", "100"),
        ],
        script: &["6s set n3.faulty=0"],
        opens_at: Duration::millis(900),
        until: Duration::seconds(15),
        ..BASE
    },
    Scenario {
        id: "two-readers",
        title: "One queue and two readers",
        summary: "Ten events come, and two readers are connected to the queue. They may share the events, or each \
                  may get all of them.",
        params: &[
            ("nodes", "4"),
            ("n1.kind", "crowd"),
            ("n1.to", "2"),
            ("n2.kind", "queue"),
            ("n2.to", "3,4"),
            ("rate", "2"),
            ("arrivals", "regular"),
            ("writes", "100"),
        ],
        script: &["5250ms set rate=0"],
        opens_at: Duration::millis(400),
        until: Duration::seconds(12),
        ..BASE
    },
    Scenario {
        id: "metastable",
        title: "A short slow time, and what comes after it",
        summary: "A service has enough workers. From 10 to 15 seconds each request takes longer, then all is as \
                  before. Callers give up after half a second and try again.",
        params: &[
            ("nodes", "2"),
            ("n1.kind", "crowd"),
            ("n1.to", "2"),
            ("patience", "500"),
            ("retries", "2"),
            ("servers", "4"),
            ("rate", "60"),
        ],
        script: &["10s set n2.time=300", "15s set n2.time=50"],
        opens_at: Duration::seconds(8),
        pace: 0.5,
        ..BASE
    },
    Scenario {
        id: "thin-link",
        title: "Answers go through a thin link",
        summary: "The service has time enough, but the link for its answers carries few bytes in a second. Raise \
                  the rate of the crowd and look at the answers.",
        params: &[
            ("nodes", "2"),
            ("n1.kind", "crowd"),
            ("n1.to", "2"),
            ("n1.patience", "0"),
            ("time", "10"),
            ("rate", "20"),
        ],
        script: &["0s bandwidth n2->n1 25kB"],
        until: Duration::seconds(40),
        ..BASE
    },
    Scenario {
        id: "cut-off",
        title: "One of two services is cut off",
        summary: "Pages need node 4 or node 5. From 10 to 27 seconds node 4 cannot be reached. Node 3 is a breaker \
                  before it. Make it a balancer, which only passes calls on, and run again.",
        params: &[
            ("nodes", "5"),
            ("n1.kind", "crowd"),
            ("n1.to", "2"),
            ("n1.patience", "2000"),
            ("n2.to", "3,5"),
            ("n2.policy", "by-part"),
            ("n2.servers", "8"),
            ("n3.kind", "breaker"),
            ("n3.to", "4"),
            ("n3.reset", "4000"),
            ("keys", "2"),
            ("time", "5"),
            ("rate", "40"),
        ],
        script: &["10s partition n4|n1,n2,n3,n5", "27s heal"],
        until: Duration::seconds(45),
        ..BASE
    },
    Scenario {
        id: "bulkhead",
        title: "A wall between slow pages and fast ones",
        summary: "Pages need node 4 or node 5, and node 4 becomes slow after 10 seconds. Node 3 lets only a few \
                  calls to it be open. Set its bulkhead to 0 and run again.",
        params: &[
            ("nodes", "5"),
            ("n1.kind", "crowd"),
            ("n1.to", "2"),
            ("n1.patience", "2000"),
            ("n2.to", "3,5"),
            ("n2.policy", "by-part"),
            ("n2.servers", "8"),
            ("n3.kind", "balancer"),
            ("n3.to", "4"),
            ("n3.bulkhead", "3"),
            ("keys", "2"),
            ("time", "5"),
            ("rate", "40"),
        ],
        script: &["10s set n4.time=5000"],
        until: Duration::seconds(40),
        ..BASE
    },
    Scenario {
        id: "hedged",
        title: "Ask a second server if the first is slow",
        summary: "Each of three servers takes much longer for one request in ten. If no answer comes for a \
                  while, the balancer asks a second server, too.",
        params: &[
            ("nodes", "5"),
            ("n1.kind", "crowd"),
            ("n1.to", "2"),
            ("n1.patience", "0"),
            ("n2.kind", "balancer"),
            ("n2.to", "3,4,5"),
            ("n2.patience", "0"),
            ("n2.hedge", "100"),
            ("law", "heavy"),
            ("servers", "2"),
            ("rate", "10"),
            ("writes", "0"),
        ],
        ..BASE
    },
    Scenario {
        id: "monolith",
        title: "Four features in one service",
        summary: "Search, basket, payment and news are one program with four workers. It crashes after 10 seconds.",
        params: ONE_FOR_ALL,
        script: &["10s crash n2", "30s recover n2"],
        until: Duration::seconds(40),
        beside: Some("board/services"),
        ..BASE
    },
    Scenario {
        id: "services",
        title: "Four features in four services",
        summary: "Search, basket, payment and news are services of their own behind a gateway, each with one \
                  worker. The second of them crashes after 10 seconds.",
        params: ONE_FOR_EACH,
        script: &["10s crash n4", "30s recover n4"],
        until: Duration::seconds(40),
        beside: Some("board/monolith"),
        ..BASE
    },
    Scenario {
        id: "hot-feature",
        title: "One of four features is popular",
        summary: "Most requests are about the first feature. Each service has one worker. Find the one that needs \
                  more, and give it more.",
        params: &[
            ("nodes", "6"),
            ("n1.kind", "crowd"),
            ("n1.to", "2"),
            ("n1.patience", "0"),
            ("n2.kind", "balancer"),
            ("n2.to", "3,4,5,6"),
            ("n2.policy", "by-part"),
            ("n2.patience", "0"),
            ("keys", "4"),
            ("favourites", "150"),
            ("servers", "1"),
            ("rate", "35"),
        ],
        // Later there is less to do, so that a run that is left alone does not pile up for ever.
        script: &["45s set rate=20"],
        until: Duration::seconds(40),
        ..BASE
    },
    Scenario {
        id: "page-view",
        title: "One page, put together by services",
        summary: "A user opens one page. The web service asks for its text, its pictures and its adverts at the same \
                  time. Follow the calls.",
        params: &[
            ("nodes", "6"),
            ("n1.kind", "crowd"),
            ("n1.to", "2"),
            ("n2.to", "3,4,5"),
            ("n2.policy", "all"),
            ("n3.to", "6"),
            ("n4.to", "6"),
            ("n6.kind", "database"),
            ("patience", "0"),
            ("rate", "0"),
            ("time", "10"),
        ],
        script: &[r#"1s request n1 {"read":{"key":1}}"#],
        opens_at: Duration::millis(900),
        until: Duration::seconds(5),
        pace: 0.1,
        ..BASE
    },
    Scenario {
        id: "fifty-users",
        title: "Fifty users and one service",
        summary: "Fifty users ask, wait for the answer and think for a second. One worker serves them. Find the \
                  smallest board that answers fast enough.",
        params: &[
            ("nodes", "2"),
            ("n1.kind", "crowd"),
            ("n1.to", "2"),
            ("n1.patience", "0"),
            ("users", "50"),
            ("servers", "1"),
            ("time", "20"),
        ],
        until: Duration::seconds(40),
        beside: Some("board/fifty-users-nine"),
        ..BASE
    },
    Scenario {
        id: "fifty-users-nine",
        title: "The same fifty users and nine services",
        summary: "The same work is divided among nine services. A worker that asks another service waits for it, \
                  so each service needs more of them.",
        params: &[
            ("nodes", "10"),
            ("n1.kind", "crowd"),
            ("n1.to", "2"),
            ("n2.to", "3,4,5"),
            ("n2.policy", "all"),
            ("n3.to", "6"),
            ("n4.to", "7"),
            ("n5.to", "8"),
            ("n6.to", "9"),
            ("n7.to", "10"),
            ("patience", "0"),
            ("users", "50"),
            ("n2.servers", "12"),
            ("n3.servers", "8"),
            ("n4.servers", "8"),
            ("time", "2"),
        ],
        until: Duration::seconds(40),
        beside: Some("board/fifty-users"),
        ..BASE
    },
];
