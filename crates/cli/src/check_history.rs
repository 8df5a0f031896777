//! `faultline check-history`: whether what clients of a system were told is linearizable.

mod within;

use std::io::Read;

use faultline_sim::judge::files::{
    FileFormat, MOST_BYTES, ModelName, operation_json, read, recognise, too_long,
};
use faultline_sim::judge::{Answer, Call, Ended, Op, Operations};
use faultline_sim::text::{counted, did_you_mean};
use serde_json::{Map, Value as Json, json};

use crate::arguments::{flag, read as read_words, with_value};
use crate::output::Output;
use crate::report::{aligned, readable, shortened};
use crate::{BROKEN, CUT, FINE, Outcome};

use within::Verdict;

/// Seconds that a check may take, unless the person says so.
const BUDGET: f64 = 10.0;
/// Seconds that a person can give it.
const MOST_BUDGET: f64 = 1e6;

pub fn run(words: &[String], out: &mut Output) -> Outcome<u8> {
    let known = [
        with_value("--format", "jepsen|porcupine-kv|json"),
        with_value("--model", "MODEL"),
        with_value("--initial", "VALUE"),
        with_value("--budget", "SECONDS"),
        flag("--json"),
    ];
    let given = read_words(words, &known)?;
    let Some(name) = given.words.first() else {
        return Err("check-history needs a history: a file, or `-` for standard input".into());
    };
    given.at_most(1, "check-history takes one history")?;
    let budget = given.value("--budget").map_or(Ok(BUDGET), seconds)?;
    let format = given.value("--format");
    let format = format.map(|word| one_of("format", word, &FileFormat::ALL));
    let model = given.value("--model");
    let model = model.map(|word| one_of("model", word, &ModelName::ALL));
    let (format, model) = (format.transpose()?, model.transpose()?);
    let text = contents(name)?;
    let format = format.map_or_else(|| guessed(name, &text), Ok)?;
    let read = read(&text, format, model).map_err(|why| format!("`{name}`, {why}"))?;
    let mut history = read.history;
    if let Some(initial) = given.value("--initial") {
        history.model = ModelName::of(&history.model).model(Some(initial))?;
    }
    let verdict = Verdict::of(&history, budget);
    if given.has("--json") {
        let report = report(&history, format, &verdict);
        out.line(&report.to_string())?;
    } else {
        out.text(&summary(&history, format, &verdict))?;
    }
    Ok(match verdict.linearizable {
        Some(true) => FINE,
        Some(false) => BROKEN,
        None => CUT,
    })
}

fn seconds(text: &str) -> Outcome<f64> {
    let plain = text.strip_suffix('s').unwrap_or(text);
    let number = plain.parse().ok();
    let number = number.filter(|n| *n > 0.0 && *n <= MOST_BUDGET);
    number.ok_or_else(|| format!("`{text}` is not a number of seconds; write one such as 10"))
}

fn one_of<T: Copy>(what: &str, word: &str, known: &[(&'static str, T)]) -> Outcome<T> {
    let found = known.iter().find(|(name, _)| *name == word);
    found.map(|(_, found)| *found).ok_or_else(|| {
        let hint = did_you_mean(word, known.iter().map(|(name, _)| *name));
        format!("there is no {what} `{word}`; {hint}")
    })
}

/// The text of a file. A longer one than can be checked is not kept.
fn contents(name: &str) -> Outcome<String> {
    let cannot = |error: std::io::Error| format!("cannot read `{name}`: {error}");
    let source: Box<dyn Read> = match name {
        "-" => Box::new(std::io::stdin()),
        name => Box::new(std::fs::File::open(name).map_err(cannot)?),
    };
    let mut bytes = Vec::new();
    let mut source = source.take(MOST_BYTES as u64 + 1);
    source.read_to_end(&mut bytes).map_err(cannot)?;
    if bytes.len() > MOST_BYTES {
        return Err(format!("`{name}`: {}", too_long()));
    }
    String::from_utf8(bytes).map_err(|error| {
        let right = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = right.iter().filter(|byte| **byte == b'\n').count() + 1;
        format!("`{name}`, line {line}: this is not text in UTF-8; a history is a text file")
    })
}

/// The format that a file has, or tries to have, so that its own reader can say what is wrong.
fn guessed(name: &str, text: &str) -> Outcome<FileFormat> {
    let start = text.trim_start();
    recognise(text)
        .or_else(|| match start.as_bytes() {
            [b'{', b':', ..] => Some(FileFormat::PorcupineKv),
            [b'{' | b'[', ..] => Some(FileFormat::Json),
            _ => text.contains(":invoke").then_some(FileFormat::Jepsen),
        })
        .ok_or_else(|| {
            let names = FileFormat::ALL.map(|(name, _)| name).join(", ");
            let what = if start.is_empty() {
                "it is empty"
            } else {
                "nothing in it is an operation"
            };
            format!(
                "`{name}`, line 1: this is not a history, {what}; the formats are {names} (see \
                 `faultline help check-history`)"
            )
        })
}

fn report(history: &Operations, format: FileFormat, verdict: &Verdict) -> Json {
    let mut report = Map::new();
    let mut tell = |name: &str, value: Json| report.insert(name.into(), value);
    tell("linearizable", json!(verdict.linearizable));
    tell("sequentially_consistent", json!(verdict.sequential));
    if let Some(key) = &verdict.key {
        tell("key", json!(key));
        let operations = verdict.operations().iter().filter_map(|number| {
            let mut json = operation_json(history.get(*number)?);
            if let Json::Object(fields) = &mut json {
                fields.insert("operation".into(), json!(number));
            }
            Some(json)
        });
        tell("operations", operations.collect());
    }
    if let Some(reason) = verdict.reason() {
        tell("reason", reason.into());
    }
    tell("model", ModelName::of(&history.model).name().into());
    tell("format", format.name().into());
    tell("checked", history.len().into());
    tell("steps", verdict.steps.into());
    Json::Object(report)
}

fn summary(history: &Operations, format: FileFormat, verdict: &Verdict) -> String {
    let limit = readable(verdict.budget);
    let answer = |found: Option<bool>| match found {
        Some(true) => "yes".to_owned(),
        Some(false) => "no".to_owned(),
        None => "not decided".to_owned(),
    };
    let mut text = format!(
        "{}, model {}, format {}\nLinearizable: {}\nSequentially consistent: {}\n",
        counted(history.len() as u64, "operation", "operations"),
        ModelName::of(&history.model).name(),
        format.name(),
        answer(verdict.linearizable),
        answer(verdict.sequential),
    );
    if let Some(key) = verdict.key.as_ref().filter(|key| !key.is_empty()) {
        text.push_str(&format!("Key: {}\n", shortened(key, 60)));
    }
    if let Some(reason) = verdict.reason() {
        text.push_str(&format!("{reason}\n"));
    }
    if verdict.linearizable.is_none() {
        text.push_str(&format!(
            "The limit was {limit} s; --budget sets another one.\n"
        ));
    }
    let rows = verdict.operations().iter().filter_map(|number| {
        let op = history.get(*number)?;
        let until = op.end.as_ref().map(|end| end.at.0.to_string());
        Some(vec![
            format!("operation {number}"),
            format!("process {}", op.process),
            said(op),
            format!("{} to {}", op.began.0, until.as_deref().unwrap_or("?")),
        ])
    });
    text.push_str(&aligned(2, &rows.collect::<Vec<_>>()));
    text
}

/// What an operation did, for people.
fn said(op: &Op) -> String {
    let text = |value: &Option<std::rc::Rc<str>>| match value {
        None => "nothing".to_owned(),
        Some(value) => shortened(value, 24),
    };
    let asked = match &op.call {
        Call::Read => "read".to_owned(),
        Call::Write(value) => format!("write {}", shortened(value, 24)),
        Call::CompareAndSet { old, new } => {
            format!("cas from {} to {}", text(old), shortened(new, 24))
        }
        Call::Append(value) => format!("append {}", shortened(value, 24)),
        Call::Add(by) => format!("add {by}"),
        Call::Insert(member) => format!("insert {}", shortened(member, 24)),
        Call::Remove(member) => format!("remove {}", shortened(member, 24)),
        Call::Transfer(changes) => {
            let change = |(account, by): &(std::rc::Rc<str>, i64)| format!("{account} {by:+}");
            let changes: Vec<String> = changes.iter().map(change).collect();
            format!("transfer {}", changes.join(", "))
        }
        Call::Acquire => "acquire".to_owned(),
        Call::Release => "release".to_owned(),
    };
    let told = match op.end.as_ref().map(|end| &end.ended) {
        None | Some(Ended::Unknown) => ", no answer".to_owned(),
        Some(Ended::Failed) => ", no effect".to_owned(),
        Some(Ended::Returned(Answer::Done)) => String::new(),
        Some(Ended::Returned(Answer::Refused(None))) => ", refused".to_owned(),
        Some(Ended::Returned(Answer::Refused(Some(found)))) => {
            format!(", refused: found {}", text(found))
        }
        Some(Ended::Returned(Answer::Value(value))) => format!(": {}", text(value)),
        Some(Ended::Returned(Answer::Count(count))) => format!(": {count}"),
        Some(Ended::Returned(Answer::Members(members))) => {
            format!(": {}", shortened(&members.join(", "), 40))
        }
        Some(Ended::Returned(Answer::Balances(balances))) => {
            let rows = balances.iter();
            let rows: Vec<String> = rows.map(|(name, sum)| format!("{name} {sum}")).collect();
            format!(": {}", shortened(&rows.join(", "), 40))
        }
    };
    format!("{asked}{told}")
}
