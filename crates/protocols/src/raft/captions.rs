//! The sentence on what matters now.

use faultline_sim::frame::Life;
use faultline_sim::process::NodeId;
use faultline_sim::quorum::majority;
use faultline_sim::sorted::sort_by_key;
use faultline_sim::text::counted;
use faultline_sim::world::World;

use super::{NODES, Role, Server, Term, beyond};
use crate::words::nodes;

/// More nodes than this are counted, not named.
const NAMED: usize = 2;

/// What stops the cluster first, then who leads, then who asks for votes.
pub(super) fn narrate(world: &World) -> Option<String> {
    if beyond::changes(world.settings()) {
        return beyond::narrate(world);
    }
    let all = world.settings().count(&NODES);
    let down = voters(world).filter(|id| !world.is_live(*id)).count() as u32;
    if all - down < majority(all) {
        return Some(without_majority(down, all));
    }
    let mut leaders = of_role(world, Role::Leader);
    sort_by_key(&mut leaders, |id| term(world, *id));
    let candidates = latest_candidates(world);
    Some(match (leaders.as_slice(), candidates.as_slice()) {
        ([leader], _) => one_leads(world, *leader, &candidates),
        ([old @ .., newest], _) => several_lead(world, old, *newest),
        ([], []) => "No leader. The node whose timer runs out first will ask for votes.".to_owned(),
        ([], [candidate]) => asks_for_votes(world, *candidate),
        ([], several) if split(world, several) => {
            let term = term(world, several[0]);
            format!("The vote of term {term} is split: no one can win it.")
        }
        ([], several) => format!(
            "{} ask for votes at once: the votes may split.",
            who(several)
        ),
    })
}

fn without_majority(down: u32, all: u32) -> String {
    if all == 1 {
        return "The only server is down: no request can be answered.".to_owned();
    }
    format!("{down} of {all} servers are down. Without a majority, nothing can be committed.")
}

fn several_lead(world: &World, old: &[NodeId], newest: NodeId) -> String {
    let last = term(world, newest);
    let same = old.iter().copied().filter(|id| term(world, *id) == last);
    let same: Vec<NodeId> = same.chain([newest]).collect();
    if same.len() > 1 {
        return format!(
            "{} both lead term {last}. One of them must not.",
            who(&same)
        );
    }
    let think = match old {
        [_] => "hasn't heard, and still thinks it is the leader",
        _ => "haven't heard, and still think they are the leader",
    };
    format!(
        "{} leads term {last}. {} {think}.",
        nodes(&[newest]),
        who(old)
    )
}

/// A leader leads as far as it reaches a majority.
fn one_leads(world: &World, leader: NodeId, candidates: &[NodeId]) -> String {
    let leads = format!("{} leads term {}", nodes(&[leader]), term(world, leader));
    if let Some(first) = candidates.first().map(|id| term(world, *id))
        && first > term(world, leader)
    {
        let (ids, ask) = match candidates {
            [one] => (format!("Node {}", one.0), "asks"),
            several => (who(several), "ask"),
        };
        if candidates.iter().all(|id| !reaches_majority(world, *id)) {
            return format!("{leads}. {ids} cannot reach a majority, so cannot win.");
        }
        return format!("{leads}. {ids} {ask} for votes in term {first}.");
    }
    let all = world.settings().count(&NODES);
    let reached = reached(world, leader);
    if reached < majority(all) {
        let others = reached - 1;
        return match others {
            0 => format!("{leads}, but reaches no other server: it cannot commit."),
            _ => format!(
                "{leads}, but reaches only {others} of {} others: it cannot commit.",
                all - 1
            ),
        };
    }
    if matches!(world.life(leader), Some(Life::Paused { .. })) {
        return format!("{leads}, but is paused: its heartbeats have stopped.");
    }
    let server = world.node::<Server>(leader);
    match server.map_or(0, |s| s.last_log_index().saturating_sub(s.commit_index)) {
        0 => format!("{leads}."),
        1 => format!("{leads}. 1 entry waits for a majority."),
        open => format!(
            "{leads}. {} wait for a majority.",
            counted(open, "entry", "entries")
        ),
    }
}

/// How many servers a server reaches and is reached by, itself included.
fn reached(world: &World, from: NodeId) -> u32 {
    let wall = |a, b| world.network().wall(a, b).is_some();
    let reaches = |id: &NodeId| world.is_live(*id) && !wall(from, *id) && !wall(*id, from);
    let servers = voters(world).filter(|id| *id == from || reaches(id));
    servers.count() as u32
}

fn reaches_majority(world: &World, from: NodeId) -> bool {
    reached(world, from) >= majority(world.settings().count(&NODES))
}

fn asks_for_votes(world: &World, candidate: NodeId) -> String {
    if !reaches_majority(world, candidate) {
        let who = nodes(&[candidate]);
        return format!("{who} asks for votes, but cannot reach a majority.");
    }
    let all = world.settings().count(&NODES);
    let has = world
        .node::<Server>(candidate)
        .map_or(0, |s| s.votes.count());
    format!(
        "{} asks for votes in term {}. It has {has} of the {} votes it needs.",
        nodes(&[candidate]),
        term(world, candidate),
        majority(all)
    )
}

/// Whether so many votes are refused to each candidate that none can win.
fn split(world: &World, candidates: &[NodeId]) -> bool {
    let need = majority(world.settings().count(&NODES));
    let can_vote = voters(world).filter(|id| world.is_live(*id)).count() as u32;
    candidates.iter().all(|id| {
        let refused = |server: &Server| server.votes.no.len() as u32;
        let refused = world.node::<Server>(*id).map_or(0, refused);
        can_vote.saturating_sub(refused) < need
    })
}

/// At the start of a sentence: two nodes by name, more by their number.
fn who(ids: &[NodeId]) -> String {
    if ids.len() > NAMED {
        format!("{} nodes", ids.len())
    } else {
        nodes(ids)
    }
}

fn voters(world: &World) -> impl Iterator<Item = NodeId> {
    (1..=world.settings().count(&NODES)).map(NodeId)
}

fn of_role(world: &World, role: Role) -> Vec<NodeId> {
    let is = |id: &NodeId| world.node::<Server>(*id).is_some_and(|s| s.role == role);
    world.live().filter(is).collect()
}

fn term(world: &World, id: NodeId) -> Term {
    world.node::<Server>(id).map_or(0, |s| s.current_term)
}

/// The candidates of the latest term that any asks for.
fn latest_candidates(world: &World) -> Vec<NodeId> {
    let mut candidates = of_role(world, Role::Candidate);
    let last = candidates.iter().map(|id| term(world, *id)).max();
    candidates.retain(|id| Some(term(world, *id)) == last);
    candidates
}
