//! All blocks that a node knows: a tree, of which one branch is its chain.

use std::rc::Rc;

use faultline_sim::process::NodeId;
use faultline_sim::shared::{SharedList, SharedMap};
use faultline_sim::sorted::SortedMap;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::Rules;
use super::block::{Block, Flaw};
use super::hash::BlockHash;
use super::header::Bits;
use super::ledger::Ledger;

/// Blocks without a parent that a node keeps at most.
const ORPHANS: u32 = 256;

/// A block in the tree.
#[derive(Clone, Debug, Hash)]
pub struct Stored {
    pub block: Rc<Block>,
    pub height: u64,
    /// Hashes that the chain up to here took on average: what chains are compared by.
    pub work: u64,
    /// It or a block before it does not keep the rules.
    pub broken: bool,
}

/// What became of a block that arrived.
pub enum Receipt {
    /// It was there.
    Known,
    /// It breaks a rule.
    Refused(Flaw),
    /// An ancestor of it is missing.
    Orphan(BlockHash),
    /// It stands in the tree, and with it those that waited for it.
    Connected(Vec<BlockHash>),
}

/// How the chain changed.
#[derive(Default)]
pub struct Moved {
    /// The height of the last block that both chains have.
    pub common: u64,
    /// Blocks that are no longer on it, the lowest first.
    pub back: Vec<Rc<Block>>,
    /// Blocks that are new on it, the lowest first.
    pub forth: Vec<Rc<Block>>,
}

#[derive(Clone, Debug, Hash)]
pub struct Chain {
    blocks: SharedMap<BlockHash, Stored>,
    /// All of them as they were connected, so parents come first.
    order: SharedList<BlockHash>,
    /// The chain that this node builds on, by height.
    path: SharedList<BlockHash>,
    /// Blocks whose parents are missing.
    orphans: SortedMap<BlockHash, Rc<Block>>,
    /// At the end of the chain.
    pub ledger: Ledger,
}

impl Chain {
    pub fn new(genesis: Block, ledger: Ledger) -> Self {
        let hash = genesis.hash();
        let first = Stored {
            block: Rc::new(genesis),
            height: 0,
            work: 0,
            broken: false,
        };
        Self {
            blocks: [(hash, first)].into_iter().collect(),
            order: [hash].into_iter().collect(),
            path: [hash].into_iter().collect(),
            orphans: SortedMap::new(),
            ledger,
        }
    }

    pub fn get(&self, hash: &BlockHash) -> Option<&Stored> {
        self.blocks.get(hash)
    }

    /// How high the chain is; the first block stands at 0.
    pub fn height(&self) -> u64 {
        self.path.len() as u64 - 1
    }

    /// The last block of the chain.
    pub fn tip(&self) -> BlockHash {
        self.path.last().copied().unwrap_or_default()
    }

    /// The work of the chain up to a block.
    pub fn work(&self, hash: &BlockHash) -> u64 {
        self.get(hash).map_or(0, |stored| stored.work)
    }

    pub fn height_of(&self, hash: &BlockHash) -> u64 {
        self.get(hash).map_or(0, |stored| stored.height)
    }

    /// The block of the chain at a height.
    pub fn at(&self, height: u64) -> Option<&Rc<Block>> {
        let hash = self.hash_at(height)?;
        self.get(&hash).map(|stored| &stored.block)
    }

    pub fn hash_at(&self, height: u64) -> Option<BlockHash> {
        self.path.get(usize::try_from(height).ok()?).copied()
    }

    pub fn is_on_path(&self, hash: &BlockHash) -> bool {
        let height = self.get(hash).map(|stored| stored.height);
        height.is_some_and(|height| self.hash_at(height) == Some(*hash))
    }

    /// The blocks that came last, the earliest of them first.
    pub fn newest(&self, most: usize) -> impl Iterator<Item = (BlockHash, &Stored)> {
        let from = self.order.len().saturating_sub(most);
        let known = self.order.iter_from(from);
        known.filter_map(|hash| Some((*hash, self.get(hash)?)))
    }

    /// The target of the next block behind this one. Every so many blocks it changes by how long they took.
    pub fn next_bits(&self, parent: &BlockHash, rules: &Rules) -> Bits {
        let Some(last) = self.get(parent) else {
            return Bits::default();
        };
        let bits = last.block.header.bits;
        let window = rules.retarget;
        if window < 2 || !(last.height + 1).is_multiple_of(window) {
            return bits;
        }
        let mut first = last;
        for _ in 1..window {
            match self.get(&first.block.header.parent) {
                Some(before) => first = before,
                None => break,
            }
        }
        let took = last
            .block
            .header
            .time
            .saturating_sub(first.block.header.time);
        bits.retargeted(took.into(), (window - 1) * rules.interval)
    }

    /// A block has arrived.
    pub fn receive(&mut self, block: Rc<Block>, rules: &Rules) -> Receipt {
        if rules.checks
            && let Err(flaw) = block.check()
        {
            return Receipt::Refused(flaw);
        }
        let hash = block.hash();
        if let Some(known) = self.get(&hash) {
            let mends = known.broken && rules.checks && known.block != block;
            if !mends {
                return Receipt::Known;
            }
            let stored = Stored {
                block,
                ..known.clone()
            };
            self.blocks.insert(hash, stored);
            self.check_all();
            return Receipt::Connected(vec![hash]);
        }
        let parent = block.header.parent;
        if self.get(&parent).is_none() {
            if (self.orphans.len() as u32) < ORPHANS {
                self.orphans.insert(hash, block);
            }
            return Receipt::Orphan(self.missing(parent));
        }
        if rules.checks && block.header.bits != self.next_bits(&parent, rules) {
            return Receipt::Refused(Flaw::Target);
        }
        let mut connected = Vec::new();
        let mut ready = vec![(hash, block)];
        while let Some((hash, block)) = ready.pop() {
            let parent = block.header.parent;
            let fits = !rules.checks || block.header.bits == self.next_bits(&parent, rules);
            self.orphans.remove(&hash);
            if !fits {
                continue;
            }
            self.connect(hash, block);
            connected.push(hash);
            let children = self
                .orphans
                .iter()
                .filter(|(_, child)| child.header.parent == hash);
            ready.extend(children.map(|(hash, child)| (*hash, Rc::clone(child))));
        }
        Receipt::Connected(connected)
    }

    /// The first ancestor that nobody has sent yet.
    fn missing(&self, mut parent: BlockHash) -> BlockHash {
        for _ in 0..ORPHANS {
            match self.orphans.get(&parent) {
                Some(orphan) => parent = orphan.header.parent,
                None => break,
            }
        }
        parent
    }

    /// Puts a block behind its parent.
    fn connect(&mut self, hash: BlockHash, block: Rc<Block>) {
        let Some(parent) = self.get(&block.header.parent) else {
            return;
        };
        let stored = Stored {
            height: parent.height + 1,
            work: parent.work.saturating_add(block.header.bits.work()),
            broken: parent.broken,
            block,
        };
        self.blocks.insert(hash, stored);
        self.order.push(hash);
    }

    /// Whether a miner leaves its chain for the one that ends with this block. Of two with the same work, it keeps
    /// the one that it saw first.
    pub fn is_better(&self, hash: &BlockHash, rules: &Rules) -> bool {
        let Some(stored) = self.get(hash).filter(|stored| !stored.broken) else {
            return false;
        };
        match rules.heaviest {
            true => stored.work > self.work(&self.tip()),
            false => stored.block.header.parent == self.tip(),
        }
    }

    /// Goes over to the chain that ends with this block; to the best other one, if that breaks a rule.
    pub fn move_to(&mut self, mut to: BlockHash, rules: &Rules) -> Moved {
        self.moved(|chain| {
            while !chain.walk(to, rules) {
                to = chain.best();
            }
        })
    }

    /// Makes a change, and tells how the chain is another one then.
    fn moved(&mut self, change: impl FnOnce(&mut Self)) -> Moved {
        let (before, stored) = (self.path.clone(), self.blocks.clone());
        change(self);
        let shared = before.len().min(self.path.len());
        let same = |at: &usize| before[*at] == self.path[*at];
        let common = (0..shared).rev().find(same).unwrap_or(0);
        let block = |hash: &BlockHash| stored.get(hash).map(|stored| Rc::clone(&stored.block));
        let back = before.iter_from(common + 1).filter_map(block);
        let forth = self
            .path
            .iter_from(common + 1)
            .filter_map(|hash| self.get(hash));
        Moved {
            common: common as u64,
            back: back.collect(),
            forth: forth.map(|stored| Rc::clone(&stored.block)).collect(),
        }
    }

    /// Cuts the chain behind a height.
    fn cut(&mut self, height: u64) {
        while self.height() > height {
            let (top, tip) = (self.height(), self.tip());
            if let Some(block) = self.get(&tip).map(|stored| Rc::clone(&stored.block)) {
                self.ledger.take_back(&block, top);
            }
            self.path.pop();
        }
    }

    /// Goes back to where the branch of a block leaves the chain, and then up to that block. False, if one on the
    /// way holds a payment that it may not hold: it is broken then, and all behind it.
    fn walk(&mut self, to: BlockHash, rules: &Rules) -> bool {
        let mut ahead = Vec::new();
        let mut at = to;
        while !self.is_on_path(&at) {
            let Some(stored) = self.get(&at) else {
                return true;
            };
            ahead.push((at, Rc::clone(&stored.block)));
            at = stored.block.header.parent;
        }
        self.cut(self.height_of(&at));
        while let Some((hash, block)) = ahead.pop() {
            if !self.ledger.apply(&block, self.height() + 1, rules) {
                self.break_from(hash);
                return false;
            }
            self.path.push(hash);
        }
        true
    }

    fn set_broken(&mut self, hash: BlockHash, broken: bool) {
        if let Some(stored) = self.get(&hash).filter(|stored| stored.broken != broken) {
            let stored = Stored {
                broken,
                ..stored.clone()
            };
            self.blocks.insert(hash, stored);
        }
    }

    /// A block breaks a rule, and so do all behind it.
    fn break_from(&mut self, first: BlockHash) {
        self.set_broken(first, true);
        let order = self.order.clone();
        for hash in order.iter() {
            let parent = self.get(hash).map(|stored| stored.block.header.parent);
            let broken = parent.and_then(|parent| Some(self.get(&parent)?.broken));
            if broken == Some(true) {
                self.set_broken(*hash, true);
            }
        }
    }

    /// Hashes all blocks again: one whose hash does not fit is broken, and so are all behind it.
    fn check_all(&mut self) {
        let order = self.order.clone();
        for hash in order.iter().skip(1) {
            let Some(stored) = self.get(hash) else {
                continue;
            };
            let after = self.get(&stored.block.header.parent);
            let broken = after.is_some_and(|parent| parent.broken)
                || stored.block.hash() != *hash
                || stored.block.check().is_err();
            self.set_broken(*hash, broken);
        }
    }

    /// The block with the most work behind it; of several, the one that came first.
    fn best(&self) -> BlockHash {
        let all = self
            .order
            .iter()
            .filter_map(|hash| Some((hash, self.get(hash)?)));
        let sound = all.filter(|(_, stored)| !stored.broken);
        // The first of the largest: `max_by_key` would take the last one.
        let best = sound.rev().max_by_key(|(_, stored)| stored.work);
        best.map_or_else(|| self.tip(), |(hash, _)| *hash)
    }

    /// Somebody writes into a stored block that another node made it. With checks, the chain ends before it.
    pub fn edit(&mut self, height: u64, by: NodeId, rules: &Rules) -> Option<Moved> {
        let hash = self.hash_at(height).filter(|_| height > 0)?;
        let stored = self
            .get(&hash)
            .filter(|stored| stored.block.by != by)?
            .clone();
        let tip = self.tip();
        Some(self.moved(|chain| {
            chain.cut(height - 1);
            let block = Block {
                by,
                ..Block::clone(&stored.block)
            };
            let block = Rc::new(block);
            chain.blocks.insert(hash, Stored { block, ..stored });
            let mut to = tip;
            if rules.checks {
                chain.check_all();
                to = chain.best();
            }
            while !chain.walk(to, rules) {
                to = chain.best();
            }
        }))
    }

    /// Whose blocks it has, for a node that may have more: the last ones, and earlier ones ever farther apart.
    pub fn locator(&self) -> Vec<BlockHash> {
        let mut known = Vec::new();
        let mut height = self.height();
        let mut step = 1;
        while height > 0 {
            known.extend(self.hash_at(height));
            if known.len() > 3 {
                step *= 2;
            }
            height = height.saturating_sub(step);
        }
        known
    }

    /// A block and those before it, up to one that the other knows: at most so many, the lowest first.
    pub fn up_to(&self, wanted: BlockHash, known: &[BlockHash], most: usize) -> Vec<Rc<Block>> {
        let mut blocks = Vec::new();
        let mut at = wanted;
        while let Some(stored) = self.get(&at)
            && stored.height > 0
            && !stored.broken
            && !known.contains(&at)
            && blocks.len() < most
        {
            blocks.push(Rc::clone(&stored.block));
            at = stored.block.header.parent;
        }
        blocks.reverse();
        blocks
    }
}

/// A chain as people look at it in a node's state.
impl Serialize for Chain {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Chain", 4)?;
        fields.serialize_field("height", &self.height())?;
        fields.serialize_field("tip", &self.tip())?;
        fields.serialize_field("work", &self.work(&self.tip()))?;
        fields.serialize_field("money", &self.ledger.money)?;
        fields.end()
    }
}
