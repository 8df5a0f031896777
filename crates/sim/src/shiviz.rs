//! Logs in the form that ShiViz reads: a run written so, and logs of any system read and checked.
//!
//! A log is lines of text, of which a regular expression makes events: the groups `event`, `host` and
//! `clock` of each match are what happened, where, and the vector clock of that event as JSON. Every
//! event of a host ticks its own entry by one, from 1. Only what obeys these rules can be drawn, so
//! the reader ([`read`]) refuses everything else with its line and the reason.
//!
//! Reference: Beschastnikh, Wang, Brun, Ernst, "Debugging distributed systems", CACM 2016.

mod form;
mod order;
mod passed;
mod pattern;
mod read;
#[cfg(test)]
mod tests;
mod write;

pub use form::{Compile, Form, looks_like_log, read_as, usual_parser};
pub use order::Edge;
pub use passed::passed_over_sentence;
pub use pattern::{
    DEFAULT_PARSER, Found, GOVECTOR_PARSER, HostLine, Pattern, check_parser, group_names,
};
pub use read::{Head, Refusal, read, split_head};
pub use write::{LogWriter, log};

/// One event of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEvent {
    /// Place of its host in [`Execution::hosts`].
    pub host: u32,
    /// Its number at its host, from 1.
    pub own: u32,
    /// The line of the log on which it begins, from 1.
    pub line: u32,
    /// What happened, in the log's words.
    pub text: String,
    /// What else the parser found: names and values.
    pub fields: Vec<(String, String)>,
    /// For each host, how many of its events lie in this one's past, itself included. A log that
    /// forgets what an event's causes knew has it added here.
    pub clock: Vec<u32>,
    /// One more than the largest of its causes.
    pub lamport: u32,
}

/// One execution of a log: what happened between two delimiters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Execution {
    /// As its delimiter names it; empty before the first one.
    pub name: String,
    /// Names, in the order in which the log mentions them.
    pub hosts: Vec<String>,
    /// All events, each behind its causes.
    pub events: Vec<LogEvent>,
    /// What one host learned from another, and not by way of a third.
    pub edges: Vec<Edge>,
    /// Lines of the log in which the parser found nothing, blank ones apart.
    pub passed_over: Vec<u32>,
}

impl Execution {
    /// How many events a host has.
    #[must_use]
    pub fn events_of(&self, host: usize) -> usize {
        let host = host as u32;
        self.events.iter().filter(|e| e.host == host).count()
    }

    /// Pairs of which one event can have caused the other.
    #[must_use]
    pub fn happened_before_pairs(&self) -> u64 {
        let past = |event: &LogEvent| event.clock.iter().map(|n| u64::from(*n)).sum::<u64>() - 1;
        self.events.iter().map(past).sum()
    }

    /// Pairs of which neither can have caused the other.
    #[must_use]
    pub fn concurrent_pairs(&self) -> u64 {
        let count = self.events.len() as u64;
        count * count.saturating_sub(1) / 2 - self.happened_before_pairs()
    }

    /// The length of the longest chain of causes.
    #[must_use]
    pub fn max_lamport_time(&self) -> u32 {
        self.events.iter().map(|e| e.lamport).max().unwrap_or(0)
    }
}
