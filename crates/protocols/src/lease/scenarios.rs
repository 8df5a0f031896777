//! Scenarios: prepared runs under the names a teacher would use.

use faultline_sim::descriptor::Scenario;
use faultline_sim::standing::{Stop, View};
use faultline_sim::time::Duration;

use super::marks;

const BASE: Scenario = Scenario {
    preset: "lock",
    until: Duration::seconds(15),
    opens_at: Duration::seconds(4),
    ..Scenario::BASE
};

/// The first is the one that `lease` alone names.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "holder-crashes",
        title: "The leader crashes, and its lease expires",
        summary: "Five nodes ask node 1, the lock service, for the lease. The leader crashes, and \
                  nothing happens until its lease expires. Then the first node to ask leads. No \
                  votes, no majority.",
        script: &["5s crash n2"],
        view: View::BASE.stop(Stop::Mark(&marks::LEASE_OVER)),
        beside: Some("lease/controller-crashes"),
        ..BASE
    },
    Scenario {
        id: "controller-crashes",
        title: "A broker cluster's controller crashes",
        summary: "Message brokers once chose their controller through a coordination service. \
                  When the controller's session ends, the service tells all waiting brokers, and \
                  the first to ask leads. Each lease has a larger number.",
        preset: "controller",
        script: &["5s crash n2"],
        view: View::BASE.stop(Stop::Mark(&marks::LEASE_OVER)),
        beside: Some("lease/holder-crashes"),
        ..BASE
    },
    Scenario {
        id: "pause-the-holder",
        title: "A paused leader outlives its lease",
        summary: "The leader is paused for longer than its lease, then goes on giving orders, \
                  while another node leads. Turn on \u{201c}Nodes refuse orders of older leases, \
                  and a leader checks its clock (fencing)\u{201d} and run again.",
        preset: "bare",
        script: &["5s pause n2", "10s resume n2"],
        view: View::BASE.stop(Stop::Broken),
        beside: Some("lease/fenced-pause"),
        ..BASE
    },
    Scenario {
        id: "fenced-pause",
        title: "A paused leader finds that its lease has expired",
        summary: "The same pause with fencing. The leader looks at its clock when it resumes and \
                  stops, and no node obeys an order of the old lease.",
        script: &["5s pause n2", "10s resume n2"],
        view: View::BASE.stop(Stop::Mark(&marks::EXPIRED)),
        beside: Some("lease/pause-the-holder"),
        ..BASE
    },
    Scenario {
        id: "service-crashes",
        title: "The lock service crashes: a single point of failure",
        summary: "The lock service is down. The leader stops when its lease expires, and no node \
                  can replace it. A majority of the other nodes does not help here.",
        script: &["5s crash n1", "11s recover n1"],
        until: Duration::seconds(20),
        view: View::BASE.stop(Stop::Mark(&marks::EXPIRED)),
        beside: Some("lease/holder-crashes"),
        ..BASE
    },
    Scenario {
        id: "cut-off",
        title: "The leader is cut off from the lock service",
        summary: "The leader reaches every node except the lock service. It must stop when its \
                  lease expires, although all other nodes still hear it.",
        script: &["5s cut n1-n2", "12s join n1-n2"],
        until: Duration::seconds(18),
        view: View::BASE.stop(Stop::Mark(&marks::EXPIRED)),
        ..BASE
    },
    Scenario {
        id: "service-forgets",
        title: "The lock service forgets who holds the lease",
        summary: "The lock service is cut off from the leader, crashes, and restarts without its \
                  memory. The first leader still holds lease 1. Turn on \u{201c}The lock service \
                  keeps the holder and the number of the lease on disk\u{201d} and run again.",
        preset: "forgetful",
        script: &["4800ms cut n1-n2", "5s crash n1", "5200ms recover n1"],
        view: View::BASE.stop(Stop::Broken),
        ..BASE
    },
];
