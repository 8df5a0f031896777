//! The finality gadget (Casper, section 2): votes for links, justified checkpoints, final ones.

use faultline_sim::process::NodeId;
use faultline_sim::settings::Settings;
use faultline_sim::shared::SharedMap;
use faultline_sim::sorted::{SortedMap, SortedSet};
use serde::Serialize;

use super::slashing::{Evidence, judge};
use super::stakes::{is_enough, stakes, validators};
use super::{Attestation, Checkpoint, Tree};

/// Votes of one validator for one epoch that are kept. An honest one has one.
const KEPT: usize = 4;

/// For so many epochs a vote is held against others of its validator.
const MEMORY: u64 = 32;

/// What follows from a vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Justified(Checkpoint),
    Final(Checkpoint),
}

#[derive(Clone, Default, Hash, Serialize)]
pub struct Casper {
    /// All votes seen, by target epoch and validator.
    #[serde(skip)]
    pub votes: SharedMap<(u64, NodeId), Vec<Attestation>>,
    /// The highest target epoch of a vote.
    latest: u64,
    #[serde(skip)]
    justified: SharedMap<Checkpoint, ()>,
    /// The newest justified checkpoint above the last final one.
    pub newest: Checkpoint,
    /// The last final checkpoint.
    pub last_final: Checkpoint,
}

impl Casper {
    /// Votes of a validator for a target epoch.
    pub fn of(&self, epoch: u64, validator: NodeId) -> &[Attestation] {
        self.votes
            .get(&(epoch, validator))
            .map_or(&[], Vec::as_slice)
    }

    /// Whether there is room for a vote, and it is new.
    pub fn is_new(&self, vote: &Attestation) -> bool {
        let seen = self.of(vote.target.epoch, vote.validator);
        seen.len() < KEPT && !seen.contains(vote)
    }

    pub fn is_justified(&self, checkpoint: Checkpoint) -> bool {
        checkpoint == Checkpoint::default() || self.justified.contains_key(&checkpoint)
    }

    /// The justified checkpoint that a vote for this head and epoch starts from: the newest one on the chain.
    pub fn source(
        &self,
        tree: &Tree,
        head: super::BlockId,
        (epoch, slots): (u64, u64),
    ) -> Checkpoint {
        let before = epoch.saturating_sub(1).min(self.newest.epoch);
        let down = (0..=before).rev();
        let mut on_chain = down.map(|epoch| tree.checkpoint(head, epoch, slots));
        on_chain
            .find(|checkpoint| self.is_justified(*checkpoint))
            .unwrap_or_default()
    }

    /// A proof against the validator of a new vote, by what is known of it.
    pub fn proof(&self, vote: &Attestation) -> Option<Evidence> {
        let from = vote.target.epoch.saturating_sub(MEMORY);
        let until = self.latest.min(vote.target.epoch + MEMORY);
        let epochs = from..=until.max(vote.target.epoch);
        let mut all = epochs.flat_map(|epoch| self.of(epoch, vote.validator));
        all.find_map(|other| judge(other, vote))
    }

    /// Takes a vote in and answers what is justified and final by it. Votes of later epochs may have waited for
    /// their source to be justified.
    pub fn count(&mut self, settings: &Settings, tree: &Tree, vote: Attestation) -> Vec<Step> {
        let epoch = vote.target.epoch;
        let mut all = self.of(epoch, vote.validator).to_vec();
        all.push(vote);
        self.votes.insert((epoch, vote.validator), all);
        self.latest = self.latest.max(epoch);
        let mut steps = Vec::new();
        for epoch in epoch.max(1)..=self.latest {
            self.tally(settings, tree, epoch, &mut steps);
            if steps.is_empty() {
                // Nothing new at its own target, so nothing new for links that start there.
                break;
            }
        }
        steps
    }

    /// Links to checkpoints of an epoch, with who voted for each.
    fn links(
        &self,
        settings: &Settings,
        epoch: u64,
    ) -> SortedMap<(Checkpoint, Checkpoint), SortedSet<NodeId>> {
        let mut links: SortedMap<_, SortedSet<NodeId>> = SortedMap::new();
        for id in validators(settings) {
            for vote in self.of(epoch, id) {
                let link = links.entry((vote.source, vote.target)).or_default();
                link.insert(id);
            }
        }
        links
    }

    fn tally(&mut self, settings: &Settings, tree: &Tree, epoch: u64, steps: &mut Vec<Step>) {
        for ((source, target), voters) in self.links(settings, epoch) {
            if !self.is_justified(source) || !is_supermajority(settings, tree, target, &voters) {
                continue;
            }
            if !self.is_justified(target) {
                self.justified.insert(target, ());
                steps.push(Step::Justified(target));
                if target.epoch > self.newest.epoch && self.goes_on(tree, target) {
                    self.newest = target;
                }
            }
            let next = source.epoch + 1 == target.epoch;
            if next && source.epoch > self.last_final.epoch && self.goes_on(tree, source) {
                self.last_final = source;
                // With a third of liars, what was newest may lie on another chain.
                if !self.goes_on(tree, self.newest) {
                    self.newest = target;
                }
                steps.push(Step::Final(source));
            }
        }
    }

    /// Whether a checkpoint is above the last final one. A final block is never taken back.
    fn goes_on(&self, tree: &Tree, checkpoint: Checkpoint) -> bool {
        tree.is_on(self.last_final.block, checkpoint.block)
    }
}

/// Whether voters have two thirds of the stake, as it is at the target.
fn is_supermajority(
    settings: &Settings,
    tree: &Tree,
    target: Checkpoint,
    voters: &SortedSet<NodeId>,
) -> bool {
    let stakes = stakes(settings, &tree.slashed(target.block));
    let all: u64 = stakes.iter().map(|(_, stake)| stake).sum();
    let for_it = stakes.iter().filter(|(id, _)| voters.contains(id));
    let sum: u64 = for_it.map(|(_, stake)| stake).sum();
    sum > 0 && is_enough(settings, sum, all)
}
