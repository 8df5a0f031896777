//! What a person may set of each box. A box reads what its kind needs.

use faultline_sim::search::Budget;
use faultline_sim::settings::{Guard, Param, Switch};
use faultline_sim::world::WRITE_FIRST;

pub const NODES: Param =
    Param::number("nodes", "Boxes at the start", "boxes", 3.0, (1.0, 60.0)).at_start();

/// What a box is.
pub const KIND: Param = Param::choice(
    "kind",
    "What the box is",
    &[
        "service",
        "crowd",
        "balancer",
        "cache",
        "database",
        "queue",
        "breaker",
        "autoscaler",
    ],
);
/// Whom it calls.
pub const TO: Param = Param {
    at_start: false,
    shared: false,
    ..Param::nodes("to", "Boxes that it calls", "")
};

// A crowd.
pub const RATE: Param = Param::number(
    "rate",
    "Requests of a crowd in a second",
    "1/s",
    20.0,
    (0.0, 100_000.0),
);
pub const ARRIVALS: Param = Param::choice(
    "arrivals",
    "How requests of a crowd arrive",
    &["random", "regular"],
);
pub const USERS: Param = Param::number(
    "users",
    "Users who wait for each answer (0: requests do not wait)",
    "users",
    0.0,
    (0.0, 10_000.0),
);
pub const THINK: Param = Param::millis(
    "think",
    "A user thinks before the next request",
    1_000.0,
    (1.0, 600_000.0),
);
pub const WRITES: Param = Param::number(
    "writes",
    "Writes among the requests",
    "%",
    10.0,
    (0.0, 100.0),
);
pub const KEYS: Param = Param::number(
    "keys",
    "Keys that requests are about",
    "keys",
    100.0,
    (1.0, 1_000_000.0),
);
pub const FAVOURITES: Param = Param::number(
    "favourites",
    "How much more often the first keys are asked for (Zipf, 100 = by rank)",
    "%",
    0.0,
    (0.0, 200.0),
);

// A caller.
pub const POLICY: Param = Param::choice(
    "policy",
    "How it chooses one of the boxes that it calls",
    &[
        "round-robin",
        "random",
        "weighted",
        "least-busy",
        "two-choices",
        "by-key",
        "all",
        "by-part",
    ],
);
pub const WEIGHT: Param = Param::number(
    "weight",
    "The box's weight where calls go by weight",
    "1",
    1.0,
    (1.0, 100.0),
);
pub const PATIENCE: Param = Param::millis(
    "patience",
    "It waits so long for an answer (0: for ever)",
    1_000.0,
    (0.0, 600_000.0),
);
pub const RETRIES: Param = Param::number(
    "retries",
    "It tries again so often",
    "times",
    0.0,
    (0.0, 10.0),
);
pub const BACKOFF: Param = Param::millis(
    "backoff",
    "It waits before it tries again, twice as long each time",
    0.0,
    (0.0, 600_000.0),
);
pub const SPREAD: Param = Param::number(
    "spread",
    "That wait is shorter by up to",
    "%",
    0.0,
    (0.0, 100.0),
);
pub const BUDGET: Param = Param::number(
    "budget",
    "New tries are at most this share of its calls (0: no limit)",
    "%",
    0.0,
    (0.0, 100.0),
);
pub const HEDGE: Param = Param::millis(
    "hedge",
    "It asks a second box, too, after (0: never)",
    0.0,
    (0.0, 600_000.0),
);
pub const BULKHEAD: Param = Param::number(
    "bulkhead",
    "Calls that it has open at most (0: no limit)",
    "calls",
    0.0,
    (0.0, 10_000.0),
);
pub const THRESHOLD: Param = Param::number(
    "threshold",
    "Failures in a row that open its breaker",
    "failures",
    3.0,
    (1.0, 100.0),
);
pub const RESET: Param = Param::millis(
    "reset",
    "An open breaker lets one call through after",
    10_000.0,
    (1.0, 600_000.0),
);

// A service or a database.
pub const SERVERS: Param = Param::number("servers", "Workers", "workers", 4.0, (1.0, 1_000.0));
pub const TIME: Param = Param::millis("time", "Work for one request", 50.0, (0.0, 600_000.0));
pub const LAW: Param = Param::choice(
    "law",
    "How that time varies",
    &["exponential", "fixed", "uniform", "heavy"],
);
pub const LIMIT: Param = Param::number(
    "limit",
    "Requests that wait at most (0: no limit)",
    "requests",
    0.0,
    (0.0, 1_000_000.0),
);
pub const FAULTY: Param = Param::number(
    "faulty",
    "Requests that it answers with an error",
    "%",
    0.0,
    (0.0, 100.0),
);

// A cache.
pub const PLACES: Param = Param::number(
    "places",
    "Answers that a cache keeps",
    "answers",
    20.0,
    (1.0, 100_000.0),
);
pub const AGE: Param = Param::millis(
    "age",
    "A cache keeps an answer so long (0: for ever)",
    0.0,
    (0.0, 3_600_000.0),
);
pub const EVICT: Param = Param::choice(
    "evict",
    "What a full cache gives up",
    &["lru", "lfu", "fifo"],
);
pub const WRITING: Param = Param::choice(
    "writing",
    "What a cache does with a write",
    &["through", "around", "back"],
);

// An event queue.
pub const DELIVERY: Param = Param::choice(
    "delivery",
    "How often an event queue hands an event on",
    &["at-least-once", "at-most-once"],
);
pub const SHARE: Param = Param::choice(
    "share",
    "Who gets an event",
    &["one-consumer", "every-consumer"],
);
pub const AT_ONCE: Param = Param::number(
    "at-once",
    "Events that one consumer has at a time",
    "events",
    1.0,
    (1.0, 1_000.0),
);
pub const REDELIVER: Param = Param::millis(
    "redeliver",
    "An event that is not acknowledged is handed on again after",
    2_000.0,
    (1.0, 600_000.0),
);
pub const ATTEMPTS: Param = Param::number(
    "attempts",
    "After so many attempts it is put aside (0: never)",
    "times",
    0.0,
    (0.0, 100.0),
);

// An autoscaler.
pub const EVERY: Param = Param::millis(
    "every",
    "An autoscaler measures every",
    2_000.0,
    (100.0, 600_000.0),
);
pub const TARGET: Param = Param::number(
    "target",
    "How busy it wants servers to be",
    "%",
    60.0,
    (1.0, 99.0),
);
pub const BOOT: Param = Param::millis(
    "boot",
    "A new server takes to boot",
    3_000.0,
    (0.0, 600_000.0),
);

pub const PARAMS: &[Param] = &[
    NODES, KIND, TO, RATE, ARRIVALS, USERS, THINK, WRITES, KEYS, FAVOURITES, POLICY, WEIGHT,
    PATIENCE, RETRIES, BACKOFF, SPREAD, BUDGET, HEDGE, BULKHEAD, THRESHOLD, RESET, SERVERS, TIME,
    LAW, LIMIT, FAULTY, PLACES, AGE, EVICT, WRITING, DELIVERY, SHARE, AT_ONCE, REDELIVER, ATTEMPTS,
    EVERY, TARGET, BOOT,
];

pub const BREAKER: Switch = Switch::off("breaker", "A caller has a circuit breaker");
pub const IDEMPOTENT: Switch = Switch::on(
    "idempotent",
    "A write that was done already is not done again",
)
.guards(&Guard::of("once").in_scenario("impatient"));
pub const ONE_FILL: Switch = Switch::on(
    "one-fill",
    "A cache asks once for what several readers miss",
);
pub const DROP_LATE: Switch = Switch::off(
    "drop-late",
    "A worker leaves out what its caller no longer waits for",
);
pub const KEEP_EVENTS: Switch = Switch::on("keep-events", "An event queue writes events to disk")
    .guards(&Guard::of("accepted").in_scenario("queue").within(
        Budget {
            crashes: 1,
            ..Budget::NONE
        },
        40,
    ));

pub const SWITCHES: &[Switch] = &[
    BREAKER,
    IDEMPOTENT,
    ONE_FILL,
    DROP_LATE,
    KEEP_EVENTS,
    WRITE_FIRST,
];
