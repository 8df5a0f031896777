//! How a node of the bully algorithm is drawn, and the sentence on what is going on.

use faultline_sim::frame::{NodeFrame, Tone, Word};
use faultline_sim::process::NodeId;
use faultline_sim::settings::Settings;
use faultline_sim::world::World;

use super::descriptor::{GUARD, TERMS, WAIT};
use super::{Bully, Message};
use crate::elections::{self, Call, follows, leader_word, leads_again, ordinal};
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
    let call = elections::call(world).and_then(|call| tell(world, &call));
    let electing = |id: NodeId| {
        world
            .node::<Bully>(id)
            .is_some_and(|node| node.election_in_progress)
    };
    call.or_else(|| elections::narrate(world, electing))
}

/// The call that is under way.
fn tell(world: &World, call: &Call) -> Option<String> {
    let (from, to) = (call.from.0, call.to.0);
    let other = world.node::<Bully>(call.to)?;
    let unguarded = !world.settings().switch(&GUARD);
    let forgets = unguarded && !world.settings().switch(&WAIT);
    let again = if unguarded {
        " Without a guard it holds another election."
    } else {
        ""
    };
    Some(match call.kind {
        "ELECTION" if other.is_leader => {
            format!("Node {from} asks node {to}, although {to} already leads.{again}")
        }
        "ELECTION" if other.election_in_progress => {
            format!("Node {from} asks node {to}, which is holding an election.")
        }
        "ELECTION" if other.elections > 0 => {
            format!("Node {from} asks node {to}, which has held an election.{again}")
        }
        "ELECTION" => format!("Node {from} asks node {to} to take over."),
        "OK" if forgets => format!(
            "Node {from} answers node {to}: OK. \
             Each OK makes a node forget that it is holding an election."
        ),
        "OK" => format!("Node {from} answers node {to}: OK, it will take over."),
        "LEADER" | "COORDINATOR" if other.leader == Some(call.from) => {
            format!("Node {from} tells node {to} again that it leads.")
        }
        "LEADER" | "COORDINATOR" => format!("Node {from} tells node {to} that it leads."),
        _ => return None,
    })
}
