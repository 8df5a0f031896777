//! Presets and scenarios under the names a teacher would use.

use faultline_sim::descriptor::{Preset, Scenario};
use faultline_sim::standing::{Panel, Stop, View};
use faultline_sim::time::Duration;

use super::marks;

const STANDARD: Preset = Preset {
    name: "standard",
    title: "Retries, and each request is applied once",
    ..Preset::BASE
};

pub(super) const PRESETS: &[Preset] = &[
    STANDARD,
    Preset {
        name: "no-retry",
        title: "No retries",
        switches: &[("retry", false)],
        ..STANDARD
    },
    Preset {
        name: "forgetful",
        title: "Servers forget request ids",
        breaks: Some("at-most-once: a retry is applied twice"),
        switches: &[("remember", false)],
        ..STANDARD
    },
];

/// Five servers and one client, which is n6.
const PLAIN: Scenario = Scenario {
    id: "hello",
    title: "Hello, cluster",
    summary: "Five servers send each other heartbeats, and a client asks them in turn. Break \
              something and see which servers notice.",
    preset: "standard",
    until: Duration::seconds(30),
    opens_at: Duration::seconds(3),
    pace: 1.0,
    ..Scenario::BASE
};

/// The client asks once, and the first answer is lost.
const LOST_ANSWER: &[&str] = &["0s drop n1->n4#1", r#"1s request n4 {"ask":{"to":1}}"#];

pub(super) const SCENARIOS: &[Scenario] = &[
    PLAIN,
    Scenario {
        id: "one-of-five-crashes",
        title: "One of five servers crashes",
        summary: "Node 3 crashes. The other four servers notice seconds later, each on its own. \
                  The client still gets answers from them.",
        // Waits grow from try to try: with two retries n3 would be back before a client gives up.
        params: &[("retries", "1")],
        script: &[
            "5s crash n3",
            r#"12s request n6 {"ask":{"to":1}}"#,
            r#"12s request n6 {"ask":{"to":3}}"#,
            "22s recover n3",
        ],
        opens_at: Duration::millis(4_500),
        view: View::BASE.stop(Stop::At(Duration::millis(7_600))),
        ..PLAIN
    },
    Scenario {
        id: "one-link-cut",
        title: "One link is cut",
        summary: "All five servers are alive, but node 1 and node 2 cannot reach each other. \
                  Later nodes 1 and 3 each send a text to node 2. Then the link is back.",
        script: &[
            "4s cut n1-n2",
            r#"10s request n1 {"send":{"to":2,"text":"are you there?"}}"#,
            r#"10s request n3 {"send":{"to":2,"text":"are you there?"}}"#,
            "20s join n1-n2",
        ],
        opens_at: Duration::millis(3_500),
        view: View::BASE.stop(Stop::At(Duration::millis(8_000))),
        ..PLAIN
    },
    Scenario {
        id: "pause-or-crash",
        title: "One server pauses, one crashes",
        summary: "Node 2 is paused and node 3 crashes at the same moment. Later node 2 resumes \
                  and works through the messages in its queue.",
        script: &["4s pause n2", "4s crash n3", "16s resume n2"],
        opens_at: Duration::millis(3_500),
        view: View::BASE.stop(Stop::At(Duration::millis(8_000))),
        ..PLAIN
    },
    Scenario {
        id: "half-working",
        title: "One server hears everybody, and the client hears nothing of it",
        summary: "From 4 s on, what node 3 sends to the client is lost. All else arrives: heartbeats, requests, and \
                  what other servers send.",
        params: &[("every", "0")],
        script: &[
            "4s oneway n3->n6",
            r#"5s request n6 {"ask":{"to":3}}"#,
            r#"5s request n6 {"ask":{"to":1}}"#,
            r#"9s request n6 {"ask":{"to":3}}"#,
        ],
        opens_at: Duration::seconds(3),
        view: View::panel(Panel::Requests).stop(Stop::At(Duration::millis(4_900))),
        beside: Some("cluster/one-of-five-crashes"),
        ..PLAIN
    },
    Scenario {
        id: "slow-disk",
        title: "One server's disk takes six seconds",
        summary: "From 4 s on, each write of node 3 takes six seconds, and what it sends waits for the write. The client \
                  asks nodes 3 and 1.",
        params: &[
            ("every", "0"),
            ("retries", "1"),
            ("fail", "20000"),
            ("suspect", "15000"),
        ],
        script: &[
            "4s disk n3 6s",
            r#"5s request n6 {"ask":{"to":3}}"#,
            r#"5s request n6 {"ask":{"to":1}}"#,
        ],
        opens_at: Duration::seconds(3),
        view: View::panel(Panel::Requests).stop(Stop::At(Duration::millis(4_900))),
        beside: Some("cluster/half-working"),
        ..PLAIN
    },
    Scenario {
        id: "lossy-link",
        title: "A link that loses 30 % of its messages",
        summary: "Node 1 sends ten texts to node 2 over a link that loses 30 % of its messages. \
                  The way back loses nothing. How many texts are acknowledged, and does node 2 \
                  ever suspect node 1?",
        script: &[
            "0s loss n1->n2 0.3",
            r#"2s request n1 {"send":{"to":2,"text":"1"}}"#,
            r#"3s request n1 {"send":{"to":2,"text":"2"}}"#,
            r#"4s request n1 {"send":{"to":2,"text":"3"}}"#,
            r#"5s request n1 {"send":{"to":2,"text":"4"}}"#,
            r#"6s request n1 {"send":{"to":2,"text":"5"}}"#,
            r#"7s request n1 {"send":{"to":2,"text":"6"}}"#,
            r#"8s request n1 {"send":{"to":2,"text":"7"}}"#,
            r#"9s request n1 {"send":{"to":2,"text":"8"}}"#,
            r#"10s request n1 {"send":{"to":2,"text":"9"}}"#,
            r#"11s request n1 {"send":{"to":2,"text":"10"}}"#,
        ],
        opens_at: Duration::millis(2_000),
        view: View::panel(Panel::Requests),
        ..PLAIN
    },
    Scenario {
        id: "retry-applied-twice",
        title: "A lost answer, and a retry",
        summary: "The client asks node 1 once. The answer is lost, so the client retries. This \
                  server does not remember request ids. Turn on \u{201c}A server remembers the \
                  ids of the requests it has applied\u{201d} and run again.",
        preset: "forgetful",
        params: &[("nodes", "3"), ("every", "0")],
        script: LOST_ANSWER,
        until: Duration::seconds(15),
        opens_at: Duration::seconds(1),
        view: View::panel(Panel::Requests).stop(Stop::Broken),
        beside: Some("cluster/retry-applied-once"),
        ..PLAIN
    },
    Scenario {
        id: "retry-applied-once",
        title: "A retry, and a server that remembers",
        summary: "The same lost answer. This server remembers the ids of the requests it has \
                  applied.",
        params: &[("nodes", "3"), ("every", "0")],
        script: LOST_ANSWER,
        until: Duration::seconds(15),
        opens_at: Duration::seconds(1),
        view: View::panel(Panel::Requests).stop(Stop::Mark(&marks::REPEATS)),
        beside: Some("cluster/retry-applied-twice"),
        ..PLAIN
    },
    Scenario {
        id: "forgetful",
        title: "Servers that forget request ids",
        summary: "Five servers and a client, and nothing is broken yet. No server remembers which \
                  requests it has applied.",
        preset: "forgetful",
        view: View::panel(Panel::Requests),
        ..PLAIN
    },
    Scenario {
        id: "tested",
        title: "Half a minute without an error",
        summary: "Five servers and a client run for half a minute, and every answer is right. So the \
                  service has been tested. But it has a bug.",
        preset: "forgetful",
        ..PLAIN
    },
    Scenario {
        id: "paint-one-colour",
        title: "Five servers try to agree on a colour",
        summary: "Each server tells its favourite colour and believes the last one it heard. At \
                  15 s one server starts to decide for all.",
        params: &[("paint", "1500"), ("clients", "0")],
        switches: &[("decider", false)],
        script: &["15s switch decider=on"],
        opens_at: Duration::millis(1_500),
        view: View::BASE.stop(Stop::Mark(&marks::PAINTED)),
        ..PLAIN
    },
    Scenario {
        id: "same-start",
        title: "The same start, another ending",
        summary: "Five servers tell their favourite colours for six seconds, and each believes the \
                  last one it heard. Nothing breaks. Run it with another seed: only the times of the \
                  messages differ.",
        params: &[("paint", "1500"), ("clients", "0")],
        switches: &[("decider", false)],
        until: Duration::seconds(6),
        opens_at: Duration::millis(1_500),
        ..PLAIN
    },
];
