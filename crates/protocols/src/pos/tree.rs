//! The blocks that a node has, as a tree; and the rule that says which chain of it to follow.

use std::rc::Rc;

use faultline_sim::process::NodeId;
use faultline_sim::shared::SharedMap;
use faultline_sim::sorted::{SortedMap, SortedSet};
use serde::Serialize;

use super::{Block, BlockId, Checkpoint};

/// Ends of branches that are kept in mind, the latest ones.
const TIPS: usize = 64;

/// A block in its place.
#[derive(Clone, Hash, Serialize)]
pub struct Entry {
    /// None for the genesis block.
    pub block: Option<Rc<Block>>,
    /// How many blocks are before it.
    pub height: u64,
    /// A block further down, so that long ways back take few steps.
    #[serde(skip)]
    jump: BlockId,
    /// Who is slashed on this chain, this block included.
    pub slashed: Rc<SortedSet<NodeId>>,
}

#[derive(Clone, Hash, Serialize)]
pub struct Tree {
    #[serde(skip)]
    pub blocks: SharedMap<BlockId, Entry>,
    /// Blocks without a child.
    pub tips: SortedSet<BlockId>,
    /// How often a block got a second child.
    pub forks: u64,
}

impl Tree {
    pub fn new() -> Self {
        let genesis = Entry {
            block: None,
            height: 0,
            jump: BlockId::GENESIS,
            slashed: Rc::default(),
        };
        Self {
            blocks: [(BlockId::GENESIS, genesis)].into_iter().collect(),
            tips: [BlockId::GENESIS].into(),
            forks: 0,
        }
    }

    pub fn has(&self, id: BlockId) -> bool {
        self.blocks.contains_key(&id)
    }

    /// Puts a block on its parent, which must be there.
    pub fn add(&mut self, id: BlockId, block: Rc<Block>, slashed: Rc<SortedSet<NodeId>>) {
        let parent = block.parent;
        let entry = Entry {
            height: self.height(parent) + 1,
            jump: self.jump_of_child(parent),
            block: Some(block),
            slashed,
        };
        self.blocks.insert(id, entry);
        if !self.tips.remove(&parent) {
            self.forks += 1;
        }
        self.tips.insert(id);
        if self.tips.len() > TIPS
            && let Some(oldest) = self.tips.first().copied()
        {
            self.tips.remove(&oldest);
        }
    }

    /// Jumps are as long as the two before them together, if these are equally long: then any block below is
    /// reached in steps that grow with the logarithm of the way.
    fn jump_of_child(&self, parent: BlockId) -> BlockId {
        let near = self.jump(parent);
        let far = self.jump(near);
        let length = |from, to| self.height(from) - self.height(to);
        match length(parent, near) == length(near, far) {
            true => far,
            false => parent,
        }
    }

    fn jump(&self, id: BlockId) -> BlockId {
        self.blocks
            .get(&id)
            .map_or(BlockId::GENESIS, |entry| entry.jump)
    }

    pub fn height(&self, id: BlockId) -> u64 {
        self.blocks.get(&id).map_or(0, |entry| entry.height)
    }

    pub fn block(&self, id: BlockId) -> Option<&Rc<Block>> {
        self.blocks.get(&id)?.block.as_ref()
    }

    pub fn parent(&self, id: BlockId) -> BlockId {
        self.block(id)
            .map_or(BlockId::GENESIS, |block| block.parent)
    }

    /// Who is slashed on the chain up to a block.
    pub fn slashed(&self, id: BlockId) -> Rc<SortedSet<NodeId>> {
        let entry = self.blocks.get(&id);
        entry.map_or_else(Rc::default, |entry| Rc::clone(&entry.slashed))
    }

    /// Goes down from a block as long as the block below still is `above`, and one step more.
    fn down(&self, mut id: BlockId, above: impl Fn(BlockId) -> bool) -> BlockId {
        while above(id) && id != BlockId::GENESIS {
            let jump = self.jump(id);
            id = if above(jump) { jump } else { self.parent(id) };
        }
        id
    }

    /// The last block of a chain up to a slot.
    pub fn at_slot(&self, head: BlockId, slot: u64) -> BlockId {
        self.down(head, |id| id.slot > slot)
    }

    fn at_height(&self, head: BlockId, height: u64) -> BlockId {
        self.down(head, |id| self.height(id) > height)
    }

    /// Whether a block is on the chain that ends in `head`.
    pub fn is_on(&self, block: BlockId, head: BlockId) -> bool {
        self.at_slot(head, block.slot) == block
    }

    /// The checkpoint of an epoch on a chain (Gasper 4.1).
    pub fn checkpoint(&self, head: BlockId, epoch: u64, slots: u64) -> Checkpoint {
        let block = self.at_slot(head, epoch * slots);
        Checkpoint { epoch, block }
    }

    /// The last block that two chains share. Jumps from one height lead to one height.
    fn meet(&self, a: BlockId, b: BlockId) -> BlockId {
        let height = self.height(a).min(self.height(b));
        let (mut a, mut b) = (self.at_height(a, height), self.at_height(b, height));
        while a != b {
            let (far_a, far_b) = (self.jump(a), self.jump(b));
            (a, b) = match far_a == far_b {
                true => (self.parent(a), self.parent(b)),
                false => (far_a, far_b),
            };
        }
        a
    }

    /// LMD-GHOST (Gasper, algorithm 4.1): from a block, always to the child whose subtree has the most stake of
    /// latest votes; of equals to the later one by name. `latest` are the heads that validators voted for last,
    /// with their stakes.
    pub fn ghost(&self, root: BlockId, latest: &[(BlockId, u64)]) -> BlockId {
        let unvoted = self.tips.iter().map(|tip| (*tip, 0));
        let heads = latest.iter().copied().chain(unvoted);
        let mut heads: Vec<(BlockId, u64)> =
            heads.filter(|(head, _)| self.is_on(root, *head)).collect();
        let mut at = root;
        loop {
            heads.retain(|(head, _)| *head != at);
            let Some((first, _)) = heads.first() else {
                return at;
            };
            // Nothing has to be decided before the chains part.
            let meet = heads
                .iter()
                .fold(*first, |meet, (head, _)| self.meet(meet, *head));
            if meet != at {
                at = meet;
                continue;
            }
            let child = |head: BlockId| self.at_height(head, self.height(at) + 1);
            let mut stakes: SortedMap<BlockId, u64> = SortedMap::new();
            for (head, stake) in &heads {
                *stakes.entry(child(*head)).or_default() += stake;
            }
            let best = stakes.iter().max_by_key(|(id, stake)| (**stake, **id));
            let Some(best) = best.map(|(id, _)| *id) else {
                return at;
            };
            heads.retain(|(head, _)| child(*head) == best);
        }
    }

    /// The end of the longest chain; of equals the later one by name.
    pub fn longest(&self) -> BlockId {
        let tips = self.tips.iter().copied();
        tips.max_by_key(|tip| (self.height(*tip), *tip))
            .unwrap_or(BlockId::GENESIS)
    }
}

impl Default for Tree {
    fn default() -> Self {
        Self::new()
    }
}
