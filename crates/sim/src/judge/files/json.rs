//! Our own format: an object for each operation.

use serde_json::{Map, Value as Json};

use super::super::history::Event;
use super::super::operation::Word;
use super::assemble::{Raw, RawEnd, Raws, by_time};
use super::words::{How, Verb, json_shown, word};
use super::{FileError, FileFormat, MOST_LINE, ModelName, Read, shown, too_long_a_line};
use crate::text::did_you_mean;
use crate::time::Time;

/// The largest number that every reader of JSON keeps.
const MOST_TIME: u64 = 1 << 53;

/// Fields of an operation, each with a short name.
const FIELDS: [(&str, &str); 10] = [
    ("process", "p"),
    ("key", "k"),
    ("f", "f"),
    ("value", "v"),
    ("invoked_us", "call"),
    ("completed_us", "ret"),
    ("end", "end"),
    ("result", "o"),
    ("order", "order"),
    ("note", "note"),
];

const ENDS: [(&str, How); 4] = [
    ("ok", How::Done),
    ("failed", How::Refused),
    ("aborted", How::Aborted),
    ("unknown", How::Unknown),
];

/// Whether the first object is an operation, or the head of a history.
pub(super) fn begins(text: &str) -> bool {
    let mut objects = Objects::of(text);
    let Ok(Some((_, object))) = objects.next() else {
        return false;
    };
    let Ok(fields) = fields(1, object) else {
        return false;
    };
    matches!(head(&fields), Some(Ok(_))) || operation(1, &fields).is_ok()
}

pub(super) fn read(text: &str, model: Option<ModelName>) -> Result<Read, FileError> {
    let mut objects = Objects::of(text);
    let mut raws = Raws::default();
    let mut orders = Vec::new();
    let mut first = None;
    while let Some((line, object)) = objects.next()? {
        let fields = fields(line, object)?;
        if raws.all.is_empty() && first.is_none() {
            first = head(&fields)
                .transpose()
                .map_err(|why| FileError::at(line, why))?;
            if first.is_some() {
                continue;
            }
        }
        let raw = operation(line, &fields).map_err(|why| FileError::at(line, why))?;
        orders.push(order(&fields, raw.end.is_some()).map_err(|why| FileError::at(line, why))?);
        raws.push(raw)?;
    }
    raws.events = events(&raws.all, orders)?;
    let of_head = first.as_ref().map(|(model, _)| *model);
    let model = match model.or(of_head) {
        Some(model) => model,
        None => raws.model()?,
    };
    let initial = first.filter(|(own, _)| *own == model);
    let initial = initial.and_then(|(_, initial)| initial);
    Ok(Read {
        history: raws.history(FileFormat::Json, model, initial.as_deref())?,
        faults: Vec::new(),
    })
}

fn fields(line: u32, object: &str) -> Result<Map<String, Json>, FileError> {
    if object.len() > MOST_LINE {
        return Err(too_long_a_line(line));
    }
    match serde_json::from_str(object) {
        Ok(Json::Object(fields)) => Ok(fields),
        Ok(other) => Err(FileError::at(
            line,
            format!("{} is not an operation", json_shown(&other)),
        )),
        Err(error) => {
            let line = line + (error.line() as u32).saturating_sub(1);
            // Its own place says nothing to the reader of the whole file.
            let why = error.to_string();
            let why = why.split(" at line ").next().unwrap_or_default();
            let column = error.column();
            Err(FileError::at(
                line,
                format!("this is not JSON: {why} (column {column})"),
            ))
        }
    }
}

/// What a first object says of those that follow.
fn head(fields: &Map<String, Json>) -> Option<Result<(ModelName, Option<String>), String>> {
    let model = fields.get("model")?;
    Some(head_of(model, fields))
}

fn head_of(
    model: &Json,
    fields: &Map<String, Json>,
) -> Result<(ModelName, Option<String>), String> {
    let names = ModelName::ALL;
    let name = model.as_str().unwrap_or_default();
    let Some((_, model)) = names.iter().find(|(known, _)| *known == name) else {
        let hint = did_you_mean(name, names.map(|(name, _)| name));
        return Err(format!("there is no model {}; {hint}", json_shown(model)));
    };
    if let Some(name) = fields
        .keys()
        .find(|name| !["model", "initial"].contains(&name.as_str()))
    {
        return Err(format!(
            "the head of a history has `model` and `initial` only, not `{}`",
            shown(name)
        ));
    }
    let initial = match fields.get("initial") {
        None => None,
        Some(value) => word(value).ok_or("`initial` is a text, a number or null")?,
    };
    let initial = initial.map(|text| text.to_string());
    Ok((*model, initial))
}

/// An operation, from its fields.
fn operation(line: u32, fields: &Map<String, Json>) -> Result<Raw, String> {
    for name in fields.keys() {
        if !FIELDS
            .iter()
            .any(|(long, short)| name == long || name == short)
        {
            let hint = did_you_mean(name, FIELDS.map(|(long, _)| long));
            return Err(format!(
                "an operation has no field `{}`; {hint}",
                shown(name)
            ));
        }
    }
    let field = |name: &str| {
        let short = FIELDS.iter().find(|(long, _)| *long == name);
        let short = short.map_or(name, |(_, short)| short);
        fields.get(name).or_else(|| fields.get(short))
    };
    let need = |name: &str| field(name).ok_or_else(|| format!("this operation has no `{name}`"));
    let process = need("process")?;
    let number = process
        .as_u64()
        .and_then(|number| u32::try_from(number).ok());
    let process = number.ok_or_else(|| {
        let process = json_shown(process);
        format!("`process` is the number of a client, not {process}")
    })?;
    let f = need("f")?;
    let name = f.as_str().unwrap_or_default();
    let verb = Verb::parse(name).ok_or_else(|| {
        let hint = did_you_mean(name, Verb::ALL.map(|(name, _)| name));
        format!("{} is not an operation; {hint}", json_shown(f))
    })?;
    let key = match field("key") {
        None => None,
        Some(key) => word(key).ok_or("`key` is a text or a number")?,
    };
    let began = time("invoked_us", need("invoked_us")?)?;
    Ok(Raw {
        line,
        process,
        key: key.unwrap_or_else(|| Word::from("")),
        verb,
        value: field("value").cloned().unwrap_or(Json::Null),
        began,
        end: end(line, began, field)?,
    })
}

fn end<'f>(
    line: u32,
    began: Time,
    field: impl Fn(&str) -> Option<&'f Json>,
) -> Result<Option<RawEnd>, String> {
    let at = match field("completed_us") {
        None | Some(Json::Null) => None,
        Some(value) => Some(time("completed_us", value)?),
    };
    let how = match field("end") {
        None if at.is_some() => How::Done,
        None if field("completed_us").is_some() => How::Unknown,
        None => {
            return Err(
                "this operation has no `completed_us`; write null if it never ended".into(),
            );
        }
        Some(end) => {
            let name = end.as_str().unwrap_or_default();
            let found = ENDS.iter().find(|(known, _)| *known == name);
            found.map(|(_, how)| *how).ok_or_else(|| {
                let hint = did_you_mean(name, ENDS.map(|(name, _)| name));
                format!("{} is not an end; {hint}", json_shown(end))
            })?
        }
    };
    let Some(at) = at else {
        return match how {
            How::Unknown => Ok(None),
            _ => Err("an operation that has ended needs `completed_us`".into()),
        };
    };
    if at < began {
        return Err(format!(
            "this operation ends at {} us, before it begins at {} us",
            at.0, began.0
        ));
    }
    Ok(Some(RawEnd {
        line,
        at,
        how,
        result: field("result").cloned(),
    }))
}

fn time(name: &str, value: &Json) -> Result<Time, String> {
    let time = value.as_u64().filter(|time| *time <= MOST_TIME);
    time.map(Time).ok_or_else(|| {
        format!(
            "`{name}` is a whole number of microseconds, not {}",
            json_shown(value)
        )
    })
}

/// The places of an operation's events, if it has them.
fn order(fields: &Map<String, Json>, ended: bool) -> Result<Option<[u64; 2]>, String> {
    let Some(order) = fields.get("order") else {
        return Ok(None);
    };
    let places = order.as_array().map(|all| {
        let places = all.iter().map(Json::as_u64);
        places.collect::<Option<Vec<u64>>>()
    });
    match places.flatten().as_deref() {
        Some([begin, end]) if ended && begin < end => Ok(Some([*begin, *end])),
        Some([begin]) if !ended => Ok(Some([*begin, u64::MAX])),
        _ => Err(format!(
            "`order` is the places of invocation and end, such as {}, not {}",
            if ended { "[3,5]" } else { "[3]" },
            json_shown(order)
        )),
    }
}

/// What happens, by the places that operations give, or else by time.
fn events(all: &[Raw], orders: Vec<Option<[u64; 2]>>) -> Result<Vec<Event>, FileError> {
    let end = |raw: &Raw| raw.end.as_ref().map(|end| end.at);
    let Some(orders) = orders.into_iter().collect::<Option<Vec<_>>>() else {
        return Ok(by_time(all.iter().map(|raw| (raw.began, end(raw)))));
    };
    let mut events = Vec::new();
    for (number, (raw, [begin, place])) in all.iter().zip(orders).enumerate() {
        let number = number as u32;
        events.push((begin, Event::Begin(number), raw.began, raw.line));
        if let Some(at) = end(raw) {
            events.push((place, Event::End(number), at, raw.line));
        }
    }
    events.sort_by_key(|(place, ..)| *place);
    for pair in events.windows(2) {
        let [(first, _, earlier, _), (second, _, later, line)] = pair else {
            continue;
        };
        if first == second {
            let reason = format!("two events have the place {first} in `order`");
            return Err(FileError::at(*line, reason));
        }
        if earlier > later {
            let reason = format!(
                "the event at place {second} comes before the one at place {first}, by its time; \
                 correct `order`, or leave it out everywhere"
            );
            return Err(FileError::at(*line, reason));
        }
    }
    Ok(events.into_iter().map(|(_, event, ..)| event).collect())
}

/// Cuts a text into its objects, so that no more than one lies in memory as JSON: one after another,
/// or in a list.
struct Objects<'t> {
    text: &'t str,
    at: usize,
    line: u32,
    /// Inside a list.
    listed: bool,
    /// Behind the list.
    over: bool,
    /// The list is in an object.
    wrapped: bool,
}

impl<'t> Objects<'t> {
    fn of(text: &'t str) -> Self {
        let mut own = Self {
            text,
            at: 0,
            line: 1,
            listed: false,
            over: false,
            wrapped: false,
        };
        own.skip(b"");
        // A list may be the field `ops` of one object.
        let mut start = text[own.at..].trim_start();
        if let Some(inner) = start.strip_prefix('{')
            && let Some(inner) = inner.trim_start().strip_prefix("\"ops\"")
            && let Some(inner) = inner.trim_start().strip_prefix(':')
        {
            start = inner.trim_start();
            own.wrapped = true;
        }
        if start.starts_with('[') {
            own.listed = true;
            own.go_to(text.len() - start.len() + 1);
        }
        own
    }

    fn go_to(&mut self, to: usize) {
        let between = &self.text.as_bytes()[self.at..to];
        self.line += between.iter().filter(|byte| **byte == b'\n').count() as u32;
        self.at = to;
    }

    /// Skips white space, and these bytes.
    fn skip(&mut self, also: &[u8]) {
        let rest = self.text.as_bytes()[self.at..].iter();
        let blank = |byte: &&u8| byte.is_ascii_whitespace() || also.contains(byte);
        let skipped = rest.take_while(blank).count();
        self.go_to(self.at + skipped);
    }

    /// The next object with the line on which it begins.
    fn next(&mut self) -> Result<Option<(u32, &'t str)>, FileError> {
        self.skip(b",");
        let rest = &self.text[self.at..];
        match rest.as_bytes().first() {
            None if self.listed && !self.over => Err(FileError::at(
                self.line,
                "the file ends before the list is closed by `]`; is it cut off?",
            )),
            None => Ok(None),
            Some(b']') if self.listed && !self.over => {
                self.over = true;
                self.go_to(self.at + 1);
                if self.wrapped {
                    // What else that object says is of no concern.
                    self.go_to(self.text.len());
                }
                self.next()
            }
            Some(b'{') if !self.over => {
                let line = self.line;
                let length = object_length(rest).ok_or_else(|| {
                    let why = "the object that begins here is not closed; is the file cut off?";
                    FileError::at(line, why)
                })?;
                let object = &rest[..length];
                self.go_to(self.at + length);
                Ok(Some((line, object)))
            }
            Some(_) => {
                let word = rest.lines().next().unwrap_or_default();
                Err(FileError::at(
                    self.line,
                    format!(
                        "expected an operation such as {{\"process\":1,\"f\":\"read\",…}}, not `{}`",
                        shown(word)
                    ),
                ))
            }
        }
    }
}

/// How long the object is with which a text begins. None if it is not closed.
fn object_length(text: &str) -> Option<usize> {
    let mut depth = 0_u32;
    let mut quoted = false;
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            // No text of JSON goes on to the next line.
            b'\n' if quoted => return None,
            b'\\' if quoted => {
                bytes.next();
            }
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => depth += 1,
            b'}' | b']' if !quoted => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}
