//! The description of Raft: parameters, switches, kinds of messages.

use faultline_sim::descriptor::{self, Protocol, Shelf};
use faultline_sim::network::{Latency, Link};
use faultline_sim::process::NodeId;
use faultline_sim::search::Budget;
use faultline_sim::settings::{Guard, Param, Settings, Switch};
use faultline_sim::standing::{Form, Standing};
use faultline_sim::time::Duration;
use faultline_sim::world::{WRITE_FIRST, World};

use super::{
    BATCH, CHANGE_AFTER_COMMIT, CHECK_QUORUM, COMPACT, LEASE_READS, LEDGER, MEMBERSHIP, MOST,
    PRE_VOTE, PREFER, Role, Server, VOTERS, beyond, captions, costs, home_role, invariants, probes,
    scenarios,
};
use crate::parts::kv;

pub static PROTOCOL: Protocol = Protocol {
    id: "raft",
    title: "Raft",
    shelf: Shelf::Consensus,
    summary: "One leader, one log: servers vote for a leader, and an entry on a majority of \
              servers is never lost.",
    reference: "Ongaro and Ousterhout, USENIX ATC 2014",
    revision: 5,
    params: &[
        NODES, CLIENTS, CRASHED, TIMEOUT, HEARTBEAT, RETRY, TRIES, EVERY, READS, COMPARES, KEYS,
        FIGURE, CASE, COMPACT, MEMBERSHIP, VOTERS, PREFER, MOST, BATCH,
    ],
    switches: &[
        VOTE_ONCE,
        LOG_CHECK,
        CURRENT_TERM,
        PERSIST_VOTE,
        WRITE_FIRST.guards(&Guard::of("election-safety").in_scenario("crash-in-mid-write")),
        PREV_CHECK,
        NO_OP,
        CONFIRM_READS,
        APPLY_ONCE,
        PRE_VOTE,
        CHECK_QUORUM,
        LEDGER,
        CHANGE_AFTER_COMMIT,
        LEASE_READS,
    ],
    presets: scenarios::PRESETS,
    scenarios: scenarios::SCENARIOS,
    requests: kv::REQUESTS,
    alike: equal_servers,
    probes: probes::PROBES,
    formulas: costs::FORMULAS,
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
pub const CASE: Param = Param::number(
    descriptor::CASE,
    "Case: which rule is off",
    "",
    1.0,
    (1.0, 9.0),
)
.at_start();

pub const VOTE_ONCE: Switch = Switch::on("vote-once", "A server votes once per term").guards(
    &Guard::of("election-safety")
        .in_scenario("kill-the-leader")
        .within(
            Budget {
                crashes: 1,
                ..Budget::NONE
            },
            20,
        ),
);
pub const LOG_CHECK: Switch = Switch::on(
    "log-check",
    "A voter refuses a candidate whose log is behind its own",
)
.guards(
    &Guard::of("leader-completeness")
        .in_scenario("kill-the-leader")
        .within(
            Budget {
                partitions: 1,
                ..Budget::NONE
            },
            40,
        ),
);
pub const CURRENT_TERM: Switch = Switch::on(
    "current-term",
    "A leader counts copies only for entries of its own term",
)
.guards(&Guard::of("state-machine-safety").in_scenario("figure-8"));
pub const PERSIST_VOTE: Switch =
    Switch::on("persist-vote", "A server remembers its vote after a crash")
        .guards(&Guard::of("election-safety").in_scenario("forgotten-vote"));
pub const PREV_CHECK: Switch = Switch::on(
    "prev-check",
    "A follower refuses entries that do not fit its log",
)
.guards(
    &Guard::of("log-matching")
        .in_scenario("leader-cut-off")
        .within(
            Budget {
                partitions: 1,
                ..Budget::NONE
            },
            20,
        ),
);
pub const NO_OP: Switch = Switch::on("no-op", "A new leader starts its term with an empty entry");
pub const CONFIRM_READS: Switch = Switch::on(
    "confirm-reads",
    "A leader confirms that it still leads before it answers a read",
)
.guards(&Guard::of("linearizable").in_scenario("leader-cut-off"));
pub const APPLY_ONCE: Switch = Switch::on("apply-once", "A retried request is not executed again")
    .guards(&Guard::of("at-most-once").in_scenario("leader-cut-off"));

/// All servers, unless clients draw one of them, or Figure 7 gives each another log.
fn equal_servers(settings: &Settings) -> Vec<NodeId> {
    match (settings.count(&CLIENTS), settings.count(&FIGURE)) {
        (0, 0) if beyond::is_fair(settings) => (1..=settings.count(&NODES)).map(NodeId).collect(),
        _ => Vec::new(),
    }
}
