//! The sentence on what matters now.

use faultline_sim::process::NodeId;
use faultline_sim::text::counted;
use faultline_sim::world::World;

use super::descriptor::TWO_THIRDS;
use super::stakes::{deposit, is_enough, total, validators};
use super::{BlockId, Validator};

/// What is final, and who is missing.
pub fn narrate(world: &World) -> Option<String> {
    let settings = world.settings();
    let node = |id: &NodeId| Some((*id, world.node::<Validator>(*id)?));
    let ids = validators(settings).filter(|id| world.is_live(*id));
    let live: Vec<(NodeId, &Validator)> = ids.clone().filter_map(|id| node(&id)).collect();
    if let Some(text) = conflict(&live) {
        return Some(text);
    }
    let up: u64 = ids.map(|id| deposit(settings, id)).sum();
    let all = total(settings);
    if !is_enough(settings, up, all) {
        let need = match settings.switch(&TWO_THIRDS) {
            true => "two thirds are",
            false => "half is",
        };
        return Some(format!(
            "Only {up} of {all} coins are up, and {need} needed. Blocks go on, but none becomes final."
        ));
    }
    let (_, first) = live.iter().max_by_key(|(_, node)| (node.slot, node.head))?;
    let slashed = first.tree.slashed(first.head);
    if let Some(id) = slashed.last() {
        let others = match slashed.len() {
            1 => String::new(),
            many => format!(" and {}", counted(many as u32 - 1, "other", "others")),
        };
        let end = state(first);
        return Some(format!(
            "Slashed for two signatures: node {}{others}. {end}",
            id.0
        ));
    }
    let epoch = first.epoch(first.slot);
    let voted = first.voted(epoch).count();
    Some(format!(
        "Epoch {epoch}: {voted} of {} have attested. {}",
        counted(first.of, "validator", "validators"),
        state(first)
    ))
}

fn state(node: &Validator) -> String {
    match node.casper.last_final.epoch {
        0 => "Nothing is final yet.".to_owned(),
        epoch => format!("Epoch {epoch} is final."),
    }
}

/// Two nodes whose final blocks are on different chains.
fn conflict(live: &[(NodeId, &Validator)]) -> Option<String> {
    let end = |node: &Validator| node.casper.last_final.block;
    let known = |block: BlockId| block != BlockId::GENESIS;
    let mut ends: Vec<(NodeId, &Validator)> = Vec::new();
    for (id, node) in live.iter().filter(|(_, node)| known(end(node))) {
        let apart = ends.iter().find(|(_, other)| {
            !node.tree.is_on(end(other), end(node)) && !other.tree.is_on(end(node), end(other))
        });
        if let Some((other, first)) = apart {
            return Some(format!(
                "For node {} block {} is final, and for node {} block {}. They are on different chains.",
                other.0,
                end(first).slot,
                id.0,
                end(node).slot
            ));
        }
        ends.push((*id, node));
    }
    None
}
