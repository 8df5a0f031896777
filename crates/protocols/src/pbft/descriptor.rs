//! What PBFT tells about itself: parameters, rules, presets.

use faultline_sim::cost::{Formula, Of};
use faultline_sim::descriptor::{Preset, Protocol, Shelf};
use faultline_sim::process::NodeId;
use faultline_sim::search::Budget;
use faultline_sim::settings::{Guard, Param, Switch};
use faultline_sim::standing::{Form, Standing};
use faultline_sim::world::World;

use super::{Node, captions, invariants, is_replica, probes, scenarios};
use crate::parts::kv;

pub static PROTOCOL: Protocol = Protocol {
    id: "pbft",
    title: "PBFT: some nodes lie",
    shelf: Shelf::Consensus,
    summary: "Replicas execute the same requests in the same order, although fewer than a third of them lie.",
    reference: "Castro and Liskov, OSDI 1999 and ACM TOCS 2002",
    params: &[
        NODES, CLIENTS, PATIENCE, RETRY, TRIES, INTERVAL, EVERY, ASKS, READS, KEYS,
    ],
    switches: &[
        QUORUM,
        DIGEST,
        NUMBER_ONCE,
        CERTIFICATES,
        WATERMARKS,
        REPLIES,
        SIGNATURE,
        ONCE,
    ],
    presets: PRESETS,
    scenarios: scenarios::SCENARIOS,
    requests: &[
        kv::REQUESTS[0].of_role("client"),
        kv::REQUESTS[1].of_role("client"),
        kv::REQUESTS[2].of_role("client"),
    ],
    probes: probes::PROBES,
    formulas: &[
        Formula {
            request: "write",
            of: Of::Messages,
            letters: "2n(n − 1) + n + 1",
            convention: "n replicas without a fault, which send nothing to themselves: the request, n − 1 pre-prepares, \
                         (n − 1)² prepares, n(n − 1) commits, n replies. A checkpoint adds n(n − 1) now and then.",
            value: |settings| {
                let n = f64::from(settings.count(&NODES));
                Some(2.0 * n * (n - 1.0) + n + 1.0)
            },
        },
        Formula {
            request: "write",
            of: Of::Delays,
            letters: "5",
            convention: "Request, pre-prepare, prepare, commit, reply: one after another.",
            value: |_| Some(5.0),
        },
    ],
    invariants: invariants::INVARIANTS,
    standing: Standing::new(Form::Circle).linked(linked),
    narrate: captions::narrate,
    forges: true,
    counted: &["PRE-PREPARE", "PREPARE", "COMMIT", "REPLY"],
    ..Protocol::of::<Node>()
};

/// Clients talk with replicas, not with each other.
fn linked(world: &World, a: NodeId, b: NodeId) -> bool {
    is_replica(world.settings(), a) || is_replica(world.settings(), b)
}

pub const NODES: Param =
    Param::number("nodes", "Replicas", "replicas", 4.0, (1.0, 16.0)).at_start();
pub const CLIENTS: Param =
    Param::number("clients", "Clients", "nodes", 1.0, (0.0, 10.0)).at_start();
pub const PATIENCE: Param = Param::millis(
    "patience",
    "A replica waits for a request to run before it wants a new primary (doubles each time)",
    4_000.0,
    (10.0, 600_000.0),
);
pub const RETRY: Param = Param::millis(
    "retry",
    "Timeout before a client asks all replicas (later ones grow)",
    4_000.0,
    (10.0, 600_000.0),
);
pub const TRIES: Param = Param::number(
    "tries",
    "Tries before a client gives up",
    "tries",
    10.0,
    (1.0, 1_000.0),
);
pub const INTERVAL: Param = Param::number(
    "interval",
    "Numbers between two checkpoints (the window is twice that)",
    "numbers",
    8.0,
    (1.0, 1_000.0),
)
.at_start();
pub const EVERY: Param = Param::millis(
    "every",
    "A client acts every (0 = off)",
    0.0,
    (0.0, 60_000.0),
);
pub const ASKS: Param = Param::number(
    "asks",
    "Requests that a client makes on its own at most (0 = no limit)",
    "requests",
    0.0,
    (0.0, 1_000_000.0),
);
pub const READS: Param = Param::number(
    "reads",
    "Reads among what a client does",
    "%",
    0.0,
    (0.0, 100.0),
);
pub const KEYS: Param = Param::number("keys", "Keys that clients use", "keys", 1.0, (1.0, 100.0));

pub const QUORUM: Switch = Switch::on(
    "quorum",
    "A quorum is so large that two of them share an honest replica",
)
.guards(&Guard::of("agreement").in_scenario("two-stories"));
pub const DIGEST: Switch = Switch::on("digest", "Only votes for the same digest count together")
    .guards(&Guard::of("agreement").in_scenario("two-stories"));
pub const NUMBER_ONCE: Switch = Switch::on(
    "number-once",
    "The primary gives each number once, and a backup takes one request for it",
)
.guards(&Guard::of("agreement").in_scenario("two-clients").within(
    Budget {
        delays: 4,
        ..Budget::NONE
    },
    200,
));
pub const CERTIFICATES: Switch = Switch::on(
    "certificates",
    "A view change shows which requests have prepared",
)
.guards(&Guard::of("agreement").in_scenario("carried-over"));
pub const WATERMARKS: Switch = Switch::on(
    "watermarks",
    "Numbers must lie between the low and the high watermark",
)
.guards(&Guard::of("bounded").in_scenario("window-full"));
pub const REPLIES: Switch = Switch::on(
    "replies",
    "A client waits for one more equal answer than replicas may lie",
)
.guards(&Guard::of("linearizable").in_scenario("wrong-answer"));
pub const SIGNATURE: Switch = Switch::on(
    "signature",
    "Replicas refuse a request that its client did not sign",
)
.guards(&Guard::of("validity").in_scenario("made-up"));
pub const ONCE: Switch = Switch::on("once", "A request that has run does not run again")
    .guards(&Guard::of("once").in_scenario("answers-lost"));

const PRESETS: &[Preset] = &[
    Preset {
        name: "correct",
        title: "PBFT as in the paper",
        ..Preset::BASE
    },
    Preset {
        name: "small-quorum",
        title: "A quorum is only one more than replicas may lie",
        breaks: Some("agreement: two quorums share nobody who is honest"),
        switches: &[("quorum", false)],
        ..Preset::BASE
    },
    Preset {
        name: "any-digest",
        title: "Replicas do not compare digests",
        breaks: Some("agreement: votes for one request count for another"),
        switches: &[("digest", false)],
        ..Preset::BASE
    },
    Preset {
        name: "same-number",
        title: "One number may be given to several requests",
        breaks: Some("agreement: each replica executes what came last"),
        switches: &[("number-once", false)],
        ..Preset::BASE
    },
    Preset {
        name: "no-proofs",
        title: "A view change shows nothing",
        breaks: Some("agreement: the new primary gives a used number away again"),
        switches: &[("certificates", false)],
        ..Preset::BASE
    },
    Preset {
        name: "no-watermarks",
        title: "The primary may use any number",
        breaks: Some("bounded: logs grow without checkpoints"),
        switches: &[("watermarks", false)],
        ..Preset::BASE
    },
    Preset {
        name: "first-answer",
        title: "A client believes the first answer",
        breaks: Some("linearizable: a liar answers first"),
        switches: &[("replies", false)],
        ..Preset::BASE
    },
    Preset {
        name: "no-signatures",
        title: "Replicas do not check who made a request",
        breaks: Some("validity: the primary makes up a request"),
        switches: &[("signature", false)],
        ..Preset::BASE
    },
    Preset {
        name: "runs-twice",
        title: "A request that a client repeats runs again",
        breaks: Some("once: an answer was lost, not the request"),
        switches: &[("once", false)],
        ..Preset::BASE
    },
];
