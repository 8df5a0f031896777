//! What the museum tells about itself: parameters, rules, presets.

use faultline_sim::descriptor::{Preset, Protocol, RequestForm, Shelf, json};
use faultline_sim::network::{Latency, Link};
use faultline_sim::settings::{Guard, Param, Switch};
use faultline_sim::time::Duration;

use super::{Museum, Request, figures, invariants, probes, scenarios};
use crate::parts::kv::{any_key, value};

pub static PROTOCOL: Protocol = Protocol {
    id: "museum",
    title: "Four mechanisms in one cluster",
    shelf: Shelf::FaultTolerance,
    summary: "Gossip tells who is alive, an election picks a leader, a ring places the keys, and vectors \
              order the writes. One cluster, one crash, four ways to look at it.",
    reference: "van Renesse, Minsky and Hayden 1998; Garcia-Molina 1982; Karger et al., STOC 1997; Parker et \
                al. 1983; DeCandia et al. (Dynamo), SOSP 2007",
    params: &[
        NODES, LENS, COPIES, POINTS, EVERY, FAIL, WAIT, TIMEOUT, RESEND, SWEEP,
    ],
    switches: &[VECTORS, LARGER_COUNT, REPAIR, ONE_ORDERS],
    presets: PRESETS,
    scenarios: scenarios::SCENARIOS,
    requests: &[
        RequestForm::new("Write a value under a key", || {
            let (key, value) = ("vase".into(), "red".into());
            json(Request::Put { key, value })
        })
        .varied(|rng, number| {
            let (key, value) = (any_key(rng), value(number));
            json(Request::Put { key, value })
        }),
        RequestForm::new("Read the value of a key", || {
            let key = "vase".into();
            json(Request::Get { key })
        })
        .varied(|rng, _| json(Request::Get { key: any_key(rng) })),
    ],
    probes: probes::PROBES,
    invariants: invariants::INVARIANTS,
    link: Link::new(Latency::Uniform {
        min: Duration::millis(150),
        max: Duration::millis(250),
    }),
    narrate: figures::narrate,
    aligns: Some("Gossip"),
    unsupported_faults: &["lie"],
    ..Protocol::of::<Museum>()
};

pub const NODES: Param = Param::number("nodes", "Nodes", "nodes", 5.0, (1.0, 30.0)).at_start();
/// Changes only what nodes show, never the run.
pub const LENS: Param = Param::choice(
    "lens",
    "What the nodes show",
    &[
        "all",
        "dissemination",
        "election",
        "partitioning",
        "causality",
    ],
)
.shared();
pub const COPIES: Param =
    Param::number("copies", "Copies of each key", "nodes", 3.0, (1.0, 7.0)).at_start();
pub const POINTS: Param = Param::number(
    "points",
    "Points per node on the ring",
    "points",
    8.0,
    (1.0, 100.0),
)
.at_start();
pub const EVERY: Param = Param::millis("every", "Gossip every", 400.0, (100.0, 60_000.0));
pub const FAIL: Param = Param::millis(
    "fail",
    "A count that has not grown for this long means a failure",
    5_000.0,
    (200.0, 600_000.0),
);
pub const WAIT: Param = Param::millis(
    "wait",
    "Wait for an OK in an election",
    600.0,
    (50.0, 60_000.0),
);
pub const TIMEOUT: Param = Param::millis(
    "timeout",
    "Wait for the owners of a key",
    1_000.0,
    (50.0, 600_000.0),
);
pub const RESEND: Param = Param::millis(
    "resend",
    "Leader repeats an order after",
    2_000.0,
    (50.0, 60_000.0),
);
pub const SWEEP: Param = Param::millis(
    "sweep",
    "Leader orders copies at least every",
    30_000.0,
    (1_000.0, 600_000.0),
);

pub const VECTORS: Switch = Switch::on(
    "vectors",
    "Copies have version vectors: writes that did not know of each other are both kept",
)
.guards(&Guard::of("nothing-lost").in_scenario("four-lenses"));
pub const LARGER_COUNT: Switch = Switch::on(
    "larger-count",
    "A node takes over only larger heartbeat counts",
)
.guards(&Guard::of("counts-grow").in_scenario("four-lenses"));
pub const REPAIR: Switch = Switch::on("repair", "The leader orders copies when the members change");
pub const ONE_ORDERS: Switch = Switch::on("one-orders", "Only the leader orders copies");

const PRESETS: &[Preset] = &[
    Preset {
        name: "correct",
        title: "Gossip, election, ring and vectors",
        ..Preset::BASE
    },
    Preset {
        name: "last-arrival",
        title: "No vectors: the last arrival wins",
        breaks: Some("storage: a copy drops a write that the new one did not know of"),
        switches: &[("vectors", false)],
        ..Preset::BASE
    },
    Preset {
        name: "any-count",
        title: "Any other count is taken over, also an older one",
        breaks: Some("dissemination: old gossip makes a dead node look alive"),
        switches: &[("larger-count", false)],
        ..Preset::BASE
    },
];
