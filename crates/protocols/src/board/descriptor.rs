//! What the board tells about itself.

use faultline_sim::descriptor::{Preset, Protocol, RequestForm, Shelf, json};
use faultline_sim::network::{Latency, Link};
use faultline_sim::process::NodeId;
use faultline_sim::standing::{Form, Standing};
use faultline_sim::time::Duration;
use faultline_sim::world::World;

use super::kinds::KIT;
use super::params::{NODES, PARAMS, SWITCHES, TO};
use super::{Node, Request, captions, invariants, probes, scenarios};

pub static PROTOCOL: Protocol = Protocol {
    id: "board",
    title: "The board: boxes under load",
    shelf: Shelf::Scalability,
    summary: "Balancers, services, caches, queues and databases that you connect, and crowds that ask them: \
              see where requests wait, and what retries, breakers and copies do about it.",
    reference: "Little 1961; Kleinrock 1975; Azar and others 1994; Nygard 2007; Dean and Barroso 2013; Bronson \
                and others 2021",
    params: PARAMS,
    switches: SWITCHES,
    presets: PRESETS,
    scenarios: scenarios::SCENARIOS,
    requests: &[
        RequestForm::new("Read a key", || json(Request::Read { key: 1 })).of_role("crowd"),
        RequestForm::new("Write a key", || json(Request::Write { key: 1 })).of_role("crowd"),
    ],
    probes: probes::PROBES,
    invariants: invariants::INVARIANTS,
    link: Link::new(Latency::Uniform {
        min: Duration::millis(15),
        max: Duration::millis(25),
    }),
    nodes: |settings| settings.count(&NODES),
    standing: Standing::new(Form::Layers).linked(linked),
    kit: Some(&KIT),
    narrate: captions::narrate,
    unsupported_faults: &["lie"],
    ..Protocol::of::<Node>()
};

/// Who calls whom.
fn linked(world: &World, a: NodeId, b: NodeId) -> bool {
    let calls = |from, to: NodeId| world.settings().of_node(from).nodes(&TO).contains(&to);
    calls(a, b) || calls(b, a)
}

const PRESETS: &[Preset] = &[
    Preset {
        name: "correct",
        title: "Boxes that keep what they promised",
        ..Preset::BASE
    },
    Preset {
        name: "does-twice",
        title: "A write that comes again is done again",
        breaks: Some("one write, one effect"),
        switches: &[("idempotent", false)],
        params: &[("retries", "2"), ("patience", "200")],
        ..Preset::BASE
    },
    Preset {
        name: "forgets-events",
        title: "An event queue keeps events in memory only",
        breaks: Some("what was accepted: a crash forgets it"),
        switches: &[("keep-events", false)],
        ..Preset::BASE
    },
];
