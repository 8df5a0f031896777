//! The description of the election on a ring: parameters, switches, presets.

use faultline_sim::descriptor::{Preset, Protocol, Shelf};
use faultline_sim::network::{Latency, Link};
use faultline_sim::probe::{Count, DROPPED, GAP, LEADERS, LIVE, Look, MESSAGES, ProbeSpec};
use faultline_sim::settings::{Guard, Param, Switch};
use faultline_sim::standing::{Form, Standing};
use faultline_sim::time::Duration;

use super::{RingElection, figures, marks, scenarios};
use crate::elections::{
    AGREEMENT, CLAIMS, CRASHED, ELECTIONS, NO_LOWER_LEADER, NODES, NOTICE, START, STARTER,
};

pub static PROTOCOL: Protocol = Protocol {
    id: "ring-election",
    title: "Election on a ring",
    shelf: Shelf::Consensus,
    summary: "Nodes pass numbers around a ring. Smaller numbers are discarded, and the largest \
              comes back to its owner, who leads.",
    reference: "Chang and Roberts 1979, CACM 22(5); Coulouris et al. §15.3",
    params: &[NODES, STARTER, ORDER, CRASHED, CONFIRM, HEARTBEAT, SUSPECT],
    switches: &[COMPARE, RECEIPTS, DETECT, REFUSE_LOWER],
    presets: &[
        Preset {
            name: "as-published",
            title: "Chang and Roberts: no message is lost, no node crashes",
            breaks: Some("agreement, when a node crashes or joins"),
            ..Preset::BASE
        },
        Preset {
            name: "correct",
            title: "With acknowledgements, heartbeats and no lower leader",
            switches: &[("receipts", true), ("detect", true), ("refuse-lower", true)],
            ..Preset::BASE
        },
        Preset {
            name: "no-compare",
            title: "Every number goes all the way round",
            breaks: Some("leadership of the highest node: any node that starts wins"),
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
    standing: Standing::new(Form::Ring).linked(figures::neighbours),
    narrate: figures::narrate,
    counted: &["ELECTION", "ELECTED"],
    ..Protocol::of::<RingElection>()
};

pub const ORDER: Param = Param::nodes("order", "Order on the ring (the rest by number)", "");
pub const CONFIRM: Param = Param::millis(
    "confirm",
    "Timeout for an acknowledgement",
    1_500.0,
    (1.0, 3_600_000.0),
);
pub const HEARTBEAT: Param =
    Param::millis("heartbeat", "Heartbeat every", 4_000.0, (1.0, 3_600_000.0));
pub const SUSPECT: Param = Param::millis(
    "suspect",
    "Leader presumed dead after",
    12_000.0,
    (1.0, 3_600_000.0),
);

pub const COMPARE: Switch = Switch::on("compare", "A node passes on only the larger number")
    .guards(
        &Guard::of("no-lower-leader")
            .in_scenario("one-round")
            .under("as-published"),
    );
pub const RECEIPTS: Switch = Switch::off(
    "receipts",
    "Messages are acknowledged, and a neighbour that does not answer is skipped",
);
pub const DETECT: Switch = Switch::off(
    "detect",
    "The leader sends heartbeats round, and a node that misses them starts an election",
);
pub const REFUSE_LOWER: Switch = Switch::off(
    "refuse-lower",
    "A node never follows a lower node and starts an election instead",
)
.guards(&Guard::of("no-lower-leader").in_scenario("kill-the-leader"));

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
    title: "Numbers discarded by a node with a larger one",
    unit: "numbers",
    make: || Count::marks(&marks::SWALLOWS),
};
