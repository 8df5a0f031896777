//! Proof of work: a chain of blocks without a leader. Anybody may extend it who has done the work.
//!
//! **Problem.** Many nodes keep one list of payments. Nobody knows how many nodes there are, anybody may join,
//! and some cheat. Voting does not help: one person can make up any number of voters.
//!
//! **Idea.** Votes are counted in *work*. A *block* holds payments, the hash of the block before it, and a
//! *nonce*. It counts only if the hash of all this lies below a *target*, and the only way to find such a nonce is
//! to try one after the other (4). So blocks come at random times, and each node finds them in proportion to its
//! hash power. Everybody builds on the chain with the most work (5): changing an old block means doing the work
//! of all later blocks again, faster than all others do theirs (11).
//!
//! **The subtle point.** Nothing is ever decided. Two blocks found at about the same time make a *fork*; some
//! nodes build on one, some on the other, until one branch gets longer and the other one is given up. A payment
//! only gets *more certain* with each block behind it. How often forks happen depends on how long a block
//! travels, compared with the time between blocks (Decker and Wattenhofer).
//!
//! **Withheld blocks.** A miner need not show a block at once. With enough hash power it earns more than its
//! share if it does not (Eyal and Sirer), or takes back a payment that somebody counts on (11).
//!
//! **What is a model here.** The hashes are real: two rounds of SHA-256 over the 80 bytes of Bitcoin's header,
//! with the target in its short form. Targets are easy, so a miner tries all nonces when it begins, and then waits
//! as long as so many hashes take at its hash rate. A payment spends a numbered coin, nobody signs, and the
//! payload's digest is one hash in the place of a Merkle tree.
//!
//! **Ours.** Each node sends its blocks to every other one itself. A node that misses a parent asks the sender for it,
//! with a list of blocks that it has (Bitcoin's `getblocks`). A crash loses nothing but payments that wait.
//! Bitcoin takes the time between the first and the last block of a window for one interval more than it is;
//! we do not.
//!
//! **References.** Nakamoto, "Bitcoin: A Peer-to-Peer Electronic Cash System", 2008 (sections above and below);
//! Decker and Wattenhofer, "Information Propagation in the Bitcoin Network", P2P 2013; Eyal and Sirer, "Majority
//! is not Enough: Bitcoin Mining is Vulnerable", FC 2014; Rosenfeld, "Analysis of Hashrate-Based Double Spending",
//! 2014; FIPS 180-4 (SHA-256).

mod attacker;
mod block;
mod captions;
mod chain;
mod descriptor;
mod figures;
mod forge;
mod hash;
mod header;
mod invariants;
mod ledger;
mod marks;
mod miner;
mod mining;
mod payments;
mod probes;
mod request;
mod scenarios;
#[cfg(test)]
mod tests;
pub mod theory;

use std::rc::Rc;

use faultline_sim::process::Context;

use block::{Block, Payment};
pub use descriptor::PROTOCOL;
use descriptor::{CHECKS, COVERED, HEAVIEST, INTERVAL, ONCE, RETARGET};
use hash::BlockHash;
pub use miner::Miner;
pub use request::{Reply, Request};

faultline_sim::messages! {
    pub enum Message {
        Block { block: Rc<Block> } as "BLOCK" => Announce "B" "announces a block",
        /// Please send me this block, and those before it that I do not have.
        GetBlocks { wanted: BlockHash, known: Vec<BlockHash> } as "GETBLOCKS" => Request "?" "asks for blocks",
        /// Several at once, the lowest first.
        Blocks { blocks: Vec<Rc<Block>> } as "BLOCKS" => Data "BB" "sends blocks",
        Payment { payment: Payment } as "TX" => Data "$" "tells of a payment",
    }
}

faultline_sim::timers! {
    pub enum Timer {
        /// All nonces of the search have had their time.
        Hashed,
        /// The next payment of its own.
        NextPayment,
    }
}

/// The rules of the algorithm as a node has them.
#[derive(Clone, Copy)]
pub struct Rules {
    pub checks: bool,
    pub covered: bool,
    pub once: bool,
    pub heaviest: bool,
    /// Blocks between two changes of the target; 0: it stays.
    pub retarget: u64,
    /// Milliseconds between two blocks that a change aims at.
    pub interval: u64,
}

impl Rules {
    pub fn of(cx: &Context<Miner>) -> Self {
        Self {
            checks: cx.switch(&CHECKS),
            covered: cx.switch(&COVERED),
            once: cx.switch(&ONCE),
            heaviest: cx.switch(&HEAVIEST),
            retarget: cx.settings().count(&RETARGET).into(),
            interval: cx.settings().duration(&INTERVAL).0 / 1_000,
        }
    }
}
