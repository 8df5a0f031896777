//! From what a file says of each operation to the history.

use serde_json::Value as Json;

use super::super::history::{Event, Operations};
use super::super::operation::{Asked, Word};
use super::words::{How, Verb, call, ended};
use super::{FileError, FileFormat, MOST_OPERATIONS, ModelName, too_many};
use crate::time::Time;

/// An operation as the file has it.
#[derive(Debug)]
pub(super) struct Raw {
    pub line: u32,
    pub process: u32,
    pub key: Word,
    pub verb: Verb,
    pub value: Json,
    pub began: Time,
    pub end: Option<RawEnd>,
}

/// Its end.
#[derive(Debug)]
pub(super) struct RawEnd {
    pub line: u32,
    pub at: Time,
    pub how: How,
    pub result: Option<Json>,
}

/// The operations of a file, and what happens in their order.
#[derive(Debug, Default)]
pub(super) struct Raws {
    pub all: Vec<Raw>,
    pub events: Vec<Event>,
}

impl Raws {
    /// Takes one more. Answers its number in the file.
    pub(super) fn push(&mut self, raw: Raw) -> Result<usize, FileError> {
        if self.all.len() >= MOST_OPERATIONS {
            return Err(too_many(raw.line));
        }
        self.all.push(raw);
        Ok(self.all.len() - 1)
    }

    /// What the operations are about: what those say that can be about one kind of object only, else
    /// what reads have seen.
    pub(super) fn model(&self) -> Result<ModelName, FileError> {
        let mut sure: Option<(ModelName, &Raw)> = None;
        for raw in &self.all {
            let Some(own) = raw.verb.model() else {
                continue;
            };
            match sure {
                None => sure = Some((own, raw)),
                Some((model, first)) if model != own => {
                    return Err(FileError::at(
                        raw.line,
                        format!(
                            "`{}` belongs to the model {}, but `{}` on line {} belongs to {}; a file has one \
                             kind of object",
                            raw.verb.name(),
                            own.name(),
                            first.verb.name(),
                            first.line,
                            model.name()
                        ),
                    ));
                }
                Some(_) => {}
            }
        }
        if let Some((model, _)) = sure {
            return Ok(model);
        }
        let results = self.all.iter().filter(|raw| raw.verb == Verb::Read);
        let mut results = results.filter_map(|raw| raw.end.as_ref()?.result.as_ref());
        Ok(match results.find(|result| !result.is_null()) {
            Some(Json::Array(_)) => ModelName::Set,
            Some(Json::Object(_)) => ModelName::Bank,
            _ if self.all.iter().any(|raw| raw.verb == Verb::Add) => ModelName::Counter,
            _ => ModelName::Store,
        })
    }

    /// The history. Objects of a store, a counter or a bank begin with `initial`.
    pub(super) fn history(
        self,
        format: FileFormat,
        model: ModelName,
        initial: Option<&str>,
    ) -> Result<Operations, FileError> {
        if self.all.is_empty() {
            let reason = format!(
                "there is no operation in this file; is its format {}?",
                format.name()
            );
            return Err(FileError::at(1, reason));
        }
        let initial = initial.or(format.initial(model));
        let first = model.model(initial);
        let mut history = Operations::new(first.map_err(|why| FileError::at(1, why))?);
        let mut numbers = vec![0; self.all.len()];
        for event in self.events {
            match event {
                Event::Begin(at) => {
                    let raw = &self.all[at as usize];
                    let asked = Asked {
                        key: raw.key.clone(),
                        call: call(model, raw.verb, &raw.value)
                            .map_err(|why| FileError::at(raw.line, why))?,
                    };
                    numbers[at as usize] = history.begin(raw.process, asked, raw.began);
                }
                Event::End(at) => {
                    let raw = &self.all[at as usize];
                    let Some(end) = &raw.end else { continue };
                    let ended = ended(model, raw.verb, end.how, end.result.as_ref())
                        .map_err(|why| FileError::at(end.line, why))?;
                    history.end(numbers[at as usize], ended, end.at);
                }
            }
        }
        Ok(history)
    }
}

/// The order of events that have only times: invocations come before ends of the same instant, so such
/// operations overlap.
pub(super) fn by_time(times: impl Iterator<Item = (Time, Option<Time>)>) -> Vec<Event> {
    let mut events = Vec::new();
    for (number, (began, ended)) in times.enumerate() {
        let number = number as u32;
        events.push((began, false, number));
        if let Some(ended) = ended {
            events.push((ended, true, number));
        }
    }
    events.sort_unstable();
    let event = |(_, end, number)| match end {
        false => Event::Begin(number),
        true => Event::End(number),
    };
    events.into_iter().map(event).collect()
}
