//! Runs under names a teacher would use. In runs with steady links every hop takes the same time, so that
//! walls can stand between two messages.

mod faults;
mod flaws;

use faultline_sim::descriptor::Scenario;
use faultline_sim::network::{Latency, Link};
use faultline_sim::standing::{Panel, Stop, View};
use faultline_sim::time::Duration;

use super::marks;
use crate::parts::same_faults;

/// A hop of 12 to 24 ms takes half a second to look at.
const BASE: Scenario = Scenario {
    preset: "correct",
    until: Duration::seconds(3),
    opens_at: Duration::millis(240),
    pace: 0.04,
    ..Scenario::BASE
};

/// The usual start: node 1 leads ballot 1.1.
const N1_LEADS: &str = "10ms fire n1 ElectionTimeout";

/// Every hop takes the same time.
const STEADY: Link = Link::new(Latency::Constant(Duration::millis(15)));

/// The first is what `multi-paxos` alone means.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "steady",
        title: "A leader needs one round trip for each command",
        summary: "Node 1 asks for promises once, for all slots. Then a client writes five times, and each write \
                  is chosen in a slot of its own. Watch which messages a write needs.",
        script: &[
            N1_LEADS,
            r#"300ms request n1 {"write":{"key":"x","value":"1"}}"#,
            r#"450ms request n1 {"write":{"key":"x","value":"2"}}"#,
            r#"600ms request n1 {"write":{"key":"x","value":"3"}}"#,
            r#"750ms request n1 {"write":{"key":"x","value":"4"}}"#,
            r#"900ms request n1 {"write":{"key":"x","value":"5"}}"#,
        ],
        until: Duration::seconds(2),
        opens_at: Duration::millis(8),
        view: View::BASE.stop(Stop::Mark(&marks::LEADS)),
        beside: Some("raft/five-writes"),
        ..BASE
    },
    faults::KILL_THE_LEADER,
    faults::HALF_DONE,
    faults::GAP,
    faults::SLOW_LEADER,
    faults::CATCH_UP,
    faults::WRITE_AND_HEAL,
    Scenario {
        id: "window",
        title: "Nine commands at once, and a window of four slots",
        summary: "A client sends nine writes at the same moment. The leader may be four slots ahead of what is \
                  chosen, so some commands have to wait.",
        script: &[
            N1_LEADS,
            r#"300ms request n1 {"write":{"key":"x","value":"1"}}"#,
            r#"300ms request n1 {"write":{"key":"x","value":"2"}}"#,
            r#"300ms request n1 {"write":{"key":"x","value":"3"}}"#,
            r#"300ms request n1 {"write":{"key":"x","value":"4"}}"#,
            r#"300ms request n1 {"write":{"key":"x","value":"5"}}"#,
            r#"300ms request n1 {"write":{"key":"x","value":"6"}}"#,
            r#"300ms request n1 {"write":{"key":"x","value":"7"}}"#,
            r#"300ms request n1 {"write":{"key":"x","value":"8"}}"#,
            r#"300ms request n1 {"write":{"key":"x","value":"9"}}"#,
        ],
        until: Duration::seconds(1),
        opens_at: Duration::millis(290),
        link: Some(STEADY),
        view: View::panel(Panel::Requests).stop(Stop::At(Duration::millis(310))),
        ..BASE
    },
    faults::DUEL,
    faults::BACKOFF,
    faults::STALE_READ,
    faults::JUDGED,
    flaws::FORGOTTEN_PROMISE,
    flaws::KEPT_PROMISE,
    flaws::FORGOTTEN_SLOT,
    flaws::CRASH_IN_MID_WRITE,
    Scenario {
        title: "Same faults, different algorithms: Multi-Paxos",
        summary: "Clients write and read at one server after the other. Node 1, the leader, crashes and comes back; then it is cut \
                  off with node 2. The table below the measures gives the same to other algorithms.",
        preset: "correct",
        script: same_faults::writes![N1_LEADS],
        ..same_faults::BASE
    },
];
