//! Runs under names a teacher would use.

use faultline_sim::descriptor::Scenario;
use faultline_sim::network::{Latency, Link};
use faultline_sim::standing::{Panel, Stop, View};
use faultline_sim::time::Duration;

use super::REPLACES;
use crate::parts::same_faults;

/// A hop of 12 to 24 ms takes half a second to look at.
const BASE: Scenario = Scenario {
    preset: "one-decides",
    until: Duration::seconds(2),
    opens_at: Duration::millis(140),
    pace: 0.04,
    view: View::panel(Panel::Requests),
    ..Scenario::BASE
};

/// Every message takes the same time, so that two writes cross in the middle.
const STEADY: Option<Link> = Some(Link::new(Latency::Constant(Duration::millis(20))));

/// The split and the writes of `raft/write-and-heal`.
const SAME_CUT: &[&str] = &[
    r#"150ms request n1 {"write":{"key":"x","value":"1"}}"#,
    "300ms partition n1,n2|n3,n4,n5",
    r#"350ms request n1 {"write":{"key":"x","value":"2"}}"#,
    r#"400ms request n1 {"write":{"key":"x","value":"3"}}"#,
    r#"650ms request n4 {"write":{"key":"x","value":"4"}}"#,
    r#"700ms request n3 {"write":{"key":"x","value":"5"}}"#,
    "1100ms heal",
];

/// Two clients write at the same moment, at two ends of the network.
const AT_ONCE: &[&str] = &[
    r#"200ms request n1 {"write":{"key":"x","value":"red"}}"#,
    r#"200ms request n5 {"write":{"key":"x","value":"blue"}}"#,
];

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "same-cut",
        title: "Writes on both sides of a cut, and nobody who decides",
        summary: "Five nodes tell each other what was written. A cut splits them two and three, clients write on both \
                  sides, and the cut heals. Raft, beside it, gets the same cut and the same writes.",
        preset: "told-once",
        script: SAME_CUT,
        opens_at: Duration::millis(280),
        beside: Some("raft/write-and-heal"),
        ..BASE
    },
    Scenario {
        id: "at-once",
        title: "Two clients write at the same moment",
        summary: "No message is lost and no node crashes. One client writes red at node 1, another writes blue at node 5.",
        preset: "told-once",
        script: AT_ONCE,
        link: STEADY,
        view: View::panel(Panel::Requests).stop(Stop::Mark(&REPLACES)),
        ..BASE
    },
    Scenario {
        id: "newest-wins",
        title: "The same cut, and the newer stamp wins",
        summary: "Every write has a stamp, and nodes tell each other again and again. All copies become the same after the \
                  cut. Watch which confirmed writes are left.",
        preset: "newest-wins",
        script: SAME_CUT,
        opens_at: Duration::millis(280),
        beside: Some("no-consensus/same-cut"),
        ..BASE
    },
    Scenario {
        id: "majority",
        title: "A majority has the write, and a read goes back in time",
        summary: "Node 1 answers a write only when three of five nodes have it. One node hears of it late, and it \
                  answers a read without asking anybody.",
        preset: "majority",
        params: &[("tell-every", "1500")],
        script: &[
            r#"150ms request n1 {"write":{"key":"x","value":"old"}}"#,
            "400ms hold n1->n5#2",
            r#"400ms request n1 {"write":{"key":"x","value":"new"}}"#,
            r#"500ms request n2 {"read":{"key":"x"}}"#,
            r#"600ms request n5 {"read":{"key":"x"}}"#,
        ],
        opens_at: Duration::millis(380),
        link: STEADY,
        view: View::panel(Panel::Requests),
        ..BASE
    },
    Scenario {
        id: "one-decides",
        title: "Node 1 decides, until it crashes",
        summary: "All nodes pass their requests on to node 1, which answers them in an order of its own. Then node 1 \
                  crashes, and the others are asked.",
        script: &[
            r#"150ms request n2 {"write":{"key":"x","value":"1"}}"#,
            r#"150ms request n4 {"write":{"key":"x","value":"2"}}"#,
            r#"300ms request n5 {"read":{"key":"x"}}"#,
            "500ms crash n1",
            r#"600ms request n2 {"write":{"key":"x","value":"3"}}"#,
            r#"700ms request n4 {"read":{"key":"x"}}"#,
            "1100ms recover n1",
            r#"1300ms request n2 {"write":{"key":"x","value":"4"}}"#,
        ],
        opens_at: Duration::millis(140),
        view: View::panel(Panel::Requests).stop(Stop::At(Duration::millis(590))),
        ..BASE
    },
    Scenario {
        title: "Same faults, different algorithms: nodes that tell each other",
        summary: "Clients write and read at one node after the other. Node 1 crashes and comes back; then it is cut off with node 2. \
                  The table below the measures gives the same to other algorithms.",
        preset: "newest-wins",
        script: same_faults::writes![],
        ..same_faults::BASE
    },
];
