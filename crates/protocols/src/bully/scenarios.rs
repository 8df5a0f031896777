//! Runs under names a teacher would use.

use faultline_sim::descriptor::Scenario;
use faultline_sim::time::Duration;

const BASE: Scenario = Scenario {
    preset: "self-healing",
    ..Scenario::BASE
};

/// The first is what `bully` alone means.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "one-election",
        title: "One election, as written",
        summary: "The lowest of five nodes starts one election. Count the messages: they are direct \
                  calls, so all happen at one instant; step through them.",
        preset: "as-written",
        ..BASE
    },
    Scenario {
        id: "kill-the-leader",
        title: "Who is in charge?",
        summary: "Five nodes, and the highest leads. Crash it and watch the others notice and elect the next.",
        until: Duration::seconds(30),
        opens_at: Duration::millis(4_200),
        ..BASE
    },
    Scenario {
        id: "dies-after-ok",
        title: "The promise that was not kept",
        summary: "4 asks 5. It answers OK and crashes before it announces itself. As written, nobody \
                  ever leads: turn on \u{201c}wait\u{201d} and run again.",
        preset: "as-written",
        params: &[("starter", "4")],
        script: &["@7 crash n5"],
        ..BASE
    },
    Scenario {
        id: "worst-case",
        title: "The worst case of the textbook",
        summary: "The lowest node notices. Over a network with the guard on, that costs n\u{b2} \u{2212} 1 \
                  messages.",
        preset: "textbook",
        ..BASE
    },
    Scenario {
        id: "best-case",
        title: "The best case of the textbook",
        summary: "5 is dead and 4 notices: one question that nobody answers, then n \u{2212} 2 \
                  announcements.",
        preset: "textbook",
        params: &[("starter", "4"), ("crashed", "5")],
        ..BASE
    },
    Scenario {
        id: "two-leaders",
        title: "Two leaders",
        summary: "The network splits 2|3 and each side elects its own leader. After the heal, the lower \
                  one steps down.",
        script: &["6s partition n1,n2|n3,n4,n5", "18s heal"],
        until: Duration::seconds(28),
        opens_at: Duration::millis(4_200),
        ..BASE
    },
];
