//! Histories of Jepsen, as a log or in EDN, and of Porcupine.

use serde_json::Value as Json;

use super::super::history::Event;
use super::super::operation::{Place, Word};
use super::assemble::{Raw, RawEnd, Raws};
use super::edn::Edn;
use super::words::{How, Verb, json_shown, word};
use super::{FileError, FileFormat, MOST_LINE, ModelName, Read, shown, too_long_a_line};
use crate::shared::SharedMap;
use crate::text::did_you_mean;
use crate::time::Time;

/// Lines among which a history has its first operation.
const HEAD: usize = 500;

/// What kind of event a line tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Invoke,
    Ok,
    Fail,
    Info,
}

impl Kind {
    const ALL: [(&'static str, Self); 4] = [
        (":invoke", Self::Invoke),
        (":ok", Self::Ok),
        (":fail", Self::Fail),
        (":info", Self::Info),
    ];

    fn parse(word: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(name, _)| *name == word);
        found.map(|(_, kind)| *kind)
    }
}

/// What a line says.
#[derive(Debug)]
enum Said {
    Event(Heard),
    /// Of a process that makes faults.
    Fault(String),
}

/// An event of a client.
#[derive(Debug)]
struct Heard {
    process: u32,
    kind: Kind,
    verb: Verb,
    key: Word,
    value: Option<Json>,
    /// Whether the line says why it ended so.
    error: bool,
    /// In microseconds.
    time: Option<u64>,
}

/// The format, if the first operation reads as one.
pub(super) fn begins(text: &str) -> Option<FileFormat> {
    for line in text.lines().take(HEAD) {
        // A clock of a log for ShiViz, or JSON of any kind.
        if line.contains("{\"") || line.len() > MOST_LINE {
            return None;
        }
        let line = line.trim();
        let (said, format) = if is_map(line, FileFormat::Jepsen) {
            let said = of_maps(line).ok()?.into_iter().next();
            let stores = |said: &Said| match said {
                Said::Event(heard) => !heard.key.is_empty() && heard.verb != Verb::Cas,
                Said::Fault(_) => false,
            };
            match said.as_ref().is_some_and(stores) {
                true => (said, FileFormat::PorcupineKv),
                false => (said, FileFormat::Jepsen),
            }
        } else {
            (of_log(line).ok()?, FileFormat::Jepsen)
        };
        match said {
            None | Some(Said::Fault(_)) => {}
            Some(Said::Event(heard)) => return (heard.kind == Kind::Invoke).then_some(format),
        }
    }
    None
}

pub(super) fn read(
    text: &str,
    format: FileFormat,
    model: Option<ModelName>,
) -> Result<Read, FileError> {
    let mut reader = Reader::default();
    for (at, line) in text.lines().enumerate() {
        let number = at as u32 + 1;
        let refuse = |reason| FileError::at(number, reason);
        if line.len() > MOST_LINE {
            return Err(too_long_a_line(number));
        }
        let line = line.trim();
        if is_map(line, format) {
            for said in of_maps(line).map_err(refuse)? {
                reader.take(number, said)?;
            }
        } else if let Some(said) = of_log(line).map_err(refuse)? {
            reader.take(number, said)?;
        }
    }
    let model = match model {
        Some(model) => model,
        None => reader.raws.model()?,
    };
    Ok(Read {
        history: reader.raws.history(format, model, None)?,
        faults: reader.faults,
    })
}

#[derive(Default)]
struct Reader {
    raws: Raws,
    faults: Vec<(Place, String)>,
    /// The operation under way at each process.
    open: SharedMap<u32, usize>,
    now: u64,
}

impl Reader {
    fn take(&mut self, line: u32, said: Said) -> Result<(), FileError> {
        let heard = match said {
            Said::Event(heard) => heard,
            Said::Fault(text) => {
                self.faults.push((self.raws.events.len() as Place, text));
                return Ok(());
            }
        };
        self.now = heard.time.unwrap_or(u64::from(line)).max(self.now);
        let process = heard.process;
        let refuse = |reason| Err(FileError::at(line, reason));
        if heard.kind == Kind::Invoke {
            if let Some(before) = self.open.get(&process) {
                let before = self.raws.all[*before].line;
                return refuse(format!(
                    "process {process} invokes again, but its operation of line {before} has not \
                     ended; a process has one operation at a time"
                ));
            }
            let at = self.raws.push(Raw {
                line,
                process,
                key: heard.key,
                verb: heard.verb,
                value: heard.value.unwrap_or(Json::Null),
                began: Time(self.now),
                end: None,
            })?;
            self.open.insert(process, at);
            self.raws.events.push(Event::Begin(at as u32));
            return Ok(());
        }
        let Some(at) = self.open.remove(&process) else {
            return refuse(format!(
                "process {process} ends an operation that it has not begun; an `:invoke` must come \
                 before"
            ));
        };
        let raw = &mut self.raws.all[at];
        if let Some(why) = differs(raw, &heard) {
            return refuse(why);
        }
        let how = match (heard.kind, raw.verb) {
            (Kind::Ok, _) => How::Done,
            (Kind::Fail, Verb::Cas) if !heard.error => How::Refused,
            (Kind::Fail, _) => How::Aborted,
            _ => How::Unknown,
        };
        let told = how == How::Done && matches!(raw.verb, Verb::Read | Verb::Add);
        raw.end = Some(RawEnd {
            line,
            at: Time(self.now),
            how,
            result: heard.value.filter(|_| told),
        });
        self.raws.events.push(Event::End(at as u32));
        Ok(())
    }
}

/// Why an end does not belong to an invocation.
fn differs(raw: &Raw, heard: &Heard) -> Option<String> {
    let (process, line) = (raw.process, raw.line);
    if raw.verb != heard.verb {
        return Some(format!(
            "process {process} ends `{}`, but it invoked `{}` on line {line}",
            heard.verb.name(),
            raw.verb.name()
        ));
    }
    if raw.key != heard.key {
        return Some(format!(
            "process {process} ends an operation on key `{}`, but it invoked one on key `{}` on line \
             {line}",
            shown(&heard.key),
            shown(&raw.key)
        ));
    }
    let answers = matches!(raw.verb, Verb::Read | Verb::Add) || heard.kind != Kind::Ok;
    let value = heard.value.as_ref();
    let value = value.filter(|value| !answers && !value.is_null() && **value != raw.value)?;
    Some(format!(
        "process {process} ends `{}` of {}, but it invoked it with {} on line {line}",
        raw.verb.name(),
        json_shown(value),
        json_shown(&raw.value)
    ))
}

fn verb(word: &str) -> Result<Verb, String> {
    let plain = word.strip_prefix(':').unwrap_or(word);
    Verb::parse(plain).ok_or_else(|| {
        let names = Verb::ALL.iter().map(|(name, _)| *name);
        let names = names.filter(|name| name.len() > 1);
        format!(
            "`{}` is not an operation; {}",
            shown(word),
            did_you_mean(plain, names)
        )
    })
}

/// Words of a line, each with the place where it ends.
fn words(line: &str) -> Vec<(&str, usize)> {
    let place = |word: &str| word.as_ptr() as usize - line.as_ptr() as usize + word.len();
    line.split_whitespace()
        .map(|word| (word, place(word)))
        .collect()
}

/// Reads a line of a log; nothing if it tells of no operation. Then it must not look like one, either:
/// a process, and then a keyword.
fn of_log(line: &str) -> Result<Option<Said>, String> {
    if !line.contains(':') && !line.contains(" - ") {
        return Ok(None);
    }
    let words = words(line);
    let keyword = |at: usize| {
        let word = words.get(at).map(|(word, _)| *word);
        word.is_some_and(|w| w.len() > 1 && w.starts_with(':') && !w.starts_with("::"))
    };
    let number = |at: usize| words[at].0.bytes().all(|byte| byte.is_ascii_digit());
    let process = |at: &usize| {
        let last = at + 1 == words.len();
        let names = number(*at) || words[*at].0 == ":nemesis";
        let behind = *at > 0 && words[at - 1].0 == "-" && last && number(*at);
        let typed = words.get(at + 1).and_then(|(word, _)| Kind::parse(word));
        let ends = keyword(at + 1) && (at + 2 == words.len() || keyword(at + 2));
        names && (behind || typed.is_some() || ends && number(*at))
    };
    let Some(at) = (0..words.len()).find(process) else {
        let kind = (0..words.len()).find(|at| Kind::parse(words[*at].0).is_some());
        return match kind {
            Some(at) if keyword(at + 1) => Err(format!(
                "`{}` needs the number of its process before it",
                words[at].0
            )),
            _ => Ok(None),
        };
    };
    let who = words[at].0;
    if who == ":nemesis" {
        let what = line[words[at + 1].1..].split_whitespace();
        return Ok(Some(Said::Fault(what.collect::<Vec<_>>().join(" "))));
    }
    let [(kind, _), (f, behind)] = *words.get(at + 1..at + 3).unwrap_or_default() else {
        return Err("the line ends before it says which operation; is the file cut off?".into());
    };
    let known = Kind::parse(kind).ok_or_else(|| {
        let names = Kind::ALL.map(|(name, _)| name);
        format!(
            "`{}` is not a kind of event; {}",
            shown(kind),
            did_you_mean(kind, names)
        )
    })?;
    let mut rest = Edn::new(&line[behind..]);
    let value = rest.value()?;
    Ok(Some(Said::Event(Heard {
        process: process_number(who)?,
        kind: known,
        verb: verb(f)?,
        key: Word::from(""),
        error: says_why(value.as_ref()) || !rest.rest().is_empty(),
        value,
        time: None,
    })))
}

/// Whether a reason such as `:timed-out` is in the place of a value.
fn says_why(value: Option<&Json>) -> bool {
    let text = value.and_then(Json::as_str);
    text.is_some_and(|text| text.starts_with(':'))
}

fn process_number(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| {
        format!(
            "`{}` is not the number of a process; write a whole number from 0",
            shown(text)
        )
    })
}

/// Whether a line is written in EDN and is about an operation.
fn is_map(line: &str, format: FileFormat) -> bool {
    let line = line.trim_start_matches(['[', ' ']);
    let opens = line.starts_with('{') || line.starts_with('#') && line.contains('{');
    let named = [":process", ":type", ":f "];
    opens && (format == FileFormat::PorcupineKv || named.iter().any(|name| line.contains(name)))
}

/// The events of a line in EDN.
fn of_maps(line: &str) -> Result<Vec<Said>, String> {
    let line = line.trim_start_matches(['[', ' ']);
    let line = match line.strip_suffix(']') {
        // The end of the list of all events, not of a value.
        Some(inner) if inner.trim_end().ends_with('}') => inner,
        _ => line,
    };
    let mut edn = Edn::new(line);
    let mut said = Vec::new();
    while let Some(map) = edn.value()? {
        said.push(of_map(&map)?);
    }
    Ok(said)
}

fn of_map(map: &Json) -> Result<Said, String> {
    let Some(fields) = map.as_object() else {
        return Err(format!("{} is not a map of an event", json_shown(map)));
    };
    let field = |name: &str| {
        fields.get(name).ok_or_else(|| {
            format!(
                "this event has no {name}; write {{:process 0, :type :invoke, :f :read, :value nil}}"
            )
        })
    };
    let process = field(":process")?;
    let f = field(":f")?;
    if process.is_string() {
        let value = fields.get(":value").filter(|value| !value.is_null());
        let value = value.map_or(String::new(), |value| format!(" {value}"));
        let f = f.as_str().unwrap_or_default();
        return Ok(Said::Fault(format!("{f}{value}")));
    }
    let kind = field(":type")?.as_str().unwrap_or_default();
    let known = Kind::parse(kind).ok_or_else(|| {
        let names = Kind::ALL.map(|(name, _)| name);
        format!(
            "`{}` is not a :type; {}",
            shown(kind),
            did_you_mean(kind, names)
        )
    })?;
    let key = match fields.get(":key") {
        None => None,
        Some(key) => word(key).ok_or("a :key is a text or a number")?,
    };
    Ok(Said::Event(Heard {
        process: process_number(&process.to_string())?,
        kind: known,
        verb: verb(f.as_str().unwrap_or_default())?,
        key: key.unwrap_or_else(|| Word::from("")),
        value: fields.get(":value").cloned(),
        error: fields.contains_key(":error") || says_why(fields.get(":value")),
        // Jepsen counts nanoseconds.
        time: fields
            .get(":time")
            .and_then(Json::as_u64)
            .map(|ns| ns / 1_000),
    }))
}
