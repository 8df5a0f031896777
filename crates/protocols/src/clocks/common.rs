//! Parameters, switches, requests and probes that both clock protocols share.

use faultline_sim::descriptor::{RequestForm, json};
use faultline_sim::network::{Latency, Link};
use faultline_sim::probe::{Look, Probe, ProbeSpec};
use faultline_sim::process::NodeId;
use faultline_sim::settings::{Param, Switch};
use faultline_sim::time::Duration;
use faultline_sim::world::World;

use super::truth::Truth;
use super::{Member, Request};

pub const NODES: Param = Param::number("nodes", "Nodes", "nodes", 3.0, (1.0, 50.0)).at_start();
pub const CHATTER: Param = Param::millis(
    "chatter",
    "Average time between random events (0 = off)",
    0.0,
    (0.0, 60_000.0),
)
.at_start();

pub const SEND_TICKS: Switch = Switch::on(
    "send-ticks",
    "Sending is an event: the clock ticks before the message leaves",
);

/// One hop takes 400 to 800 ms.
pub const LINK: Link = Link::new(Latency::Uniform {
    min: Duration::millis(400),
    max: Duration::millis(800),
});

pub const LOCAL: RequestForm = RequestForm::new("Create a local event", || json(Request::Local));
pub const SEND: RequestForm =
    RequestForm::new("Send a message", || json(Request::Send { to: NodeId(2) }));
pub const BROADCAST: RequestForm = RequestForm::new("Broadcast a message", || {
    json(Request::Broadcast {
        text: "hello".into(),
    })
});

pub const EVENTS: ProbeSpec = ProbeSpec {
    name: "events",
    title: "Events",
    unit: "events",
    make: || Box::new(Look(|world| Some(events(world) as f64))),
};

/// Events of all nodes so far.
pub fn events(world: &World) -> u64 {
    let members = world.ids().filter_map(|id| world.node::<Member>(id));
    members.map(|member| member.events).sum()
}

/// Measured by happened-before, without using any stamp.
pub const CONC: ProbeSpec = ProbeSpec {
    name: "conc",
    title: "Concurrent pairs of events",
    unit: "pairs",
    make: || Box::new(Conc::default()),
};

#[derive(Clone, Default)]
struct Conc(Truth);

impl Probe for Conc {
    faultline_sim::clone_probe!();
    fn on_record(&mut self, record: &faultline_sim::event::Record, world: &World) {
        self.0.see(record, world);
    }
    fn value(&self, _world: &World) -> Option<f64> {
        Some(self.0.concurrent as f64)
    }
}
