//! What goes wrong under the rules of the paper, and does no harm.

use faultline_sim::descriptor::Scenario;
use faultline_sim::network::{Latency, Link};
use faultline_sim::standing::{Panel, Stop, View};
use faultline_sim::time::Duration;

use super::{BASE, N1_LEADS, STEADY, marks};

/// The same servers, the same link and no script, as on Raft's first page.
pub const KILL_THE_LEADER: Scenario = Scenario {
    id: "kill-the-leader",
    title: "Crash the leader, as in Raft",
    summary: "Five servers, one leader. Crash it: the others miss its heartbeats, and one of them asks for \
              promises in a higher ballot. Raft stands beside it, for the same crash.",
    opens_at: Duration::millis(520),
    beside: Some("raft/kill-the-leader"),
    ..BASE
};

/// Node 1 crashes before its second heartbeat, so that only node 3 has heard of slot 1.
pub const HALF_DONE: Scenario = Scenario {
    id: "half-done",
    title: "A new leader finds a slot half done",
    summary: "Node 1 proposes red for slot 1, and only node 3 gets that message. Node 1 answers its client \
              and crashes. Then node 2 leads, and a client wants blue.",
    params: &[("nodes", "3"), ("timeout", "2500"), ("heartbeat", "1000")],
    script: &[
        "0s cut n1-n2",
        N1_LEADS,
        r#"60ms request n1 {"write":{"key":"x","value":"red"}}"#,
        "120ms crash n1",
        "140ms fire n2 ElectionTimeout",
        r#"200ms request n2 {"write":{"key":"x","value":"blue"}}"#,
    ],
    until: Duration::seconds(2),
    opens_at: Duration::millis(50),
    link: Some(STEADY),
    view: View::BASE.stop(Stop::Mark(&marks::ADOPTS)),
    ..BASE
};

/// The wall stands for a moment, in the middle of all links, just where the accepts of slot 2 are.
pub const GAP: Scenario = Scenario {
    id: "gap",
    title: "A leader crashes and leaves a gap",
    summary: "Node 1 proposes in slots 1, 2 and 3 at once. The messages for slot 2 get lost, and node 1 \
              crashes. Node 2 leads next. What may stand in slot 2?",
    script: &[
        N1_LEADS,
        r#"300ms request n1 {"write":{"key":"x","value":"1"}}"#,
        r#"310ms request n1 {"write":{"key":"y","value":"2"}}"#,
        "314ms partition n1|n2,n3,n4,n5",
        r#"320ms request n1 {"write":{"key":"z","value":"3"}}"#,
        "322ms heal",
        "360ms crash n1",
        "480ms fire n2 ElectionTimeout",
        r#"700ms request n2 {"write":{"key":"x","value":"4"}}"#,
        "1200ms recover n1",
    ],
    until: Duration::seconds(2),
    opens_at: Duration::millis(290),
    link: Some(STEADY),
    view: View::BASE.stop(Stop::At(Duration::millis(380))),
    ..BASE
};

/// While node 1 stands still, its request and its next heartbeat wait with it.
pub const SLOW_LEADER: Scenario = Scenario {
    id: "slow-leader",
    title: "A slow leader comes back to a higher ballot",
    summary: "Node 1 leads and stands still for a while. Node 3 leads next and writes x. Then node 1 goes on, \
              as if nothing had happened: it still has a command to propose.",
    script: &[
        N1_LEADS,
        "300ms pause n1",
        r#"310ms request n1 {"write":{"key":"x","value":"old"}}"#,
        "420ms fire n3 ElectionTimeout",
        r#"600ms request n3 {"write":{"key":"x","value":"new"}}"#,
        "900ms resume n1",
    ],
    until: Duration::seconds(2),
    link: Some(STEADY),
    view: View::panel(Panel::Requests).stop(Stop::At(Duration::millis(890))),
    ..BASE
};

pub const CATCH_UP: Scenario = Scenario {
    id: "catch-up",
    title: "A server that was down catches up",
    summary: "Node 4 crashes while a client writes. It misses slots and restarts. The next heartbeat tells it \
              up to which slot everything is chosen.",
    params: &[("clients", "1"), ("every", "120")],
    script: &[N1_LEADS, "400ms crash n4", "1500ms recover n4"],
    opens_at: Duration::millis(380),
    view: View::BASE.stop(Stop::Mark(&marks::ASKS)),
    beside: Some("raft/two-of-five-crash"),
    ..BASE
};

/// The same faults and requests as Raft's run of this name.
pub const WRITE_AND_HEAL: Scenario = Scenario {
    id: "write-and-heal",
    title: "A leader is cut off with a minority",
    summary: "Node 1 leads and keeps one other server. It proposes, but hears from no majority. The other \
              side elects a leader with a higher ballot. Then the partition heals.",
    script: &[
        N1_LEADS,
        r#"150ms request n1 {"write":{"key":"x","value":"1"}}"#,
        "300ms partition n1,n2|n3,n4,n5",
        r#"350ms request n1 {"write":{"key":"x","value":"2"}}"#,
        r#"400ms request n1 {"write":{"key":"x","value":"3"}}"#,
        "450ms fire n4 ElectionTimeout",
        r#"650ms request n4 {"write":{"key":"x","value":"4"}}"#,
        r#"700ms request n3 {"write":{"key":"x","value":"5"}}"#,
        "1100ms heal",
    ],
    opens_at: Duration::millis(280),
    view: View::panel(Panel::Requests).stop(Stop::Mark(&marks::OVERTAKEN)),
    beside: Some("raft/write-and-heal"),
    ..BASE
};

/// Each prepare comes just before the other's promises are complete.
pub const DUEL: Scenario = Scenario {
    id: "duel",
    title: "Two servers overtake each other",
    summary: "Nodes 1 and 2 both want to lead. A server that hears of a higher ballot starts an even higher \
              one at once. Watch the ballot numbers, and who leads.",
    preset: "duelling",
    script: &[
        N1_LEADS,
        "25ms fire n2 ElectionTimeout",
        r#"300ms request n3 {"write":{"key":"x","value":"1"}}"#,
    ],
    opens_at: Duration::millis(8),
    link: Some(Link::new(Latency::Constant(Duration::millis(20)))),
    view: View::BASE.stop(Stop::Mark(&marks::OVERTAKEN)),
    beside: Some("multi-paxos/backoff"),
    ..BASE
};

pub const BACKOFF: Scenario = Scenario {
    id: "backoff",
    title: "A random wait ends the duel",
    summary: "The same two servers at the same moments. But now a server that was overtaken waits for a \
              random time before it tries again.",
    preset: "correct",
    beside: Some("multi-paxos/duel"),
    ..DUEL
};

/// The same faults and requests as Raft's run of this name.
pub const STALE_READ: Scenario = Scenario {
    id: "stale-read",
    title: "A read takes a slot, too",
    summary: "Node 1 is cut off and does not know that node 4 leads now. A client asks node 1 to read x. \
              Turn off \u{201c}A read takes a slot of the log, too\u{201d} and run again.",
    script: &[
        N1_LEADS,
        r#"150ms request n1 {"write":{"key":"x","value":"old"}}"#,
        "300ms partition n1|n2,n3,n4,n5",
        "400ms fire n4 ElectionTimeout",
        r#"550ms request n4 {"write":{"key":"x","value":"new"}}"#,
        r#"700ms request n1 {"read":{"key":"x"}}"#,
    ],
    opens_at: Duration::millis(380),
    view: View::panel(Panel::Requests).stop(Stop::At(Duration::millis(720))),
    beside: Some("raft/confirmed-read"),
    ..BASE
};

/// The same clients and faults as Raft's run of this name.
pub const JUDGED: Scenario = Scenario {
    id: "judged",
    title: "Three clients, a partition, a crash and a judge",
    summary: "Three clients read and write x all the time. The leader is cut off with one of them, the \
              network heals, and another server crashes. A judge checks all answers.",
    params: &[
        ("clients", "3"),
        ("every", "60"),
        ("reads", "80"),
        ("compares", "10"),
        ("tries", "3"),
    ],
    script: &[
        N1_LEADS,
        "700ms partition n1,n6|n2,n3,n4,n5,n7,n8",
        "760ms fire n4 ElectionTimeout",
        "1500ms heal",
        "1900ms crash n3",
        "2400ms recover n3",
    ],
    opens_at: Duration::millis(600),
    view: View::panel(Panel::Requests).stop(Stop::At(Duration::millis(1_000))),
    beside: Some("raft/judged"),
    ..BASE
};
