//! What distributed snapshots tell about themselves.

use faultline_sim::descriptor::{Preset, Protocol, RequestForm, Shelf, json};
use faultline_sim::process::NodeId;
use faultline_sim::search::Budget;
use faultline_sim::settings::{Guard, Param, Switch};

use super::{Branch, Request, captions, invariants, probes, scenarios};

pub static PROTOCOL: Protocol = Protocol {
    id: "snapshot",
    title: "Snapshots and checkpoints",
    shelf: Shelf::FaultTolerance,
    summary: "Branches of a bank send money to each other. Markers let them record one consistent state of \
              all, without stopping, and after a crash they go back to one.",
    reference: "Chandy and Lamport 1985; Koo and Toueg 1987; Randell 1975; Elnozahy et al. 2002",
    params: &[NODES, EVERY, INTERVAL, MODE],
    switches: &[FIFO, MARKERS_FIRST, CHANNELS, FOLLOW],
    presets: PRESETS,
    scenarios: scenarios::SCENARIOS,
    requests: &[
        RequestForm::new("Begin a snapshot", || json(Request::Begin)),
        RequestForm::new("Pay another branch", || {
            let to = NodeId(2);
            json(Request::Pay { to, amount: 10 })
        }),
    ],
    probes: probes::PROBES,
    invariants: invariants::INVARIANTS,
    narrate: captions::narrate,
    total: invariants::in_snapshot,
    // A checkpoint counts when it is written, and an observer sees it at once.
    unsupported_faults: &["lie", "disk"],
    counted: &["Marker"],
    ..Protocol::of::<Branch>()
};

pub const NODES: Param = Param::number("nodes", "Branches", "nodes", 4.0, (2.0, 12.0)).at_start();
pub const EVERY: Param = Param::millis(
    "every",
    "Average time between the payments of a branch (0 = off)",
    500.0,
    (0.0, 60_000.0),
);
pub const INTERVAL: Param = Param::number(
    "interval",
    "Payments from one checkpoint to the next (0 = none)",
    "payments",
    10.0,
    (0.0, 1_000.0),
);
pub const MODE: Param = Param::choice("mode", "Checkpoints", &["coordinated", "independent"]);

pub const FIFO: Switch = Switch::on("fifo", "Channels keep the order of messages")
    .guards(&Guard::of("adds-up").in_scenario("money-flies"));
pub const MARKERS_FIRST: Switch = Switch::on(
    "markers-first",
    "A branch that records sends its markers before anything else",
)
.guards(&Guard::of("consistent-cut").in_scenario("money-flies"));
pub const CHANNELS: Switch = Switch::on("channels", "Branches record what is on its way, too")
    .guards(&Guard::of("adds-up").in_scenario("money-flies"));
pub const FOLLOW: Switch = Switch::on(
    "follow",
    "A branch that received undone money goes back, too",
)
.guards(&Guard::of("no-orphan").in_scenario("checkpoints").within(
    Budget {
        crashes: 1,
        ..Budget::NONE
    },
    40,
));

const PRESETS: &[Preset] = &[
    Preset {
        name: "correct",
        title: "Snapshots with markers, and checkpoints made by them",
        ..Preset::BASE
    },
    Preset {
        name: "independent",
        title: "Each branch saves a checkpoint when it likes",
        params: &[("mode", "independent")],
        ..Preset::BASE
    },
    Preset {
        name: "out-of-order",
        title: "Messages may overtake each other",
        breaks: Some("the snapshot: money that overtakes a marker is counted twice or not at all"),
        switches: &[("fifo", false)],
        ..Preset::BASE
    },
    Preset {
        name: "late-markers",
        title: "Markers leave a second late",
        breaks: Some("the cut: money is received in it that was not sent in it"),
        switches: &[("markers-first", false)],
        ..Preset::BASE
    },
    Preset {
        name: "balances-only",
        title: "Only balances are recorded",
        breaks: Some("the snapshot: money on its way is missing"),
        switches: &[("channels", false)],
        ..Preset::BASE
    },
    Preset {
        name: "alone",
        title: "Only the crashed branch goes back",
        breaks: Some("money: others keep what was never sent"),
        switches: &[("follow", false)],
        ..Preset::BASE
    },
];
