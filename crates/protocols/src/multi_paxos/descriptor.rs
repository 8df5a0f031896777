//! What Multi-Paxos tells about itself. Parameters that Raft has, too, have its names and values, so that
//! both can be compared.

use faultline_sim::cost::{Formula, Of};
use faultline_sim::descriptor::{Preset, Protocol, Shelf};
use faultline_sim::network::{Latency, Link};
use faultline_sim::process::NodeId;
use faultline_sim::settings::{Guard, Param, Settings, Switch};
use faultline_sim::standing::{Form, Standing};
use faultline_sim::time::Duration;
use faultline_sim::world::{WRITE_FIRST, World};

use super::membership::{Role, role_of};
use super::{Server, captions, invariants, probes, scenarios};
use crate::parts::kv;

pub static PROTOCOL: Protocol = Protocol {
    id: "multi-paxos",
    title: "Multi-Paxos",
    shelf: Shelf::Consensus,
    summary: "One leader asks for promises once, for a whole log. After that each command costs one \
              round trip to a majority.",
    reference: "Lamport 2001, section 3",
    params: &[
        NODES, CLIENTS, WINDOW, TIMEOUT, HEARTBEAT, RETRY, TRIES, EVERY, READS, COMPARES, KEYS,
    ],
    switches: &[
        ADOPT,
        PROMISE,
        KEEP_PROMISE,
        KEEP_ACCEPTED,
        WRITE_FIRST.guards(&Guard::of("agreement").in_scenario("crash-in-mid-write")),
        MAJORITY,
        UNIQUE,
        FILL_GAPS,
        CLIENT_VALUE,
        IN_ORDER,
        READ_SLOTS,
        APPLY_ONCE,
        BACKOFF,
    ],
    presets: PRESETS,
    scenarios: scenarios::SCENARIOS,
    requests: kv::REQUESTS,
    probes: probes::PROBES,
    formulas: &[
        formula("write", Of::Messages, "2(n − 1)", |settings| {
            Some(round(settings))
        }),
        formula("write", Of::Delays, "2", |settings| {
            Some(2.0 + client(settings))
        }),
        Formula {
            convention: "Each of n acceptors has a proposal on its disk before it says that it has accepted it.",
            ..formula("write", Of::Writes, "n", |settings| {
                Some(f64::from(settings.count(&NODES)))
            })
        },
    ],
    invariants: invariants::INVARIANTS,
    link: Link::new(Latency::Uniform {
        min: Duration::millis(12),
        max: Duration::millis(24),
    }),
    standing: Standing::new(Form::Circle)
        .linked(linked)
        .by_majority("cannot choose"),
    narrate: captions::narrate,
    unsupported_faults: &["lie"],
    aligns: Some("ElectionTimeout"),
    counted: &["Prepare", "Promise", "Accept", "Accepted"],
    ..Protocol::of::<Server>()
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
        convention: "n servers, asked at a leader that has its promises and sends nothing to itself: phase 2 only. \
                     All answers count, heartbeats do not. A client on a node of its own adds its request and the \
                     answer: 2 messages and 2 delays.",
        value,
    }
}

/// Phase 2: to each other server and back.
fn round(settings: &Settings) -> f64 {
    f64::from(2 * settings.count(&NODES).saturating_sub(1)) + client(settings)
}

fn client(settings: &Settings) -> f64 {
    if settings.count(&CLIENTS) > 0 {
        2.0
    } else {
        0.0
    }
}

/// Clients talk with servers, not with each other.
fn linked(world: &World, a: NodeId, b: NodeId) -> bool {
    let client = |id| role_of(world.settings(), id) == Role::Client;
    !(client(a) && client(b))
}

pub const NODES: Param = Param::number("nodes", "Servers", "servers", 5.0, (3.0, 25.0)).at_start();
pub const CLIENTS: Param =
    Param::number("clients", "Clients", "nodes", 0.0, (0.0, 10.0)).at_start();
pub const WINDOW: Param = Param::number(
    "window",
    "Slots that a leader may propose ahead (alpha)",
    "slots",
    4.0,
    (1.0, 100.0),
);
pub const TIMEOUT: Param = Param::millis(
    "timeout",
    "Leader presumed dead after (random, up to twice this)",
    150.0,
    (10.0, 60_000.0),
);
pub const HEARTBEAT: Param = Param::millis("heartbeat", "Heartbeat every", 60.0, (5.0, 60_000.0));
pub const RETRY: Param = Param::millis(
    "retry",
    "Timeout before a client's first retry (later ones grow)",
    200.0,
    (10.0, 60_000.0),
);
pub const TRIES: Param = Param::number(
    "tries",
    "Tries before a client gives up",
    "tries",
    4.0,
    (1.0, 1_000.0),
);
pub const EVERY: Param = Param::millis(
    "every",
    "A client acts every (0 = off)",
    0.0,
    (0.0, 60_000.0),
);
pub const READS: Param = Param::number(
    "reads",
    "Reads among what a client does",
    "%",
    0.0,
    (0.0, 100.0),
);
pub const COMPARES: Param = Param::number(
    "compares",
    "Compare-and-sets among what a client does",
    "%",
    0.0,
    (0.0, 100.0),
);
pub const KEYS: Param = Param::number("keys", "Keys that clients use", "keys", 1.0, (1.0, 100.0));

pub const ADOPT: Switch = Switch::on(
    "adopt",
    "A new leader takes over what promises report, slot by slot",
)
.guards(&Guard::of("agreement").in_scenario("half-done"));
pub const PROMISE: Switch = Switch::on(
    "promise",
    "A server refuses ballots below the one it promised",
)
.guards(&Guard::of("agreement").in_scenario("forgotten-promise"));
pub const KEEP_PROMISE: Switch = Switch::on(
    "keep-promise",
    "A server remembers its promise after a crash",
)
.guards(&Guard::of("agreement").in_scenario("forgotten-promise"));
pub const KEEP_ACCEPTED: Switch = Switch::on(
    "keep-accepted",
    "A server remembers after a crash what it has accepted",
)
.guards(&Guard::of("agreement").in_scenario("forgotten-slot"));
pub const MAJORITY: Switch = Switch::on("majority", "More than half of the servers must agree")
    .guards(&Guard::of("agreement").in_scenario("write-and-heal"));
pub const UNIQUE: Switch = Switch::on("unique-ballots", "No two servers ever use the same ballot")
    .guards(&Guard::of("one-proposer").in_scenario("backoff"));
pub const FILL_GAPS: Switch = Switch::on("fill-gaps", "A new leader fills gaps with no-ops");
pub const CLIENT_VALUE: Switch = Switch::on(
    "client-value",
    "Only a client's command or a no-op is proposed",
)
.guards(&Guard::of("validity").in_scenario("gap"));
pub const IN_ORDER: Switch = Switch::on(
    "in-order",
    "Commands are executed in the order of their slots",
)
.guards(&Guard::of("same-order").in_scenario("gap"));
pub const READ_SLOTS: Switch = Switch::on("read-slots", "A read takes a slot of the log, too")
    .guards(&Guard::of("linearizable").in_scenario("stale-read"));
pub const APPLY_ONCE: Switch = Switch::on("apply-once", "A retried request is not executed again")
    .guards(&Guard {
        params: &[("retry", "20")],
        ..Guard::of("at-most-once").in_scenario("steady")
    });
pub const BACKOFF: Switch = Switch::on(
    "backoff",
    "A server that was overtaken waits before it tries again",
);

const CORRECT: Preset = Preset {
    name: "correct",
    title: "Multi-Paxos as in the paper",
    ..Preset::BASE
};

const PRESETS: &[Preset] = &[
    CORRECT,
    Preset {
        name: "duelling",
        title: "Servers that were overtaken try again at once",
        switches: &[("backoff", false)],
        ..CORRECT
    },
    Preset {
        name: "leaves-gaps",
        title: "A new leader leaves gaps as they are",
        switches: &[("fill-gaps", false)],
        ..CORRECT
    },
    Preset {
        name: "own-commands",
        title: "A new leader ignores what promises report",
        breaks: Some("agreement: a slot that is chosen gets another value"),
        switches: &[("adopt", false)],
        ..CORRECT
    },
    Preset {
        name: "breaks-promise",
        title: "Servers accept lower ballots than they promised",
        breaks: Some("agreement: an old leader's slot is chosen, too"),
        switches: &[("promise", false)],
        ..CORRECT
    },
    Preset {
        name: "forgets-promise",
        title: "A server forgets its promise in a crash",
        breaks: Some("agreement: one slot is decided twice"),
        switches: &[("keep-promise", false)],
        ..CORRECT
    },
    Preset {
        name: "forgets-slots",
        title: "A server forgets in a crash what it has accepted",
        breaks: Some("agreement: a confirmed write is lost"),
        switches: &[("keep-accepted", false)],
        ..CORRECT
    },
    Preset {
        name: "answers-first",
        title: "Servers answer before their disk write is done",
        breaks: Some("agreement: a crash takes back what was told"),
        switches: &[("write-first", false)],
        ..CORRECT
    },
    Preset {
        name: "half-is-enough",
        title: "Less than a majority is enough",
        breaks: Some("agreement: two groups without a common server choose"),
        switches: &[("majority", false)],
        ..CORRECT
    },
    Preset {
        name: "same-ballots",
        title: "Two servers may use the same ballot",
        breaks: Some("one proposer: two servers lead the same ballot"),
        switches: &[("unique-ballots", false)],
        ..CORRECT
    },
    Preset {
        name: "makes-up",
        title: "A new leader fills gaps with something else than no-ops",
        breaks: Some("validity: a command is chosen that nobody asked for"),
        switches: &[("client-value", false)],
        ..CORRECT
    },
    Preset {
        name: "any-order",
        title: "Servers execute what is chosen at once",
        breaks: Some("same order: a command is executed before the slot in front of it"),
        switches: &[("in-order", false)],
        ..CORRECT
    },
    Preset {
        name: "reads-at-once",
        title: "A leader answers reads from its own memory",
        breaks: Some("linearizability: a leader that was replaced returns an old value"),
        switches: &[("read-slots", false)],
        ..CORRECT
    },
    Preset {
        name: "executes-twice",
        title: "A retried request is executed again",
        breaks: Some("at-most-once: a retry counts twice"),
        switches: &[("apply-once", false)],
        ..CORRECT
    },
];
