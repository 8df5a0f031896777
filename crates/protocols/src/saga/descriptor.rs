//! What sagas tell about themselves.

use faultline_sim::cost::{Formula, Of};
use faultline_sim::descriptor::{Preset, Protocol, Shelf};
use faultline_sim::process::NodeId;
use faultline_sim::search::Budget;
use faultline_sim::settings::{Guard, Param, Settings, Switch};
use faultline_sim::standing::{Form, Standing};
use faultline_sim::world::{WRITE_FIRST, World};

use super::{Node, ORCHESTRATOR, REQUESTS, captions, invariants, probes, scenarios};

pub static PROTOCOL: Protocol = Protocol {
    id: "saga",
    title: "Saga",
    shelf: Shelf::Transactions,
    summary: "A long piece of work in steps at several services. Nothing stays locked: if a step fails, those \
              before it are undone in reverse order.",
    reference: "Garcia-Molina and Salem 1987",
    revision: 1,
    params: &[SERVICES, FAILS_AT, LED_BY, STOCK, RETRY, TRIES, EVERY],
    switches: &[
        LOG,
        ONCE,
        UNTIL_DONE,
        REMEMBER,
        WRITE_FIRST.guards(
            &Guard::of("whole")
                .in_scenario("busy-services")
                .given(&[("every", "300"), ("stock", "200")])
                .within(
                    Budget {
                        delays: 3,
                        ..Budget::NONE
                    },
                    60,
                ),
        ),
    ],
    presets: PRESETS,
    scenarios: scenarios::SCENARIOS,
    requests: &REQUESTS,
    probes: probes::PROBES,
    formulas: &[formula(Of::Messages, "2n"), formula(Of::Delays, "2n")],
    invariants: invariants::INVARIANTS,
    sized_by: "services",
    nodes: |settings| 1 + settings.count(&SERVICES),
    standing: Standing::new(Form::Star).linked(linked),
    narrate: captions::narrate,
    unsupported_faults: &["lie"],
    counted: &["Book", "Undo"],
    ..Protocol::of::<Node>()
};

/// One service after another: messages, and delays until the answer.
const fn formula(of: Of, letters: &'static str) -> Formula {
    Formula {
        request: "book",
        of,
        letters,
        convention: "n services, the orchestrator apart from them: each is asked and answers, one after another, and \
                     none fails. In a choreography n + 1: each asks the next, and the last one tells node 1.",
        value: |settings| {
            let n = f64::from(settings.count(&SERVICES));
            let fails = settings.count(&FAILS_AT);
            let booked = fails == 0 || fails > settings.count(&SERVICES);
            booked.then_some(if is_choreographed(settings) {
                n + 1.0
            } else {
                2.0 * n
            })
        },
    }
}

/// An orchestrator talks with all. In a choreography each service talks with its neighbours, and the first
/// and the last one with node 1.
fn linked(world: &World, a: NodeId, b: NodeId) -> bool {
    let (low, high) = (a.min(b), a.max(b));
    if !is_choreographed(world.settings()) {
        return low == ORCHESTRATOR;
    }
    high.0 == low.0 + 1 || (low == ORCHESTRATOR && world.ids().last() == Some(high))
}

pub const SERVICES: Param =
    Param::number("services", "Services", "nodes", 3.0, (1.0, 49.0)).at_start();
pub const FAILS_AT: Param = Param::number(
    "fails-at",
    "The service of this step has no place (0 = all have)",
    "step",
    0.0,
    (0.0, 49.0),
)
.at_start();
pub const LED_BY: Param = Param::choice(
    "led-by",
    "A trip is led by an orchestrator, or by the services themselves (choreography)",
    &["orchestrator", "services"],
)
.at_start();
pub const STOCK: Param = Param::number(
    "stock",
    "Places at each service",
    "places",
    8.0,
    (0.0, 1_000.0),
)
.at_start();
pub const RETRY: Param = Param::millis(
    "retry",
    "A step without an answer is asked for again after",
    1_500.0,
    (1.0, 600_000.0),
);
pub const TRIES: Param = Param::number(
    "tries",
    "Times that the orchestrator asks for a step before it gives up",
    "times",
    3.0,
    (1.0, 1_000.0),
);
pub const EVERY: Param = Param::millis(
    "every",
    "Time between random trips (0 = off)",
    0.0,
    (0.0, 600_000.0),
);

/// Whether services lead a trip themselves.
pub fn is_choreographed(settings: &Settings) -> bool {
    settings.choice(&LED_BY) == "services"
}

/// How many places a service begins with. Step 1 is that of node 2.
pub fn stock(id: NodeId, settings: &Settings) -> u32 {
    if settings.count(&FAILS_AT) + 1 == id.0 {
        0
    } else {
        settings.count(&STOCK)
    }
}

pub const LOG: Switch = Switch::on(
    "log",
    "The orchestrator writes down how far each trip is, and goes on after a crash",
)
.guards(&Guard::of("known").in_scenario("same-crash"));
pub const ONCE: Switch = Switch::on("once", "A step that is asked for again is not done again")
    .guards(&Guard::of("adds-up").in_scenario("answer-lost"));
pub const UNTIL_DONE: Switch = Switch::on(
    "until-done",
    "The orchestrator asks for a compensation until it is confirmed",
)
.guards(&Guard::of("whole").in_scenario("undo-lost"));
pub const REMEMBER: Switch = Switch::on(
    "remember",
    "A service remembers an undone trip, and refuses its step if that comes later",
)
.guards(&Guard::of("whole").in_scenario("late-step"));

/// Every trip fails at the third step.
const ALWAYS_FAILS: &[(&str, &str)] = &[("every", "1500"), ("fails-at", "3"), ("tries", "1")];

const PRESETS: &[Preset] = &[
    Preset {
        name: "correct",
        title: "Saga with an orchestrator",
        ..Preset::BASE
    },
    Preset {
        name: "choreography",
        title: "Saga without an orchestrator: each service asks the next",
        params: &[("led-by", "services")],
        ..Preset::BASE
    },
    Preset {
        name: "no-log",
        title: "The orchestrator keeps its trips in memory only",
        breaks: Some("all or nothing: a crash leaves a trip half booked, and nobody knows of it"),
        switches: &[("log", false)],
        params: &[("every", "1500")],
        ..Preset::BASE
    },
    Preset {
        name: "twice",
        title: "A step that is asked for again is done again",
        breaks: Some("places: one trip takes two of them"),
        switches: &[("once", false)],
        params: &[("every", "1500")],
        ..Preset::BASE
    },
    Preset {
        name: "undo-once",
        title: "A compensation is asked for only once",
        breaks: Some("all or nothing: a lost message leaves a place taken"),
        switches: &[("until-done", false)],
        params: ALWAYS_FAILS,
        ..Preset::BASE
    },
    Preset {
        name: "forgets-undone",
        title: "A service forgets which trips were undone",
        breaks: Some("all or nothing: a late step takes a place for a trip that is undone"),
        switches: &[("remember", false)],
        params: ALWAYS_FAILS,
        ..Preset::BASE
    },
];
