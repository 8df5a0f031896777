//! The description of the leader by lease: parameters, switches, presets.

use faultline_sim::descriptor::{Preset, Protocol, RequestForm, Shelf, json};
use faultline_sim::network::{Latency, Link};
use faultline_sim::probe::{DROPPED, GAP, LEADERS, LIVE, MESSAGES};
use faultline_sim::process::NodeId;
use faultline_sim::search::Budget;
use faultline_sim::settings::{Guard, Param, Switch};
use faultline_sim::standing::{Form, Standing};
use faultline_sim::time::Duration;
use faultline_sim::world::World;

use super::{Lease, Request, SERVICE, captions, invariants, scenarios};
use crate::elections::CLAIMS;

/// All talk with the service, and a leader gives orders to all.
fn linked(world: &World, a: NodeId, b: NodeId) -> bool {
    let central = |id: NodeId| {
        let node = world.node::<Lease>(id);
        id == SERVICE || node.is_some_and(|node| node.leads.is_some())
    };
    central(a) || central(b)
}

pub const NODES: Param = Param::number(
    "nodes",
    "Nodes, lock service included",
    "nodes",
    6.0,
    (2.0, 50.0),
)
.at_start();
pub const LEASE: Param = Param::millis("lease", "Lease duration", 3_000.0, (100.0, 3_600_000.0));
pub const POLL: Param = Param::millis(
    "poll",
    "Other nodes ask for the lease every",
    1_000.0,
    (10.0, 3_600_000.0),
);
pub const BEAT: Param = Param::millis(
    "beat",
    "The leader gives orders every",
    1_000.0,
    (10.0, 3_600_000.0),
);

pub const FENCING: Switch = Switch::off(
    "fencing",
    "Nodes refuse orders of older leases, and a leader checks its clock (fencing)",
)
.guards(&Guard::of("fenced").in_scenario("holder-crashes").within(
    Budget {
        delays: 1,
        ..Budget::NONE
    },
    60,
));
pub const WATCH: Switch = Switch::off(
    "watch",
    "The lock service tells waiting nodes when a lease expires (watch)",
);
pub const REMEMBER: Switch = Switch::on(
    "remember",
    "The lock service keeps the holder and the number of the lease on disk",
)
.guards(&Guard::of("one-per-lease").in_scenario("service-forgets"));

pub static PROTOCOL: Protocol = Protocol {
    id: "lease",
    title: "Leader by lease",
    shelf: Shelf::Consensus,
    summary: "A lock service grants a lease to one node at a time. The node that holds the lease \
              leads.",
    reference: "Gray and Cheriton, SOSP 1989; Burrows (Chubby), OSDI 2006; Hunt et al. (ZooKeeper), \
                USENIX ATC 2010",
    revision: 2,
    params: &[NODES, LEASE, POLL, BEAT],
    switches: &[FENCING, WATCH, REMEMBER],
    presets: &[
        Preset {
            name: "lock",
            title: "A lock with a lease: waiting nodes poll",
            switches: &[("fencing", true)],
            ..Preset::BASE
        },
        Preset {
            name: "controller",
            title: "A watched session: waiting nodes are told",
            switches: &[("fencing", true), ("watch", true)],
            ..Preset::BASE
        },
        Preset {
            name: "bare",
            title: "A lease without fencing",
            breaks: Some("fencing: nodes obey a leader whose lease has expired"),
            ..Preset::BASE
        },
        Preset {
            name: "forgetful",
            title: "A lock service without a disk",
            breaks: Some("the lease numbers: after a crash the service starts again at 1"),
            switches: &[("fencing", true), ("remember", false)],
            ..Preset::BASE
        },
    ],
    scenarios: scenarios::SCENARIOS,
    requests: &[RequestForm::new("Release the lease", || {
        json(Request::Release)
    })],
    probes: &[MESSAGES, CLAIMS, LEADERS, GAP, DROPPED, LIVE],
    invariants: invariants::INVARIANTS,
    link: Link::new(Latency::Uniform {
        min: Duration::millis(300),
        max: Duration::millis(500),
    }),
    standing: Standing::new(Form::Star).linked(linked),
    narrate: captions::narrate,
    unsupported_faults: &["lie"],
    aligns: Some("Ask"),
    ..Protocol::of::<Lease>()
};
