//! What the protocol tells about itself: parameters, rules, presets.

use faultline_sim::descriptor::{Preset, Protocol, RequestForm, Shelf, json};
use faultline_sim::process::NodeId;
use faultline_sim::search::Budget;
use faultline_sim::settings::{Guard, Param, Settings, Switch};
use faultline_sim::standing::{Form, Standing};
use faultline_sim::world::World;

use super::{COORDINATOR, Machine, Request, captions, invariants, probes, scenarios};

pub static PROTOCOL: Protocol = Protocol {
    id: "scatter",
    title: "A divided job",
    shelf: Shelf::Scalability,
    summary: "A coordinator divides a job among workers and gathers the results. Some of the job cannot be divided, \
              coordination takes time, and one slow worker is enough to be late.",
    reference: "Amdahl 1967; Dean and Ghemawat 2004; Gunther 1993",
    params: &[
        WORKERS, PARTS, WORK, SERIAL, HANDLE, SPEED, PING, PATIENCE, EVERY,
    ],
    switches: &[REASSIGN, ONCE, BACKUP],
    presets: PRESETS,
    scenarios: scenarios::SCENARIOS,
    requests: &[RequestForm::new("Count the primes below a number", || {
        json(Request::Primes { below: MOST / 2 })
    })
    .of_role("coordinator")],
    probes: probes::PROBES,
    invariants: invariants::INVARIANTS,
    standing: Standing::new(Form::Layers).linked(linked),
    sized_by: "workers",
    nodes,
    narrate: captions::narrate,
    unsupported_faults: &["lie"],
    ..Protocol::of::<Machine>()
};

/// The coordinator and its workers.
pub fn nodes(settings: &Settings) -> u32 {
    1 + settings.count(&WORKERS)
}

/// Workers do not talk with each other.
fn linked(_: &World, a: NodeId, b: NodeId) -> bool {
    (a == COORDINATOR) != (b == COORDINATOR)
}

/// The largest number below which primes are counted.
pub const MOST: u32 = 20_000;

pub const WORKERS: Param =
    Param::number("workers", "Workers", "workers", 4.0, (1.0, 32.0)).at_start();
pub const PARTS: Param =
    Param::number("parts", "Parts for each worker", "parts", 1.0, (1.0, 32.0)).at_start();
pub const WORK: Param = Param::millis(
    "work",
    "The whole job takes one machine",
    12_000.0,
    (1.0, 600_000.0),
)
.shared();
pub const SERIAL: Param = Param::number(
    "serial",
    "Share of the job that cannot be divided",
    "%",
    0.0,
    (0.0, 100.0),
)
.shared();
pub const HANDLE: Param = Param::millis(
    "handle",
    "Handing out a part, or gathering a result, takes",
    200.0,
    (0.0, 10_000.0),
);
pub const SPEED: Param = Param::number(
    "speed",
    "Speed of a machine, against a usual one",
    "%",
    100.0,
    (1.0, 1_000.0),
);
pub const PING: Param = Param::millis(
    "ping",
    "The coordinator pings every",
    1_000.0,
    (10.0, 60_000.0),
);
pub const PATIENCE: Param = Param::millis(
    "patience",
    "A silent worker counts as crashed after",
    3_000.0,
    (10.0, 600_000.0),
);
pub const EVERY: Param = Param::millis(
    "every",
    "A job begins by itself every (0 = off)",
    0.0,
    (0.0, 600_000.0),
);

pub const REASSIGN: Switch = Switch::on(
    "reassign",
    "The part of a silent worker is handed to another one",
);
pub const ONCE: Switch = Switch::on("once", "The result of each part is counted once").guards(
    &Guard::of("sum").in_scenario("many-parts").within(
        Budget {
            duplicates: 1,
            ..Budget::NONE
        },
        40,
    ),
);
pub const BACKUP: Switch = Switch::off(
    "backup",
    "Near the end, a free worker gets a backup copy of a late part",
);

const PRESETS: &[Preset] = &[
    Preset {
        name: "correct",
        title: "Lost parts are redone, each is counted once",
        ..Preset::BASE
    },
    Preset {
        name: "backup",
        title: "With backup copies of late parts",
        switches: &[("backup", true)],
        ..Preset::BASE
    },
    Preset {
        name: "nobody-redoes",
        title: "The part of a crashed worker is lost with it",
        switches: &[("reassign", false)],
        ..Preset::BASE
    },
    Preset {
        name: "counts-all",
        title: "Every result is counted, also the second one of a part",
        breaks: Some("sum: a part that two workers answer counts twice"),
        switches: &[("once", false)],
        // Workers are often taken for crashed, and their parts are computed twice.
        params: &[
            ("patience", "700"),
            ("ping", "300"),
            ("parts", "4"),
            ("every", "2000"),
        ],
        ..Preset::BASE
    },
];
