//! The description of the bully algorithm: parameters, switches, presets.

use faultline_sim::descriptor::{Delivery, Preset, Protocol, Shelf};
use faultline_sim::network::{Latency, Link};
use faultline_sim::probe::{DROPPED, GAP, LEADERS, LIVE, MESSAGES};
use faultline_sim::search::Budget;
use faultline_sim::settings::{Guard, Param, Switch};
use faultline_sim::standing::{Form, Standing};
use faultline_sim::time::Duration;

use super::one_leader::ONE_LEADER;
use super::{Bully, figures, program, scenarios};
use crate::elections::{
    AGREEMENT, CLAIMS, CRASHED, ELECTIONS, NO_LOWER_LEADER, NODES, NOTICE, START, STARTER,
};

pub const TIMEOUT: Param =
    Param::millis("timeout", "Timeout for an OK", 1_500.0, (1.0, 3_600_000.0));
pub const HEARTBEAT: Param =
    Param::millis("heartbeat", "Heartbeat every", 1_000.0, (1.0, 3_600_000.0));
pub const SUSPECT: Param = Param::millis(
    "suspect",
    "Leader presumed dead after",
    2_500.0,
    (1.0, 3_600_000.0),
);

pub const GUARD: Switch = Switch::off("guard", "A node joins each election only once (guard)");
pub const WAIT: Switch = Switch::off(
    "wait",
    "After an OK, a node waits for the announcement and retries if none comes",
);
pub const DETECT: Switch = Switch::off(
    "detect",
    "The leader sends heartbeats, and a node that misses them starts an election",
);
pub const TERMS: Switch = Switch::off(
    "terms",
    "Elections are numbered (terms), and old announcements are ignored",
);
pub const TOP_FIRST: Switch = Switch::off(
    "ask-highest-first",
    "A node asks the highest node first, the next one only if there is no answer",
);
pub const LOWER_ONLY: Switch = Switch::off(
    "lower-only",
    "A leader announces itself only to lower nodes, and no node follows a lower one \
            (COORDINATOR)",
)
.guards(
    &Guard::of("no-lower-leader")
        .in_scenario("one-election")
        .within(
            Budget {
                crashes: 1,
                ..Budget::NONE
            },
            40,
        ),
);

const AS_WRITTEN: Preset = Preset {
    name: "as-written",
    title: "The curriculum's program",
    breaks: Some("termination, and multiplies elections"),
    delivery: Delivery::Nested,
    params: &[("timeout", "1000")],
    ..Preset::BASE
};

/// The protocol.
pub static PROTOCOL: Protocol = Protocol {
    id: "bully",
    title: "Bully election",
    shelf: Shelf::Consensus,
    summary: "The live node with the highest number leads. A node that misses the leader starts \
              an election.",
    reference: "Garcia-Molina 1982, IEEE Transactions on Computers C-31(1); Coulouris et al. §15.3",
    revision: 2,
    params: &[NODES, STARTER, CRASHED, TIMEOUT, HEARTBEAT, SUSPECT],
    switches: &[GUARD, WAIT, DETECT, TERMS, TOP_FIRST, LOWER_ONLY],
    presets: &[
        AS_WRITTEN,
        Preset {
            name: "guarded",
            title: "The curriculum's program with a guard",
            breaks: Some("termination"),
            switches: &[("guard", true)],
            ..AS_WRITTEN
        },
        Preset {
            name: "textbook",
            title: "The textbook's algorithm, over a network",
            switches: &[("guard", true), ("wait", true), ("lower-only", true)],
            ..Preset::BASE
        },
        Preset {
            name: "self-healing",
            title: "The textbook's algorithm with failure detection and terms",
            switches: &[
                ("guard", true),
                ("wait", true),
                ("detect", true),
                ("terms", true),
                ("lower-only", true),
            ],
            ..Preset::BASE
        },
    ],
    scenarios: scenarios::SCENARIOS,
    requests: &[START, NOTICE],
    probes: &[MESSAGES, ELECTIONS, CLAIMS, LEADERS, GAP, DROPPED, LIVE],
    invariants: &[ONE_LEADER, AGREEMENT, NO_LOWER_LEADER],
    standing: Standing::new(Form::Row),
    link: Link::new(Latency::Uniform {
        min: Duration::millis(400),
        max: Duration::millis(600),
    }),
    narrate: figures::narrate,
    counted: &["ELECTION", "OK", "LEADER", "COORDINATOR"],
    program: Some(&program::PROGRAM),
    ..Protocol::of::<Bully>()
};
