//! How a lying miner changes what it says: it sends a block for which it has done no work.

use faultline_sim::process::NodeId;
use faultline_sim::rng::Rng;

use super::block::Block;
use super::{Message, Miner};

impl Miner {
    /// A block behind its own last one, by itself, with the first nonce that does not fit.
    pub fn without_work(&self, me: NodeId) -> Block {
        let parent = self.chain.tip();
        let header = self
            .chain
            .get(&parent)
            .map(|stored| stored.block.header.clone());
        let (time, bits) = header
            .map(|header| (header.time, header.bits))
            .unwrap_or_default();
        let mut block = Block::behind(parent, me, Vec::new(), time.saturating_add(1), bits);
        while block.header.has_work() {
            block.header.nonce += 1;
        }
        block
    }

    pub fn forged(&self, message: &Message, _to: NodeId, _rng: &mut Rng) -> Option<Message> {
        match message {
            Message::Block { block } => Some(Message::Block {
                block: self.without_work(block.by).into(),
            }),
            _ => None,
        }
    }
}
