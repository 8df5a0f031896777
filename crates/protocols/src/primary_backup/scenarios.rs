//! Scenarios: prepared runs under the names a teacher would use.

use faultline_sim::descriptor::Scenario;
use faultline_sim::standing::{Panel, Stop, View};
use faultline_sim::time::Duration;

use super::marks;

const BASE: Scenario = Scenario {
    preset: "correct",
    until: Duration::seconds(4),
    opens_at: Duration::millis(800),
    pace: 0.1,
    view: View::panel(Panel::Requests),
    ..Scenario::BASE
};

/// The first is the one that `primary-backup` alone names.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "take-over",
        title: "The primary crashes, and its backup takes over",
        summary: "One primary, one backup, and one server to spare. A client writes ten times a \
                  second. The primary crashes, the view service misses its pings, and a new view begins.",
        script: &["1s crash n2"],
        beside: Some("primary-backup/no-backup"),
        ..BASE
    },
    Scenario {
        id: "no-backup",
        title: "The primary crashes, and there is no backup",
        summary: "The same crash, but no server holds a copy. The server comes back with nothing in \
                  memory.",
        params: &[("backups", "0"), ("nodes", "1")],
        script: &["1s crash n2", "2s recover n2"],
        beside: Some("primary-backup/take-over"),
        ..BASE
    },
    Scenario {
        id: "two-backups",
        title: "Two crashes, two backups",
        summary: "Three servers hold a copy. The primary crashes, a backup takes over and crashes as well.",
        params: &[("backups", "2")],
        script: &["1s crash n2", "2s crash n3"],
        beside: Some("primary-backup/take-over"),
        ..BASE
    },
    Scenario {
        id: "answers-first",
        title: "The primary answers before its backup knows",
        summary: "The link to the backup is slow, and the primary does not wait for it. Then the primary \
                  crashes. Turn on \u{201c}The primary answers when all its backups have the request \
                  (synchronous)\u{201d} and run again.",
        preset: "asynchronous",
        script: &["100ms slow n2->n3 1s", "1s crash n2"],
        view: View::panel(Panel::Requests).stop(Stop::Broken),
        beside: Some("primary-backup/waits-first"),
        ..BASE
    },
    Scenario {
        id: "waits-first",
        title: "The primary waits for its backup",
        summary: "The same slow link and the same crash. The primary answers when the backup has the \
                  request: each write takes longer.",
        script: &["100ms slow n2->n3 1s", "1s crash n2"],
        beside: Some("primary-backup/answers-first"),
        ..BASE
    },
    Scenario {
        id: "no-faults",
        title: "What a write costs while nothing breaks",
        summary: "Nothing goes wrong. Each write goes to the primary, on to the backup, and all the way \
                  back. Turn off waiting in Settings, and compare.",
        view: View::panel(Panel::Measures),
        beside: Some("primary-backup/no-faults-at-once"),
        ..BASE
    },
    Scenario {
        id: "no-faults-at-once",
        title: "A write that does not wait for the backup",
        summary: "Nothing goes wrong. The primary answers at once, and the backup gets the write meanwhile.",
        preset: "asynchronous",
        view: View::panel(Panel::Measures),
        beside: Some("primary-backup/no-faults"),
        ..BASE
    },
    Scenario {
        id: "two-primaries",
        title: "The primary is cut off from the view service, not from everybody",
        summary: "The view service no longer hears node 2 and begins a view with another primary. \
                  Node 2 does not hear of it, and one of the two clients still asks node 2. The other \
                  one cannot reach it.",
        params: &[("clients", "2"), ("reads", "70")],
        script: &["1s cut n1-n2", "1s cut n1-n5", "1s cut n2-n6", "3s heal"],
        view: View::panel(Panel::Requests).stop(Stop::Mark(&marks::REFUSES)),
        ..BASE
    },
    Scenario {
        id: "spare-joins",
        title: "A spare server becomes the backup, and then the primary",
        summary: "The backup crashes, and the spare server takes its place. Then the primary crashes, \
                  too.",
        script: &["1s crash n3", "2500ms crash n2"],
        ..BASE
    },
    Scenario {
        id: "last-copy",
        title: "The only server with the state crashes before its new backup has it",
        summary: "The backup has crashed. A spare server joins, but the link to it is slow, and the \
                  primary crashes before the state has arrived. The view service waits.",
        script: &[
            "500ms slow n2->n4 2s",
            "1s crash n3",
            "2200ms crash n2",
            "3500ms recover n3",
        ],
        until: Duration::seconds(6),
        ..BASE
    },
];
