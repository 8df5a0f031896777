//! Runs under names a teacher would use.

use faultline_sim::descriptor::Scenario;
use faultline_sim::network::{Latency, Link};
use faultline_sim::standing::{Panel, Stop, View};
use faultline_sim::time::Duration;

use super::marks;

const JOB: &[&str] = &[r#"1s request n1 {"primes":{"below":10000}}"#];

const BASE: Scenario = Scenario {
    preset: "correct",
    script: JOB,
    until: Duration::seconds(20),
    opens_at: Duration::millis(800),
    view: AT_END,
    ..Scenario::BASE
};

const AT_END: View = View::panel(Panel::Measures).stop(Stop::Mark(&marks::FINISHES));

/// The first is what `scatter` alone means.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "four-machines",
        title: "Four machines share one job",
        summary: "The coordinator hands a quarter of the job to each of four workers and gathers their results. Compare \
                  the time with that of one machine.",
        beside: Some("scatter/one-machine"),
        ..BASE
    },
    Scenario {
        id: "one-machine",
        title: "One worker does the whole job",
        summary: "There is one worker, and it gets everything. Each part of this run will come back with more workers: \
                  handing out, computing, gathering.",
        params: &[("workers", "1")],
        beside: Some("scatter/four-machines"),
        ..BASE
    },
    Scenario {
        id: "eight-machines",
        title: "Eight machines, one coordinator",
        summary: "Each worker computes only an eighth of the job. The coordinator hands out and gathers twice as many \
                  parts as with four.",
        params: &[("workers", "8")],
        beside: Some("scatter/four-machines"),
        ..BASE
    },
    Scenario {
        id: "half-serial",
        title: "Half of the job cannot be divided",
        summary: "The coordinator first does half of the job alone, and the workers wait. Then they share the rest. Add \
                  workers and look at the speed-up.",
        params: &[("serial", "50")],
        beside: Some("scatter/four-machines"),
        ..BASE
    },
    Scenario {
        id: "free-messages",
        title: "A network that costs nothing",
        summary: "Messages arrive at once, and handing out and gathering take no time. What is left is the share of the \
                  job that cannot be divided.",
        params: &[("workers", "8"), ("handle", "0"), ("serial", "10")],
        link: Some(Link::new(Latency::Constant(Duration(0)))),
        beside: Some("scatter/four-machines"),
        ..BASE
    },
    Scenario {
        id: "straggler",
        title: "One machine is slow, and all wait for it",
        summary: "Node 3 computes at a fifth of the usual speed. It has not crashed: it answers every ping. The others \
                  are done long before it.",
        script: &["0s set n3.speed=20", JOB[0]],
        until: Duration::seconds(25),
        beside: Some("scatter/straggler-backup"),
        ..BASE
    },
    Scenario {
        id: "straggler-backup",
        title: "A slow machine, and a backup copy of its part",
        summary: "Node 3 is slow again. When the others are done, one of them gets a copy of its part, and the first \
                  result counts.",
        preset: "backup",
        script: &["0s set n3.speed=20", JOB[0]],
        until: Duration::seconds(25),
        beside: Some("scatter/straggler"),
        ..BASE
    },
    Scenario {
        id: "many-parts",
        title: "Small parts for a slow machine",
        summary: "Node 3 is slow, and the job is cut into smaller parts. A worker that has answered gets the next one, so \
                  fast workers do more of them.",
        params: &[("parts", "4")],
        script: &["0s set n3.speed=20", JOB[0]],
        beside: Some("scatter/straggler"),
        ..BASE
    },
    Scenario {
        id: "worker-crashes",
        title: "A worker crashes in the middle of its part",
        summary: "Node 3 crashes while it computes. The coordinator hears nothing from it any more. Watch what happens to \
                  its part.",
        script: &[JOB[0], "3s crash n3"],
        beside: Some("scatter/nobody-redoes"),
        ..BASE
    },
    Scenario {
        id: "nobody-redoes",
        title: "A crash, and nobody takes over the part",
        summary: "The same crash, but the coordinator keeps waiting for the worker it gave the part to.",
        preset: "nobody-redoes",
        script: &[JOB[0], "3s crash n3"],
        view: View::panel(Panel::Measures),
        beside: Some("scatter/worker-crashes"),
        ..BASE
    },
    Scenario {
        id: "paused-too-long",
        title: "A worker is silent, and comes back with its result",
        summary: "Node 3 is paused for a while. Its part is handed to another worker, and then it goes on and answers as \
                  well. Every result that comes is added.",
        params: &[("parts", "3")],
        switches: &[("once", false)],
        script: &[JOB[0], "2s pause n3", "5400ms resume n3"],
        beside: Some("scatter/worker-crashes"),
        ..BASE
    },
];
