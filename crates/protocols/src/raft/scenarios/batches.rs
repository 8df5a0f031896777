//! Many requests: each is sent at once, or they are gathered first.

use faultline_sim::descriptor::Scenario;
use faultline_sim::standing::{Panel, View};
use faultline_sim::time::Duration;

use super::{HOME, N1_LEADS};

pub(super) const EACH: Scenario = Scenario {
    id: "each-at-once",
    title: "The leader sends each write at once",
    summary: "Three busy clients write at three servers. The leader sends every entry as soon as it has it.",
    params: &[("nodes", "3"), ("clients", "3"), ("every", "12")],
    script: &[N1_LEADS],
    until: Duration::seconds(2),
    opens_at: Duration::millis(200),
    view: View::panel(Panel::Measures),
    beside: Some("raft/gathered"),
    ..HOME
};

pub(super) const GATHERED: Scenario = Scenario {
    id: "gathered",
    title: "The leader gathers writes before it sends them",
    summary: "The same clients. The leader waits a little after the first write, and sends all that have come by then \
              in one message.",
    params: &[
        ("nodes", "3"),
        ("clients", "3"),
        ("every", "12"),
        ("batch", "25"),
    ],
    beside: Some("raft/each-at-once"),
    ..EACH
};
