//! The description of the hash ring: parameters, switches, presets.

use faultline_sim::descriptor::{Delivery, Preset, Protocol, RequestForm, Shelf, json};
use faultline_sim::network::{Latency, Link};
use faultline_sim::settings::{Guard, Param, Switch};
use faultline_sim::time::Duration;

use super::{HashRing, Request, figures, invariants, probes, program, scenarios};
use crate::parts::kv::{any_key, value};

pub static PROTOCOL: Protocol = Protocol {
    id: "hash-ring",
    title: "Consistent hashing",
    shelf: Shelf::Storage,
    summary: "Keys and nodes lie on one ring. A key belongs to the next node clockwise, so few \
              keys move when a node joins or leaves.",
    reference: "Karger et al., STOC 1997; DeCandia et al. (Dynamo), SOSP 2007, 4.2 and 4.3; Lamping \
                and Veach 2014",
    revision: 3,
    params: &[
        NODES,
        KEYS,
        VIRTUAL_NODES,
        HASH,
        SCHEME,
        REPLICAS,
        HEAVY,
        WEIGHT,
        APART,
        SHOW_KEYS,
        LOOK,
        SUSPECT,
        RESEND,
        TIMEOUT,
        STEP,
        NAMES,
    ],
    switches: &[SHARE_POINTS, WAIT_ACK, DETECT],
    presets: PRESETS,
    scenarios: scenarios::SCENARIOS,
    requests: &[
        RequestForm::new("Store a value under a key", || {
            let (key, value) = ("apple".into(), "red".into());
            json(Request::Put { key, value })
        })
        .varied(|rng, number| {
            let (key, value) = (any_key(rng), value(number));
            json(Request::Put { key, value })
        }),
        RequestForm::new("Read the value of a key", || {
            json(Request::Get {
                key: "apple".into(),
            })
        })
        .varied(|rng, _| json(Request::Get { key: any_key(rng) })),
        RequestForm::new("Find the owner of a key, step by step", || {
            json(Request::Lookup {
                key: "key42".into(),
            })
        }),
        RequestForm::new("Count keys by prefix (asks all nodes)", || {
            json(Request::Count {
                prefix: "key".into(),
            })
        }),
    ],
    probes: probes::PROBES,
    invariants: invariants::INVARIANTS,
    link: Link::new(Latency::Uniform {
        min: Duration::millis(300),
        max: Duration::millis(500),
    }),
    narrate: figures::narrate,
    aligns: Some("Look"),
    program: Some(&program::PROGRAM),
    ..Protocol::of::<HashRing>()
};

pub const NODES: Param = Param::number("nodes", "Nodes", "nodes", 3.0, (1.0, 100.0)).at_start();
pub const KEYS: Param = Param::number("keys", "Keys", "keys", 100.0, (0.0, 10_000.0)).at_start();
pub const VIRTUAL_NODES: Param = Param::number(
    "virtual_nodes",
    "Points per node (virtual nodes)",
    "points",
    3.0,
    (1.0, 500.0),
)
.shared();
pub const HASH: Param = Param::choice("hash", "Hash function", &["as-written", "mixed"]).shared();
pub const SCHEME: Param = Param::choice(
    "scheme",
    "How owners are chosen",
    &["ring", "mod-n", "rendezvous", "jump"],
)
.shared();
pub const REPLICAS: Param =
    Param::number("replicas", "Copies of each key", "nodes", 1.0, (1.0, 7.0)).shared();
pub const HEAVY: Param = Param::nodes("heavy", "Nodes with more capacity", "");
pub const WEIGHT: Param = Param::number(
    "weight",
    "Their points, times the usual number",
    "times",
    2.0,
    (1.0, 10.0),
)
.shared();
pub const APART: Param = Param::number(
    "apart",
    "Step between the numbers in node names",
    "1",
    1.0,
    (1.0, 1_000.0),
)
.at_start();
pub const NAMES: Param = Param::choice(
    "names",
    "Node names (from-seed: each seed gives another ring)",
    &["numbered", "from-seed"],
)
.at_start();
pub const SHOW_KEYS: Param = Param::number(
    "show_keys",
    "List the owner of each key in the state (1 = yes)",
    "1",
    0.0,
    (0.0, 1.0),
)
.shared();
pub const LOOK: Param = Param::millis(
    "look",
    "Check neighbours and settings every",
    1_000.0,
    (50.0, 60_000.0),
);
pub const SUSPECT: Param = Param::millis(
    "suspect",
    "Silent neighbour removed after",
    3_500.0,
    (100.0, 600_000.0),
);
pub const RESEND: Param = Param::millis("resend", "Resend keys after", 1_500.0, (50.0, 60_000.0));
pub const TIMEOUT: Param = Param::millis(
    "timeout",
    "Timeout for an owner's answer",
    2_000.0,
    (50.0, 600_000.0),
);
pub const STEP: Param = Param::millis(
    "step",
    "Time per comparison in a search",
    700.0,
    (0.0, 10_000.0),
);

pub const SHARE_POINTS: Switch = Switch::off(
    "share-points",
    "Two nodes can share a point, and each removes only its own",
)
.guards(
    &Guard::of("points")
        .in_scenario("shared-point")
        .given(&[("hash", "as-written")]),
);
pub const WAIT_ACK: Switch = Switch::on(
    "wait-ack",
    "A key is deleted only after its new owner acknowledges it",
)
.guards(&Guard::of("kept").in_scenario("hand-over"));
pub const DETECT: Switch = Switch::off("detect", "Silent neighbours are removed from the ring");

const CORRECT: Preset = Preset {
    name: "correct",
    title: "Over a network, with a good hash and many points",
    switches: &[("share-points", true), ("detect", true)],
    params: &[("hash", "mixed"), ("virtual_nodes", "100")],
    ..Preset::BASE
};

const PRESETS: &[Preset] = &[
    Preset {
        name: "as-written",
        title: "The curriculum's program",
        breaks: Some("balance, and removal when two nodes share a point"),
        delivery: Delivery::Nested,
        ..Preset::BASE
    },
    CORRECT,
    Preset {
        name: "replicated",
        title: "The same with three copies of each key",
        params: &[
            ("hash", "mixed"),
            ("virtual_nodes", "100"),
            ("replicas", "3"),
        ],
        ..CORRECT
    },
    Preset {
        name: "hasty",
        title: "Keys are deleted as soon as they are sent",
        breaks: Some("storage: a key in flight is stored nowhere, and a lost message loses it"),
        switches: &[
            ("share-points", true),
            ("detect", true),
            ("wait-ack", false),
        ],
        ..CORRECT
    },
];
