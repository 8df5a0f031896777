//! What three-phase commit tells about itself.

use faultline_sim::cost::{Formula, Of};
use faultline_sim::descriptor::{Preset, Protocol, RequestForm, Shelf, json};
use faultline_sim::search::Budget;
use faultline_sim::settings::{Guard, Param, Settings, Switch};
use faultline_sim::standing::{Form, Standing};

use super::{Node, Request, captions, invariants, probes, scenarios};
use crate::parts::bank;

pub static PROTOCOL: Protocol = Protocol {
    id: "three-phase-commit",
    title: "Three-phase commit",
    shelf: Shelf::Transactions,
    summary: "All or nothing like two-phase commit, with one more phase: when nodes crash, those that run go on \
              without them.",
    reference: "Skeen, SIGMOD 1981; Bernstein, Hadzilacos and Goodman 1987, 7.5",
    params: &[PARTICIPANTS, ANSWERS, SILENCE, RETRY, GAP, EVERY],
    switches: &[PRE_COMMIT, ASK_STATES, REMEMBER, QUORUM, FINAL_ACKS],
    presets: PRESETS,
    scenarios: scenarios::SCENARIOS,
    requests: &[
        bank::REQUESTS[0],
        bank::REQUESTS[1],
        RequestForm::new("Pay money in at one bank", || {
            json(Request::Deposit { amount: 10 })
        })
        .of_role("participant"),
    ],
    probes: probes::PROBES,
    formulas: &[
        Formula {
            request: "transfer",
            of: Of::Messages,
            letters: "5p",
            convention: CONVENTION,
            value: |settings| Some(each(settings) * 2.0),
        },
        Formula {
            request: "share",
            of: Of::Messages,
            letters: "5p",
            convention: CONVENTION,
            value: |settings| Some(each(settings) * f64::from(settings.count(&PARTICIPANTS))),
        },
    ],
    invariants: invariants::INVARIANTS,
    sized_by: "participants",
    nodes: |settings| 1 + settings.count(&PARTICIPANTS),
    standing: Standing::new(Form::Star),
    narrate: captions::narrate,
    total: invariants::total,
    unsupported_faults: UNSUPPORTED,
    counted: &[
        "CanCommit",
        "Vote",
        "PreCommit",
        "Ack",
        "DoCommit",
        "HaveCommitted",
    ],
    ..Protocol::of::<Node>()
};

const CONVENTION: &str = "p participants that take part (2 banks in a transfer), the coordinator apart from them: \
                          question, vote, pre-commit, acknowledgement, decision; 6p if banks acknowledge the \
                          decision, too.";

/// Messages of each participant.
fn each(settings: &Settings) -> f64 {
    if settings.switch(&FINAL_ACKS) {
        6.0
    } else {
        5.0
    }
}

/// Silence is taken for a crash, so nothing may be lost or late between two nodes that run.
pub const UNSUPPORTED: &[&str] = &[
    "lie",
    "partition",
    "oneway",
    "cut",
    "drop",
    "loss",
    "pause",
    "delay",
    "hold",
    "reorder",
    "slow",
    "latency",
    "bandwidth",
    "disk",
    "drift",
    "fire",
    "align",
    "spread",
];

pub const PARTICIPANTS: Param = Param::number(
    "participants",
    "Participants (banks)",
    "nodes",
    3.0,
    (1.0, 49.0),
)
.at_start();
pub const ANSWERS: Param = Param::millis(
    "answers",
    "The node that leads a transaction waits for answers",
    2_000.0,
    (1.0, 600_000.0),
);
pub const SILENCE: Param = Param::millis(
    "silence",
    "A participant that hears nothing asks one to take over after",
    3_000.0,
    (1.0, 600_000.0),
);
pub const RETRY: Param = Param::millis(
    "retry",
    "A node that was down asks again every",
    2_000.0,
    (1.0, 600_000.0),
);
pub const GAP: Param = Param::millis(
    "gap",
    "Time between two messages of a node to several",
    50.0,
    (0.0, 10_000.0),
);
pub const EVERY: Param = Param::millis(
    "every",
    "Time between random transfers (0 = off)",
    0.0,
    (0.0, 600_000.0),
);

/// Crashes, and no other fault.
const fn crashes(crashes: u32) -> Budget {
    Budget {
        crashes,
        ..Budget::NONE
    }
}

pub const PRE_COMMIT: Switch = Switch::on(
    "pre-commit",
    "All learn that all agreed before anyone commits",
)
.guards(
    &Guard::of("crash-safe")
        .in_scenario("one-knows-more")
        .within(crashes(1), 300),
);
pub const ASK_STATES: Switch = Switch::on(
    "ask-states",
    "One that hears nothing asks for the states of the others",
)
.guards(
    &Guard::of("crash-safe")
        .in_scenario("all-agree")
        .within(crashes(1), 100),
);
pub const REMEMBER: Switch = Switch::on("remember", "A participant writes its state to disk")
    .guards(
        &Guard::of("crash-safe")
            .in_scenario("all-agree")
            .within(crashes(1), 100),
    );
pub const QUORUM: Switch = Switch::off(
    "quorum",
    "A side decides only with a majority of the participants",
);
pub const FINAL_ACKS: Switch = Switch::off("final-acks", "Participants acknowledge the commit");

/// Random transfers show what a broken rule leads to.
const BUSY: &[(&str, &str)] = &[("every", "1500")];

const PRESETS: &[Preset] = &[
    Preset {
        name: "correct",
        title: "Three-phase commit",
        ..Preset::BASE
    },
    Preset {
        name: "quorum",
        title: "Only a majority decides",
        switches: &[("quorum", true)],
        ..Preset::BASE
    },
    Preset {
        name: "two-phases",
        title: "No pre-commit: only two phases",
        breaks: Some("all or nothing: the coordinator commits and crashes, and the others abort"),
        switches: &[("pre-commit", false)],
        params: BUSY,
        ..Preset::BASE
    },
    Preset {
        name: "own-state",
        title: "One that hears nothing decides from its own state",
        breaks: Some(
            "all or nothing: one is uncertain and aborts, and another knows more and commits",
        ),
        switches: &[("ask-states", false)],
        params: BUSY,
        ..Preset::BASE
    },
    Preset {
        name: "forgets-state",
        title: "A participant's state is not written to disk",
        breaks: Some("all or nothing: a participant crashes and forgets what it promised"),
        switches: &[("remember", false)],
        params: BUSY,
        ..Preset::BASE
    },
];
