//! What must hold of every board.

use faultline_sim::event::Record;
use faultline_sim::invariant;
use faultline_sim::invariant::{Invariant, InvariantSpec};
use faultline_sim::process::NodeId;
use faultline_sim::world::World;

use super::params::DELIVERY;
use super::{Node, marks};

pub const INVARIANTS: &[InvariantSpec] = &[
    invariant!(always "once", "No box does one write twice", new Once),
    invariant!(always "accepted", "An event that was accepted is kept until it is done", new Accepted),
    invariant!(eventually "drains", "Every event is done, or put aside", drains),
];

pub fn boxes(world: &World) -> impl Iterator<Item = (NodeId, &Node)> {
    world
        .ids()
        .filter_map(|id| Some((id, world.node::<Node>(id)?)))
}

#[derive(Clone, Default, Hash)]
struct Once;

impl Invariant for Once {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, _: &World) -> Result<(), String> {
        let (Some(node), Some(marked)) = (record.node, record.marked(&marks::TWICE)) else {
            return Ok(());
        };
        let number = marked.number(1).unwrap_or(0);
        Err(format!("{node} does request {number} a second time"))
    }
}

/// Looks at an event queue when something happens there. Handed on at most once, an event may be lost.
#[derive(Clone, Default, Hash)]
struct Accepted;

impl Invariant for Accepted {
    faultline_sim::clone_invariant!();
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        let Some((id, node)) = record
            .node
            .and_then(|id| Some((id, world.node::<Node>(id)?)))
        else {
            return Ok(());
        };
        let events = &node.events;
        let there = events.done + events.aside + events.len();
        let once = || world.settings().of_node(id).choice(&DELIVERY) == "at-most-once";
        if there >= events.accepted || once() {
            return Ok(());
        }
        let lost = events.accepted - there;
        Err(format!("{id} accepted {lost} events that it no longer has"))
    }
}

fn drains(world: &World) -> Result<(), String> {
    match boxes(world).find(|(_, node)| node.events.len() > 0) {
        Some((id, node)) => Err(format!("{id} still has {} events", node.events.len())),
        None => Ok(()),
    }
}
