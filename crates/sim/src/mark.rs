//! Marks: what a process says about itself, as a word for code, values, and a sentence for people.
//!
//! Probes, moments, program lines and sentences read the mark; nothing compares a text.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::moment::Moment;
use crate::process::NodeId;

/// A kind of mark. Protocols keep theirs as constants and name them like their paper does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// A word for code, unique within its protocol: `commits`.
    pub name: &'static str,
    /// What follows the node's name. `{}` is the next value; `{entry|entries}` is one of these words,
    /// by the value before it: `deletes {} {entry|entries}`.
    pub says: &'static str,
    /// The moment it is on the timeline, if people want to find it again.
    pub moment: Option<Moment>,
    /// What stands for it on the lanes of a space-time diagram, where a dot says too little.
    pub on_lane: Option<OnLane>,
}

/// What stands for a mark on the lanes of a space-time diagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnLane {
    /// A flag: something was put on disk.
    Flag,
    /// A point of a cut: those with the same first value, one a node, lie on one line.
    Cut,
}

impl Mark {
    /// A mark that is no moment.
    #[must_use]
    pub const fn new(name: &'static str, says: &'static str) -> Self {
        Self {
            name,
            says,
            moment: None,
            on_lane: None,
        }
    }

    /// The same mark, shown on the timeline.
    #[must_use]
    pub const fn moment(self, moment: Moment) -> Self {
        let moment = Some(moment);
        Self { moment, ..self }
    }

    /// The same mark, with a sign on its node's lane.
    #[must_use]
    pub const fn on_lane(self, sign: OnLane) -> Self {
        let on_lane = Some(sign);
        Self { on_lane, ..self }
    }
}

/// One value of a mark.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// A count, a term, an index.
    Number(u64),
    /// A node, which every reader names in its own way.
    Node(NodeId),
    /// A word or a list that the process has put together.
    Text(Rc<str>),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Number(number) => write!(f, "{number}"),
            Value::Node(node) => write!(f, "{node}"),
            Value::Text(text) => f.write_str(text),
        }
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Value::Number(number)
    }
}
impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Value::Number(number.into())
    }
}
impl From<usize> for Value {
    fn from(number: usize) -> Self {
        Value::Number(number as u64)
    }
}
impl From<NodeId> for Value {
    fn from(node: NodeId) -> Self {
        Value::Node(node)
    }
}
impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::Text(text.into())
    }
}
impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.into())
    }
}

/// Values behind a mark: `()`, one value, or a tuple of up to five.
pub trait Values {
    /// The values in the order of the mark's blanks.
    fn into_values(self) -> Rc<[Value]>;
}

impl Values for () {
    fn into_values(self) -> Rc<[Value]> {
        Rc::new([])
    }
}
impl<A: Into<Value>> Values for A {
    fn into_values(self) -> Rc<[Value]> {
        Rc::new([self.into()])
    }
}

macro_rules! tuples {
    ($(($($name:ident $at:tt),*)),*) => {
        $(impl<$($name: Into<Value>),*> Values for ($($name,)*) {
            fn into_values(self) -> Rc<[Value]> {
                Rc::new([$(self.$at.into()),*])
            }
        })*
    };
}
tuples!((A 0, B 1), (A 0, B 1, C 2), (A 0, B 1, C 2, D 3), (A 0, B 1, C 2, D 3, E 4));

/// A mark that was made, with its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked {
    /// Which one.
    pub mark: &'static Mark,
    /// One for each blank of [`Mark::says`]; more are for probes.
    pub values: Rc<[Value]>,
}

impl Marked {
    /// A mark with its values.
    #[must_use]
    pub fn new(mark: &'static Mark, values: impl Values) -> Self {
        let values = values.into_values();
        Self { mark, values }
    }

    /// Whether it is of this kind.
    #[must_use]
    pub fn is(&self, mark: &Mark) -> bool {
        self.mark.name == mark.name
    }

    /// The number at a place, from 0; none where there is no number.
    #[must_use]
    pub fn number(&self, at: usize) -> Option<u64> {
        match self.values.get(at)? {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The node at a place, from 0; none where there is no node.
    #[must_use]
    pub fn node(&self, at: usize) -> Option<NodeId> {
        match self.values.get(at)? {
            Value::Node(node) => Some(*node),
            _ => None,
        }
    }

    /// The text at a place, from 0; none where there is none.
    #[must_use]
    pub fn word(&self, at: usize) -> Option<&str> {
        match self.values.get(at)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// What follows the node's name, with nodes named by `name`.
    #[must_use]
    pub fn text(&self, name: &dyn Fn(NodeId) -> String) -> String {
        let mut values = self.values.iter();
        let mut latest = None;
        let mut out = String::new();
        let mut rest = self.mark.says;
        while let Some((before, behind)) = rest.split_once('{') {
            let Some((blank, behind)) = behind.split_once('}') else {
                break;
            };
            out += before;
            match blank.split_once('|') {
                Some((one, many)) => out += if latest == Some(1) { one } else { many },
                None => match values.next() {
                    Some(Value::Node(node)) => out += &name(*node),
                    Some(value) => {
                        if let Value::Number(number) = value {
                            latest = Some(*number);
                        }
                        out += &value.to_string();
                    }
                    None => {}
                },
            }
            rest = behind;
        }
        out + rest
    }
}

/// With nodes written `n3`.
impl fmt::Display for Marked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(&|node| node.to_string()))
    }
}

impl Hash for Marked {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.mark.name.hash(state);
        self.values.hash(state);
    }
}

impl Serialize for Marked {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Marked", 3)?;
        fields.serialize_field("mark", self.mark.name)?;
        fields.serialize_field("values", &*self.values)?;
        fields.serialize_field("text", &self.to_string())?;
        fields.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DELETES: Mark = Mark::new("deletes", "deletes {} {entry|entries}: {}'s log differs");

    #[test]
    fn a_mark_reads_as_a_sentence_in_singular_and_plural() {
        let said = |count: u64| Marked::new(&DELETES, (count, NodeId(2))).to_string();
        assert_eq!(said(1), "deletes 1 entry: n2's log differs");
        assert_eq!(said(3), "deletes 3 entries: n2's log differs");
        let named = Marked::new(&DELETES, (0u64, NodeId(2)));
        let text = named.text(&|node| format!("node {}", node.0));
        assert_eq!(text, "deletes 0 entries: node 2's log differs");
    }

    #[test]
    fn code_reads_values_not_words() {
        let marked = Marked::new(&DELETES, (3u64, NodeId(2)));
        assert!(marked.is(&DELETES));
        assert_eq!(
            (marked.number(0), marked.node(1)),
            (Some(3), Some(NodeId(2)))
        );
        assert_eq!((marked.number(1), marked.node(2)), (None, None));
    }
}
