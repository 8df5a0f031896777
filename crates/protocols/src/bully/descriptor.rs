//! What the bully algorithm tells about itself.

use faultline_sim::descriptor::{Delivery, Preset, Protocol, Shelf};
use faultline_sim::network::{Latency, Link};
use faultline_sim::probe::{DROPPED, GAP, LEADERS, LIVE, MESSAGES};
use faultline_sim::settings::{Param, Switch};
use faultline_sim::time::Duration;

use super::{Bully, figures, program, scenarios};
use crate::elections::{
    AGREEMENT, CLAIMS, CRASHED, ELECTIONS, NO_LOWER_LEADER, NODES, NOTICE, START, STARTER,
};

pub const TIMEOUT: Param = Param::millis("timeout", "Wait for an OK", 1_500.0, (1.0, 3_600_000.0));
pub const HEARTBEAT: Param = Param::millis(
    "heartbeat",
    "The leader shows that it lives every",
    1_000.0,
    (1.0, 3_600_000.0),
);
pub const SUSPECT: Param = Param::millis(
    "suspect",
    "Leader missed after",
    2_500.0,
    (1.0, 3_600_000.0),
);

pub const GUARD: Switch = Switch {
    name: "guard",
    title: "A node takes part once in an election (guard against re-entry)",
    default: false,
};
pub const WAIT: Switch = Switch {
    name: "wait",
    title: "After an OK, wait for the announcement and ask again if none comes",
    default: false,
};
pub const DETECT: Switch = Switch {
    name: "detect",
    title: "The leader sends heartbeats; who misses them starts an election",
    default: false,
};
pub const TERMS: Switch = Switch {
    name: "terms",
    title: "Elections are numbered, and old announcements are ignored (terms)",
    default: false,
};
pub const TOP_FIRST: Switch = Switch {
    name: "ask-highest-first",
    title: "Ask the highest node first, the next one only if it does not answer",
    default: false,
};
pub const LOWER_ONLY: Switch = Switch {
    name: "lower-only",
    title: "Announce to lower numbers only, never follow one (the textbook's COORDINATOR)",
    default: false,
};

/// The protocol.
pub static PROTOCOL: Protocol = Protocol {
    id: "bully",
    title: "Bully election",
    shelf: Shelf::Consensus,
    summary: "The live node with the highest number leads; whoever misses it starts an election.",
    reference: "Garcia-Molina 1982, IEEE Transactions on Computers C-31(1); Coulouris et al. §15.3",
    params: &[NODES, STARTER, CRASHED, TIMEOUT, HEARTBEAT, SUSPECT],
    switches: &[GUARD, WAIT, DETECT, TERMS, TOP_FIRST, LOWER_ONLY],
    presets: &[
        Preset {
            name: "as-written",
            title: "The curriculum's program",
            breaks: Some("termination, and multiplies elections"),
            delivery: Delivery::Nested,
            params: &[("timeout", "1000")],
            ..Preset::BASE
        },
        Preset {
            name: "guarded",
            title: "The curriculum's program with a guard",
            breaks: Some("termination"),
            delivery: Delivery::Nested,
            switches: &[("guard", true)],
            params: &[("timeout", "1000")],
        },
        Preset {
            name: "textbook",
            title: "Textbook, over a network",
            switches: &[("guard", true), ("wait", true), ("lower-only", true)],
            ..Preset::BASE
        },
        Preset {
            name: "self-healing",
            title: "Textbook with failure detection and terms",
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
    invariants: &[AGREEMENT, NO_LOWER_LEADER],
    link: Link::new(Latency::Uniform {
        min: Duration::millis(400),
        max: Duration::millis(600),
    }),
    narrate: figures::narrate,
    counted: &["ELECTION", "OK", "LEADER", "COORDINATOR"],
    program: Some(&program::PROGRAM),
    ..Protocol::of::<Bully>()
};
