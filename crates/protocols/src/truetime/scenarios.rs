//! Runs under names a teacher would use. Node 1 is the time master, node 2 the client, and nodes 3 to 5 are
//! servers.

use faultline_sim::descriptor::{LOSS, Scenario};
use faultline_sim::standing::{Panel, Stop, View};
use faultline_sim::time::Duration;

use super::marks;

const BASE: Scenario = Scenario {
    preset: "correct",
    until: Duration::millis(400),
    pace: 0.02,
    ..Scenario::BASE
};

/// Within the bound that servers state, and 10 ms apart.
const APART: &[&str] = &["0s skew n3 5ms", "0s skew n4 -5ms"];
/// The bound of the paper's saw-tooth: right after an answer, its growth, and the time between polls.
const SAW_TOOTH: &[(&str, &str)] = &[
    ("epsilon", "1"),
    ("drift-bound", "200"),
    ("sync-every", "30000"),
    ("every", "1000"),
];

/// The first is the one that `truetime` alone names.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "commit-wait",
        title: "Clocks disagree, and servers wait before they answer",
        summary: "Node 3's clock is ahead, node 4's is behind. A client runs a transaction at one server and, \
                  when it is answered, another one at the next. Watch how long a server waits, and compare \
                  the timestamps.",
        script: APART,
        view: View::panel(Panel::Measures).stop(Stop::Mark(&marks::PICKS)),
        beside: Some("truetime/no-wait"),
        ..BASE
    },
    Scenario {
        id: "no-wait",
        title: "Clocks disagree, and servers answer at once",
        summary: "The same clocks. A server takes a timestamp and answers without any wait. Compare the order \
                  of answers with the order of timestamps. Then turn on \u{201c}A server answers only when the \
                  timestamp has passed for certain (commit wait)\u{201d}.",
        preset: "no-wait",
        script: APART,
        view: View::BASE.stop(Stop::Broken),
        beside: Some("truetime/commit-wait"),
        ..BASE
    },
    Scenario {
        id: "exact",
        title: "Every clock is exact, and servers still wait",
        summary: "No clock is wrong here. But no server can know that: it knows only its bound. Drag the bound \
                  and watch the wait.",
        view: View::panel(Panel::Settings).stop(Stop::Mark(&marks::PICKS)),
        beside: Some("truetime/commit-wait"),
        ..BASE
    },
    Scenario {
        id: "saw-tooth",
        title: "The uncertainty grows between two answers of the time master",
        summary: "Servers ask the time master every 30 seconds. In between they assume that their clocks drift \
                  as much as they may, so the interval widens until the next answer.",
        params: SAW_TOOTH,
        script: &["0s drift n3 100ppm", "0s drift n4 -100ppm"],
        until: Duration::seconds(100),
        opens_at: Duration::seconds(2),
        pace: 3.0,
        view: View::panel(Panel::Measures).stop(Stop::Mark(&marks::SYNCS)),
        beside: Some("truetime/no-signal"),
        ..BASE
    },
    Scenario {
        id: "no-signal",
        title: "One server cannot hear the time master",
        summary: "After 20 seconds node 3 hears the time master no more. It goes on with the clock that it has. \
                  Watch its interval and how long its clients wait.",
        params: SAW_TOOTH,
        script: &[
            "0s drift n3 100ppm",
            "0s drift n4 -100ppm",
            "20s switch n3.gps=off",
        ],
        until: Duration::seconds(180),
        opens_at: Duration::seconds(2),
        pace: 3.0,
        view: View::panel(Panel::Measures).stop(Stop::Mark(&marks::NO_SIGNAL)),
        beside: Some("truetime/saw-tooth"),
        ..BASE
    },
    Scenario {
        id: "too-sure",
        title: "A clock is wrong by more than its server says",
        summary: "Servers say that their clocks are right within 1 ms. Node 3's and node 4's are not. Every \
                  server keeps to commit wait.",
        preset: "too-sure",
        script: APART,
        view: View::BASE.stop(Stop::Broken),
        beside: Some("truetime/commit-wait"),
        ..BASE
    },
    Scenario {
        id: "counter",
        title: "A counter whose client repeats what it does not hear of",
        summary: "Each transaction reads a counter and writes one more. Messages get lost, and the client asks \
                  again under the same number. Compare the counters with what the client was told.",
        params: &[
            ("work", "increments"),
            (LOSS, "20"),
            ("retry", "40"),
            ("tries", "50"),
        ],
        script: APART,
        until: Duration::seconds(4),
        view: View::panel(Panel::Measures).stop(Stop::Mark(&marks::ASKS_AGAIN)),
        beside: Some("counter/shards"),
        ..BASE
    },
    Scenario {
        id: "snapshot",
        title: "A read at a timestamp that has not come yet",
        summary: "The client writes 7 at node 3 and 8 at node 4. Then it reads both values as they are at the \
                  instant 100 ms. Watch when the reads are answered.",
        params: &[("every", "0")],
        script: &[
            "0s skew n3 5ms",
            "0s skew n4 -5ms",
            r#"20ms request n2 {"write":{"server":3,"value":7}}"#,
            r#"50ms request n2 {"write":{"server":4,"value":8}}"#,
            r#"80ms request n2 {"read_at":{"server":3,"ms":100}}"#,
            r#"80ms request n2 {"read_at":{"server":4,"ms":100}}"#,
        ],
        until: Duration::millis(200),
        view: View::panel(Panel::Requests).stop(Stop::Mark(&marks::READS)),
        ..BASE
    },
    Scenario {
        id: "hybrid",
        title: "Clocks disagree, and messages carry hybrid stamps",
        summary: "The same wrong clocks and no wait at all. Every request and answer carries the largest stamp \
                  that its sender knows. Compare the timestamps of two transactions in a row.",
        preset: "hybrid",
        script: APART,
        view: View::panel(Panel::Measures).stop(Stop::Mark(&marks::ANSWERED)),
        beside: Some("truetime/no-wait"),
        ..BASE
    },
    Scenario {
        id: "phone-call",
        title: "A cause that no message carries",
        summary: "Two clients with hybrid clocks. Node 2 writes at node 4 and gets its answer. Its user phones \
                  the user of node 3, who then writes at node 5. The computers know nothing of the call.",
        preset: "hybrid",
        params: &[("clients", "2"), ("every", "0")],
        script: &[
            "0s skew n4 5ms",
            "0s skew n5 -5ms",
            r#"20ms request n2 {"write":{"server":4,"value":1}}"#,
            r#"25ms request n3 {"write":{"server":5,"value":2}}"#,
        ],
        until: Duration::millis(100),
        view: View::panel(Panel::Measures).stop(Stop::Mark(&marks::ANSWERED)),
        beside: Some("truetime/hybrid"),
        ..BASE
    },
    Scenario {
        id: "far-ahead",
        title: "One clock is far ahead of all others",
        summary: "Node 3's clock is 50 ms ahead, and hybrid clocks accept at most 20 ms. Watch what happens to \
                  transactions at node 3. Then turn off \u{201c}A hybrid clock that is too far ahead is \
                  refused\u{201d}.",
        preset: "hybrid",
        params: &[("epsilon", "60")],
        script: &["0s skew n3 50ms"],
        view: View::BASE.stop(Stop::Mark(&marks::REFUSES)),
        beside: Some("truetime/hybrid"),
        ..BASE
    },
];
