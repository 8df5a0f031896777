//! The sentence on what matters now.

use faultline_sim::frame::Life;
use faultline_sim::process::NodeId;
use faultline_sim::sorted::sort_by_key;
use faultline_sim::text::counted;
use faultline_sim::world::World;

use super::{Colour, DECIDER, EVERY, Member, Role};
use crate::words::nodes;

/// More nodes than this are counted, not named.
const NAMED: usize = 3;

/// Faults first, then wrong beliefs.
pub(super) fn narrate(world: &World) -> Option<String> {
    let servers = of_role(world, Role::Server);
    let clients = of_role(world, Role::Client);
    gone(world, &servers)
        .or_else(|| mistaken(world, &servers))
        .or_else(|| asking_again(world, &clients))
        .or_else(|| applied_twice(world))
        .or_else(|| painted(world, &servers))
        .or_else(|| texts(world, &servers))
        .or_else(|| usual(world, &servers, &clients))
}

/// Servers that are down or paused, and who has noticed.
fn gone(world: &World, servers: &[NodeId]) -> Option<String> {
    let down = of_life(world, servers, |life| matches!(life, Life::Down { .. }));
    let paused = of_life(world, servers, |life| matches!(life, Life::Paused { .. }));
    let up = of_life(world, servers, |life| life == Life::Up);
    let noticed = |gone: &[NodeId]| {
        let sees = |id: &&NodeId| {
            let member = world.node::<Member>(**id);
            member.is_some_and(|m| m.suspects().any(|peer| gone.contains(&peer)))
        };
        let count = up.iter().filter(sees).count();
        format!("{count} of {} running servers have noticed", up.len())
    };
    match (are(&down), are(&paused)) {
        (None, None) => None,
        _ if up.is_empty() => Some("No server is running.".into()),
        (Some(down), Some(paused)) => Some(format!(
            "{down} down. {paused} paused. The others see only silence."
        )),
        (Some(who), None) => Some(format!("{who} down. {}.", noticed(&down))),
        (None, Some(who)) => Some(format!("{who} paused, not down. {}.", noticed(&paused))),
    }
}

/// A server that suspects a running one.
fn mistaken(world: &World, servers: &[NodeId]) -> Option<String> {
    let first = |id: NodeId| world.node::<Member>(id)?.suspects().next();
    let (observer, peer) = servers.iter().find_map(|id| Some((*id, first(*id)?)))?;
    let back = world
        .node::<Member>(peer)?
        .suspects()
        .any(|id| id == observer);
    Some(if back {
        let both = nodes(&[observer, peer]);
        format!("{both} suspect each other, although both are alive.")
    } else {
        format!(
            "{} hears nothing from node {} and suspects it, although it is alive.",
            nodes(&[observer]),
            peer.0
        )
    })
}

fn asking_again(world: &World, clients: &[NodeId]) -> Option<String> {
    clients.iter().find_map(|id| {
        let open = world
            .node::<Member>(*id)?
            .calls
            .open
            .values()
            .find(|open| open.tries > 1)?;
        let (to, tries) = (open.query.to, open.tries);
        Some(format!(
            "{} got no answer from node {} and retries (try {tries}).",
            nodes(&[*id]),
            to.0
        ))
    })
}

fn applied_twice(world: &World) -> Option<String> {
    let (_, value) = world
        .probes()
        .find(|(spec, _)| spec.name == "applied-twice")?;
    (value? > 0.0)
        .then(|| "A request was applied twice: the server did not remember its id.".into())
}

/// What came of the texts that a server has sent.
fn texts(world: &World, servers: &[NodeId]) -> Option<String> {
    servers.iter().find_map(|id| {
        let member = world.node::<Member>(*id)?;
        let sent = member.calls.next - 1;
        (sent > 0).then(|| {
            format!(
                "Node {} sent {} and got {}.",
                id.0,
                counted(sent, "text", "texts"),
                counted(member.answered, "acknowledgement", "acknowledgements")
            )
        })
    })
}

fn painted(world: &World, servers: &[NodeId]) -> Option<String> {
    let colour = |id: &NodeId| world.node::<Member>(*id)?.colour;
    let mut colours: Vec<Colour> = servers.iter().filter_map(colour).collect();
    sort_by_key(&mut colours, |colour| *colour);
    colours.dedup();
    match colours.as_slice() {
        [] => None,
        [one] => Some(format!("All servers are {}.", one.word())),
        several if world.settings().switch(&DECIDER) => {
            let count = several.len();
            Some(format!("One server decides. {count} colours are left."))
        }
        several => {
            let count = several.len();
            Some(format!(
                "No server decides: {count} colours, and servers keep overwriting each other."
            ))
        }
    }
}

fn usual(world: &World, servers: &[NodeId], clients: &[NodeId]) -> Option<String> {
    let alive = match servers {
        [] => return None,
        [_] => format!("{} is the only server", nodes(servers)),
        _ => format!("{} servers send each other heartbeats", servers.len()),
    };
    let who = who(clients);
    let asks = match (clients, world.settings().count(&EVERY)) {
        ([], _) => return Some(format!("{alive}.")),
        ([_], 0) => "waits for you to ask something",
        (_, 0) => "wait for you to ask something",
        ([_], _) => "asks them in turn",
        _ => "ask them in turn",
    };
    Some(format!("{alive}. {who} {asks}."))
}

/// At the start of a sentence: a few nodes by name, more by their number.
fn who(ids: &[NodeId]) -> String {
    if ids.len() > NAMED {
        format!("{} nodes", ids.len())
    } else {
        nodes(ids)
    }
}

/// `Node 1 is`, `Nodes 1 and 2 are`; none for no node.
fn are(which: &[NodeId]) -> Option<String> {
    let verb = match which {
        [] => return None,
        [_] => "is",
        _ => "are",
    };
    Some(format!("{} {verb}", who(which)))
}

fn of_role(world: &World, role: Role) -> Vec<NodeId> {
    let has = |id: &NodeId| world.node::<Member>(*id).is_some_and(|m| m.role == role);
    world.ids().filter(has).collect()
}

fn of_life(world: &World, nodes: &[NodeId], is: impl Fn(Life) -> bool) -> Vec<NodeId> {
    let fits = |id: &NodeId| world.life(*id).is_some_and(&is);
    nodes.iter().copied().filter(fits).collect()
}
