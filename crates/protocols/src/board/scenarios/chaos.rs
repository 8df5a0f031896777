//! A monkey that crashes servers at random, as companies do on purpose.

use faultline_sim::descriptor::Scenario;
use faultline_sim::time::Duration;

use super::BASE;

/// The crowd asks the servers itself, tries another one after a third of a second, and gives up after two new tries.
const MONKEY: Scenario = Scenario {
    id: "monkey",
    title: "A monkey crashes servers for a minute",
    summary: "About every four seconds the monkey crashes one of three servers, and three seconds later it is back. A \
              crowd tries another server when one does not answer. Who notices?",
    params: &[
        ("nodes", "4"),
        ("n1.kind", "crowd"),
        ("n1.to", "2,3,4"),
        ("patience", "300"),
        ("retries", "2"),
        ("rate", "10"),
    ],
    script: &["2s monkey 4s 3s", "62s monkey off"],
    until: Duration::seconds(66),
    pace: 0.5,
    beside: Some("board/monkey-one-server"),
    ..BASE
};

pub const SCENARIOS: &[Scenario] = &[
    MONKEY,
    Scenario {
        id: "monkey-one-server",
        title: "The same monkey, and one server",
        summary: "There is one server, and the monkey finds it every time. The crowd tries as often as before.",
        params: &[
            ("nodes", "2"),
            ("n1.kind", "crowd"),
            ("n1.to", "2"),
            ("patience", "300"),
            ("retries", "2"),
            ("rate", "10"),
        ],
        beside: Some("board/monkey"),
        ..MONKEY
    },
    Scenario {
        id: "server-after-server-crashes",
        title: "What another copy costs, and what it brings",
        summary: "The monkey crashes servers, and a crowd asks them. Take servers away or add some, and compare what \
                  each answer costs with how many there are.",
        params: &[
            ("nodes", "6"),
            ("n1.kind", "crowd"),
            ("n1.to", "2,3,4,5,6"),
            ("patience", "300"),
            ("retries", "2"),
            ("rate", "10"),
        ],
        beside: Some("board/monkey"),
        ..MONKEY
    },
];
