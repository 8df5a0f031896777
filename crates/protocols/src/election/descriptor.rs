//! The description of the activity's program: parameters, switches, presets.

use faultline_sim::descriptor::{Delivery, Preset, Protocol, RequestForm, Shelf, json};
use faultline_sim::network::{Latency, Link};
use faultline_sim::probe::{DROPPED, GAP, LEADERS, LIVE, MESSAGES, OK};
use faultline_sim::search::Budget;
use faultline_sim::settings::{Guard, Param, Switch};
use faultline_sim::standing::{Form, Standing};
use faultline_sim::time::Duration;

use super::invariants::{NO_OLD_LEADER, ONE_CROWN};
use super::writes::{HISTORIES, LOST};
use super::{Election, Request, figures, program, scenarios};
use crate::elections::{
    AGREEMENT, CLAIMS, CRASHED, ELECTIONS, NO_LOWER_LEADER, NODES, NOTICE, START, STARTER,
};
use crate::parts::kv::value;

const AS_WRITTEN: Preset = Preset {
    name: "as-written",
    title: "The curriculum's program",
    breaks: Some("leadership: elections multiply, and a split leaves two leaders"),
    delivery: Delivery::Nested,
    params: &[("timeout", "1000")],
    ..Preset::BASE
};

pub static PROTOCOL: Protocol = Protocol {
    id: "election",
    title: "Leader election (Activity 4)",
    shelf: Shelf::Activities,
    summary: "A node that is asked says yes and starts its own election. A node that gets no yes \
              leads.",
    reference: "Garcia-Molina 1982; Gifford 1979; Ongaro and Ousterhout 2014, §5.2",
    revision: 2,
    params: &[NODES, STARTER, CRASHED, DELAY, TIMEOUT, HEARTBEAT, SUSPECT],
    switches: &[
        GUARD,
        WAIT,
        DETECT,
        TERMS,
        TOP_FIRST,
        REFUSE_LOWER,
        MAJORITY,
    ],
    presets: &[
        AS_WRITTEN,
        Preset {
            name: "guarded",
            title: "The curriculum's program with a guard",
            switches: &[("guard", true)],
            ..AS_WRITTEN
        },
        Preset {
            name: "over-a-network",
            title: "The curriculum's program with messages instead of calls",
            breaks: Some("leadership: no node waits for an answer, so every starter leads"),
            delivery: Delivery::Network,
            ..AS_WRITTEN
        },
        Preset {
            name: "correct",
            title: "Over a network, with everything the activity asks for",
            switches: &[
                ("guard", true),
                ("wait", true),
                ("detect", true),
                ("terms", true),
                ("refuse-lower", true),
                ("majority", true),
            ],
            ..Preset::BASE
        },
    ],
    scenarios: scenarios::SCENARIOS,
    requests: &[START, NOTICE, WRITE, READ],
    probes: &[
        MESSAGES, ELECTIONS, CLAIMS, LEADERS, GAP, LOST, HISTORIES, OK, DROPPED, LIVE,
    ],
    invariants: &[AGREEMENT, ONE_CROWN, NO_LOWER_LEADER, NO_OLD_LEADER],
    link: Link::new(Latency::Uniform {
        min: Duration::millis(400),
        max: Duration::millis(600),
    }),
    standing: Standing::new(Form::Row),
    narrate: figures::narrate,
    counted: &["ELECTION", "OK", "LEADER", "CLAIM", "SUPPORT"],
    program: Some(&program::PROGRAM),
    ..Protocol::of::<Election>()
};

const WRITE: RequestForm = RequestForm::new("Write a value at this leader", || {
    json(Request::Write("red".into()))
})
.varied(|_, number| json(Request::Write(value(number))));

const READ: RequestForm =
    RequestForm::new("Read all values at this leader", || json(Request::Read));

pub const DELAY: Param = Param::millis(
    "delay",
    "Delay before a node starts its own election",
    100.0,
    (0.0, 60_000.0),
);
pub const TIMEOUT: Param =
    Param::millis("timeout", "Timeout for a yes", 1_500.0, (1.0, 3_600_000.0));
pub const HEARTBEAT: Param =
    Param::millis("heartbeat", "Heartbeat every", 1_000.0, (1.0, 3_600_000.0));
pub const SUSPECT: Param = Param::millis(
    "suspect",
    "Leader presumed dead after",
    4_000.0,
    (1.0, 3_600_000.0),
);

pub const GUARD: Switch = Switch::off("guard", "A node joins each election only once (guard)");
pub const WAIT: Switch = Switch::off(
    "wait",
    "A node waits for answers and for the announcement, and retries if none comes",
);
pub const DETECT: Switch = Switch::off(
    "detect",
    "The leader sends heartbeats, and a node that misses them starts an election",
);
pub const TERMS: Switch = Switch::off(
    "terms",
    "Elections are numbered (terms), and old announcements are ignored",
)
.guards(
    &Guard::of("no-old-leader")
        .in_scenario("crowned-four-times")
        .within(
            Budget {
                partitions: 1,
                ..Budget::NONE
            },
            40,
        ),
);
pub const TOP_FIRST: Switch = Switch::off(
    "ask-highest-first",
    "A node asks the highest node first, the next one only if there is no answer",
);
pub const REFUSE_LOWER: Switch = Switch::off(
    "refuse-lower",
    "A node never follows a lower node and starts an election instead",
)
.guards(
    &Guard::of("no-lower-leader")
        .in_scenario("all-start")
        .within(
            Budget {
                crashes: 1,
                ..Budget::NONE
            },
            40,
        ),
);
pub const MAJORITY: Switch = Switch::off(
    "majority",
    "A node leads only with the support of a majority",
)
.guards(
    &Guard::of("one-crown")
        .in_scenario("crowned-four-times")
        .within(
            Budget {
                partitions: 1,
                ..Budget::NONE
            },
            40,
        ),
);
