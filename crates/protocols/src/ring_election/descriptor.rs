//! What the election on a ring tells about itself.

use faultline_sim::descriptor::{Preset, Protocol, Shelf};
use faultline_sim::network::{Latency, Link};
use faultline_sim::probe::{Count, DROPPED, GAP, LEADERS, LIVE, Look, MESSAGES, ProbeSpec};
use faultline_sim::settings::{Param, Switch};
use faultline_sim::time::Duration;

use super::{RingElection, figures, marks, scenarios};
use crate::elections::{
    AGREEMENT, CLAIMS, CRASHED, ELECTIONS, NO_LOWER_LEADER, NODES, NOTICE, START, STARTER,
};

pub static PROTOCOL: Protocol = Protocol {
    id: "ring-election",
    title: "Election on a ring",
    shelf: Shelf::Consensus,
    summary: "Numbers go round a ring; smaller ones are swallowed, and the largest comes back to its \
              owner, who leads.",
    reference: "Chang and Roberts 1979, CACM 22(5); Coulouris et al. §15.3",
    params: &[NODES, STARTER, ORDER, CRASHED, CONFIRM, HEARTBEAT, SUSPECT],
    switches: &[COMPARE, RECEIPTS, DETECT, REFUSE_LOWER],
    presets: &[
        Preset {
            name: "as-published",
            title: "Chang and Roberts: nothing is lost, nobody crashes",
            breaks: Some("agreement, when a node crashes or joins"),
            ..Preset::BASE
        },
        Preset {
            name: "correct",
            title: "With receipts, signs of life and no leader below oneself",
            switches: &[("receipts", true), ("detect", true), ("refuse-lower", true)],
            ..Preset::BASE
        },
        Preset {
            name: "no-compare",
            title: "Every number goes all the way round",
            breaks: Some("the highest number's right to lead: whoever starts wins"),
            switches: &[("compare", false)],
            ..Preset::BASE
        },
    ],
    scenarios: scenarios::SCENARIOS,
    requests: &[START, NOTICE],
    probes: &[
        MESSAGES,
        NUMBERS_PASSED,
        SWALLOWED,
        ELECTIONS,
        CLAIMS,
        LEADERS,
        GAP,
        DROPPED,
        LIVE,
    ],
    invariants: &[AGREEMENT, NO_LOWER_LEADER],
    link: Link::new(Latency::Uniform {
        min: Duration::millis(400),
        max: Duration::millis(600),
    }),
    narrate: figures::narrate,
    counted: &["ELECTION", "ELECTED"],
    ..Protocol::of::<RingElection>()
};

pub const ORDER: Param = Param::nodes("order", "Order on the ring (the rest by number)", "");
pub const CONFIRM: Param =
    Param::millis("confirm", "Wait for a receipt", 1_500.0, (1.0, 3_600_000.0));
pub const HEARTBEAT: Param = Param::millis(
    "heartbeat",
    "The leader shows that it lives every",
    4_000.0,
    (1.0, 3_600_000.0),
);
pub const SUSPECT: Param = Param::millis(
    "suspect",
    "Leader missed after",
    12_000.0,
    (1.0, 3_600_000.0),
);

pub const COMPARE: Switch = Switch {
    name: "compare",
    title: "Keep the larger number: a smaller one is replaced or swallowed",
    default: true,
};
pub const RECEIPTS: Switch = Switch {
    name: "receipts",
    title: "Messages are confirmed; a neighbour that does not confirm is passed over",
    default: false,
};
pub const DETECT: Switch = Switch {
    name: "detect",
    title: "The leader sends signs of life round; who misses them starts an election",
    default: false,
};
pub const REFUSE_LOWER: Switch = Switch {
    name: "refuse-lower",
    title: "Never follow a smaller number: start an election instead",
    default: false,
};

/// What the literature counts: without the lap of ELECTED.
const NUMBERS_PASSED: ProbeSpec = ProbeSpec {
    name: "election-messages",
    title: "ELECTION messages",
    unit: "messages",
    make: || {
        Box::new(Look(|world| {
            let sent = world.sent();
            Some(sent.get("ELECTION").copied().unwrap_or(0) as f64)
        }))
    },
};

const SWALLOWED: ProbeSpec = ProbeSpec {
    name: "swallowed",
    title: "Numbers swallowed by a larger one",
    unit: "numbers",
    make: || Count::marks(&marks::SWALLOWS),
};
