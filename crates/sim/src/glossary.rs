//! The glossary: words that a beginner may not know, explained once, and found in every text. The same
//! words tell a search what else to look for.
//!
//! ```text
//! term   quorum
//! also   quorums
//! means  The number of servers that must say yes before something counts, usually more than half.
//! finds  enough votes, half plus one
//! row    C-T2
//! ```

use std::ops::Range;

use crate::entries::{blocks, names};
pub use crate::question::Wrong;
use crate::sorted::SortedMap;
use crate::text::did_you_mean;

/// A word with its meaning.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Term {
    /// The word, or a few words.
    pub term: String,
    /// Other forms of it.
    pub also: Vec<String>,
    /// One or two sentences.
    pub means: String,
    /// What a person may type to find it.
    pub finds: Vec<String>,
    /// Rows of the curriculum that are about it.
    pub rows: Vec<String>,
    /// It has another meaning in everyday texts, so it is not marked there.
    pub only: bool,
    /// Where it stands in its file.
    pub line: usize,
}

/// All words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Glossary {
    /// In the order of the file.
    pub terms: Vec<Term>,
    /// Every form in small letters.
    forms: SortedMap<String, usize>,
    /// The most words of a form.
    longest: usize,
}

/// A word of the glossary in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Its bytes.
    pub range: Range<usize>,
    /// Its place in the list.
    pub term: usize,
}

impl Glossary {
    /// Reads a glossary.
    ///
    /// # Errors
    /// The first line that cannot be read, or a word that is there twice.
    pub fn read(text: &str) -> Result<Self, Wrong> {
        let mut glossary = Self::default();
        for block in blocks(text, &["term"])? {
            block.repeated(&[])?;
            block.needs(&["means"])?;
            let mut term = Term {
                term: block.heading.value.clone(),
                line: block.heading.line,
                ..Term::default()
            };
            for entry in &block.entries {
                let value = || entry.value.clone();
                match entry.name.as_str() {
                    "also" => term.also = names(&entry.value),
                    "means" => term.means = value(),
                    "finds" => term.finds = names(&entry.value),
                    "row" => term.rows = names(&entry.value),
                    "only" => term.only = entry.value == "yes",
                    other => {
                        let all = ["also", "means", "finds", "row", "only"];
                        let why = format!("there is no `{other}`; {}", did_you_mean(other, all));
                        return Err(entry.wrong(why));
                    }
                }
            }
            glossary
                .add(term)
                .map_err(|form| block.heading.wrong(format!("`{form}` is here twice")))?;
        }
        Ok(glossary)
    }

    fn add(&mut self, term: Term) -> Result<(), String> {
        let at = self.terms.len();
        let forms = std::iter::once(&term.term).chain(&term.also);
        for form in forms.map(|form| form.to_lowercase()) {
            self.longest = self.longest.max(form.split(' ').count());
            if self.forms.insert(form.clone(), at).is_some() {
                return Err(form);
            }
        }
        self.terms.push(term);
        Ok(())
    }

    /// The term with this form; a plural is a form of its singular.
    #[must_use]
    pub fn find(&self, form: &str) -> Option<usize> {
        let form = form.to_lowercase();
        let found = self.forms.get(&form).copied();
        let singular = || self.forms.get(form.strip_suffix('s')?).copied();
        found.or_else(singular)
    }

    /// The words of a text that are explained here, the longest of those that begin at the same place;
    /// each once.
    #[must_use]
    pub fn marks(&self, text: &str) -> Vec<Mark> {
        let words = words(text);
        let mut found: Vec<Mark> = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let most = self.longest.min(words.len() - at);
            let mark = (1..=most).rev().find_map(|count| {
                let range = words[at].start..words[at + count - 1].end;
                let term = self.find(&text[range.clone()])?;
                let fresh = !self.terms[term].only && found.iter().all(|mark| mark.term != term);
                Some((count, fresh.then_some(Mark { range, term })))
            });
            let (count, mark) = mark.unwrap_or((1, None));
            found.extend(mark);
            at += count;
        }
        found
    }
}

/// The places of the words of a text. Dashes within a word belong to it.
fn words(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = None;
    let inside = |letter: char| letter.is_alphanumeric() || letter == '-' || letter == '\'';
    for (at, letter) in text.char_indices() {
        match (inside(letter), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                found.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    found.extend(start.map(|from| from..text.len()));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
term quorum
also majority vote
means Enough servers.
term split brain
means Two leaders at once.
term key
means A name for a value.
only yes
";

    #[test]
    fn the_longest_form_is_marked_once() {
        let glossary = Glossary::read(TEXT).unwrap();
        let text = "Quorums stop a split brain; a quorum (a majority vote) has the key.";
        let found: Vec<(&str, usize)> = glossary
            .marks(text)
            .into_iter()
            .map(|mark| (&text[mark.range], mark.term))
            .collect();
        assert_eq!(found, [("Quorums", 0), ("split brain", 1)]);
        assert_eq!(glossary.find("KEY"), Some(2));
    }

    #[test]
    fn a_word_has_one_meaning() {
        let twice = format!("{TEXT}term Quorum\nmeans Again.\n");
        let wrong = Glossary::read(&twice).unwrap_err();
        assert_eq!(
            (wrong.line, wrong.why.as_str()),
            (9, "`quorum` is here twice")
        );
    }
}
