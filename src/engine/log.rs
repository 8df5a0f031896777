//! The event log's rows, read from the trace as it grows.

use std::rc::Rc;

use faultline_sim::frame::Frame;

use super::Engine;
use crate::moments::Story;
use crate::news::Hearing;
use crate::text::records::{LogRow, row};
use crate::views::History;

/// The most values kept of each probe.
const MEASURED: usize = 400;
/// Rows kept in memory; a seek reads older ones again.
const LOG_ROWS: usize = 4_000;

impl Engine {
    /// The sentence of one record.
    pub fn sentence(&mut self, seq: u64) -> Option<String> {
        let vocabulary = self.vocabulary();
        let record = self.timeline.window(seq, seq).pop()?;
        row(&record, &vocabulary).map(|row| row.sentence)
    }

    /// The latest rows of the event log, up to the furthest instant reached.
    pub fn log(&mut self) -> Rc<Vec<LogRow>> {
        let end = self.timeline.trace().len();
        if end == self.rows_up_to {
            return self.rows.clone();
        }
        let most = LOG_ROWS as u64;
        let from = (self.rows_up_to + 1).max(end.saturating_sub(2 * most) + 1);
        let vocabulary = self.vocabulary();
        let fresh = self.timeline.window(from, end);
        let rows = Rc::make_mut(&mut self.rows);
        rows.extend(fresh.iter().filter_map(|record| row(record, &vocabulary)));
        if rows.len() > LOG_ROWS + LOG_ROWS / 4 {
            rows.drain(..rows.len() - LOG_ROWS);
        }
        self.rows_up_to = end;
        self.rows.clone()
    }

    /// The values of all probes over the run.
    pub fn history(&self) -> Rc<History> {
        self.history.clone()
    }

    /// Records the probes at the furthest instant reached.
    pub fn measure(&mut self, frame: &Frame) {
        let history = Rc::make_mut(&mut self.history);
        if history.last().is_some_and(|(at, _)| *at >= frame.time) {
            return;
        }
        let values = frame.probes.iter().map(|probe| probe.value).collect();
        history.push((frame.time, values));
        if history.len() > MEASURED {
            // A long run keeps every second value only.
            let mut i = 0;
            history.retain(|_| {
                i += 1;
                i % 2 == 1
            });
        }
    }

    /// Forgets the rows, because the run may have another future after `kept` records.
    pub(super) fn rows_changed(&mut self, kept: u64) {
        self.forget_ahead();
        if self.diagram.len() > kept {
            self.diagram.truncate(kept);
        }
        self.rows = Rc::default();
        self.rows_up_to = 0;
        self.story = Story::default();
        self.hearing = Hearing::default();
        self.costs = None;
        let now = self.timeline.now();
        Rc::make_mut(&mut self.history).retain(|(at, _)| *at <= now);
    }
}
