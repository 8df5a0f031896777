//! A follower that was away for long: it gets every entry, or the state.

use faultline_sim::descriptor::Scenario;
use faultline_sim::standing::{Panel, Stop, View};
use faultline_sim::time::Duration;

use super::{HOME, N1_LEADS, marks};

pub(super) const WHOLE_LOG: Scenario = Scenario {
    id: "long-absence",
    title: "A server returns after 200 writes and gets every entry",
    summary: "Node 3 is down for two seconds while a client writes a hundred times a second. Then it restarts and gets \
              all entries that it missed, twenty in a message.",
    params: &[
        ("nodes", "3"),
        ("clients", "1"),
        ("every", "10"),
        ("most", "20"),
    ],
    script: &[
        N1_LEADS,
        "200ms crash n3",
        "2250ms set every=0",
        "2400ms recover n3",
    ],
    until: Duration::seconds(4),
    opens_at: Duration::millis(2_350),
    view: View::panel(Panel::Measures),
    beside: Some("raft/long-absence-snapshot"),
    ..HOME
};

pub(super) const SNAPSHOT: Scenario = Scenario {
    id: "long-absence-snapshot",
    title: "A server returns after 200 writes and gets a snapshot",
    summary: "The same absence. Here each server keeps the last entries of its log only, and a snapshot of its state. \
              The entries that node 3 missed are gone, so it gets the snapshot.",
    params: &[
        ("nodes", "3"),
        ("clients", "1"),
        ("every", "10"),
        ("most", "20"),
        ("compact", "20"),
    ],
    view: View::panel(Panel::Measures).stop(Stop::Mark(&marks::INSTALLS)),
    beside: Some("raft/long-absence"),
    ..WHOLE_LOG
};
