//! A run for others: as JSON (the recipe that makes it, and what happened), as readable lines, and a
//! window of it as a sequence diagram; its marks and its clients' operations as lists. Logs for ShiViz are in [`crate::shiviz`].

mod lists;
mod mermaid;

use serde_json::{Value as Json, json};

use crate::descriptor::Recipe;
use crate::event::Record;
use crate::hash::hex;

pub use lists::{HistoryWriter, marks};
pub use mermaid::mermaid;

/// Records as JSON, in order: `{seq, time_us, node, event, caused_by, lamport}`.
#[must_use]
pub fn records_json<'a>(records: impl IntoIterator<Item = &'a Record>) -> Json {
    let rows = records.into_iter().map(|record| {
        json!({
            "seq": record.seq,
            "time_us": record.time.0,
            "node": record.node,
            "event": record.event,
            "caused_by": record.caused_by,
            "lamport": record.lamport,
        })
    });
    Json::Array(rows.collect())
}

/// A whole run. The recipe alone makes it again ([`import`]); records and hash let others read and
/// check it.
#[must_use]
pub fn export<'a>(
    recipe: &Recipe,
    end_us: u64,
    trace_hash: u64,
    records: impl IntoIterator<Item = &'a Record>,
) -> Json {
    let mut run = about(recipe, end_us, &hex(trace_hash));
    run["records"] = records_json(records);
    run
}

fn about(recipe: &Recipe, end_us: u64, trace_hash: &str) -> Json {
    json!({
        "faultline": 1,
        "recipe": recipe,
        "end_us": end_us,
        "trace_hash": trace_hash,
    })
}

/// The same export written in parts, for a run that is too long to be held at once: this, then
/// [`write_json_records`] for each part, then [`JSON_TAIL`].
#[must_use]
pub fn json_head(recipe: &Recipe, end_us: u64, trace_hash: &str) -> String {
    let mut head = about(recipe, end_us, trace_hash).to_string();
    head.pop();
    head + ",\"records\":["
}

/// What stands behind the records of an export written in parts.
pub const JSON_TAIL: &str = "]}\n";

/// Writes the next records of an export. The first one of all has the number 1.
pub fn write_json_records(records: &[Record], out: &mut String) {
    let array = records_json(records).to_string();
    if records.first().is_some_and(|record| record.seq > 1) {
        out.push(',');
    }
    out.push_str(&array[1..array.len() - 1]);
}

/// The recipe of an exported run, or a bare recipe, and where the run ended if that is known.
///
/// # Errors
/// One sentence that says what is missing.
pub fn import(text: &str) -> Result<(Recipe, Option<u64>), String> {
    let json: Json = serde_json::from_str(text)
        .map_err(|error| format!("This file is not a saved run: it is not JSON ({error})."))?;
    let end = json.get("end_us").and_then(Json::as_u64);
    let recipe = json.get("recipe").unwrap_or(&json).clone();
    let recipe = serde_json::from_value(recipe)
        .map_err(|error| format!("This file is not a saved run: {error}."))?;
    Ok((recipe, end))
}

/// What stands above the lines of a readable trace: which run it is, and the hash of all its records.
#[must_use]
pub fn text_head(scenario: &str, seed: &str, revision: u32, trace_hash: &str) -> String {
    format!("{scenario}  seed {seed}  revision {revision}  trace {trace_hash}\n\n")
}

/// Records in the readable form of golden traces, one line each, without timer settings.
#[must_use]
pub fn text<'a>(records: impl IntoIterator<Item = &'a Record>) -> String {
    let told = |record: &&Record| !matches!(record.event, crate::event::Event::TimerSet { .. });
    let mut out = String::new();
    for record in records.into_iter().filter(told) {
        out.push_str(&record.line());
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Time;

    #[test]
    fn an_export_in_parts_is_the_same_export() {
        let record = |seq| Record {
            seq,
            time: Time(seq),
            node: None,
            event: crate::testing::remark("[]"),
            caused_by: 0,
            lamport: seq,
            wrote: false,
        };
        let records: Vec<Record> = (1..=3).map(record).collect();
        let recipe = Recipe::new("any/one", 7);
        for cut in 0..=3 {
            let mut parts = json_head(&recipe, 9, &hex(5));
            write_json_records(&records[..cut], &mut parts);
            write_json_records(&records[cut..], &mut parts);
            parts.push_str(JSON_TAIL);
            let whole = export(&recipe, 9, 5, &records);
            assert_eq!(serde_json::from_str::<Json>(&parts).unwrap(), whole);
            assert_eq!(parts.trim_end(), whole.to_string());
        }
    }
}
