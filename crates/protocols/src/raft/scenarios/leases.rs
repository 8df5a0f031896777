//! Reads by lease, with clocks that run alike and with one that does not.

use faultline_sim::descriptor::Scenario;
use faultline_sim::standing::{Panel, Stop, View};
use faultline_sim::time::Duration;

use super::{HOME, N1_LEADS};

pub(super) const ALIKE: Scenario = Scenario {
    id: "lease-read",
    title: "A leader with a lease answers reads at once",
    summary: "Node 1 leads and has a lease, so it answers a read without asking the others. Then it is cut off, node 2 \
              is elected and changes x, and a client reads x at node 1.",
    params: &[("nodes", "3"), ("timeout", "600"), ("retry", "1000")],
    switches: &[("lease-reads", true)],
    script: &[
        N1_LEADS,
        r#"150ms request n1 {"write":{"key":"x","value":"old"}}"#,
        r#"350ms request n1 {"read":{"key":"x"}}"#,
        "430ms partition n1|n2,n3",
        "1045ms fire n2 ElectionTimeout",
        r#"1150ms request n2 {"write":{"key":"x","value":"new"}}"#,
        r#"1250ms request n1 {"read":{"key":"x"}}"#,
    ],
    opens_at: Duration::millis(330),
    view: View::panel(Panel::Requests).stop(Stop::At(Duration::millis(1_260))),
    beside: Some("raft/lease-slow-clock"),
    ..HOME
};

pub(super) const SLOW_CLOCK: Scenario = Scenario {
    id: "lease-slow-clock",
    title: "A lease on a slow clock",
    summary: "The same cut and the same reads, but the clock of node 1 runs at half speed, so its lease ends later \
              than the others think.",
    script: &[
        N1_LEADS,
        r#"150ms request n1 {"write":{"key":"x","value":"old"}}"#,
        "300ms drift n1 -500000ppm",
        r#"350ms request n1 {"read":{"key":"x"}}"#,
        "430ms partition n1|n2,n3",
        "1045ms fire n2 ElectionTimeout",
        r#"1150ms request n2 {"write":{"key":"x","value":"new"}}"#,
        r#"1250ms request n1 {"read":{"key":"x"}}"#,
    ],
    view: View::panel(Panel::Requests).stop(Stop::Broken),
    beside: Some("raft/lease-read"),
    ..ALIKE
};
