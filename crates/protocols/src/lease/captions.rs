//! The sentence on what matters now.

use faultline_sim::frame::Life;
use faultline_sim::probe::self_declared;
use faultline_sim::process::NodeId;
use faultline_sim::world::World;

use super::service::Service;
use super::{Lease, SERVICE};
use crate::words::nodes;

/// Who leads, and whether the lock service knows the same.
pub(super) fn narrate(world: &World) -> Option<String> {
    let leaders: Vec<NodeId> = self_declared(world).collect();
    let service = world.node::<Lease>(SERVICE)?.service.as_ref()?;
    let serves = world.is_live(SERVICE);
    Some(match (leaders.as_slice(), serves) {
        ([], true) => no_leader(world, service),
        ([], false) => "The lock service is down. No node can become the leader.".to_owned(),
        ([leader], true) => leads(world, service, *leader),
        ([_], false) => format!(
            "The lock service is down. {} leads until its lease expires.",
            nodes(&leaders)
        ),
        (_, _) => several_lead(world, service, &leaders),
    })
}

fn no_leader(world: &World, service: &Service) -> String {
    match service.holder {
        None if service.epoch == 0 => "The first node to ask gets the lease and leads.".to_owned(),
        None => "The lease is free. The next node to ask leads.".to_owned(),
        Some(holder) if holder != SERVICE && !world.is_live(holder) => format!(
            "{} is down. Its lease must expire before another node leads.",
            nodes(&[holder])
        ),
        Some(holder)
            if world
                .node::<Lease>(holder)
                .is_some_and(|node| node.obeyed < service.epoch) =>
        {
            format!(
                "The lock service grants lease {} to node {}.",
                service.epoch, holder.0
            )
        }
        Some(_) => "No leader. The old lease must expire first.".to_owned(),
    }
}

fn leads(world: &World, service: &Service, leader: NodeId) -> String {
    let who = nodes(&[leader]);
    let wall = |from, to| world.network().wall(from, to).is_some();
    if let Some(Life::Paused { .. }) = world.life(leader) {
        return format!("{who} is paused and cannot renew its lease.");
    }
    let own = leads_with(world, leader);
    if own > service.epoch || own == service.epoch && service.holder.is_some_and(|id| id != leader)
    {
        return format!("{who} leads with lease {own}, which the lock service has forgotten.");
    }
    if service.holder != Some(leader) {
        return format!("{who} still thinks it leads, but its lease has expired.");
    }
    if wall(leader, SERVICE) || wall(SERVICE, leader) {
        return format!("{who} cannot renew its lease: the lock service is out of reach.");
    }
    let back = |id: &NodeId| {
        let node = world.node::<Lease>(*id);
        let astray = node.filter(|node| node.went_back && node.leads.is_none());
        astray
            .and_then(|node| node.follows)
            .filter(|old| *old != leader)
    };
    match world.live().find_map(|id| Some((id, back(&id)?))) {
        Some((id, old)) => format!(
            "{} obeys node {}, whose lease has expired.",
            nodes(&[id]),
            old.0
        ),
        None => format!("{who} leads as long as it renews its lease."),
    }
}

fn several_lead(world: &World, service: &Service, leaders: &[NodeId]) -> String {
    let [first, second] = leaders else {
        return format!("{} nodes think they lead.", leaders.len());
    };
    let (own, other) = (leads_with(world, *first), leads_with(world, *second));
    let both = nodes(leaders);
    if own == other {
        return format!("{both} both lead with lease {own}.");
    }
    match service.holder.filter(|holder| leaders.contains(holder)) {
        Some(holder) => format!(
            "{both} both think they lead. Only node {} holds the lease.",
            holder.0
        ),
        None => format!("{both} both think they lead. Neither holds the lease."),
    }
}

/// The lease that a node leads with; 0 for none.
fn leads_with(world: &World, id: NodeId) -> u64 {
    let node = world.node::<Lease>(id);
    node.and_then(|node| node.leads).unwrap_or(0)
}
