//! What the store tells about itself.

use faultline_sim::descriptor::{Preset, Protocol, RequestForm, Shelf, json};
use faultline_sim::network::{Latency, Link};
use faultline_sim::process::NodeId;
use faultline_sim::settings::{Guard, Param, Switch};
use faultline_sim::time::Duration;

use super::{Request, Store, figures, invariants, probes, program, scenarios};
use crate::parts::kv::{any_key, value};
use crate::parts::versions::{Resolution, Versions};

pub static PROTOCOL: Protocol = Protocol {
    id: "kv",
    title: "Replicated key-value store",
    shelf: Shelf::Storage,
    summary: "Every replica may be written and copies each write to the others. Versions tell which of two \
              values is newer, and rules say what becomes of two that do not know of each other.",
    reference: "DeCandia et al., Dynamo, SOSP 2007; Gifford 1979; Terry et al. 1994; Lloyd et al., COPS, 2011",
    params: &[
        NODES, CLIENTS, VERSIONS, RESOLUTION, JOINING, COPIES, W, R, TIMEOUT, COMPARE, EVERY, KEYS,
        READ_SHARE, STOP,
    ],
    switches: &[
        OWN_WRITES,
        MONOTONIC,
        CAUSAL,
        READ_REPAIR,
        MERKLE,
        HINTS,
        SLOPPY,
        ROAMS,
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
        RequestForm::new("Talk to another replica", || {
            json(Request::Move { to: NodeId(1) })
        })
        .of_role("client"),
    ],
    probes: probes::PROBES,
    invariants: invariants::INVARIANTS,
    link: Link::new(Latency::Constant(Duration::millis(300))),
    league: &["lost-writes", "siblings", "p95"],
    narrate: figures::narrate,
    answers: figures::answers,
    program: Some(&program::PROGRAM),
    unsupported_faults: &["lie"],
    ..Protocol::of::<Store>()
};

pub const NODES: Param = Param::number("nodes", "Replicas", "nodes", 3.0, (1.0, 9.0)).at_start();
pub const CLIENTS: Param = Param::number("clients", "Clients", "nodes", 0.0, (0.0, 9.0)).at_start();
pub const VERSIONS: Param =
    Param::choice("versions", "Versions of values", Versions::WORDS).shared();
pub const RESOLUTION: Param = Param::choice(
    "resolution",
    "What becomes of a conflict",
    Resolution::WORDS,
)
.shared();
pub const JOINING: Param = Param::choice(
    "joining",
    "What a node asks for when it joins or comes back",
    &["nothing", "copy", "digest"],
);
pub const COPIES: Param = Param::number(
    "n",
    "Copies of each key, N (0: at every replica)",
    "nodes",
    0.0,
    (0.0, 9.0),
)
.shared()
.at_start();
pub const W: Param = Param::number(
    "w",
    "Copies that confirm a write, W",
    "copies",
    1.0,
    (1.0, 9.0),
);
pub const R: Param = Param::number("r", "Copies asked by a read, R", "copies", 1.0, (1.0, 9.0));
pub const TIMEOUT: Param = Param::millis(
    "timeout",
    "Timeout for an answer",
    1_000.0,
    (10.0, 60_000.0),
);
pub const COMPARE: Param = Param::millis(
    "compare",
    "Time between comparisons, and between tries to hand over",
    2_000.0,
    (100.0, 60_000.0),
);
pub const EVERY: Param = Param::millis(
    "every",
    "Time between requests of a client (0: none)",
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

pub const OWN_WRITES: Switch = Switch::off(
    "own-writes",
    "A client reads only where its own writes have arrived",
)
.guards(
    &Guard::of("read-your-writes")
        .in_scenario("post-vanishes")
        .under("correct"),
);
pub const MONOTONIC: Switch = Switch::off(
    "never-back",
    "A client reads only where everything that it has read has arrived",
)
.guards(
    &Guard::of("monotonic-reads")
        .in_scenario("post-vanishes")
        .under("correct"),
);
pub const CAUSAL: Switch = Switch::off(
    "causal",
    "A replica shows a write only after the writes that it depends on",
)
.guards(
    &Guard::of("causes-first")
        .in_scenario("reply-first")
        .under("correct"),
);
pub const READ_REPAIR: Switch = Switch::off(
    "read-repair",
    "A read asks all replicas and repairs old copies",
);
pub const MERKLE: Switch = Switch::off(
    "merkle",
    "Replicas compare hash trees and exchange what differs",
);
pub const HINTS: Switch = Switch::off(
    "hints",
    "A copy for a replica that does not answer is kept and handed over later",
);
pub const SLOPPY: Switch = Switch::off(
    "sloppy",
    "Other nodes stand in for replicas that do not answer (sloppy quorum)",
);
pub const ROAMS: Switch = Switch::off("roams", "A client asks a random replica each time");

/// The curriculum's listing: no versions, and whatever arrives replaces what is there.
const AS_WRITTEN: Preset = Preset {
    name: "as-written",
    title: "The curriculum's program",
    breaks: Some("writes: of two at once, each node keeps the one that arrived last"),
    ..Preset::BASE
};

/// Available on both sides of a split, and nothing is lost.
const CORRECT: Preset = Preset {
    name: "correct",
    title: "Vectors, siblings, repair and sessions",
    switches: &[
        ("own-writes", true),
        ("never-back", true),
        ("causal", true),
        ("read-repair", true),
        ("merkle", true),
        ("hints", true),
    ],
    params: &[
        ("versions", "vector"),
        ("resolution", "siblings"),
        ("joining", "digest"),
    ],
    ..Preset::BASE
};

const PRESETS: &[Preset] = &[
    CORRECT,
    AS_WRITTEN,
    Preset {
        name: "cart",
        title: "Vectors, and the application merges",
        params: &[
            ("versions", "vector"),
            ("resolution", "merge"),
            ("joining", "digest"),
        ],
        ..CORRECT
    },
    Preset {
        name: "last-write",
        title: "The latest time stamp wins",
        breaks: Some("writes: of two at once, one is lost"),
        params: &[("versions", "timestamp"), ("resolution", "last-write")],
        ..Preset::BASE
    },
    Preset {
        name: "counted",
        title: "Versions that only count",
        breaks: Some("writes: one that nobody knew of is replaced"),
        params: &[("versions", "counter"), ("resolution", "siblings")],
        ..Preset::BASE
    },
    Preset {
        name: "quorum",
        title: "Quorums: two of three copies",
        breaks: Some("writes: of two at once, one is lost"),
        params: &[
            ("versions", "vector"),
            ("resolution", "last-write"),
            ("n", "3"),
            ("w", "2"),
            ("r", "2"),
        ],
        ..Preset::BASE
    },
    Preset {
        name: "eventual",
        title: "Eventual consistency, without sessions",
        breaks: Some("writes: of two at once, one is lost"),
        switches: &[("merkle", true), ("roams", true)],
        params: &[
            ("versions", "vector"),
            ("resolution", "last-write"),
            ("joining", "digest"),
        ],
        ..Preset::BASE
    },
];
