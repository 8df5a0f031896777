//! The text form of questions, lessons and the glossary: `name value` lines under headings. A longer value
//! goes on in indented lines; blank lines and lines with a # are passed over.

use std::fmt;

use crate::text::did_you_mean;

/// What is wrong with such a file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The line, from 1.
    pub line: usize,
    /// The sentence that says it.
    pub why: String,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.why)
    }
}

pub(crate) type Parsed<T> = Result<T, String>;

/// One value: its line, its name, its words.
pub(crate) struct Entry {
    pub line: usize,
    pub name: String,
    pub value: String,
}

impl Entry {
    /// What is wrong with it.
    pub fn wrong(&self, why: String) -> Wrong {
        let line = self.line;
        Wrong { line, why }
    }
}

/// A heading with the values under it.
pub(crate) struct Block {
    pub heading: Entry,
    pub entries: Vec<Entry>,
}

impl Block {
    /// The first name that stands here twice although it may stand here once only.
    pub fn repeated(&self, often: &[&str]) -> Result<(), Wrong> {
        let mut seen: Vec<&str> = Vec::new();
        for entry in &self.entries {
            let name = entry.name.as_str();
            if seen.contains(&name) && !often.contains(&name) {
                return Err(entry.wrong(format!("`{name}` stands here twice")));
            }
            seen.push(name);
        }
        Ok(())
    }

    /// The values that must be here.
    pub fn needs(&self, names: &[&str]) -> Result<(), Wrong> {
        let has = |name: &str| self.entries.iter().any(|entry| entry.name == name);
        match names.iter().find(|name| !has(name)) {
            Some(name) => Err(self.heading.wrong(format!("`{name}` is missing"))),
            None => Ok(()),
        }
    }
}

/// The blocks of a text under these headings.
pub(crate) fn blocks(text: &str, headings: &[&str]) -> Result<Vec<Block>, Wrong> {
    let mut found: Vec<Block> = Vec::new();
    for (at, full) in text.lines().enumerate() {
        let line = at + 1;
        if full.trim().is_empty() || full.starts_with('#') {
            continue;
        }
        let last = found.last_mut();
        if full.starts_with(' ') {
            let Some(last) = last.and_then(|block| block.entries.last_mut()) else {
                let why = "this line continues nothing".to_owned();
                return Err(Wrong { line, why });
            };
            last.value.push(' ');
            last.value.push_str(full.trim());
            continue;
        }
        let (name, value) = full.split_once(' ').unwrap_or((full, ""));
        let entry = Entry {
            line,
            name: name.to_owned(),
            value: value.trim().to_owned(),
        };
        if headings.contains(&name) {
            found.push(Block {
                heading: entry,
                entries: Vec::new(),
            });
        } else if let Some(block) = last {
            block.entries.push(entry);
        } else {
            let all: Vec<String> = headings.iter().map(|name| format!("`{name} …`")).collect();
            let why = format!("a file begins with {}", all.join(" or "));
            return Err(Wrong { line, why });
        }
    }
    for block in &found {
        if let Some(entry) = block.entries.iter().find(|entry| entry.value.is_empty()) {
            return Err(entry.wrong(format!("`{}` says nothing", entry.name)));
        }
    }
    Ok(found)
}

/// Whether a name is one of those that there are.
pub(crate) fn one_of<'a>(what: &str, name: &str, all: impl Iterator<Item = &'a str>) -> Parsed<()> {
    let all: Vec<&str> = all.collect();
    if all.contains(&name) {
        return Ok(());
    }
    Err(format!(
        "there is no {what} `{name}`; {}",
        did_you_mean(name, all)
    ))
}

/// The parts of a list, without the empty ones.
pub(crate) fn list<'a>(text: &'a str, by: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(by)
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

/// Names of a list with commas.
pub(crate) fn names(text: &str) -> Vec<String> {
    list(text, ",").map(str::to_owned).collect()
}
