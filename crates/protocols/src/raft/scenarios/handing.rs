//! A leader that goes: by a crash, or after it has handed over.

use faultline_sim::descriptor::Scenario;
use faultline_sim::standing::{Panel, Stop, View};
use faultline_sim::time::Duration;

use super::{HOME, N1_LEADS, marks};

pub(super) const CRASH: Scenario = Scenario {
    id: "leader-goes",
    title: "The leader is switched off for an update",
    summary: "Node 1 leads and is switched off. The others find out when its heartbeats stop. Put the run beside it in \
              which node 1 hands its lead over first.",
    params: &[("clients", "1"), ("every", "40")],
    script: &[N1_LEADS, "900ms crash n1", "2s recover n1"],
    opens_at: Duration::millis(640),
    view: View::panel(Panel::Measures).stop(Stop::Mark(&marks::WINS)),
    beside: Some("raft/leader-hands-over"),
    ..HOME
};

pub(super) const HAND_OVER: Scenario = Scenario {
    id: "leader-hands-over",
    title: "The leader hands over and is switched off",
    summary: "Node 3 should lead before node 1 is switched off. Node 1 takes no more requests, brings node 3 up to \
              date and tells it to ask for votes at once.",
    script: &[
        N1_LEADS,
        "700ms set prefer=3",
        "900ms crash n1",
        "2s recover n1",
    ],
    view: View::panel(Panel::Measures).stop(Stop::Mark(&marks::HANDS_OVER)),
    beside: Some("raft/leader-goes"),
    ..CRASH
};
