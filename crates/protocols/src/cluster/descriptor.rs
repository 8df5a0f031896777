//! The description of the cluster: parameters, switches, kinds of messages.

use faultline_sim::descriptor::{Protocol, RequestForm, Shelf, json};
use faultline_sim::network::{Latency, Link};
use faultline_sim::process::NodeId;
use faultline_sim::search::Budget;
use faultline_sim::settings::{Guard, Param, Switch};
use faultline_sim::standing::{Form, Standing};
use faultline_sim::time::Duration;
use faultline_sim::world::World;

use super::{Member, Request, Role, captions, invariants, probes, role_of, scenarios};

pub static PROTOCOL: Protocol = Protocol {
    id: "cluster",
    title: "Hello, cluster",
    shelf: Shelf::Fundamentals,
    summary: "Servers send each other heartbeats. A client asks them, waits for a timeout and \
              retries.",
    reference: "Birrell and Nelson 1984; Saltzer, Reed and Clark 1984; Coulouris et al., 5.2",
    revision: 3,
    params: &[
        NODES, CLIENTS, CRASHED, HEARTBEAT, SUSPECT, FAIL, CHECK, TIMEOUT, RETRIES, EVERY, PAINT,
    ],
    switches: &[RETRY, REMEMBER, DECIDER],
    presets: scenarios::PRESETS,
    scenarios: scenarios::SCENARIOS,
    requests: &[
        RequestForm::new("Send a text to another node", || {
            let text = "hello".into();
            json(Request::Send {
                to: NodeId(2),
                text,
            })
        }),
        RequestForm::new("Ask a server to add to its counter", || {
            json(Request::Ask {
                to: NodeId(1),
                add: 1,
            })
        })
        .of_role("client"),
    ],
    probes: probes::PROBES,
    invariants: invariants::INVARIANTS,
    link: Link::new(Latency::Uniform {
        min: Duration::millis(300),
        max: Duration::millis(600),
    }),
    standing: Standing::new(Form::Circle).linked(linked),
    narrate: captions::narrate,
    aligns: Some("Heartbeat"),
    ..Protocol::of::<Member>()
};

/// Clients talk with servers, not with each other.
fn linked(world: &World, a: NodeId, b: NodeId) -> bool {
    let client = |id| role_of(world.settings(), id) == Role::Client;
    !(client(a) && client(b))
}

pub const NODES: Param = Param::number("nodes", "Servers", "nodes", 5.0, (1.0, 50.0)).at_start();
pub const CLIENTS: Param =
    Param::number("clients", "Clients", "nodes", 1.0, (0.0, 10.0)).at_start();
pub const CRASHED: Param = Param::nodes("crashed", "Nodes that are down at the start", "");
pub const HEARTBEAT: Param =
    Param::millis("heartbeat", "Heartbeat every", 1_000.0, (100.0, 60_000.0));
pub const SUSPECT: Param = Param::millis(
    "suspect",
    "Peer suspected after",
    3_000.0,
    (100.0, 600_000.0),
);
pub const FAIL: Param = Param::millis(
    "fail",
    "Peer presumed dead after",
    6_000.0,
    (100.0, 600_000.0),
);
pub const CHECK: Param = Param::millis(
    "check",
    "Check for silent peers every",
    500.0,
    (50.0, 60_000.0),
);
pub const TIMEOUT: Param = Param::millis(
    "timeout",
    "Timeout of the first try (later ones grow)",
    2_500.0,
    (50.0, 600_000.0),
);
pub const RETRIES: Param = Param::number(
    "retries",
    "Retries after the first try",
    "tries",
    2.0,
    (0.0, 20.0),
);
pub const EVERY: Param = Param::millis(
    "every",
    "A client asks every (0 = off)",
    2_000.0,
    (0.0, 60_000.0),
);

pub const PAINT: Param = Param::millis(
    "paint",
    "A server tells its colour every (0 = off)",
    0.0,
    (0.0, 60_000.0),
)
.at_start();

pub const RETRY: Switch = Switch::on("retry", "A client retries when no answer comes");
pub const REMEMBER: Switch = Switch::on(
    "remember",
    "A server remembers the ids of the requests it has applied",
)
.guards(&Guard::of("at-most-once").in_scenario("hello").within(
    Budget {
        delays: 1,
        ..Budget::NONE
    },
    40,
));
pub const DECIDER: Switch = Switch::on("decider", "One server decides the colour for all");
