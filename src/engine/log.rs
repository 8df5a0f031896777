//! The event log's rows, read from the trace as it grows.

use std::rc::Rc;

use super::Engine;
use crate::moments::Story;
use crate::text::records::{LogRow, sentence};

/// Rows that are kept at hand; older ones are reached by seeking.
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

    /// The rows must be read again: the run has another future.
    pub(super) fn rows_changed(&mut self) {
        self.rows = Rc::default();
        self.rows_up_to = 0;
        self.story = Story::default();
    }
}
