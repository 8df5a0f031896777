//! Runs under names a teacher would use.

use faultline_sim::descriptor::Scenario;
use faultline_sim::standing::{Panel, Stop, View};
use faultline_sim::time::Duration;

use super::marks::{ASKS_OTHERS, DECLARES, REFUTES, SUSPECTS};

const BASE: Scenario = Scenario {
    preset: "correct",
    pace: 0.3,
    until: Duration::seconds(20),
    ..Scenario::BASE
};

/// The first is what `swim` alone means.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "crash",
        title: "One of five crashes, and the news rides on pings",
        summary: "Each second every node pings one other node. Node 3 crashes. Somebody gets no answer, and what it finds \
                  out spreads on the pings and acks that are sent anyway.",
        params: &[("suspect", "1")],
        script: &["3.5s crash n3"],
        view: View::BASE.stop(Stop::Mark(&SUSPECTS)),
        beside: Some("swim/pause-and-refute"),
        ..BASE
    },
    Scenario {
        id: "one-link-cut",
        title: "One link is cut, and others are asked to ping",
        summary: "The link between nodes 1 and 2 is cut. Both are alive. When one of them gets no answer from the other, it \
                  asks three nodes to ping it. Turn off \u{201c}Without an ack, a member asks k others to ping (indirect \
                  probe)\u{201d} and run again.",
        script: &["2s cut n1-n2"],
        until: Duration::seconds(22),
        view: View::BASE.stop(Stop::Mark(&ASKS_OTHERS)),
        ..BASE
    },
    Scenario {
        id: "pause-and-refute",
        title: "A node is paused for four seconds, and suspected",
        summary: "Node 3 stands still from second 3 to second 7. Others get no answer and suspect it. Then it goes on, and \
                  hears what is said about it.",
        script: &["3s pause n3", "7s resume n3"],
        view: View::BASE.stop(Stop::Mark(&REFUTES)),
        beside: Some("swim/pause-no-suspicion"),
        ..BASE
    },
    Scenario {
        id: "pause-no-suspicion",
        title: "The same pause without suspicion",
        summary: "The paper's first version has no suspects: a node without an answer is dead. Node 3 is paused for four \
                  seconds and then goes on.",
        preset: "basic",
        script: &["3s pause n3", "7s resume n3"],
        view: View::BASE.stop(Stop::Mark(&DECLARES)),
        beside: Some("swim/pause-and-refute"),
        ..BASE
    },
    Scenario {
        id: "short-outage",
        title: "The network loses everything for 0.8 seconds",
        summary: "For less than a second no message arrives anywhere, and then all is well again. Nobody has crashed. Turn \
                  off \u{201c}A silent member is a suspect first, and dead later\u{201d} and run again.",
        script: &["2s loss 1", "2.8s loss 0"],
        view: View::BASE.stop(Stop::Mark(&SUSPECTS)),
        ..BASE
    },
    Scenario {
        id: "join-and-leave",
        title: "A node joins through node 1, and node 2 leaves",
        summary: "A sixth node knows only the address of node 1. It asks it for the list, once. Later node 2 leaves and says \
                  so to three others.",
        script: &["2s add", "10s remove n2"],
        ..BASE
    },
    Scenario {
        id: "who-notices",
        title: "Ten nodes ping at random, and one crashes",
        summary: "As in the paper's analysis: each node pings a random one in each period. Node 2 crashes. How many periods \
                  until somebody pings it?",
        preset: "basic",
        params: &[("nodes", "10")],
        script: &["3.5s crash n2"],
        until: Duration::seconds(12),
        view: View::BASE.stop(Stop::Mark(&DECLARES)),
        ..BASE
    },
    Scenario {
        id: "lossy",
        title: "One of ten messages is lost",
        summary: "The network loses 10 of a hundred messages, all the time. Nobody crashes. How often is a live node suspected, and \
                  does one die of it?",
        params: &[("nodes", "8"), ("loss", "10")],
        until: Duration::seconds(30),
        view: View::panel(Panel::Measures),
        ..BASE
    },
    Scenario {
        id: "overloaded",
        title: "An overloaded node suspects the others",
        summary: "Node 8 is overloaded: whatever it sends leaves 0.7 seconds late, or later. It gets every ack too late and blames \
                  others for it.",
        params: &[("nodes", "8")],
        script: &["3s disk n8 700ms"],
        until: Duration::seconds(40),
        view: View::panel(Panel::Measures),
        beside: Some("swim/overloaded-lifeguard"),
        ..BASE
    },
    Scenario {
        id: "overloaded-lifeguard",
        title: "An overloaded node doubts itself first",
        summary: "The same overload with Lifeguard. A node that gets few answers waits longer, because the fault may be its \
                  own.",
        preset: "lifeguard",
        params: &[("nodes", "8")],
        script: &["3s disk n8 700ms"],
        until: Duration::seconds(40),
        view: View::panel(Panel::Measures),
        beside: Some("swim/overloaded"),
        ..BASE
    },
    Scenario {
        id: "split-and-heal",
        title: "Four and four are split, and meet again",
        summary: "Eight nodes are split in two halves, and each half takes the other for dead. After the heal somebody has to \
                  ping the dead, or the halves never meet again.",
        params: &[("nodes", "8"), ("suspect", "2")],
        switches: &[("reconnect", true)],
        script: &["3s partition n1..n4|n5..n8", "20s heal"],
        until: Duration::seconds(45),
        view: View::BASE.stop(Stop::At(Duration::millis(19_900))),
        ..BASE
    },
    Scenario {
        id: "consul",
        title: "A simplified model of Consul's defaults",
        summary: "Consul's agents run SWIM with Lifeguard: a ping each second, a timeout of 500 ms, three helpers. Times are \
                  Consul's defaults; its extra gossip messages and full exchanges are left out. Node 4 crashes.",
        preset: "consul",
        params: &[("nodes", "6")],
        script: &["3.5s crash n4"],
        view: View::BASE.stop(Stop::Mark(&SUSPECTS)),
        ..BASE
    },
    Scenario {
        id: "a-thousand",
        title: "1,000 nodes ping each other",
        summary: "A thousand nodes, and nothing happens. Each of them pings one other each second. Compare how many messages a \
                  node sends with a group of five.",
        params: &[("nodes", "1000")],
        pace: 1.0,
        until: Duration::seconds(10),
        view: View::panel(Panel::Measures),
        ..BASE
    },
    Scenario {
        id: "a-third-is-killed",
        title: "300 of 1,000 nodes are killed",
        summary: "30 % of the nodes crash at once. Nobody sees all of it. Each finds one silent node at a time and passes the \
                  news on.",
        params: &[
            ("nodes", "1000"),
            ("suspect", "1"),
            ("tell", "2"),
            ("most", "40"),
        ],
        script: &["3.5s crash 30%"],
        pace: 1.0,
        until: Duration::seconds(30),
        view: View::panel(Panel::Measures),
        ..BASE
    },
    Scenario {
        id: "split-of-two-hundred",
        title: "200 nodes are split into two halves",
        summary: "100 nodes cannot hear the other 100. Each half takes the other for dead, name by name. After the heal each \
                  of them has to prove that it is alive.",
        params: &[
            ("nodes", "200"),
            ("suspect", "1"),
            ("tell", "2"),
            ("most", "40"),
        ],
        switches: &[("reconnect", true)],
        script: &["2.5s partition n1..n100|n101..n200", "25s heal"],
        pace: 1.0,
        until: Duration::seconds(45),
        view: View::panel(Panel::Measures),
        ..BASE
    },
];
