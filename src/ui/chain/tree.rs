//! The trees of blocks of all nodes as one: which blocks there are, where each lies, who builds on which.

use std::rc::Rc;

use faultline_sim::frame::{Block, BlockState, Figure, Frame, Life, NodeFrame};
use faultline_sim::process::NodeId;
use faultline_sim::sorted::{SortedMap, SortedSet};

/// A block in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Spot {
    pub block: Block,
    /// From the left, 0 is the lowest height shown.
    pub column: usize,
    /// 0 is the longest chain; each branch lies in a lane of its own.
    pub lane: usize,
    /// Column and lane of its parent; none: it is not shown.
    pub parent: Option<(usize, usize)>,
    /// Whether there is a block before it that is not shown.
    pub goes_on: bool,
    /// The live nodes that build on it.
    pub tips: Vec<NodeId>,
    /// Its hash does not fit in the copy of some node.
    pub broken: bool,
}

/// The visible part of the tree: the latest blocks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tree {
    pub spots: Vec<Spot>,
    /// The heights of the columns.
    pub heights: Vec<u64>,
    /// Blocks of branches for which there is no lane.
    pub left_out: usize,
    /// Whether all live nodes that have blocks build on the same one.
    pub agreed: bool,
    /// Who has a block whose hash does not fit.
    pub broken_at: Vec<NodeId>,
}

/// The chain that a node draws, if it draws one: its blocks, and the one that it builds on.
#[must_use]
pub fn chain_of(node: &NodeFrame) -> Option<(&[Block], u64)> {
    node.figures.iter().find_map(|figure| match figure {
        Figure::Chain { blocks, tip } => Some((&blocks[..], *tip)),
        _ => None,
    })
}

impl Tree {
    /// In so many columns and lanes.
    #[must_use]
    pub fn of(frame: &Frame, columns: usize, lanes: usize) -> Self {
        let nodes = || {
            frame
                .nodes
                .iter()
                .filter(|node| !matches!(node.life, Life::Down { .. }))
        };
        let all = union(frame.nodes.iter());
        let (broken, broken_at) = broken(frame);
        let mut tips: SortedMap<u64, Vec<NodeId>> = SortedMap::new();
        for node in nodes() {
            if let Some((_, tip)) = chain_of(node) {
                tips.entry(tip).or_default().push(node.id);
            }
        }
        let agreed = tips.len() == 1;
        let mut heights: Vec<u64> = all.values().map(|block| block.height).collect();
        heights.sort_unstable();
        heights.dedup();
        heights.drain(..heights.len().saturating_sub(columns));
        let first = heights.first().copied().unwrap_or(0);
        let mut lane_of = lanes_of(&all, &tips, first);
        let hidden = |block: &Block, lane_of: &SortedMap<u64, usize>| {
            block.height >= first && lane_of.get(&block.id).is_none_or(|lane| *lane >= lanes)
        };
        let left_out = all.values().filter(|block| hidden(block, &lane_of)).count();
        lane_of.retain(|_, lane| *lane < lanes);
        let place = |id: u64| {
            let block = all.get(&id).filter(|block| block.height >= first)?;
            let column = heights.binary_search(&block.height).ok()?;
            Some((column, *lane_of.get(&id)?))
        };
        let spot = |block: &Block| {
            let (column, lane) = place(block.id)?;
            let parent = place(block.parent);
            Some(Spot {
                block: block.clone(),
                column,
                lane,
                parent,
                goes_on: parent.is_none() && block.height > 0 && block.parent != block.id,
                tips: tips.get(&block.id).cloned().unwrap_or_default(),
                broken: broken.contains(&block.id),
            })
        };
        Self {
            spots: all.values().filter_map(spot).collect(),
            heights,
            left_out,
            agreed,
            broken_at,
        }
    }
}

/// The blocks that do not fit in some node's copy, and these nodes.
fn broken(frame: &Frame) -> (SortedSet<u64>, Vec<NodeId>) {
    let (mut all, mut at) = (SortedSet::new(), Vec::new());
    for node in &frame.nodes {
        let (blocks, _) = chain_of(node).unwrap_or_default();
        let unfit = blocks
            .iter()
            .filter(|block| block.state == BlockState::Broken);
        if unfit.clone().count() > 0 {
            at.push(node.id);
        }
        unfit.for_each(|block| {
            all.insert(block.id);
        });
    }
    (all, at)
}

/// Every block once, as it stands where it stands best.
fn union<'f>(nodes: impl Iterator<Item = &'f Rc<NodeFrame>>) -> SortedMap<u64, Block> {
    let mut all: SortedMap<u64, Block> = SortedMap::new();
    for (blocks, _) in nodes.filter_map(|node| chain_of(node)) {
        for block in blocks {
            let known = all.entry(block.id).or_insert_with(|| block.clone());
            // A copy that does not fit says nothing of the others.
            let rank = |state| (state != BlockState::Broken, state);
            if rank(block.state) > rank(known.state) {
                *known = block.clone();
            }
        }
    }
    all
}

/// The branch that most is built on gets the first lane, and each other one the first that is free beside it.
fn lanes_of(
    all: &SortedMap<u64, Block>,
    tips: &SortedMap<u64, Vec<NodeId>>,
    first: u64,
) -> SortedMap<u64, usize> {
    let mut leaves: Vec<&Block> = {
        let shown = || all.values().filter(|block| block.height >= first);
        let mut parents: Vec<u64> = shown().map(|block| block.parent).collect();
        parents.sort_unstable();
        shown()
            .filter(|block| parents.binary_search(&block.id).is_err())
            .collect()
    };
    let followers = |block: &Block| tips.get(&block.id).map_or(0, Vec::len);
    leaves.sort_by_key(|block| {
        let broken = block.state == BlockState::Broken;
        let kept = block.state >= BlockState::Justified && !broken;
        (
            broken,
            !kept,
            u64::MAX - block.height,
            usize::MAX - followers(block),
            block.id,
        )
    });
    let mut lane_of: SortedMap<u64, usize> = SortedMap::new();
    // By lane, what heights are taken.
    let mut taken: Vec<Vec<(u64, u64)>> = Vec::new();
    for leaf in leaves {
        let mut branch = vec![leaf];
        while let Some(last) = branch.last()
            && let Some(parent) = all.get(&last.parent)
            && parent.height >= first
            && parent.height < last.height
            && !lane_of.contains_key(&parent.id)
        {
            branch.push(parent);
        }
        let from = branch.last().map_or(leaf.height, |root| root.height);
        let free = |spans: &Vec<(u64, u64)>| {
            let mut spans = spans.iter();
            spans.all(|(low, high)| leaf.height < *low || from > *high)
        };
        let lane = taken.iter().position(free).unwrap_or(taken.len());
        if lane == taken.len() {
            taken.push(Vec::new());
        }
        taken[lane].push((from, leaf.height));
        for block in branch {
            lane_of.insert(block.id, lane);
        }
    }
    lane_of
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(id: u64, height: u64, parent: u64) -> Block {
        Block {
            id,
            height,
            parent,
            label: format!("{id:04x}"),
            by: Some(NodeId(1)),
            state: BlockState::Chosen,
            text: String::new(),
        }
    }

    fn frame(chains: &[(&[Block], u64)]) -> Frame {
        let mut frame = crate::synthetic::frame();
        let nodes = (1..).zip(chains).map(|(id, (blocks, tip))| {
            let mut node = crate::synthetic::node(id);
            node.figures = vec![Figure::Chain {
                blocks: blocks.to_vec(),
                tip: *tip,
            }];
            Rc::new(node)
        });
        frame.nodes = nodes.collect();
        frame
    }

    fn places(tree: &Tree) -> Vec<(u64, usize, usize)> {
        let spots = tree.spots.iter();
        spots
            .map(|spot| (spot.block.id, spot.column, spot.lane))
            .collect()
    }

    #[test]
    fn a_fork_lies_beside_the_longest_chain() {
        let one = [block(1, 0, 0), block(2, 1, 1), block(3, 2, 2)];
        let other = [block(1, 0, 0), block(4, 1, 1)];
        let tree = Tree::of(&frame(&[(&one, 3), (&other, 4)]), 8, 4);
        assert_eq!(places(&tree), [(1, 0, 0), (2, 1, 0), (3, 2, 0), (4, 1, 1)]);
        assert_eq!(tree.spots[3].parent, Some((0, 0)));
        assert_eq!(tree.spots[2].tips, [NodeId(1)]);
        assert!(!tree.agreed);
    }

    #[test]
    fn only_the_latest_heights_are_shown_and_what_lies_before_is_hinted_at() {
        let chain: Vec<Block> = (0..9).map(|i| block(i + 1, i, i)).collect();
        let tree = Tree::of(&frame(&[(&chain, 9)]), 3, 4);
        assert_eq!(tree.heights, [6, 7, 8]);
        assert!(tree.spots[0].goes_on && !tree.spots[1].goes_on);
        assert!(tree.agreed);
    }

    #[test]
    fn branches_that_never_meet_share_a_lane() {
        let blocks = [
            block(1, 0, 0),
            block(2, 1, 1),
            block(3, 2, 2),
            block(4, 3, 3),
            block(5, 4, 4),
            block(6, 1, 1),
            block(7, 4, 4),
        ];
        let tree = Tree::of(&frame(&[(&blocks, 5)]), 8, 4);
        let lane = |id| {
            tree.spots
                .iter()
                .find(|spot| spot.block.id == id)
                .unwrap()
                .lane
        };
        assert_eq!((lane(6), lane(7)), (1, 1));
    }

    #[test]
    fn a_broken_copy_is_named_and_the_chain_of_the_others_stays() {
        let mut edited = [block(1, 0, 0), block(2, 1, 1)];
        edited[1].state = BlockState::Broken;
        let whole = [block(1, 0, 0), block(2, 1, 1)];
        let tree = Tree::of(&frame(&[(&edited, 1), (&whole, 2)]), 8, 4);
        assert_eq!(tree.broken_at, [NodeId(1)]);
        assert_eq!(tree.spots[1].block.state, BlockState::Chosen);
        assert!(tree.spots[1].broken && !tree.spots[0].broken);
    }

    #[test]
    fn what_has_no_lane_is_counted() {
        let mut blocks = vec![block(1, 0, 0)];
        blocks.extend((2..9).map(|id| block(id, 1, 1)));
        let tree = Tree::of(&frame(&[(&blocks, 2)]), 8, 3);
        assert_eq!((tree.spots.len(), tree.left_out), (4, 4));
    }
}
