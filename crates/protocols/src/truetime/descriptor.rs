//! What TrueTime tells about itself.

use faultline_sim::descriptor::{LOSS, Preset, Protocol, RequestForm, Shelf, json};
use faultline_sim::network::{Latency, Link};
use faultline_sim::process::NodeId;
use faultline_sim::search::Budget;
use faultline_sim::settings::{Guard, Param, Switch};
use faultline_sim::standing::{Form, Standing};
use faultline_sim::time::Duration;
use faultline_sim::world::World;

use super::{MASTER, Node, Request, captions, invariants, is_server, probes, scenarios};

pub static PROTOCOL: Protocol = Protocol {
    id: "truetime",
    title: "TrueTime and hybrid clocks",
    shelf: Shelf::Fundamentals,
    summary: "Servers know how wrong their clocks may be, and wait that long before they answer. Timestamps \
              then agree with the order that clients observe.",
    reference: "Corbett et al. (Spanner), OSDI 2012, sections 3 and 4.1.2; Kulkarni et al. (hybrid logical \
                clocks), OPODIS 2014",
    params: &[
        EPSILON,
        DRIFT_BOUND,
        SYNC_EVERY,
        EVERY,
        WORK,
        CLOCK,
        MAX_SKEW,
        RETRY,
        TRIES,
        LOST,
        SERVERS,
        CLIENTS,
    ],
    switches: &[COMMIT_WAIT, GPS, ONCE, MERGE, REFUSE],
    presets: PRESETS,
    scenarios: scenarios::SCENARIOS,
    requests: &[
        RequestForm::new("Write a value at a server", || {
            json(Request::Write {
                server: NodeId(3),
                value: 7,
            })
        })
        .of_role("client"),
        RequestForm::new("Add one at a server", || {
            json(Request::Increment { server: NodeId(3) })
        })
        .of_role("client"),
        RequestForm::new("Read a server's value at a timestamp", || {
            json(Request::ReadAt {
                server: NodeId(3),
                ms: 100,
            })
        })
        .of_role("client"),
    ],
    probes: probes::PROBES,
    invariants: invariants::INVARIANTS,
    link: Link::new(Latency::Uniform {
        min: Duration::micros(500),
        max: Duration::micros(1_500),
    }),
    sized_by: "servers",
    nodes: |settings| 1 + settings.count(&CLIENTS) + settings.count(&SERVERS),
    standing: Standing::new(Form::Layers).linked(linked),
    narrate: captions::narrate,
    unsupported_faults: &["lie", "skew", "drift"],
    aligns: Some("Next"),
    ..Protocol::of::<Node>()
};

/// Clients talk with servers, and servers with the time master.
fn linked(world: &World, a: NodeId, b: NodeId) -> bool {
    let server = |id| is_server(id, world.settings());
    let client = |id| id != MASTER && !server(id);
    server(a) && (b == MASTER || client(b)) || server(b) && (a == MASTER || client(a))
}

pub const EPSILON: Param = Param::millis(
    "epsilon",
    "A server's clock may be wrong by (ε)",
    7.0,
    (0.0, 1_000.0),
);
pub const DRIFT_BOUND: Param = Param::number(
    "drift-bound",
    "ε grows by, since the last answer of a time master",
    "ppm",
    0.0,
    (0.0, 100_000.0),
);
pub const SYNC_EVERY: Param = Param::millis(
    "sync-every",
    "A server asks a time master every (0 = never)",
    0.0,
    (0.0, 3_600_000.0),
);
pub const EVERY: Param = Param::millis(
    "every",
    "A client begins two transactions in a row every (0 = never)",
    40.0,
    (0.0, 600_000.0),
);
pub const WORK: Param = Param::choice(
    "work",
    "What clients do on their own",
    &["writes", "increments"],
);
pub const CLOCK: Param =
    Param::choice("clock", "Timestamps come from", &["truetime", "hybrid"]).at_start();
pub const MAX_SKEW: Param = Param::millis(
    "max-skew",
    "A hybrid clock is refused if it is ahead by more than",
    20.0,
    (0.0, 60_000.0),
);
pub const RETRY: Param = Param::millis(
    "retry",
    "A client asks again after",
    100.0,
    (1.0, 600_000.0),
);
pub const TRIES: Param = Param::number(
    "tries",
    "A client gives up after",
    "tries",
    5.0,
    (1.0, 50.0),
);
pub const LOST: Param = Param::number(LOSS, "Messages lost on every link", "%", 0.0, (0.0, 90.0));
pub const SERVERS: Param =
    Param::number("servers", "Servers", "nodes", 3.0, (1.0, 30.0)).at_start();
pub const CLIENTS: Param =
    Param::number("clients", "Clients", "nodes", 1.0, (1.0, 10.0)).at_start();

pub const COMMIT_WAIT: Switch = Switch::on(
    "commit-wait",
    "A server answers only when the timestamp has passed for certain (commit wait)",
)
.guards(&Guard::of("external-consistency").in_scenario("commit-wait"));
pub const GPS: Switch =
    Switch::on("gps", "A server can hear the time master").fails_as("GPS lost", "GPS back");
pub const ONCE: Switch = Switch::on(
    "once",
    "A server remembers which transactions it has applied",
)
.guards(&Guard::of("once").in_scenario("counter").within(
    Budget {
        drops: 1,
        ..Budget::NONE
    },
    60,
));
pub const MERGE: Switch = Switch::on(
    "merge",
    "A hybrid clock goes on from the larger stamp when a message arrives",
)
.guards(&Guard::of("causality").in_scenario("hybrid"));
pub const REFUSE: Switch = Switch::on("refuse", "A hybrid clock that is too far ahead is refused")
    .guards(&Guard::of("near").in_scenario("far-ahead"));

const HYBRID: &[(&str, &str)] = &[("clock", "hybrid")];

const PRESETS: &[Preset] = &[
    Preset {
        name: "correct",
        title: "TrueTime with commit wait",
        ..Preset::BASE
    },
    Preset {
        name: "no-wait",
        title: "TrueTime without commit wait",
        breaks: Some("external consistency: a later transaction may get an earlier timestamp"),
        switches: &[("commit-wait", false)],
        ..Preset::BASE
    },
    Preset {
        name: "too-sure",
        title: "TrueTime with a bound that clocks do not keep",
        breaks: Some("the bound: clocks are wrong by more than the servers say"),
        params: &[("epsilon", "1")],
        ..Preset::BASE
    },
    Preset {
        name: "hybrid",
        title: "Hybrid logical clocks",
        params: HYBRID,
        ..Preset::BASE
    },
    Preset {
        name: "hybrid-deaf",
        title: "Hybrid clocks that ignore what they receive",
        breaks: Some("merge: an effect may get a smaller stamp than its cause"),
        switches: &[("merge", false)],
        params: HYBRID,
        ..Preset::BASE
    },
    Preset {
        name: "hybrid-trusting",
        title: "Hybrid clocks that follow every other clock",
        breaks: Some("the bound: one wrong clock moves all others"),
        switches: &[("refuse", false)],
        params: HYBRID,
        ..Preset::BASE
    },
];
