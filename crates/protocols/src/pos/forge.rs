//! How a lying validator changes what it says. It tells two halves of the nodes two stories: to each half what suits
//! the chain there. So it signs two blocks for one slot, and two votes for one epoch. With a third of the stake, liars
//! help both sides of a split to two thirds. A liar cannot sign for others; it tries, in its blocks.

use std::rc::Rc;

use faultline_sim::process::NodeId;

use super::{Attestation, Block, BlockId, Checkpoint, Message, Validator};

/// What a lying node says in place of a message.
pub fn forge(liar: &Validator, message: &Message, to: NodeId) -> Option<Message> {
    match message {
        Message::Attest { vote } => {
            let vote = liar.other_vote(vote, to);
            Some(Message::Attest { vote })
        }
        Message::Block { block } => {
            let block = Rc::new(liar.other_block(block, to).sign());
            Some(Message::Block { block })
        }
        _ => None,
    }
}

impl Validator {
    /// All nodes of a half hear one story, the one that suits its outermost node.
    fn listener(&self, to: NodeId, me: NodeId) -> NodeId {
        let outermost = if self.is_low(to) { 1 } else { self.of };
        let next = if self.is_low(to) {
            2
        } else {
            self.of.saturating_sub(1)
        };
        NodeId(if outermost == me.0 { next } else { outermost })
    }

    /// The end of the chain that a node follows, as far as one can tell from its latest vote, up to a slot. What the
    /// liar made itself is left out: nobody has seen it.
    fn head_of(&self, to: NodeId, (me, slot): (NodeId, u64)) -> BlockId {
        let voted = self.latest.get(&self.listener(to, me));
        let voted = voted.map_or(self.head, |vote| vote.head);
        let mut head = self.tree.at_slot(self.tree.ghost(voted, &[]), slot);
        while self.tree.block(head).is_some_and(|block| block.by == me) {
            head = self.tree.parent(head);
        }
        head
    }

    /// The checkpoint that a node takes for justified, if liars have helped a third of all votes.
    fn helped(&self, head: BlockId, epoch: u64) -> Checkpoint {
        let is_helped = |at: &Checkpoint| {
            let votes = |id: &u32| {
                self.casper
                    .of(at.epoch, NodeId(*id))
                    .iter()
                    .any(|v| v.target == *at)
            };
            (1..=self.of).filter(votes).count() * 3 >= self.of as usize
        };
        let down = (1..epoch).rev();
        let mut all = down.map(|epoch| self.tree.checkpoint(head, epoch, self.slots));
        all.find(is_helped).unwrap_or_default()
    }

    /// The half with higher numbers hears of another head than the other half.
    fn other_vote(&self, vote: &Attestation, to: NodeId) -> Attestation {
        let (me, slot, epoch) = (vote.validator, vote.slot, vote.target.epoch);
        let head = self.head_of(to, (me, slot));
        let target = self.tree.checkpoint(head, epoch, self.slots);
        let source = self.helped(head, epoch);
        let head = if self.is_low(to) { head } else { target.block };
        Attestation::sign(me, slot, head, (source, target))
    }

    fn is_low(&self, to: NodeId) -> bool {
        to.0 * 2 <= self.of
    }

    /// Another block for the same slot: one for nodes with lower numbers, one for the others.
    fn other_block(&self, block: &Block, to: NodeId) -> Block {
        Block {
            parent: self.head_of(to, (block.by, block.slot - 1)),
            votes: self.made_up(block.by).into_iter().collect(),
            evidence: Vec::new(),
            graffiti: if self.is_low(to) { 1 } else { 2 },
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
