//! Runs under names a teacher would use. Without other settings nodes 1 and 2 propose, nodes 3 to 5 accept,
//! and node 6 learns. A proposer's first message to an acceptor is its prepare, the second its accept.

use faultline_sim::descriptor::Scenario;
use faultline_sim::network::{Latency, Link};
use faultline_sim::standing::{Panel, Stop, View};
use faultline_sim::time::Duration;

use super::marks;

const BASE: Scenario = Scenario {
    preset: "correct",
    until: Duration::seconds(10),
    opens_at: Duration::millis(800),
    ..Scenario::BASE
};

const RED: &str = r#"1s request n1 {"propose":{"value":"red"}}"#;

/// Steady enough that a duel goes on, and never the same twice.
const STEADY: Link = Link::new(Latency::Uniform {
    min: Duration::millis(380),
    max: Duration::millis(420),
});

/// Node 2 prepares in the time in which node 1 gets its value ready, and so on.
const DUEL: Scenario = Scenario {
    params: &[("ready", "800")],
    script: &[RED, r#"2.2s request n2 {"propose":{"value":"blue"}}"#],
    until: Duration::seconds(20),
    link: Some(STEADY),
    ..BASE
};

/// The first is what `paxos` alone means.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "one-proposer",
        title: "One proposer, three acceptors",
        summary: "A client asks node 1 to propose red. Watch the two phases: promise, then accept. The \
                  learner, node 5, finds out what is chosen. Count the messages.",
        params: &[("proposers", "1")],
        script: &[RED],
        view: View::BASE.stop(Stop::Mark(&marks::PROPOSES)),
        beside: Some("two-phase-commit/all-agree"),
        ..BASE
    },
    Scenario {
        id: "second-proposer",
        title: "A second proposer must repeat the choice",
        summary: "Red is chosen. Later a client asks node 2 to propose blue. Its ballot is higher, so \
                  the acceptors promise it, and they report red.",
        script: &[RED, r#"4s request n2 {"propose":{"value":"blue"}}"#],
        view: View::BASE.stop(Stop::Mark(&marks::ADOPTS)),
        beside: Some("paxos/accepted-once"),
        ..BASE
    },
    Scenario {
        id: "accepted-once",
        title: "Only one acceptor has red",
        summary: "Only node 3 gets the accept of node 1, so red is not chosen. Then node 2 wants \
                  blue, and node 3 is in its majority.",
        script: &[
            RED,
            "1s drop n1->n4#2",
            "1s drop n1->n5#2",
            "4s drop n2->n5#1",
            r#"4s request n2 {"propose":{"value":"blue"}}"#,
        ],
        view: View::BASE.stop(Stop::Mark(&marks::ADOPTS)),
        beside: Some("paxos/another-majority"),
        ..BASE
    },
    Scenario {
        id: "another-majority",
        title: "The other majority knows nothing of red",
        summary: "Only node 3 has accepted red, and node 2 asks the other two. It may propose blue. \
                  Then the late accepts of node 1 arrive.",
        script: &[
            RED,
            "1s delay n1->n4#2 6s",
            "1s delay n1->n5#2 6s",
            "4s drop n2->n3#1",
            r#"4s request n2 {"propose":{"value":"blue"}}"#,
        ],
        until: Duration::seconds(14),
        view: View::BASE.stop(Stop::Mark(&marks::REFUSES)),
        beside: Some("paxos/accepted-once"),
        ..BASE
    },
    Scenario {
        id: "highest-of-two",
        title: "Two different values are reported",
        summary: "Node 4 has accepted red in ballot 1.1, nodes 5 and 6 have accepted blue in ballot 1.2. \
                  Now node 3 wants green and hears of both.",
        params: &[("proposers", "3")],
        script: &[
            RED,
            "1s drop n1->n5#2",
            "1s drop n1->n6#2",
            "3s drop n2->n4#1",
            "3s drop n2->n4#2",
            r#"3s request n2 {"propose":{"value":"blue"}}"#,
            "6s delay n3->n5#1 400ms",
            "6s delay n3->n6#1 400ms",
            r#"6s request n3 {"propose":{"value":"green"}}"#,
        ],
        until: Duration::seconds(12),
        view: View::BASE.stop(Stop::Mark(&marks::ADOPTS)),
        beside: Some("paxos/accepted-once"),
        ..BASE
    },
    Scenario {
        id: "duel",
        title: "Two proposers overtake each other for ever",
        summary: "Each time one proposer has its promises, the other starts a higher ballot. Nothing \
                  is chosen. Watch the ballot numbers leapfrog.",
        preset: "duelling",
        view: View::panel(Panel::Measures).stop(Stop::Mark(&marks::OVERTAKEN)),
        beside: Some("paxos/backoff"),
        ..DUEL
    },
    Scenario {
        id: "start-a-duel",
        title: "Start a duel at the right moment",
        summary: "Node 1 proposes red. Ask node 2 to propose blue at the right moment, so that neither \
                  gets its value chosen.",
        preset: "duelling",
        script: &[RED],
        view: View::BASE.stop(Stop::Mark(&marks::PREPARES)),
        beside: Some("paxos/duel"),
        ..DUEL
    },
    Scenario {
        id: "backoff",
        title: "Random waits end the duel",
        summary: "The same two proposers, but one that was overtaken waits for a random time before it tries \
                  again.",
        view: View::panel(Panel::Measures).stop(Stop::Mark(&marks::LEARNS)),
        beside: Some("paxos/duel"),
        ..DUEL
    },
    Scenario {
        id: "one-leader",
        title: "Only one proposer tries: no duel",
        summary: "Node 2 passes its client's value on to node 1, the distinguished proposer. What \
                  happens if that one crashes?",
        preset: "distinguished",
        view: View::panel(Panel::Measures).stop(Stop::Mark(&marks::LEARNS)),
        beside: Some("paxos/duel"),
        ..DUEL
    },
    Scenario {
        id: "proposer-crashes",
        title: "A proposer crashes between the phases",
        summary: "Node 1 has its promises and crashes before it can propose red. Node 2 proposes blue. \
                  Then node 1 is back and tries again.",
        params: &[("ready", "800")],
        script: &[
            RED,
            "2.2s crash n1",
            r#"3s request n2 {"propose":{"value":"blue"}}"#,
            "7s recover n1",
        ],
        until: Duration::seconds(12),
        view: View::BASE.stop(Stop::At(Duration::millis(2_300))),
        beside: Some("two-phase-commit/coordinator-dies"),
        ..BASE
    },
    Scenario {
        id: "half-accepted",
        title: "A learner cannot tell, so it asks",
        summary: "Only one acceptor gets red, and node 1 crashes. The learner hears of it and cannot \
                  know whether red is chosen. In the end it asks node 2 to finish.",
        params: &[("ask", "3000")],
        script: &[RED, "1s drop n1->n4#2", "1s drop n1->n5#2", "2.1s crash n1"],
        until: Duration::seconds(20),
        view: View::BASE.stop(Stop::Mark(&marks::ASKS)),
        beside: Some("paxos/missed-news"),
        ..BASE
    },
    Scenario {
        id: "missed-news",
        title: "A learner misses the news and asks",
        summary: "The learner, node 6, is down while the acceptors accept red. When it is back, it asks \
                  them.",
        script: &[RED, "1.5s crash n6", "5s recover n6"],
        view: View::BASE.stop(Stop::Mark(&marks::ASKS)),
        beside: Some("paxos/one-proposer"),
        ..BASE
    },
    Scenario {
        id: "minority-down",
        title: "Two of five acceptors are down",
        summary: "Two of five acceptors crash before node 1 proposes red. Three are a majority.",
        params: &[("acceptors", "5")],
        script: &["500ms crash n6", "500ms crash n7", RED],
        view: View::BASE.stop(Stop::Mark(&marks::PROPOSES)),
        beside: Some("paxos/majority-down"),
        ..BASE
    },
    Scenario {
        id: "majority-down",
        title: "Three of five acceptors are down",
        summary: "Node 1 tries again and again, and too few acceptors promise. Then one of them is back.",
        params: &[("acceptors", "5")],
        script: &[
            "500ms crash n5",
            "500ms crash n6",
            "500ms crash n7",
            RED,
            "6.5s recover n5",
        ],
        until: Duration::seconds(14),
        view: View::BASE.stop(Stop::Mark(&marks::TOO_FEW)),
        beside: Some("paxos/minority-down"),
        ..BASE
    },
    Scenario {
        id: "forgotten-promise",
        title: "An acceptor forgets its promise in a crash",
        summary: "Nodes 4 and 5 have accepted blue. Node 4 crashes and forgets its promise. Then the \
                  late accepts of node 1 arrive.",
        preset: "forgets",
        script: &[
            RED,
            "1s delay n1->n3#2 4s",
            "1s delay n1->n4#2 4s",
            "1s drop n1->n5#2",
            "2.5s drop n2->n3#1",
            "2.5s drop n2->n3#2",
            r#"2.5s request n2 {"propose":{"value":"blue"}}"#,
            "4.8s crash n4",
            "5.2s recover n4",
        ],
        view: View::BASE.stop(Stop::Broken),
        beside: Some("paxos/second-proposer"),
        ..BASE
    },
    Scenario {
        id: "crash-in-mid-write",
        title: "An acceptor answers before it has written",
        summary: "The disk of node 4 is slow. It accepts red, tells the learner at once, and crashes before \
                  the write is done.",
        preset: "answers-first",
        script: &[
            "0s disk n4 3s",
            RED,
            "1s drop n1->n5#2",
            "3.2s crash n4",
            "3.6s recover n4",
            "4s disk n4 0ms",
            "5s drop n2->n3#1",
            r#"5s request n2 {"propose":{"value":"blue"}}"#,
        ],
        view: View::BASE.stop(Stop::Broken),
        beside: Some("paxos/forgotten-promise"),
        ..BASE
    },
    Scenario {
        id: "which-rule",
        title: "One rule is missing: which one?",
        summary: "Three proposers, two restarts, and accepts that come very late. One of five rules is off, \
                  and the rule that is missing lets two values through.",
        preset: "one-rule-off",
        params: &[("proposers", "3"), ("first-wait", "500")],
        script: &[
            "0s slow n2->n4 500ms",
            "0s slow n2->n5 500ms",
            r#"1s request n3 {"propose":{"value":"green"}}"#,
            "1s delay n3->n4#2 9s",
            "1s delay n3->n5#2 9s",
            "1s delay n3->n6#2 9s",
            r#"3s request n1 {"propose":{"value":"red"}}"#,
            "3s drop n1->n6#3",
            "7.5s crash n4",
            "7.6s recover n4",
            "7.7s crash n5",
            "7.8s recover n5",
            r#"8s request n2 {"propose":{"value":"blue"}}"#,
        ],
        until: Duration::seconds(16),
        view: View::BASE.stop(Stop::Broken),
        beside: Some("raft/which-rule"),
        ..BASE
    },
];
