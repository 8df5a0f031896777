//! Proof of stake: validators make blocks in turn, drawn by their stake, and votes of two thirds make blocks final.
//!
//! **Problem.** Nodes that do not trust each other keep one chain of blocks. In proof of work, a block costs
//! energy, and no block is ever certainly there to stay. We want that blocks become *final*, and that a node that
//! cheats loses something.
//!
//! **Idea.** Each validator deposits a *stake*. Time is cut into *slots*, and some slots are an *epoch*. The
//! *proposer* of a slot is drawn, with a chance as large as its stake; it makes one block. In each epoch every
//! validator *attests* once, in the slot of its committee: it votes for the *head* of the chain that it sees, and
//! for a link from a *source* checkpoint to a *target* checkpoint. A checkpoint is the last block of a chain when
//! an epoch begins. A link with two thirds of the stake from a justified source *justifies* its target (Casper,
//! section 2). A justified checkpoint becomes *final* when such a link leads from it to the next epoch.
//!
//! **Fork choice** (Gasper, 4.1 and 4.2). A node starts at the newest justified checkpoint, and goes from child to
//! child: to the one whose subtree has more stake by the latest vote of each validator (LMD-GHOST).
//!
//! **Slashing** (Casper, 2). A validator must not sign two votes for one target epoch (condition I), nor a vote
//! whose link spans that of another vote of its own (condition II), nor two blocks for one slot. Two signed
//! messages are the proof, and the next proposer puts it into a block. The validator then loses stake, and has
//! no say from the next epoch on.
//!
//! **The subtle point.** Two links with two thirds each share at least a third. So if two final blocks conflict, a
//! third of the stake has broken one of the conditions, and the proof names it (accountable safety). A crash is no
//! lie; but a validator that forgets its own votes in a crash may sign a second one, and lose its stake.
//!
//! **What is a model here.** Signatures and hashes are cheap and stable; a liar never signs for others. The draws
//! come from the seed of the run. In place of each block's own count of votes, a node counts the votes that it has
//! seen, in messages and in blocks, with the stakes at the target. There are no rewards, nobody joins or leaves,
//! and absent validators lose nothing.
//!
//! **References.** Buterin and Griffith, "Casper the Friendly Finality Gadget", 2017, arXiv:1710.09437 (Casper);
//! Buterin et al., "Combining GHOST and Casper", 2020, arXiv:2003.03052 (Gasper).

mod captions;
mod casper;
mod descriptor;
mod figures;
mod forge;
mod invariants;
mod liars;
mod lottery;
mod marks;
mod message;
mod probes;
mod proposer;
mod scenarios;
mod slashing;
mod stakes;
#[cfg(test)]
mod tests;
mod tree;
mod validator;

pub use casper::Casper;
pub use descriptor::PROTOCOL;
pub use lottery::{committee, proposer};
pub use message::{Attestation, Block, BlockId, Checkpoint, Message};
pub use slashing::Evidence;
pub use tree::Tree;
pub use validator::Validator;

faultline_sim::timers! {
    pub enum Timer {
        /// The next slot begins.
        Slot,
        /// Half of the slot is over: time to attest.
        Attest,
    }
}
