//! How a lying validator changes what it says. It tells every node what suits the chain that this node voted for
//! last: so it signs different blocks for one slot, and different votes for one epoch. It cannot sign for others;
//! it tries, in its blocks.

use std::rc::Rc;

use faultline_sim::process::NodeId;

use super::{Attestation, Block, BlockId, Message, Validator};

/// What a lying node says in place of a message.
pub fn forge(liar: &Validator, message: &Message, to: NodeId) -> Option<Message> {
    let head = liar.latest.get(&to).map_or(liar.head, |vote| vote.head);
    match message {
        Message::Attest { vote } => {
            let head = liar.tree.at_slot(head, vote.slot);
            let vote = liar.vote_for(vote.validator, vote.slot, head);
            Some(Message::Attest { vote })
        }
        Message::Block { block } => {
            let block = Rc::new(liar.other_block(block, head, to).sign());
            Some(Message::Block { block })
        }
        _ => None,
    }
}

impl Validator {
    /// Another block for the same slot: one for nodes with lower numbers, one for the others.
    fn other_block(&self, block: &Block, head: BlockId, to: NodeId) -> Block {
        Block {
            parent: self.tree.at_slot(head, block.slot - 1),
            votes: self.made_up(block.by).into_iter().collect(),
            evidence: Vec::new(),
            graffiti: if to.0 * 2 <= self.of { 1 } else { 2 },
            ..*block
        }
    }

    /// A second vote in the name of the next validator, for the epoch of its latest one. The signature is wrong.
    fn made_up(&self, liar: NodeId) -> Option<Attestation> {
        let victim = NodeId(liar.0 % self.of.max(1) + 1);
        let vote = self.latest.get(&victim)?;
        let head = self.tree.parent(vote.head);
        let mut vote = self.vote_for(victim, vote.slot, head);
        vote.signature = !vote.signature;
        Some(vote)
    }
}
