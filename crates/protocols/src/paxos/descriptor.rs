//! What Paxos tells about itself.

use faultline_sim::cost::{Formula, Of};
use faultline_sim::descriptor::{self, Preset, Protocol, RequestForm, Shelf, json};
use faultline_sim::process::NodeId;
use faultline_sim::settings::{Guard, Param, Switch};
use faultline_sim::standing::{Form, Standing};
use faultline_sim::world::{WRITE_FIRST, World};

use super::{Node, Request, acceptors, captions, invariants, probes, scenarios};

pub static PROTOCOL: Protocol = Protocol {
    id: "paxos",
    title: "Paxos",
    shelf: Shelf::Consensus,
    summary: "Proposers compete with numbered ballots, and a majority of acceptors chooses one value for \
              ever.",
    reference: "Lamport 1998 and 2001",
    params: &[
        PROPOSERS, ACCEPTORS, LEARNERS, PATIENCE, READY, FIRST_WAIT, ASK, CASE,
    ],
    switches: &[
        ADOPT,
        HIGHEST,
        PROMISE,
        STABLE,
        WRITE_FIRST.guards(&Guard::of("one-value").in_scenario("crash-in-mid-write")),
        MAJORITY,
        UNIQUE,
        CLIENT_VALUE,
        BACKOFF,
        NACK,
        DISTINGUISHED,
        CATCH_UP,
    ],
    presets: PRESETS,
    scenarios: scenarios::SCENARIOS,
    requests: &[
        RequestForm::new("Propose a value", || {
            json(Request::Propose {
                value: "blue".into(),
            })
        })
        .of_role("proposer")
        .varied(|rng, number| {
            let colours = ["blue", "green", "yellow", "orange"];
            let value = match rng.pick(&colours) {
                Some(colour) if number < 4 => (*colour).to_owned(),
                _ => format!("value {number}"),
            };
            json(Request::Propose { value })
        }),
        RequestForm::new("Ask what is chosen", || json(Request::Read)).of_role("learner"),
    ],
    probes: probes::PROBES,
    formulas: &[MESSAGES, DISK_WRITES],
    invariants: invariants::INVARIANTS,
    sized_by: "acceptors",
    nodes: |settings| {
        settings.count(&PROPOSERS) + settings.count(&ACCEPTORS) + settings.count(&LEARNERS)
    },
    alike: acceptors,
    standing: Standing::new(Form::Layers).linked(linked),
    narrate: captions::narrate,
    unsupported_faults: &["lie"],
    counted: &["Prepare", "Promise", "Accept", "Accepted"],
    ..Protocol::of::<Node>()
};

/// Without a conflict: four messages an acceptor, if there is one learner.
const MESSAGES: Formula = Formula {
    request: "propose",
    of: Of::Messages,
    letters: "n(3 + l)",
    convention: "n acceptors, l learners, the proposer apart from them; nobody else proposes. Prepare, \
                 promise, accept, and each acceptor tells every learner.",
    value: |settings| {
        let (n, learners) = (settings.count(&ACCEPTORS), settings.count(&LEARNERS));
        let alone = settings.count(&PROPOSERS) == 1 && settings.param(&READY) == 0.0;
        alone.then(|| f64::from(n * (3 + learners)))
    },
};

/// Each promise and each acceptance is written before it is told, and a ballot before it is used.
const DISK_WRITES: Formula = Formula {
    of: Of::Writes,
    letters: "2n + 1",
    convention: "n acceptors write a promise and an acceptance each before they answer, the proposer its ballot.",
    value: |settings| {
        (MESSAGES.value)(settings)?;
        let each = if settings.switch(&STABLE) { 2 } else { 0 };
        Some(f64::from(each * settings.count(&ACCEPTORS) + 1))
    },
    ..MESSAGES
};

/// Acceptors talk with all others. Proposers only pass values on to the distinguished one.
fn linked(world: &World, a: NodeId, b: NodeId) -> bool {
    let all = acceptors(world.settings());
    match (all.contains(&a), all.contains(&b)) {
        (true, true) => false,
        (false, false) => {
            let proposes = |id: NodeId| id.0 <= world.settings().count(&PROPOSERS);
            let passed_on = proposes(a) && proposes(b) && a.min(b) == NodeId(1);
            passed_on && world.settings().switch(&DISTINGUISHED)
        }
        _ => true,
    }
}

pub const PROPOSERS: Param =
    Param::number("proposers", "Proposers", "nodes", 2.0, (1.0, 5.0)).at_start();
pub const ACCEPTORS: Param =
    Param::number("acceptors", "Acceptors", "nodes", 3.0, (3.0, 7.0)).at_start();
pub const LEARNERS: Param =
    Param::number("learners", "Learners", "nodes", 1.0, (1.0, 5.0)).at_start();
pub const PATIENCE: Param = Param::millis(
    "patience",
    "A proposer waits for promises before it tries again",
    2_000.0,
    (1.0, 600_000.0),
);
pub const READY: Param = Param::millis(
    "ready",
    "Time between the promises and the proposer's accept",
    0.0,
    (0.0, 60_000.0),
);
pub const FIRST_WAIT: Param = Param::millis(
    "first-wait",
    "First random wait after being overtaken (later ones grow)",
    1_000.0,
    (1.0, 600_000.0),
);
pub const ASK: Param = Param::millis(
    "ask",
    "A learner that has not learned asks every",
    8_000.0,
    (100.0, 600_000.0),
);

pub const CASE: Param = Param::number(
    descriptor::CASE,
    "Case: which rule is off",
    "",
    1.0,
    (1.0, 9.0),
)
.at_start();

pub const ADOPT: Switch = Switch::on(
    "adopt",
    "A proposer takes over the value that promises report",
)
.guards(&Guard::of("one-value").in_scenario("second-proposer"));
pub const HIGHEST: Switch = Switch::on(
    "highest",
    "Of several reported values, the one of the highest ballot counts",
)
.guards(&Guard::of("one-value").in_scenario("highest-of-two"));
pub const PROMISE: Switch = Switch::on(
    "promise",
    "An acceptor refuses ballots below the one it promised",
)
.guards(&Guard::of("one-value").in_scenario("another-majority"));
pub const STABLE: Switch = Switch::on(
    "stable",
    "An acceptor keeps promises and accepted values on disk",
)
.guards(&Guard::of("one-value").in_scenario("forgotten-promise"));
pub const MAJORITY: Switch = Switch::on("majority", "More than half of the acceptors must agree")
    .guards(&Guard::of("integrity").in_scenario("another-majority"));
pub const UNIQUE: Switch = Switch::on(
    "unique-ballots",
    "No two proposers ever use the same ballot",
)
.guards(&Guard::of("one-value").in_scenario("duel"));
pub const CLIENT_VALUE: Switch = Switch::on(
    "client-value",
    "A proposer proposes only what a client asked for",
)
.guards(&Guard::of("validity").in_scenario("half-accepted"));
pub const BACKOFF: Switch = Switch::on(
    "backoff",
    "A proposer that was overtaken waits for a random time",
);
pub const NACK: Switch = Switch::on("nack", "An acceptor that refuses says so");
pub const DISTINGUISHED: Switch = Switch::off(
    "distinguished",
    "Only node 1 proposes, and the others pass values on to it",
);
pub const CATCH_UP: Switch = Switch::on(
    "catch-up",
    "A learner that has not learned a value asks for it",
);

const CORRECT: Preset = Preset {
    name: "correct",
    title: "Paxos as in the paper",
    ..Preset::BASE
};

const PRESETS: &[Preset] = &[
    CORRECT,
    Preset {
        name: "duelling",
        title: "Overtaken proposers try again at once",
        switches: &[("backoff", false), ("catch-up", false)],
        ..CORRECT
    },
    Preset {
        name: "distinguished",
        title: "Only one proposer tries",
        switches: &[("distinguished", true)],
        ..CORRECT
    },
    Preset {
        name: "own-value",
        title: "Proposers always propose their own value",
        breaks: Some("one value: a later ballot chooses another one"),
        switches: &[("adopt", false)],
        ..CORRECT
    },
    Preset {
        name: "first-heard",
        title: "Proposers take the first value they hear of",
        breaks: Some("one value: an old value comes back"),
        switches: &[("highest", false)],
        ..CORRECT
    },
    Preset {
        name: "breaks-promise",
        title: "Acceptors accept lower ballots than they promised",
        breaks: Some("one value: a late message chooses a second one"),
        switches: &[("promise", false)],
        ..CORRECT
    },
    Preset {
        name: "forgets",
        title: "Acceptors forget everything in a crash",
        breaks: Some("one value: a majority forgets what it chose"),
        switches: &[("stable", false)],
        ..CORRECT
    },
    Preset {
        name: "answers-first",
        title: "Acceptors answer before their disk write is done",
        breaks: Some("one value: a crash takes back what was told"),
        switches: &[("write-first", false)],
        ..CORRECT
    },
    Preset {
        name: "half-is-enough",
        title: "Less than a majority is enough",
        breaks: Some("integrity: two groups without a common acceptor choose"),
        switches: &[("majority", false)],
        ..CORRECT
    },
    Preset {
        name: "same-ballots",
        title: "Two proposers may use the same ballot",
        breaks: Some("one value: one ballot has two values"),
        switches: &[("unique-ballots", false)],
        ..CORRECT
    },
    Preset {
        name: "makes-up",
        title: "A proposer without a value makes one up",
        breaks: Some("validity: a value is chosen that nobody asked for"),
        switches: &[("client-value", false)],
        ..CORRECT
    },
    Preset {
        name: "one-rule-off",
        title: "One rule is off: find out which",
        breaks: Some("one rule is off, and nobody says which"),
        hides: &["adopt", "promise", "stable", "majority", "unique-ballots"],
        ..CORRECT
    },
];
