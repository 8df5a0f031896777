//! How a node of the ring is drawn, which links there are, and the sentence on what is going on.

use faultline_sim::frame::{NodeFrame, Tone, Word};
use faultline_sim::network::Address;
use faultline_sim::probe::self_declared;
use faultline_sim::process::NodeId;
use faultline_sim::world::World;

use super::descriptor::{COMPARE, RECEIPTS};
use super::{Message, RingElection, Token, ordered};
use crate::elections::{self, follows, leader_word};
use crate::words;

/// Numbers as they are drawn on a message.
pub(super) const NUMBERS: [&str; 61] = [
    "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16",
    "17", "18", "19", "20", "21", "22", "23", "24", "25", "26", "27", "28", "29", "30", "31", "32",
    "33", "34", "35", "36", "37", "38", "39", "40", "41", "42", "43", "44", "45", "46", "47", "48",
    "49", "50", "51", "52", "53", "54", "55", "56", "57", "58", "59", "60",
];

/// Role, label, chips and fields.
pub(super) fn draw(node: &RingElection, to: &mut NodeFrame) {
    let leads = node.leader == Some(to.id);
    let (role, tone) = match (leads, node.participant) {
        (true, _) => ("leader", Tone::Leader),
        (false, true) => ("participant", Tone::Candidate),
        (false, false) if node.leader.is_none() => ("no leader", Tone::Calm),
        (false, false) => ("follower", Tone::Calm),
    };
    to.set(role, tone);
    to.label = words::label(role);
    if role == "follower" {
        to.label = follows(node.leader);
    }
    if leads {
        to.label = "Leader".into();
    }
    let participant = if node.participant { "yes" } else { "no" };
    to.fields([
        ("leader", leader_word(node.leader)),
        ("participant", participant.to_owned()),
    ]);
    let asked = node
        .open
        .values()
        .find(|(_, token)| !matches!(token, Token::Alive(_)));
    if let Some((neighbour, _)) = asked {
        to.chips.push(format!("waits for node {}", neighbour.0));
    }
    let waiting: Vec<String> = node
        .open
        .values()
        .map(|(to, token)| match token {
            Token::Election(number) => format!("ELECTION {} at {to}", number.0),
            Token::Elected(number) => format!("ELECTED {} at {to}", number.0),
            Token::Alive(number) => format!("ALIVE {} at {to}", number.0),
        })
        .collect();
    if !waiting.is_empty() {
        to.fields([("waits for acknowledgement of", waiting.join(", "))]);
    }
}

/// The links of the ring: each node has one to the next in the ring's own order.
pub(super) fn neighbours(world: &World, a: NodeId, b: NodeId) -> bool {
    let all: Vec<NodeId> = world.ids().collect();
    let ring = ordered(world.settings(), &all);
    let place = |id| ring.iter().position(|other| *other == id);
    let (Some(a), Some(b)) = (place(a), place(b)) else {
        return false;
    };
    let apart = a.abs_diff(b);
    apart == 1 || apart + 1 == ring.len()
}

/// What a message says. Heartbeats and acknowledgements say nothing new.
pub(super) fn word(message: &Message) -> Option<Word> {
    match message {
        Message::Election { number, .. } => Some(Word::of(format_args!("ELECTION {}", number.0))),
        Message::Elected { number, .. } => Some(Word::of(format_args!("ELECTED {}", number.0))),
        Message::Alive { .. } | Message::Receipt { .. } => None,
    }
}

/// One sentence on what is going on, and often a second one that says why.
pub(super) fn narrate(world: &World) -> Option<String> {
    if self_declared(world).count() < 2
        && let Some(told) = travels(world)
    {
        return Some(told);
    }
    let participant = |id: NodeId| {
        let node = world.node::<RingElection>(id);
        node.is_some_and(|node| node.participant)
    };
    let leads = self_declared(world).next().is_some();
    let waits = world.live().any(participant);
    if !leads && waits && world.in_flight().is_empty() && !world.live().any(|id| hopes(world, id)) {
        let who = "There is no leader, and no number travels any more.";
        return Some(format!(
            "{who} Participants wait for it and discard smaller ones."
        ));
    }
    elections::narrate(world, participant)
}

/// Whether a node will do something about it by itself.
fn hopes(world: &World, id: NodeId) -> bool {
    !world.node_frame(id).timers.is_empty()
}

/// Why a message will not arrive.
fn stopped(world: &World, address: Address) -> Option<&'static str> {
    if !world.is_live(address.to) {
        Some("which is down")
    } else if world.network().wall(address.from, address.to).is_some() {
        Some("which it cannot reach")
    } else {
        None
    }
}

/// What the number that matters does: the announcement, else the largest candidate.
fn travels(world: &World) -> Option<String> {
    let message = |address| world.message::<RingElection>(address);
    let mut best: Option<(bool, NodeId, Address)> = None;
    for address in world.in_flight() {
        let (elected, number) = match message(address)? {
            Message::Elected { number, .. } => (true, *number),
            Message::Election { number, .. } => (false, *number),
            Message::Alive { .. } | Message::Receipt { .. } => continue,
        };
        best = best.max(Some((elected, number, address)));
    }
    let (elected, number, address) = best?;
    let to = address.to;
    let receiver = world.node::<RingElection>(to)?;
    let (n, at) = (number.0, to.0);
    if let Some(why) = stopped(world, address) {
        let what = if elected {
            "The announcement of node"
        } else {
            "Number"
        };
        let then = if world.settings().switch(&RECEIPTS) {
            "will be skipped: it cannot acknowledge."
        } else {
            "will never pass it on, and no one notices."
        };
        return Some(format!(
            "{what} {n} travels to node {at}, {why}. Node {at} {then}"
        ));
    }
    Some(match (elected, number.cmp(&to)) {
        (true, std::cmp::Ordering::Equal) => {
            format!("The announcement of node {n} is back: all nodes on its way know.")
        }
        (true, _) => format!("Node {n} leads. Its announcement goes round, next to node {at}."),
        (false, std::cmp::Ordering::Equal) => {
            format!("Number {n} comes back to its owner. Node {n} will lead.")
        }
        (false, order)
            if order == std::cmp::Ordering::Greater || !world.settings().switch(&COMPARE) =>
        {
            format!("Number {n} travels to node {at}, which will pass it on.")
        }
        (false, _) if receiver.participant => {
            format!("Number {n} travels to node {at}, which will discard it. Its own is larger.")
        }
        (false, _) => {
            format!("Number {n} travels to node {at}, which will send its own instead.")
        }
    })
}
