//! What clock synchronization tells about itself.

use faultline_sim::descriptor::{Preset, Protocol, RequestForm, Shelf, json};
use faultline_sim::network::{Latency, Link};
use faultline_sim::process::NodeId;
use faultline_sim::settings::{Guard, Param, Switch};
use faultline_sim::standing::{Form, Standing};
use faultline_sim::time::Duration;
use faultline_sim::world::World;

use super::{Request, SERVER, Timekeeper, captions, invariants, probes, scenarios};

pub static PROTOCOL: Protocol = Protocol {
    id: "clock-sync",
    title: "Clock synchronization",
    shelf: Shelf::Fundamentals,
    summary: "Clocks that drift are set by messages that take an unknown time: Cristian's algorithm, Berkeley's \
              average, and NTP.",
    reference: "Cristian 1989; Gusella and Zatti 1989; Mills et al., RFC 5905",
    params: &[
        NODES,
        METHOD,
        POLL,
        WAIT,
        SERVE,
        LEAST,
        DRIFT_BOUND,
        STEP,
        RATE,
        APART,
        WORK,
    ],
    switches: &[HALF_TRIP, WIDEN, SLEW, FILTER, OUTLIERS],
    presets: PRESETS,
    scenarios: scenarios::SCENARIOS,
    requests: &[RequestForm::new("Synchronize now", || {
        json(Request::Synchronize)
    })],
    probes: probes::PROBES,
    invariants: invariants::INVARIANTS,
    link: Link::new(Latency::Uniform {
        min: Duration::millis(5),
        max: Duration::millis(15),
    }),
    standing: Standing::new(Form::Star).linked(linked),
    narrate: captions::narrate,
    // Who sets or speeds up a hardware clock breaks what every method takes for granted.
    unsupported_faults: &["lie", "skew", "drift"],
    aligns: Some("Poll"),
    ..Protocol::of::<Timekeeper>()
};

/// Nobody asks anybody but node 1, and only node 1 asks all.
fn linked(_: &World, a: NodeId, b: NodeId) -> bool {
    a == SERVER || b == SERVER
}

/// No time is longer than an hour.
const HOUR: f64 = 3_600_000.0;

pub const NODES: Param = Param::number(
    "nodes",
    "Nodes, the server among them",
    "nodes",
    4.0,
    (2.0, 50.0),
)
.at_start();
pub const METHOD: Param = Param::choice(
    "method",
    "How clocks are set",
    &["cristian", "berkeley", "ntp"],
)
.at_start();
pub const POLL: Param = Param::millis(
    "poll",
    "Time between synchronizations (0 = only once)",
    1_000.0,
    (0.0, HOUR),
);
pub const WAIT: Param = Param::millis(
    "wait",
    "Berkeley's master waits for answers",
    200.0,
    (1.0, HOUR),
);
pub const SERVE: Param = Param::millis(
    "serve",
    "The server works on each question for",
    0.0,
    (0.0, HOUR),
);
pub const LEAST: Param = Param::millis(
    "least",
    "Every message is known to take at least",
    0.0,
    (0.0, HOUR),
);
pub const DRIFT_BOUND: Param = Param::number(
    "drift_bound",
    "Clocks are assumed to drift apart by at most",
    "ppm",
    200.0,
    (0.0, 100_000.0),
);
pub const STEP: Param = Param::millis(
    "step",
    "A clock that is further behind is set forward at once",
    0.0,
    (0.0, HOUR),
);
pub const RATE: Param = Param::number(
    "rate",
    "A clock that is corrected little by little runs faster or slower by",
    "ppm",
    100_000.0,
    (1.0, 500_000.0),
);
pub const APART: Param = Param::millis(
    "apart",
    "Berkeley averages clocks that differ by at most",
    HOUR,
    (0.0, HOUR),
);
pub const WORK: Param = Param::millis(
    "work",
    "A program measures a piece of work that takes (0 = no program)",
    0.0,
    (0.0, HOUR),
)
.at_start();

pub const HALF_TRIP: Switch = Switch::on(
    "half-trip",
    "The time that messages take is measured and halved",
)
.guards(&Guard::of("band").in_scenario("one-sync"));
pub const WIDEN: Switch = Switch::on(
    "widen",
    "The stated error grows until the next synchronization",
)
.guards(&Guard::of("band").in_scenario("drift"));
pub const SLEW: Switch = Switch::on(
    "slew",
    "A clock that is ahead runs slower and is never set back",
)
.guards(&Guard::of("forwards").in_scenario("slowed-down"));
pub const FILTER: Switch = Switch::on(
    "filter",
    "NTP trusts the sample with the shortest round trip",
);
pub const OUTLIERS: Switch = Switch::on(
    "outliers",
    "Berkeley leaves clocks that are far off out of the average",
);

const PRESETS: &[Preset] = &[
    Preset {
        name: "correct",
        title: "Cristian: ask a time server",
        ..Preset::BASE
    },
    Preset {
        name: "berkeley",
        title: "Berkeley: take the average",
        params: &[("method", "berkeley")],
        ..Preset::BASE
    },
    Preset {
        name: "ntp",
        title: "NTP: four timestamps and a filter",
        params: &[("method", "ntp")],
        ..Preset::BASE
    },
    Preset {
        name: "set-at-once",
        title: "Clocks are set at once, also back",
        breaks: Some("a clock runs backwards, and a program measures less than nothing"),
        switches: &[("slew", false)],
        ..Preset::BASE
    },
    Preset {
        name: "as-it-is",
        title: "The server's time is taken as it is",
        breaks: Some("the stated error: the answer is older than the client believes"),
        switches: &[("half-trip", false)],
        ..Preset::BASE
    },
];
