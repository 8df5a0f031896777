//! JSON, small: one writer for all types, one parser, one reader.
//!
//! Everything that can be written is written as text by the same few functions, and the short form of
//! traces, `RequestVote {term 2, last [1 1]}`, is the same writing with other signs between.

mod parse;
mod read;
mod write;

pub use parse::parse;
pub use read::read;
pub use serde_json::Value as Json;

use serde::Serialize;
use write::{Style, Writer};

/// A value as JSON without spaces.
#[must_use]
pub fn text<T: Serialize + ?Sized>(value: &T) -> String {
    let mut writer = Writer::new(&Style::JSON);
    let _ = value.serialize(&mut writer);
    writer.out
}

/// The same for JavaScript: a whole number that its numbers cannot hold exactly becomes a text.
#[must_use]
pub fn text_for_javascript<T: Serialize + ?Sized>(value: &T) -> String {
    let mut writer = Writer::new(&Style::JAVASCRIPT);
    let _ = value.serialize(&mut writer);
    writer.out
}

/// A value in the short form of traces: `{term 2, last [1 1]}`.
#[must_use]
pub fn plain<T: Serialize + ?Sized>(value: &T) -> String {
    let mut writer = Writer::new(&Style::SHORT);
    let _ = value.serialize(&mut writer);
    writer.out
}

/// A value in the short form of traces, behind its variant's name.
#[must_use]
pub fn short<T: Serialize + ?Sized>(value: &T, name: &str) -> String {
    let mut writer = Writer::new(&Style::SHORT);
    writer.bare = true;
    let _ = value.serialize(&mut writer);
    let inner = writer.out;
    let empty = inner.is_empty() || writer.in_variant && (inner == "{}" || inner == "-");
    let named = name != crate::text::VALUE;
    match (named, empty, writer.compound) {
        (true, true, _) => name.to_owned(),
        (true, false, true) => format!("{name} {inner}"),
        (true, false, false) => format!("{name} {{{inner}}}"),
        (false, _, true) => inner,
        (false, _, false) => format!("{{{inner}}}"),
    }
}

/// A value as JSON that can be looked into.
#[must_use]
pub fn value<T: Serialize + ?Sized>(value: &T) -> Json {
    parse(&text(value)).unwrap_or_default()
}

#[cfg(test)]
mod tests;
