//! Runs under names a teacher would use.

use faultline_sim::descriptor::Scenario;
use faultline_sim::network::{Latency, Link};
use faultline_sim::standing::{Panel, Stop, View};
use faultline_sim::time::Duration;

use super::marks;

const BASE: Scenario = Scenario {
    preset: "correct",
    until: Duration::seconds(1),
    opens_at: Duration::millis(90),
    pace: 0.02,
    view: View::BASE.stop(Stop::Mark(&marks::SYNCS)),
    ..Scenario::BASE
};

/// Each message takes as long as any other, so numbers of textbooks come out.
const EVEN: Option<Link> = Some(Link::new(Latency::Constant(Duration::millis(10))));
/// Most messages are fast, and some are very slow.
const CONGESTED: Option<Link> = Some(Link::new(Latency::Exponential {
    mean: Duration::millis(10),
}));

/// One server, one client, one question.
const ONCE: &[(&str, &str)] = &[("nodes", "2"), ("poll", "0")];

/// The first is what `clock-sync` alone means.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "one-sync",
        title: "One client asks for the time",
        summary: "Node 2's clock is behind. It asks node 1, the time server, and measures how long that takes. How \
                  old is the answer when it arrives?",
        params: ONCE,
        script: &["0s skew n2 -100ms"],
        ..BASE
    },
    Scenario {
        id: "even-path",
        title: "Four timestamps, both ways alike",
        summary: "NTP: both nodes write down when each message leaves and arrives. Every message takes equally long, \
                  and the server works on the question for a moment.",
        preset: "ntp",
        params: &[("nodes", "2"), ("poll", "0"), ("serve", "10")],
        script: &["0s skew n2 -100ms"],
        link: EVEN,
        beside: Some("clock-sync/slow-answer"),
        ..BASE
    },
    Scenario {
        id: "slow-answer",
        title: "Four timestamps, one way slow",
        summary: "The same question over a path that is fast to the server and slow back. Compare the clocks after \
                  the answer with the truth.",
        preset: "ntp",
        params: ONCE,
        script: &["0s skew n2 -100ms", "0s slow n1->n2 60ms"],
        link: EVEN,
        beside: Some("clock-sync/even-path"),
        ..BASE
    },
    Scenario {
        id: "three-clocks",
        title: "Three clocks, and nobody knows the time",
        summary: "Node 1's clock shows 3:00, node 2's 3:25 and node 3's 2:50. Node 1 is the master of Berkeley's \
                  algorithm: it asks all clocks and tells each by how much to change.",
        preset: "set-at-once",
        params: &[("method", "berkeley"), ("nodes", "3"), ("poll", "0")],
        script: &["0s skew n2 25min", "0s skew n3 -10min"],
        link: EVEN,
        view: View::BASE.stop(Stop::Mark(&marks::AVERAGES)),
        ..BASE
    },
    Scenario {
        id: "one-far-off",
        title: "Four clocks agree, one does not",
        summary: "Node 5's clock is a minute ahead, and the others are nearly right. The master takes an average. \
                  Turn off \u{201c}Berkeley leaves clocks that are far off out of the average\u{201d} and compare.",
        preset: "berkeley",
        params: &[("nodes", "5"), ("poll", "0"), ("apart", "1000")],
        script: &[
            "0s skew n2 40ms",
            "0s skew n3 -30ms",
            "0s skew n4 20ms",
            "0s skew n5 1min",
        ],
        view: View::BASE.stop(Stop::Mark(&marks::AVERAGES)),
        ..BASE
    },
    Scenario {
        id: "drift",
        title: "Clocks that gain and lose",
        summary: "Three clocks drift, hundreds of times worse than quartz does, so that it shows. Each asks the \
                  server once a second. Watch the errors, and what the clocks state, between two answers.",
        params: &[("drift_bound", "25000")],
        script: &[
            "0s drift n2 20000ppm",
            "0s drift n3 -20000ppm",
            "0s drift n4 5000ppm",
        ],
        link: EVEN,
        until: Duration::seconds(5),
        pace: 0.2,
        view: View::panel(Panel::Measures),
        ..BASE
    },
    Scenario {
        id: "set-back",
        title: "A clock is set back while a program measures",
        summary: "A program on each node measures how long its work takes. Node 2's clock is ahead of the server's \
                  and is set at once.",
        preset: "set-at-once",
        params: &[("nodes", "2"), ("poll", "0"), ("work", "40")],
        script: &["0s skew n2 100ms"],
        view: View::BASE.stop(Stop::Mark(&marks::SETS_BACK)),
        beside: Some("clock-sync/slowed-down"),
        ..BASE
    },
    Scenario {
        id: "slowed-down",
        title: "A clock that is ahead runs slower",
        summary: "The same clock, ahead of the server's, and the same program. This clock is never set back.",
        params: &[("nodes", "2"), ("poll", "0"), ("work", "40")],
        script: &["0s skew n2 100ms"],
        until: Duration::seconds(2),
        view: View::BASE.stop(Stop::Mark(&marks::SLOWS)),
        beside: Some("clock-sync/set-back"),
        ..BASE
    },
    Scenario {
        id: "wrong-server",
        title: "The server's clock is wrong",
        summary: "Somebody has set the server's clock five seconds ahead. Three clients, whose clocks are right, ask \
                  it for the time.",
        params: &[("poll", "0")],
        script: &["0s skew n1 5s"],
        ..BASE
    },
    Scenario {
        id: "busy-network",
        title: "A busy network and eight samples",
        summary: "Some messages are stuck in traffic. NTP keeps the eight latest samples and trusts one of them. \
                  Turn off \u{201c}NTP trusts the sample with the shortest round trip\u{201d} and compare.",
        preset: "ntp",
        params: &[("nodes", "2"), ("poll", "100")],
        script: &["0s skew n2 -100ms"],
        link: CONGESTED,
        until: Duration::seconds(3),
        view: View::panel(Panel::Measures),
        ..BASE
    },
    Scenario {
        id: "as-it-is",
        title: "A client forgets how long the answer took",
        summary: "Node 2 sets its clock to the time in the answer, as if the message had taken no time, and states \
                  that it is right.",
        preset: "as-it-is",
        params: ONCE,
        script: &["0s skew n2 -100ms"],
        view: View::BASE.stop(Stop::Broken),
        beside: Some("clock-sync/one-sync"),
        ..BASE
    },
];
