//! What SWIM tells about itself.

use faultline_sim::descriptor::{LOSS as LOSS_NAME, News, Preset, Protocol, Shelf};
use faultline_sim::network::{Latency, Link};
use faultline_sim::settings::{Guard, Param, Switch};
use faultline_sim::time::Duration;

use super::{Swim, figures, invariants, marks, probes, scenarios};

pub static PROTOCOL: Protocol = Protocol {
    id: "swim",
    title: "SWIM membership",
    shelf: Shelf::FaultTolerance,
    summary: "Each member pings one other member in each period and asks others to ping it if there is no answer. News of who \
              is dead rides on these messages.",
    reference: "Das, Gupta and Motivala, DSN 2002; Dadgar, Phillips and Currey (Lifeguard), 2018",
    params: &[NODES, PERIOD, TIMEOUT, HELPERS, SUSPECT, TELL, MOST, LOSS],
    switches: &[
        INDIRECT,
        SUSPICION,
        REFUTE,
        OWNER,
        PRECEDENCE,
        ROUND_ROBIN,
        PIGGYBACK,
        BUDDY,
        LIFEGUARD,
        RECONNECT,
    ],
    presets: PRESETS,
    scenarios: scenarios::SCENARIOS,
    probes: probes::PROBES,
    invariants: invariants::INVARIANTS,
    link: Link::new(Latency::Uniform {
        min: Duration::millis(60),
        max: Duration::millis(140),
    }),
    league: &["false_deaths", "complete", "messages_per_node"],
    narrate: figures::narrate,
    news: Some(News {
        title: "live nodes have the news",
        marks: &[&marks::DECLARES, &marks::DROPS],
    }),
    aligns: Some("Period"),
    counted: &["PING", "PING-REQ", "ACK"],
    // All but `lie` and what makes messages or timers late: silence is all that a detector has.
    unsupported_faults: &[
        "lie",
        "pause",
        "delay",
        "hold",
        "reorder",
        "slow",
        "latency",
        "bandwidth",
        "disk",
        "drift",
        "fire",
        "align",
        "spread",
    ],
    ..Protocol::of::<Swim>()
};

pub const NODES: Param = Param::number("nodes", "Nodes", "nodes", 5.0, (1.0, 1_000.0)).at_start();
pub const PERIOD: Param = Param::millis(
    "period",
    "Each member pings one other every",
    1_000.0,
    (100.0, 60_000.0),
);
pub const TIMEOUT: Param = Param::millis(
    "timeout",
    "Timeout of a direct ping",
    300.0,
    (1.0, 60_000.0),
);
pub const HELPERS: Param = Param::number(
    "k",
    "Members that are asked for an indirect ping (k)",
    "members",
    3.0,
    (1.0, 20.0),
);
pub const SUSPECT: Param = factor(Param::number(
    "suspect",
    "Periods that a suspect has, times log2 of the members",
    "periods",
    3.0,
    (0.0, 20.0),
));
pub const TELL: Param = factor(Param::number(
    "tell",
    "How often each member tells a piece of news, times log2 of the members",
    "times",
    3.0,
    (1.0, 20.0),
));

/// It may have a fraction.
const fn factor(mut param: Param) -> Param {
    param.whole = false;
    param
}

pub const MOST: Param = Param::number(
    "most",
    "Pieces of news in one message, at most",
    "pieces",
    6.0,
    (1.0, 500.0),
);
pub const LOSS: Param = Param::number(
    LOSS_NAME,
    "Messages lost, of a hundred",
    "%",
    0.0,
    (0.0, 60.0),
)
.at_start();

/// What goes wrong is in the scenario's script.
const SHORT: Guard = Guard::of("no-false-death").in_scenario("short-outage");

pub const INDIRECT: Switch = Switch::on(
    "indirect",
    "Without an ack, a member asks k others to ping (indirect probe)",
)
.guards(&Guard::of("around").in_scenario("one-link-cut"));
pub const SUSPICION: Switch = Switch::on(
    "suspicion",
    "A silent member is a suspect first, and dead later",
)
.guards(&SHORT);
pub const REFUTE: Switch = Switch::on(
    "refute",
    "A suspect that hears of it proves that it is alive (incarnation)",
)
.guards(&SHORT);
pub const OWNER: Switch = Switch::on("owner", "Only a member itself raises its incarnation")
    .guards(&Guard::of("own-incarnation").in_scenario("short-outage"));
pub const PRECEDENCE: Switch = Switch::on(
    "precedence",
    "Older news about a member never replaces newer news",
)
.guards(&Guard::of("never-back").in_scenario("short-outage"));
pub const ROUND_ROBIN: Switch = Switch::on(
    "round-robin",
    "A member pings each of the others once in a round",
);
pub const PIGGYBACK: Switch = Switch::on(
    "piggyback",
    "News rides on pings and acks, and is not broadcast",
);
pub const BUDDY: Switch = Switch::on("buddy", "A ping tells a suspect that it is suspected");
pub const LIFEGUARD: Switch = Switch::off(
    "lifeguard",
    "A member that gets few answers takes more time (Lifeguard)",
);
pub const RECONNECT: Switch = Switch::off(
    "reconnect",
    "In each period a member also pings one of the dead",
);

const CORRECT: Preset = Preset {
    name: "correct",
    title: "The whole algorithm: suspicion, piggyback, round robin",
    ..Preset::BASE
};

const PRESETS: &[Preset] = &[
    CORRECT,
    Preset {
        name: "basic",
        title: "The paper's first version: no suspicion, news by broadcast",
        breaks: Some("accuracy: a short outage is taken for a death"),
        switches: &[
            ("suspicion", false),
            ("refute", false),
            ("round-robin", false),
            ("piggyback", false),
            ("buddy", false),
        ],
        ..CORRECT
    },
    Preset {
        name: "no-refutation",
        title: "Suspects cannot defend themselves",
        breaks: Some("accuracy: who was suspected once will be declared dead"),
        switches: &[("refute", false)],
        ..CORRECT
    },
    Preset {
        name: "lifeguard",
        title: "With Lifeguard's local health",
        switches: &[("lifeguard", true)],
        ..CORRECT
    },
    // Consul's reference, "Gossip parameters": probe interval 1 s, timeout 500 ms, suspicion and retransmit
    // multiplier 4; memberlist, `DefaultLANConfig`: 3 indirect checks. It multiplies with a logarithm to the
    // base of ten, and at least with one: 4 periods for up to ten members, 12 for a thousand.
    Preset {
        name: "consul",
        title: "With Consul's defaults, simplified",
        switches: &[("lifeguard", true), ("reconnect", true)],
        params: &[
            ("period", "1000"),
            ("timeout", "500"),
            ("k", "3"),
            ("suspect", "1.33"),
            ("tell", "1.33"),
            ("most", "40"),
        ],
        ..CORRECT
    },
];
