//! How a node of the ring is drawn.

use faultline_sim::frame::{NodeFrame, Tone};
use faultline_sim::world::World;

use super::{RingElection, Token};
use crate::elections::{self, follows, leader_word};
use crate::words;

/// Numbers as they are drawn on a message.
pub(super) const NUMBERS: [&str; 61] = [
    "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16",
    "17", "18", "19", "20", "21", "22", "23", "24", "25", "26", "27", "28", "29", "30", "31", "32",
    "33", "34", "35", "36", "37", "38", "39", "40", "41", "42", "43", "44", "45", "46", "47", "48",
    "49", "50", "51", "52", "53", "54", "55", "56", "57", "58", "59", "60",
];

/// Role, label and fields.
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

/// One sentence on what is going on.
pub(super) fn narrate(world: &World) -> Option<String> {
    elections::narrate(world, |id| {
        world
            .node::<RingElection>(id)
            .is_some_and(|node| node.participant)
    })
}
