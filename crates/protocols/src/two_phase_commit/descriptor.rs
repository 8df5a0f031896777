//! What two-phase commit tells about itself.

use faultline_sim::cost::{Formula, Of};
use faultline_sim::descriptor::{Preset, Protocol, Shelf};
use faultline_sim::process::NodeId;
use faultline_sim::search::Budget;
use faultline_sim::settings::{Guard, Param, Settings, Switch};
use faultline_sim::standing::{Form, Standing};
use faultline_sim::world::{WRITE_FIRST, World};

use super::{COORDINATOR, Node, captions, invariants, probes, scenarios};
use crate::parts::bank;

pub static PROTOCOL: Protocol = Protocol {
    id: "two-phase-commit",
    title: "Two-phase commit",
    shelf: Shelf::Transactions,
    summary: "A coordinator asks all participants whether they can commit, then tells all of them what \
              was decided: all or nothing.",
    reference: "Gray 1978; Bernstein, Hadzilacos and Goodman 1987, chapter 7; Mohan and Lindsay 1983",
    revision: 2,
    params: &[PARTICIPANTS, VOTES, UNCERTAIN, RETRY, EVERY],
    switches: &[
        ALL_VOTES,
        LOG_VOTE,
        WAIT,
        COOPERATIVE,
        ACKS,
        PRESUMED_ABORT,
        WRITE_FIRST.guards(&Guard::of("one-decision").in_scenario("busy-banks").within(
            Budget {
                delays: 1,
                ..Budget::NONE
            },
            100,
        )),
    ],
    presets: PRESETS,
    scenarios: scenarios::SCENARIOS,
    requests: &bank::REQUESTS,
    probes: probes::PROBES,
    formulas: &[
        formula("transfer", Of::Messages, "4p", |settings| {
            Some(each(settings) * 2.0)
        }),
        formula("transfer", Of::Delays, "2", |_| Some(2.0)),
        writes("transfer", |settings| disk_writes(settings, 2)),
        formula("share", Of::Messages, "4p", |settings| {
            Some(each(settings) * f64::from(settings.count(&PARTICIPANTS)))
        }),
        formula("share", Of::Delays, "2", |_| Some(2.0)),
        writes("share", |settings| {
            disk_writes(settings, settings.count(&PARTICIPANTS))
        }),
    ],
    invariants: invariants::INVARIANTS,
    sized_by: "participants",
    nodes: |settings| 1 + settings.count(&PARTICIPANTS),
    standing: Standing::new(Form::Star).linked(linked),
    narrate: captions::narrate,
    total: invariants::total,
    unsupported_faults: &["lie"],
    counted: &["Prepare", "Vote", "Commit", "Abort", "Ack"],
    ..Protocol::of::<Node>()
};

const fn formula(
    request: &'static str,
    of: Of,
    letters: &'static str,
    value: fn(&Settings) -> Option<f64>,
) -> Formula {
    Formula {
        request,
        of,
        letters,
        convention: "p participants that take part (2 banks in a transfer), the coordinator apart from them: \
                     prepare, vote, decision, acknowledgement; 3p without the last. The answer leaves when \
                     the decision stands.",
        value,
    }
}

const fn writes(request: &'static str, value: fn(&Settings) -> Option<f64>) -> Formula {
    Formula {
        convention: "Each participant writes its yes and the decision, the coordinator that it began and what it \
                     decided: 2p + 2. If no news means abort, it need not write that it began: 2p + 1.",
        ..formula(request, Of::Writes, "2p + 2", value)
    }
}

/// Of a commit between so many participants.
fn disk_writes(settings: &Settings, participants: u32) -> Option<f64> {
    let begun = u32::from(!settings.switch(&PRESUMED_ABORT));
    let each = if settings.switch(&LOG_VOTE) { 2 } else { 1 };
    Some(f64::from(each * participants + begun + 1))
}

/// Messages of each participant.
fn each(settings: &Settings) -> f64 {
    if settings.switch(&ACKS) { 4.0 } else { 3.0 }
}

/// The coordinator talks with all. Participants ask each other only to end what it began.
fn linked(world: &World, a: NodeId, b: NodeId) -> bool {
    a == COORDINATOR || b == COORDINATOR || world.settings().switch(&COOPERATIVE)
}

pub const PARTICIPANTS: Param = Param::number(
    "participants",
    "Participants (banks)",
    "nodes",
    3.0,
    (1.0, 49.0),
)
.at_start();
pub const VOTES: Param = Param::millis(
    "votes",
    "The coordinator waits for votes",
    2_000.0,
    (1.0, 600_000.0),
);
pub const UNCERTAIN: Param = Param::millis(
    "uncertain",
    "An uncertain participant waits before it asks",
    3_000.0,
    (1.0, 600_000.0),
);
pub const RETRY: Param = Param::millis(
    "retry",
    "The coordinator repeats an unacknowledged decision every",
    2_000.0,
    (1.0, 600_000.0),
);
pub const EVERY: Param = Param::millis(
    "every",
    "Time between random transfers (0 = off)",
    0.0,
    (0.0, 600_000.0),
);

pub const ALL_VOTES: Switch = Switch::on(
    "all-votes",
    "The coordinator commits only with a yes from all",
)
.guards(&Guard::of("unanimous").in_scenario("one-votes-no"));
pub const LOG_VOTE: Switch = Switch::on("log-vote", "A participant writes its yes to disk").guards(
    &Guard::of("money")
        .in_scenario("ask-each-other")
        .under("correct")
        .within(
            Budget {
                crashes: 1,
                ..Budget::NONE
            },
            40,
        ),
);
pub const WAIT: Switch = Switch::on(
    "wait",
    "A participant that voted yes waits for the decision",
)
.guards(&Guard::of("one-decision").in_scenario("decides-alone"));
pub const COOPERATIVE: Switch = Switch::off(
    "cooperative",
    "An uncertain participant also asks the other participants",
);
pub const ACKS: Switch = Switch::on("acks", "Participants acknowledge the decision");
pub const PRESUMED_ABORT: Switch = Switch::off(
    "presumed-abort",
    "No news means abort: aborts are neither logged nor acknowledged",
);

/// Random transfers show what a broken rule leads to.
const BUSY: &[(&str, &str)] = &[("every", "1500")];

const PRESETS: &[Preset] = &[
    Preset {
        name: "correct",
        title: "Two-phase commit",
        ..Preset::BASE
    },
    Preset {
        name: "cooperative",
        title: "Uncertain participants ask each other",
        switches: &[("cooperative", true)],
        ..Preset::BASE
    },
    Preset {
        name: "presumed-abort",
        title: "Presumed abort: cheaper aborts",
        switches: &[("presumed-abort", true)],
        ..Preset::BASE
    },
    Preset {
        name: "decides-alone",
        title: "An uncertain participant aborts alone",
        breaks: Some("all or nothing: one aborts what the others commit"),
        switches: &[("wait", false)],
        params: BUSY,
        ..Preset::BASE
    },
    Preset {
        name: "commits-early",
        title: "A majority of yes votes is enough",
        breaks: Some("all or nothing: a participant that voted no is overruled"),
        switches: &[("all-votes", false)],
        params: BUSY,
        ..Preset::BASE
    },
    Preset {
        name: "forgets-vote",
        title: "A yes is not written to disk",
        breaks: Some("money: a participant crashes and forgets what it promised"),
        switches: &[("log-vote", false)],
        params: BUSY,
        ..Preset::BASE
    },
];
