//! Runs under names a teacher would use.

use faultline_sim::descriptor::Scenario;
use faultline_sim::time::Duration;

const BASE: Scenario = Scenario {
    preset: "as-published",
    until: Duration::seconds(12),
    ..Scenario::BASE
};

/// The first is what `ring-election` alone means.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "one-round",
        title: "The largest number comes back",
        summary: "Node 1 starts. Each node keeps the larger number and passes it on, until 5 gets its \
                  own back; a second lap tells everybody. Nine messages and five.",
        ..BASE
    },
    Scenario {
        id: "all-start",
        title: "All start at once, in the worst order",
        summary: "Five numbers set out, each against the order of the ring: 1 goes one step, 5 goes \
                  five. Fifteen messages; in the best order it would be nine.",
        params: &[("starter", "1,2,3,4,5"), ("order", "5,4,3,2,1")],
        ..BASE
    },
    Scenario {
        id: "best-case",
        title: "The highest starts",
        summary: "Nobody has anything larger: one lap to win and one to tell, ten messages.",
        params: &[("starter", "5")],
        ..BASE
    },
    Scenario {
        id: "token-lost",
        title: "One message is lost, and nobody ever leads",
        summary: "As published, nothing may be lost. Here the number 4 is lost on its way, and those \
                  who take part wait for it: when 1 tries again, they swallow its number. Turn on \
                  \u{201c}receipts\u{201d} and run again.",
        script: &["0s drop n4->n5#1", "6s request n1 \"Start\""],
        ..BASE
    },
    Scenario {
        id: "kill-the-leader",
        title: "The leader dies",
        summary: "With signs of life somebody notices, and with receipts the dead neighbour is passed \
                  over. When 5 comes back, it takes its office again.",
        preset: "correct",
        script: &["10s crash n5", "55s recover n5"],
        until: Duration::seconds(80),
        opens_at: Duration::millis(9_000),
        pace: 2.0,
        ..BASE
    },
    Scenario {
        id: "two-rings",
        title: "Two rings",
        summary: "The network splits 2|3. Each side closes a ring of its own by passing over those it \
                  cannot reach, and each elects its highest. After the heal the lower one steps down.",
        preset: "correct",
        script: &["10s partition n1,n2|n3,n4,n5", "60s heal"],
        until: Duration::seconds(110),
        opens_at: Duration::millis(9_000),
        pace: 2.0,
        ..BASE
    },
];
