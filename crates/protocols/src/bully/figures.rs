//! How a node of the bully algorithm is drawn, and the sentence on what is going on.

use faultline_sim::frame::{NodeFrame, Tone, Word};
use faultline_sim::process::NodeId;
use faultline_sim::settings::Settings;
use faultline_sim::world::World;

use super::descriptor::{DETECT, GUARD, TERMS, WAIT};
use super::{Bully, Message};
use crate::elections::{self, follows, leader_word, leads_again, ordinal};
use crate::words;

/// Role, label, chips and fields.
pub fn draw(node: &Bully, settings: &Settings, to: &mut NodeFrame) {
    let waits = to.timers.iter().any(|timer| timer.name == "Wait");
    let asks = to
        .timers
        .iter()
        .any(|timer| matches!(timer.name, "Claim" | "Ask"));
    let (role, tone) = match (node.is_leader, node.election_in_progress) {
        (true, _) => ("leader", Tone::Leader),
        (false, true) if waits => ("waiting", Tone::Busy),
        (false, true) => ("electing", Tone::Candidate),
        (false, false) if node.leader.is_none() => ("no leader", Tone::Calm),
        (false, false) => ("follower", Tone::Calm),
    };
    to.set(role, tone);
    to.label = match role {
        "leader" => leads_again(node.claims),
        "follower" => follows(node.leader),
        role => words::label(role),
    };
    if settings.switch(&TERMS) && node.term > 0 {
        to.inside = Some(Word::of(format_args!("term {}", node.term)));
    }
    match (role, node.asking) {
        ("no leader", _) if trusts(node) => to.chips.push("has an OK".to_owned()),
        ("waiting", _) => to.chips.push("has an OK".to_owned()),
        ("electing", Some(asked)) => to.chips.push(format!("asked node {}", asked.0)),
        ("electing", None) if asks => to.chips.push("waits for an OK".to_owned()),
        _ => {}
    }
    if role == "electing" && node.elections > 1 {
        let nth = ordinal(node.elections);
        to.chips.push(format!("its {nth} election"));
    }
    let in_progress = if node.election_in_progress {
        "yes"
    } else {
        "no"
    };
    to.fields([
        ("leader", leader_word(node.leader)),
        ("election in progress", in_progress.to_owned()),
        ("elections started here", node.elections.to_string()),
        ("times it became leader", node.claims.to_string()),
    ]);
    if settings.switch(&TERMS) {
        to.fields([("term", node.term.to_string())]);
    }
}

/// Whether it heard an OK, and no leader since: as written, it waits without a timer.
fn trusts(node: &Bully) -> bool {
    node.leader.is_none() && !node.election_in_progress && node.ended.is_some()
}

/// Nobody leads or asks, because an OK was not kept.
fn broken_promise(world: &World) -> Option<String> {
    let node = |id: NodeId| world.node::<Bully>(id);
    let idle = |node: &Bully| !node.is_leader && !node.election_in_progress;
    let detects = world.settings().switch(&DETECT);
    if detects || !world.in_flight().is_empty() || !world.live().filter_map(node).all(idle) {
        return None;
    }
    let trusting = |id: &NodeId| node(*id).is_some_and(trusts);
    let who: Vec<NodeId> = world.live().filter(trusting).collect();
    let waits = if who.len() == 1 { "waits" } else { "wait" };
    let names = words::nodes(&who);
    (!who.is_empty())
        .then(|| format!("{names} got an OK and {waits} for a leader that will never come."))
}

/// What a message says. Heartbeats say nothing new.
pub fn word(message: &Message) -> Option<Word> {
    let (word, term) = match message {
        Message::Election { term } => ("ELECTION", term),
        Message::Ok { term } => ("OK", term),
        Message::Leader { term } => ("LEADER", term),
        Message::Coordinator { term } => ("COORDINATOR", term),
        Message::Heartbeat { .. } => return None,
    };
    Some(match term {
        0 => Word::of(word),
        term => Word::of(format_args!("{word} t{term}")),
    })
}

/// One sentence on what is going on, and often a second one that says why.
pub fn narrate(world: &World) -> Option<String> {
    let call = elections::call::<Bully>(world);
    let call = call.and_then(|(from, to, message)| tell(world, from, to, message));
    let electing = |id: NodeId| {
        world
            .node::<Bully>(id)
            .is_some_and(|node| node.election_in_progress)
    };
    call.or_else(|| broken_promise(world))
        .or_else(|| elections::narrate(world, electing))
}

/// The call that is under way.
fn tell(world: &World, from: NodeId, to: NodeId, message: &Message) -> Option<String> {
    if let Some(told) = elections::unheard(world, from, to) {
        return Some(told);
    }
    let other = world.node::<Bully>(to)?;
    let follows = other.leader == Some(from);
    let (from, to) = (from.0, to.0);
    let unguarded = !world.settings().switch(&GUARD);
    let forgets = unguarded && !world.settings().switch(&WAIT);
    let again = if unguarded {
        " Without a guard it holds another election."
    } else {
        ""
    };
    Some(match message {
        Message::Election { .. } if other.is_leader => {
            format!("Node {from} asks node {to}, although {to} already leads.{again}")
        }
        Message::Election { .. } if other.election_in_progress => {
            format!("Node {from} asks node {to}, which is holding an election.")
        }
        Message::Election { .. } if other.elections > 0 => {
            format!("Node {from} asks node {to}, which has held an election.{again}")
        }
        Message::Election { .. } => format!("Node {from} asks node {to} to take over."),
        Message::Ok { .. } if forgets => format!(
            "Node {from} answers node {to}: OK. \
             Each OK makes a node forget that it is holding an election."
        ),
        Message::Ok { .. } => format!("Node {from} answers node {to}: OK, it will take over."),
        Message::Leader { .. } | Message::Coordinator { .. } if follows => {
            format!("Node {from} tells node {to} again that it leads.")
        }
        Message::Leader { .. } | Message::Coordinator { .. } => {
            format!("Node {from} tells node {to} that it leads.")
        }
        Message::Heartbeat { .. } => return None,
    })
}
