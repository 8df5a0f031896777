//! The event log's rows, read from the trace as it grows.

use std::rc::Rc;

use faultline_sim::frame::Frame;

use super::Engine;
use crate::moments::Story;
use crate::text::records::{LogRow, sentence};
use crate::ui::panels::History;

/// Rows that are kept at hand; older ones are reached by seeking.
/// Values kept of each probe.
const MEASURED: usize = 400;
const LOG_ROWS: usize = 4_000;

impl Engine {
    /// What happened at one record, as a sentence.
    pub fn sentence(&mut self, seq: u64) -> Option<String> {
        let kinds = self.protocol().kinds;
        let record = self.timeline.window(seq, seq).pop()?;
        sentence(&record, kinds).map(|row| row.sentence)
    }

    /// The event log up to the furthest instant, its latest rows.
    pub fn log(&mut self) -> Rc<Vec<LogRow>> {
        let end = self.timeline.trace().len();
        if end == self.rows_up_to {
            return self.rows.clone();
        }
        let most = LOG_ROWS as u64;
        let from = (self.rows_up_to + 1).max(end.saturating_sub(2 * most) + 1);
        let kinds = self.protocol().kinds;
        let fresh = self.timeline.window(from, end);
        let rows = Rc::make_mut(&mut self.rows);
        rows.extend(fresh.iter().filter_map(|record| sentence(record, kinds)));
        if rows.len() > LOG_ROWS + LOG_ROWS / 4 {
            rows.drain(..rows.len() - LOG_ROWS);
        }
        self.rows_up_to = end;
        self.rows.clone()
    }

    /// What probes were in the course of the run.
    pub fn history(&self) -> Rc<History> {
        self.history.clone()
    }

    /// Notes down what the probes are at the furthest instant.
    pub fn measure(&mut self, frame: &Frame) {
        let history = Rc::make_mut(&mut self.history);
        if history.last().is_some_and(|(at, _)| *at >= frame.time) {
            return;
        }
        let values = frame.probes.iter().map(|probe| probe.value).collect();
        history.push((frame.time, values));
        if history.len() > MEASURED {
            // The older half of a long run is told with every second value.
            let mut i = 0;
            history.retain(|_| {
                i += 1;
                i % 2 == 1
            });
        }
    }

    /// The rows must be read again: behind so many records the run may have another future.
    pub(super) fn rows_changed(&mut self, kept: u64) {
        self.diagram.truncate(kept);
        self.rows = Rc::default();
        self.rows_up_to = 0;
        self.story = Story::default();
        let now = self.timeline.now();
        Rc::make_mut(&mut self.history).retain(|(at, _)| *at <= now);
    }
}
