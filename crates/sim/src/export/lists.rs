//! Two lists for who studies a run: what nodes said of themselves, and what clients asked for and got.

use serde_json::json;

use crate::event::{Event, Record};
use crate::history::History;
use crate::process::Shared;
use crate::world::World;

/// The marks among some records, one line each: the instant in microseconds, the node, the mark's name
/// and the sentence.
#[must_use]
pub fn marks<'a>(records: impl IntoIterator<Item = &'a Record>) -> String {
    let mut out = String::new();
    for record in records {
        if let (Event::Marked(marked), Some(node)) = (&record.event, record.node) {
            let (at, name) = (record.time.0, marked.mark.name);
            out.push_str(&format!("{at:>10}  {node}  {name}  {marked}\n"));
        }
    }
    out
}

/// The history of a run, written as it goes: an operation a line, as JSON, in the order in which they
/// end; then those that have not ended. For a program that checks consistency.
#[derive(Debug, Default)]
pub struct HistoryWriter {
    history: History<Shared>,
}

impl HistoryWriter {
    /// Writes the operations that these records end.
    pub fn write(&mut self, records: &[Record], world: &World, out: &mut String) {
        for record in records {
            let Some(ended) = self.history.read(record, world, Shared::clone) else {
                continue;
            };
            let Event::Completed { operation, .. } = record.event else {
                continue;
            };
            let begun = ended.begun;
            let line = json!({
                "operation": operation,
                "node": begun.node,
                "request": begun.note,
                "invoked_us": begun.invoked.0,
                "completed_us": record.time.0,
                "end": ended.end,
                "reply": ended.reply,
            });
            out.push_str(&format!("{line}\n"));
        }
    }

    /// Writes the operations that have not ended: nobody knows what became of them.
    pub fn finish(&self, out: &mut String) {
        for (operation, begun) in self.history.open() {
            let line = json!({
                "operation": operation,
                "node": begun.node,
                "request": begun.note,
                "invoked_us": begun.invoked.0,
                "completed_us": null,
                "end": "unknown",
                "reply": null,
            });
            out.push_str(&format!("{line}\n"));
        }
    }
}
