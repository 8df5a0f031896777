//! The sentence on what matters now.

use faultline_sim::process::NodeId;
use faultline_sim::sorted::{SortedMap, SortedSet};
use faultline_sim::world::World;

use super::log::Slot;
use super::message::Proposal;
use super::{Client, Node, Replica, primary, quorum};
use crate::parts::roles;

/// Letters of a request that a caption has room for.
const ROOM: usize = 16;

type Live<'w> = Vec<(NodeId, &'w Replica)>;

/// Who agrees on what, or who waits for whom.
pub fn narrate(world: &World) -> Option<String> {
    let all = roles::all::<Node, Replica>(world);
    let live: Live<'_> = all.filter(|(id, _)| world.is_live(*id)).collect();
    let need = quorum(world.settings());
    if (live.len() as u32) < need {
        let up = live.len();
        return Some(format!(
            "Only {up} replicas are up, and {need} must agree. No request can run."
        ));
    }
    if let Some(split) = split(&live) {
        return Some(split);
    }
    let waits: Vec<&(NodeId, &Replica)> = live.iter().filter(|(_, r)| !r.active).collect();
    if let Some(highest) = waits.iter().map(|(_, replica)| replica.view).max() {
        let leader = primary(highest, world.settings());
        return Some(format!(
            "{} of {} live replicas ask for a new primary. Node {} is next, in view {highest}.",
            waits.len(),
            live.len(),
            leader.0
        ));
    }
    Some(open(&live, need).unwrap_or_else(|| quiet(world, &live)))
}

/// Two replicas have taken different requests for one number: the first such number that is open.
fn split(live: &Live<'_>) -> Option<String> {
    let mut told: SortedMap<u64, (NodeId, &Proposal)> = SortedMap::new();
    for (id, replica) in live {
        let open = replica.log.iter().filter(|(n, _)| **n >= replica.executed);
        for (n, slot) in open {
            let Some(accepted) = slot.accepted.as_ref().filter(|a| a.view == replica.view) else {
                continue;
            };
            let (other, first) = told.entry(*n).or_insert((*id, &accepted.request));
            if **first != accepted.request {
                return Some(format!(
                    "Nodes {} and {} were told different requests for number {n}.",
                    other.0, id.0
                ));
            }
        }
    }
    None
}

/// The request that is under way.
fn open(live: &Live<'_>, need: u32) -> Option<String> {
    let next = |replica: &Replica| replica.executed + 1;
    let slots = live.iter().filter_map(|(_, replica)| {
        let slot: &Slot = replica.log.get(&next(replica))?;
        slot.accepted
            .as_ref()
            .map(|accepted| (next(replica), slot, accepted))
    });
    let slots: Vec<_> = slots.collect();
    let n = slots.iter().map(|(n, ..)| *n).max()?;
    let at = || slots.iter().filter(move |(number, ..)| *number == n);
    let prepared = at().filter(|(_, slot, _)| slot.is_prepared()).count();
    let what = at()
        .next()
        .map(|(_, _, accepted)| asked(&accepted.request))?;
    Some(match prepared {
        0 => format!("Number {n} goes to {what}. Replicas tell each other what they were given."),
        some => {
            format!(
                "{some} replicas are sure: number {n} goes to {what}. {need} commits execute it."
            )
        }
    })
}

/// "x=1 of node 5", or "no request".
fn asked(proposal: &Proposal) -> String {
    match proposal {
        Some(request) => {
            let op: String = request.op.to_string().chars().take(ROOM).collect();
            format!("{op} of node {}", request.id.from.0)
        }
        None => "no request".to_owned(),
    }
}

fn quiet(world: &World, live: &Live<'_>) -> String {
    let mut clients = roles::all::<Node, Client>(world);
    let asks = clients.find(|(id, client)| client.active.is_some() && world.is_live(*id));
    let done: SortedSet<u64> = live.iter().map(|(_, replica)| replica.executed).collect();
    let most = done.last().copied().unwrap_or_default();
    match asks {
        Some((id, _)) => format!("Client {} waits for its answer.", id.0),
        None if most == 0 => "No request has run yet.".to_owned(),
        None if done.len() == 1 => format!("All live replicas have executed up to number {most}."),
        None => format!("Some replicas have executed up to number {most}, others are behind."),
    }
}
