//! What the counter tells about itself.

use faultline_sim::descriptor::{self, Delivery, Preset, Protocol, RequestForm, Shelf, json};
use faultline_sim::process::NodeId;
use faultline_sim::search::Budget;
use faultline_sim::settings::{Guard, Param, Switch};
use faultline_sim::standing::{Form, Standing};

use super::{Counter, Request, figures, invariants, probes, program, scenarios, sharing};

pub static PROTOCOL: Protocol = Protocol {
    id: "counter",
    title: "Distributed counter",
    shelf: Shelf::Activities,
    summary: "Each node counts for itself, tells the others its count, and adds up what it has seen.",
    reference: "Shapiro et al., INRIA RR-7506, 2011; O'Neil 1986; Balegas et al. 2015",
    params: &[
        NODES, CLIENTS, TOPOLOGY, CLICKS, DOWNS, EVERY, AGAIN, LOSS, LIMIT, TIMEOUT, TRIES,
    ],
    switches: &[
        TELL,
        MAXIMUM,
        TWO_COUNTERS,
        NUMBERS,
        CLOCKS,
        OWN,
        FORWARD,
        SEND_AGAIN,
        EXCHANGE,
        CATCH_UP,
        DISK,
        SHARES,
        RETRY,
        IDS,
    ],
    presets: PRESETS,
    scenarios: scenarios::SCENARIOS,
    requests: &[
        RequestForm::new("Count up", || json(Request::Increment)),
        RequestForm::new("Count down", || json(Request::Decrement)),
        RequestForm::new("Read the total", || json(Request::Total)),
        RequestForm::new("Tell all neighbours", || json(Request::Share)),
        RequestForm::new("Tell one neighbour", || {
            json(Request::Tell { to: NodeId(1) })
        }),
    ],
    probes: probes::PROBES,
    invariants: invariants::INVARIANTS,
    standing: Standing::new(Form::Circle).linked(sharing::linked),
    narrate: |world| {
        super::truth::live(world)
            .next()
            .is_none()
            .then(|| "No node is live.".to_owned())
    },
    answers: figures::answers,
    program: Some(&program::PROGRAM),
    unsupported_faults: &["lie"],
    ..Protocol::of::<Counter>()
};

pub const NODES: Param = Param::number("nodes", "Nodes", "nodes", 3.0, (1.0, 30.0)).at_start();
pub const CLIENTS: Param = Param::number("clients", "Clients", "nodes", 0.0, (0.0, 9.0)).at_start();
pub const TOPOLOGY: Param = Param::choice(
    "topology",
    "Who talks to whom",
    &["mesh", "line", "ring", "star"],
)
.at_start();
pub const CLICKS: Param = Param::millis(
    "clicks",
    "Somebody counts at each node or client every (0 = off)",
    0.0,
    (0.0, 60_000.0),
);
pub const DOWNS: Param = Param::number("downs", "Of these, counting down", "%", 0.0, (0.0, 100.0));
pub const EVERY: Param =
    Param::millis("every", "Time between exchanges", 1_000.0, (50.0, 60_000.0));
pub const AGAIN: Param = Param::millis(
    "again",
    "An unconfirmed count is sent again after",
    1_500.0,
    (50.0, 60_000.0),
);
pub const LOSS: Param = Param::number(
    descriptor::LOSS,
    "Messages lost on the way",
    "%",
    0.0,
    (0.0, 90.0),
)
.at_start();
pub const LIMIT: Param = Param::number(
    "limit",
    "Most that may be counted (0 = no limit)",
    "counts",
    0.0,
    (0.0, 1_000.0),
)
.shared();
pub const TIMEOUT: Param = Param::millis(
    "timeout",
    "Timeout of a client's first try (later ones grow)",
    1_500.0,
    (50.0, 60_000.0),
);
pub const TRIES: Param = Param::number("tries", "Tries in all", "tries", 3.0, (1.0, 20.0));

pub const TELL: Switch = Switch::off("tell", "A node tells its neighbours each new count");
pub const MAXIMUM: Switch = Switch::off("maximum", "A smaller count never replaces a larger one")
    .guards(&Guard::of("never-back"));
pub const TWO_COUNTERS: Switch = Switch::off("two-counters", "Ups and downs are counted apart")
    .guards(&Guard::of("nothing-ignored"));
pub const NUMBERS: Switch = Switch::off(
    "numbers",
    "Updates have sequence numbers, and an older one is ignored",
)
.guards(&Guard::of("never-back").under("numbered"));
pub const CLOCKS: Switch = Switch::off(
    "clocks",
    "Updates carry their node's clock time, and an older one is ignored",
);
pub const OWN: Switch = Switch::off(
    "own-count",
    "A node ignores its own count when it comes back",
)
.guards(&Guard::of("own-once"));
pub const FORWARD: Switch = Switch::off("forward", "A node passes on what is new to it");
pub const SEND_AGAIN: Switch =
    Switch::off("send-again", "A count is sent again until it is confirmed");
pub const EXCHANGE: Switch = Switch::off(
    "exchange",
    "Nodes exchange all counts now and then (anti-entropy)",
);
pub const CATCH_UP: Switch = Switch::off(
    "catch-up",
    "A node that joins or restarts asks for all counts",
);
pub const DISK: Switch =
    Switch::off("disk", "Counts are on disk").guards(&Guard::of("nothing-lost").within(
        Budget {
            crashes: 1,
            ..Budget::NONE
        },
        40,
    ));
pub const SHARES: Switch = Switch::off("shares", "Each node has its own share of the limit")
    .guards(&Guard::of("within-limit").in_scenario("last-seats"));
pub const RETRY: Switch = Switch::on("retry", "A client asks again when no answer comes");
pub const IDS: Switch = Switch::off("ids", "A node remembers which requests it has counted")
    .guards(&Guard::of("at-most-once").in_scenario("shards"));

/// State-based counters: two that only grow, joined by their maxima, exchanged for ever.
const CORRECT: Preset = Preset {
    name: "correct",
    title: "Two growing counters a node, joined by the maximum",
    switches: &[
        ("tell", true),
        ("maximum", true),
        ("two-counters", true),
        ("own-count", true),
        ("exchange", true),
        ("catch-up", true),
        ("disk", true),
        ("shares", true),
        ("ids", true),
    ],
    ..Preset::BASE
};

/// The curriculum's listing: direct calls, and whatever arrives last is kept.
const AS_WRITTEN: Preset = Preset {
    name: "as-written",
    title: "The curriculum's program",
    breaks: Some("memory only: a crash forgets what was counted"),
    delivery: Delivery::Nested,
    ..Preset::BASE
};

const PRESETS: &[Preset] = &[
    CORRECT,
    AS_WRITTEN,
    Preset {
        name: "as-messages",
        title: "The curriculum's rules over a network",
        breaks: Some("order: an older count replaces a newer one"),
        ..Preset::BASE
    },
    Preset {
        name: "numbered",
        title: "One number a node, with sequence numbers",
        switches: &[
            ("tell", true),
            ("numbers", true),
            ("own-count", true),
            ("exchange", true),
            ("catch-up", true),
            ("disk", true),
            ("shares", true),
            ("ids", true),
        ],
        ..Preset::BASE
    },
    Preset {
        name: "one-maximum",
        title: "One number a node, joined by the maximum",
        breaks: Some("counting down: a smaller count is ignored although it is newer"),
        switches: &[
            ("tell", true),
            ("maximum", true),
            ("own-count", true),
            ("exchange", true),
            ("catch-up", true),
            ("disk", true),
            ("shares", true),
            ("ids", true),
        ],
        ..Preset::BASE
    },
    Preset {
        name: "own-clocks",
        title: "One number a node, with time stamps",
        breaks: Some("clocks: a newer count is ignored after a clock went back"),
        switches: &[
            ("tell", true),
            ("clocks", true),
            ("own-count", true),
            ("exchange", true),
            ("catch-up", true),
            ("disk", true),
            ("shares", true),
            ("ids", true),
        ],
        ..Preset::BASE
    },
];
