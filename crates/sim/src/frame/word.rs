//! A short word that is copied, not allocated: frames are built at every event.

use std::fmt::{self, Write};

use serde::{Serialize, Serializer};

/// What a message says, in a few letters: `vote? t2`, `yes`, `x = 1`. What does not fit is cut.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Word {
    letters: [u8; Word::MOST],
    length: u8,
}

impl Word {
    /// The most bytes there is room for.
    pub const MOST: usize = 15;

    /// A word from what would be printed.
    #[must_use]
    pub fn of(said: impl fmt::Display) -> Self {
        let mut word = Self {
            letters: [0; Self::MOST],
            length: 0,
        };
        let _ = write!(word, "{said}");
        word
    }

    /// The word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.letters[..usize::from(self.length)]).unwrap_or_default()
    }
}

impl Write for Word {
    fn write_str(&mut self, said: &str) -> fmt::Result {
        for letter in said.chars() {
            let from = usize::from(self.length);
            let to = from + letter.len_utf8();
            if to > Self::MOST {
                return Err(fmt::Error);
            }
            letter.encode_utf8(&mut self.letters[from..to]);
            self.length = to as u8;
        }
        Ok(())
    }
}

impl fmt::Debug for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.as_str())
    }
}

impl Serialize for Word {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Word;

    #[test]
    fn a_word_is_cut_where_a_letter_does_not_fit() {
        assert_eq!(Word::of("vote? t2").as_str(), "vote? t2");
        assert_eq!(Word::of(format_args!("x = {}", 12)).as_str(), "x = 12");
        assert_eq!(Word::of("äöüäöüäöü").as_str(), "äöüäöüä");
        assert_eq!(Word::of("").as_str(), "");
    }
}
