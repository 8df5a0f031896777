//! Who proposes and who attests when: drawn from the seed, so that every node draws the same.

use faultline_sim::hash::stable_hash;
use faultline_sim::process::NodeId;

/// The proposer of a slot: each validator with a chance as large as its share of the stake. None if there is no
/// stake at all.
pub fn proposer(seed: u64, slot: u64, stakes: &[(NodeId, u64)]) -> Option<NodeId> {
    let total: u64 = stakes.iter().map(|(_, stake)| stake).sum();
    let mut drawn = stable_hash(&(seed, "proposer", slot)).checked_rem(total)?;
    for (id, stake) in stakes {
        if drawn < *stake {
            return Some(*id);
        }
        drawn -= stake;
    }
    None
}

/// In which slot of an epoch a validator attests, from 0: all validators are shuffled anew for each epoch and
/// dealt out to its slots.
pub fn committee(seed: u64, epoch: u64, (me, of): (NodeId, u32), slots: u64) -> u64 {
    let lot = |id: u32| (stable_hash(&(seed, "committee", epoch, id)), id);
    let place = (1..=of).filter(|id| lot(*id) < lot(me.0)).count();
    (place as u64).checked_rem(slots).unwrap_or_default()
}
