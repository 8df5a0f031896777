//! The whole trace of a run as a file, or a window as a picture. A long trace does not fit into memory,
//! so the run is repeated and its records are written as they come. The head of most formats has the
//! hash of all records, which only a finished run knows.

use faultline_sim::event::Record;
use faultline_sim::export::{
    HistoryWriter, JSON_TAIL, json_head, marks, mermaid, text, text_head, write_json_records,
};
use faultline_sim::shiviz::LogWriter;
use faultline_sim::time::{Duration, Time};
use faultline_sim::timeline::Pass;

use super::picture::Picture;
use crate::Outcome;
use crate::output::Output;

/// The format of a trace.
#[derive(Clone, Copy, PartialEq)]
pub enum Format {
    /// One readable line per record, as in golden traces.
    Text,
    /// The recipe, and every record with its cause.
    Json,
    /// A log that ShiViz draws: every record of a node with its vector.
    Shiviz,
    /// What nodes said of themselves.
    Marks,
    /// What clients asked for and what came of it.
    History,
    /// A sequence diagram for Mermaid, of a window.
    Mermaid,
    /// The space-time diagram of a window.
    Svg,
}

pub const FORMATS: [(&str, Format); 7] = [
    ("text", Format::Text),
    ("json", Format::Json),
    ("shiviz", Format::Shiviz),
    ("marks", Format::Marks),
    ("history", Format::History),
    ("mermaid", Format::Mermaid),
    ("svg", Format::Svg),
];

/// The requested trace.
#[derive(Clone, Copy)]
pub struct Form {
    pub format: Format,
    /// The first and the last instant of a picture.
    pub window: Option<(Time, Time)>,
}

/// Reads a window such as `4s..6s`.
pub fn window(text: &str) -> Outcome<(Time, Time)> {
    let read = |word: &str| Duration::parse(word).map(|length| Time(length.0));
    let (from, to) = text
        .split_once("..")
        .ok_or_else(|| format!("`{text}` is not a window; write two instants such as 4s..6s"))?;
    let (from, to) = (read(from)?, read(to)?);
    if from > to {
        return Err(format!(
            "the window `{text}` ends before it starts; write the earlier instant first"
        ));
    }
    Ok((from, to))
}

impl Format {
    /// Whether it shows a window instead of the whole run.
    pub fn has_window(self) -> bool {
        matches!(self, Format::Mermaid | Format::Svg)
    }
}

impl Form {
    pub fn write(self, pass: &Pass, out: &mut Output) -> Outcome {
        match self.format {
            Format::Text => {
                let setup = pass.setup();
                let (name, seed) = (setup.name(), setup.seed.to_string());
                let hash = pass.trace_hash();
                out.text(&text_head(&name, &seed, setup.protocol.revision, &hash))?;
                in_parts(pass, out, |records, out| out.text(&text(records)))
            }
            Format::Json => {
                let (setup, end) = (pass.setup(), pass.world().now().0);
                let recipe = setup.recipe_with(&setup.commands);
                out.text(&json_head(&recipe, end, &pass.trace_hash()))?;
                in_parts(pass, out, |records, out| {
                    let mut part = String::new();
                    write_json_records(records, &mut part);
                    out.text(&part)
                })?;
                out.text(JSON_TAIL)
            }
            Format::Shiviz => {
                let mut log = LogWriter::default();
                in_parts(pass, out, |records, _| {
                    log.look(records);
                    Ok(())
                })?;
                in_parts(pass, out, |records, out| {
                    let mut part = String::new();
                    log.write(records, &mut part);
                    out.text(&part)
                })
            }
            Format::Marks => in_parts(pass, out, |records, out| out.text(&marks(records))),
            Format::History => {
                let mut history = HistoryWriter::default();
                let mut write = |records: &[Record], out: &mut Output| {
                    let mut part = String::new();
                    history.write(records, pass.world(), &mut part);
                    out.text(&part)
                };
                in_parts(pass, out, &mut write)?;
                let mut open = String::new();
                history.finish(&mut open);
                out.text(&open)
            }
            Format::Mermaid => {
                let records = self.inside(pass, out)?;
                out.text(&mermaid(&records))
            }
            Format::Svg => {
                let mut picture = Picture::new(self.window);
                in_parts(pass, out, |records, _| {
                    picture.read(records);
                    Ok(())
                })?;
                let kinds = pass.setup().protocol.kinds;
                let (text, missing) = picture.drawn(kinds);
                if let Some(sentence) = missing {
                    eprintln!("faultline: {sentence}");
                }
                out.text(&text)
            }
        }
    }

    /// Records of the window.
    fn inside(self, pass: &Pass, out: &mut Output) -> Outcome<Vec<Record>> {
        let mut all = Vec::new();
        in_parts(pass, out, |records, _| {
            let inside = |record: &&Record| match self.window {
                Some((from, to)) => (from..=to).contains(&record.time),
                None => true,
            };
            all.extend(records.iter().filter(inside).cloned());
            Ok(())
        })?;
        Ok(all)
    }
}

/// Repeats a finished run and passes on its records in parts, until the reader closes the stream.
pub fn in_parts(
    pass: &Pass,
    out: &mut Output,
    mut act: impl FnMut(&[Record], &mut Output) -> Outcome,
) -> Outcome {
    let (to, moves) = (pass.world().now(), pass.moves());
    let mut again = Pass::new(pass.setup())?;
    while let Some(records) = again.next_part(to, moves).filter(|_| !out.is_closed()) {
        act(records, out)?;
    }
    Ok(())
}
