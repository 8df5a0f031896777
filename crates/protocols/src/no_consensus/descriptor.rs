//! The description of nodes without consensus: parameters, rules, laws.

use faultline_sim::cost::{Formula, Of};
use faultline_sim::descriptor::{Preset, Protocol, Shelf};
use faultline_sim::invariant;
use faultline_sim::judge::{LINEARIZABLE, STALE, VIOLATIONS};
use faultline_sim::network::{Latency, Link};
use faultline_sim::probe;
use faultline_sim::probe::{BROKEN, DROPPED, EACH, LIVE, MEAN, MESSAGES, OK, UNANSWERED};
use faultline_sim::settings::{Guard, Param, Switch};
use faultline_sim::sorted::SortedSet;
use faultline_sim::time::Duration;
use faultline_sim::world::World;

use super::{Node, REPLACES, figures, scenarios};
use crate::parts::kv;

pub static PROTOCOL: Protocol = Protocol {
    id: "no-consensus",
    title: "No consensus",
    shelf: Shelf::Consensus,
    summary: "Nodes store what they are told, answer, and tell all others: what consensus is compared with.",
    reference: "Johnson and Thomas, RFC 677, 1975; Lamport 1978",
    params: &[NODES, PATIENCE, TELL_EVERY],
    switches: &[THROUGH_ONE, NEWEST_WINS, TELL_AGAIN, ASK_FIRST],
    presets: PRESETS,
    scenarios: scenarios::SCENARIOS,
    requests: kv::REQUESTS,
    probes: &[
        probe!("div", "Different values of one key at live nodes", "values", look div),
        VIOLATIONS,
        STALE,
        OK,
        UNANSWERED,
        MEAN,
        EACH,
        BROKEN,
        probe!("replaced", "Values that another one replaced", "values", marks REPLACES),
        MESSAGES,
        DROPPED,
        LIVE,
    ],
    formulas: &[
        cost(Of::Messages, "n − 1", |settings| {
            plain(
                settings.switch(&THROUGH_ONE),
                settings.switch(&ASK_FIRST),
                (1.0, 2.0),
            )
            .map(|each| each * (settings.param(&NODES) - 1.0))
        }),
        cost(Of::Delays, "0", |settings| {
            plain(
                settings.switch(&THROUGH_ONE),
                settings.switch(&ASK_FIRST),
                (0.0, 2.0),
            )
        }),
    ],
    invariants: &[
        LINEARIZABLE,
        invariant!(always "never-back", "No copy goes back to an older value", never_back),
        invariant!(eventually "agree", "Eventually all live nodes have the same values", agree),
    ],
    link: Link::new(Latency::Uniform {
        min: Duration::millis(12),
        max: Duration::millis(24),
    }),
    narrate: figures::narrate,
    unsupported_faults: &["lie"],
    ..Protocol::of::<Node>()
};

pub const NODES: Param = Param::number("nodes", "Nodes", "nodes", 5.0, (1.0, 50.0)).at_start();
pub const PATIENCE: Param = Param::millis(
    "patience",
    "A node gives up a request after",
    200.0,
    (10.0, 60_000.0),
);
pub const TELL_EVERY: Param = Param::millis(
    "tell-every",
    "Nodes tell again every",
    150.0,
    (10.0, 60_000.0),
);

pub const THROUGH_ONE: Switch = Switch::on(
    "through-one",
    "Node 1 decides: all others pass their requests on to it",
)
.guards(&Guard::of("linearizable").in_scenario("one-decides"));
pub const NEWEST_WINS: Switch = Switch::on("newest-wins", "The value with the newer stamp wins")
    .guards(&Guard::of("never-back").in_scenario("one-decides"));
pub const TELL_AGAIN: Switch = Switch::on("tell-again", "Nodes tell each other again and again");
pub const ASK_FIRST: Switch = Switch::off(
    "ask-first",
    "A node answers a write only when a majority has it",
);

const PRESETS: &[Preset] = &[
    Preset {
        name: "one-decides",
        title: "Node 1 decides for all",
        ..Preset::BASE
    },
    Preset {
        name: "told-once",
        title: "Nodes only tell each other",
        breaks: Some("agreement: nodes end with different values, and reads go back"),
        switches: &[
            ("through-one", false),
            ("newest-wins", false),
            ("tell-again", false),
        ],
        ..Preset::BASE
    },
    Preset {
        name: "newest-wins",
        title: "The newer stamp wins",
        breaks: Some("promises: a confirmed write gives way to one that did not know of it"),
        switches: &[("through-one", false)],
        ..Preset::BASE
    },
    Preset {
        name: "majority",
        title: "The newer stamp wins, and a majority must have a write",
        breaks: Some("order: nobody says which of two writes comes first"),
        switches: &[("through-one", false), ("ask-first", true)],
        ..Preset::BASE
    },
];

const fn cost(
    of: Of,
    letters: &'static str,
    value: fn(&faultline_sim::settings::Settings) -> Option<f64>,
) -> Formula {
    Formula {
        request: "write",
        of,
        letters,
        convention: "n nodes; the one that is asked tells all others and answers at once. If it waits for a \
                     majority, all answer it: twice the messages, and a round trip.",
        value,
    }
}

/// Where no one decides: the first number, or the second if a majority is asked.
fn plain(through_one: bool, ask_first: bool, of: (f64, f64)) -> Option<f64> {
    (!through_one).then_some(if ask_first { of.1 } else { of.0 })
}

/// The most different values that one key has at live nodes.
fn div(world: &World) -> Option<f64> {
    let mut values: SortedSet<(&str, &str)> = SortedSet::new();
    for node in world.live().filter_map(|id| world.node::<Node>(id)) {
        let own = node.store.iter();
        values.extend(own.map(|(key, told)| (key.as_str(), told.value.as_str())));
    }
    let of_key = |key: &str| values.iter().filter(|(own, _)| *own == key).count();
    let most = values.iter().map(|(key, _)| of_key(key)).max();
    most.map(|most| most as f64)
}

fn never_back(world: &World) -> Result<(), String> {
    for id in world.ids() {
        let Some(node) = world.node::<Node>(id) else {
            continue;
        };
        for (key, told) in node.store.iter() {
            if let Some(newest) = node.newest.get(key)
                && told.stamp < *newest
            {
                return Err(format!(
                    "{id} had {key} with stamp {newest}, now {}",
                    told.stamp
                ));
            }
        }
    }
    Ok(())
}

fn agree(world: &World) -> Result<(), String> {
    match div(world) {
        Some(most) if most > 1.0 => Err(format!("live nodes have {most} values of one key")),
        _ => {
            let counts = world.live().filter_map(|id| world.node::<Node>(id));
            let mut counts = counts.map(|node| node.store.len());
            let first = counts.next();
            match counts.all(|count| Some(count) == first) {
                true => Ok(()),
                false => Err("a live node lacks a key".into()),
            }
        }
    }
}
