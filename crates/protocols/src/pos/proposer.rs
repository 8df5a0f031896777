//! A validator in a slot that it has drawn: it makes one block on the head that it sees.

use std::rc::Rc;

use faultline_sim::process::Context;
use faultline_sim::sorted::SortedSet;

use super::stakes::validators;
use super::{Attestation, Block, Evidence, Message, Validator, marks, proposer};

/// Votes of older epochs are left out, even if nothing has become final since.
const OPEN: u64 = 16;

impl Validator {
    pub(super) fn propose(&mut self, cx: &mut Context<Self>) {
        let (me, slot, parent) = (cx.me(), self.slot, self.head);
        if parent.slot >= slot || self.proposed >= slot {
            return;
        }
        let stakes = self.stakes_at(cx.settings(), parent, self.epoch(slot));
        if proposer(cx.settings().seed(), slot, &stakes) != Some(me) {
            return;
        }
        self.proposed = slot;
        let block = Block {
            slot,
            parent,
            by: me,
            votes: self.new_votes(cx),
            evidence: self.new_evidence(),
            graffiti: 0,
            signature: 0,
        };
        let block = Rc::new(block.sign());
        let id = block.id();
        cx.mark(&marks::PROPOSES, (id, block.votes.len()));
        for proof in &block.evidence {
            cx.mark(&marks::CONVICTS, (proof.offender(), id));
        }
        cx.broadcast(Message::Block {
            block: Rc::clone(&block),
        });
        self.attach(cx, me, block);
    }

    /// Votes that the chain does not have, and that may still matter: since the last final checkpoint, and since the
    /// epoch before the last block. A node that was away learns from the chain alone what has become final.
    fn new_votes(&self, cx: &Context<Self>) -> Vec<Attestation> {
        let epoch = self.epoch(self.slot);
        let open = self.casper.last_final.epoch.max(epoch.saturating_sub(OPEN));
        let first = open.min(self.epoch(self.head.slot).saturating_sub(1));
        let mut there: SortedSet<Attestation> = SortedSet::new();
        let mut id = self.head;
        while let Some(block) = self.tree.block(id).filter(|b| b.slot >= first * self.slots) {
            there.extend(block.votes.iter().copied());
            id = block.parent;
        }
        let all = (first..=epoch).flat_map(|epoch| {
            let ids = validators(cx.settings());
            ids.flat_map(move |id| self.casper.of(epoch, id).iter().copied())
        });
        all.filter(|vote| !there.contains(vote)).collect()
    }

    /// Proofs against validators that the chain has not slashed.
    fn new_evidence(&self) -> Vec<Evidence> {
        let slashed = self.tree.slashed(self.head);
        let open = self
            .evidence
            .iter()
            .filter(|(id, _)| !slashed.contains(*id));
        open.map(|(_, proof)| *proof).collect()
    }
}
