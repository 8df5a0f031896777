//! What the protocol tells about itself.

use faultline_sim::descriptor::{Delivery, Preset, Protocol, RequestForm, Shelf, json};
use faultline_sim::search::Budget;
use faultline_sim::settings::{Guard, Param, Switch};
use faultline_sim::standing::{Form, Standing};

use super::{Node, Request, figures, invariants, probes, program, scenarios};
use crate::parts::kv::{any_key, value};

pub static PROTOCOL: Protocol = Protocol {
    id: "cap",
    title: "Refuse or answer: the CAP theorem",
    shelf: Shelf::Activities,
    summary: "All nodes have a copy of the data. While the network is cut, a node refuses requests or \
              answers from its own copy, and after the heal the copies are brought together.",
    reference: "Gilbert & Lynch 2002; Attiya, Bar-Noy & Dolev, JACM 1995; Abadi, IEEE Computer 2012",
    params: &[
        NODES,
        QUORUM,
        VERSIONS,
        RESOLUTION,
        TIMEOUT,
        REST,
        COMPARE_EVERY,
        EVERY,
        KEYS,
        READ_SHARE,
        STOP,
        PRICE_REFUSED,
        PRICE_OLD,
        PRICE_CONFLICT,
    ],
    switches: &[
        ANSWER,
        ASK_FIRST,
        KEEP,
        PUT_BACK,
        VERSION_BACK,
        ASK_READS,
        NO_DIRTY_READS,
        RESOLVE,
        COMPARE,
    ],
    presets: PRESETS,
    scenarios: scenarios::SCENARIOS,
    requests: &[
        RequestForm::new("Write a value", || {
            let (key, value) = ("x".into(), "A".into());
            json(Request::Set { key, value })
        })
        .varied(|rng, number| {
            let (key, value) = (any_key(rng), value(number));
            json(Request::Set { key, value })
        }),
        RequestForm::new("Read a value", || json(Request::Get { key: "x".into() }))
            .varied(|rng, _| json(Request::Get { key: any_key(rng) })),
        RequestForm::new("Cut this node off", || json(Request::Isolate(true))),
        RequestForm::new("Connect it again", || json(Request::Heal(true))),
    ],
    probes: probes::PROBES,
    invariants: invariants::INVARIANTS,
    standing: Standing::new(Form::Circle)
        .by_majority("cannot confirm")
        .unless(&ANSWER),
    league: &["refused", "stale", "lost-writes", "p95"],
    narrate: figures::narrate,
    answers: figures::answers,
    program: Some(&program::PROGRAM),
    unsupported_faults: &["lie"],
    ..Protocol::of::<Node>()
};

pub const NODES: Param = Param::number("nodes", "Nodes", "nodes", 5.0, (1.0, 30.0)).at_start();
pub const QUORUM: Param = Param::number(
    "quorum",
    "Nodes that a refusing node needs (0: a majority)",
    "nodes",
    0.0,
    (0.0, 30.0),
);
pub const VERSIONS: Param = Param::choice(
    "versions",
    "Versions of values",
    &["counter", "timestamp", "hybrid", "vector"],
)
.shared();
pub const RESOLUTION: Param = Param::choice(
    "resolution",
    "What becomes of a conflict",
    &["last-write", "siblings", "merge", "node-id"],
)
.shared();
pub const TIMEOUT: Param = Param::millis(
    "timeout",
    "Timeout for the answers of other nodes",
    1_500.0,
    (10.0, 60_000.0),
);
pub const REST: Param = Param::millis(
    "rest",
    "After a timeout, refuse at once for (0: never)",
    0.0,
    (0.0, 60_000.0),
);
pub const COMPARE_EVERY: Param = Param::millis(
    "compare-every",
    "Time between comparisons of copies",
    1_000.0,
    (50.0, 60_000.0),
);
pub const EVERY: Param = Param::millis(
    "every",
    "Time between requests at a node (0: none)",
    0.0,
    (0.0, 60_000.0),
);
pub const KEYS: Param = Param::number("keys", "Keys that clients use", "keys", 1.0, (1.0, 1_000.0));
pub const READ_SHARE: Param = Param::number(
    "reads",
    "Reads among the requests of clients",
    "%",
    50.0,
    (0.0, 100.0),
);
pub const STOP: Param = Param::millis(
    "stop",
    "Clients only read from then on (0: never)",
    0.0,
    (0.0, 600_000.0),
);
pub const PRICE_REFUSED: Param = price("price-refused", "What a refused request costs");
pub const PRICE_OLD: Param = price("price-old", "What an old answer costs");
pub const PRICE_CONFLICT: Param = price(
    "price-conflict",
    "What it costs that a confirmed write is dropped or doubled",
);

const fn price(name: &'static str, title: &'static str) -> Param {
    Param::number(name, title, "euros", 0.0, (0.0, 10_000.0))
}

/// One cut, and then nothing more.
const ONE_CUT: Budget = Budget {
    partitions: 1,
    ..Budget::NONE
};

/// The choice itself, which each node may make for itself.
pub const ANSWER: Switch = Switch::off(
    "answer",
    "A node answers from its own copy, even if it reaches no other node (AP)",
);
pub const ASK_FIRST: Switch = Switch::off(
    "ask-first",
    "A refusing node asks a majority before it stores a write",
)
.guards(&Guard::of("linearizable").within(ONE_CUT, 200));
pub const KEEP: Switch = Switch::off(
    "keep",
    "A write that was begun stays, and its client is told: unknown",
)
.guards(&Guard::of("no-dirty-read").within(ONE_CUT, 200));
pub const PUT_BACK: Switch = Switch::off(
    "put-back",
    "A write that is taken back leaves the old value in place",
)
.guards(
    &Guard::of("nothing-deleted")
        .in_scenario("failed-write")
        .under("patched"),
);
pub const VERSION_BACK: Switch = Switch::off(
    "version-back",
    "A write that is taken back leaves the old version in place",
)
.guards(
    &Guard::of("newer-taken")
        .in_scenario("failed-write")
        .under("patched"),
);
pub const ASK_READS: Switch = Switch::off(
    "ask-reads",
    "A refusing node asks a majority before it answers a read",
)
.guards(
    &Guard::of("majority-behind")
        .within(ONE_CUT, 100)
        .under("majority-reads"),
);
pub const NO_DIRTY_READS: Switch = Switch::off(
    "no-dirty-reads",
    "A refusing node shows a value only once a majority has it",
)
.guards(&Guard::of("linearizable").in_scenario("half-written"));
pub const RESOLVE: Switch = Switch::off(
    "resolve",
    "Where two versions are equal, the rule for conflicts decides",
)
.guards(&Guard::of("linearizable"));
pub const COMPARE: Switch = Switch::off(
    "compare",
    "Nodes compare digests and exchange the copies that differ",
);

/// The curriculum's listing: direct calls, and a write that fails deletes the key.
const AS_WRITTEN: Preset = Preset {
    name: "as-written",
    title: "The curriculum's program",
    breaks: Some("data: a write that fails deletes what was there, and others go on showing it"),
    delivery: Delivery::Nested,
    ..Preset::BASE
};

/// Consistent: every answer has a majority behind it.
const CORRECT: Preset = Preset {
    name: "correct",
    title: "Refuse, with a majority behind every answer",
    switches: &[
        ("ask-first", true),
        ("keep", true),
        ("put-back", true),
        ("version-back", true),
        ("ask-reads", true),
        ("no-dirty-reads", true),
        ("resolve", true),
        ("compare", true),
    ],
    ..Preset::BASE
};

/// Available: every node answers, and nothing is lost.
const AVAILABLE: Preset = Preset {
    name: "available",
    title: "Answer, and keep both values of a conflict",
    breaks: Some("linearizable: during a cut both sides answer"),
    switches: &[("answer", true), ("resolve", true), ("compare", true)],
    params: &[("versions", "vector"), ("resolution", "siblings")],
    ..Preset::BASE
};

const PRESETS: &[Preset] = &[
    CORRECT,
    AS_WRITTEN,
    AVAILABLE,
    Preset {
        name: "last-write",
        title: "Answer, and let the latest time stamp win",
        breaks: Some(
            "linearizable: during a cut both sides answer, and one of two writes is dropped",
        ),
        params: &[("versions", "timestamp")],
        ..AVAILABLE
    },
    Preset {
        name: "as-messages",
        title: "The curriculum's rules over a network",
        breaks: Some(
            "data: a write that fails deletes what was there, and others go on showing it",
        ),
        ..Preset::BASE
    },
    Preset {
        name: "patched",
        title: "The curriculum's rules, and taking back leaves no trace",
        breaks: Some("linearizable: what is taken back has been read by others"),
        switches: &[
            ("put-back", true),
            ("version-back", true),
            ("ask-reads", true),
            ("no-dirty-reads", true),
            ("resolve", true),
            ("compare", true),
        ],
        ..Preset::BASE
    },
    Preset {
        name: "majority-reads",
        title: "A read asks a majority, and shows what it finds",
        breaks: Some("linearizable: a later read may find less"),
        switches: &[
            ("ask-first", true),
            ("keep", true),
            ("put-back", true),
            ("version-back", true),
            ("ask-reads", true),
            ("resolve", true),
            ("compare", true),
        ],
        ..Preset::BASE
    },
    Preset {
        name: "clock-quorum",
        title: "A majority behind every answer, and the latest time stamp wins",
        breaks: Some("linearizable: a clock that is behind loses a confirmed write"),
        switches: &[
            ("keep", true),
            ("ask-reads", true),
            ("no-dirty-reads", true),
            ("resolve", true),
            ("compare", true),
        ],
        params: &[("versions", "timestamp")],
        ..Preset::BASE
    },
    Preset {
        name: "own-reads",
        title: "Writes need a majority, reads do not",
        breaks: Some("majority-behind: a node that is cut off returns an old value"),
        switches: &[
            ("ask-first", true),
            ("keep", true),
            ("put-back", true),
            ("version-back", true),
            ("resolve", true),
            ("compare", true),
        ],
        ..Preset::BASE
    },
];
