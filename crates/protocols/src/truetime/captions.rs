//! The sentence on what matters now.

use faultline_sim::process::NodeId;
use faultline_sim::world::World;

use super::server::waits_for;
use super::time::{is_hybrid, stamp};
use super::{Client, Node, Server};
use crate::parts::roles;

/// What is out of order, who waits, or what was committed last.
pub fn narrate(world: &World) -> Option<String> {
    let clients = || roles::all::<Node, Client>(world);
    let mut latest = clients().filter_map(|(_, client)| client.answers.last());
    if let Some(one) = latest.find(|one| one.is_out_of_order()) {
        let (s, after) = (stamp(one.s), stamp(one.after));
        return Some(format!(
            "T{} began after an answer with {after}, but its timestamp is {s}.",
            one.number
        ));
    }
    let mut servers = roles::all::<Node, Server>(world).filter(|(id, _)| world.is_live(*id));
    let waits = |(id, server): (NodeId, &Server)| Some((id, waits_for(server)?));
    if let Some((node, (id, at, commits))) = servers.find_map(waits) {
        return Some(match commits {
            true => format!(
                "Node {} waits until {at}, the timestamp of T{}, has passed.",
                node.0, id.number
            ),
            false => format!("Node {} waits until {at} has passed, then reads.", node.0),
        });
    }
    let told = clients().filter_map(|(_, client)| client.answers.last());
    Some(match told.max_by_key(|one| one.s) {
        Some(one) => format!(
            "T{} is committed at node {} with the timestamp {}.",
            one.number,
            one.server.0,
            stamp(one.s)
        ),
        None if is_hybrid(world.settings()) => {
            "No transaction is committed. Each node has a hybrid clock.".to_owned()
        }
        None => {
            "No transaction is committed. Each server knows how wrong its clock may be.".to_owned()
        }
    })
}
