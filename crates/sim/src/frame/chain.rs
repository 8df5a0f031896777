//! Blocks, each on its parent: what a node has seen of a chain that may fork.

use serde::Serialize;

use super::{Table, table};
use crate::process::NodeId;

/// One block of a tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Block {
    /// The same at every node that has it.
    pub id: u64,
    /// Where it stands: its parent is one lower, or more where heights may be left out.
    pub height: u64,
    /// The id of its parent, also of one that is not in the list.
    pub parent: u64,
    /// A few letters that tell it apart.
    pub label: String,
    /// Who made it.
    pub by: Option<NodeId>,
    /// How it stands at this node.
    pub state: BlockState,
    /// What it holds, as short text; may be empty.
    pub text: String,
}

/// How one block stands. Each has a look and a word of its own; later ones win where nodes differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockState {
    /// Not on the chain that this node follows.
    Aside,
    /// On the chain that this node follows.
    Chosen,
    /// Voted for by enough to be a base for final ones.
    Justified,
    /// Never to be given up.
    Final,
    /// Known to its maker only.
    Withheld,
    /// Its hash does not fit: who checks it refuses it.
    Broken,
}

impl BlockState {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            BlockState::Aside => "aside",
            BlockState::Chosen => "on the chain",
            BlockState::Justified => "justified",
            BlockState::Final => "final",
            BlockState::Withheld => "withheld",
            BlockState::Broken => "broken",
        }
    }
}

pub(super) fn to_table(blocks: &[Block]) -> Table {
    let row = |block: &Block| {
        let parent = blocks.iter().find(|other| other.id == block.parent);
        [
            block.height.to_string(),
            block.label.clone(),
            parent.map_or_else(String::new, |parent| parent.label.clone()),
            block.by.map_or_else(String::new, |by| by.0.to_string()),
            block.text.clone(),
            block.state.word().to_owned(),
        ]
    };
    let head = ["height", "block", "parent", "by", "holds", "state"];
    table(head, blocks.iter().map(row))
}
