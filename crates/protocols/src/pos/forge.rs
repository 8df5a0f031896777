//! How a lying validator changes what it says. It tells two halves of the nodes two stories: to each half what suits
//! the chain there. So it signs two blocks for one slot, and two votes for one epoch. With a third of the stake, liars
//! help both sides of a split to two thirds. A liar cannot sign for others; it tries, in its blocks.

use std::rc::Rc;

use faultline_sim::process::NodeId;

use super::{Attestation, Block, BlockId, Checkpoint, Message, Validator};

/// Blocks among which a liar looks for those of one node, the latest ones.
const SEARCHED: usize = 64;

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

    /// The last block that a node has shown to follow: by a vote, or by a block of its own.
    fn shown_by(&self, id: NodeId) -> BlockId {
        let voted = self.latest.get(&id).map(|vote| vote.head);
        let mut latest = self.tree.blocks.iter().rev().take(SEARCHED);
        let made = latest.find(|(_, entry)| entry.block.as_ref().is_some_and(|b| b.by == id));
        let made = made.map(|(id, _)| *id);
        made.max(voted).unwrap_or_default()
    }

    /// The end of the chain that a half follows, as far as one can tell, up to a slot. What the liar made itself is
    /// left out: nobody has seen it.
    fn head_of(&self, to: NodeId, (me, slot): (NodeId, u64)) -> BlockId {
        let shown = self.shown_by(self.listener(to, me));
        if shown == BlockId::GENESIS {
            return shown;
        }
        let mut head = self.tree.at_slot(self.tree.ghost(shown, &[]), slot);
        while self.tree.block(head).is_some_and(|block| block.by == me) {
            head = self.tree.parent(head);
        }
        head
    }

    /// A vote with the link that the half votes for: the very link of its listener, or the one that it should vote for
    /// next. The half with higher numbers hears of another head than the other half.
    fn other_vote(&self, vote: &Attestation, to: NodeId) -> Attestation {
        let (me, slot, epoch) = (vote.validator, vote.slot, vote.target.epoch);
        let heard = self.latest.get(&self.listener(to, me));
        let (head, link) = match heard.filter(|heard| heard.target.epoch >= epoch) {
            Some(heard) => (heard.head, (heard.source, heard.target)),
            None => {
                let head = self.head_of(to, (me, slot));
                let target = self.tree.checkpoint(head, epoch, self.slots);
                let source = heard.map(|heard| self.justified_by(me, heard));
                (head, (source.unwrap_or_default(), target))
            }
        };
        let head = if self.is_low(to) { head } else { link.1.block };
        Attestation::sign(me, slot, head, link)
    }

    /// What a listener takes for justified after its last vote: the target, if the liar voted later and so said the
    /// same; else still the source.
    fn justified_by(&self, me: NodeId, heard: &Attestation) -> Checkpoint {
        let own = self.casper.of(heard.target.epoch, me);
        match own.iter().any(|own| own.slot > heard.slot) {
            true => heard.target,
            false => heard.source,
        }
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
