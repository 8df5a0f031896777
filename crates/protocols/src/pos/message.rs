//! Blocks and votes, with the names of the papers, and the messages that carry them.

use std::fmt;
use std::hash::Hash;
use std::rc::Rc;

use faultline_sim::hash::stable_hash;
use faultline_sim::mark;
use faultline_sim::process::NodeId;
use serde::{Serialize, Serializer};

use super::slashing::Evidence;

/// A cheap stable hash in place of one that nobody can find a second text for.
fn hash_of<T: Hash>(value: &T) -> u32 {
    (stable_hash(value) >> 32) as u32
}

/// A block's slot and hash, so that naming a block also says how late it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockId {
    pub slot: u64,
    pub hash: u32,
}

impl BlockId {
    /// The block that all chains begin with.
    pub const GENESIS: Self = Self { slot: 0, hash: 0 };

    /// The same as one number.
    pub fn number(self) -> u64 {
        (self.slot << 32) | u64::from(self.hash)
    }
}

impl fmt::Display for BlockId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self == Self::GENESIS {
            true => f.write_str("genesis"),
            false => write!(f, "{}-{:04x}", self.slot, self.hash >> 16),
        }
    }
}

impl Serialize for BlockId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl From<BlockId> for mark::Value {
    fn from(id: BlockId) -> Self {
        id.to_string().into()
    }
}

/// The last block of a chain at the beginning of an epoch (Gasper 4.1: an epoch boundary pair).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Checkpoint {
    pub epoch: u64,
    pub block: BlockId,
}

/// A validator's vote, signed: for a head, and for a link from a source to a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Attestation {
    pub validator: NodeId,
    pub slot: u64,
    pub head: BlockId,
    pub source: Checkpoint,
    pub target: Checkpoint,
    pub signature: u32,
}

impl Attestation {
    /// Only the validator itself calls this: that is what makes it a signature.
    pub fn sign(
        validator: NodeId,
        slot: u64,
        head: BlockId,
        (source, target): (Checkpoint, Checkpoint),
    ) -> Self {
        let mut vote = Self {
            validator,
            slot,
            head,
            source,
            target,
            signature: 0,
        };
        vote.signature = vote.right_signature();
        vote
    }

    fn right_signature(&self) -> u32 {
        let Self {
            validator,
            slot,
            head,
            source,
            target,
            ..
        } = self;
        hash_of(&(validator, slot, head, source, target))
    }

    pub fn is_signed(&self) -> bool {
        self.signature == self.right_signature()
    }
}

/// Who made which block, signed: enough to prove that somebody made two for one slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Header {
    pub by: NodeId,
    pub id: BlockId,
    pub signature: u32,
}

impl Header {
    pub fn is_signed(&self) -> bool {
        self.signature == hash_of(&(self.by, self.id))
    }
}

/// What a proposer makes in its slot.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Block {
    pub slot: u64,
    pub parent: BlockId,
    pub by: NodeId,
    /// Votes that the chain below does not have.
    pub votes: Vec<Attestation>,
    /// Proofs against validators that the chain below has not slashed.
    pub evidence: Vec<Evidence>,
    /// Anything: two blocks that are otherwise equal differ in it.
    pub graffiti: u32,
    pub signature: u32,
}

impl Block {
    /// Only its proposer calls this.
    pub fn sign(mut self) -> Self {
        self.signature = hash_of(&(self.by, self.id()));
        self
    }

    /// Its name: the signature has no part in it.
    pub fn id(&self) -> BlockId {
        let Self {
            slot,
            parent,
            by,
            votes,
            evidence,
            graffiti,
            ..
        } = self;
        BlockId {
            slot: *slot,
            hash: hash_of(&(slot, parent, by, votes, evidence, graffiti)),
        }
    }

    pub fn header(&self) -> Header {
        Header {
            by: self.by,
            id: self.id(),
            signature: self.signature,
        }
    }
}

faultline_sim::messages! {
    pub enum Message {
        /// A new block, from its proposer.
        Block { block: Rc<Block> } as "BLOCK" => Data "B" "has made a block",
        /// A vote, from its validator.
        Attest { vote: Attestation } as "ATTESTATION" => Ack "A" "attests",
        /// I lack this block: please send it, with those before it down to this slot.
        Ask { block: BlockId, down_to: u64 } as "ASK" => Request "?" "asks for a block",
        /// Blocks, parents first.
        Blocks { blocks: Vec<Rc<Block>> } as "BLOCKS" => Announce "BB" "sends older blocks",
    }
}
