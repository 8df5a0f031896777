//! Runs under names a teacher would use.

use faultline_sim::descriptor::Scenario;
use faultline_sim::network::{Latency, Link};
use faultline_sim::standing::{Panel, Stop, View};
use faultline_sim::time::Duration;

use super::marks;

const BASE: Scenario = Scenario {
    preset: "correct",
    until: Duration::seconds(35),
    opens_at: Duration::millis(300),
    view: View::panel(Panel::Measures),
    ..Scenario::BASE
};

/// Scans of old rows, over a network where some messages are slow.
const SCANS: Scenario = Scenario {
    params: &[("writes", "0"), ("scan_every", "1000")],
    link: Some(Link::new(Latency::Exponential {
        mean: Duration::millis(300),
    })),
    until: Duration::seconds(40),
    ..BASE
};

/// The first is what `shard-range` alone means.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "split",
        title: "The full range is split while clients write",
        summary: "A client writes keys in the order of time. Their range fills up, is cut in the middle, and its upper half \
                  moves to another shard. Watch where the next writes go.",
        view: View::panel(Panel::Measures).stop(Stop::Mark(&marks::SPLITS)),
        beside: Some("shard-range/time-ordered"),
        ..BASE
    },
    Scenario {
        id: "time-ordered",
        title: "Keys in the order of time",
        summary: "Each key is larger than all before it, like a date or an order number. Four shards are there. Nothing \
                  is split. Watch which of them store the writes.",
        params: &[("split_at", "0")],
        beside: Some("shard-range/random-keys"),
        ..BASE
    },
    Scenario {
        id: "random-keys",
        title: "Keys in any order",
        summary: "The same number of writes, but the keys are drawn at random from all ranges.",
        params: &[("split_at", "0"), ("order", "random")],
        beside: Some("shard-range/time-ordered"),
        ..BASE
    },
    Scenario {
        id: "salted",
        title: "A hash comes before the key",
        summary: "Keys in the order of time again. But rows are sorted by a hash of the key first, so that neighbours lie at \
                  different shards.",
        preset: "salted",
        params: &[("split_at", "0")],
        beside: Some("shard-range/time-ordered"),
        ..BASE
    },
    Scenario {
        id: "scan",
        title: "A client asks for neighbours",
        summary: "Nobody writes. Every second, a client asks for a piece of the sorted keys. Some messages are slow in this \
                  network.",
        beside: Some("shard-range/scan-salted"),
        ..SCANS
    },
    Scenario {
        id: "scan-salted",
        title: "Neighbours that are spread by a hash",
        summary: "The same questions, after a hash has spread the keys over all shards. The answer is there when the last shard \
                  has answered.",
        preset: "salted",
        beside: Some("shard-range/scan"),
        ..SCANS
    },
    Scenario {
        id: "find",
        title: "A question that is not about the key",
        summary: "A client first asks for one key, then for some neighbours, then for all rows of one colour. Count the \
                  shards that each question goes to.",
        params: &[("writes", "0")],
        script: &[
            r#"1s request n6 {"scan":{"from":500,"to":501}}"#,
            r#"4s request n6 {"scan":{"from":800,"to":1200}}"#,
            r#"7s request n6 "find""#,
        ],
        until: Duration::seconds(10),
        view: View::panel(Panel::Requests),
        beside: Some("shard-range/scan"),
        ..BASE
    },
    Scenario {
        id: "shard-crashes",
        title: "A shard crashes, and its range is not served",
        summary: "Keys come in any order. Node 3 crashes for some seconds. It has its rows on disk, and no other shard has a copy.",
        params: &[("order", "random"), ("split_at", "0")],
        script: &["5s crash n3", "14s recover n3"],
        view: View::panel(Panel::Requests),
        beside: Some("shard-range/random-keys"),
        ..BASE
    },
    Scenario {
        id: "both-serve",
        title: "Two shards take writes of one range",
        summary: "The old shard goes on serving the half that it gives away, until the new one has it. A client goes on \
                  writing.",
        preset: "both-serve",
        view: View::panel(Panel::Measures).stop(Stop::Broken),
        beside: Some("shard-range/split"),
        ..BASE
    },
    Scenario {
        id: "old-table",
        title: "A client writes to the shard of yesterday",
        summary: "A range has moved, and the client does not know it yet. The shards store whatever they are sent.",
        preset: "takes-everything",
        view: View::panel(Panel::Measures).stop(Stop::Broken),
        beside: Some("shard-range/split"),
        ..BASE
    },
    Scenario {
        id: "lost-on-the-way",
        title: "The rows of a range are lost on the way",
        summary: "A shard deletes rows as it sends them to another one. The first message with rows is lost.",
        preset: "no-copy",
        params: &[("split_at", "20"), ("every", "400")],
        script: &["9s cut n5-n2", "12s join n5-n2"],
        view: View::panel(Panel::Measures).stop(Stop::Broken),
        beside: Some("shard-range/split"),
        ..BASE
    },
    Scenario {
        id: "many-splits",
        title: "Small ranges, many moves",
        summary: "A range is full with very few keys, so one move follows the other. Watch the table grow, and how often the \
                  client's copy is old.",
        params: &[("split_at", "4"), ("every", "300")],
        beside: Some("shard-range/split"),
        ..BASE
    },
];
