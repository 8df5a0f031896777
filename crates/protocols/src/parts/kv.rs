//! The state machine that most stores replicate: keys with values, and three things to do to a key.
//!
//! ```
//! use faultline_protocols::parts::kv::{KvAnswer, KvMachine, Op};
//!
//! let mut machine = KvMachine::default();
//! let write = Op::Write { key: "x".into(), value: "1".into() };
//! assert_eq!(machine.apply(&write), KvAnswer::Done);
//! // It becomes 2, because it was 1.
//! let swap = Op::CompareAndSet { key: "x".into(), old: Some("1".into()), new: "2".into() };
//! assert_eq!(machine.apply(&swap), KvAnswer::Done);
//! // Once more: it is no longer 1.
//! assert_eq!(machine.apply(&swap), KvAnswer::Differs(Some("2".into())));
//! assert_eq!(machine.apply(&Op::Read { key: "x".into() }), KvAnswer::Value(Some("2".into())));
//! ```

use std::fmt;

use faultline_sim::descriptor::{RequestForm, json};
use faultline_sim::judge::{Asked, Call, Word};
use faultline_sim::rng::Rng;
use faultline_sim::sorted::SortedMap;
use serde::{Deserialize, Serialize, Serializer};

/// What a client may do to one key. Its JSON is `{"write": {"key": "x", "value": "1"}}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Op {
    Read {
        key: String,
    },
    Write {
        key: String,
        value: String,
    },
    /// Writes `new` if the value is `old`; without `old`, if there is no value.
    CompareAndSet {
        key: String,
        #[serde(default)]
        old: Option<String>,
        new: String,
    },
}

impl Op {
    /// Whether it changes nothing.
    #[must_use]
    pub fn is_read(&self) -> bool {
        matches!(self, Op::Read { .. })
    }

    /// The same in the words of the judge.
    #[must_use]
    pub fn asked(&self) -> Asked {
        match self {
            Op::Read { key } => Asked::at(key, Call::Read),
            Op::Write { key, value } => Asked::at(key, Call::Write(Word::from(&**value))),
            Op::CompareAndSet { key, old, new } => {
                let (old, new) = (old.as_deref().map(Word::from), Word::from(&**new));
                Asked::at(key, Call::CompareAndSet { old, new })
            }
        }
    }
}

/// What people may ask of a store. Hunts use two keys and write each value once.
pub const REQUESTS: &[RequestForm] = &[
    RequestForm::new("Write a value", || {
        let (key, value) = ("x".into(), "1".into());
        json(Op::Write { key, value })
    })
    .varied(|rng, number| {
        let (key, value) = (any_key(rng), value(number));
        json(Op::Write { key, value })
    }),
    RequestForm::new("Read a value", || json(Op::Read { key: "x".into() }))
        .varied(|rng, _| json(Op::Read { key: any_key(rng) })),
    RequestForm::new("Write a value if it is what you expect", || {
        let (key, old, new) = ("x".into(), Some("1".into()), "2".into());
        json(Op::CompareAndSet { key, old, new })
    })
    .varied(|rng, number| {
        // It expects a recent value, so that it is sometimes right.
        let recent = number.checked_sub(rng.between(1, 3));
        let old = recent.filter(|number| *number > 0).map(value);
        let (key, new) = (any_key(rng), value(number));
        json(Op::CompareAndSet { key, old, new })
    }),
];

/// A key for a hunt: mostly `x`, so that requests meet.
pub fn any_key(rng: &mut Rng) -> String {
    if rng.chance(0.8) { "x" } else { "y" }.to_owned()
}

/// The value that the request of this number writes: no other one writes it.
#[must_use]
pub fn value(number: u64) -> String {
    format!("v{number}")
}

/// Short enough for a log's cell: `x?`, `x=1`, `x:1→2`.
impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Op::Read { key } => write!(f, "{key}?"),
            Op::Write { key, value } => write!(f, "{key}={value}"),
            Op::CompareAndSet { key, old, new } => {
                write!(f, "{key}:{}→{new}", old.as_deref().unwrap_or_default())
            }
        }
    }
}

/// Writes an operation as its short text where it is part of something larger.
///
/// # Errors
/// What the serializer refuses.
pub fn in_short<S: Serializer>(op: &Op, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(op)
}

/// What came of an operation.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KvAnswer {
    /// The value read; none if there is none.
    Value(Option<String>),
    /// The value was written.
    Done,
    /// It was not written: the value is this one.
    Differs(Option<String>),
}

/// Keys and their values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct KvMachine {
    pub values: SortedMap<String, String>,
}

impl KvMachine {
    /// Executes an operation.
    pub fn apply(&mut self, op: &Op) -> KvAnswer {
        let now = |values: &SortedMap<String, String>, key: &String| values.get(key).cloned();
        match op {
            Op::Read { key } => KvAnswer::Value(now(&self.values, key)),
            Op::Write { key, value } => {
                self.values.insert(key.clone(), value.clone());
                KvAnswer::Done
            }
            Op::CompareAndSet { key, old, new } => {
                let value = now(&self.values, key);
                if value != *old {
                    return KvAnswer::Differs(value);
                }
                self.values.insert(key.clone(), new.clone());
                KvAnswer::Done
            }
        }
    }
}
