//! What proof of work tells about itself: parameters, rules, presets.

use faultline_sim::descriptor::{self, Preset, Protocol, RequestForm, Shelf, json};
use faultline_sim::process::NodeId;
use faultline_sim::search::Budget;
use faultline_sim::settings::{Guard, Param, Switch};
use faultline_sim::standing::{Form, Standing};

use super::{Miner, Request, captions, invariants, probes, scenarios};

pub static PROTOCOL: Protocol = Protocol {
    id: "pow",
    title: "Proof of work: a chain of blocks",
    shelf: Shelf::Consensus,
    summary: "Miners extend a chain of blocks by work that anybody can check, and follow the chain with the most \
              work.",
    reference: "Nakamoto, 2008",
    params: &[
        NODES,
        BITS,
        INTERVAL,
        RETARGET,
        CONFIRMATIONS,
        ATTACKER,
        SHARE,
        JITTER,
        EVERY,
    ],
    switches: &[CHECKS, COVERED, ONCE, HEAVIEST],
    presets: PRESETS,
    scenarios: scenarios::SCENARIOS,
    requests: &[
        RequestForm::new("Pay another node", || {
            let (to, amount) = (NodeId(3), 5);
            json(Request::Pay { to, amount })
        })
        .varied(|rng, _| {
            let (to, amount) = (NodeId(rng.between(1, 3) as u32), rng.between(1, 12));
            json(Request::Pay { to, amount })
        }),
        RequestForm::new("Write into a block that another node made it", || {
            let (height, by) = (1, NodeId(1));
            json(Request::Edit { height, by })
        })
        .varied(|rng, _| {
            let (height, by) = (rng.between(1, 2), NodeId(rng.between(1, 4) as u32));
            json(Request::Edit { height, by })
        }),
        RequestForm::new("Hash a text", || {
            let text = "abc".into();
            json(Request::Hash { text })
        }),
        RequestForm::new("Search a number that makes a hash begin with zeros", || {
            let (text, zeros) = ("block".into(), 3);
            json(Request::Search { text, zeros })
        }),
    ],
    probes: probes::PROBES,
    invariants: invariants::INVARIANTS,
    standing: Standing::new(Form::Circle),
    narrate: captions::narrate,
    forges: true,
    counted: &["BLOCK"],
    ..Protocol::of::<Miner>()
};

pub const NODES: Param = Param::number("nodes", "Miners", "nodes", 8.0, (1.0, 64.0)).at_start();
pub const BITS: Param = Param::number(
    "bits",
    "Zero bits that a hash must begin with at the start",
    "bits",
    8.0,
    (2.0, 12.0),
)
.at_start();
pub const INTERVAL: Param = Param::millis(
    "interval",
    "Mean time between two blocks at the start",
    5_000.0,
    (100.0, 600_000.0),
)
.at_start();
pub const RETARGET: Param = Param::number(
    "retarget",
    "The target changes every so many blocks (0 = never)",
    "blocks",
    0.0,
    (0.0, 2_016.0),
)
.shared();
pub const CONFIRMATIONS: Param = Param::number(
    "confirmations",
    "Confirmations before a payment counts",
    "blocks",
    3.0,
    (1.0, 100.0),
)
.shared();
pub const ATTACKER: Param = Param::choice(
    "attacker",
    "Node 1 attacks",
    &["none", "selfish", "double-spend"],
)
.at_start();
pub const SHARE: Param = Param::number(
    "share",
    "Hash power of node 1, of all (0 = the same as others)",
    "%",
    0.0,
    (0.0, 95.0),
)
.at_start();
pub const JITTER: Param = Param::number(
    descriptor::JITTER,
    "Messages take up to this much longer",
    "ms",
    0.0,
    (0.0, 60_000.0),
)
.at_start();
pub const EVERY: Param = Param::millis(
    "every",
    "A node pays another one every (0 = off)",
    0.0,
    (0.0, 600_000.0),
)
.at_start();

pub const CHECKS: Switch = Switch::on(
    "checks",
    "A node checks the hash and the work of every block",
)
.guards(&Guard::of("valid").in_scenario("no-work"));
pub const COVERED: Switch = Switch::on(
    "covered",
    "A block holds only payments that the payer has the money for",
)
.guards(&Guard::of("money").in_scenario("too-much"));
pub const ONCE: Switch = Switch::on("once", "A chain holds each payment only once")
    .guards(&Guard::of("once").in_scenario("late-payment"));
pub const HEAVIEST: Switch = Switch::on(
    "heaviest",
    "A miner moves to another chain if that has more work",
)
.guards(
    &Guard::of("heaviest")
        .in_scenario("slow-network")
        .within(Budget::NONE, 20),
);

const PRESETS: &[Preset] = &[
    Preset {
        name: "correct",
        title: "Proof of work as in the paper",
        ..Preset::BASE
    },
    Preset {
        name: "unchecked",
        title: "Nodes believe every block",
        breaks: Some("valid: a block without work, or changed by hand, is on a chain"),
        switches: &[("checks", false)],
        ..Preset::BASE
    },
    Preset {
        name: "overdraft",
        title: "Nobody looks whether a payer has the money",
        breaks: Some("money: an account is below zero"),
        switches: &[("covered", false)],
        params: &[("every", "1000")],
        ..Preset::BASE
    },
    Preset {
        name: "twice",
        title: "A payment that arrives late is put into a block again",
        breaks: Some("once: one payment stands in two blocks"),
        switches: &[("once", false)],
        params: &[("every", "1000")],
        ..Preset::BASE
    },
    Preset {
        name: "stubborn",
        title: "A miner never leaves its chain",
        breaks: Some("heaviest: a miner stays behind on a chain with less work"),
        switches: &[("heaviest", false)],
        ..Preset::BASE
    },
    Preset {
        name: "selfish",
        title: "Node 1 keeps its blocks secret to earn more",
        params: &[("attacker", "selfish"), ("share", "40")],
        ..Preset::BASE
    },
];
