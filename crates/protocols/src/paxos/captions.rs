//! The sentence on what matters now.

use faultline_sim::process::NodeId;
use faultline_sim::quorum::majority;
use faultline_sim::world::World;

use super::descriptor::ACCEPTORS;
use super::{Learner, Node, Phase, Proposer, acceptors, quorum};
use crate::parts::roles;

/// Letters of a client's value that a caption has room for.
const ROOM: usize = 16;

fn short(value: &str) -> String {
    value.chars().take(ROOM).collect()
}

/// Who works on a ballot, or what is chosen.
pub fn narrate(world: &World) -> Option<String> {
    let up = |(id, _): &(NodeId, &Proposer)| world.is_live(*id);
    let proposers: Vec<(NodeId, &Proposer)> =
        roles::all::<Node, Proposer>(world).filter(up).collect();
    let learned: Vec<Option<&str>> = roles::all::<Node, Learner>(world)
        .filter(|(id, _)| world.is_live(*id))
        .map(|(_, learner)| learner.learned.as_ref().map(|learned| &*learned.value))
        .collect();
    let busy = |node: &Proposer| !matches!(node.phase, Phase::Idle | Phase::Proposing);
    let highest = |one: &(NodeId, &Proposer)| one.1.ballot;
    let at_work = proposers.iter().filter(|(_, node)| busy(node)).copied();
    if let Some(active) = at_work.max_by_key(highest) {
        return Some(works(world, active, &proposers));
    }
    let known: Vec<&str> = learned.iter().copied().flatten().collect();
    if let Some(first) = known.first() {
        return Some(knows(first, &known, learned.len()));
    }
    let proposing = proposers
        .iter()
        .filter(|(_, node)| node.phase == Phase::Proposing);
    Some(match proposing.copied().max_by_key(highest) {
        Some((id, node)) => format!(
            "Node {} asks the acceptors to accept {} in ballot {}.",
            id.0,
            short(node.proposed.as_deref().unwrap_or_default()),
            node.ballot
        ),
        None => "No proposer is at work, and no learner knows a value.".to_owned(),
    })
}

/// A proposer in phase 1, or one that waits.
fn works(world: &World, active: (NodeId, &Proposer), all: &[(NodeId, &Proposer)]) -> String {
    let (id, node) = active;
    let up = acceptors(world.settings());
    let up = up.iter().filter(|id| world.is_live(**id)).count() as u32;
    let of = world.settings().count(&ACCEPTORS);
    if up < majority(of) {
        return format!("Only {up} of {of} acceptors are up. No value can be chosen.");
    }
    let ballot = node.ballot;
    if node.phase == Phase::Waiting {
        return format!(
            "Ballot {ballot} was overtaken. Node {} waits and tries again.",
            id.0
        );
    }
    let rival = all.iter().filter(|(other, rival)| {
        *other != id
            && rival.ballot < ballot
            && matches!(rival.phase, Phase::Promised | Phase::Proposing)
    });
    if let Some((other, rival)) = rival.max_by_key(|(_, rival)| rival.ballot) {
        return format!(
            "Node {} starts ballot {ballot}. Acceptors that promise it refuse ballot {} of node {}.",
            id.0, rival.ballot, other.0
        );
    }
    let (have, need) = (node.promises.len(), quorum(&world.settings().at(id)));
    match &node.reported {
        Some(reported) => format!(
            "Node {} has {have} of {need} promises, and heard of {}. It may not choose freely.",
            id.0,
            short(&reported.value)
        ),
        None => format!(
            "Node {} prepares ballot {ballot}: {have} of {need} promises.",
            id.0
        ),
    }
}

fn knows(first: &str, known: &[&str], learners: usize) -> String {
    if let Some(other) = known.iter().find(|value| **value != first) {
        return format!(
            "One learner knows {}, another {}. That must never happen.",
            short(first),
            short(other)
        );
    }
    let value = short(first);
    match (known.len(), learners) {
        (1, 1) => format!("The learner knows: {value} is chosen."),
        (some, all) if some == all => format!("All {all} learners know: {value} is chosen."),
        (some, all) => format!("Chosen: {value}. {some} of {all} learners know it."),
    }
}
