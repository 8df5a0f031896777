//! The description of the activity's program: parameters, switches, presets.

use faultline_sim::descriptor::{Delivery, Preset, Protocol, RequestForm, Shelf, json};
use faultline_sim::invariant::{Check, Expectation, InvariantSpec};
use faultline_sim::network::{Latency, Link};
use faultline_sim::probe::{DROPPED, GAP, LEADERS, LIVE, MESSAGES, OK};
use faultline_sim::settings::{Param, Switch};
use faultline_sim::standing::{Form, Standing};
use faultline_sim::time::Duration;
use faultline_sim::world::World;

use super::writes::{HISTORIES, LOST};
use super::{Election, Request, figures, program, scenarios};
use crate::elections::{
    AGREEMENT, CLAIMS, CRASHED, ELECTIONS, NO_LOWER_LEADER, NODES, NOTICE, START, STARTER,
};

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
    requests: &[START, NOTICE, WRITE],
    probes: &[
        MESSAGES, ELECTIONS, CLAIMS, LEADERS, GAP, LOST, HISTORIES, OK, DROPPED, LIVE,
    ],
    invariants: &[AGREEMENT, ONE_CROWN, NO_LOWER_LEADER],
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
});

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

pub const GUARD: Switch = Switch {
    name: "guard",
    title: "A node joins each election only once (guard)",
    default: false,
};
pub const WAIT: Switch = Switch {
    name: "wait",
    title: "A node waits for answers and for the announcement, and retries if none comes",
    default: false,
};
pub const DETECT: Switch = Switch {
    name: "detect",
    title: "The leader sends heartbeats, and a node that misses them starts an election",
    default: false,
};
pub const TERMS: Switch = Switch {
    name: "terms",
    title: "Elections are numbered (terms), and old announcements are ignored",
    default: false,
};
pub const TOP_FIRST: Switch = Switch {
    name: "ask-highest-first",
    title: "A node asks the highest node first, the next one only if there is no answer",
    default: false,
};
pub const REFUSE_LOWER: Switch = Switch {
    name: "refuse-lower",
    title: "A node never follows a lower node and starts an election instead",
    default: false,
};
pub const MAJORITY: Switch = Switch {
    name: "majority",
    title: "A node leads only with the support of a majority",
    default: false,
};

/// A split must not leave two leaders in one term.
const ONE_CROWN: InvariantSpec = InvariantSpec {
    name: "one-crown",
    title: "No two nodes lead in the same term at once",
    kind: Expectation::Always,
    breaks_under: None,
    make: || Box::new(Check(one_crown)),
};

fn one_crown(world: &World) -> Result<(), String> {
    let crowned = |id| {
        let node = world.node::<Election>(id)?;
        node.leads(id).then_some((id, node.crowned))
    };
    let crowns: Vec<_> = world.live().filter_map(crowned).collect();
    for (at, (one, term)) in crowns.iter().enumerate() {
        if let Some((other, _)) = crowns[..at].iter().find(|(_, other)| other == term) {
            return Err(format!("{other} and {one} both lead in term {term}"));
        }
    }
    Ok(())
}
