//! The parser: text in, a value out.

use serde_json::{Map, Number};

use super::Json;
use crate::number;

/// Deeper nests are no data of ours, and each level takes stack.
const DEEPEST: u32 = 100;

/// Reads JSON.
///
/// # Errors
/// What is wrong, and at which letter.
pub fn parse(text: &str) -> Result<Json, String> {
    let mut parser = Parser { text, at: 0 };
    let value = parser.value(DEEPEST)?;
    match parser.peek() {
        None => Ok(value),
        Some(_) => Err(parser.wrong("more text than one value")),
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl Parser<'_> {
    fn wrong(&self, what: &str) -> String {
        format!("{what} at letter {}", self.at + 1)
    }

    /// The next byte that is no space.
    fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while let Some(b' ' | b'\n' | b'\t' | b'\r') = bytes.get(self.at) {
            self.at += 1;
        }
        bytes.get(self.at).copied()
    }

    /// Passes a sign, if it is the next.
    fn passes(&mut self, sign: u8) -> bool {
        let is = self.peek() == Some(sign);
        self.at += usize::from(is);
        is
    }

    fn expect(&mut self, sign: u8) -> Result<(), String> {
        if self.passes(sign) {
            Ok(())
        } else {
            Err(self.wrong(&format!("expected `{}`", sign as char)))
        }
    }

    fn value(&mut self, deeper: u32) -> Result<Json, String> {
        if deeper == 0 {
            return Err(self.wrong("too deep a nest"));
        }
        match self.peek() {
            None => Err(self.wrong("the text ends too early")),
            Some(b'{') => {
                self.at += 1;
                let mut fields = Map::new();
                if self.passes(b'}') {
                    return Ok(Json::Object(fields));
                }
                loop {
                    let key = self.string()?;
                    self.expect(b':')?;
                    let value = self.value(deeper - 1)?;
                    fields.insert(key, value);
                    if !self.passes(b',') {
                        self.expect(b'}')?;
                        return Ok(Json::Object(fields));
                    }
                }
            }
            Some(b'[') => {
                self.at += 1;
                let mut items = Vec::new();
                if self.passes(b']') {
                    return Ok(Json::Array(items));
                }
                loop {
                    items.push(self.value(deeper - 1)?);
                    if !self.passes(b',') {
                        self.expect(b']')?;
                        return Ok(Json::Array(items));
                    }
                }
            }
            Some(b'"') => self.string().map(Json::String),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(_) => {
                let words = [
                    ("null", Json::Null),
                    ("true", Json::Bool(true)),
                    ("false", Json::Bool(false)),
                ];
                for (word, value) in words {
                    if self.text[self.at..].starts_with(word) {
                        self.at += word.len();
                        return Ok(value);
                    }
                }
                Err(self.wrong("expected a value"))
            }
        }
    }

    fn number(&mut self) -> Result<Json, String> {
        let behind = &self.text[self.at..];
        let part = |c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E');
        let end = behind.find(|c| !part(c)).unwrap_or(behind.len());
        let digits = &behind[..end];
        let whole = digits.parse::<u64>().map(Number::from).ok();
        let whole = whole.or_else(|| digits.parse::<i64>().map(Number::from).ok());
        let number = whole.or_else(|| Number::from_f64(number::parse(digits)?));
        let number = number.ok_or_else(|| self.wrong("expected a number"))?;
        self.at += end;
        Ok(Json::Number(number))
    }

    fn string(&mut self) -> Result<String, String> {
        self.expect(b'"')?;
        let mut out = String::new();
        loop {
            let behind = &self.text[self.at..];
            let Some(end) = behind.find(|c| matches!(c, '"' | '\\' | '\0'..='\x1f')) else {
                return Err(self.wrong("a text without an end"));
            };
            out.push_str(&behind[..end]);
            self.at += end + 1;
            match behind.as_bytes()[end] {
                b'"' => return Ok(out),
                b'\\' => out.push(self.escaped()?),
                _ => return Err(self.wrong("a line's end within a text")),
            }
        }
    }

    /// The letter that stands behind a backslash.
    fn escaped(&mut self) -> Result<char, String> {
        let sign = self.text.as_bytes().get(self.at).copied();
        self.at += 1;
        Ok(match sign {
            Some(sign @ (b'"' | b'\\' | b'/')) => sign as char,
            Some(b'n') => '\n',
            Some(b't') => '\t',
            Some(b'r') => '\r',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'u') => {
                let mut code = self.four_digits()?;
                if (0xd800..0xdc00).contains(&code) && self.text[self.at..].starts_with("\\u") {
                    self.at += 2;
                    let low = self.four_digits()?;
                    code = 0x10000 + ((code - 0xd800) << 10) + (low.wrapping_sub(0xdc00) & 0x3ff);
                }
                char::from_u32(code).ok_or_else(|| self.wrong("half a letter"))?
            }
            _ => return Err(self.wrong("an unknown escape")),
        })
    }

    fn four_digits(&mut self) -> Result<u32, String> {
        let digits = self.text.get(self.at..self.at + 4);
        let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        self.at += 4;
        code.ok_or_else(|| self.wrong("four digits are missing"))
    }
}
