//! The description of primary and backups: parameters, rules, presets.

use faultline_sim::cost::{Formula, Of};
use faultline_sim::descriptor::{Preset, Protocol, Shelf};
use faultline_sim::invariant;
use faultline_sim::judge::{LINEARIZABLE, STALE, VIOLATIONS};
use faultline_sim::network::{Latency, Link};
use faultline_sim::probe;
use faultline_sim::probe::{DROPPED, LIVE, MEAN, MESSAGES, OK, P95};
use faultline_sim::process::NodeId;
use faultline_sim::search::Budget;
use faultline_sim::settings::{Guard, Param, Settings, Switch};
use faultline_sim::standing::{Form, Standing};
use faultline_sim::time::Duration;
use faultline_sim::world::World;

use super::{Member, figures, is_client, monitors, scenarios};
use crate::parts::kv;

pub static PROTOCOL: Protocol = Protocol {
    id: "primary-backup",
    title: "Primary and backups",
    shelf: Shelf::FaultTolerance,
    summary: "One server works, others hold a copy, and a view service says who is who.",
    reference: "Alsberg and Day, ICSE 1976; Budhiraja, Marzullo, Schneider and Toueg 1993; Oki and \
                Liskov, PODC 1988",
    params: &[
        NODES, BACKUPS, CLIENTS, PING, DEAD, RETRY, TRIES, EVERY, READS, KEYS,
    ],
    switches: &[
        WAIT,
        CHECK_VIEW,
        TRANSFER,
        COMPLETE,
        CONFIRM_READS,
        APPLY_ONCE,
    ],
    presets: PRESETS,
    scenarios: scenarios::SCENARIOS,
    requests: kv::REQUESTS,
    probes: &[
        probe!("lost", "Confirmed writes that are lost", "writes", new monitors::Lost),
        probe!("unserved", "Time without a primary that answers", "s", during monitors::unserved),
        MEAN,
        P95,
        OK,
        STALE,
        VIOLATIONS,
        probe!("primaries", "Servers that think they are the primary", "servers",
            look monitors::primaries),
        probe!("view", "Number of the view", "views", look monitors::view),
        MESSAGES,
        DROPPED,
        LIVE,
    ],
    formulas: &[
        formula(Of::Messages, "2b + 2", |settings| {
            settings
                .switch(&WAIT)
                .then(|| f64::from(2 * settings.count(&BACKUPS) + 2))
        }),
        formula(Of::Delays, "4", |settings| {
            settings.switch(&WAIT).then_some(4.0)
        }),
    ],
    invariants: &[
        invariant!(always "no-lost-write", "A primary that begins to answer has every confirmed write",
            new monitors::NoLostWrite),
        LINEARIZABLE,
        invariant!(eventually "served", "Eventually a primary answers, if a server with the state runs",
            monitors::served),
    ],
    link: Link::new(Latency::Uniform {
        min: Duration::millis(20),
        max: Duration::millis(30),
    }),
    nodes: |settings| 1 + settings.count(&NODES) + settings.count(&CLIENTS),
    standing: Standing::new(Form::Layers).linked(linked),
    narrate: figures::narrate,
    unsupported_faults: &["lie"],
    aligns: Some("Ping"),
    ..Protocol::of::<Member>()
};

const fn formula(of: Of, letters: &'static str, value: fn(&Settings) -> Option<f64>) -> Formula {
    Formula {
        request: "write",
        of,
        letters,
        convention: "b backups, and a client that knows the primary: its request, to each backup and back, \
                     the answer. Pings do not count.",
        value,
    }
}

/// Clients talk with servers and the view service, not with each other.
fn linked(world: &World, a: NodeId, b: NodeId) -> bool {
    !(is_client(world.settings(), a) && is_client(world.settings(), b))
}

pub const NODES: Param = Param::number("nodes", "Servers", "servers", 3.0, (1.0, 9.0)).at_start();
pub const BACKUPS: Param =
    Param::number("backups", "Backups in a view", "servers", 1.0, (0.0, 8.0)).at_start();
pub const CLIENTS: Param =
    Param::number("clients", "Clients", "nodes", 1.0, (0.0, 10.0)).at_start();
pub const PING: Param = Param::millis("ping", "A server pings every", 100.0, (5.0, 60_000.0));
pub const DEAD: Param = Param::millis(
    "dead",
    "A server counts as down after a silence of",
    400.0,
    (10.0, 600_000.0),
);
pub const RETRY: Param = Param::millis(
    "retry",
    "Timeout before a client's first retry (later ones grow)",
    250.0,
    (10.0, 60_000.0),
);
pub const TRIES: Param = Param::number(
    "tries",
    "Tries before a client gives up",
    "tries",
    6.0,
    (1.0, 1_000.0),
);
pub const EVERY: Param = Param::millis(
    "every",
    "A client acts every (0 = off)",
    100.0,
    (0.0, 60_000.0),
);
pub const READS: Param = Param::number(
    "reads",
    "Reads among what a client does",
    "%",
    0.0,
    (0.0, 100.0),
);
pub const KEYS: Param = Param::number("keys", "Keys that clients use", "keys", 1.0, (1.0, 100.0));

pub const WAIT: Switch = Switch::on(
    "wait",
    "The primary answers when all its backups have the request (synchronous)",
)
.guards(&Guard::of("no-lost-write").in_scenario("answers-first"));
pub const CHECK_VIEW: Switch = Switch::on("check-view", "Servers refuse messages of an older view")
    .guards(&Guard::of("linearizable").in_scenario("two-primaries"));
pub const TRANSFER: Switch = Switch::on(
    "transfer",
    "A new backup gets the whole state before it counts",
)
.guards(&Guard::of("no-lost-write").in_scenario("spare-joins"));
pub const COMPLETE: Switch = Switch::on(
    "complete",
    "Only a server that has the whole state becomes the primary",
)
.guards(&Guard::of("no-lost-write").in_scenario("last-copy"));
pub const CONFIRM_READS: Switch =
    Switch::on("confirm-reads", "The backups must agree to reads as well")
        .guards(&Guard::of("linearizable").in_scenario("two-primaries"));
pub const APPLY_ONCE: Switch = Switch::on("apply-once", "A retried request is not executed again")
    .guards(
        &Guard::of("linearizable")
            .in_scenario("no-faults")
            .given(&[("every", "30"), ("reads", "60")])
            .within(
                Budget {
                    drops: 6,
                    ..Budget::NONE
                },
                60,
            ),
    );

const PRESETS: &[Preset] = &[
    Preset {
        name: "correct",
        title: "All rules",
        ..Preset::BASE
    },
    Preset {
        name: "asynchronous",
        title: "The primary answers at once and tells its backups later",
        breaks: Some("no-lost-write: what only the primary has is lost with it"),
        switches: &[("wait", false)],
        ..Preset::BASE
    },
    Preset {
        name: "split-brain",
        title: "Servers do not look at the number of the view",
        breaks: Some("linearizable: two primaries answer at the same time"),
        switches: &[("check-view", false)],
        ..Preset::BASE
    },
    Preset {
        name: "empty-backup",
        title: "A new backup counts at once, without the state",
        breaks: Some("no-lost-write: an empty backup takes over"),
        switches: &[("transfer", false)],
        ..Preset::BASE
    },
    Preset {
        name: "any-heir",
        title: "Any member of the view may become the primary",
        breaks: Some("no-lost-write: a server that waits for the state takes over"),
        switches: &[("complete", false)],
        ..Preset::BASE
    },
    Preset {
        name: "own-reads",
        title: "The primary answers reads alone",
        breaks: Some("linearizable: a primary that was replaced returns an old value"),
        switches: &[("confirm-reads", false)],
        ..Preset::BASE
    },
    Preset {
        name: "executes-twice",
        title: "A retried request is executed again",
        breaks: Some("linearizable: a write comes back after a later one"),
        switches: &[("apply-once", false)],
        ..Preset::BASE
    },
];
