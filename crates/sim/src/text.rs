//! Turning any serialisable value into the short text of traces: `RequestVote {term 2, last 1@1}`.

use std::fmt::Write;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::sorted;

/// The name of an enum's variant (or of a struct), without allocating: what messages and timers are
/// called in traces, probes and commands.
#[must_use]
pub fn variant_name<T: Serialize + ?Sized>(value: &T) -> &'static str {
    match value.serialize(VariantName) {
        Ok(name) | Err(NameFound(name)) => name,
    }
}

/// The short text of a value: its variant's name, then its fields in the order they were declared.
#[must_use]
pub fn short<T: Serialize + ?Sized>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(json) => short_json(&json, variant_name(value)),
        Err(error) => format!("? {error}"),
    }
}

/// Reads a value from JSON text. It goes through [`Value`], so that only one type is ever read from
/// text: each further one would cost the page kilobytes.
///
/// # Errors
/// What is wrong, in the words of the JSON reader.
pub fn read_json<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    serde_json::from_value(value).map_err(|error| error.to_string())
}

/// A value as JSON text, by the same way; empty if it cannot be written.
#[must_use]
pub fn write_json<T: Serialize>(value: &T) -> String {
    let value = serde_json::to_value(value);
    value.map_or_else(|_| String::new(), |value| value.to_string())
}

/// How long a value is as JSON, in bytes; 0 if it cannot be written.
#[must_use]
pub fn encoded_length<T: Serialize + ?Sized>(value: &T) -> u64 {
    serde_json::to_string(value).map_or(0, |text| text.len() as u64)
}

/// A count with its noun: `1 entry`, `2 entries`.
#[must_use]
pub fn counted(count: impl Into<u64>, one: &str, many: &str) -> String {
    let count = count.into();
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Several things in words: `n1, n2 and n3`; empty for none.
#[must_use]
pub fn and_list<T: ToString>(things: impl IntoIterator<Item = T>) -> String {
    let words: Vec<String> = things.into_iter().map(|thing| thing.to_string()).collect();
    match words.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn short_json(json: &Value, name: &str) -> String {
    let mut out = String::new();
    match json {
        Value::Object(fields) if fields.len() == 1 && fields.contains_key(name) => {
            let inner = &fields[name];
            out.push_str(name);
            let empty = match inner {
                Value::Null => true,
                Value::Object(fields) => fields.is_empty(),
                _ => false,
            };
            if !empty {
                out.push(' ');
                write_top(&mut out, inner);
            }
        }
        Value::String(text) if text == name => out.push_str(name),
        other => {
            if name != VALUE {
                out.push_str(name);
                out.push(' ');
            }
            write_top(&mut out, other);
        }
    }
    out
}

fn write_top(out: &mut String, json: &Value) {
    if matches!(json, Value::Object(_) | Value::Array(_)) {
        write_value(out, json);
    } else {
        out.push('{');
        write_value(out, json);
        out.push('}');
    }
}

/// Writes JSON as `{key value, key value}`, lists as `[a b]`, texts bare.
pub fn write_value(out: &mut String, json: &Value) {
    match json {
        Value::Null => out.push('-'),
        Value::String(text) => out.push_str(text),
        Value::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(' ');
                }
                write_value(out, item);
            }
            out.push(']');
        }
        Value::Object(fields) => {
            out.push('{');
            for (i, (key, value)) in fields.iter().enumerate() {
                if i > 0 {
                    out.push_str(", ");
                }
                let _ = write!(out, "{key} ");
                write_value(out, value);
            }
            out.push('}');
        }
        other => {
            let _ = write!(out, "{other}");
        }
    }
}

/// What [`variant_name`] answers for values that have no name (numbers, texts, lists).
pub const VALUE: &str = "value";

/// A serializer that stops as soon as it has heard the value's name.
struct VariantName;

/// The name, carried as the error that stops serialising.
#[derive(Debug)]
struct NameFound(&'static str);

impl std::fmt::Display for NameFound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}
impl std::error::Error for NameFound {}
impl serde::ser::Error for NameFound {
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        NameFound(VALUE)
    }
}

type Name = Result<&'static str, NameFound>;
type Never = serde::ser::Impossible<&'static str, NameFound>;

macro_rules! nameless {
    ($($method:ident: $type:ty),*) => { $(fn $method(self, _: $type) -> Name { Ok(VALUE) })* };
}

impl serde::Serializer for VariantName {
    type Ok = &'static str;
    type Error = NameFound;
    type SerializeSeq = Never;
    type SerializeTuple = Never;
    type SerializeTupleStruct = Never;
    type SerializeTupleVariant = Never;
    type SerializeMap = Never;
    type SerializeStruct = Never;
    type SerializeStructVariant = Never;

    nameless!(serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32,
        serialize_i64: i64, serialize_u8: u8, serialize_u16: u16, serialize_u32: u32,
        serialize_u64: u64, serialize_f32: f32, serialize_f64: f64, serialize_char: char,
        serialize_str: &str, serialize_bytes: &[u8]);

    fn serialize_none(self) -> Name {
        Ok(VALUE)
    }
    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Name {
        Ok(VALUE)
    }
    fn serialize_unit(self) -> Name {
        Ok(VALUE)
    }
    fn serialize_unit_struct(self, name: &'static str) -> Name {
        Ok(name)
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Name {
        Ok(variant)
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, _: &T) -> Name {
        Ok(name)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: &T,
    ) -> Name {
        Ok(variant)
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<Never, NameFound> {
        Err(NameFound(VALUE))
    }
    fn serialize_tuple(self, _: usize) -> Result<Never, NameFound> {
        Err(NameFound(VALUE))
    }
    fn serialize_tuple_struct(self, name: &'static str, _: usize) -> Result<Never, NameFound> {
        Err(NameFound(name))
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Never, NameFound> {
        Err(NameFound(variant))
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Never, NameFound> {
        Err(NameFound(VALUE))
    }
    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Never, NameFound> {
        Err(NameFound(name))
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Never, NameFound> {
        Err(NameFound(variant))
    }
}

/// The candidates nearest to a mistyped word, best first, at most three.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut scored: Vec<(usize, &str)> = candidates
        .into_iter()
        .map(|c| (strsim::levenshtein(word, c), c))
        .collect();
    sorted::sort_by_key(&mut scored, |scored| *scored);
    scored.dedup();
    let worst = (word.chars().count() / 2).max(3);
    scored
        .into_iter()
        .filter(|(d, _)| *d <= worst)
        .take(3)
        .map(|(_, c)| c)
        .collect()
}

/// A sentence's end that offers the nearest right words, or all of them when none is near.
#[must_use]
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    offer(word, &candidates.into_iter().collect::<Vec<&str>>())
}

fn offer(word: &str, all: &[&str]) -> String {
    let near = nearest(word, all.iter().copied());
    if near.is_empty() {
        format!("use one of: {}", all.join(", "))
    } else {
        format!("did you mean {}?", near.join(" or "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    enum Message {
        Ping,
        Vote(u32),
        RequestVote { term: u32, last: Vec<u32> },
    }

    #[test]
    fn messages_read_like_a_trace() {
        assert_eq!(short(&Message::Ping), "Ping");
        assert_eq!(short(&Message::Vote(4)), "Vote {4}");
        let vote = Message::RequestVote {
            term: 2,
            last: vec![1, 1],
        };
        assert_eq!(short(&vote), "RequestVote {term 2, last [1 1]}");
        assert_eq!(variant_name(&vote), "RequestVote");
    }

    #[test]
    fn a_mistyped_word_finds_its_neighbours() {
        assert_eq!(nearest("crsh", ["crash", "pause", "cut"])[0], "crash");
        assert!(did_you_mean("zzzzzzzzzz", ["crash", "cut"]).contains("crash, cut"));
    }
}
