//! The whole trace of a run as a file. A long trace does not fit into memory, so it is written in
//! windows, which the timeline makes again where it has dropped them.

use faultline_sim::export::{export, records_json, text};
use faultline_sim::timeline::Timeline;

use crate::Outcome;
use crate::output::Output;

/// The form of a trace.
#[derive(Clone, Copy, PartialEq)]
pub enum Format {
    /// One readable line a record, as in golden traces.
    Text,
    /// The recipe, and every record with its cause.
    Json,
}

pub const FORMATS: [(&str, Format); 2] = [("text", Format::Text), ("json", Format::Json)];

/// Records held at once.
const WINDOW: u64 = 50_000;

impl Format {
    pub fn write(self, timeline: &mut Timeline, out: &mut Output) -> Outcome {
        let last = timeline.records();
        // What stands before and behind the records, so that the parts make up one export.
        let (head, tail) = match self {
            Format::Text => (String::new(), ""),
            Format::Json => (json_head(timeline), "]}\n"),
        };
        out.text(&head)?;
        let mut from = 1;
        while from <= last && !out.is_closed() {
            let to = last.min(from + WINDOW - 1);
            let records = timeline.window(from, to);
            match self {
                Format::Text => out.text(&text(&records))?,
                Format::Json => {
                    let array = records_json(&records).to_string();
                    if from > 1 {
                        out.text(",")?;
                    }
                    out.text(array.trim_start_matches('[').trim_end_matches(']'))?;
                }
            }
            from = to + 1;
        }
        out.text(tail)
    }
}

/// An export up to its first record.
fn json_head(timeline: &Timeline) -> String {
    let hash = u64::from_str_radix(&timeline.trace_hash(), 16).unwrap_or(0);
    let end = timeline.world().now().0;
    let empty = export(&timeline.recipe(), end, hash, []).to_string();
    empty.strip_suffix("]}").unwrap_or(&empty).to_owned()
}
