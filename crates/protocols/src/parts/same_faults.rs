//! One load and one list of faults for several algorithms, so that their costs can be set side by side.
//!
//! ```
//! use faultline_protocols::parts::same_faults;
//!
//! assert!(same_faults::AMONG.contains(&"raft/same-faults"));
//! ```

use faultline_sim::descriptor::Scenario;
use faultline_sim::network::{Latency, Link};
use faultline_sim::standing::{Panel, Stop, View};
use faultline_sim::time::Duration;

/// The scenarios that have it.
pub const AMONG: &[&str] = &[
    "raft/same-faults",
    "multi-paxos/same-faults",
    "two-phase-commit/same-faults",
    "pbft/same-faults",
    "no-consensus/same-faults",
];

/// The faults: node 1, which leads or coordinates, crashes and comes back; then it is cut off with node 2.
macro_rules! faults {
    (sides $sides:literal; $($more:expr),* $(,)?) => {
        &[
            "700ms crash n1",
            "1500ms recover n1",
            concat!("2200ms partition ", $sides),
            "3s heal",
            $($more),*
        ]
    };
    ($($more:expr),* $(,)?) => {
        crate::parts::same_faults::faults![sides "n1,n2|n3,n4,n5"; $($more),*]
    };
}

/// The faults, and a write or a read about every 200 ms, each at the next node; and what an algorithm needs
/// before. Without reads nobody would notice that nodes disagree.
macro_rules! writes {
    ($($more:expr),* $(,)?) => {
        crate::parts::same_faults::faults![
            $($more,)*
            r#"300ms request n2 {"write":{"key":"x","value":"300"}}"#,
            r#"500ms request n3 {"read":{"key":"x"}}"#,
            r#"690ms request n4 {"write":{"key":"x","value":"690"}}"#,
            r#"900ms request n5 {"read":{"key":"x"}}"#,
            r#"1100ms request n2 {"write":{"key":"x","value":"1100"}}"#,
            r#"1300ms request n3 {"read":{"key":"x"}}"#,
            r#"1490ms request n4 {"write":{"key":"x","value":"1490"}}"#,
            r#"1700ms request n5 {"write":{"key":"x","value":"1700"}}"#,
            r#"1900ms request n2 {"read":{"key":"x"}}"#,
            r#"2100ms request n3 {"write":{"key":"x","value":"2100"}}"#,
            r#"2300ms request n4 {"write":{"key":"x","value":"2300"}}"#,
            r#"2500ms request n1 {"read":{"key":"x"}}"#,
            r#"2700ms request n5 {"write":{"key":"x","value":"2700"}}"#,
            r#"2900ms request n2 {"read":{"key":"x"}}"#,
            r#"3100ms request n3 {"read":{"key":"x"}}"#,
            r#"3300ms request n4 {"write":{"key":"x","value":"3300"}}"#,
            r#"3500ms request n5 {"read":{"key":"x"}}"#,
            r#"3700ms request n2 {"read":{"key":"x"}}"#,
        ]
    };
}

/// The same where only clients may be asked: nodes 6 to 10 ask in place of nodes 1 to 5, each on its side.
macro_rules! asks {
    () => {
        crate::parts::same_faults::faults![sides "n1,n2,n6,n7|n3,n4,n5,n8,n9,n10";
            r#"300ms request n7 {"write":{"key":"x","value":"300"}}"#,
            r#"500ms request n8 {"read":{"key":"x"}}"#,
            r#"690ms request n9 {"write":{"key":"x","value":"690"}}"#,
            r#"900ms request n10 {"read":{"key":"x"}}"#,
            r#"1100ms request n7 {"write":{"key":"x","value":"1100"}}"#,
            r#"1300ms request n8 {"read":{"key":"x"}}"#,
            r#"1490ms request n9 {"write":{"key":"x","value":"1490"}}"#,
            r#"1700ms request n10 {"write":{"key":"x","value":"1700"}}"#,
            r#"1900ms request n7 {"read":{"key":"x"}}"#,
            r#"2100ms request n8 {"write":{"key":"x","value":"2100"}}"#,
            r#"2300ms request n9 {"write":{"key":"x","value":"2300"}}"#,
            r#"2500ms request n6 {"read":{"key":"x"}}"#,
            r#"2700ms request n10 {"write":{"key":"x","value":"2700"}}"#,
            r#"2900ms request n7 {"read":{"key":"x"}}"#,
            r#"3100ms request n8 {"read":{"key":"x"}}"#,
            r#"3300ms request n9 {"write":{"key":"x","value":"3300"}}"#,
            r#"3500ms request n10 {"read":{"key":"x"}}"#,
            r#"3700ms request n7 {"read":{"key":"x"}}"#,
        ]
    };
}

/// The faults, and at the same instants a transaction in which all participants take part.
macro_rules! shares {
    () => {
        crate::parts::same_faults::faults![
            r#"300ms request n1 {"share":{"from":2,"amount":1}}"#,
            r#"500ms request n1 {"share":{"from":2,"amount":1}}"#,
            r#"690ms request n1 {"share":{"from":2,"amount":1}}"#,
            r#"900ms request n1 {"share":{"from":2,"amount":1}}"#,
            r#"1100ms request n1 {"share":{"from":2,"amount":1}}"#,
            r#"1300ms request n1 {"share":{"from":2,"amount":1}}"#,
            r#"1490ms request n1 {"share":{"from":2,"amount":1}}"#,
            r#"1700ms request n1 {"share":{"from":2,"amount":1}}"#,
            r#"1900ms request n1 {"share":{"from":2,"amount":1}}"#,
            r#"2100ms request n1 {"share":{"from":2,"amount":1}}"#,
            r#"2300ms request n1 {"share":{"from":2,"amount":1}}"#,
            r#"2500ms request n1 {"share":{"from":2,"amount":1}}"#,
            r#"2700ms request n1 {"share":{"from":2,"amount":1}}"#,
            r#"2900ms request n1 {"share":{"from":2,"amount":1}}"#,
            r#"3100ms request n1 {"share":{"from":2,"amount":1}}"#,
            r#"3300ms request n1 {"share":{"from":2,"amount":1}}"#,
            r#"3500ms request n1 {"share":{"from":2,"amount":1}}"#,
            r#"3700ms request n1 {"share":{"from":2,"amount":1}}"#,
        ]
    };
}

pub(crate) use {asks, faults, shares, writes};

/// What the scenarios have in common, but for their titles and scripts.
pub const BASE: Scenario = Scenario {
    id: "same-faults",
    until: Duration::seconds(5),
    opens_at: Duration::millis(280),
    pace: 0.04,
    // As in a data centre; a hop takes half a second to look at.
    link: Some(Link::new(Latency::Uniform {
        min: Duration::millis(12),
        max: Duration::millis(24),
    })),
    view: View::panel(Panel::Measures).stop(Stop::At(Duration::millis(690))),
    among: AMONG,
    ..Scenario::BASE
};
