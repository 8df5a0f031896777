//! What the protocol tells about itself: parameters, rules, presets.

use faultline_sim::descriptor::{Preset, Protocol, RequestForm, Shelf, json};
use faultline_sim::network::{Latency, Link};
use faultline_sim::process::NodeId;
use faultline_sim::rng::Rng;
use faultline_sim::settings::{Guard, Param, Switch};
use faultline_sim::time::Duration;

use super::{Request, Site, captions, invariants, probes, row_at, scenarios};

pub static PROTOCOL: Protocol = Protocol {
    id: "deadlock",
    title: "Distributed deadlocks",
    shelf: Shelf::Transactions,
    summary: "Transactions at several nodes wait for each other's locks in a circle. Probes along the waits find it, \
              or rules of age prevent it.",
    reference: "Chandy, Misra and Haas 1983; Rosenkrantz, Stearns and Lewis 1978",
    params: &[
        NODES, POLICY, PATIENCE, VICTIM, MODEL, WORK, RESTART, CLIENTS, THINK, ROWS, SIZE,
    ],
    switches: &[STILL_WAITS, AGE_ORDER, TWO_PHASE, ONE_HOLDER, RELEASE_ALL],
    presets: PRESETS,
    scenarios: scenarios::SCENARIOS,
    requests: &[
        RequestForm::new(
            "Begin a transaction that locks rows one after another",
            || {
                let rows = vec!['x', 'y'];
                json(Request::Begin { rows })
            },
        )
        .varied(some_rows),
        RequestForm::new("Let a process wait for another one, for ever", || {
            json(Request::Wait {
                process: 1,
                on: 2,
                at: NodeId(2),
            })
        }),
        RequestForm::new("Let a process look for a deadlock", || {
            json(Request::Detect { process: 1 })
        }),
    ],
    probes: probes::PROBES,
    invariants: invariants::INVARIANTS,
    // The paper's assumption: messages of one link arrive in the order they were sent.
    link: Link {
        fifo: true,
        ..Link::new(Latency::Uniform {
            min: Duration::millis(300),
            max: Duration::millis(500),
        })
    },
    nodes: |settings| settings.count(&NODES),
    narrate: captions::narrate,
    unsupported_faults: &["lie"],
    counted: &["Probe", "Query", "Reply"],
    ..Protocol::of::<Site>()
};

/// Two or three rows of the first few, in any order: such plans cross.
fn some_rows(rng: &mut Rng, _number: u64) -> serde_json::Value {
    let mut rows: Vec<char> = (0..4).map(row_at).collect();
    rng.shuffle(&mut rows);
    rows.truncate(rng.between(2, 3) as usize);
    json(Request::Begin { rows })
}

pub const NODES: Param = Param::number("nodes", "Nodes", "nodes", 3.0, (1.0, 26.0)).at_start();
pub const POLICY: Param = Param::choice(
    "policy",
    "Against deadlocks",
    &["detect", "wait-die", "wound-wait", "timeout", "none"],
)
.at_start();
pub const PATIENCE: Param = Param::millis(
    "patience",
    "A wait counts as long after",
    2_000.0,
    (10.0, 600_000.0),
);
pub const VICTIM: Param = Param::choice(
    "victim",
    "Who is aborted in a deadlock: the one that found it, or the youngest",
    &["finder", "youngest"],
)
.shared();
pub const MODEL: Param = Param::choice(
    "model",
    "One that waits needs all that it waits for (and), or any one (or)",
    &["and", "or"],
)
.shared();
pub const WORK: Param = Param::millis("work", "Work on each row", 500.0, (1.0, 60_000.0));
pub const RESTART: Param = Param::millis(
    "restart",
    "An aborted transaction begins anew after about",
    1_000.0,
    (1.0, 60_000.0),
);
pub const CLIENTS: Param = Param::number(
    "clients",
    "Clients that begin one transaction after the other",
    "clients",
    0.0,
    (0.0, 100.0),
)
.at_start();
pub const THINK: Param = Param::millis(
    "think",
    "A client waits between two transactions",
    1_000.0,
    (1.0, 60_000.0),
);
pub const ROWS: Param = Param::number("rows", "Rows that clients use", "rows", 4.0, (1.0, 26.0));
pub const SIZE: Param = Param::number(
    "size",
    "Rows that a client's transaction locks",
    "rows",
    2.0,
    (1.0, 26.0),
);

pub const STILL_WAITS: Switch = Switch::on(
    "still-waits",
    "A probe passes only if the wait that it came along is still there",
)
.guards(
    &Guard::of("real")
        .in_scenario("old-news")
        .under("early-release"),
);
pub const AGE_ORDER: Switch = Switch::on(
    "age-order",
    "With wait-die and wound-wait, the queue for a row goes by age",
)
.guards(
    &Guard::of("prevented")
        .in_scenario("queue-by-arrival")
        .under("wait-die"),
);
pub const TWO_PHASE: Switch = Switch::on(
    "two-phase",
    "A transaction keeps all its locks until it ends",
);
pub const ONE_HOLDER: Switch = Switch::on("one-holder", "A lock has one holder at a time")
    .guards(&Guard::of("exclusive").in_scenario("two-rows"));
pub const RELEASE_ALL: Switch = Switch::on(
    "release-all",
    "An aborted transaction releases all its locks",
)
.guards(&Guard::of("released").in_scenario("two-rows"));

/// Clients that keep locking the same few rows.
const LOAD: &[(&str, &str)] = &[
    ("clients", "5"),
    ("rows", "3"),
    ("size", "3"),
    ("think", "300"),
];

const PRESETS: &[Preset] = &[
    Preset {
        name: "correct",
        title: "Probes find deadlocks",
        ..Preset::BASE
    },
    Preset {
        name: "wait-die",
        title: "Wait-die: the older one waits, the younger one is aborted",
        params: &[("policy", "wait-die")],
        ..Preset::BASE
    },
    Preset {
        name: "wound-wait",
        title: "Wound-wait: the older one aborts the holder, the younger one waits",
        params: &[("policy", "wound-wait")],
        ..Preset::BASE
    },
    Preset {
        name: "timeout",
        title: "A long wait counts as a deadlock",
        params: &[("policy", "timeout")],
        ..Preset::BASE
    },
    Preset {
        name: "nobody-looks",
        title: "Nothing is done against deadlocks",
        params: &[("policy", "none")],
        ..Preset::BASE
    },
    Preset {
        name: "early-release",
        title: "Locks are released as soon as the next one is there",
        switches: &[("two-phase", false)],
        ..Preset::BASE
    },
    Preset {
        name: "by-arrival",
        title: "Wait-die with a queue by arrival",
        breaks: Some("prevention: who is next may be younger than those that wait"),
        params: &[
            ("policy", "wait-die"),
            ("clients", "5"),
            ("rows", "3"),
            ("size", "3"),
            ("think", "300"),
        ],
        switches: &[("age-order", false)],
        ..Preset::BASE
    },
    Preset {
        name: "many-holders",
        title: "Every transaction gets every lock at once",
        breaks: Some("exclusion: two transactions change one row"),
        params: LOAD,
        switches: &[("one-holder", false)],
        ..Preset::BASE
    },
    Preset {
        name: "keeps-locks",
        title: "An aborted transaction keeps what it has locked",
        breaks: Some("release: the deadlock is still there"),
        params: LOAD,
        switches: &[("release-all", false)],
        ..Preset::BASE
    },
];
