//! The words of "name the parts": what is pointed at, and what each thing is.

use crate::layout::Part;

pub const TITLE: &str = "What is what?";
pub const DOOR: &str = "Name the parts of the picture";
pub const CLOSE: &str = "Close the parts";
pub const CHOOSE: &str = "choose";
pub const AGAIN: &str = "Again";

/// The word for a sort of thing.
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
pub const fn is(part: Part) -> &'static str {
    match part {
        Part::Node => "A node: a running process with a memory of its own.",
        Part::Message => "A message on its way: it may come late, twice or never.",
        Part::Belief => "A belief: what a node takes for true. It may be wrong.",
        Part::Fault => "A fault: somebody broke this, and the nodes are not told.",
    }
}

/// How to get something of a sort that is not on the stage.
#[must_use]
pub const fn missing(part: Part) -> &'static str {
    match part {
        Part::Node => "No node is running: recover one, then come back.",
        Part::Message => "No message is on its way: let time go on a little, then come back.",
        Part::Belief => {
            "No crown and no eye is to be seen: let time go on until somebody leads or is suspected."
        }
        Part::Fault => "Nothing is broken yet: crash a node or cut a link, then come back.",
    }
}

/// The result.
#[must_use]
pub fn score(right: usize, all: usize) -> String {
    format!("{right} of {all} right.")
}

/// The mark at a place, from 0. Nodes have numbers and sides capital letters.
#[must_use]
pub fn letter(at: usize) -> char {
    char::from(b'a' + at as u8)
}

/// The question about one mark.
#[must_use]
pub fn question(at: usize) -> String {
    format!("Mark {} points at a", letter(at))
}
