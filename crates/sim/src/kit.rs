//! What a page needs where a person puts a system together, and where all nodes hold something together.

use serde::Serialize;

use crate::command::Command;
use crate::process::NodeId;
use crate::settings::Param;

/// What all nodes hold together, and what that should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Total {
    /// Whose or what: "Money in all banks".
    pub title: &'static str,
    /// How much it is now.
    pub now: i64,
    /// How much it should be.
    pub should: i64,
}

/// A protocol whose nodes are boxes that a person adds, connects and sets: each has parameters of its own.
#[derive(Clone, Copy, Debug)]
pub struct Kit {
    /// The choice that says what a box is.
    pub kind: &'static Param,
    /// The list of boxes that a box calls.
    pub to: &'static Param,
    /// What a box may be, in the order it is offered.
    pub kinds: &'static [BoxKind],
}

/// What a box may be.
#[derive(Clone, Copy, Debug)]
pub struct BoxKind {
    /// Its word in the choice.
    pub word: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// What it does, as a phrase.
    pub says: &'static str,
    /// The names of the parameters and rules that it reads, in groups.
    pub sets: &'static [&'static [&'static str]],
}

impl Kit {
    /// The command after which a box calls these.
    #[must_use]
    pub fn calls(&self, node: NodeId, to: impl Iterator<Item = NodeId>) -> Command {
        let to: Vec<String> = to.map(|id| id.0.to_string()).collect();
        Command::SetParam(format!("{node}.{}", self.to.name), to.join(","))
    }

    /// What may be set of a box of this kind.
    pub fn sets(&self, word: &str) -> impl Iterator<Item = &'static str> + use<> {
        let kind = self.kinds.iter().find(|kind| kind.word == word);
        let groups = kind.map_or(&[][..], |kind| kind.sets);
        groups.iter().flat_map(|group| group.iter().copied())
    }
}
