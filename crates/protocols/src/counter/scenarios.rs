//! Runs under names a teacher would use.

use faultline_sim::descriptor::Scenario;
use faultline_sim::standing::{Form, Panel, Stop, View};
use faultline_sim::time::Duration;

use super::marks::{IGNORES, TAKES};

const BASE: Scenario = Scenario {
    preset: "correct",
    ..Scenario::BASE
};

/// Each node counts, node 2 twice; then each tells each other one, and is asked for its total.
const DEMO: &[&str] = &[
    r#"500ms request n1 "increment""#,
    r#"1s request n2 "increment""#,
    r#"1500ms request n2 "increment""#,
    r#"2s request n3 "increment""#,
    r#"3s request n2 {"tell":{"to":1}}"#,
    r#"3500ms request n3 {"tell":{"to":1}}"#,
    r#"4s request n1 {"tell":{"to":2}}"#,
    r#"4500ms request n3 {"tell":{"to":2}}"#,
    r#"5s request n1 {"tell":{"to":3}}"#,
    r#"5500ms request n2 {"tell":{"to":3}}"#,
    r#"6500ms request n1 "total""#,
    r#"7s request n2 "total""#,
    r#"7500ms request n3 "total""#,
];

/// The same where node 3 hears nothing from node 1.
const ONE_WAY: &[&str] = &[
    "0s oneway n1->n3",
    DEMO[0],
    DEMO[1],
    DEMO[2],
    DEMO[3],
    DEMO[4],
    DEMO[5],
    DEMO[6],
    DEMO[7],
    DEMO[8],
    DEMO[9],
    DEMO[10],
    DEMO[11],
    DEMO[12],
];

const WRITTEN: Scenario = Scenario {
    id: "demo",
    title: "The curriculum's demo: three nodes count to four",
    summary: "Three nodes count, node 2 twice. Then each tells each other one its count, and all are asked \
              for the total.",
    preset: "as-written",
    script: DEMO,
    until: Duration::seconds(8),
    view: View::panel(Panel::Code),
    beside: Some("counter/one-way"),
    ..BASE
};

/// Whatever arrives last is kept, over a network.
const MESSAGES: Scenario = Scenario {
    preset: "as-messages",
    until: Duration::seconds(6),
    ..BASE
};

/// The first is what `counter` alone means.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "likes",
        title: "Likes at three servers, and a partition",
        summary: "People like and unlike at all three servers, and each server counts at once. Node 3 is cut \
                  off for eight seconds. Nobody is turned away.",
        params: &[("clicks", "900"), ("downs", "15")],
        script: &["4s partition n1,n2|n3", "10s set clicks=0", "12s heal"],
        until: Duration::seconds(18),
        view: View::BASE.stop(Stop::At(Duration::millis(2_500))),
        ..BASE
    },
    WRITTEN,
    Scenario {
        id: "one-way",
        title: "Node 3 never hears node 1",
        summary: "The same program, and nothing gets from node 1 to node 3. All other calls work.",
        script: ONE_WAY,
        beside: Some("counter/demo"),
        ..WRITTEN
    },
    Scenario {
        id: "neighbours",
        title: "Nodes in a line talk to their neighbours only",
        summary: "Node 2 stands in the middle. Nodes 1 and 3 have no link. Turn on \u{201c}A node passes on \
                  what is new to it\u{201d} and run again.",
        params: &[("topology", "line")],
        view: View::panel(Panel::Code).form(Form::Row),
        beside: Some("counter/demo"),
        ..WRITTEN
    },
    Scenario {
        id: "echo",
        title: "A count comes back to its own node",
        summary: "Every node may talk to every other, and each passes on what is new to it. Turn on \
                  \u{201c}A node ignores its own count when it comes back\u{201d} and run again.",
        switches: &[("forward", true)],
        view: View::panel(Panel::Code).stop(Stop::Broken),
        beside: Some("counter/neighbours"),
        ..WRITTEN
    },
    Scenario {
        id: "swapped",
        title: "Two updates of node 2 change places",
        summary: "Node 2 counts twice and sends its count each time. On the way to node 1 the two updates \
                  change places.",
        script: &[
            r#"500ms request n1 "increment""#,
            r#"500ms request n2 "increment""#,
            r#"500ms request n3 "increment""#,
            r#"1s request n1 "share""#,
            r#"1s request n2 "share""#,
            r#"1s request n3 "share""#,
            r#"1100ms request n2 "increment""#,
            r#"1150ms request n2 "share""#,
            "1200ms reorder n2->n1#1 n2->n1#2",
        ],
        view: View::panel(Panel::Code).stop(Stop::At(Duration::millis(1_300))),
        ..MESSAGES
    },
    Scenario {
        id: "same-twice",
        title: "The same update arrives twice",
        summary: "Node 1 has counted once and node 2 twice. The network makes a copy of the update from node 2 \
                  to node 1.",
        script: &[
            "0s duplicate n2->n1#1",
            r#"500ms request n1 "increment""#,
            r#"500ms request n2 "increment""#,
            r#"700ms request n2 "increment""#,
            r#"1s request n2 {"tell":{"to":1}}"#,
        ],
        view: View::BASE.stop(Stop::Mark(&TAKES)),
        beside: Some("counter/add-twice"),
        ..MESSAGES
    },
    Scenario {
        id: "add-twice",
        title: "A lost answer to \u{201c}add one\u{201d}",
        summary: "A client asks node 1 to add one. The answer is lost, and the client asks again. Turn on \
                  \u{201c}A node remembers which requests it has counted\u{201d} and run again.",
        params: &[("clients", "1")],
        switches: &[("ids", false), ("exchange", false)],
        script: &["0s drop n1->n4#1", r#"1s request n4 "increment""#],
        view: View::panel(Panel::Requests),
        beside: Some("counter/same-twice"),
        ..BASE
    },
    Scenario {
        id: "crossing",
        title: "Up at node 1, down at node 2",
        summary: "Each node keeps the larger of two counts. Node 1 counts up while node 2 counts down, and \
                  their updates cross on the way. Turn on \u{201c}Ups and downs are counted apart\u{201d} and \
                  run again.",
        preset: "one-maximum",
        script: &[
            r#"500ms request n1 "increment""#,
            r#"500ms request n2 "increment""#,
            r#"1s request n1 "increment""#,
            r#"3s request n1 "increment""#,
            r#"3s request n2 "decrement""#,
        ],
        until: Duration::seconds(8),
        view: View::BASE.stop(Stop::Mark(&IGNORES)),
        ..BASE
    },
    Scenario {
        id: "clock-back",
        title: "A clock is set back by ten seconds",
        summary: "Updates carry the time of their node's clock. Node 1 counts, its clock is set back, and it \
                  counts again. Run it with sequence numbers, too.",
        preset: "own-clocks",
        script: &[
            r#"1s request n1 "increment""#,
            r#"2s request n2 "increment""#,
            "3s skew n1 -10s",
            r#"4s request n1 "increment""#,
            r#"5s request n1 "increment""#,
        ],
        view: View::BASE.stop(Stop::Mark(&IGNORES)),
        ..BASE
    },
    Scenario {
        id: "joiner",
        title: "Node 4 joins at five seconds",
        summary: "Three nodes have counted and told each other. Then a fourth node comes. Turn on \
                  \u{201c}A node that joins or restarts asks for all counts\u{201d} and run again.",
        script: &[
            r#"500ms request n1 "increment""#,
            r#"1s request n2 "increment""#,
            r#"1500ms request n2 "increment""#,
            r#"2s request n3 "increment""#,
            r#"2500ms request n1 "share""#,
            r#"2500ms request n2 "share""#,
            r#"2500ms request n3 "share""#,
            "5s add",
        ],
        until: Duration::seconds(9),
        opens_at: Duration::millis(4_000),
        ..MESSAGES
    },
    Scenario {
        id: "lossy",
        title: "Four of ten messages are lost",
        summary: "Each node tells the others after each change, once. Four of ten messages are lost, and after \
                  eight seconds nobody counts any more. Add a rule in Settings that mends the totals.",
        params: &[("clicks", "1000"), ("loss", "40")],
        switches: &[("exchange", false)],
        script: &["8s set clicks=0"],
        until: Duration::seconds(20),
        view: View::panel(Panel::Measures),
        ..BASE
    },
    Scenario {
        id: "repaired",
        title: "Losses, and an exchange now and then",
        summary: "Four of ten messages are lost, as before. Now and then each node also sends all counts that it \
                  knows to a random other one, for ever.",
        params: &[("clicks", "1000"), ("loss", "40")],
        script: &["8s set clicks=0"],
        until: Duration::seconds(20),
        view: View::panel(Panel::Measures),
        beside: Some("counter/lossy"),
        ..BASE
    },
    Scenario {
        id: "power-cut",
        title: "Node 1 restarts without a disk",
        summary: "Node 1 counts three times and crashes. It comes back with nothing, asks the others, and \
                  counts once more. Turn on \u{201c}Counts are on disk\u{201d} and run again.",
        switches: &[("disk", false)],
        script: &[
            r#"500ms request n1 "increment""#,
            r#"1s request n1 "increment""#,
            r#"1500ms request n1 "increment""#,
            r#"2s request n2 "increment""#,
            "4s crash n1",
            "5s recover n1",
            r#"7s request n1 "increment""#,
        ],
        view: View::BASE.stop(Stop::Broken),
        ..BASE
    },
    Scenario {
        id: "last-seats",
        title: "Ten seats at three ticket offices",
        summary: "Each office sells while its total is below ten. Node 1 is cut off from the others. Turn on \
                  \u{201c}Each node has its own share of the limit\u{201d} and run again.",
        params: &[("limit", "10"), ("clicks", "1200")],
        switches: &[("shares", false)],
        script: &["1500ms partition n1|n2,n3", "12s set clicks=0", "13s heal"],
        until: Duration::seconds(15),
        view: View::panel(Panel::Measures).stop(Stop::Broken),
        beside: Some("counter/own-shares"),
        ..BASE
    },
    Scenario {
        id: "own-shares",
        title: "Ten seats, and each office has its own",
        summary: "Each office sells from its own share of the ten seats and asks nobody. Node 1 is cut off from \
                  the others.",
        params: &[("limit", "10"), ("clicks", "1200")],
        script: &["1500ms partition n1|n2,n3", "12s set clicks=0", "13s heal"],
        until: Duration::seconds(15),
        view: View::panel(Panel::Measures),
        beside: Some("counter/last-seats"),
        ..BASE
    },
    Scenario {
        id: "rate-limit",
        title: "Thirty calls at three doors",
        summary: "A service lets thirty calls through, at any of three doors. Each door looks at the total \
                  that it knows. Nothing is broken.",
        params: &[("limit", "30"), ("clicks", "250")],
        switches: &[("shares", false)],
        until: Duration::seconds(8),
        view: View::panel(Panel::Measures),
        ..BASE
    },
    Scenario {
        id: "shards",
        title: "A shard on each replica, and clients that retry",
        summary: "As in Cassandra, each replica adds to its own shard, and shards are joined by the larger \
                  count. Clients ask again when an answer is lost. No node remembers requests.",
        params: &[("clients", "3"), ("clicks", "1500")],
        switches: &[("ids", false)],
        script: &["0s loss n1->n4 0.3", "10s set clicks=0"],
        until: Duration::seconds(18),
        view: View::panel(Panel::Requests).stop(Stop::Broken),
        beside: Some("counter/add-twice"),
        ..BASE
    },
];
