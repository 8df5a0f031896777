//! Maintenance: one server after another is switched off and on again.

use faultline_sim::descriptor::Scenario;
use faultline_sim::standing::{Panel, Stop, View};
use faultline_sim::time::Duration;

use super::{HOME, N1_LEADS};

pub(super) const RESTART: Scenario = Scenario {
    id: "rolling-restart",
    title: "Five servers get an update, one after another",
    summary: "Each server is switched off for a moment and comes back, the leader last. A client writes all the time.",
    params: &[("clients", "1"), ("every", "60")],
    script: &[
        N1_LEADS,
        "500ms crash n2",
        "700ms recover n2",
        "800ms crash n3",
        "1000ms recover n3",
        "1100ms crash n4",
        "1300ms recover n4",
        "1400ms crash n5",
        "1600ms recover n5",
        "1700ms crash n1",
        "1900ms recover n1",
    ],
    opens_at: Duration::millis(440),
    view: View::panel(Panel::Measures).stop(Stop::At(Duration::millis(1_690))),
    beside: Some("raft/leader-hands-over"),
    hunted: false,
    ..HOME
};
