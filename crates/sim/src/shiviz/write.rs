//! A run as a ShiViz log.
//!
//! Every record of a node is one event, and its clock is the kernel's own vector: it ticks on every
//! record, sending included, so a clock seen on the page is the clock of the same event in the log.
//! Records of no node (losses, commands, broken laws) have no lane and are left out, but what they
//! hand on to their consequences is kept: an answer to a command never forgets the command's past.

use std::fmt::Write;

use crate::event::Record;
use crate::sorted::SortedMap;

/// For each node, by its number less one, how many of its records lie in the past.
type Clock = Vec<u64>;

/// Writes a run in parts, so that a long one need not be held at once. All records are looked at
/// first, then written, both from the run's first and in order.
#[derive(Default)]
pub struct LogWriter {
    /// How often each record is yet to be named as a cause: only those clocks are kept.
    uses: Vec<u32>,
    kept: SortedMap<u64, Clock>,
    latest: Vec<Clock>,
}

impl LogWriter {
    /// Takes notice of the next records.
    pub fn look(&mut self, records: &[Record]) {
        for record in records {
            let seq = record.seq as usize;
            if self.uses.len() <= seq {
                self.uses.resize(seq + 1, 0);
            }
            // 0 stands for no cause, and there is no such record.
            self.uses[record.caused_by as usize] += 1;
        }
    }

    /// Writes the next records behind `out`.
    pub fn write(&mut self, records: &[Record], out: &mut String) {
        for record in records {
            let clock = self.clock(record);
            if let Some(node) = record.node {
                write_event(out, record, node.0, &clock);
                self.remember(node.0 as usize - 1, &clock);
            }
            if self.uses.get(record.seq as usize).is_some_and(|n| *n > 0) {
                self.kept.insert(record.seq, clock);
            }
        }
    }

    /// The clock of the next record.
    fn clock(&mut self, record: &Record) -> Clock {
        let own = record.node.map(|node| node.0 as usize - 1);
        let mut clock = own
            .and_then(|at| self.latest.get(at))
            .cloned()
            .unwrap_or_default();
        if let Some(cause) = self.kept.get(&record.caused_by) {
            if clock.len() < cause.len() {
                clock.resize(cause.len(), 0);
            }
            for (known, theirs) in clock.iter_mut().zip(cause) {
                *known = (*known).max(*theirs);
            }
            let left = &mut self.uses[record.caused_by as usize];
            *left -= 1;
            if *left == 0 {
                self.kept.remove(&record.caused_by);
            }
        }
        if let Some(at) = own {
            if clock.len() <= at {
                clock.resize(at + 1, 0);
            }
            clock[at] += 1;
        }
        clock
    }

    fn remember(&mut self, at: usize, clock: &Clock) {
        if self.latest.len() <= at {
            self.latest.resize(at + 1, Clock::new());
        }
        self.latest[at].clone_from(clock);
    }
}

/// Two lines: the text, then the host with its clock.
fn write_event(out: &mut String, record: &Record, node: u32, clock: &Clock) {
    let from = out.len();
    let _ = write!(out, "{}", record.event);
    if out[from..].contains(breaks_a_line) {
        let text = out[from..].replace(breaks_a_line, " ");
        out.truncate(from);
        out.push_str(&text);
    }
    let _ = write!(out, "\nn{node} {{");
    let mut between = "";
    for (at, count) in clock.iter().enumerate().filter(|(_, count)| **count > 0) {
        let _ = write!(out, "{between}\"n{}\":{count}", at + 1);
        between = ",";
    }
    out.push_str("}\n");
}

/// What ends a line in the eyes of a regular expression in a browser, and all that cannot be seen.
pub(super) fn breaks_a_line(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}')
}

/// All of a run, from its first record, as one text.
#[must_use]
pub fn log(records: &[Record]) -> String {
    let mut writer = LogWriter::default();
    let mut out = String::new();
    writer.look(records);
    writer.write(records, &mut out);
    out
}
