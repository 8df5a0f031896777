//! What is measured besides the usual.

use faultline_sim::event::Event;
use faultline_sim::probe::{Count, ProbeSpec};

use super::{LEADS, STARTS};

/// How often `startElection` ran.
pub const ELECTIONS: ProbeSpec = ProbeSpec {
    name: "elections",
    title: "Elections started",
    unit: "elections",
    make: || Count::boxed(|record| matches!(&record.event, Event::Noted(text) if text == STARTS)),
};

/// How often `becomeLeader` ran.
pub const CLAIMS: ProbeSpec = ProbeSpec {
    name: "claims",
    title: "Times somebody became the leader",
    unit: "times",
    make: || Count::boxed(|record| matches!(&record.event, Event::Noted(text) if text == LEADS)),
};
