//! Stakes: what a validator has deposited, and what is left when a chain has slashed it.

use faultline_sim::process::NodeId;
use faultline_sim::settings::Settings;
use faultline_sim::sorted::SortedSet;

use super::descriptor::{NODES, SLASH, SLASHING, STAKE, STAKE_1, STAKE_2, STAKE_3, TWO_THIRDS};

/// All validators, which are known to all. Nodes that are added later only watch.
pub fn validators(settings: &Settings) -> impl Iterator<Item = NodeId> + Clone {
    (1..=settings.count(&NODES)).map(NodeId)
}

/// What a validator has deposited.
pub fn deposit(settings: &Settings, id: NodeId) -> u64 {
    let param = match id.0 {
        1 => &STAKE_1,
        2 => &STAKE_2,
        3 => &STAKE_3,
        _ => &STAKE,
    };
    u64::from(settings.count(param))
}

/// The stake that counts, on a chain that has slashed some validators.
pub fn stakes(settings: &Settings, slashed: &SortedSet<NodeId>) -> Vec<(NodeId, u64)> {
    let counts = settings.switch(&SLASHING);
    let left = |id: NodeId| match counts && slashed.contains(&id) {
        true => 0,
        false => deposit(settings, id),
    };
    validators(settings).map(|id| (id, left(id))).collect()
}

/// What slashing burns of all stakes, on such a chain. The rest of a slashed stake is paid back.
pub fn burned(settings: &Settings, slashed: &SortedSet<NodeId>) -> u64 {
    let share = u64::from(settings.count(&SLASH));
    let all = slashed.iter().map(|id| deposit(settings, *id));
    all.map(|stake| stake * share / 100).sum()
}

/// All deposits together.
pub fn total(settings: &Settings) -> u64 {
    validators(settings).map(|id| deposit(settings, id)).sum()
}

/// Whether so much stake of all makes a link count.
pub fn is_enough(settings: &Settings, stake: u64, of: u64) -> bool {
    match settings.switch(&TWO_THIRDS) {
        true => stake * 3 >= of * 2,
        false => stake * 2 >= of,
    }
}
