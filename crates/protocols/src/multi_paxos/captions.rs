//! The sentence on what matters now.

use faultline_sim::process::NodeId;
use faultline_sim::quorum::majority;
use faultline_sim::text::counted;
use faultline_sim::world::World;

use super::descriptor::{NODES, WINDOW};
use super::membership::quorum;
use super::{Ballot, Phase, Server, Slot};
use crate::words::nodes;

/// What stops the log first, then who leads, then who asks for promises.
pub fn narrate(world: &World) -> Option<String> {
    let all = world.settings().count(&NODES);
    let down = (1..=all).filter(|id| !world.is_live(NodeId(*id))).count() as u32;
    if all - down < majority(all) {
        return Some(format!(
            "{down} of {all} servers are down. Without a majority, nothing can be chosen."
        ));
    }
    let leader = highest(world, Phase::Leading);
    let candidate = highest(world, Phase::Preparing);
    Some(match (leader, candidate) {
        (Some((id, server)), Some((_, other)))
            if other.proposer.ballot < server.proposer.ballot =>
        {
            leads(world, id, server)
        }
        (_, Some((id, server))) => prepares(world, id, server),
        (Some((id, server)), None) => leads(world, id, server),
        (None, None) => {
            "No leader. The server whose timer runs out first starts a ballot.".to_owned()
        }
    })
}

/// The live server in this phase with the highest ballot.
fn highest(world: &World, phase: Phase) -> Option<(NodeId, &Server)> {
    in_phase(world, phase).max_by_key(|(_, server)| server.proposer.ballot)
}

fn in_phase(world: &World, phase: Phase) -> impl Iterator<Item = (NodeId, &Server)> {
    let all = world
        .live()
        .filter_map(|id| Some((id, world.node::<Server>(id)?)));
    all.filter(move |(_, server)| server.proposer.phase == phase)
}

fn prepares(world: &World, id: NodeId, server: &Server) -> String {
    let ballot = server.proposer.ballot;
    let first = server.learner.executed + 1;
    let need = quorum(&world.settings().at(id));
    let have = server.proposer.promises.len();
    format!(
        "{} prepares ballot {ballot} for all slots from {first} on: {have} of {need} promises.",
        nodes(&[id])
    )
}

fn leads(world: &World, id: NodeId, server: &Server) -> String {
    let ballot = server.proposer.ballot;
    let leads = format!("{} leads ballot {ballot}", nodes(&[id]));
    if let Some(old) = older(world, ballot) {
        return format!("{leads}. {} still thinks that it leads.", nodes(&[old]));
    }
    let open = server.proposer.open.len() as Slot;
    let waiting = server.proposer.waiting.len() as u64;
    if waiting > 0 && server.proposer.next > server.learner.executed + window(world, id) {
        let commands = counted(waiting, "command waits", "commands wait");
        return format!("{leads}. The window is full: {commands} for a slot.");
    }
    let gap = server.learner.executed + 1;
    let behind = server.learner.waits();
    if behind > 0 {
        let commands = counted(behind, "chosen command waits", "chosen commands wait");
        return format!("{leads}. {commands} for slot {gap}.");
    }
    match open {
        0 => format!("{leads}."),
        open => {
            let slots = counted(open, "slot waits", "slots wait");
            format!("{leads}. {slots} for a majority.")
        }
    }
}

fn window(world: &World, id: NodeId) -> Slot {
    Slot::from(world.settings().at(id).count(&WINDOW))
}

/// Another server that leads a lower ballot.
fn older(world: &World, than: Ballot) -> Option<NodeId> {
    let mut others = in_phase(world, Phase::Leading);
    let older = others.find(|(_, server)| server.proposer.ballot < than);
    older.map(|(id, _)| id)
}
