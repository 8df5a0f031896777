//! Keys and their values, and many of them as short text.

use std::fmt;

use faultline_sim::sorted::SortedMap;
use serde::{Serialize, Serializer};

/// A key. The numbered ones (`key0`, `key1`, …) are kept as numbers, because there may be ten
/// thousand of them at a hundred nodes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    Numbered(u32),
    Typed(String),
}

impl Key {
    /// The key with this name.
    pub fn named(name: &str) -> Self {
        let number = name
            .strip_prefix("key")
            .and_then(|digits| digits.parse().ok());
        match number {
            Some(number) if name == format!("key{number}") => Key::Numbered(number),
            _ => Key::Typed(name.to_owned()),
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Key::Numbered(number) => write!(f, "key{number}"),
            Key::Typed(name) => f.write_str(name),
        }
    }
}

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The value stored under a key. The larger version is newer.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Item {
    pub version: u32,
    pub text: String,
}

/// Keys with their items on the way from one node to another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Batch(pub SortedMap<Key, Item>);

/// Neighbouring numbers as one piece of text each: `0-3`, `7`.
pub fn ranges(numbers: impl IntoIterator<Item = u32>) -> Vec<String> {
    let mut pieces: Vec<(u32, u32)> = Vec::new();
    for number in numbers {
        match pieces.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => pieces.push((number, number)),
        }
    }
    let piece = |(first, last): (u32, u32)| {
        if first == last {
            first.to_string()
        } else {
            format!("{first}-{last}")
        }
    };
    pieces.into_iter().map(piece).collect()
}

/// Keys as short text: `key25-39, apple`.
pub fn names<'a>(keys: impl Iterator<Item = &'a Key> + Clone) -> String {
    let numbered = keys.clone().filter_map(|key| match key {
        Key::Numbered(number) => Some(*number),
        Key::Typed(_) => None,
    });
    let mut words: Vec<String> = ranges(numbered)
        .into_iter()
        .map(|piece| format!("key{piece}"))
        .collect();
    words.extend(
        keys.filter(|key| matches!(key, Key::Typed(_)))
            .map(Key::to_string),
    );
    words.join(", ")
}

impl Serialize for Batch {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&names(self.0.keys()))
    }
}
