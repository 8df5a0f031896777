//! Parameters, rules, presets and scenarios of the bare service.

use faultline_sim::descriptor::{Preset, Protocol, RequestForm, Scenario, Shelf, json};
use faultline_sim::invariant;
use faultline_sim::mark::Mark;
use faultline_sim::probe;
use faultline_sim::probe::{DROPPED, LIVE, MEAN, MESSAGES, ORDERS};
use faultline_sim::process::NodeId;
use faultline_sim::search::Budget;
use faultline_sim::settings::{Guard, Param, Switch};
use faultline_sim::standing::{Form, Panel, Standing, Stop, View};
use faultline_sim::time::Duration;
use faultline_sim::world::World;

use super::{Member, Request, figures, monitors, role_of};

pub static PROTOCOL: Protocol = Protocol {
    id: "bare-service",
    title: "A bare service",
    shelf: Shelf::FaultTolerance,
    summary: "A client asks a server and waits. Timeout, retry and quorum are rules to add.",
    reference: "Gifford 1979; Attiya, Bar-Noy and Dolev 1995; Birrell and Nelson 1984",
    params: &[NODES, EVERY, WAIT, RETRIES],
    switches: &[TIMEOUT, RETRY, QUORUM],
    presets: PRESETS,
    scenarios: SCENARIOS,
    requests: &[
        RequestForm::new("Write the next value", || json(Request::Write)).of_role("client"),
        RequestForm::new("Read the value", || json(Request::Read)).of_role("client"),
    ],
    probes: &[
        probe!("answered", "Share of requests answered", "%", new monitors::Share),
        probe!("answers", "Requests answered", "requests", look monitors::answers),
        probe!("failed", "Requests given up", "requests", look monitors::failed),
        probe!("waiting", "Requests that still wait", "requests", look monitors::waiting),
        probe!("stale", "Reads of an old value", "reads", new monitors::StaleReads),
        MEAN,
        MESSAGES,
        ORDERS,
        DROPPED,
        LIVE,
    ],
    invariants: &[
        invariant!(always "no-endless-wait", "No request waits for ever",
            new monitors::NoEndlessWait),
        invariant!(always "no-lost-write", "A read returns the last confirmed write, or a newer one",
            new monitors::NoLostWrite),
    ],
    standing: Standing::new(Form::Layers).linked(linked),
    nodes: |settings| 1 + settings.count(&NODES),
    narrate: figures::narrate,
    ..Protocol::of::<Member>()
};

/// Clients talk with servers only, and servers with clients.
fn linked(world: &World, a: NodeId, b: NodeId) -> bool {
    role_of(world.settings(), a) != role_of(world.settings(), b)
}

pub const NODES: Param = Param::number("nodes", "Servers", "nodes", 3.0, (1.0, 9.0)).at_start();
pub const EVERY: Param = Param::millis(
    "every",
    "The client asks every (0 = off)",
    2_500.0,
    (0.0, 60_000.0),
);
pub const WAIT: Param = Param::millis(
    "wait",
    "Timeout of the first try (later ones grow)",
    1_500.0,
    (50.0, 60_000.0),
);
pub const RETRIES: Param = Param::number(
    "retries",
    "Retries after the first try",
    "tries",
    2.0,
    (0.0, 10.0),
);

pub const TIMEOUT: Switch = Switch::on("timeout", "The client stops waiting after a timeout")
    .guards(
        &Guard::of("no-endless-wait")
            .in_scenario("all-rules")
            .within(
                Budget {
                    crashes: 1,
                    ..Budget::NONE
                },
                20,
            ),
    );
pub const RETRY: Switch = Switch::on(
    "retry",
    "After a timeout, the client asks again, another server",
);
pub const QUORUM: Switch = Switch::on(
    "quorum",
    "A read or write counts when a majority has answered",
)
.guards(&Guard::of("no-lost-write").in_scenario("all-rules").within(
    Budget {
        drops: 1,
        ..Budget::NONE
    },
    20,
));

pub const STORES: Mark = Mark::new("stores", "stores x = {}");
pub const ASKS_AGAIN: Mark = Mark::new("asks-again", "gets no answer and asks again, try {} of {}");
pub const GIVES_UP: Mark = Mark::new("gives-up", "gives up a request after {} {try|tries}");

const PRESETS: &[Preset] = &[
    Preset {
        name: "all-rules",
        title: "Timeout, retry and quorum",
        ..Preset::BASE
    },
    Preset {
        name: "bare",
        title: "No rules: one server, and the client waits for ever",
        breaks: Some("no-endless-wait: after one fault a request waits for ever"),
        switches: &[("timeout", false), ("retry", false), ("quorum", false)],
        ..Preset::BASE
    },
    Preset {
        name: "no-quorum",
        title: "Timeout and retry, without a quorum",
        breaks: Some("no-lost-write: a retry reaches a server that does not have the value"),
        switches: &[("quorum", false)],
        ..Preset::BASE
    },
];

/// Node 1 is the client. Without a quorum node 2 is its server.
const THREE_FAULTS: Scenario = Scenario {
    id: "three-faults",
    title: "A bare service, three faults",
    summary: "A client asks one server and waits. A server crashes for 7 seconds, then a link is \
              cut, and while it is cut one message is lost. Add rules in Settings and run again.",
    preset: "bare",
    script: &[
        "6s crash n2",
        "13s recover n2",
        "14s cut n1-n3",
        "14500ms drop n1->n2#7",
        "22s join n1-n3",
    ],
    until: Duration::seconds(30),
    view: View::panel(Panel::Settings),
    ..Scenario::BASE
};

const SCENARIOS: &[Scenario] = &[
    THREE_FAULTS,
    Scenario {
        id: "quorum-alone",
        title: "Three faults, and only the quorum rule",
        summary: "The client asks all servers and needs a majority of answers, but it has no timeout. \
                  The same three faults come.",
        switches: &[("quorum", true)],
        view: View::panel(Panel::Requests),
        beside: Some("bare-service/three-faults"),
        ..THREE_FAULTS
    },
    Scenario {
        id: "retry-elsewhere",
        title: "A retry asks another server",
        summary: "The client writes a value and reads it back, in turn. Its server crashes for 7 \
                  seconds, so after each timeout it asks the next one.",
        preset: "no-quorum",
        script: &["6s crash n2", "13s recover n2"],
        until: Duration::seconds(25),
        view: View::panel(Panel::Requests).stop(Stop::Broken),
        beside: Some("bare-service/majority"),
        ..Scenario::BASE
    },
    Scenario {
        id: "majority",
        title: "The same crash with all three rules",
        summary: "The client asks all servers, and a majority of answers is enough. The same server \
                  crashes for 7 seconds.",
        preset: "all-rules",
        script: &["6s crash n2", "13s recover n2"],
        until: Duration::seconds(25),
        view: View::panel(Panel::Requests),
        beside: Some("bare-service/retry-elsewhere"),
        ..Scenario::BASE
    },
    Scenario {
        id: "one-write",
        title: "One write, and four servers that store it",
        summary: "A client writes one value, and four servers store it. Nothing breaks. Compare the \
                  same write with one server: its messages, and the orders in which they can arrive.",
        preset: "all-rules",
        params: &[("nodes", "4"), ("every", "0")],
        script: &[r#"1s request n1 "write""#],
        until: Duration::seconds(5),
        opens_at: Duration::millis(800),
        view: View::panel(Panel::Measures),
        ..Scenario::BASE
    },
    Scenario {
        id: "all-rules",
        title: "All three rules, and you break it",
        summary: "Timeout, retry and quorum are on, and nothing is broken yet. Find out what the \
                  service cannot survive.",
        preset: "all-rules",
        until: Duration::seconds(30),
        opens_at: Duration::seconds(2),
        ..Scenario::BASE
    },
];
