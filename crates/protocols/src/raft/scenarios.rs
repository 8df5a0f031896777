//! Presets, and runs under names a teacher would use.

mod figure_8;

use faultline_sim::descriptor::{Preset, Scenario};
use faultline_sim::network::{Latency, Link};
use faultline_sim::time::Duration;

const CORRECT: Preset = Preset {
    name: "correct",
    title: "Raft as the paper has it",
    ..Preset::BASE
};

pub(super) const PRESETS: &[Preset] = &[
    CORRECT,
    Preset {
        name: "votes-twice",
        title: "Servers vote more than once in a term",
        breaks: Some("Election Safety: two leaders in one term"),
        switches: &[("vote-once", false)],
        ..CORRECT
    },
    Preset {
        name: "no-log-check",
        title: "Servers vote for anybody",
        breaks: Some("Leader Completeness: a leader without committed entries"),
        switches: &[("log-check", false)],
        ..CORRECT
    },
    Preset {
        name: "counts-old-terms",
        title: "Leaders commit entries of older terms by counting",
        breaks: Some("State Machine Safety: Figure 8"),
        switches: &[("current-term", false), ("no-op", false)],
        ..CORRECT
    },
    Preset {
        name: "forgets-vote",
        title: "A crash wipes out the vote",
        breaks: Some("Election Safety: a server votes again after a crash"),
        switches: &[("persist-vote", false)],
        ..CORRECT
    },
    Preset {
        name: "answers-first",
        title: "Servers answer before their disk write is done",
        breaks: Some("Election Safety: a vote that was never written is given again"),
        switches: &[("write-first", false)],
        ..CORRECT
    },
    Preset {
        name: "no-prev-check",
        title: "Followers take entries that do not follow on",
        breaks: Some("Log Matching: logs with the same entry and another past"),
        switches: &[("prev-check", false)],
        ..CORRECT
    },
    Preset {
        name: "unconfirmed-reads",
        title: "A leader answers reads without asking anybody",
        breaks: Some("fresh reads: a deposed leader answers from the past"),
        switches: &[("confirm-reads", false)],
        ..CORRECT
    },
    Preset {
        name: "executes-twice",
        title: "A repeated request is executed again",
        breaks: Some("at most once: a retry counts twice"),
        switches: &[("apply-once", false)],
        ..CORRECT
    },
];

/// A hop of 12 to 24 ms takes half a second to look at.
const HOME: Scenario = Scenario {
    id: "kill-the-leader",
    title: "Who is in charge?",
    summary: "Five servers, one leader. Crash it: the others notice that its heartbeats have \
              stopped, and one of them asks for votes.",
    preset: "correct",
    params: &[],
    switches: &[],
    script: &[],
    until: Duration::seconds(3),
    opens_at: Duration::millis(520),
    pace: 0.04,
    link: None,
};

/// The usual beginning: n1 leads term 1.
const N1_LEADS: &str = "10ms fire n1 ElectionTimeout";

/// Every hop takes the same, and no timeout comes between the steps of a script.
const STEADY: Link = Link::new(Latency::Constant(Duration::millis(5)));

pub(super) const SCENARIOS: &[Scenario] = &[
    HOME,
    Scenario {
        id: "split-vote",
        title: "A split vote",
        summary: "The leader crashes and the timers of all others run out together: each votes for \
                  itself and nobody wins, until random timeouts part them.",
        script: &[N1_LEADS, "300ms crash n1", "330ms align ElectionTimeout"],
        opens_at: Duration::millis(240),
        ..HOME
    },
    Scenario {
        id: "leader-cut-off",
        title: "The leader is cut off",
        summary: "n1 leads, but no longer hears the others. They elect a new leader in a later \
                  term; n1 goes on believing, and commits nothing. When the cut heals, it steps down.",
        script: &[
            N1_LEADS,
            "300ms partition n1|n2,n3,n4,n5",
            r#"400ms request n1 {"write":{"key":"x","value":"lonely"}}"#,
            "1200ms heal",
        ],
        opens_at: Duration::millis(240),
        ..HOME
    },
    Scenario {
        id: "write-and-heal",
        title: "Writes on both sides of a cut",
        summary: "The old leader keeps one follower and takes two writes that it cannot commit. The \
                  other side elects a leader and commits its own. Heal: the old entries are deleted.",
        script: &[
            N1_LEADS,
            r#"150ms request n1 {"write":{"key":"x","value":"1"}}"#,
            "300ms partition n1,n2|n3,n4,n5",
            r#"350ms request n1 {"write":{"key":"x","value":"2"}}"#,
            r#"400ms request n1 {"write":{"key":"x","value":"3"}}"#,
            "450ms fire n4 ElectionTimeout",
            r#"650ms request n4 {"write":{"key":"x","value":"4"}}"#,
            r#"700ms request n3 {"write":{"key":"x","value":"5"}}"#,
            "1100ms heal",
        ],
        opens_at: Duration::millis(280),
        ..HOME
    },
    Scenario {
        id: "two-of-five-crash",
        title: "A minority crashes",
        summary: "Two of five servers go down while a client writes. Three are a majority: every \
                  write is still committed, and the two catch up when they come back.",
        params: &[("clients", "1"), ("every", "120")],
        script: &[
            N1_LEADS,
            "500ms crash n4",
            "700ms crash n5",
            "1600ms recover n4",
            "1700ms recover n5",
        ],
        opens_at: Duration::millis(440),
        ..HOME
    },
    Scenario {
        id: "three-of-five-crash",
        title: "A majority crashes",
        summary: "One crash, two, three: at the third nothing can be committed any more, and \
                  candidates count terms upwards in vain. One server back is enough.",
        params: &[("clients", "1"), ("every", "120")],
        script: &[
            N1_LEADS,
            "500ms crash n5",
            "800ms crash n4",
            "1100ms crash n1",
            "2200ms recover n4",
        ],
        until: Duration::seconds(4),
        opens_at: Duration::millis(440),
        ..HOME
    },
    Scenario {
        id: "slow-follower",
        title: "A slow follower",
        summary: "Everything to and from n5 takes 80 ms more. Writes do not wait for it: a majority \
                  is enough, and n5 follows behind.",
        params: &[("clients", "1"), ("every", "90")],
        script: &[N1_LEADS, "200ms slow n1->n5 80ms", "200ms slow n5->n1 80ms"],
        opens_at: Duration::millis(440),
        ..HOME
    },
    Scenario {
        id: "figure-7",
        title: "Figure 7: six ways to lag behind",
        summary: "Seven servers begin with the logs of the paper's Figure 7. n1 wins term 8 without \
                  n4 and n5, and brings all six to its own log, one index a refusal.",
        params: &[("nodes", "7"), ("figure", "7"), ("heartbeat", "100")],
        script: &[N1_LEADS],
        until: Duration::seconds(1),
        opens_at: Duration::millis(9),
        pace: 0.006,
        link: Some(Link::new(Latency::Constant(Duration::millis(3)))),
        ..HOME
    },
    Scenario {
        id: "figure-8",
        title: "Figure 8: counting is not enough",
        summary: "S1 finds its entry of term 2 on a majority while it leads term 4, and must not \
                  commit it: S5 can still win and overwrite it, and does. Switch `current-term` \
                  off to see what breaks.",
        params: &[("timeout", "2000")],
        switches: &[("no-op", false)],
        script: &figure_8::FIGURE_8_D,
        until: Duration::seconds(1),
        opens_at: Duration::millis(118),
        pace: 0.012,
        link: Some(STEADY),
        ..HOME
    },
    Scenario {
        id: "figure-8-saved",
        title: "Figure 8: an entry of its own term saves it",
        summary: "As in Figure 8, but S1 brings an entry of term 4 to a majority before it crashes. \
                  The entry of term 2 is committed with it, and S5 can no longer win.",
        params: &[("timeout", "2000")],
        switches: &[("no-op", false)],
        script: &figure_8::FIGURE_8_E,
        until: Duration::seconds(1),
        opens_at: Duration::millis(370),
        pace: 0.012,
        link: Some(STEADY),
        ..HOME
    },
    Scenario {
        id: "forgotten-vote",
        title: "A forgotten vote",
        summary: "n3 votes for n1, crashes, comes back, and is asked by n2 in the same term. If the \
                  vote was not on disk, n3 gives it away again: two leaders in term 1.",
        preset: "forgets-vote",
        params: &[("nodes", "3")],
        script: &[
            "0s cut n1-n2",
            N1_LEADS,
            "30ms crash n3",
            "80ms recover n3",
            "82ms fire n2 ElectionTimeout",
        ],
        until: Duration::seconds(1),
        opens_at: Duration::millis(8),
        pace: 0.03,
        link: Some(Link::new(Latency::Constant(Duration::millis(15)))),
        ..HOME
    },
    Scenario {
        id: "crash-in-mid-write",
        title: "A crash in the middle of a disk write: two leaders in one term",
        summary: "Node 3 votes for node 1 and answers at once, while its disk is still writing the \
                  vote. It crashes, restarts without the vote, and votes for node 2 in the same \
                  term. With \u{201c}A node answers only after its disk write is done\u{201d} on, \
                  the answer waits and is lost in the crash.",
        preset: "answers-first",
        params: &[("nodes", "3")],
        script: &[
            "0s cut n1-n2",
            "0s disk n3 200ms",
            N1_LEADS,
            "60ms crash n3",
            "80ms recover n3",
            "82ms fire n2 ElectionTimeout",
        ],
        until: Duration::seconds(1),
        opens_at: Duration::millis(8),
        pace: 0.03,
        link: Some(Link::new(Latency::Constant(Duration::millis(15)))),
        ..HOME
    },
    Scenario {
        id: "stale-read",
        title: "A read from the past",
        summary: "n1 was cut off and does not know that n4 leads now. A leader that answers reads \
                  without asking gives an old value; switch `confirm-reads` on and it stays silent.",
        preset: "unconfirmed-reads",
        script: &[
            N1_LEADS,
            r#"150ms request n1 {"write":{"key":"x","value":"old"}}"#,
            "300ms partition n1|n2,n3,n4,n5",
            "400ms fire n4 ElectionTimeout",
            r#"550ms request n4 {"write":{"key":"x","value":"new"}}"#,
            r#"700ms request n1 {"read":{"key":"x"}}"#,
        ],
        opens_at: Duration::millis(380),
        ..HOME
    },
    Scenario {
        id: "etcd",
        title: "etcd: a cluster's memory",
        summary: "Kubernetes keeps what should run in etcd, which is Raft. A pod is written, the \
                  leader crashes, and a read waits for the next leader: nobody sees an old value.",
        params: &[("clients", "1")],
        script: &[
            N1_LEADS,
            r#"200ms request n6 {"write":{"key":"pod/web","value":"pending"}}"#,
            r#"400ms request n6 {"write":{"key":"pod/web","value":"running"}}"#,
            "600ms crash n1",
            r#"640ms request n6 {"read":{"key":"pod/web"}}"#,
            "1500ms recover n1",
        ],
        opens_at: Duration::millis(180),
        ..HOME
    },
    Scenario {
        id: "three-zones",
        title: "Three zones, one cut off",
        summary: "Five servers and three clients in three zones. The smallest zone, n5 with client \
                  n8, is cut off: its client waits, and the others are served as if nothing were.",
        params: &[("clients", "3"), ("every", "150")],
        script: &[
            N1_LEADS,
            "600ms partition n1,n2,n3,n4,n6,n7|n5,n8",
            "2400ms heal",
        ],
        until: Duration::seconds(4),
        opens_at: Duration::millis(540),
        ..HOME
    },
    Scenario {
        id: "service-of-one",
        title: "A service of one",
        summary: "One server, one client, one crash: nobody is served until the server is back. \
                  Compare the answered share with a service of three.",
        params: &[
            ("nodes", "1"),
            ("clients", "1"),
            ("every", "150"),
            ("tries", "1"),
        ],
        script: &["1s crash n1", "2s recover n1"],
        until: Duration::seconds(4),
        opens_at: Duration::millis(900),
        ..HOME
    },
    Scenario {
        id: "service-of-three",
        title: "A service of three",
        summary: "The same crash, the same client, three servers: the gap is one election long.",
        params: &[
            ("nodes", "3"),
            ("clients", "1"),
            ("every", "150"),
            ("tries", "1"),
        ],
        script: &[N1_LEADS, "1s crash n1", "2s recover n1"],
        until: Duration::seconds(4),
        opens_at: Duration::millis(900),
        ..HOME
    },
];
