//! What the protocol tells about itself: parameters, rules, presets.

use faultline_sim::descriptor::{Preset, Protocol, RequestForm, Shelf, json};
use faultline_sim::process::NodeId;
use faultline_sim::rng::Rng;
use faultline_sim::search::Budget;
use faultline_sim::settings::{Guard, Param, Settings, Switch};
use faultline_sim::standing::{Form, Standing};
use faultline_sim::world::World;

use super::table::WIDTH;
use super::{Node, Request, captions, invariants, is_shard, probes, scenarios};

pub static PROTOCOL: Protocol = Protocol {
    id: "shard-range",
    title: "Sharding by range",
    shelf: Shelf::Storage,
    summary: "Sorted keys are cut into ranges, one for each shard. Full ranges are split and moved while clients write. Keys in \
              the order of time make one shard hot.",
    reference: "Chang et al. 2006; DeWitt and Gray 1992",
    params: &[
        SHARDS, CLIENTS, ORDER, EVERY, WRITES, SPLIT_AT, SCAN_EVERY, SPAN, WAIT, AGAIN,
    ],
    switches: &[CHECK_RANGE, RELEASE_FIRST, KEEP_COPY, SALT],
    presets: PRESETS,
    scenarios: scenarios::SCENARIOS,
    requests: &[
        RequestForm::new("Write a row", || json(Request::Put { key: WIDTH / 2 }))
            .of_role("client")
            .varied(some_key),
        RequestForm::new("Ask for neighbours", || {
            json(Request::Scan {
                from: 0,
                to: WIDTH / 2,
            })
        })
        .of_role("client"),
        RequestForm::new("Ask for something that is not the key", || {
            json(Request::Find)
        })
        .of_role("client"),
    ],
    probes: probes::PROBES,
    invariants: invariants::INVARIANTS,
    standing: Standing::new(Form::Layers).linked(linked),
    sized_by: "shards",
    nodes: |settings| 1 + settings.count(&SHARDS) + settings.count(&CLIENTS),
    narrate: captions::narrate,
    unsupported_faults: &["lie"],
    counted: &["Scan"],
    ..Protocol::of::<Node>()
};

fn some_key(rng: &mut Rng, _number: u64) -> serde_json::Value {
    let key = rng.below(u64::from(3 * WIDTH)) as u32;
    json(Request::Put { key })
}

/// Clients do not talk with each other.
fn linked(world: &World, a: NodeId, b: NodeId) -> bool {
    let client = |id: NodeId| id.0 >= first_client(world.settings());
    is_shard(world.settings(), a) || is_shard(world.settings(), b) || client(a) != client(b)
}

/// The number of the first client.
pub fn first_client(settings: &Settings) -> u32 {
    2 + settings.count(&SHARDS)
}

pub const SHARDS: Param = Param::number("shards", "Shards", "shards", 4.0, (1.0, 16.0)).at_start();
pub const CLIENTS: Param =
    Param::number("clients", "Clients", "clients", 1.0, (1.0, 10.0)).at_start();
pub const ORDER: Param = Param::choice(
    "order",
    "Keys come in the order of time, or at random",
    &["time", "random"],
);
pub const EVERY: Param = Param::millis(
    "every",
    "A client writes every (0 = off)",
    400.0,
    (0.0, 60_000.0),
);
pub const WRITES: Param = Param::number(
    "writes",
    "Writes of each client",
    "writes",
    60.0,
    (0.0, 1_000.0),
);
pub const SPLIT_AT: Param = Param::number(
    "split_at",
    "A range is full beyond (0 = never)",
    "keys",
    30.0,
    (0.0, 1_000.0),
);
pub const SCAN_EVERY: Param = Param::millis(
    "scan_every",
    "A client asks for neighbours every (0 = off)",
    0.0,
    (0.0, 60_000.0),
);
pub const SPAN: Param = Param::number(
    "span",
    "Width of the range that a client asks for",
    "keys",
    500.0,
    (1.0, 4_000.0),
);
pub const WAIT: Param = Param::millis(
    "wait",
    "A client tries again after (later tries wait longer)",
    2_000.0,
    (50.0, 60_000.0),
);
pub const AGAIN: Param = Param::millis(
    "again",
    "An order of a move, or its rows, are sent again after",
    3_000.0,
    (50.0, 60_000.0),
);

pub const CHECK_RANGE: Switch =
    Switch::on("check-range", "A shard refuses rows that it does not serve")
        .guards(&Guard::of("kept").in_scenario("split"));
pub const RELEASE_FIRST: Switch = Switch::on(
    "release-first",
    "A shard stops serving a range before it sends it away",
)
.guards(&Guard::of("one-owner").in_scenario("split"));
pub const KEEP_COPY: Switch = Switch::on(
    "keep-copy",
    "A shard keeps its copy until the other one has the rows",
)
.guards(&Guard::of("kept").in_scenario("many-splits").within(
    Budget {
        drops: 1,
        ..Budget::NONE
    },
    100,
));
pub const SALT: Switch = Switch::off(
    "salt",
    "A hash comes before the key, so that neighbours lie apart",
);

const PRESETS: &[Preset] = &[
    Preset {
        name: "correct",
        title: "Sorted by key, full ranges are split",
        ..Preset::BASE
    },
    Preset {
        name: "salted",
        title: "With a hash before the key",
        switches: &[("salt", true)],
        ..Preset::BASE
    },
    Preset {
        name: "takes-everything",
        title: "A shard stores whatever it is sent",
        breaks: Some("kept: a client with an old table writes where nobody reads"),
        switches: &[("check-range", false)],
        ..Preset::BASE
    },
    Preset {
        name: "both-serve",
        title: "The old shard serves the range until the new one does",
        breaks: Some("one owner: two shards take writes of one range"),
        switches: &[("release-first", false)],
        ..Preset::BASE
    },
    Preset {
        name: "no-copy",
        title: "A shard deletes the rows as it sends them",
        breaks: Some("kept: a lost message takes the rows with it"),
        switches: &[("keep-copy", false)],
        params: &[("split_at", "4"), ("every", "300")],
        ..Preset::BASE
    },
];
