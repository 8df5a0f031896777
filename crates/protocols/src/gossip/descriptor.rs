//! What gossip tells about itself.

use faultline_sim::descriptor::{Delivery, News, Preset, Protocol, RequestForm, Shelf, json};
use faultline_sim::network::{Latency, Link};
use faultline_sim::settings::{Guard, Param, Switch};
use faultline_sim::time::Duration;

use super::{Gossip, Request, figures, invariants, marks, probes, program, scenarios};
use crate::parts::kv::{any_key, value};

pub static PROTOCOL: Protocol = Protocol {
    id: "gossip",
    title: "Gossip",
    shelf: Shelf::FaultTolerance,
    summary: "Once a round each node exchanges what it has with a random other one. News reaches all in \
              a number of rounds that grows with the logarithm of their number.",
    reference: "Demers et al., PODC 1987; Pittel 1987; Karp et al. 2000; Parker et al. 1983",
    revision: 2,
    params: &[NODES, MODE, EVERY],
    switches: &[
        VECTORS,
        TOMBSTONES,
        DIGESTS,
        NEWER_WINS,
        IN_STEP,
        ROUND_START,
    ],
    presets: PRESETS,
    scenarios: scenarios::SCENARIOS,
    requests: &[
        RequestForm::new("Write a value", || {
            let (key, value) = ("color".into(), "red".into());
            json(Request::Set { key, value })
        })
        .varied(|rng, number| {
            let (key, value) = (any_key(rng), value(number));
            json(Request::Set { key, value })
        }),
        RequestForm::new("Delete a key", || {
            let key = "color".into();
            json(Request::Delete { key })
        })
        .varied(|rng, _| json(Request::Delete { key: any_key(rng) })),
        RequestForm::new("Read a value", || {
            let key = "color".into();
            json(Request::Get { key })
        })
        .varied(|rng, _| json(Request::Get { key: any_key(rng) })),
        RequestForm::new("Stop gossiping", || json(Request::Stop)),
        RequestForm::new("Start gossiping", || json(Request::Start)),
    ],
    probes: probes::PROBES,
    invariants: invariants::INVARIANTS,
    link: Link::new(Latency::Constant(Duration::millis(200))),
    narrate: figures::narrate,
    news: Some(News {
        title: "live nodes have data",
        marks: &[&marks::SETS, &marks::UPDATES],
    }),
    program: Some(&program::PROGRAM),
    unsupported_faults: &["lie"],
    ..Protocol::of::<Gossip>()
};

pub const NODES: Param = Param::number("nodes", "Nodes", "nodes", 5.0, (1.0, 1_000.0)).at_start();
pub const MODE: Param = Param::choice(
    "mode",
    "What happens in an exchange",
    &["push", "pull", "push-pull"],
);
pub const EVERY: Param = Param::millis("every", "Time between rounds", 1_000.0, (100.0, 60_000.0));

pub const VECTORS: Switch = Switch::off(
    "vectors",
    "Versions are vectors: writes that did not know of each other are both kept",
)
.guards(&Guard::of("nothing-lost").in_scenario("three-keys"));
pub const TOMBSTONES: Switch = Switch::off("tombstones", "A deleted key leaves a tombstone")
    .guards(&Guard::of("stays-deleted").in_scenario("three-keys"));
pub const DIGESTS: Switch = Switch::off(
    "digests",
    "Nodes compare versions and send only what is missing",
);
pub const NEWER_WINS: Switch = Switch::on("newer-wins", "Only a newer version replaces a value")
    .guards(&Guard::of("never-back").in_scenario("three-keys"));
pub const IN_STEP: Switch = Switch::on("in-step", "All nodes begin a round at the same instant");
pub const ROUND_START: Switch = Switch::off(
    "round-start",
    "A node tells only what it had when the round began",
);

/// The curriculum's listing: direct calls, everything pushed, versions that only count.
const AS_WRITTEN: Preset = Preset {
    name: "as-written",
    title: "The curriculum's program",
    breaks: Some("agreement: two writes at once are never resolved"),
    delivery: Delivery::Nested,
    ..Preset::BASE
};

const CORRECT: Preset = Preset {
    name: "correct",
    title: "Digests, version vectors and tombstones",
    switches: &[
        ("vectors", true),
        ("tombstones", true),
        ("digests", true),
        ("in-step", false),
    ],
    params: &[("mode", "push-pull")],
    ..Preset::BASE
};

const PRESETS: &[Preset] = &[
    CORRECT,
    AS_WRITTEN,
    Preset {
        name: "rounds",
        title: "Synchronous rounds, as in the theory",
        switches: &[
            ("vectors", true),
            ("tombstones", true),
            ("round-start", true),
        ],
        ..Preset::BASE
    },
    Preset {
        name: "counted-versions",
        title: "Versions that only count",
        breaks: Some("writes: one that nobody knew of is replaced"),
        switches: &[("tombstones", true), ("digests", true), ("in-step", false)],
        ..CORRECT
    },
    Preset {
        name: "no-tombstones",
        title: "A deleted key is forgotten",
        breaks: Some("deletion: a deleted key comes back"),
        switches: &[("vectors", true), ("digests", true), ("in-step", false)],
        ..CORRECT
    },
    Preset {
        name: "latest-arrival",
        title: "The latest arrival replaces everything",
        breaks: Some("order: a node goes back to an older version"),
        switches: &[
            ("vectors", true),
            ("tombstones", true),
            ("newer-wins", false),
            ("in-step", false),
        ],
        ..CORRECT
    },
];
