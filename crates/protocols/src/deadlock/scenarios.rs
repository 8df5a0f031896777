//! Runs under names a teacher would use.

use faultline_sim::descriptor::Scenario;
use faultline_sim::standing::{Panel, Stop, View};
use faultline_sim::time::Duration;

use super::marks;

const BASE: Scenario = Scenario {
    preset: "correct",
    until: Duration::seconds(12),
    opens_at: Duration::millis(800),
    ..Scenario::BASE
};

const AT_WAIT: View = View::BASE.stop(Stop::Mark(&marks::WAITS));
const AT_DEADLOCK: View = View::BASE.stop(Stop::Mark(&marks::DECLARES));

/// T1 locks x and then y, T2 locks y and then x. T1 begins first.
const CROSSED: &[&str] = &[
    r#"1s request n1 {"begin":{"rows":["x","y"]}}"#,
    r#"1600ms request n2 {"begin":{"rows":["y","x"]}}"#,
];

/// The first is what `deadlock` alone means.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "two-rows",
        title: "Two transactions, two rows, and both wait",
        summary: "T1 locks x and wants y. T2 locks y and wants x. Each row is at another node, so no node sees that both \
                  wait for each other. Watch the probe.",
        params: &[("nodes", "2")],
        script: CROSSED,
        view: AT_WAIT,
        beside: Some("deadlock/nobody-looks"),
        ..BASE
    },
    Scenario {
        id: "three-in-a-circle",
        title: "Three transactions wait in a circle, and a fourth one beside it",
        summary: "T1 waits for T2, T2 for T3 and T3 for T1. T4 waits for T1, too. Two of them lose patience and send \
                  a probe.",
        params: &[("nodes", "4")],
        script: &[
            "0s set n2.patience=20000",
            "0s set n3.patience=20000",
            "0s set n4.patience=1200",
            r#"1s request n1 {"begin":{"rows":["x","y"]}}"#,
            r#"1100ms request n2 {"begin":{"rows":["y","z"]}}"#,
            r#"1200ms request n3 {"begin":{"rows":["z","x"]}}"#,
            r#"1900ms request n4 {"begin":{"rows":["a","x"]}}"#,
        ],
        until: Duration::seconds(20),
        view: View::BASE.stop(Stop::Mark(&marks::LOOKS)),
        beside: Some("deadlock/no-circle"),
        ..BASE
    },
    Scenario {
        id: "ten-processes",
        title: "Ten processes at three nodes",
        summary: "The waits of a textbook's figure, drawn by hand. Process 1 starts a probe. Watch which waits it follows from node \
                  to node.",
        script: &[
            r#"100ms request n1 {"wait":{"process":1,"on":2,"at":1}}"#,
            r#"100ms request n1 {"wait":{"process":2,"on":3,"at":1}}"#,
            r#"100ms request n1 {"wait":{"process":3,"on":4,"at":2}}"#,
            r#"100ms request n2 {"wait":{"process":4,"on":5,"at":2}}"#,
            r#"100ms request n2 {"wait":{"process":5,"on":6,"at":2}}"#,
            r#"100ms request n2 {"wait":{"process":5,"on":7,"at":2}}"#,
            r#"100ms request n2 {"wait":{"process":6,"on":8,"at":3}}"#,
            r#"100ms request n2 {"wait":{"process":7,"on":10,"at":3}}"#,
            r#"100ms request n3 {"wait":{"process":8,"on":9,"at":3}}"#,
            r#"100ms request n3 {"wait":{"process":9,"on":1,"at":1}}"#,
            r#"1s request n1 {"detect":{"process":1}}"#,
        ],
        until: Duration::seconds(5),
        view: AT_DEADLOCK,
        beside: Some("deadlock/beside-a-circle"),
        ..BASE
    },
    Scenario {
        id: "beside-a-circle",
        title: "One waits for a circle that it is not in",
        summary: "Process 1 waits for process 2. Processes 2 and 3 wait for each other. First process 1 starts a probe, \
                  then process 2 does.",
        script: &[
            r#"100ms request n1 {"wait":{"process":1,"on":2,"at":2}}"#,
            r#"100ms request n2 {"wait":{"process":2,"on":3,"at":3}}"#,
            r#"100ms request n3 {"wait":{"process":3,"on":2,"at":2}}"#,
            r#"1s request n1 {"detect":{"process":1}}"#,
            r#"5s request n2 {"detect":{"process":2}}"#,
        ],
        until: Duration::seconds(9),
        view: View::BASE.stop(Stop::Mark(&marks::LOOKS)),
        beside: Some("deadlock/ten-processes"),
        ..BASE
    },
    Scenario {
        id: "one-is-enough",
        title: "One answer is enough",
        summary: "Process 1 waits for a message of process 2 or of process 3, and either one is enough (OR model). \
                  Processes 1 and 2 wait for each other. Process 3 waits for process 4, which runs.",
        params: &[("nodes", "4"), ("model", "or")],
        script: &[
            r#"100ms request n1 {"wait":{"process":1,"on":2,"at":2}}"#,
            r#"100ms request n1 {"wait":{"process":1,"on":3,"at":3}}"#,
            r#"100ms request n2 {"wait":{"process":2,"on":1,"at":1}}"#,
            r#"100ms request n3 {"wait":{"process":3,"on":4,"at":4}}"#,
            r#"1s request n1 {"detect":{"process":1}}"#,
        ],
        until: Duration::seconds(6),
        view: View::BASE.stop(Stop::Mark(&marks::LOOKS)),
        beside: Some("deadlock/ten-processes"),
        ..BASE
    },
    Scenario {
        id: "no-circle",
        title: "A line of waits without a circle",
        summary: "T1 works for a long time. T2 waits for T1, and T3 waits for T2. Both send probes. Where do the probes end?",
        script: &[
            "0s set n1.work=8000",
            r#"1s request n1 {"begin":{"rows":["x"]}}"#,
            r#"1200ms request n2 {"begin":{"rows":["y","x"]}}"#,
            r#"1400ms request n3 {"begin":{"rows":["z","y"]}}"#,
        ],
        until: Duration::seconds(15),
        view: View::BASE.stop(Stop::Mark(&marks::LOOKS)),
        beside: Some("deadlock/three-in-a-circle"),
        ..BASE
    },
    Scenario {
        id: "two-give-up",
        title: "Both find the same deadlock",
        summary: "T1 and T2 wait for each other and lose patience at the same time. Two probes travel round the same \
                  circle. How many transactions are aborted?",
        params: &[("nodes", "2")],
        script: &[
            r#"1s request n1 {"begin":{"rows":["x","y"]}}"#,
            r#"1s request n2 {"begin":{"rows":["y","x"]}}"#,
        ],
        view: AT_DEADLOCK,
        beside: Some("deadlock/two-rows"),
        ..BASE
    },
    Scenario {
        id: "old-news",
        title: "A deadlock that is none",
        summary: "Here T2 releases z early, but the message is late. T1 still waits for T2, and now T2 waits for T1. The node of T2 \
                  passes on every probe without a look.",
        preset: "early-release",
        switches: &[("still-waits", false)],
        script: &[
            "0s delay n2->n3#2 5s",
            r#"1s request n2 {"begin":{"rows":["z","y","x"]}}"#,
            r#"1300ms request n1 {"begin":{"rows":["x","z"]}}"#,
        ],
        until: Duration::seconds(16),
        view: View::BASE.stop(Stop::Broken),
        beside: Some("deadlock/two-rows"),
        ..BASE
    },
    Scenario {
        id: "wait-die",
        title: "Wait-die: only the older one may wait",
        summary: "The same two transactions. T1 is older, so it may wait for T2. What happens to T2 when it asks for the row \
                  of T1?",
        preset: "wait-die",
        params: &[("nodes", "2")],
        script: CROSSED,
        view: AT_WAIT,
        beside: Some("deadlock/wound-wait"),
        ..BASE
    },
    Scenario {
        id: "wound-wait",
        title: "Wound-wait: the older one takes the row away",
        summary: "The same two transactions. T1 is older and does not wait long for T2.",
        preset: "wound-wait",
        params: &[("nodes", "2")],
        script: CROSSED,
        view: AT_WAIT,
        beside: Some("deadlock/wait-die"),
        ..BASE
    },
    Scenario {
        id: "queue-by-arrival",
        title: "Wait-die with the wrong queue",
        summary: "T1 and T2 wait for row x, which T3 holds. T1 is older and came first, so it gets x first. Then it \
                  asks for the row of T2.",
        preset: "by-arrival",
        params: &[("clients", "0")],
        script: &[
            r#"1s request n3 {"begin":{"rows":["z","x","y"]}}"#,
            r#"1200ms request n2 {"begin":{"rows":["y","x"]}}"#,
            r#"1400ms request n1 {"begin":{"rows":["x","b"]}}"#,
        ],
        view: View::BASE.stop(Stop::Broken),
        beside: Some("deadlock/wait-die"),
        ..BASE
    },
    Scenario {
        id: "nobody-looks",
        title: "Nobody looks for the deadlock",
        summary: "T1 and T2 wait for each other, and nothing is done about it. T3 only wants row x.",
        preset: "nobody-looks",
        params: &[("nodes", "2")],
        script: &[
            CROSSED[0],
            CROSSED[1],
            r#"4s request n2 {"begin":{"rows":["x"]}}"#,
        ],
        until: Duration::seconds(30),
        view: AT_WAIT,
        beside: Some("deadlock/two-rows"),
        ..BASE
    },
    Scenario {
        id: "long-wait",
        title: "A slow transaction and a short timeout",
        summary: "T1 works for a long time. T2 has done its work on y and waits for T1. Here a long wait counts as a deadlock.",
        preset: "timeout",
        params: &[("nodes", "2")],
        script: &[
            "0s set n1.work=6000",
            r#"1s request n1 {"begin":{"rows":["x"]}}"#,
            r#"1200ms request n2 {"begin":{"rows":["y","x"]}}"#,
        ],
        until: Duration::seconds(16),
        view: View::BASE.stop(Stop::Mark(&marks::TIMES_OUT)),
        beside: Some("deadlock/two-rows"),
        ..BASE
    },
    Scenario {
        id: "busy-rows",
        title: "Six clients lock two of four rows",
        summary: "Clients begin transactions one after another and lock their rows in any order. Compare probes with \
                  wait-die, wound-wait and timeouts.",
        params: &[("clients", "6"), ("think", "500")],
        until: Duration::seconds(60),
        view: View::panel(Panel::Measures).stop(Stop::Mark(&marks::DECLARES)),
        ..BASE
    },
    Scenario {
        id: "hot-row",
        title: "Everybody wants the same row",
        summary: "Each client changes row x now and then. Add clients and watch how many transactions commit each second, \
                  and how many wait.",
        preset: "nobody-looks",
        params: &[
            ("clients", "10"),
            ("rows", "1"),
            ("size", "1"),
            ("think", "4000"),
        ],
        until: Duration::seconds(60),
        view: View::panel(Panel::Measures),
        ..BASE
    },
];
