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
        (_, _) => several_lead(service, &leaders),
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
        Some(_) => "No leader. The old lease must expire first.".to_owned(),
    }
}

fn leads(world: &World, service: &Service, leader: NodeId) -> String {
    let who = nodes(&[leader]);
    let wall = |from, to| world.network().wall(from, to).is_some();
    if let Some(Life::Paused { .. }) = world.life(leader) {
        return format!("{who} is paused and cannot renew its lease.");
    }
    if service.holder != Some(leader) {
        return format!("{who} still thinks it leads, but its lease has expired.");
    }
    if wall(leader, SERVICE) || wall(SERVICE, leader) {
        return format!("{who} cannot renew its lease: the lock service is out of reach.");
    }
    format!("{who} leads as long as it renews its lease.")
}

fn several_lead(service: &Service, leaders: &[NodeId]) -> String {
    let think = match leaders {
        [_, _] => format!("{} both think they lead.", nodes(leaders)),
        _ => format!("{} nodes think they lead.", leaders.len()),
    };
    match service.holder.filter(|holder| leaders.contains(holder)) {
        Some(holder) => format!("{think} Only node {} holds the lease.", holder.0),
        None => format!("{think} None of them holds the lease."),
    }
}
