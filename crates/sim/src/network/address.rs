//! The name of a message, by which commands, links and people call it.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::process::NodeId;

/// The address of a message: the `k`-th (from 1) that `from` sent to `to`, written `n1->n2#3`.
/// Copies made by duplication are numbered from 1, written `n1->n2#3.1`; the original is copy 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    /// The sender.
    pub from: NodeId,
    /// The receiver.
    pub to: NodeId,
    /// Its number on the way from one to the other, from 1.
    pub k: u32,
    /// 0 for the original.
    pub copy: u32,
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}->{}#{}", self.from, self.to, self.k)?;
        if self.copy > 0 {
            write!(f, ".{}", self.copy)?;
        }
        Ok(())
    }
}

impl Serialize for Address {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Address {
    /// The message that this is the original of, or a copy.
    #[must_use]
    pub fn message(&self) -> (NodeId, NodeId, u32) {
        (self.from, self.to, self.k)
    }

    /// Reads `n1->n2#3` or `n1->n2#3.1`.
    ///
    /// # Errors
    /// A sentence showing how an address looks.
    pub fn parse(word: &str) -> Result<Self, String> {
        let wrong = || format!("`{word}` is not a message; write it like n1->n2#3");
        let (link, number) = word.split_once('#').ok_or_else(wrong)?;
        let (from, to) = parse_arrow(link).map_err(|_| wrong())?;
        let (k, copy) = number.split_once('.').unwrap_or((number, "0"));
        let k = k.parse().ok().filter(|k| *k > 0).ok_or_else(wrong)?;
        Ok(Self {
            from,
            to,
            k,
            copy: copy.parse().map_err(|_| wrong())?,
        })
    }
}

/// Reads `n1->n2`.
///
/// # Errors
/// A sentence showing how a direction looks.
pub fn parse_arrow(word: &str) -> Result<(NodeId, NodeId), String> {
    let (from, to) = word
        .split_once("->")
        .ok_or_else(|| format!("`{word}` is not a direction; write it like n1->n2"))?;
    Ok((NodeId::parse(from)?, NodeId::parse(to)?))
}
