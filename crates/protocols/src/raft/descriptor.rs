//! The description of Raft: parameters, switches, kinds of messages.

use faultline_sim::descriptor::{Protocol, RequestForm, Shelf, json};
use faultline_sim::network::{Latency, Link};
use faultline_sim::process::NodeId;
use faultline_sim::settings::{Param, Switch};
use faultline_sim::standing::{Form, Standing};
use faultline_sim::time::Duration;
use faultline_sim::world::{WRITE_FIRST, World};

use super::{Role, Server, captions, home_role, invariants, probes, scenarios};
use crate::parts::kv::Op;

pub static PROTOCOL: Protocol = Protocol {
    id: "raft",
    title: "Raft",
    shelf: Shelf::Consensus,
    summary: "One leader, one log: servers vote for a leader, and an entry on a majority of \
              servers is never lost.",
    reference: "Ongaro and Ousterhout, USENIX ATC 2014",
    revision: 4,
    params: &[
        NODES, CLIENTS, CRASHED, TIMEOUT, HEARTBEAT, RETRY, TRIES, EVERY, READS, COMPARES, KEYS,
        FIGURE,
    ],
    switches: &[
        VOTE_ONCE,
        LOG_CHECK,
        CURRENT_TERM,
        PERSIST_VOTE,
        WRITE_FIRST,
        PREV_CHECK,
        NO_OP,
        CONFIRM_READS,
        APPLY_ONCE,
    ],
    presets: scenarios::PRESETS,
    scenarios: scenarios::SCENARIOS,
    requests: &[
        RequestForm::new("Write a value", || {
            let (key, value) = ("x".into(), "1".into());
            json(Op::Write { key, value })
        }),
        RequestForm::new("Read a value", || json(Op::Read { key: "x".into() })),
        RequestForm::new("Write a value if it is what you expect", || {
            let (key, old, new) = ("x".into(), Some("1".into()), "2".into());
            json(Op::CompareAndSet { key, old, new })
        }),
    ],
    probes: probes::PROBES,
    invariants: invariants::INVARIANTS,
    link: Link::new(Latency::Uniform {
        min: Duration::millis(12),
        max: Duration::millis(24),
    }),
    standing: Standing::new(Form::Circle)
        .linked(linked)
        .by_majority("cannot elect"),
    narrate: captions::narrate,
    unsupported_faults: &["lie"],
    aligns: Some("ElectionTimeout"),
    ..Protocol::of::<Server>()
};

/// Clients talk with servers, not with each other.
fn linked(world: &World, a: NodeId, b: NodeId) -> bool {
    let client = |id| home_role(world.settings(), id) == Role::Client;
    !(client(a) && client(b))
}

pub const NODES: Param =
    Param::number("nodes", "Voting servers", "servers", 5.0, (1.0, 50.0)).at_start();
pub const CLIENTS: Param =
    Param::number("clients", "Clients", "nodes", 0.0, (0.0, 10.0)).at_start();
pub const CRASHED: Param = Param::nodes("crashed", "Nodes that are down at the start", "");
pub const TIMEOUT: Param = Param::millis(
    "timeout",
    "Election timeout (random, up to twice this)",
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
// With growing waits and the usual `retry`, four tries take 1.2 to 2.2 seconds.
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
pub const FIGURE: Param = Param::number(
    "figure",
    "Start with the logs of the paper's Figure 7 (0 = empty logs)",
    "7 or 0",
    0.0,
    (0.0, 7.0),
)
.only(&[0.0, 7.0])
.at_start();

pub const VOTE_ONCE: Switch = Switch {
    name: "vote-once",
    title: "A server votes once per term",
    default: true,
};
pub const LOG_CHECK: Switch = Switch {
    name: "log-check",
    title: "A voter refuses a candidate whose log is behind its own",
    default: true,
};
pub const CURRENT_TERM: Switch = Switch {
    name: "current-term",
    title: "A leader counts copies only for entries of its own term",
    default: true,
};
pub const PERSIST_VOTE: Switch = Switch {
    name: "persist-vote",
    title: "A server remembers its vote after a crash",
    default: true,
};
pub const PREV_CHECK: Switch = Switch {
    name: "prev-check",
    title: "A follower refuses entries that do not fit its log",
    default: true,
};
pub const NO_OP: Switch = Switch {
    name: "no-op",
    title: "A new leader starts its term with an empty entry",
    default: true,
};
pub const CONFIRM_READS: Switch = Switch {
    name: "confirm-reads",
    title: "A leader confirms that it still leads before it answers a read",
    default: true,
};
pub const APPLY_ONCE: Switch = Switch {
    name: "apply-once",
    title: "A retried request is not executed again",
    default: true,
};
