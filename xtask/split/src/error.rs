//! Errors as sentences.

use std::fmt;

/// A sentence for the person at the terminal.
#[derive(Debug, PartialEq)]
pub struct Sentence(String);

/// The result of every step.
pub type Outcome<T = ()> = Result<T, Sentence>;

impl fmt::Display for Sentence {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl From<String> for Sentence {
    fn from(sentence: String) -> Self {
        Self(sentence)
    }
}

impl From<&str> for Sentence {
    fn from(sentence: &str) -> Self {
        Self(sentence.into())
    }
}

impl From<wasmparser::BinaryReaderError> for Sentence {
    fn from(error: wasmparser::BinaryReaderError) -> Self {
        Self(format!("the module cannot be read: {error}"))
    }
}

impl From<wasm_encoder::reencode::Error> for Sentence {
    fn from(error: wasm_encoder::reencode::Error) -> Self {
        Self(format!("the module cannot be written again: {error}"))
    }
}
