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
    "three-phase-commit/same-faults",
    "saga/same-faults",
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

/// The faults, and a write or a read about every 200 ms, each at the next of five nodes; and what an algorithm
/// needs before. Without reads nobody would notice that nodes disagree.
macro_rules! load {
    (
        sides $sides:literal;
        at $one:literal, $two:literal, $three:literal, $four:literal, $five:literal;
        $($more:expr),* $(,)?
    ) => {
        crate::parts::same_faults::faults![sides $sides;
            $($more,)*
            concat!("300ms request ", $two, r#" {"write":{"key":"x","value":"300"}}"#),
            concat!("500ms request ", $three, r#" {"read":{"key":"x"}}"#),
            concat!("690ms request ", $four, r#" {"write":{"key":"x","value":"690"}}"#),
            concat!("900ms request ", $five, r#" {"read":{"key":"x"}}"#),
            concat!("1100ms request ", $two, r#" {"write":{"key":"x","value":"1100"}}"#),
            concat!("1300ms request ", $three, r#" {"read":{"key":"x"}}"#),
            concat!("1490ms request ", $four, r#" {"write":{"key":"x","value":"1490"}}"#),
            concat!("1700ms request ", $five, r#" {"write":{"key":"x","value":"1700"}}"#),
            concat!("1900ms request ", $two, r#" {"read":{"key":"x"}}"#),
            concat!("2100ms request ", $three, r#" {"write":{"key":"x","value":"2100"}}"#),
            concat!("2300ms request ", $four, r#" {"write":{"key":"x","value":"2300"}}"#),
            concat!("2500ms request ", $one, r#" {"read":{"key":"x"}}"#),
            concat!("2700ms request ", $five, r#" {"write":{"key":"x","value":"2700"}}"#),
            concat!("2900ms request ", $two, r#" {"read":{"key":"x"}}"#),
            concat!("3100ms request ", $three, r#" {"read":{"key":"x"}}"#),
            concat!("3300ms request ", $four, r#" {"write":{"key":"x","value":"3300"}}"#),
            concat!("3500ms request ", $five, r#" {"read":{"key":"x"}}"#),
            concat!("3700ms request ", $two, r#" {"read":{"key":"x"}}"#),
        ]
    };
}

/// Clients ask the servers themselves.
macro_rules! writes {
    ($($more:expr),* $(,)?) => {
        crate::parts::same_faults::load![
            sides "n1,n2|n3,n4,n5"; at "n1", "n2", "n3", "n4", "n5"; $($more),*
        ]
    };
}

/// Where only clients may be asked: nodes 6 to 10 in place of nodes 1 to 5, each on its side.
macro_rules! asks {
    () => {
        crate::parts::same_faults::load![
            sides "n1,n2,n6,n7|n3,n4,n5,n8,n9,n10"; at "n6", "n7", "n8", "n9", "n10";
        ]
    };
}

/// The faults, and at the same instants a transaction in which all participants take part: this request to node 1.
macro_rules! transactions {
    ($request:literal) => {
        crate::parts::same_faults::faults![
            concat!("300ms request n1 ", $request),
            concat!("500ms request n1 ", $request),
            concat!("690ms request n1 ", $request),
            concat!("900ms request n1 ", $request),
            concat!("1100ms request n1 ", $request),
            concat!("1300ms request n1 ", $request),
            concat!("1490ms request n1 ", $request),
            concat!("1700ms request n1 ", $request),
            concat!("1900ms request n1 ", $request),
            concat!("2100ms request n1 ", $request),
            concat!("2300ms request n1 ", $request),
            concat!("2500ms request n1 ", $request),
            concat!("2700ms request n1 ", $request),
            concat!("2900ms request n1 ", $request),
            concat!("3100ms request n1 ", $request),
            concat!("3300ms request n1 ", $request),
            concat!("3500ms request n1 ", $request),
            concat!("3700ms request n1 ", $request),
        ]
    };
}

/// The same as transactions between banks.
macro_rules! shares {
    () => {
        crate::parts::same_faults::transactions![r#"{"share":{"from":2,"amount":1}}"#]
    };
}

pub(crate) use {asks, faults, load, shares, transactions, writes};

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
