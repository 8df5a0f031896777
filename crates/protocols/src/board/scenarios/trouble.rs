//! What goes wrong under load: chains, retries, breakers, events that come again.

use faultline_sim::descriptor::Scenario;
use faultline_sim::time::Duration;

use super::BASE;

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
            ("rate", "20"),
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
            ("n3.retries", "2"),
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
        summary: "After 10 seconds the last service is slow. The breaker of node 4 opens, so the services before it \
                  do not wait for it. Turn the breaker off and run again.",
        params: &[
            ("nodes", "5"),
            ("n1.kind", "crowd"),
            ("n1.to", "2"),
            ("n2.to", "3"),
            ("n3.to", "4"),
            ("n4.to", "5"),
            ("n4.patience", "300"),
            ("patience", "2000"),
            ("time", "20"),
            ("rate", "20"),
        ],
        switches: &[("breaker", true)],
        script: &["10s set n5.time=5000", "30s set n5.time=20"],
        ..BASE
    },
];
