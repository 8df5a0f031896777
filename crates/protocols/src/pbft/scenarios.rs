//! Runs under names a teacher would use. Without other settings nodes 1 to 4 are replicas and node 5 is the client.
//! Node 1 is the primary of view 0. Its first message to a backup is the pre-prepare, the second its commit; a
//! backup's first message to another is its prepare.

use faultline_sim::descriptor::Scenario;
use faultline_sim::standing::{Panel, Stop, View};
use faultline_sim::time::Duration;

use super::marks;
use crate::parts::same_faults;

const BASE: Scenario = Scenario {
    preset: "correct",
    until: Duration::seconds(20),
    opens_at: Duration::millis(0),
    ..Scenario::BASE
};

/// A client makes one request on its own, in the first second: so it is with any number of replicas.
const ONE: &[(&str, &str)] = &[("every", "1000"), ("asks", "1")];

const FIRST: &str = r#"1s request n5 {"write":{"key":"x","value":"1"}}"#;
const SECOND: &str = r#"5s request n5 {"write":{"key":"x","value":"2"}}"#;

/// The first is what `pbft` alone means.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "normal-case",
        title: "Four replicas agree on one request",
        summary: "The client, node 5, asks the primary to write x = 1. Watch the three phases: \
                  pre-prepare, prepare, commit. Count the messages.",
        params: ONE,
        until: Duration::seconds(10),
        view: View::BASE.stop(Stop::Mark(&marks::PREPARED)),
        beside: Some("paxos/one-proposer"),
        ..BASE
    },
    Scenario {
        id: "silent-backup",
        title: "One backup says nothing",
        summary: "Node 4 receives everything and sends nothing. The other three go on without it.",
        params: ONE,
        script: &["0s lie n4 silent"],
        until: Duration::seconds(10),
        view: View::BASE.stop(Stop::Mark(&marks::PREPARED)),
        beside: Some("pbft/normal-case"),
        ..BASE
    },
    Scenario {
        id: "silent-primary",
        title: "The primary says nothing",
        summary: "Node 1 takes the request and says nothing. The client asks all replicas, they lose \
                  patience, and a new view begins.",
        params: ONE,
        script: &["0s lie n1 silent"],
        view: View::BASE.stop(Stop::Mark(&marks::SUSPECTS)),
        beside: Some("raft/kill-the-leader"),
        ..BASE
    },
    Scenario {
        id: "two-stories",
        title: "The primary tells two stories",
        summary: "Request x = 1 has run. Then node 1 lies: for number 2 it sends x = 2 to nodes 2 and 3, \
                  and the old request to node 4.",
        script: &[FIRST, "4s lie n1 forge", SECOND],
        view: View::BASE.stop(Stop::Mark(&marks::ASSIGNS)),
        beside: Some("pbft/two-liars"),
        ..BASE
    },
    Scenario {
        id: "two-liars",
        title: "Two of four replicas lie",
        summary: "Nodes 1 and 2 lie together. They tell node 3 one story about number 2, and node 4 \
                  another one.",
        script: &[FIRST, "4s lie n1 forge", "4s lie n2 forge", SECOND],
        view: View::BASE.stop(Stop::Mark(&marks::ASSIGNS)),
        beside: Some("pbft/two-stories"),
        ..BASE
    },
    Scenario {
        id: "three-replicas",
        title: "Three replicas, and one lies",
        summary: "With three replicas f is 0, so two of them are a quorum. The primary tells nodes 2 and \
                  3 different stories.",
        params: &[("nodes", "3")],
        script: &[
            r#"1s request n4 {"write":{"key":"x","value":"1"}}"#,
            "4s lie n1 forge",
            r#"5s request n4 {"write":{"key":"x","value":"2"}}"#,
        ],
        view: View::BASE.stop(Stop::Mark(&marks::ASSIGNS)),
        beside: Some("pbft/two-stories"),
        ..BASE
    },
    Scenario {
        id: "seven-replicas",
        title: "Seven replicas, and two lie",
        summary: "Nodes 1 and 2 lie together, as before. Five of seven are a quorum now.",
        params: &[("nodes", "7")],
        script: &[
            r#"1s request n8 {"write":{"key":"x","value":"1"}}"#,
            "4s lie n1 forge",
            "4s lie n2 forge",
            r#"5s request n8 {"write":{"key":"x","value":"2"}}"#,
        ],
        until: Duration::seconds(60),
        view: View::BASE.stop(Stop::Mark(&marks::ASSIGNS)),
        beside: Some("pbft/two-liars"),
        ..BASE
    },
    Scenario {
        id: "two-silent",
        title: "Two of four replicas are down",
        summary: "Nodes 3 and 4 crash. The client asks again and again. Then node 3 is back.",
        script: &["500ms crash n3", "500ms crash n4", FIRST, "12s recover n3"],
        until: Duration::seconds(40),
        view: View::BASE.stop(Stop::Mark(&marks::ASKS_ALL)),
        beside: Some("pbft/silent-backup"),
        ..BASE
    },
    Scenario {
        id: "made-up",
        title: "The primary makes up a request",
        summary: "The client asks for x = 1. Node 1 lies and sends all backups a request that the client \
                  never made.",
        params: ONE,
        script: &["0s lie n1 forge"],
        view: View::BASE.stop(Stop::Mark(&marks::REFUSES)),
        beside: Some("pbft/silent-primary"),
        ..BASE
    },
    Scenario {
        id: "wrong-answer",
        title: "One replica gives a wrong answer",
        summary: "The client writes and reads, one request after another. Node 4 is nearest to the client, and it \
                  lies about what it has read.",
        params: &[("every", "1000"), ("asks", "8"), ("reads", "60")],
        script: &[
            "0s lie n4 forge",
            "0s slow n1->n5 300ms",
            "0s slow n2->n5 300ms",
            "0s slow n3->n5 300ms",
        ],
        until: Duration::seconds(30),
        view: View::panel(Panel::Requests).stop(Stop::Mark(&marks::BELIEVES)),
        beside: Some("pbft/normal-case"),
        ..BASE
    },
    Scenario {
        id: "answers-lost",
        title: "The request runs, and the answers get lost",
        summary: "All replicas execute x = 1, but three of four answers are lost. The client asks all replicas \
                  again.",
        script: &[
            FIRST,
            "1s drop n1->n5#1",
            "1s drop n2->n5#1",
            "1s drop n3->n5#1",
        ],
        view: View::BASE.stop(Stop::Mark(&marks::ASKS_ALL)),
        beside: Some("pbft/normal-case"),
        ..BASE
    },
    Scenario {
        id: "old-votes",
        title: "A replica repeats old messages",
        summary: "Node 4 sends old messages in place of new ones, and messages of node 2 arrive twice.",
        script: &[
            FIRST,
            "4s lie n4 replay",
            SECOND,
            "5s duplicate n2->n3#3",
            "5s duplicate n2->n3#4",
        ],
        view: View::BASE.stop(Stop::Mark(&marks::ASSIGNS)),
        beside: Some("pbft/normal-case"),
        ..BASE
    },
    Scenario {
        id: "carried-over",
        title: "A request survives the change of the primary",
        summary: "Nodes 1 and 2 execute x = 1 and answer the client. Nodes 3 and 4 miss commits. Then node \
                  1 crashes, and another client asks.",
        params: &[("clients", "2")],
        script: &[
            FIRST,
            "1s drop n1->n3#2",
            "1s drop n2->n3#2",
            "1s drop n1->n4#2",
            "1s drop n2->n4#2",
            "4500ms crash n1",
            r#"5s request n6 {"write":{"key":"y","value":"2"}}"#,
        ],
        until: Duration::seconds(30),
        view: View::BASE.stop(Stop::Mark(&marks::ASKS_FOR_VIEW)),
        beside: Some("paxos/proposer-crashes"),
        ..BASE
    },
    Scenario {
        id: "two-clients",
        title: "Two clients ask at the same time",
        summary: "Nodes 5 and 6 ask nearly at once. Each request gets a number of its own.",
        params: &[("clients", "2")],
        script: &[FIRST, r#"2s request n6 {"write":{"key":"x","value":"2"}}"#],
        until: Duration::seconds(10),
        view: View::BASE.stop(Stop::Mark(&marks::PREPARED)),
        beside: Some("pbft/normal-case"),
        ..BASE
    },
    Scenario {
        id: "checkpoint",
        title: "Checkpoints shorten the log",
        summary: "The client writes on and on. Every fourth number the replicas compare their states, and \
                  throw away the log below.",
        params: &[("interval", "4"), ("every", "500")],
        until: Duration::seconds(30),
        view: View::BASE.stop(Stop::Mark(&marks::STABLE)),
        beside: Some("pbft/catch-up"),
        ..BASE
    },
    Scenario {
        id: "catch-up",
        title: "A replica that missed requests fetches the state",
        summary: "Node 4 is down while the others execute requests and throw away their logs. When it is \
                  back, it compares checkpoints and fetches the state.",
        params: &[("interval", "4"), ("every", "500")],
        script: &["3s crash n4", "14s recover n4"],
        until: Duration::seconds(40),
        view: View::BASE.stop(Stop::Mark(&marks::BEHIND)),
        beside: Some("pbft/checkpoint"),
        ..BASE
    },
    Scenario {
        id: "window-full",
        title: "The primary runs out of numbers",
        summary: "Nodes 3 and 4 are down, so no checkpoint gets stable. Four clients ask, and the window \
                  has room for two numbers.",
        params: &[("clients", "4"), ("interval", "1")],
        script: &[
            "500ms crash n3",
            "500ms crash n4",
            FIRST,
            r#"1s request n6 {"write":{"key":"x","value":"2"}}"#,
            r#"1s request n7 {"write":{"key":"x","value":"3"}}"#,
            r#"1s request n8 {"write":{"key":"x","value":"4"}}"#,
        ],
        view: View::BASE.stop(Stop::Mark(&marks::FULL)),
        beside: Some("pbft/checkpoint"),
        ..BASE
    },
    Scenario {
        title: "Same faults, different algorithms: PBFT",
        summary: "Clients write and read on nodes 6 to 10, each beside a replica. Node 1, the primary, crashes and comes back; \
                  then it is cut off with node 2. The table below the measures gives the same to other algorithms.",
        preset: "correct",
        params: &[
            ("nodes", "5"),
            ("clients", "5"),
            ("patience", "300"),
            ("retry", "400"),
        ],
        script: same_faults::asks![],
        ..same_faults::BASE
    },
];
