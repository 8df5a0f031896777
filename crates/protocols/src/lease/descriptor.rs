//! What the leader by lease tells about itself.

use faultline_sim::descriptor::{Preset, Protocol, RequestForm, Shelf, json};
use faultline_sim::network::{Latency, Link};
use faultline_sim::probe::{DROPPED, GAP, LEADERS, LIVE, MESSAGES};
use faultline_sim::settings::{Param, Switch};
use faultline_sim::time::Duration;

use super::{Lease, Request, figures, invariants, scenarios};
use crate::elections::CLAIMS;

pub const NODES: Param = Param::number(
    "nodes",
    "Nodes, the lock service among them",
    "nodes",
    6.0,
    (2.0, 50.0),
)
.at_start();
pub const LEASE: Param = Param::millis("lease", "A lease lasts", 3_000.0, (100.0, 3_600_000.0));
pub const POLL: Param = Param::millis(
    "poll",
    "Those who do not lead ask every",
    1_000.0,
    (10.0, 3_600_000.0),
);
pub const BEAT: Param = Param::millis(
    "beat",
    "The leader gives orders every",
    1_000.0,
    (10.0, 3_600_000.0),
);

pub const FENCING: Switch = Switch {
    name: "fencing",
    title: "Orders carry the lease's number, and older ones are refused; a leader looks at its clock",
    default: false,
};
pub const WATCH: Switch = Switch {
    name: "watch",
    title: "The service tells those who wait as soon as a lease is over",
    default: false,
};
pub const REMEMBER: Switch = Switch {
    name: "remember",
    title: "The service keeps on disk who has the lease, and its number",
    default: true,
};

pub static PROTOCOL: Protocol = Protocol {
    id: "lease",
    title: "Leader by lease",
    shelf: Shelf::Consensus,
    summary: "A lock service lends the lead for a while; whoever asks first when it is free leads.",
    reference: "Gray and Cheriton, SOSP 1989; Burrows (Chubby), OSDI 2006; Hunt et al. (ZooKeeper), \
                USENIX ATC 2010",
    params: &[NODES, LEASE, POLL, BEAT],
    switches: &[FENCING, WATCH, REMEMBER],
    presets: &[
        Preset {
            name: "lock",
            title: "A lock with a lease, asked for again and again",
            switches: &[("fencing", true)],
            ..Preset::BASE
        },
        Preset {
            name: "controller",
            title: "A session that is watched, as brokers chose their controller",
            switches: &[("fencing", true), ("watch", true)],
            ..Preset::BASE
        },
        Preset {
            name: "bare",
            title: "A lease and nothing else",
            breaks: Some("fencing: a leader whose lease is over is obeyed"),
            ..Preset::BASE
        },
        Preset {
            name: "forgetful",
            title: "A service without a disk",
            breaks: Some("the numbers: after a crash of the service they begin again"),
            switches: &[("fencing", true), ("remember", false)],
            ..Preset::BASE
        },
    ],
    scenarios: scenarios::SCENARIOS,
    requests: &[RequestForm::new("Give the lead back", || {
        json(Request::Release)
    })],
    probes: &[MESSAGES, CLAIMS, LEADERS, GAP, DROPPED, LIVE],
    invariants: invariants::INVARIANTS,
    link: Link::new(Latency::Uniform {
        min: Duration::millis(300),
        max: Duration::millis(500),
    }),
    narrate: figures::narrate,
    beyond: &["lie"],
    aligns: Some("Ask"),
    ..Protocol::of::<Lease>()
};
