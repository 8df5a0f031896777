//! What the protocol tells about itself.

use faultline_sim::descriptor::{Delivery, Preset, Protocol, RequestForm, Shelf, json};
use faultline_sim::network::{Latency, Link};
use faultline_sim::search::Budget;
use faultline_sim::settings::{Guard, Param, Switch};
use faultline_sim::standing::{Form, Standing};
use faultline_sim::time::Duration;
use faultline_sim::world::World;

use super::{CENTRE, NodeId, Request, Watcher, central};
use super::{figures, invariants, probes, program, scenarios};

pub static PROTOCOL: Protocol = Protocol {
    id: "heartbeat",
    title: "Heartbeats and failure detectors",
    shelf: Shelf::FaultTolerance,
    summary: "Nodes send each other heartbeats. A node that is silent for too long is suspected, and a \
              majority of observers makes a verdict.",
    reference: "Chandra & Toueg, JACM 1996; Hayashibara et al., SRDS 2004; Jacobson, SIGCOMM 1988",
    params: &[
        NODES,
        HEARTBEAT,
        CHECK,
        DETECTOR,
        TIMEOUT,
        MISSED,
        LAW,
        THRESHOLD,
        WINDOW,
        K,
        LEAST,
        PAUSE,
        LONGEST,
        TOPOLOGY,
        WORK,
        EVICT,
        JITTER,
        LOSS,
        STOPS_AFTER,
        CRASHED,
        PRICE_LATE,
        PRICE_FALSE,
    ],
    switches: &[FROM_START, QUORUM, SPREAD],
    presets: PRESETS,
    scenarios: scenarios::SCENARIOS,
    requests: &[
        RequestForm::new("Stop its heartbeats only", || {
            json(Request::SimulateFailure)
        }),
        RequestForm::new("Send heartbeats again", || json(Request::SimulateRecovery)),
        RequestForm::new("Stop heartbeats and checks", || json(Request::Stop)),
        RequestForm::new("Start both again", || json(Request::Start)),
    ],
    probes: probes::PROBES,
    invariants: invariants::INVARIANTS,
    link: Link::new(Latency::Uniform {
        min: Duration::millis(100),
        max: Duration::millis(300),
    }),
    standing: Standing::new(Form::Circle).linked(linked),
    league: &["alarms_per_minute", "detect", "messages_per_node"],
    narrate: figures::narrate,
    aligns: Some("Heartbeat"),
    program: Some(&program::PROGRAM),
    // A live node that is late looks dead, and a clock that is set back hides a silence.
    unsupported_faults: &[
        "lie",
        "skew",
        "pause",
        "delay",
        "hold",
        "slow",
        "latency",
        "bandwidth",
        "disk",
        "drift",
        "fire",
        "align",
        "spread",
    ],
    ..Protocol::of::<Watcher>()
};

fn linked(world: &World, a: NodeId, b: NodeId) -> bool {
    !central(world.settings()) || a == CENTRE || b == CENTRE
}

pub const NODES: Param = Param::number("nodes", "Nodes", "nodes", 5.0, (2.0, 50.0)).at_start();
pub const HEARTBEAT: Param =
    Param::millis("heartbeat", "Heartbeat every", 1_000.0, (50.0, 600_000.0));
pub const CHECK: Param = Param::millis(
    "check",
    "Check for silent peers every",
    2_000.0,
    (50.0, 600_000.0),
);
pub const DETECTOR: Param = Param::choice(
    "detector",
    "How silence is measured",
    &["timeout", "missed", "phi", "deviation", "jacobson"],
);
pub const TIMEOUT: Param = Param::millis(
    "timeout",
    "Timeout: a peer is suspected after",
    3_000.0,
    (100.0, 600_000.0),
);
pub const MISSED: Param = Param::number(
    "missed",
    "Missed: suspected after so many heartbeats",
    "heartbeats",
    3.0,
    (1.0, 100.0),
);
pub const LAW: Param = Param::choice(
    "law",
    "Phi: how gaps are distributed",
    &["normal", "logistic", "exponential"],
);
pub const THRESHOLD: Param = Param::number(
    "threshold",
    "Phi: suspected from level",
    "1",
    8.0,
    (0.5, 100.0),
);
pub const WINDOW: Param = Param::number(
    "window",
    "Gaps that are remembered",
    "gaps",
    20.0,
    (2.0, 1_000.0),
);
pub const K: Param = Param::number(
    "k",
    "Deviations that a timeout adds to the mean",
    "1",
    4.0,
    (0.5, 20.0),
);
pub const LEAST: Param = Param::millis(
    "least-deviation",
    "Smallest deviation that is assumed",
    100.0,
    (0.0, 60_000.0),
);
pub const PAUSE: Param = Param::millis(
    "pause",
    "Pause that is accepted on top",
    0.0,
    (0.0, 600_000.0),
);
pub const LONGEST: Param = Param::millis(
    "longest",
    "No timeout is longer than",
    20_000.0,
    (100.0, 600_000.0),
);
pub const TOPOLOGY: Param =
    Param::choice("topology", "Who watches", &["all", "central"]).at_start();
pub const WORK: Param = Param::choice(
    "work",
    "What a failed node loses",
    &["none", "pod", "ephemeral node"],
)
.shared();
pub const EVICT: Param = Param::millis(
    "evict",
    "It loses it this long after the verdict",
    0.0,
    (0.0, 3_600_000.0),
);
pub const JITTER: Param = Param::number(
    "jitter",
    "Messages take up to this much longer",
    "ms",
    0.0,
    (0.0, 60_000.0),
)
.at_start();
pub const LOSS: Param =
    Param::number("loss", "Messages lost on every link", "%", 0.0, (0.0, 90.0)).at_start();
pub const STOPS_AFTER: Param = Param::millis(
    "stops",
    "Node 2 stops within two seconds after (0: never)",
    0.0,
    (0.0, 600_000.0),
)
.at_start();
pub const CRASHED: Param = Param::nodes("crashed", "Nodes that are down at the start", "");
pub const PRICE_LATE: Param = price(
    "price-late",
    "What a second costs in which a crash goes unnoticed",
);
pub const PRICE_FALSE: Param = price("price-false", "What it costs to declare a live node failed");

const fn price(name: &'static str, title: &'static str) -> Param {
    Param::number(name, title, "euros", 0.0, (0.0, 100_000.0)).shared()
}

const ONE_CUT: Budget = Budget {
    partitions: 1,
    ..Budget::NONE
};

pub const FROM_START: Switch = Switch::off(
    "from-start",
    "A peer that was never heard counts as silent from the start",
)
.guards(&Guard::of("complete").in_scenario("never-heard"));
pub const QUORUM: Switch = Switch::off(
    "quorum",
    "A node is declared failed only if a majority suspects it",
)
.guards(&Guard::of("majority").within(ONE_CUT, 60));
pub const SPREAD: Switch = Switch::off(
    "spread",
    "Each node begins its heartbeats and checks at a random moment",
);

/// The curriculum's listing: direct calls, each node for itself.
const AS_WRITTEN: Preset = Preset {
    name: "as-written",
    title: "The curriculum's program",
    breaks: Some(
        "completeness: a peer that was never heard is never suspected; and one cut link is enough for a verdict",
    ),
    delivery: Delivery::Nested,
    ..Preset::BASE
};

const CORRECT: Preset = Preset {
    name: "correct",
    title: "A fixed timeout, and a majority makes the verdict",
    switches: &[("from-start", true), ("quorum", true), ("spread", true)],
    ..Preset::BASE
};

const PRESETS: &[Preset] = &[
    CORRECT,
    AS_WRITTEN,
    Preset {
        name: "as-messages",
        title: "The curriculum's rules over a network",
        breaks: AS_WRITTEN.breaks,
        ..Preset::BASE
    },
    Preset {
        name: "alone",
        title: "Each node decides for itself",
        breaks: Some("accuracy: one cut link is enough for a verdict"),
        switches: &[("from-start", true), ("spread", true)],
        ..Preset::BASE
    },
    Preset {
        name: "phi",
        title: "Phi accrual, and a majority makes the verdict",
        params: &[("detector", "phi"), ("check", "500")],
        ..CORRECT
    },
    Preset {
        name: "adaptive",
        title: "Timeouts follow the network, and a majority makes the verdict",
        params: &[("detector", "deviation"), ("check", "500")],
        ..CORRECT
    },
    Preset {
        name: "central",
        title: "One node watches all others",
        switches: &[("from-start", true), ("spread", true)],
        params: &[("topology", "central")],
        ..Preset::BASE
    },
];
