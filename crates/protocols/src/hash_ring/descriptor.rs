//! What the hash ring tells about itself.

use faultline_sim::descriptor::{Delivery, Preset, Protocol, RequestForm, Shelf, json};
use faultline_sim::network::{Latency, Link};
use faultline_sim::settings::{Param, Switch};
use faultline_sim::time::Duration;

use super::{HashRing, Request, figures, invariants, probes, program, scenarios};

pub static PROTOCOL: Protocol = Protocol {
    id: "hash-ring",
    title: "Consistent hashing",
    shelf: Shelf::Storage,
    summary: "Keys and nodes lie on one ring; a key belongs to the next node, and few keys move when \
              nodes come and go.",
    reference: "Karger et al., STOC 1997; DeCandia et al. (Dynamo), SOSP 2007, 4.2 and 4.3; Lamping \
                and Veach 2014",
    revision: 2,
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
        }),
        RequestForm::new("Read the value of a key", || {
            json(Request::Get {
                key: "apple".into(),
            })
        }),
        RequestForm::new("Search the owner of a key, step by step", || {
            json(Request::Lookup {
                key: "key42".into(),
            })
        }),
        RequestForm::new("Count keys by their beginning: all nodes are asked", || {
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
    is_ok: |reply| {
        let good = ["Stored", "Found", "Owner", "Counted"];
        good.iter().any(|kind| reply.get(kind).is_some())
    },
    narrate: figures::narrate,
    aligns: Some("Look"),
    program: Some(&program::PROGRAM),
    ..Protocol::of::<HashRing>()
};

pub const NODES: Param = Param::number("nodes", "Nodes", "nodes", 3.0, (1.0, 100.0)).at_start();
pub const KEYS: Param = Param::number("keys", "Keys", "keys", 100.0, (0.0, 10_000.0)).at_start();
pub const VIRTUAL_NODES: Param = Param::number(
    "virtual_nodes",
    "Points of each node (virtual nodes)",
    "points",
    3.0,
    (1.0, 500.0),
);
pub const HASH: Param = Param::choice("hash", "Hash function", &["as-written", "mixed"]);
pub const SCHEME: Param = Param::choice(
    "scheme",
    "How owners are chosen",
    &["ring", "mod-n", "rendezvous", "jump"],
);
pub const REPLICAS: Param = Param::number(
    "replicas",
    "Nodes that keep each key",
    "nodes",
    1.0,
    (1.0, 7.0),
);
pub const HEAVY: Param = Param::nodes("heavy", "Nodes with more room", "");
pub const WEIGHT: Param = Param::number(
    "weight",
    "How many times the points such a node has",
    "times",
    2.0,
    (1.0, 10.0),
);
pub const APART: Param = Param::number(
    "apart",
    "Numbers in the names of nodes go up by",
    "1",
    1.0,
    (1.0, 1_000.0),
)
.at_start();
pub const NAMES: Param = Param::choice(
    "names",
    "Names of nodes (from-seed: another seed gives another ring)",
    &["numbered", "from-seed"],
)
.at_start();
pub const SHOW_KEYS: Param = Param::number(
    "show_keys",
    "The state lists the owner of each key (1: yes)",
    "1",
    0.0,
    (0.0, 1.0),
);
pub const LOOK: Param = Param::millis(
    "look",
    "Time between two looks around",
    1_000.0,
    (50.0, 60_000.0),
);
pub const SUSPECT: Param = Param::millis(
    "suspect",
    "Silence after which a neighbour is taken from the ring",
    3_500.0,
    (100.0, 600_000.0),
);
pub const RESEND: Param = Param::millis(
    "resend",
    "Keys are sent again after",
    1_500.0,
    (50.0, 60_000.0),
);
pub const TIMEOUT: Param = Param::millis(
    "timeout",
    "How long an owner may take to answer",
    2_000.0,
    (50.0, 600_000.0),
);
pub const STEP: Param = Param::millis(
    "step",
    "Time for one comparison of a search",
    700.0,
    (0.0, 10_000.0),
);

pub const SHARE_POINTS: Switch = Switch {
    name: "share-points",
    title: "Two nodes may stand on one point, and each takes only its own away",
    default: false,
};
pub const WAIT_ACK: Switch = Switch {
    name: "wait-ack",
    title: "A key is deleted only when its new owner has confirmed it",
    default: true,
};
pub const DETECT: Switch = Switch {
    name: "detect",
    title: "Neighbours that fall silent are taken from the ring",
    default: false,
};

const CORRECT: Preset = Preset {
    name: "correct",
    title: "Over a network, with a hash that mixes and many points",
    switches: &[("share-points", true), ("detect", true)],
    params: &[("hash", "mixed"), ("virtual_nodes", "100")],
    ..Preset::BASE
};

const PRESETS: &[Preset] = &[
    Preset {
        name: "as-written",
        title: "The curriculum's program",
        breaks: Some("balance, and the points of nodes that meet on the ring"),
        delivery: Delivery::Nested,
        ..Preset::BASE
    },
    CORRECT,
    Preset {
        name: "replicated",
        title: "The same with each key at three different nodes",
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
        breaks: Some("storage: a key on its way is nowhere, and one that is lost is gone"),
        switches: &[
            ("share-points", true),
            ("detect", true),
            ("wait-ack", false),
        ],
        ..CORRECT
    },
];
