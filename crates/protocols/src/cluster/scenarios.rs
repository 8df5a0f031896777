//! Presets, and runs under names a teacher would use.

use faultline_sim::descriptor::{Preset, Scenario};
use faultline_sim::time::Duration;

const STANDARD: Preset = Preset {
    name: "standard",
    title: "Retries, each applied once",
    ..Preset::BASE
};

pub(super) const PRESETS: &[Preset] = &[
    STANDARD,
    Preset {
        name: "no-retry",
        title: "One try, then give up",
        switches: &[("retry", false)],
        ..STANDARD
    },
    Preset {
        name: "forgetful",
        title: "Servers that do not remember request ids",
        breaks: Some("at most once: a retry is applied twice"),
        switches: &[("remember", false)],
        ..STANDARD
    },
];

/// Five servers and one client, which is n6.
const PLAIN: Scenario = Scenario {
    id: "hello",
    title: "Hello, cluster",
    summary: "Five servers tell each other that they are alive, and a client asks them in turn. \
              Break something and watch who notices.",
    preset: "standard",
    params: &[],
    switches: &[],
    script: &[],
    until: Duration::seconds(30),
    opens_at: Duration::seconds(3),
    pace: 1.0,
    link: None,
};

pub(super) const SCENARIOS: &[Scenario] = &[
    PLAIN,
    Scenario {
        id: "one-of-five-crashes",
        title: "One of five crashes",
        summary: "n3 goes down. Four servers notice seconds later, each for itself; the client \
                  goes on being answered by everybody else.",
        // Waits grow from try to try: with two retries n3 would be back before anybody gives up.
        params: &[("retries", "1")],
        script: &[
            "5s crash n3",
            r#"12s request n6 {"ask":{"to":1}}"#,
            r#"12s request n6 {"ask":{"to":3}}"#,
            "22s recover n3",
        ],
        opens_at: Duration::millis(4_500),
        ..PLAIN
    },
    Scenario {
        id: "one-link-cut",
        title: "One link is cut",
        summary: "All five servers are alive, but n1 and n2 cannot hear each other: each suspects \
                  the other, and n3 trusts both. A text from n1 to n2 fails, one from n3 arrives.",
        script: &[
            "4s cut n1-n2",
            r#"10s request n1 {"send":{"to":2,"text":"are you there?"}}"#,
            r#"10s request n3 {"send":{"to":2,"text":"are you there?"}}"#,
            "20s join n1-n2",
        ],
        opens_at: Duration::millis(3_500),
        ..PLAIN
    },
    Scenario {
        id: "pause-or-crash",
        title: "Paused or crashed?",
        summary: "At the same moment n2 is paused and n3 crashes. Their peers cannot tell the two \
                  apart, until n2 goes on and works through the messages that have piled up.",
        script: &["4s pause n2", "4s crash n3", "16s resume n2"],
        opens_at: Duration::millis(3_500),
        ..PLAIN
    },
    Scenario {
        id: "lossy-link",
        title: "A link that loses three of ten",
        summary: "n1 sends ten texts to n2 over a link that loses 30 % of what it carries; the way \
                  back loses nothing. How many are confirmed, and does n2 ever suspect n1?",
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
        ..PLAIN
    },
    Scenario {
        id: "retry-applied-twice",
        title: "A retry is applied twice",
        summary: "The client asks n1 once and the answer is lost, so it asks again. A server that \
                  does not remember request ids counts both; switch `remember` on and compare.",
        preset: "forgetful",
        params: &[("nodes", "3"), ("every", "0")],
        script: &["0s drop n1->n4#1", r#"1s request n4 {"ask":{"to":1}}"#],
        until: Duration::seconds(15),
        opens_at: Duration::seconds(1),
        ..PLAIN
    },
    Scenario {
        id: "paint-one-colour",
        title: "Paint everything one colour",
        summary: "Five servers are to have one colour. Each tells its favourite and believes whoever \
                  spoke last: the colours flap. At 15 s one of them decides, and they settle.",
        params: &[("paint", "1500"), ("clients", "0")],
        switches: &[("decider", false)],
        script: &["15s switch decider=on"],
        opens_at: Duration::millis(1_500),
        ..PLAIN
    },
];
