//! Runs under names a teacher would use.

use faultline_sim::descriptor::Scenario;
use faultline_sim::time::Duration;

const BASE: Scenario = Scenario {
    preset: "lock",
    until: Duration::seconds(15),
    ..Scenario::BASE
};

/// The first is what `lease` alone means.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "holder-crashes",
        title: "The lease runs out",
        summary: "Five nodes ask node 1, the lock service, who may lead. The leader crashes: nothing \
                  happens until its lease is over, then whoever asks first leads. No votes, no majority.",
        script: &["5s crash n2"],
        ..BASE
    },
    Scenario {
        id: "controller-crashes",
        title: "A broker's controller",
        summary: "As brokers chose their controller with a coordination service: when the session ends, \
                  the service tells all that wait, and they race. Each lease has a larger number.",
        preset: "controller",
        script: &["5s crash n2"],
        ..BASE
    },
    Scenario {
        id: "pause-the-holder",
        title: "The leader that overslept",
        summary: "The leader stands still for longer than its lease and goes on giving orders. Without \
                  fencing they are obeyed, although another leads by now. Turn on \u{201c}fencing\u{201d} \
                  and run again.",
        preset: "bare",
        script: &["5s pause n2", "10s resume n2"],
        ..BASE
    },
    Scenario {
        id: "service-crashes",
        title: "Where everything hangs",
        summary: "The lock service is down. The leader stops when its lease is over, and nobody follows \
                  it: a majority of the others is no help here.",
        script: &["5s crash n1", "11s recover n1"],
        until: Duration::seconds(20),
        ..BASE
    },
    Scenario {
        id: "cut-off",
        title: "Cut off from the service",
        summary: "The leader cannot reach the service, but all others. It has to stop although \
                  everybody hears it.",
        script: &["5s cut n1-n2", "12s join n1-n2"],
        until: Duration::seconds(18),
        ..BASE
    },
    Scenario {
        id: "service-forgets",
        title: "The service that forgot",
        summary: "Cut off from its leader, the lock service crashes and comes back without a memory. It \
                  lends the lead again, by the same number, while the first leader still has it: two \
                  lead by lease 1. Turn on \u{201c}remember\u{201d} and run again.",
        preset: "forgetful",
        script: &["4800ms cut n1-n2", "5s crash n1", "5200ms recover n1"],
        ..BASE
    },
];
