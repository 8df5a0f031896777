//! Words for "name the parts": the question, the answers, and what each thing is.

use crate::layout::Part;

pub const TITLE: &str = "Name the parts";
pub const DOOR: &str = "Name the parts of the picture";
pub const CLOSE: &str = "Close the parts";
pub const CHOOSE: &str = "choose";
pub const AGAIN: &str = "Again";

/// The word for a kind of part.
#[must_use]
pub const fn word(part: Part) -> &'static str {
    match part {
        Part::Node => "node",
        Part::Message => "message",
        Part::Belief => "belief",
        Part::Fault => "fault",
    }
}

/// What it is, in one sentence.
#[must_use]
pub const fn definition(part: Part) -> &'static str {
    match part {
        Part::Node => "A node: a running process with its own memory.",
        Part::Message => "A message in flight: it may arrive late, twice or never.",
        Part::Belief => "A belief: what a node thinks is true. It may be wrong.",
        Part::Fault => "A fault: something is broken here, and the nodes do not know.",
    }
}

/// How to get a part that is not on the stage now.
#[must_use]
pub const fn missing(part: Part) -> &'static str {
    match part {
        Part::Node => "No node is running. Restart one, then come back.",
        Part::Message => "No message is in flight. Press Play for a moment, then come back.",
        Part::Belief => {
            "There is no crown and no eye. Press Play until a node leads or suspects another one."
        }
        Part::Fault => "Nothing is broken yet. Crash a node or cut a link, then come back.",
    }
}

/// The result.
#[must_use]
pub fn score(right: usize, all: usize) -> String {
    format!("{right} of {all} right.")
}

/// The letter of a mark, counted from 0. Nodes have numbers and sides have capital letters.
#[must_use]
pub fn letter(at: usize) -> char {
    char::from(b'a' + at as u8)
}

/// The question about one mark.
#[must_use]
pub fn question(at: usize) -> String {
    format!("Mark {} points at a", letter(at))
}
