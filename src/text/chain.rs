//! Words for chains of blocks.

use faultline_sim::frame::{Block, BlockState};
use faultline_sim::process::NodeId;

use super::{capital, counted, node};

/// Above the tree.
#[must_use]
pub fn title(left_out: usize, broken_at: &[NodeId]) -> String {
    match (left_out, broken_at) {
        (_, [one]) => format!("Blocks; ✕ do not fit at {}", node(*one)),
        (_, [_, _, ..]) => format!("Blocks; ✕ do not fit at {}", numbers(broken_at)),
        (0, []) => "Blocks, by who made them".to_owned(),
        (some, []) => format!(
            "Blocks, {} not drawn",
            counted(some as u64, "block", "blocks")
        ),
    }
}

/// Under a block: who builds on it.
#[must_use]
pub fn tips(tips: &[NodeId], all: bool) -> String {
    const MOST: usize = 4;
    if tips.is_empty() {
        return String::new();
    }
    if all {
        return "all".to_owned();
    }
    if tips.len() > MOST {
        return format!("{} nodes", tips.len());
    }
    numbers(tips)
}

fn numbers(ids: &[NodeId]) -> String {
    let ids: Vec<String> = ids.iter().map(|id| id.0.to_string()).collect();
    ids.join(" ")
}

/// "Block 3a1f at height 7 by node 2, on the chain: pays 5. Nodes 1 3 build on it."
#[must_use]
pub fn block(block: &Block, tips: &[NodeId]) -> String {
    let by = block.by.map(|id| format!(" by {}", node(id)));
    let holds = if block.text.is_empty() {
        String::new()
    } else {
        format!(": {}", block.text)
    };
    let mut words = format!(
        "Block {} at height {}{}, {}{holds}.",
        block.label,
        block.height,
        by.unwrap_or_default(),
        block.state.word(),
    );
    if !tips.is_empty() {
        words += &format!(" Built on by {}.", numbers(tips));
    }
    words
}

/// A node's chain in one sentence: "Node 1 builds on 3a1f at height 7; 2 blocks aside."
#[must_use]
pub fn of_node(id: NodeId, blocks: &[Block], tip: u64) -> Option<String> {
    let own = blocks.iter().find(|block| block.id == tip)?;
    let mut words = format!(
        "{} builds on {} at height {}",
        capital(&node(id)),
        own.label,
        own.height
    );
    let count = |state| blocks.iter().filter(|block| block.state == state).count() as u64;
    let named = [
        BlockState::Aside,
        BlockState::Justified,
        BlockState::Final,
        BlockState::Withheld,
        BlockState::Broken,
    ];
    for state in named {
        let some = count(state);
        if some > 0 {
            words += &format!("; {} {}", counted(some, "block", "blocks"), state.word());
        }
    }
    Some(words + ".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_is_said_in_words() {
        let block = |id: u64, state| Block {
            id,
            height: id,
            parent: id.saturating_sub(1),
            label: format!("b{id}"),
            by: Some(NodeId(2)),
            state,
            text: "pays 5".into(),
        };
        let blocks = [block(1, BlockState::Chosen), block(2, BlockState::Aside)];
        assert_eq!(
            super::block(&blocks[0], &[NodeId(1), NodeId(3)]),
            "Block b1 at height 1 by node 2, on the chain: pays 5. Built on by 1 3."
        );
        assert_eq!(
            of_node(NodeId(3), &blocks, 1).unwrap(),
            "Node 3 builds on b1 at height 1; 1 block aside."
        );
        assert_eq!(tips(&[NodeId(1), NodeId(2)], false), "1 2");
        assert_eq!(tips(&[NodeId(1), NodeId(2)], true), "all");
    }
}
