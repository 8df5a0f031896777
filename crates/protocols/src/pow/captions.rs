//! The sentence on what matters now.

use faultline_sim::process::NodeId;
use faultline_sim::sorted::SortedMap;
use faultline_sim::text::counted;
use faultline_sim::world::World;

use super::attacker::Stage;
use super::hash::BlockHash;
use super::mining::is_attacker;
use super::{Miner, probes};

/// Who builds on what, and what is kept secret.
pub fn narrate(world: &World) -> Option<String> {
    let Some(best) = probes::best(world) else {
        return Some("No miner is up. The chain stands still.".to_owned());
    };
    if let Some(attack) = attack(world) {
        return Some(attack);
    }
    let mut tips: SortedMap<BlockHash, (u64, u32)> = SortedMap::new();
    let mut live = 0;
    for miner in world.live().filter_map(|id| world.node::<Miner>(id)) {
        let (height, count) = tips.entry(miner.chain.tip()).or_default();
        *height = miner.chain.height();
        *count += 1;
        live += 1;
    }
    let (tip, height) = (best.chain.tip(), best.chain.height());
    let on_best = tips.get(&tip).map_or(0, |(_, count)| *count);
    let rival = tips
        .iter()
        .find(|(hash, _)| **hash != tip && !best.chain.is_on_path(hash));
    Some(match rival {
        _ if height == 0 => "All miners look for the first block.".to_owned(),
        _ if on_best == live => {
            format!("All {live} miners build on block {tip} at height {height}.")
        }
        Some((_, (_, count))) => format!(
            "A fork at height {height}: {} on one branch, {count} on another.",
            counted(on_best, "miner builds", "miners build"),
        ),
        None => {
            format!("Block {tip} at height {height} is new. {on_best} of {live} miners have it.")
        }
    })
}

fn attack(world: &World) -> Option<String> {
    let first = NodeId(1);
    let miner = world
        .node::<Miner>(first)
        .filter(|_| is_attacker(world.settings(), first))?;
    let secret = miner.attack.withheld.len() as u32;
    let lead = miner.lead();
    let stands = match lead {
        0 => "Its chain is as long as the one of the others.".to_owned(),
        1.. => format!("Its chain is longer than the one of the others, by {lead}."),
        _ => format!(
            "Its chain is shorter than the one of the others, by {}.",
            -lead
        ),
    };
    match secret {
        0 if miner.attack.stage == Stage::Races => {
            Some("Node 1 has paid, and looks for a secret block.".into())
        }
        0 => None,
        _ => Some(format!(
            "Node 1 keeps {} secret. {stands}",
            counted(secret, "block", "blocks")
        )),
    }
}
