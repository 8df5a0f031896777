//! A value of EDN, the notation of Clojure, as JSON.

use serde_json::{Map, Number, Value as Json};

/// Lists in lists, at most.
const DEPTH: u32 = 16;

/// Reads values from a line. White space and commas stand between them. Keywords become texts that keep
/// their colon, and so do symbols as they are.
pub(super) struct Edn<'t> {
    rest: &'t str,
}

impl<'t> Edn<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { rest: text }
    }

    /// What has not been read.
    pub(super) fn rest(&mut self) -> &'t str {
        let blank = |c: char| c.is_whitespace() || c == ',';
        self.rest = self.rest.trim_start_matches(blank);
        self.rest
    }

    /// The next value; nothing at the end of the line.
    pub(super) fn value(&mut self) -> Result<Option<Json>, String> {
        match self.rest() {
            "" => Ok(None),
            _ => self.next(DEPTH).map(Some),
        }
    }

    fn next(&mut self, depth: u32) -> Result<Json, String> {
        let text = self.rest();
        if depth == 0 {
            return Err("lists stand in lists too deep to read".into());
        }
        let mut letters = text.chars();
        match letters.next() {
            None => Err("the line ends inside a value".into()),
            Some('"') => self.text(),
            Some('[') => self.list(1, ']', depth),
            Some('(') => self.list(1, ')', depth),
            Some('{') => {
                let parts = self.list(1, '}', depth)?;
                map(parts)
            }
            Some('#') if letters.as_str().starts_with('{') => self.list(2, '}', depth),
            Some('#') => {
                // A tag says of what type the next value is.
                self.word();
                self.next(depth - 1)
            }
            Some(other @ (']' | ')' | '}')) => Err(format!("`{other}` closes nothing")),
            Some(_) => Ok(plain(self.word())),
        }
    }

    fn list(&mut self, open: usize, close: char, depth: u32) -> Result<Json, String> {
        self.rest = &self.rest[open..];
        let mut parts = Vec::new();
        loop {
            match self.rest().chars().next() {
                None => return Err(format!("the line ends before `{close}`")),
                Some(c) if c == close => {
                    self.rest = &self.rest[1..];
                    return Ok(Json::Array(parts));
                }
                Some(_) => parts.push(self.next(depth - 1)?),
            }
        }
    }

    fn text(&mut self) -> Result<Json, String> {
        let mut text = String::new();
        let mut letters = self.rest[1..].char_indices();
        while let Some((at, letter)) = letters.next() {
            match letter {
                '"' => {
                    self.rest = &self.rest[1 + at + 1..];
                    return Ok(Json::String(text));
                }
                '\\' => text.push(match letters.next() {
                    Some((_, 'n')) => '\n',
                    Some((_, 't')) => '\t',
                    Some((_, 'r')) => '\r',
                    Some((_, same @ ('"' | '\\'))) => same,
                    _ => return Err("after `\\` comes one of: n t r \" \\".into()),
                }),
                letter => text.push(letter),
            }
        }
        Err("the line ends before the closing `\"`".into())
    }

    fn word(&mut self) -> &'t str {
        let ends = |c: char| c.is_whitespace() || ",[](){}\"".contains(c);
        let end = self.rest.find(ends).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }
}

fn plain(word: &str) -> Json {
    match word {
        "nil" => Json::Null,
        "true" => Json::Bool(true),
        "false" => Json::Bool(false),
        word => match word.parse::<i64>() {
            Ok(number) => Json::Number(Number::from(number)),
            Err(_) => Json::String(word.into()),
        },
    }
}

fn map(parts: Json) -> Result<Json, String> {
    let Json::Array(parts) = parts else {
        return Ok(parts);
    };
    if parts.len() % 2 == 1 {
        return Err("a map has a name without a value".into());
    }
    let mut map = Map::new();
    let mut parts = parts.into_iter();
    while let (Some(name), Some(value)) = (parts.next(), parts.next()) {
        let name = match name {
            Json::String(name) => name,
            other => other.to_string(),
        };
        map.insert(name, value);
    }
    Ok(Json::Object(map))
}
