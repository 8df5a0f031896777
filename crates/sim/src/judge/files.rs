//! Histories as files: those of other systems are read for the judge, ours are written and read.
//!
//! There are three formats.
//!
//! **Jepsen**: the log of a test, one event a line, and a history in EDN. Fields stand apart by any white
//! space, and the order of the lines is real time. Other lines of the log are skipped.
//!
//! ```text
//! INFO  jepsen.util - 0   :invoke :write  4
//! INFO  jepsen.util - 0   :ok     :write  4
//! INFO  jepsen.util - 1   :invoke :cas    [4 2]
//! INFO  jepsen.util - 1   :info   :cas    :timed-out
//! ```
//!
//! `:info` ends an operation whose outcome nobody knows. A `:fail` of a cas says that another value was
//! there, unless an error follows; any other `:fail` says nothing.
//!
//! **Porcupine** writes the same events as maps, with keys; each key holds the empty text at first.
//!
//! ```text
//! {:process 0, :type :invoke, :f :append, :key "x", :value "1"}
//! {:process 0, :type :ok, :f :append, :key "x", :value "1"}
//! ```
//!
//! Events without `:time` take the number of their line as their time in microseconds.
//!
//! **JSON** is our own format: one object for each operation, one a line or all in one array.
//!
//! ```text
//! {"process":1,"key":"x","f":"write","value":"1","invoked_us":0,"completed_us":90,"end":"ok"}
//! {"process":2,"key":"x","f":"read","invoked_us":20,"completed_us":50,"end":"ok","result":"1"}
//! {"process":1,"key":"x","f":"cas","value":["1","2"],"invoked_us":95,"completed_us":null,"end":"unknown"}
//! ```
//!
//! | field | what it holds |
//! |---|---|
//! | `process` | the number of the client |
//! | `key` | the object; may be left out if there is one only |
//! | `f` | `read`, `write`, `cas`, `append`; `add`; `insert`, `remove`; `transfer`; `acquire`, `release` |
//! | `value` | what was asked: a value; `[old, new]` of a cas; a number to add; a member; of a transfer the change of each account, such as `{"a":-5,"b":5}` |
//! | `invoked_us`, `completed_us` | whole microseconds; `null` if it never ended |
//! | `end` | see below; may be left out if the operation ended `ok`, or never |
//! | `result` | the answer: what a read saw (`null` is nothing), the count after `add`, the value that a failed cas found |
//! | `order` | the places of invocation and end among all events, for events of one instant |
//!
//! | end | meaning |
//! |---|---|
//! | `ok` | it took effect |
//! | `failed` | the answer was no: a cas found another value, a transfer too little money, an acquire another owner |
//! | `aborted` | it had no effect, and that says nothing of the object; of a read or write, `failed` says the same |
//! | `unknown` | it may take effect at any time, or never |
//!
//! Operations that touch the same instant overlap, unless all have an `order`. A number is the same value
//! as its text. A first object such as `{"model":"bank","initial":10}` says what kind of objects follow.

mod assemble;
mod edn;
mod jepsen;
mod json;
#[cfg(test)]
mod tests;
mod words;
mod write;

use std::fmt;

use super::history::Operations;
use super::operation::{Model, Place, Word};

pub use write::{operation_json, write};

/// The longest text that is read, in bytes.
pub const MOST_BYTES: usize = 32 << 20;
/// The most operations that are read.
pub const MOST_OPERATIONS: usize = 200_000;

/// The longest line, or object of our own format, in bytes.
const MOST_LINE: usize = 1 << 20;

/// How a history is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFormat {
    /// A log of Jepsen, or its history in EDN.
    Jepsen,
    /// The maps of Porcupine's key-value histories.
    PorcupineKv,
    /// Our own.
    Json,
}

impl FileFormat {
    /// All formats by their names.
    pub const ALL: [(&'static str, Self); 3] = [
        ("jepsen", Self::Jepsen),
        ("porcupine-kv", Self::PorcupineKv),
        ("json", Self::Json),
    ];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        let found = Self::ALL.iter().find(|(_, format)| *format == self);
        found.map_or("", |(name, _)| name)
    }

    /// What objects hold at first, in the words of [`ModelName::model`].
    fn initial(self, model: ModelName) -> Option<&'static str> {
        (self == Self::PorcupineKv && model == ModelName::Store).then_some("")
    }
}

/// The kind of objects in a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelName {
    /// Keys with values; a register is one key.
    Store,
    /// Members.
    Set,
    /// A count.
    Counter,
    /// Accounts.
    Bank,
    /// A lock.
    Lock,
}

impl ModelName {
    /// All models by their names. The first name of each is its own.
    pub const ALL: [(&'static str, Self); 7] = [
        ("kv", Self::Store),
        ("register", Self::Store),
        ("cas-register", Self::Store),
        ("set", Self::Set),
        ("counter", Self::Counter),
        ("bank", Self::Bank),
        ("lock", Self::Lock),
    ];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        let found = Self::ALL.iter().find(|(_, model)| *model == self);
        found.map_or("", |(name, _)| name)
    }

    /// The name of a model.
    #[must_use]
    pub fn of(model: &Model) -> Self {
        match model {
            Model::Store { .. } => Self::Store,
            Model::Set => Self::Set,
            Model::Counter { .. } => Self::Counter,
            Model::Bank { .. } => Self::Bank,
            Model::Lock => Self::Lock,
        }
    }

    /// The model, with what an object holds at first: a value (`nil` is nothing), a count, or the
    /// balance of each account.
    ///
    /// # Errors
    /// One sentence, if an object of this kind cannot begin so.
    pub fn model(self, initial: Option<&str>) -> Result<Model, String> {
        let number = |what: &str| match initial {
            None => Ok(0),
            Some(text) => text.trim().parse().map_err(|_| {
                format!(
                    "a {} begins with {what}, but `{text}` is not a whole number",
                    self.name()
                )
            }),
        };
        match (self, initial) {
            (Self::Store, initial) => Ok(Model::Store {
                initial: initial
                    .filter(|text| !["nil", "null"].contains(text))
                    .map(Word::from),
            }),
            (Self::Counter, _) => number("a count").map(|initial| Model::Counter { initial }),
            (Self::Bank, _) => number("a balance").map(|opening| Model::Bank { opening }),
            (Self::Set, None) => Ok(Model::Set),
            (Self::Lock, None) => Ok(Model::Lock),
            (Self::Set, Some(_)) => Err("a set begins empty; leave out its first value".into()),
            (Self::Lock, Some(_)) => Err("a lock begins free; leave out its first value".into()),
        }
    }
}

/// What a file holds.
#[derive(Clone, Debug)]
pub struct Read {
    /// The operations.
    pub history: Operations,
    /// What the log says of faults, each with the number of events before it.
    pub faults: Vec<(Place, String)>,
}

/// Why a history cannot be read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileError {
    /// From 1; 0 for what is on no line.
    pub line: u32,
    /// What is wrong there, and what to write instead.
    pub reason: String,
}

impl FileError {
    fn at(line: u32, reason: impl Into<String>) -> Self {
        let reason = reason.into();
        Self { line, reason }
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str(&self.reason),
            line => write!(f, "line {line}: {}", self.reason),
        }
    }
}

/// The format of a text, if it is clearly a history: its first operation reads as one.
#[must_use]
pub fn recognise(text: &str) -> Option<FileFormat> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if json::begins(text) {
        return Some(FileFormat::Json);
    }
    jepsen::begins(text)
}

/// Reads a history. Without a model, the operations say what they are about.
///
/// # Errors
/// The first line that is wrong, and how to write it.
pub fn read(text: &str, format: FileFormat, model: Option<ModelName>) -> Result<Read, FileError> {
    if text.len() > MOST_BYTES {
        return Err(FileError::at(0, too_long()));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match format {
        FileFormat::Json => json::read(text, model),
        FileFormat::Jepsen | FileFormat::PorcupineKv => jepsen::read(text, format, model),
    }
}

/// The sentence about a text that is not read because of its length.
#[must_use]
pub fn too_long() -> String {
    format!(
        "a history has at most {} MB; check a part of it",
        MOST_BYTES >> 20
    )
}

fn too_long_a_line(line: u32) -> FileError {
    let reason = format!("an operation takes at most {} MB", MOST_LINE >> 20);
    FileError::at(line, reason)
}

fn too_many(line: u32) -> FileError {
    let reason = format!("a history has at most {MOST_OPERATIONS} operations; check a part of it");
    FileError::at(line, reason)
}

/// The beginning of a text that may be long, on one line.
fn shown(text: &str) -> String {
    const LETTERS: usize = 60;
    let plain = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    let mut letters = text.trim().chars().map(plain);
    let mut short: String = letters.by_ref().take(LETTERS).collect();
    if letters.next().is_some() {
        short.push('…');
    }
    short
}
