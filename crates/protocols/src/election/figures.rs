//! How a node of the activity's program is drawn, and the sentence on what is going on.

use faultline_sim::frame::{NodeFrame, Pips, Tone, Word};
use faultline_sim::process::NodeId;
use faultline_sim::quorum::majority;
use faultline_sim::settings::Settings;
use faultline_sim::text::counted;
use faultline_sim::world::World;

use super::descriptor::{DETECT, GUARD, MAJORITY, TERMS, WAIT};
use super::{Election, Message};
use crate::elections::{self, NODES, follows, leader_word, leads_again};
use crate::words;

/// Role, label, chips and fields.
pub(super) fn draw(node: &Election, settings: &Settings, to: &mut NodeFrame) {
    let leads = node.leads(to.id);
    let holds = node.waiting || node.to_come > 0;
    let (role, tone) = match (leads, holds) {
        (true, _) => ("leader", Tone::Leader),
        (false, true) => ("candidate", Tone::Candidate),
        (false, false) if node.leader.is_none() => ("no leader", Tone::Calm),
        (false, false) => ("follower", Tone::Calm),
    };
    to.set(role, tone);
    to.label = match role {
        "leader" => leads_again(node.claims),
        "follower" => follows(node.leader),
        role => words::label(role),
    };
    let numbered = settings.switch(&TERMS) || settings.switch(&MAJORITY);
    let term = if leads { node.crowned } else { node.term };
    if numbered && term > 0 {
        to.inside = Some(Word::of(format_args!("term {term}")));
    }
    chips(node, to);
    if settings.switch(&MAJORITY) {
        support(node, settings, to);
    }
    if !node.writes.held.is_empty() {
        let held: Vec<&str> = node.writes.held.iter().map(|w| w.text.as_str()).collect();
        to.fields([("writes", held.join(", "))]);
    }
    to.fields([
        ("leader", leader_word(node.leader)),
        ("elections started here", node.elections.to_string()),
        ("elections pending", node.to_come.to_string()),
        ("times it became leader", node.claims.to_string()),
    ]);
    if numbered {
        to.fields([("term", node.term.to_string())]);
    }
}

/// What it holds, and what it waits for.
fn chips(node: &Election, to: &mut NodeFrame) {
    let held = &node.writes.held;
    match held.as_slice() {
        [] => {}
        [one] if one.text.chars().count() <= 8 => {
            let confirmed = node.writes.confirmed.contains(one);
            let word = if confirmed { " confirmed" } else { "" };
            to.chips.push(format!("{}{word}", one.text));
        }
        _ => to.chips.push(counted(held.len() as u64, "write", "writes")),
    }
    let is_set = |name: &str| to.timers.iter().any(|timer| timer.name == name);
    let waits = match node.asking {
        Some(asked) if is_set("Ask") => format!("asked node {}", asked.0),
        _ if is_set("Answer") => "waits for a yes".to_owned(),
        _ if is_set("Announcement") => "waits for a leader".to_owned(),
        _ => String::new(),
    };
    to.chips
        .extend(Some(waits).filter(|waits| !waits.is_empty()));
    if node.to_come > 0 {
        to.chips.push(format!(
            "{} to come",
            counted(node.to_come, "election", "elections")
        ));
    }
}

/// Switch `majority`: whom it supports, and who supports it while it asks.
fn support(node: &Election, settings: &Settings, to: &mut NodeFrame) {
    let supports = node
        .supports
        .map(|(term, whom)| format!("{whom} in term {term}"));
    let yes = node.supporters.count();
    to.fields([
        ("supports", supports.unwrap_or_else(|| "none".to_owned())),
        ("supported by", yes.to_string()),
    ]);
    if yes > 0 {
        let of = settings.count(&NODES);
        let (no, need) = (0, majority(of));
        to.pips = Some(Pips { yes, no, need, of });
    }
}

/// What a message says. Heartbeats say nothing new.
pub(super) fn word(message: &Message) -> Option<Word> {
    let numbered = |word: &str, term: &u64| match term {
        0 => Word::of(word),
        term => Word::of(format_args!("{word} t{term}")),
    };
    Some(match message {
        Message::Election { term } => numbered("ELECTION", term),
        Message::Ok { term } => numbered("OK", term),
        Message::Leader { term } => numbered("LEADER", term),
        Message::Claim { term } => numbered("support?", term),
        Message::Support { whom, .. } => Word::of(format_args!("support {}", whom.0)),
        Message::Record { held } => match held.as_slice() {
            [one] => Word::of(&one.text),
            held => Word::of(counted(held.len() as u64, "write", "writes")),
        },
        Message::Kept { .. } => Word::of("kept"),
        Message::Fetch => Word::of("writes?"),
        Message::Heartbeat { .. } => return None,
    })
}

/// One sentence on what is going on, and often a second one that says why.
pub(super) fn narrate(world: &World) -> Option<String> {
    let call = elections::call::<Election>(world);
    let call = call.and_then(|(from, to, message)| tell(world, from, to, message));
    call.or_else(|| histories(world))
        .or_else(|| seeks(world))
        .or_else(|| to_come(world))
        .or_else(|| broken_promise(world))
        .or_else(|| {
            elections::narrate(world, |id| {
                world.node::<Election>(id).is_some_and(|node| node.waiting)
            })
        })
}

fn members(world: &World) -> impl Iterator<Item = (NodeId, &Election)> {
    let member = |id| Some((id, world.node::<Election>(id)?));
    world.live().filter_map(member)
}

/// Elections that were promised and have not started: as written, one for each question.
fn to_come(world: &World) -> Option<String> {
    let total: u32 = members(world).map(|(_, node)| node.to_come).sum();
    let leaders: Vec<NodeId> = members(world)
        .filter(|(id, node)| node.leads(*id))
        .map(|(id, _)| id)
        .collect();
    if total == 0 || leaders.len() > 1 {
        return None;
    }
    let still = counted(total, "election is", "elections are");
    let who = match leaders[..] {
        [leader] => format!("Node {} leads, but", leader.0),
        _ => "There is no leader yet, and".to_owned(),
    };
    Some(format!("{who} {still} still to come."))
}

/// Nobody leads or asks, because a yes was not kept.
fn broken_promise(world: &World) -> Option<String> {
    let settings = world.settings();
    let idle = |(id, node): (NodeId, &Election)| !node.leads(id) && !node.waiting;
    let waits_well = settings.switch(&DETECT) || settings.switch(&MAJORITY);
    if waits_well || !world.in_flight().is_empty() || !members(world).all(idle) {
        return None;
    }
    let trusts = |(_, node): &(NodeId, &Election)| node.leader.is_none() && node.began.is_some();
    let who: Vec<NodeId> = members(world).filter(trusts).map(|(id, _)| id).collect();
    let waits = if who.len() == 1 { "waits" } else { "wait" };
    let names = words::nodes(&who);
    (!who.is_empty())
        .then(|| format!("{names} got a yes and {waits} for a leader that will never come."))
}

/// The call that is under way.
fn tell(world: &World, from: NodeId, to: NodeId, message: &Message) -> Option<String> {
    if let Some(told) = elections::unheard(world, from, to) {
        return Some(told);
    }
    let other = world.node::<Election>(to)?;
    let (leads, follows) = (other.leads(to), other.leader == Some(from));
    let unguarded = !world.settings().switch(&GUARD);
    let again = if unguarded {
        " Each question starts one more election."
    } else {
        ""
    };
    let (from, to) = (from.0, to.0);
    Some(match message {
        Message::Election { .. } if leads => {
            format!("Node {from} asks node {to}, although {to} already leads.{again}")
        }
        Message::Election { .. } if other.to_come > 0 || other.elections > 0 => {
            format!("Node {from} asks node {to}, which was asked before.{again}")
        }
        Message::Election { .. } => format!("Node {from} asks node {to} to take over."),
        Message::Ok { .. } => {
            format!("Node {from} says yes to node {to}. It promises to hold an election.")
        }
        Message::Leader { .. } if follows => {
            format!("Node {from} tells node {to} again that it leads.")
        }
        Message::Leader { .. } => format!("Node {from} tells node {to} that it leads."),
        Message::Claim { .. } => format!("Node {from} asks node {to} for support."),
        Message::Support { .. } => format!("Node {from} promises node {to} its support."),
        Message::Heartbeat { .. } => return None,
        Message::Record { .. } => format!("Node {from} sends its writes to node {to}."),
        Message::Kept { .. } => format!("Node {from} holds what node {to} sent."),
        Message::Fetch => format!("Node {from} asks node {to} for all writes."),
    })
}

/// Two leaders, each with writes of its own.
fn histories(world: &World) -> Option<String> {
    let leaders: Vec<_> = members(world)
        .filter(|(id, node)| node.leads(*id))
        .collect();
    let wrote = |(_, node): &(NodeId, &Election)| !node.writes.confirmed.is_empty();
    let [one, .., two] = leaders.as_slice() else {
        return None;
    };
    (wrote(one) && wrote(two)).then(|| {
        let (one, two) = (one.0.0, two.0.0);
        format!(
            "Nodes {one} and {two} both lead, and both confirm writes. \
             When they hear of each other, one history must go."
        )
    })
}

/// Switch `majority`: who asks for support and does not have enough.
fn seeks(world: &World) -> Option<String> {
    let settings = world.settings();
    if !settings.switch(&MAJORITY) || !settings.switch(&WAIT) {
        return None;
    }
    let all = settings.count(&NODES);
    let seeking = |id: NodeId| {
        let node = world.node::<Election>(id)?;
        let yes = node.supporters.count();
        (yes > 0 && !node.leads(id)).then_some((id, yes))
    };
    let (id, yes) = world.live().filter_map(seeking).last()?;
    let (id, need) = (id.0, majority(all));
    Some(format!(
        "Node {id} has the support of {yes} of {all} nodes. It needs {need} to lead."
    ))
}
